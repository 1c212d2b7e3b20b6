/*
 * SYSCALL records: the call, and who made it. Mostly a record says of its
 * process what the one before did, word by word: told by a hash, for the words
 * are as many as half of the record.
 */
#include "model/syscall.h"
#include "sieve/walker_parts.h"

#define SERIAL_FALL_MAX 8192	/* as in assemble/node.c: more is another boot */
#define CLOCK_STEP_MAX 2000	/* likewise */
#define EVENT_COST 768		/* likewise: bytes that an event counts beyond its own */
#define DISORDER_MAX (1u << 20) /* bytes, so counted: well within what the assembler waits for */
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

/* ---- order ---- */

/* What the boot before told of devices and processes says nothing of this one. */
static void forget_boot(struct walker *walker)
{
	for (size_t i = 0; i < walker->device_count; i++)
		walker->devices[i].witnesses = 0;
	memset(walker->told, 0, TOLD_KEPT * sizeof(*walker->told));
}

/* What stood before that has left the assembler for certain, or soon will have. */
static void mark_order(struct walker *walker, uint64_t position)
{
	uint64_t passed = position - walker->marked_at;

	if (!walker->started || passed <= DISORDER_MAX / 2)
		return;
	walker->serial_before = passed > DISORDER_MAX ? walker->max_serial : walker->serial_next;
	walker->serial_next = walker->max_serial;
	walker->marked_at = position;
}

/*
 * What the assembler will make of the order: a new boot, or records that
 * come a little early or late. It waits for bytes; what is within a third of
 * those surely leaves in order.
 */
bool walker_order(struct walker *walker, const char *line, const struct key *key, bool *boot, bool *again)
{
	uint64_t position =
		walker->position + (uint64_t)(line - walker->piece->bytes.data) + EVENT_COST * walker->begun;
	bool fell = walker->started && key->serial < walker->max_serial;

	*again = false;
	walker->begun++;
	mark_order(walker, position);
	/* A record of an event that began before the boot, or before what looks like one: the assembler may hold it yet. */
	if (key->time_ms <= walker->boot_after_ms)
		return walker_doubt(walker, DOUBT_ORDER, line);
	if (fell && (walker->max_serial - key->serial > SERIAL_FALL_MAX ||
		     key->time_ms > walker->max_time_ms + CLOCK_STEP_MAX)) {
		if (key->time_ms <= walker->max_time_ms)
			return walker_doubt(walker, DOUBT_ORDER, line);
		*boot = true;
		walker->boot_after_ms = walker->max_time_ms;
		walker->started = false;
		walker->told_key[1] += 2; /* so that nothing looks like what was told of a process: it is forgotten */
		walker->key_mask = 0;	  /* what goes on with the event before it is of the boot before */
		walker->tail_count = 0;
		walker->boot_event = walker->piece->event_count;
		memset(walker->orphans, 0, sizeof(walker->orphans));
	} else if (fell && key->serial < walker->serial_before) {
		return walker_doubt(walker, DOUBT_ORDER, line);
	}
	if (!walker->started) {
		walker->max_serial = key->serial;
		walker->max_time_ms = key->time_ms;
		walker->serial_before = walker->serial_next = 0;
		walker->marked_at = position;
		walker->started = true;
		forget_boot(walker);
		return true;
	}
	*again = key->serial <= walker->max_serial;
	walker->max_serial = key->serial > walker->max_serial ? key->serial : walker->max_serial;
	walker->max_time_ms = key->time_ms > walker->max_time_ms ? key->time_ms : walker->max_time_ms;
	return true;
}

/* ---- processes ---- */

/* Who did it, as the record says. */
struct who {
	uint64_t pid, parent;
	uint16_t kin;
	bool news;
	bool behind;  /* of it, a record with a higher serial has been seen */
	bool unknown; /* or nobody knows */
};

/* A session, unless it is unset, or the parent. */
static uint16_t kin_of(struct span words, uint64_t parent)
{
	size_t at = span_find(words, SPAN(" ses="));
	uint64_t session;

	if (at < words.len && span_decimal(span_skip(words, at + 5), &session) && session != UINT32_MAX)
		return (uint16_t)session;
	return (uint16_t)parent;
}

static inline uint64_t multiply(uint64_t a, uint64_t b)
{
	unsigned __int128 product = (unsigned __int128)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* Sixteen bytes at a time, multiplied as wyhash does it; the last sixteen may lie over those before. */
static inline uint64_t hash_words(const struct walker *walker, const char *p, size_t len)
{
	uint64_t key = walker->told_key[1], a = walker->told_key[0] ^ len, b = key;
	size_t at = 0;

	for (; at + 32 <= len; at += 32) {
		a = multiply(word_load(p + at) ^ key, word_load(p + at + 8) ^ a);
		b = multiply(word_load(p + at + 16) ^ key, word_load(p + at + 24) ^ b);
	}
	if (at + 16 < len)
		a = multiply(word_load(p + at) ^ key, word_load(p + at + 8) ^ a);
	b = multiply(word_load(p + len - 16) ^ key, word_load(p + len - 8) ^ b);
	return multiply(a ^ key, b);
}

static void keep_told(const struct walker *walker, struct told *told, struct span words, uint64_t pid, uint16_t kin)
{
	size_t len = span_find(words, SPAN(" key=")) + 5;

	told->pid = (uint32_t)pid;
	told->kin = kin;
	told->len = len >= 16 && len <= words.len && len <= UINT16_MAX ? (uint16_t)len : 0;
	told->words = told->len ? hash_words(walker, words.data, told->len) : 0;
}

/* It stands at least so far behind the number of the call, mostly: " success=yes exit=3 a0=… a1=… a2=0 a3=0 items=1" */
static struct span find_parent(struct span rest)
{
	struct span far = span_skip(rest, 60);
	size_t at = span_find(span_first(far, 128), SPAN(" ppid="));

	if (at < far.len && at < 128)
		return span_skip(far, at);
	return span_skip(rest, span_find(rest, SPAN(" ppid=")));
}

/* " ppid=1 pid=42 …": mostly in the very words of the record before of that process. */
static bool read_who(struct walker *walker, struct span rest, uint64_t serial, struct who *who)
{
	struct span words = find_parent(rest);
	const char *end = words.data + words.len, *at = end;

	*who = (struct who){ .news = true };
	if (words.len)
		at = word_decimal(words.data + 6, end, &who->parent);
	if (end - at < 6 || memcmp(at, " pid=", 5) != 0) {
		words = span_skip(rest, span_find(rest, SPAN(" pid=")));
		at = words.data;
	}
	if (!words.len)
		return true;
	if (word_decimal(at + 5, end, &who->pid) == at + 5 || who->pid >> SIEVE_PID_BITS ||
	    who->parent >> SIEVE_PID_BITS)
		return false;
	struct told *told = &walker->told[who->pid % TOLD_KEPT];
	who->unknown = told->pid != who->pid;
	who->behind = !who->unknown && told->serial > serial;
	who->news = told->pid != who->pid || !told->len || told->len > words.len ||
		    told->words != hash_words(walker, words.data, told->len);
	if (who->news)
		keep_told(walker, told, words, who->pid, kin_of(words, who->parent));
	told->serial = who->behind ? told->serial : serial;
	who->kin = told->kin;
	return true;
}

void walker_forget_told(struct walker *walker, struct span record)
{
	struct span words = span_skip(record, span_find(record, SPAN(" pid=")));
	uint64_t pid;

	if (span_decimal(span_skip(words, 5), &pid))
		walker->told[pid % TOLD_KEPT].len = 0;
}

/* ---- the record ---- */

static enum call_class class_of_call(struct walker *walker, struct span rest, struct span *behind)
{
	struct span usual = SPAN(": arch=c000003e syscall=");
	uint64_t arch = 0xc000003e, number;

	if (span_starts(rest, usual)) {
		*behind = span_skip(rest, usual.len);
	} else {
		size_t at = span_starts(rest, SPAN(": arch=")) ? 7 : rest.len;
		size_t used = span_hex(span_skip(rest, at), &arch);
		*behind = span_skip(rest, at + used);
		if (!used || !span_starts(*behind, SPAN(" syscall=")))
			return CLASS_TELL;
		*behind = span_skip(*behind, 9);
	}
	const char *past = word_decimal(behind->data, behind->data + behind->len, &number);
	if (past == behind->data)
		return CLASS_TELL;
	*behind = span_skip(*behind, (size_t)(past - behind->data));
	if (arch == 0xc000003e && number < 512)
		return walker->watched->calls[number];
	return class_of(syscall_from_number((uint32_t)arch, number));
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

static unsigned notes_of(struct walker *walker, enum call_class class, struct span rest)
{
	switch (class) {
	case CLASS_EXEC:
		return NOTE_EXEC;
	case CLASS_DEED:
		return NOTE_DEED;
	case CLASS_CLONE:
		walker->moved |= makes_namespace(rest);
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

bool walker_call(struct walker *walker, struct span line, const char *header)
{
	struct sieve_stray stray = stray_at(walker, line);
	const char *end = line.data + line.len;
	struct span behind;
	struct key key;
	bool again, boot = false;
	struct who who;

	if (!is_header(header) || !read_key(header, end, &key) || !key.serial)
		return walker_doubt(walker, DOUBT_LINE, line.data);
	if (!walker_order(walker, line.data, &key, &boot, &again))
		return false;
	enum call_class class =
		class_of_call(walker, (struct span){ header + key.len, (size_t)(end - header) - key.len }, &behind);
	if (!read_who(walker, behind, key.serial, &who))
		return walker_doubt(walker, DOUBT_WIDE, line.data);
	if (again) { /* in the order of serials, others are its neighbours */
		who.news = true;
		walker->told[who.pid % TOLD_KEPT].len = 0;
	}
	stray.serial = key.serial;
	unsigned notes =
		notes_of(walker, class, behind) | (walker_is_hot(walker, who.parent) ? NOTE_TELL | NOTE_HOT : 0);
	stray.notes = notes & 15;
	struct sieve_event event = {
		.at = stray.at,
		.pid = who.pid & ((1u << SIEVE_PID_BITS) - 1),
		.serial = key.serial & ((1u << SIEVE_SERIAL_BITS) - 1),
		.news = again,
	};
	walker_note_event(walker, &event, notes);
	if (again && !walker_adopt(walker, key.serial, &event))
		return walker_doubt(walker, DOUBT_ORDER, line.data);
	if (again || boot) {
		stray.boot = boot;
		stray.call = true;
		if (again)
			walker_find_head(walker, &stray, &key, notes, LOWER_MAX);
		if (again && (who.behind || who.unknown) && !walker_doubt_news(walker, key.serial, who.pid) &&
		    who.behind)
			return walker_doubt(walker, DOUBT_ORDER, line.data);
		if (!walker_add_stray(walker, stray))
			return false;
	}
	memcpy(walker->key, header, end - header >= KEY_MAX ? KEY_MAX : key.len);
	walker->key_len = key.len;
	walker->key_mask = key.len == 32 ? UINT32_MAX : (UINT32_C(1) << key.len) - 1;
	walker->apart = false;
	walker->paths = 0;
	walker->opens = class == CLASS_OPEN;
	return walker_add_event(walker, event, who.kin);
}
