/*
 * Of a line, first its kind: two letters behind "type=" tell the usual ones.
 * A follower that has the key of the SYSCALL record before it is done with,
 * but for PATH; that is most of a log.
 */
#include "sieve/walker_parts.h"

#define DENSE_LEAST 16384 /* events */
#define DENSE_PART 20	  /* one in so many tells something: with what hangs on it, that is a third of the log */
#define LINE_MIN 36	  /* "type=EOE msg=audit(1166111074.191:7):", and all headers lie within */

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
		walker_doubt(walker, DOUBT_KEYS, at.data);
		return 0;
	case MARK_RULE:
		return NOTE_TELL | NOTE_HOT;
	case MARK_COMMAND:
		return kind == KIND_COMMAND || kind == KIND_TITLE || kind == KIND_OTHER ? NOTE_TELL | NOTE_HOT : 0;
	case MARK_MATTER:
		return NOTE_TELL | NOTE_KEYED;
	case MARK_CUT_ARG:
	case MARK_FILES:
		return NOTE_TELL;
	case MARK_TASK:
		return kind == KIND_PATH ? NOTE_TASK : kind == KIND_PLAIN ? NOTE_TELL : 0;
	case MARK_LINK:
		return kind == KIND_COMMAND || kind == KIND_PATH ? NOTE_TELL | NOTE_HOT : 0;
	case MARK_HASHES:
		return kind == KIND_PATH ? NOTE_DEED : 0;
	case MARK_PROC:
		if (kind != KIND_PATH && kind != KIND_PLAIN)
			return NOTE_TELL;
		/* The first few tell that procfs is audited at all. */
		return walker->opens && walker->procfs_seen++ < WITNESSES ? NOTE_PROC | NOTE_TELL : NOTE_PROC;
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
	bool again = true, boot = false;

	rest = span_skip(rest, blank);
	if (!span_starts(rest, SPAN(" msg=audit(")) || !read_key(rest.data + 11, line.data + line.len, &key))
		return walker_doubt(walker, DOUBT_LINE, line.data);
	uint16_t type = record_type_of(name);
	bool apart = key.serial == 0 || (type >= 1200 && type < 1300);
	if (type == AUDIT_TYPE_URINGOP)
		walker_forget_told(walker, rest);
	walker->begun += apart;
	if (!apart && !walker_order(walker, line.data, &key, &boot, &again))
		return false;
	stray.serial = key.serial;
	stray.boot = boot;
	notes &= NOTE_TELL | NOTE_HOT;
	if (walker->watched->options->wants_type(walker->watched->options->context, type))
		notes |= NOTE_TELL;
	stray.notes = notes & 15;
	walker->apart = true;
	if (key.serial && !boot)
		walker_find_head(walker, &stray, &key, notes, again ? LOWER_MAX : 1);
	if (key.serial && !walker_keep_orphan(walker, &stray, notes, apart))
		return walker_doubt(walker, DOUBT_ORDER, line.data);
	return walker_add_stray(walker, stray);
}

static unsigned notes_of_follower(struct walker *walker, enum kind kind, const char *body, const char *end, bool same)
{
	unsigned notes = 0;

	if (kind == KIND_COMMAND)
		return NOTE_EXEC;
	if (kind != KIND_PATH)
		return 0;
	notes = walker_path_notes(walker, body, end, same);
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
	bool again, boot = false;

	if (!is_header(header) || !read_key(header, end, &key) || !key.serial)
		return walker_doubt(walker, DOUBT_LINE, line.data);
	notes = with_task(notes | notes_of_follower(walker, kind, header + key.len, end, same));
	if (same)
		walker_note(walker, notes);
	if (!same && !walker_order(walker, line.data, &key, &boot, &again))
		return false;
	walker->apart = true;
	stray.serial = key.serial;
	notes = same ? 0 : notes;
	stray.boot = boot;
	stray.notes = notes & 15;
	if (!boot)
		walker_find_head(walker, &stray, &key, notes, LOWER_MAX);
	if (!walker_keep_orphan(walker, &stray, notes, false))
		return walker_doubt(walker, DOUBT_ORDER, line.data);
	return walker_add_stray(walker, stray) && walker->doubt == DOUBT_NONE;
}

static inline bool take_follower(struct walker *walker, struct span line, const char *header, enum kind kind,
				 unsigned notes)
{
	bool same = is_header(header) && is_key(walker, header);

	if (!same || walker->apart)
		return take_apart(walker, line, header, kind, notes, same);
	notes |= notes_of_follower(walker, kind, header + walker->key_len, line.data + line.len, true);
	if (notes)
		walker_note(walker, with_task(notes));
	return walker->doubt == DOUBT_NONE;
}

static inline __attribute__((always_inline)) bool take_line(struct walker *walker, struct span line,
							    const struct sift_place *places, size_t count, size_t block)
{
	const char *p = line.data + walker->lead.len;
	size_t header = 0;
	unsigned notes = 0;

	if (line.len < walker->lead.len + LINE_MIN ||
	    (walker->lead.len && memcmp(line.data, walker->lead.data, walker->lead.len) != 0))
		return walker_doubt(walker, walker->lead.len ? DOUBT_NODE : DOUBT_LINE, line.data);
	if (memcmp(p, "type=", 5) != 0)
		return walker_doubt(walker, span_starts(line, SPAN("node=")) ? DOUBT_NODE : DOUBT_LINE, line.data);
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
	if (!walker_call(walker, line, p + header))
		return false;
	walker->keyed = notes & NOTE_KEYED;
	if (notes)
		walker_note(walker, notes);
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

/* Told by the pieces that are through: sooner there is too little to tell. */
static bool is_dense(struct walker *walker)
{
	const struct sieve_piece *piece = walker->piece;

	for (size_t i = 0; i < piece->event_count; i++)
		walker->telling += (piece->events[i].notes & NOTE_TELL) != 0;
	walker->events += piece->event_count;
	return walker->events > DENSE_LEAST && walker->telling > walker->events / DENSE_PART;
}

/* Goes on in another piece: what goes on from the one before is a stray there. */
static void begin_piece(struct walker *walker, struct sieve_piece *piece)
{
	if (walker->piece) {
		walker_end_piece(walker);
		walker->position += walker->piece->bytes.len;
		walker->piece->max_serial = walker->max_serial;
	}
	walker->piece = piece;
	walker->end = piece->bytes.data + piece->bytes.len;
	walker->key_mask = 0;
	walker->boot_event = 0;
}

bool walker_take(struct walker *walker, struct sieve_piece *piece, const struct look *look)
{
	if (piece != walker->piece && walker->piece && is_dense(walker))
		return walker_doubt(walker, DOUBT_DENSE, walker->piece->bytes.data);
	if (piece != walker->piece)
		begin_piece(walker, piece);
	if (look->long_line)
		return walker_doubt(walker, DOUBT_LINE, look->block.data);
	if (look->overfull)
		return walker_doubt(walker, DOUBT_WIDE, look->block.data);
	if (look->ends.headers != look->ends.newlines && is_glued(look->block))
		return walker_doubt(walker, DOUBT_LINE, look->block.data);
	return take_lines(walker, look->block, &look->ends, look->places, look->count);
}
