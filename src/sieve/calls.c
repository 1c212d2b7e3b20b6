/* SYSCALL records: the call, and who made it. */
#include "model/syscall.h"
#include "sieve/order.h"
#include "sieve/usual.h"

#define NEW_PID_NAMESPACE 0x20000000u

enum call_class { CLASS_NONE, CLASS_OPEN, CLASS_EXEC, CLASS_DEED, CLASS_TELL, CLASS_CLONE, CLASS_MOVES };

static enum call_class class_of(enum syscall_id id)
{
	switch (id) {
	case CALL_open:
	case CALL_creat:
	case CALL_openat:
	case CALL_openat2:
	case CALL_open_by_handle_at:
		return CLASS_OPEN;
	case CALL_UNKNOWN:
	case CALL_fork:
	case CALL_vfork:
	case CALL_chdir:
	case CALL_fchdir:
		return CLASS_NONE;
	case CALL_execve:
	case CALL_execveat:
		return CLASS_EXEC;
	case CALL_clone:
		return CLASS_CLONE;
	case CALL_mount:
	case CALL_umount2:
	case CALL_pivot_root:
	case CALL_chroot:
	case CALL_open_tree:
	case CALL_move_mount:
	case CALL_unshare:
	case CALL_setns:
		return CLASS_MOVES;
	default:
		return id >= CALL_connect && id <= CALL_mknodat ? CLASS_DEED : CLASS_TELL;
	}
}

void watched_calls(struct watched *watched)
{
	for (unsigned i = 0; i < 512; i++)
		watched->calls[i] = (uint8_t)class_of(syscall_from_number(0xc000003e, i));
}

/* ---- keys ---- */

/* As read_key. Most records are of the second that the one before was of. */
static inline bool read_key_near(struct walker *walker, const char *p, const char *end, struct key *key)
{
	uint32_t fraction;

	if (end - p >= 24 && memcmp(p, walker->second, 10) == 0 && p[14] == ':') {
		memcpy(&fraction, p + 10, 4);
		fraction = le32toh(fraction) ^ 0x3030302e;
		const char *behind = word_decimal(p + 15, end, &key->serial);
		if (!((fraction | (fraction + 0x76767600)) & 0x808080ff) && behind > p + 15 && behind < end &&
		    *behind == ')' && behind - p < KEY_MAX - 1) {
			key->time_ms = walker->second_ms + (fraction >> 8 & 15) * 100 + (fraction >> 16 & 15) * 10 +
				       (fraction >> 24);
			key->len = (size_t)(behind + 1 - p);
			return true;
		}
	}
	if (!read_key(p, end, key))
		return false;
	memcpy(walker->second, p, 10);
	walker->second_ms = key->time_ms / 1000 * 1000;
	return true;
}

/* ---- processes ---- */

/* What a record says of who made the call. */
struct call {
	enum call_class class;
	uint64_t pid, parent, session; /* UINT32_MAX: in none */
	struct span behind;	       /* the call's number */
};

/* It stands at least so far behind the number of the call, mostly: " success=yes exit=3 a0=… a1=… a2=0 a3=0 items=1" */
static struct span find_parent(struct span rest)
{
	struct span far = span_skip(rest, 60);
	size_t at = span_find(span_first(far, 128), SPAN(" ppid="));

	if (at < far.len && at < 128)
		return span_skip(far, at);
	return span_skip(rest, span_find(rest, SPAN(" ppid=")));
}

/* " ppid=1 pid=42 …". False: such a process has no room in the index. */
static bool read_who(struct span rest, struct call *call)
{
	struct span words = find_parent(rest);
	const char *end = words.data + words.len, *at = end;

	if (words.len)
		at = word_decimal(words.data + 6, end, &call->parent);
	if (end - at < 6 || memcmp(at, " pid=", 5) != 0) {
		words = span_skip(rest, span_find(rest, SPAN(" pid=")));
		at = words.data;
	}
	if (!words.len)
		return true;
	if (word_decimal(at + 5, end, &call->pid) == at + 5)
		return false;
	struct span session = span_skip(words, span_find(words, SPAN(" ses=")) + 5);
	if (!span_decimal(session, &call->session))
		call->session = UINT32_MAX;
	return true;
}

/* ---- the record ---- */

static enum call_class class_of_call(const struct watched *watched, struct span rest, struct span *behind)
{
	size_t at = span_starts(rest, SPAN(": arch=")) ? 7 : rest.len;
	uint64_t arch, number;
	size_t used = span_hex(span_skip(rest, at), &arch);

	*behind = span_skip(rest, at + used);
	if (!used || !span_starts(*behind, SPAN(" syscall=")))
		return CLASS_TELL;
	*behind = span_skip(*behind, 9);
	const char *past = word_decimal(behind->data, behind->data + behind->len, &number);
	if (past == behind->data)
		return CLASS_TELL;
	*behind = span_skip(*behind, (size_t)(past - behind->data));
	if (arch == 0xc000003e && number < 512)
		return watched->calls[number];
	return class_of(syscall_from_number((uint32_t)arch, number));
}

/* `rest`: behind the record's key. False: a process has no room in the index. */
static inline bool read_call(const struct walker *walker, struct span rest, struct call *call)
{
	const struct watched *watched = walker->watched;
	const char *end = rest.data + rest.len;
	struct usual_call usual;

	if (watched->usual->call(rest.data, end, walker->end, &usual) && usual.number < 512) {
		*call = (struct call){ watched->calls[usual.number],
				       usual.pid,
				       usual.parent,
				       usual.session,
				       { usual.behind, (size_t)(end - usual.behind) } };
	} else {
		*call = (struct call){ .session = UINT32_MAX };
		call->class = class_of_call(watched, rest, &call->behind);
		if (!read_who(call->behind, call))
			return false;
	}
	return !(call->pid >> SIEVE_PID_BITS) && !(call->parent >> SIEVE_PID_BITS);
}

/* Of clone: its children count processes by themselves. */
static bool makes_namespace(struct span rest)
{
	size_t at = span_find(rest, SPAN(" a0="));
	uint64_t flags = NEW_PID_NAMESPACE;

	if (at < rest.len)
		span_hex(span_skip(rest, at + 4), &flags);
	return flags & NEW_PID_NAMESPACE;
}

static unsigned notes_of(struct walker *walker, const struct call *call)
{
	switch (call->class) {
	case CLASS_EXEC:
		return NOTE_EXEC;
	case CLASS_DEED:
		return NOTE_DEED;
	case CLASS_CLONE:
		walker->moved |= makes_namespace(call->behind);
		return NOTE_TELL;
	case CLASS_MOVES:
		walker->moved = true;
		return NOTE_TELL;
	case CLASS_TELL:
		return NOTE_TELL;
	case CLASS_OPEN:
	case CLASS_NONE:
		break;
	}
	return 0;
}

/* A record that stands out of its place: in the order of serials, others are its neighbours. */
static bool take_displaced(struct walker *walker, struct sieve_event *event, struct sieve_stray stray,
			   const struct key *key, unsigned notes, bool again)
{
	stray.serial = key->serial;
	stray.notes = notes & 15;
	stray.call = true;
	if (again) {
		event->news = true;
		if (!walker_adopt(walker, key->serial, event))
			return walker_doubt(walker, DOUBT_ORDER, walker->piece->bytes.data + stray.at);
		walker_find_head(walker, &stray, key, notes, LOWER_MAX);
		if (!walker_mark_news(walker, key->serial, event->pid))
			return walker_doubt(walker, DOUBT_ORDER, walker->piece->bytes.data + stray.at);
	}
	return walker_add_stray(walker, stray);
}

bool walker_call(struct walker *walker, struct span line, const char *header)
{
	struct sieve_stray stray = stray_at(walker, line);
	const char *end = line.data + line.len;
	struct key key;
	bool again = false, boot = false;
	struct call call;

	if (!is_header(header) || !read_key_near(walker, header, end, &key) || !key.serial)
		return walker_doubt(walker, DOUBT_LINE, line.data);
	if (!order_is_next(walker, line.data, &key) && !walker_order(walker, line.data, &key, &boot, &again))
		return false;
	if (!read_call(walker, (struct span){ header + key.len, (size_t)(end - header) - key.len }, &call))
		return walker_doubt(walker, DOUBT_WIDE, line.data);
	unsigned notes = notes_of(walker, &call) | (walker_is_hot(walker, call.parent) ? NOTE_TELL | NOTE_HOT : 0);
	struct sieve_event event = {
		.at = stray.at,
		.pid = call.pid & ((1u << SIEVE_PID_BITS) - 1),
		.serial = key.serial & ((1u << SIEVE_SERIAL_BITS) - 1),
	};
	if (notes)
		walker_note_event(walker, &event, notes);
	stray.boot = boot;
	if ((again || boot) && !take_displaced(walker, &event, stray, &key, notes, again))
		return false;
	memcpy(walker->key, header, end - header >= KEY_MAX ? KEY_MAX : key.len);
	walker->key_len = key.len;
	walker->key_mask = key.len == 32 ? UINT32_MAX : (UINT32_C(1) << key.len) - 1;
	walker->apart = false;
	walker->paths = 0;
	walker->opens = call.class == CLASS_OPEN;
	return walker_add_event(walker, event, (uint16_t)(call.session == UINT32_MAX ? call.parent : call.session));
}
