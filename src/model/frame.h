/*
 * frame: bytes with where they came from and how far they can be trusted.
 *
 * A file, an archive member, a pipe and (later) a netlink socket all hand
 * out frames, and so share the decoders.
 */
#ifndef MODEL_FRAME_H
#define MODEL_FRAME_H

#include "base/span.h"

/* From low to high. Text that any user can write keeps its low trust to the end. */
enum trust {
	TRUST_ANY_USER, /* syslog, journal entries by user processes */
	TRUST_DAEMON,	/* written by a root daemon: sshd, sudo, auditd's user-space messages */
	TRUST_KERNEL,	/* the kernel's own records, from audit.log or the kernel channel */
};

enum format {
	FORMAT_AUTO,
	FORMAT_AUDIT,	 /* raw or ENRICHED audit text, also behind syslog and journal prefixes */
	FORMAT_AUSEARCH, /* ausearch -i */
	FORMAT_SYSLOG,	 /* RFC 3164, RFC 5424, rsyslog's own */
	FORMAT_JSON,	 /* LAUREL, ECS, go-libaudit, journald, Defender: told apart by their keys */
	FORMAT_JOURNAL_EXPORT,
	FORMAT_CSV, /* Defender advanced hunting */
};

/* Names as --source takes them; NULL for a number that is none. */
const char *format_name(enum format format);
int format_from_name(const char *name); /* -1 when there is no such format */

struct origin {
	const char *file;   /* as the user named it; owned by the source until it is destroyed */
	const char *member; /* inside an archive, or NULL; owned likewise */
	uint64_t offset;    /* of the first byte, in the file or the decompressed member */
};

struct frame {
	struct span bytes;    /* whole lines; only the last line of a stream may lack its newline */
	struct origin origin; /* of bytes.data[0] */
	const char *host;     /* what a collection or directory name tells, or NULL; owned by the source */
	enum format format;
	enum trust trust; /* the most that this channel deserves: auth.log TRUST_DAEMON, audit.log TRUST_KERNEL */
	bool starts;	  /* the first frame of a file or member: what a decoder remembers of the one before ends */
	bool continues;	  /* with `starts`: this file goes on where the one before ended (rotation, parts in order) */
	bool cut; /* the last line was longer than SOURCE_LINE_MAX: this is its beginning, the rest is gone and counted */
	int64_t modified_ms; /* the file's or member's mtime, for years that syslog stamps lack; 0 unknown */
};

#endif
