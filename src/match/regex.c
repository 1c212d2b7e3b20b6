/*
 * What bounds the time of a search. JIT counts a step each time that an item
 * of the pattern is tried again, and the match limit bounds the steps from
 * one start. Every byte of the subject may be a start, so beyond the first
 * few thousand the limit shrinks with the distance (stretches[]): the product
 * stays below some ten seconds for any subject, and is the same on every run.
 *
 * What JIT does not count are the bytes that one item takes at once, in vain
 * and from every start: (?=(a+))\1*c on a megabyte of a. So a long subject is
 * searched by pieces, and gives up when the processor's time is used up. No
 * subject of less than some 32 KiB comes that far.
 *
 * The interpreter takes a hundred times as long for a step, so it serves only
 * where there is no JIT, with a hundredth of the limit.
 */
#include "match/regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdlib.h>
#include <time.h>

#include "match/regex_java.h"

#define STEPS_MAX 250000
#define STEPS_MAX_INTERPRETED 20000
#define HEAP_MAX_KIB 20480
#define STACK_MAX ((size_t)1 << 20)
#define PATTERN_MAX ((size_t)1 << 20)
#define BYTES_A_CALL ((size_t)1 << 30) /* starts of one call times the length of the subject */
#define SECONDS_MAX 4

static const struct {
	size_t end; /* offset */
	uint32_t steps;
} stretches[] = {
	{ 4096, STEPS_MAX }, { 65536, STEPS_MAX }, { 1 << 18, 65536 }, { 1 << 20, 16384 }, { SIZE_MAX, 4096 },
};

struct regex {
	pcre2_code *code;
	struct span *name_of; /* group_count + 1 */
	uint32_t group_count;
	bool jit;
	bool in_stretches; /* false: \G would mean another place in each */
};

struct regex_match {
	pcre2_match_data *data;
	pcre2_match_context *context;
	pcre2_jit_stack *stack;
};

/* ---- compiling ---- */

static int explain_failure(struct span pattern, int code, size_t offset, struct err *err)
{
	PCRE2_UCHAR message[160];
	size_t from = offset > 24 ? offset - 24 : 0;

	if (pcre2_get_error_message(code, message, sizeof(message)) < 0)
		message[0] = '\0';
	offset = offset < pattern.len ? offset : pattern.len;
	return err_set(err, -EINVAL, "the regex is not right at its character %zu, behind '%s%.*s': %s", offset + 1,
		       from ? "…" : "", (int)(offset - from), pattern.data + from, message);
}

/* Bytes beyond ASCII in the pattern are letters, to repeat and to put into classes as one. */
static bool has_letters_beyond_ascii(struct span pattern)
{
	for (size_t i = 0; i < pattern.len; i++)
		if ((unsigned char)pattern.data[i] >= 0x80)
			return true;
	return false;
}

static pcre2_compile_context *create_compile_context(void)
{
	pcre2_compile_context *context = pcre2_compile_context_create(NULL);

	if (!context)
		return NULL;
	pcre2_set_newline(context, PCRE2_NEWLINE_LF);
	pcre2_set_bsr(context, PCRE2_BSR_UNICODE);
	pcre2_set_max_pattern_length(context, PATTERN_MAX);
	pcre2_set_parens_nest_limit(context, 200);
	return context;
}

static int compile(struct regex *regex, struct span pattern, bool ignore_case, struct err *err)
{
	uint32_t options = PCRE2_DUPNAMES | PCRE2_NEVER_BACKSLASH_C | PCRE2_USE_OFFSET_LIMIT;
	pcre2_compile_context *context = create_compile_context();
	int code = PCRE2_ERROR_NOMEMORY;
	size_t offset = 0;

	if (ignore_case)
		options |= PCRE2_CASELESS;
	if (has_letters_beyond_ascii(pattern))
		options |= PCRE2_MATCH_INVALID_UTF;
	if (context)
		regex->code = pcre2_compile((PCRE2_SPTR)pattern.data, pattern.len, options, &code, &offset, context);
	pcre2_compile_context_free(context);
	return regex->code ? 0 : explain_failure(pattern, code, offset, err);
}

static int read_names(struct regex *regex)
{
	uint32_t count, entry_size;
	PCRE2_SPTR table;

	pcre2_pattern_info(regex->code, PCRE2_INFO_CAPTURECOUNT, &regex->group_count);
	pcre2_pattern_info(regex->code, PCRE2_INFO_NAMECOUNT, &count);
	pcre2_pattern_info(regex->code, PCRE2_INFO_NAMEENTRYSIZE, &entry_size);
	pcre2_pattern_info(regex->code, PCRE2_INFO_NAMETABLE, &table);
	regex->name_of = calloc(regex->group_count + 1, sizeof(*regex->name_of));
	if (!regex->name_of)
		return -ENOMEM;
	for (uint32_t i = 0; i < count; i++, table += entry_size) {
		uint32_t group = (uint32_t)table[0] << 8 | table[1];
		regex->name_of[group] = span_of((const char *)table + 2);
	}
	return 0;
}

struct regex *regex_create(struct span pattern, bool ignore_case, struct err *err)
{
	struct regex *regex = calloc(1, sizeof(*regex));
	struct buffer translated = { 0 };
	int status;

	if (!regex) {
		err_set(err, -ENOMEM, "memory is out for a regex");
		return NULL;
	}
	regex_from_java(&translated, pattern);
	status = translated.failed ? err_set(err, -ENOMEM, "memory is out for a regex")
				   : compile(regex, buffer_span(&translated), ignore_case, err);
	if (status == 0 && read_names(regex) < 0)
		status = err_set(err, -ENOMEM, "memory is out for a regex");
	if (status < 0) {
		regex_destroy(regex);
		regex = NULL;
	} else {
		regex->jit = pcre2_jit_compile(regex->code, PCRE2_JIT_COMPLETE) == 0;
		regex->in_stretches = span_find(pattern, SPAN("\\G")) == pattern.len;
	}
	buffer_finish(&translated);
	return regex;
}

void regex_destroy(struct regex *regex)
{
	if (!regex)
		return;
	pcre2_code_free(regex->code);
	free(regex->name_of);
	free(regex);
}

size_t regex_group_count(const struct regex *regex)
{
	return regex->group_count;
}

struct span regex_group_name(const struct regex *regex, size_t group)
{
	return group <= regex->group_count ? regex->name_of[group] : (struct span){ 0 };
}

/* ---- searching ---- */

struct regex_match *regex_match_create(const struct regex *regex)
{
	struct regex_match *match = calloc(1, sizeof(*match));

	if (!match)
		return NULL;
	match->data = pcre2_match_data_create_from_pattern(regex->code, NULL);
	match->context = pcre2_match_context_create(NULL);
	match->stack = pcre2_jit_stack_create(32768, STACK_MAX, NULL);
	if (!match->data || !match->context || !match->stack) {
		regex_match_destroy(match);
		return NULL;
	}
	pcre2_set_heap_limit(match->context, HEAP_MAX_KIB);
	pcre2_jit_stack_assign(match->context, NULL, match->stack);
	return match;
}

void regex_match_destroy(struct regex_match *match)
{
	if (!match)
		return;
	pcre2_match_data_free(match->data);
	pcre2_match_context_free(match->context);
	pcre2_jit_stack_free(match->stack);
	free(match);
}

static int search_stretch(const struct regex *regex, struct regex_match *match, struct span subject, size_t from,
			  uint32_t steps)
{
	PCRE2_SPTR bytes = (PCRE2_SPTR)(subject.data ? subject.data : "");

	if (!regex->jit && steps > STEPS_MAX_INTERPRETED)
		steps = STEPS_MAX_INTERPRETED;
	pcre2_set_match_limit(match->context, steps);
	return pcre2_match(regex->code, bytes, subject.len, from, 0, match->data, match->context);
}

static double seconds_used(void)
{
	struct timespec used;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
	return (double)used.tv_sec + (double)used.tv_nsec / 1e9;
}

/* The starts that one call may try, and how many steps it may take from each. */
struct piece {
	size_t end; /* offset; behind the subject: all that are left */
	uint32_t steps;
};

static struct piece piece_from(struct span subject, size_t from)
{
	size_t i = 0, starts = BYTES_A_CALL / (subject.len + 1);

	while (from >= stretches[i].end)
		i++;
	struct piece piece = { stretches[i].end, stretches[i].steps };
	if (piece.end - from > starts)
		piece.end = from + starts;
	return piece;
}

static int search_pieces(const struct regex *regex, struct regex_match *match, struct span subject, size_t from)
{
	double started = 0;

	for (;;) {
		struct piece piece = piece_from(subject, from);
		bool last = subject.len < piece.end || !regex->in_stretches;
		if (!last && started == 0)
			started = seconds_used();
		pcre2_set_offset_limit(match->context, last ? PCRE2_UNSET : piece.end - 1);
		int result = search_stretch(regex, match, subject, from, piece.steps);
		if (last || result != PCRE2_ERROR_NOMATCH)
			return result;
		if (seconds_used() - started > SECONDS_MAX)
			return PCRE2_ERROR_MATCHLIMIT;
		from = piece.end;
	}
}

int regex_search(const struct regex *regex, struct regex_match *match, struct span subject, size_t from)
{
	if (from > subject.len)
		return 0;
	int result = search_pieces(regex, match, subject, from);
	if (result >= 0)
		return 1;
	return result == PCRE2_ERROR_NOMATCH ? 0 : -E2BIG;
}

struct span regex_group(const struct regex_match *match, struct span subject, size_t group)
{
	const PCRE2_SIZE *offsets = pcre2_get_ovector_pointer(match->data);

	if (group >= pcre2_get_ovector_count(match->data) || offsets[2 * group] == PCRE2_UNSET ||
	    offsets[2 * group + 1] < offsets[2 * group])
		return (struct span){ 0 };
	return (struct span){ subject.data + offsets[2 * group], offsets[2 * group + 1] - offsets[2 * group] };
}
