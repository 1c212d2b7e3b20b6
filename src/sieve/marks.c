/* What texts that were found in a line say of its event. */
#include "sieve/walker_parts.h"

/* "/proc/stat": a name below no process. */
static bool is_of_host(const struct walker *walker, struct span at)
{
	struct span rest = { at.data + 5, (size_t)(walker->end - at.data) - 5 };
	struct span name = span_first(rest, span_index(rest, '"'));

	return at.data[-1] == '"' && name.len > 1 && name.data[0] == '/' &&
	       (unsigned char)((name.data[1] | 0x20) - 'a') < 26 && !span_starts(name, SPAN("/self")) &&
	       !span_starts(name, SPAN("/thread-self")) && span_find(name, SPAN("/.")) == name.len;
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
		/* That procfs is audited at all is told by opens of processes' directories, until a few have been met. */
		return walker->opens && walker->witnesses < WITNESSES && !is_of_host(walker, at) ? NOTE_PROC | NOTE_TELL
												 : NOTE_PROC;
	}
	return 0;
}

unsigned walker_place_notes(struct walker *walker, const struct sift_place *places, size_t count, const char *block,
			    enum kind kind)
{
	unsigned notes = 0;

	for (size_t i = 0; i < count; i++) {
		struct span at = { block + places[i].at, 0 };
		notes |= notes_of_mark(walker, walker->watched->marks[places[i].which], kind, at);
	}
	return notes;
}

/* " comm=… exe=…": neither has a blank, or it is in hex. Where they do not stand so: all of the record. */
static struct span words_of_call(struct span line)
{
	struct span words = span_skip(line, span_find(line, SPAN(" comm=")));
	size_t comm = words.len ? 1 + span_index(span_skip(words, 1), ' ') : 0;
	struct span exe = span_skip(words, comm);

	return span_starts(exe, SPAN(" exe=")) ? span_first(words, comm + 1 + span_index(span_skip(exe, 1), ' '))
					       : line;
}

/* What a rule can ask for stands in the records of executions, and what runs is told by each SYSCALL record. */
static struct span words_of(const struct walker *walker, const char *header, const char *end, enum kind kind)
{
	struct span line = { header, (size_t)(end - header) };
	const struct sieve_piece *piece = walker->piece;

	switch (kind) {
	case KIND_SYSCALL:
		return words_of_call(line);
	case KIND_PATH:
	case KIND_PLAIN:
		if (!walker->apart && is_key(walker, header) &&
		    !(piece->events[piece->event_count - 1].notes & NOTE_EXEC))
			return (struct span){ header, 0 };
		break;
	case KIND_COMMAND:
	case KIND_TITLE:
	case KIND_OTHER:
		break;
	}
	return span_skip(line, span_index(line, ')'));
}

unsigned walker_word_notes(struct walker *walker, const char *header, const char *end, enum kind kind)
{
	struct span words = words_of(walker, header, end, kind), none = { 0 };
	unsigned found = words.len ? words_recall(walker->watched->words, words) : 0;
	unsigned rule = found & WORDS_RULE ? notes_of_mark(walker, MARK_RULE, kind, none) : 0;

	return rule | (found & WORDS_COMMAND ? notes_of_mark(walker, MARK_COMMAND, kind, none) : 0);
}
