/*
 * Of a line, first its kind: sixteen bytes tell the usual ones.
 * A follower that has the key of the SYSCALL record before it is done with,
 * but for PATH; that is most of a log.
 */
#include "sieve/usual.h"
#include "sieve/walker_parts.h"

#define DENSE_LEAST 16384 /* events */
#define DENSE_PART 10	  /* when one in so many tells something, the stream is as fast, with what hangs on it */
#define LINE_MIN 36	  /* "type=EOE msg=audit(1166111074.191:7):", and all headers lie within */

/* The first sixteen bytes tell; what follows is looked at as the header of a record. */
static inline bool begins(const char *p, const char with[static 16])
{
	return ((word_load(p) ^ word_load(with)) | (word_load(p + 8) ^ word_load(with + 8))) == 0;
}

/* With the length of "type=NAME msg=audit(". Others are looked at more closely. */
static inline enum kind kind_of(const char *p, size_t *header)
{
	if (begins(p, "type=SYSCALL msg"))
		return *header = SYSCALL_HEADER, KIND_SYSCALL;
	if (begins(p, "type=PATH msg=au"))
		return *header = 20, KIND_PATH;
	if (begins(p, "type=CWD msg=aud") || begins(p, "type=EOE msg=aud"))
		return *header = 19, KIND_PLAIN;
	if (begins(p, "type=PROCTITLE m"))
		return *header = 25, KIND_TITLE;
	if (begins(p, "type=EXECVE msg="))
		return *header = 22, KIND_COMMAND;
	if (begins(p, "type=SOCKADDR ms"))
		return *header = 24, KIND_PLAIN;
	return KIND_OTHER;
}

/* Records of these types are known by their names, of which here none was found: "type=1300", "type=UNKNOWN[1300]". */
static bool is_numbered(uint16_t type)
{
	return type == AUDIT_TYPE_SYSCALL || type == AUDIT_TYPE_PATH || type == AUDIT_TYPE_SOCKADDR ||
	       type == AUDIT_TYPE_CWD || type == AUDIT_TYPE_EXECVE || type == AUDIT_TYPE_PROCTITLE;
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
	if (memcmp(p, "type=", 5) != 0)
		return walker_doubt(walker, span_starts(line, SPAN("node=")) ? DOUBT_NODE : DOUBT_LINE, line.data);
	if (!span_starts(rest, SPAN(" msg=audit(")) || !read_key(rest.data + 11, line.data + line.len, &key))
		return walker_doubt(walker, DOUBT_LINE, line.data);
	uint16_t type = record_type_of(name);
	if (is_numbered(type))
		return walker_doubt(walker, DOUBT_LINE, line.data);
	bool apart = key.serial == 0 || (type >= 1200 && type < 1300);
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

static unsigned notes_of_path(struct walker *walker, const char *body, const char *end, bool same)
{
	unsigned notes = 0;

	if (!walker->watched->usual->elsewhere(body, end, walker->end))
		notes = walker_path_notes(walker, body, end, same);
	if (!same || walker->paths++)
		notes |= NOTE_DEED;
	return notes;
}

static inline unsigned notes_of_follower(struct walker *walker, enum kind kind, const char *body, const char *end,
					 bool same)
{
	if (kind == KIND_PATH)
		return notes_of_path(walker, body, end, same);
	return kind == KIND_COMMAND ? NOTE_EXEC : 0;
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

static inline __attribute__((always_inline)) bool take_follower(struct walker *walker, const char *line,
								const char *header, const char *end, enum kind kind,
								unsigned notes)
{
	bool same = is_header(header) && is_key(walker, header);

	if (!same || walker->apart)
		return take_apart(walker, (struct span){ line, (size_t)(end - line) }, header, kind, notes, same);
	notes |= notes_of_follower(walker, kind, header + walker->key_len, end, true);
	if (notes)
		walker_note(walker, with_task(notes));
	return !notes || walker->doubt == DOUBT_NONE;
}

/* A line that is no record as the others of its log. Always false. */
static __attribute__((noinline)) bool take_none(struct walker *walker, const char *line)
{
	return walker_doubt(walker, walker->lead.len ? DOUBT_NODE : DOUBT_LINE, line);
}

static inline __attribute__((always_inline)) bool take_line(struct walker *walker, const char *line, const char *end,
							    const struct sift_place *places, size_t count,
							    const char *block)
{
	size_t lead = walker->lead.len;
	const char *p = line + lead;
	size_t header = 0;
	unsigned notes = 0;

	if ((size_t)(end - line) < lead + LINE_MIN || (lead && memcmp(line, walker->lead.data, lead) != 0))
		return take_none(walker, line);
	enum kind kind = kind_of(p, &header);
	if (count) {
		notes = walker_place_notes(walker, places, count, block, kind);
		if (walker->doubt)
			return false;
	}
	if (walker->watched->words)
		notes |= walker_word_notes(walker, p + header, end, kind);
	if (kind > KIND_SYSCALL && kind < KIND_OTHER)
		return take_follower(walker, line, p + header, end, kind, notes);
	struct span whole = { line, (size_t)(end - line) };
	if (kind == KIND_OTHER)
		return take_other(walker, whole, p, notes);
	if (!walker_call(walker, whole, p + header))
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
	const struct sift_place *last = places + count;
	const char *line = block.data;

	for (size_t i = 0; i < ends->count; i++) {
		const char *end = block.data + ends->at[i];
		const struct sift_place *first = places;
		while (places < last && places->at < ends->at[i])
			places++;
		if (!take_line(walker, line, end, first, (size_t)(places - first), block.data))
			return false;
		line = end + 1;
	}
	/* The end of the log, while auditd is writing it. */
	const char *end = block.data + block.len;
	return line == end || take_line(walker, line, end, places, (size_t)(last - places), block.data);
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
	if (look->ends.headers != look->ends.count && is_glued(look->block))
		return walker_doubt(walker, DOUBT_LINE, look->block.data);
	return take_lines(walker, look->block, &look->ends, look->places, look->count);
}
