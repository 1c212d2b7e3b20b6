/*
 * The playbook for people and the tables that explain draws on say the same:
 * every text of the tables stands in docs/playbook.md, word by word, and the
 * commands of both are the same ones.
 */
#include "base/buffer.h"
#include "model/finding.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static const char *const texts[] = {
#define TIER(id, text) text,
#define ATTEMPT(text) text,
#define EVIDENCE(how, text) text,
#define TRUST(level, text) text,
#define QUESTION(id, when, text) text,
#define CONTAIN(id, when, text) text,
#define SECRETS(names, holds, change) names, holds, change,
#define GENERAL(id, text) text,
#define LIMIT(when, text) text,
#include "sink/playbook.def"
#undef TIER
#undef ATTEMPT
#undef EVIDENCE
#undef TRUST
#undef QUESTION
#undef CONTAIN
#undef SECRETS
#undef GENERAL
#undef LIMIT
#define CLASS(id, name, normal, unusual) name, normal, unusual,
#define PROGRAM(pattern, class, note) note,
#include "sink/explain_normal.def"
#undef CLASS
#undef PROGRAM
};

static const char *const commands[] = {
#define COMMAND(id, when, text) text,
#define CONTAIN_COMMAND(id, when, text) text,
#include "sink/playbook.def"
#undef COMMAND
#undef CONTAIN_COMMAND
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static char *read_playbook(void)
{
	const char *root = getenv("SRC");
	static char text[1 << 18];
	char path[4096];

	snprintf(path, sizeof(path), "%s/docs/playbook.md", root ? root : ".");
	FILE *file = fopen(path, "r");
	assert_non_null(file);
	size_t len = fread(text, 1, sizeof(text) - 1, file);
	assert_true(len > 0 && len < sizeof(text) - 1);
	text[len] = 0;
	fclose(file);
	return text;
}

/* One blank for white space and for the bars of tables; no back quotes. */
static void flatten(struct buffer *to, const char *text)
{
	for (; *text; text++) {
		char byte = *text == '\n' || *text == '|' ? ' ' : *text;
		if (byte == '`' || (byte == ' ' && to->len && to->data[to->len - 1] == ' '))
			continue;
		buffer_add_byte(to, byte);
	}
}

static void test_texts(void **state)
{
	struct buffer playbook = { 0 };

	(void)state;
	flatten(&playbook, read_playbook());
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct buffer text = { 0 };
		flatten(&text, texts[i]);
		if (text.len && span_find(buffer_span(&playbook), buffer_span(&text)) == playbook.len)
			fail_msg("the playbook does not say: %s", texts[i]);
		buffer_finish(&text);
	}
	buffer_finish(&playbook);
}

/* An interactive shell acts on it wherever it stands; where comments are none, an apostrophe opens a string. */
static void test_texts_can_be_pasted(void **state)
{
	static const char *const tasks[] = {
#define QUESTION(id, when, text) text,
#define CONTAIN(id, when, text) text,
#include "sink/playbook.def"
#undef QUESTION
#undef CONTAIN
	};

	(void)state;
	for (size_t i = 0; i < COUNT(commands); i++)
		assert_null(strchr(commands[i], '!'));
	for (size_t i = 0; i < COUNT(tasks); i++)
		assert_null(strpbrk(tasks[i], "!'\"`\\"));
}

/* The next line of a block of commands, without blanks around it; data NULL at the end. */
static struct span next_command(struct span *rest, bool *inside)
{
	while (rest->len) {
		struct span line = span_first(*rest, span_index(*rest, '\n'));
		*rest = span_skip(*rest, line.len + 1);
		line = span_trim(line);
		if (span_starts(line, SPAN("```"))) {
			*inside = span_equal(line, SPAN("```sh"));
			continue;
		}
		if (*inside)
			return line;
	}
	return (struct span){ 0 };
}

static void test_commands(void **state)
{
	struct span rest = span_of(read_playbook()), line;
	bool seen[COUNT(commands)] = { false }, inside = false;

	(void)state;
	while ((line = next_command(&rest, &inside)).data) {
		bool known = false;
		for (size_t i = 0; i < COUNT(commands); i++)
			if (span_equal(line, span_of(commands[i])))
				known = seen[i] = true;
		if (!known)
			fail_msg("explain does not know the playbook's command: %.*s", (int)line.len, line.data);
	}
	for (size_t i = 0; i < COUNT(commands); i++)
		if (!seen[i])
			fail_msg("the playbook does not have explain's command: %s", commands[i]);
}

/* Rows of the table below the line that begins so. */
static size_t count_rows(const char *playbook, const char *heading)
{
	const char *at = strstr(playbook, heading);
	size_t rows = 0;

	assert_non_null(at);
	while ((at = strchr(at, '\n')) != NULL && at[1] == '|') {
		rows++;
		at++;
	}
	return rows - 1; /* the ruler */
}

static void test_tables_hold_no_more(void **state)
{
	static const char *const classes[] = {
#define CLASS(id, name, normal, unusual) name,
#include "sink/explain_normal.def"
#undef CLASS
	};
	static const char *const notes[] = {
#define PROGRAM(pattern, class, note) note,
#include "sink/explain_normal.def"
#undef PROGRAM
	};
	static const char *const holders[] = {
#define SECRETS(names, holds, change) names,
#include "sink/playbook.def"
#undef SECRETS
	};
	const char *playbook = read_playbook();
	size_t measured = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(notes); i++)
		measured += notes[i][0] != 0;
	assert_int_equal(count_rows(playbook, "| class | normal |"), COUNT(classes));
	assert_int_equal(count_rows(playbook, "| program | what it was seen to do |"), measured);
	assert_int_equal(count_rows(playbook, "| target | it holds | change |"), COUNT(holders));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_texts_can_be_pasted),
		cmocka_unit_test(test_commands),
		cmocka_unit_test(test_tables_hold_no_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
