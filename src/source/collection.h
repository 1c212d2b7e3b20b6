/*
 * collection: what responders' tools gather from a host, recognised by its
 * layout, whether packed or not, and however deep it lies.
 *
 *	UAC           <root>[root]/var/log/audit/audit.log   <root>live_response/…   <root>uac.log
 *	sosreport     <root>var/log/audit/audit.log          <root>sos_commands/…
 *	Velociraptor  <root>uploads/auto/%2Fvar%2Flog%2Fsyslog   <root>uploads.json, client_info.json
 *
 * Names are learnt one by one; only when all are known does it show which
 * belong to a collection, and to which.
 */
#ifndef SOURCE_COLLECTION_H
#define SOURCE_COLLECTION_H

#include "base/arena.h"
#include "model/summary.h"

#define COLLECTION_PLACE_MAX 4096
#define COLLECTION_TEXT_MAX (256u << 10)

enum collection_role {
	COLLECTION_NONE,  /* of no collection: its content tells what it is */
	COLLECTION_LOG,	  /* one of the host's logs, or a rendering of its journal; its place is known */
	COLLECTION_OTHER, /* of a collection, and no log */
};

struct collections;

/*
 * `label` is the name of the archive or directory, which may tell the host.
 * Names go into the arena. NULL when memory is out.
 */
struct collections *collections_create(const char *label, struct arena *names);
void collections_destroy(struct collections *collections);

/* Every name, of files and directories. Negative errno: memory is out. */
int collections_learn(struct collections *collections, struct span name);

/* Whether the content of a file of that name tells of a host: its name or its audit rules. */
bool collections_wants(struct span name);

/* That content, at most COLLECTION_TEXT_MAX of it. Negative errno: memory is out. */
int collections_tell(struct collections *collections, struct span name, struct span text);

/*
 * When all is learnt: what a name is. `place` gets the path on the host for a
 * log; *host its host, or NULL when that is not known; both live as long as
 * the arena and the call's buffer.
 */
enum collection_role collections_role(struct collections *collections, struct span name,
				      char place[COLLECTION_PLACE_MAX], const char **host);

/* Notes what was recognised and what the audit rules found there cover. */
void collections_note(struct collections *collections, struct summary *summary);

#endif
