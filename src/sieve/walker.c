/*
 * Of a line, first its kind: two letters behind "type=" tell the usual ones.
 * A follower that has the key of the SYSCALL record before it is done with,
 * but for PATH; that is most of a log.
 */
#include "sieve/walker.h"

#include <stdlib.h>

#include "base/words.h"
#include "model/access.h"
#include "model/audit_key.h"
#include "model/syscall.h"

#define SERIAL_FALL_MAX 8192   /* as in assemble/node.c: more is another boot */
#define CLOCK_STEP_MAX 2000    /* likewise */
#define DISORDER_MAX (1u << 20) /* bytes: well within what the assembler waits for */
#define WITNESSES 4
#define LINE_MIN 36 /* "type=EOE msg=audit(1166111074.191:7):", and all headers lie within */
#define SYSCALL_HEADER 23 /* "type=SYSCALL msg=audit(" */
#define LOWER_MAX 64 /* events before a follower's that may have begun out of their place */

enum call_class { CLASS_NONE, CLASS_EXEC, CLASS_DEED, CLASS_TELL, CLASS_MOVES };

/* ---- system calls ---- */

static enum call_class class_of(enum syscall_id id)
{
	switch (id) {
	case CALL_UNKNOWN:
	case CALL_open:
	case CALL_creat:
	case CALL_openat:
	case CALL_openat2:
	case CALL_open_by_handle_at:
	case CALL_fork:
	case CALL_vfork:
	case CALL_chdir:
	case CALL_fchdir:
		return CLASS_NONE;
	case CALL_execve:
	case CALL_execveat:
		return CLASS_EXEC;
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

/* ---- keeping ---- */

static bool doubt(struct walker *walker, enum sieve_doubt why, const char *at)
{
	walker->doubt = why;
	walker->doubt_at = walker->position + (uint64_t)(at - walker->piece->bytes.data);
	return false;
}

static bool grow(void **items, size_t *capacity, size_t size)
{
	size_t more = *capacity ? *capacity + *capacity / 2 : 1024;
	void *grown = reallocarray(*items, more, size);

	if (!grown)
		return false;
	*items = grown;
	*capacity = more;
	return true;
}

static bool add_event(struct walker *walker, struct sieve_event event, uint16_t kin)
{
	struct sieve_piece *piece = walker->piece;

	if (piece->event_count == piece->event_capacity) {
		size_t capacity = piece->event_capacity;
		if (!grow((void **)&piece->kin, &capacity, sizeof(*piece->kin)) ||
		    !grow((void **)&piece->events, &piece->event_capacity, sizeof(event)))
			return doubt(walker, DOUBT_MEMORY, piece->bytes.data);
	}
	piece->kin[piece->event_count] = kin;
	piece->events[piece->event_count++] = event;
	return true;
}

#define NOTE_TASK 32 /* while a PATH record is read: a thread's directory, if it is on procfs */
#define NOTE_HOT 16 /* while lines are read: a rule may want the execution */

static bool is_hot(const struct walker *walker, uint64_t pid)
{
	return walker->hot[pid / 64] >> pid % 64 & 1;
}

static void note_event(struct walker *walker, struct sieve_event *event, unsigned notes)
{
	event->notes |= notes & 15;
	if (notes & NOTE_HOT)
		walker->hot[event->pid / 64] |= UINT64_C(1) << event->pid % 64;
}

static void note(struct walker *walker, unsigned notes)
{
	struct sieve_piece *piece = walker->piece;

	if (piece->event_count)
		note_event(walker, &piece->events[piece->event_count - 1], notes);
}

/* The serial of an event, read again. */
static uint64_t serial_of(const struct walker *walker, const struct sieve_event *event)
{
	const char *p = walker->piece->bytes.data + event->at + walker->lead.len + SYSCALL_HEADER + 15;
	uint64_t serial;

	word_decimal(p, p + KEY_MAX - 15, &serial);
	return serial;
}

/*
 * The event that a stray is of: serials rise, but for those of events that
 * began out of their place, so the search ends soon.
 */
static void find_head(struct walker *walker, struct sieve_stray *stray, unsigned lower_max)
{
	struct sieve_piece *piece = walker->piece;

	for (size_t i = piece->event_count; i-- && lower_max;) {
		uint64_t serial = serial_of(walker, &piece->events[i]);
		if (serial == stray->serial) {
			stray->head = (uint32_t)i;
			note_event(walker, &piece->events[i], stray->notes);
			return;
		}
		lower_max -= serial < stray->serial;
	}
}

/* Records that the kernel writes before the SYSCALL record: of the security modules, mostly. False: some may be lost. */
static bool adopt(struct walker *walker, uint64_t serial, struct sieve_event *event)
{
	struct sieve_piece *piece = walker->piece;

	if (serial <= walker->orphans_lost)
		return false;
	for (unsigned i = 0; i < ORPHANS; i++) {
		if (walker->orphans[i].serial != serial || !walker->orphans[i].told)
			continue;
		if (walker->orphans[i].stray == SIEVE_NONE)
			return false;
		struct sieve_stray *stray = &piece->strays[walker->orphans[i].stray];
		stray->head = (uint32_t)piece->event_count;
		walker->orphans[i].told = false;
		note_event(walker, event, stray->notes);
	}
	return true;
}

static void keep_orphan(struct walker *walker, const struct sieve_stray *stray)
{
	struct orphan *orphan = &walker->orphans[walker->orphan_next % ORPHANS];

	if (stray->head != SIEVE_NONE || stray->self != SIEVE_NONE)
		return;
	if (orphan->told && orphan->serial > walker->orphans_lost)
		walker->orphans_lost = orphan->serial;
	*orphan = (struct orphan){ stray->serial, (uint32_t)walker->piece->stray_count, true };
	walker->orphan_next++;
}

static bool add_stray(struct walker *walker, struct sieve_stray stray)
{
	struct sieve_piece *piece = walker->piece;

	if (piece->stray_count == piece->stray_capacity &&
	    !grow((void **)&piece->strays, &piece->stray_capacity, sizeof(stray)))
		return doubt(walker, DOUBT_MEMORY, piece->bytes.data);
	keep_orphan(walker, &stray);
	piece->strays[piece->stray_count++] = stray;
	return true;
}

/* ---- keys ---- */

struct key {
	uint64_t serial;
	int64_t time_ms;
	size_t len; /* with its bracket */
};

/* "1166111074.191:7388)", and nothing else will do. */
static inline bool read_key(const char *p, const char *end, struct key *key)
{
	const char *serial = audit_usual_time(p, end, &key->time_ms);
	const char *behind = serial ? audit_digits(serial, end, &key->serial) : NULL;

	if (!behind || behind == end || *behind != ')' || behind - p >= KEY_MAX)
		return false;
	key->len = (size_t)(behind + 1 - p);
	return true;
}

static inline bool is_key(const struct walker *walker, const char *p)
{
	char room[KEY_MAX] = { 0 };
	uint32_t same = 0;

	if (walker->end - p < KEY_MAX) {
		memcpy(room, p, (size_t)(walker->end - p));
		p = room;
	}
#if defined(__SSE2__)
	typedef char wide __attribute__((vector_size(16)));
	wide a, b, c, d;
	memcpy(&a, p, 16), memcpy(&b, walker->key, 16), memcpy(&c, p + 16, 16), memcpy(&d, walker->key + 16, 16);
	same = (uint32_t)__builtin_ia32_pmovmskb128(a == b) | (uint32_t)__builtin_ia32_pmovmskb128(c == d) << 16;
#else
	for (unsigned i = 0; i < KEY_MAX; i++)
		same |= (uint32_t)(p[i] == walker->key[i]) << i;
#endif
	return walker->key_mask && (same & walker->key_mask) == walker->key_mask;
}

/*
 * What the assembler will make of the order: a new boot, or records that
 * come a little early or late. It waits for bytes; what is within a third of
 * those surely leaves in order.
 */
static bool take_order(struct walker *walker, const char *line, const struct key *key, bool *boot, bool *again)
{
	uint64_t position = walker->position + (uint64_t)(line - walker->piece->bytes.data);
	bool fell = walker->started && key->serial < walker->max_serial;

	*again = false;
	/* A record of an event that began before the boot, or before what looks like one: the assembler may hold it yet. */
	if (key->time_ms <= walker->boot_after_ms)
		return doubt(walker, DOUBT_ORDER, line);
	if (fell && (walker->max_serial - key->serial > SERIAL_FALL_MAX ||
		     key->time_ms > walker->max_time_ms + CLOCK_STEP_MAX)) {
		if (key->time_ms <= walker->max_time_ms)
			return doubt(walker, DOUBT_ORDER, line);
		*boot = true;
		walker->boot_after_ms = walker->max_time_ms;
		walker->started = false;
	} else if (fell && key->serial < walker->serial_before) {
		return doubt(walker, DOUBT_ORDER, line);
	}
	if (!walker->started) {
		walker->max_serial = key->serial;
		walker->max_time_ms = key->time_ms;
		walker->serial_before = walker->serial_next = walker->orphans_lost = 0;
		walker->marked_at = position;
		walker->started = true;
		return true;
	}
	*again = key->serial <= walker->max_serial;
	walker->max_serial = key->serial > walker->max_serial ? key->serial : walker->max_serial;
	walker->max_time_ms = key->time_ms > walker->max_time_ms ? key->time_ms : walker->max_time_ms;
	if (position - walker->marked_at > DISORDER_MAX / 2) {
		walker->serial_before = walker->serial_next;
		walker->serial_next = walker->max_serial;
		walker->marked_at = position;
	}
	return true;
}

static struct sieve_stray stray_at(const struct walker *walker, struct span line)
{
	return (struct sieve_stray){ .at = (uint32_t)(line.data - walker->piece->bytes.data),
				     .head = SIEVE_NONE,
				     .self = SIEVE_NONE };
}

/* ---- SYSCALL ---- */

/* Who did it, as the record says. */
struct who {
	uint64_t pid, parent;
	uint16_t kin;
	bool news;
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
	size_t len = span_find(words, SPAN(" key=")) + 1;

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
static bool read_who(struct walker *walker, struct span rest, struct who *who)
{
	struct span words = find_parent(rest);
	const char *end = words.data + words.len, *at = end;

	*who = (struct who){ .news = true };
	if (words.len)
		at = word_decimal(words.data + 6, end, &who->parent);
	if (end - at < 6 || memcmp(at, " pid=", 5) != 0) {
		who->parent = 0;
		words = span_skip(rest, span_find(rest, SPAN(" pid=")));
		at = words.data;
	}
	if (!words.len)
		return true;
	if (word_decimal(at + 5, end, &who->pid) == at + 5 || who->pid >> SIEVE_PID_BITS || who->parent >> SIEVE_PID_BITS)
		return false;
	struct told *told = &walker->told[who->pid % TOLD_KEPT];
	who->news = told->pid != who->pid || !told->len || told->len > words.len ||
		    told->words != hash_words(walker, words.data, told->len);
	if (who->news)
		keep_told(walker, told, words, who->pid, kin_of(words, who->parent));
	who->kin = told->kin;
	return true;
}

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

static unsigned notes_of(struct walker *walker, enum call_class class)
{
	switch (class) {
	case CLASS_EXEC:
		return NOTE_EXEC;
	case CLASS_DEED:
		return NOTE_DEED;
	case CLASS_MOVES:
		walker->moved = true;
		return NOTE_TELL;
	case CLASS_TELL:
		return NOTE_TELL;
	case CLASS_NONE:
		break;
	}
	return 0;
}

static bool take_syscall(struct walker *walker, struct span line, const char *header)
{
	struct sieve_stray stray = stray_at(walker, line);
	const char *end = line.data + line.len;
	struct span behind;
	struct key key;
	bool again;
	struct who who;

	if (!read_key(header, end, &key))
		return doubt(walker, DOUBT_LINE, line.data);
	if (!take_order(walker, line.data, &key, &stray.boot, &again))
		return false;
	enum call_class class = class_of_call(walker, (struct span){ header + key.len, (size_t)(end - header) - key.len },
					      &behind);
	if (!read_who(walker, behind, &who))
		return doubt(walker, DOUBT_WIDE, line.data);
	stray.serial = key.serial;
	stray.notes = (uint8_t)(notes_of(walker, class) | (is_hot(walker, who.parent) ? NOTE_TELL | NOTE_HOT : 0));
	struct sieve_event event = {
		.at = stray.at,
		.pid = who.pid & ((1u << SIEVE_PID_BITS) - 1),
		.serial = key.serial & ((1u << SIEVE_SERIAL_BITS) - 1),
		.news = who.news,
	};
	note_event(walker, &event, stray.notes);
	if (again && !adopt(walker, key.serial, &event))
		return doubt(walker, DOUBT_ORDER, line.data);
	if (again || stray.boot) {
		stray.self = (uint32_t)walker->piece->event_count;
		if (again)
			find_head(walker, &stray, LOWER_MAX);
		if (!add_stray(walker, stray))
			return false;
	}
	memcpy(walker->key, header, end - header >= KEY_MAX ? KEY_MAX : key.len);
	walker->key_len = key.len;
	walker->key_mask = key.len == 32 ? UINT32_MAX : (UINT32_C(1) << key.len) - 1;
	walker->apart = false;
	walker->paths = 0;
	return add_event(walker, event, who.kin);
}

/* ---- PATH ---- */

static struct device *device_of(struct walker *walker, uint32_t minor)
{
	for (size_t i = 0; i < walker->device_count; i++)
		if (walker->devices[i].minor == minor)
			return &walker->devices[i];
	return NULL;
}

/* An absolute name below a process's directory: it proves that the device is procfs. */
static bool is_witness(struct span name)
{
	struct span rest = span_skip(name, 6);

	return span_starts(name, SPAN("/proc/")) && rest.len && strchr("0123456789st", rest.data[0]);
}

static unsigned notes_on_procfs(struct walker *walker, struct span name, uint32_t minor)
{
	struct device *device = device_of(walker, minor);
	bool named = span_find(name, SPAN("/proc")) < name.len;

	if (named && !device) {
		if (walker->device_count == DEVICES_MAX) {
			walker->doubt = DOUBT_WIDE;
			return 0;
		}
		device = &walker->devices[walker->device_count++];
		*device = (struct device){ .minor = minor };
	}
	if (!device)
		return 0;
	if (is_witness(name) && device->witnesses < WITNESSES) {
		device->witnesses++;
		return NOTE_TELL | NOTE_PROC;
	}
	return NOTE_PROC;
}

static void add_faint(struct walker *walker, uint32_t minor)
{
	if (walker->faint_count == walker->faint_capacity &&
	    !grow((void **)&walker->faints, &walker->faint_capacity, sizeof(*walker->faints))) {
		walker->doubt = DOUBT_MEMORY;
		return;
	}
	walker->faints[walker->faint_count++] =
		(struct faint){ walker->piece, walker->piece->event_count - 1, minor };
}

static bool is_entry(struct span name, bool hex)
{
	return hex || entry_from_name(span_basename(name)) != ENTRY_NONE;
}

/* What stands behind the name: " inode=12 dev=00:15 mode=0100600 …" */
static unsigned notes_of_object(struct walker *walker, struct span name, bool hex, const char *p, const char *end,
				bool own)
{
	uint64_t ignored, minor;

	if (end - p < 20 || memcmp(p, " inode=", 7) != 0)
		return walker->watched->wary || is_entry(name, hex) ? NOTE_TELL : 0;
	p = word_decimal(p + 7, end, &ignored);
	if (end - p < 12 || memcmp(p, " dev=", 5) != 0)
		return NOTE_TELL;
	if (memcmp(p + 5, "00:", 3) != 0)
		return 0; /* nothing of procfs */
	struct span rest = { p + 8, (size_t)(end - p) - 8 };
	size_t used = span_hex(rest, &minor);
	if (!used || minor >> 20 || walker->watched->wary || is_entry(name, hex))
		return NOTE_TELL | NOTE_PROC;
	unsigned notes = notes_on_procfs(walker, name, (uint32_t)minor);
	if (!span_starts(span_skip(rest, used), SPAN(" mode=0100600")))
		return notes;
	if (!own || notes)
		return NOTE_TELL | NOTE_PROC;
	add_faint(walker, (uint32_t)minor);
	return notes;
}

/* `p`: ": item=0 name=…". `own`: of the event that was begun last. */
static unsigned notes_of_path(struct walker *walker, const char *p, const char *end, bool own)
{
	if (end - p < 24 || memcmp(p, ": item=", 7) != 0 || memcmp(p + 8, " name=", 6) != 0)
		return NOTE_TELL;
	p += 14;
	bool quoted = *p == '"', hex = !quoted && *p != '(';
	p += quoted;
	const char *behind = memchr(p, quoted ? '"' : ' ', (size_t)(end - p));
	if (!behind)
		return NOTE_TELL;
	struct span name = { p, quoted || hex ? (size_t)(behind - p) : 0 };
	return notes_of_object(walker, name, hex, behind + quoted, end, own);
}

/* ---- lines ---- */

enum kind { KIND_SYSCALL, KIND_PATH, KIND_COMMAND, KIND_TITLE, KIND_PLAIN, KIND_OTHER };

#define PAIR(a, b) ((unsigned)(a) | (unsigned)(b) << 8)

/* By the two letters behind "type=", and the length of "type=NAME msg=audit(". Others are looked at more closely. */
static inline enum kind kind_of(const char *p, size_t *header)
{
	switch (PAIR(p[5], p[6])) {
	case PAIR('S', 'Y'):
		*header = SYSCALL_HEADER;
		return p[7] == 'S' && p[8] == 'C' && p[11] == 'L' && p[12] == ' ' ? KIND_SYSCALL : KIND_OTHER;
	case PAIR('P', 'A'):
		*header = 20;
		return p[8] == 'H' && p[9] == ' ' ? KIND_PATH : KIND_OTHER;
	case PAIR('P', 'R'):
		*header = 25;
		return p[13] == 'E' && p[14] == ' ' ? KIND_TITLE : KIND_OTHER;
	case PAIR('C', 'W'):
		*header = 19;
		return p[7] == 'D' && p[8] == ' ' ? KIND_PLAIN : KIND_OTHER;
	case PAIR('E', 'X'):
		*header = 22;
		return p[10] == 'E' && p[11] == ' ' ? KIND_COMMAND : KIND_OTHER;
	case PAIR('S', 'O'):
		*header = 24;
		return p[12] == 'R' && p[13] == ' ' ? KIND_PLAIN : KIND_OTHER;
	case PAIR('E', 'O'):
		*header = 19;
		return p[7] == 'E' && p[8] == ' ' ? KIND_PLAIN : KIND_OTHER;
	}
	return KIND_OTHER;
}

static unsigned notes_of_mark(struct walker *walker, enum mark mark, enum kind kind, struct span at)
{
	switch (mark) {
	case MARK_KEYS:
		doubt(walker, DOUBT_KEYS, at.data);
		return 0;
	case MARK_RULE:
		return NOTE_TELL | NOTE_HOT;
	case MARK_COMMAND:
		return kind == KIND_COMMAND || kind == KIND_TITLE || kind == KIND_OTHER ? NOTE_TELL | NOTE_HOT : 0;
	case MARK_CUT_ARG:
	case MARK_FILES:
	case MARK_MATTER:
		return NOTE_TELL;
	case MARK_TASK:
		return kind == KIND_PATH ? NOTE_TASK : 0;
	case MARK_HASHES:
		return kind == KIND_PATH ? NOTE_DEED : 0;
	case MARK_PROC:
		return kind == KIND_PATH || kind == KIND_PLAIN ? NOTE_PROC : NOTE_TELL;
	}
	return 0;
}

/* A record of another type, or none at all. */
static bool take_other(struct walker *walker, struct span line, const char *p, unsigned notes)
{
	struct span rest = { p + 5, (size_t)(line.data + line.len - p) - 5 };
	struct sieve_stray stray = stray_at(walker, line);
	size_t blank = span_index(rest, ' ');
	struct span name = span_first(rest, blank);
	struct key key;
	bool again;

	rest = span_skip(rest, blank);
	if (!span_starts(rest, SPAN(" msg=audit(")) || !read_key(rest.data + 11, line.data + line.len, &key))
		return doubt(walker, DOUBT_LINE, line.data);
	uint16_t type = record_type_of(name);
	bool apart = key.serial == 0 || (type >= 1200 && type < 1300);
	if (!apart && !take_order(walker, line.data, &key, &stray.boot, &again))
		return false;
	stray.serial = key.serial;
	stray.notes = notes & (NOTE_TELL | NOTE_HOT);
	if (walker->watched->options->wants_type(walker->watched->options->context, type))
		stray.notes |= NOTE_TELL;
	walker->apart = true;
	if (!apart && !stray.boot)
		find_head(walker, &stray, again ? LOWER_MAX : 1);
	return add_stray(walker, stray);
}

static unsigned notes_of_follower(struct walker *walker, enum kind kind, const char *body, const char *end, bool same)
{
	unsigned notes = 0;

	if (kind == KIND_COMMAND)
		return NOTE_EXEC;
	if (kind != KIND_PATH)
		return 0;
	notes = notes_of_path(walker, body, end, same);
	if (!same || walker->paths++)
		notes |= NOTE_DEED;
	return notes;
}

/* A thread's directory counts on procfs only. */
static inline unsigned with_task(unsigned notes)
{
	return notes & NOTE_TASK && notes & (NOTE_PROC | NOTE_TELL) ? notes | NOTE_TELL : notes;
}

/* A follower that does not stand with its SYSCALL record. */
static __attribute__((noinline)) bool take_apart(struct walker *walker, struct span line, const char *header,
						 enum kind kind, unsigned notes, bool same)
{
	struct sieve_stray stray = stray_at(walker, line);
	const char *end = line.data + line.len;
	struct key key;
	bool again;

	if (!read_key(header, end, &key))
		return doubt(walker, DOUBT_LINE, line.data);
	notes = with_task(notes | notes_of_follower(walker, kind, header + key.len, end, same));
	if (same)
		note(walker, notes);
	if (!same && !take_order(walker, line.data, &key, &stray.boot, &again))
		return false;
	walker->apart = true;
	stray.serial = key.serial;
	stray.notes = same ? 0 : (uint8_t)notes;
	if (!stray.boot)
		find_head(walker, &stray, LOWER_MAX);
	return add_stray(walker, stray) && walker->doubt == DOUBT_NONE;
}

static inline bool take_follower(struct walker *walker, struct span line, const char *header, enum kind kind,
				 unsigned notes)
{
	bool same = is_key(walker, header);

	if (!same || walker->apart)
		return take_apart(walker, line, header, kind, notes, same);
	notes |= notes_of_follower(walker, kind, header + walker->key_len, line.data + line.len, true);
	if (notes)
		note(walker, with_task(notes));
	return walker->doubt == DOUBT_NONE;
}

static inline __attribute__((always_inline)) bool take_line(struct walker *walker, struct span line, const struct sift_place *places, size_t count,
		      size_t block)
{
	const char *p = line.data + walker->lead.len;
	size_t header = 0;
	unsigned notes = 0;

	if (line.len < walker->lead.len + LINE_MIN ||
	    (walker->lead.len && memcmp(line.data, walker->lead.data, walker->lead.len) != 0))
		return doubt(walker, walker->lead.len ? DOUBT_NODE : DOUBT_LINE, line.data);
	if (memcmp(p, "type=", 5) != 0)
		return doubt(walker, span_starts(line, SPAN("node=")) ? DOUBT_NODE : DOUBT_LINE, line.data);
	enum kind kind = kind_of(p, &header);
	for (size_t i = 0; i < count; i++) {
		struct span at = span_skip(walker->piece->bytes, block + places[i].at);
		notes |= notes_of_mark(walker, walker->watched->marks[places[i].which], kind, at);
	}
	if (count && walker->doubt)
		return false;
	if (kind > KIND_SYSCALL && kind < KIND_OTHER)
		return take_follower(walker, line, p + header, kind, notes);
	if (kind == KIND_OTHER)
		return take_other(walker, line, p, notes);
	if (!take_syscall(walker, line, p + header))
		return false;
	if (notes)
		note(walker, notes);
	return true;
}

/* ---- blocks ---- */

/* Whether a line of the block holds a second record: an editor or a crash has lost its newline. */
static bool is_glued(struct span block)
{
	for (struct span rest = block; rest.len;) {
		size_t len = span_index(rest, '\n');
		struct span line = span_first(rest, len);
		struct span behind = span_skip(line, span_find(line, SPAN("audit(")) + 6);
		if (span_find(behind, SPAN("audit(")) < behind.len)
			return true;
		rest = span_skip(rest, len + 1);
	}
	return false;
}

static bool take_lines(struct walker *walker, struct span block, const struct line_ends *ends,
		       const struct sift_place *places, size_t count)
{
	size_t start = 0, offset = (size_t)(block.data - walker->piece->bytes.data);

	for (size_t word = 0; word < ends->words; word++) {
		for (uint64_t mask = ends->masks[word]; mask; mask &= mask - 1) {
			size_t end = word * 64 + (unsigned)__builtin_ctzll(mask), found = 0;
			while (found < count && places[found].at < end)
				found++;
			struct span line = { block.data + start, end - start };
			if (!take_line(walker, line, places, found, offset))
				return false;
			places += found;
			count -= found;
			start = end + 1;
		}
	}
	/* The end of the log, while auditd is writing it. */
	struct span rest = span_skip(block, start);
	return !rest.len || take_line(walker, rest, places, count, offset);
}

/* Goes on in another piece: what goes on from the one before is a stray there. */
static void begin_piece(struct walker *walker, struct sieve_piece *piece)
{
	walker->position += walker->piece ? walker->piece->bytes.len : 0;
	walker->piece = piece;
	walker->end = piece->bytes.data + piece->bytes.len;
	walker->key_mask = 0;
	for (unsigned i = 0; i < ORPHANS; i++)
		walker->orphans[i].stray = SIEVE_NONE;
}

bool walker_take(struct walker *walker, struct sieve_piece *piece, const struct look *look)
{
	if (piece != walker->piece)
		begin_piece(walker, piece);
	if (look->long_line)
		return doubt(walker, DOUBT_LINE, look->block.data);
	if (look->overfull)
		return doubt(walker, DOUBT_WIDE, look->block.data);
	if (look->ends.headers != look->ends.newlines && is_glued(look->block))
		return doubt(walker, DOUBT_LINE, look->block.data);
	return take_lines(walker, look->block, &look->ends, look->places, look->count);
}

void walker_settle(struct walker *walker)
{
	for (size_t i = 0; i < walker->faint_count; i++)
		if (device_of(walker, walker->faints[i].minor))
			walker->faints[i].piece->events[walker->faints[i].event].notes |= NOTE_TELL | NOTE_PROC;
	free(walker->faints);
	walker->faints = NULL;
	walker->faint_count = walker->faint_capacity = 0;
}
