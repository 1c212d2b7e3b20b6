/* walker_parts: what the files of the walker share. Private to src/sieve. */
#ifndef SIEVE_WALKER_PARTS_H
#define SIEVE_WALKER_PARTS_H

#include "model/audit_key.h"
#include "sieve/walker.h"

#define SYSCALL_HEADER 23 /* "type=SYSCALL msg=audit(" */
#define WITNESSES 4	  /* events that are kept for what they prove */

/* Notes that are gone once the line is read. */
#define NOTE_KEYED 64 /* of a SYSCALL record: it may be by a rule for procfs */
#define NOTE_TASK 32  /* while a PATH record is read: a thread's directory, if it is on procfs */
#define NOTE_HOT 16   /* while lines are read: a rule may want the execution */

/* Of a line. */
enum kind { KIND_SYSCALL, KIND_PATH, KIND_COMMAND, KIND_TITLE, KIND_PLAIN, KIND_OTHER };

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

/* Of "audit(", what is counted of each block to find a second record in a line: so each line must have one. */
static inline bool is_header(const char *header)
{
	return header[-2] == 't' && header[-1] == '(';
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

/* What the assembler will make of the key's place; false: that is not sure. *boot is set when it begins another boot. */
bool walker_order(struct walker *walker, const char *line, const struct key *key, bool *boot, bool *again);

/* ---- what is kept (strays.c) ---- */

/* Always false. */
bool walker_doubt(struct walker *walker, enum sieve_doubt why, const char *at);

static inline bool walker_is_hot(const struct walker *walker, uint64_t pid)
{
	return walker->any_hot && walker->hot[pid / 64] >> pid % 64 & 1; /* the table is large, and mostly empty */
}

void walker_note_event(struct walker *walker, struct sieve_event *event, unsigned notes);
bool walker_add_event(struct walker *walker, struct sieve_event event, uint16_t kin);
bool walker_add_stray(struct walker *walker, struct sieve_stray stray);

/* Sets stray->head, and gives the event the notes. At most so many events with lower serials are looked at. */
void walker_find_head(struct walker *walker, struct sieve_stray *stray, const struct key *key, unsigned notes,
		      unsigned lower_max);

/*
 * A record of that process comes late: what those with higher serials say may be news behind it. False: some may be
 * too far away.
 */
bool walker_mark_news(struct walker *walker, uint64_t serial, uint64_t pid);

/* The event that is about to be added may have strays already. False: it may have some that are forgotten. */
bool walker_adopt(struct walker *walker, uint64_t serial, struct sieve_event *event);

/*
 * The stray, which is about to be added, waits for its event, unless it has one. `alone`: it has none, by its type.
 * False: the assembler would put it into one all the same, by its key.
 */
bool walker_keep_orphan(struct walker *walker, const struct sieve_stray *stray, unsigned notes, bool alone);

/* Another piece is about to begin: the last events of this one are told, and strays wait for theirs on. */
void walker_end_piece(struct walker *walker);

/* Of the event that was begun last. */
static inline void walker_note(struct walker *walker, unsigned notes)
{
	struct sieve_piece *piece = walker->piece;

	if (piece->event_count)
		walker_note_event(walker, &piece->events[piece->event_count - 1], notes);
}

static inline struct sieve_stray stray_at(const struct walker *walker, struct span line)
{
	return (struct sieve_stray){ .at = (uint32_t)(line.data - walker->piece->bytes.data), .head = SIEVE_NONE };
}

/* ---- records ---- */

/* marks.c: `places` are of the block, and of this line. walker->doubt may be set. */
unsigned walker_place_notes(struct walker *walker, const struct sift_place *places, size_t count, const char *block,
			    enum kind kind);

/* Of the literals of rules, where they are too many for the sift: from the record's key on. */
unsigned walker_word_notes(struct walker *walker, const char *header, const char *end, enum kind kind);

bool walker_call(struct walker *walker, struct span line, const char *header); /* calls.c: a SYSCALL record */

/* paths.c: `p` is ": item=0 name=…" of a PATH record. `own`: of the event that was begun last. */
unsigned walker_path_notes(struct walker *walker, const char *p, const char *end, bool own);

#endif
