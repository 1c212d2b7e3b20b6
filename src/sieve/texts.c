/* What is looked for: by the sift, and where rules have too many literals for it, by words. */
#include "sieve/walker.h"

#define OWN_TEXTS_MAX 32 /* that are looked for whatever the rules are */

_Static_assert(OWN_TEXTS_MAX + 2 * SIEVE_LITERALS_FEW <= SIFT_TEXTS_MAX, "the sift takes what is left to it");

struct texts {
	struct sift_text items[SIFT_TEXTS_MAX];
	size_t count;
};

static void add_text(struct watched *watched, struct texts *texts, struct span text, enum mark mark, bool any_case,
		     bool hex)
{
	watched->marks[texts->count] = mark;
	texts->items[texts->count++] = (struct sift_text){ span_first(text, SIFT_TEXT_MAX), any_case, hex };
}

/* As the kernel writes names: as they are, and in hex where they hold a blank, a quote or a byte that is no ASCII. */
static void add_both(struct watched *watched, struct texts *texts, struct span text, enum mark mark, bool any_case)
{
	add_text(watched, texts, text, mark, any_case, false);
	add_text(watched, texts, text, mark, any_case, true);
}

static struct sift *create_sift(struct watched *watched, struct err *err)
{
	const struct sieve_index_options *options = watched->options;
	struct texts texts = { 0 };

	add_both(watched, &texts, SPAN("/proc"), MARK_PROC, false);
	add_both(watched, &texts, SPAN("task/"), MARK_TASK, false);
	add_text(watched, &texts, SPAN("task\""), MARK_TASK, false, false);
	add_both(watched, &texts, SPAN("/fd/"), MARK_LINK, false);
	add_text(watched, &texts, SPAN("\"fd/"), MARK_LINK, false, false);
	add_both(watched, &texts, SPAN("map_files"), MARK_FILES, false);
	add_both(watched, &texts, SPAN("devminor="), MARK_KEYS, false);
	add_both(watched, &texts, SPAN("dir=/proc"), MARK_KEYS, false);
	add_both(watched, &texts, SPAN("proctor_procfs"), MARK_MATTER, false);
	add_both(watched, &texts, SPAN("auditctl"), MARK_MATTER, false);
	add_text(watched, &texts, SPAN("_len="), MARK_CUT_ARG, false, false);
	add_text(watched, &texts, SPAN("shadow\""), MARK_HASHES, false, false);
	add_text(watched, &texts, SPAN("shadow-\""), MARK_HASHES, false, false);
	add_text(watched, &texts, SPAN("opasswd\""), MARK_HASHES, false, false);
	add_text(watched, &texts, SPAN("master.passwd\""), MARK_HASHES, false, false);
	for (size_t i = 0; !watched->words && i < options->literal_count; i++) {
		const struct sieve_literal *literal = &options->literals[i];
		enum mark mark = literal->command ? MARK_COMMAND : MARK_RULE;
		add_text(watched, &texts, literal->text, mark, true, false);
		add_text(watched, &texts, literal->encoded, mark, true, true);
	}
	return sift_create(texts.items, texts.count, err);
}

/* They are too many for the sift, or one is too short for it. */
static bool needs_words(const struct sieve_index_options *options)
{
	bool is_short = false;

	for (size_t i = 0; i < options->literal_count; i++)
		is_short |= options->literals[i].text.len < SIFT_TEXT_MIN ||
			    2 * options->literals[i].encoded.len < SIFT_TEXT_MIN;
	return is_short || options->literal_count > SIEVE_LITERALS_FEW;
}

bool watched_texts(struct watched *watched, struct err *err)
{
	const struct sieve_index_options *options = watched->options;
	bool many = needs_words(options);

	if (many)
		watched->words = words_create(options->literals, options->literal_count, err);
	if (!many || watched->words)
		watched->sift = create_sift(watched, err);
	return watched->sift;
}
