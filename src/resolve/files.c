/*
 * files: which file an event made, or opened for writing. Asked for only when
 * some rule is about files: most logs hold many.
 *
 *   type=PATH … item=1 name="/etc/cron.d/x" … mode=0100644 … nametype=CREATE cap_fp=0 …
 *
 * What a rename or a link gives a name counts as made; directories, sockets
 * and devices do not count, and what is an access is no file. A name whose
 * base is not known stays as it is.
 */
#include <fcntl.h>
#include <sys/stat.h>

#include "model/fields.h"
#include "resolve/object.h"

#define NO_DIRFD (-1)	   /* names are relative to the current directory */
#define UNKNOWN_DIRFD (-2) /* the log does not tell to what */

/* The argument that says what the name of what is made is relative to. */
static int dirfd_argument(enum syscall_id call)
{
	switch ((unsigned)call) {
	case CALL_open:
	case CALL_creat:
	case CALL_rename:
	case CALL_link:
	case CALL_symlink:
	case CALL_mknod:
		return NO_DIRFD;
	case CALL_openat:
	case CALL_openat2:
	case CALL_mknodat:
		return 0;
	case CALL_symlinkat:
		return 1;
	case CALL_renameat:
	case CALL_renameat2:
	case CALL_linkat:
		return 2;
	}
	return UNKNOWN_DIRFD;
}

static bool is_file(const struct path_item *item)
{
	return !item->is_parent && item->name.data && (!item->has_mode || S_ISREG(item->mode) || S_ISLNK(item->mode));
}

/* The item that the record of type PATH is, in whatever order they stand. */
static const struct path_item *item_of(const struct call *call, struct span body)
{
	struct field field;
	uint64_t number;

	if (!field_find(body, SPAN("item"), &field) || !span_decimal(field.value, &number))
		return NULL;
	for (size_t i = 0; i < call->path_count; i++)
		if (call->paths[i].number == number && is_file(&call->paths[i]))
			return &call->paths[i];
	return NULL;
}

/* Records of Defender say what was done: action="FileCreated". */
static const struct path_item *made(struct resolver *resolver)
{
	const struct event *event = resolver->event;
	const struct path_item *item = NULL;
	struct field field;

	for (size_t i = 0; !item && i < event->count; i++) {
		struct span body = event->records[i].body;
		if (event->records[i].type != AUDIT_TYPE_PATH)
			continue;
		if (field_find(body, SPAN("nametype"), &field) && span_equal(field.value, SPAN("CREATE")))
			item = item_of(&resolver->call, body);
		else if (resolver->call.op.len && field_find(body, SPAN("action"), &field) &&
			 (span_equal(field.value, SPAN("FileCreated")) || span_equal(field.value, SPAN("FileRenamed"))))
			item = item_of(&resolver->call, body);
	}
	return item;
}

static bool is_modified(const struct resolver *resolver)
{
	const struct event *event = resolver->event;
	struct field field;

	for (size_t i = 0; i < event->count; i++)
		if (event->records[i].type == AUDIT_TYPE_PATH &&
		    field_find(event->records[i].body, SPAN("action"), &field))
			return span_equal(field.value, SPAN("FileModified"));
	return false;
}

static bool opens_for_writing(struct resolver *resolver)
{
	struct opened opened = { 0 };

	if (resolver->call.op.len)
		return is_modified(resolver);
	open_read_flags(resolver, &opened);
	return opened.has_flags && !(opened.flags & O_PATH) && opened.flags & (O_ACCMODE | O_TRUNC);
}

static const struct path_item *written(struct resolver *resolver)
{
	const struct path_item *item = call_object(&resolver->call);

	return item && is_file(item) && !S_ISLNK(item->mode) && opens_for_writing(resolver) ? item : NULL;
}

static void name_file(struct resolver *resolver, const struct path_item *item, struct access *access)
{
	const struct call *call = &resolver->call;
	bool absolute = item->name.len && item->name.data[0] == '/';
	int at = call->op.len ? NO_DIRFD : dirfd_argument(call->id);
	int64_t dirfd = at >= 0 && call->has_a[at] ? (int32_t)(uint32_t)call->a[at] : DIRFD_CWD;
	bool known = absolute || (at != UNKNOWN_DIRFD && !call->from_ring && (at < 0 || call->has_a[at]));
	struct base base;

	access->path = item->name;
	if (!known || !resolver_walk(resolver, item->name, dirfd, &base))
		return;
	access->resolved_path = arena_copy(&resolver->arena, path_text(&resolver->walk));
	access->resolved_by = base.how;
	access->certain = base.certain;
}

bool resolver_file(struct resolver *resolver, struct access *access)
{
	struct call *call = &resolver->call;
	size_t count = resolver->count;

	bool is_access = count && resolver->sightings[0].sighting == SIGHTING_ACCESS;

	if (!call->has_record || call->failed || call->execve || is_access)
		return false;
	call_details(call, resolver->event, &resolver->arena);
	const struct path_item *item = made(resolver);
	bool created = item;
	if (!item)
		item = written(resolver);
	const struct access *added = item ? resolver_add(resolver, SIGHTING_FILE, VERB_WRITE) : NULL;
	resolver->count = count;
	if (!added)
		return false;
	*access = *added;
	access->write = true;
	access->created = created;
	name_file(resolver, item, access);
	return true;
}
