#include <stdio.h>

#include "cmd/rules_audit.h"
#include "cmd/tell.h"
#include "sink/escape.h"

static void put_line(struct buffer *to, const char *label, const struct buffer *text, bool utf8)
{
	buffer_printf(to, "      %-10s", label);
	escape_terminal(to, buffer_span(text), 0, utf8);
	buffer_add_byte(to, '\n');
}

static void put_gap(struct buffer *to, const struct gap *gap, bool utf8)
{
	buffer_printf(to, "%-6s%s\n", gap->rank == GAP_RANK_GAP ? "GAP" : "note", gap_name(gap->kind));
	put_line(to, "not seen", &gap->unseen, utf8);
	put_line(to, "evidence", &gap->evidence, utf8);
	put_line(to, "mend", &gap->mend, utf8);
	buffer_add_byte(to, '\n');
}

static void put_json_text(struct buffer *to, const char *name, const struct buffer *text)
{
	buffer_printf(to, ",\"%s\":", name);
	escape_json(to, text->len ? buffer_span(text) : SPAN(""));
}

static void put_json(struct buffer *to, const struct gap *gap)
{
	buffer_printf(to, "{\"gap\":\"%s\",\"rank\":\"%s\"", gap_name(gap->kind),
		      gap->rank == GAP_RANK_GAP ? "gap" : "note");
	put_json_text(to, "unseen", &gap->unseen);
	put_json_text(to, "evidence", &gap->evidence);
	put_json_text(to, "mend", &gap->mend);
	buffer_text(to, "}\n");
}

static const char *plural(size_t count)
{
	return count == 1 ? "" : "s";
}

static void put_end(struct buffer *to, const struct coverage_facts *facts, const struct audit_rules *wanted,
		    const struct gaps *gaps)
{
	size_t found = gaps_of_rank(gaps, GAP_RANK_GAP), notes = gaps_of_rank(gaps, GAP_RANK_NOTE);

	buffer_printf(to, "%zu gap%s, %zu note%s: %zu rule%s wanted, %zu in the kernel, %zu instance%s of procfs\n",
		      found, plural(found), notes, plural(notes), wanted->count, plural(wanted->count),
		      facts->rules.count, facts->procfs.count, plural(facts->procfs.count));
}

static int show(const struct rules_audit_arguments *arguments, const struct coverage_facts *facts,
		const struct audit_rules *wanted, const struct gaps *gaps)
{
	struct buffer text = { 0 };
	bool utf8 = escape_locale_is_utf8();

	for (size_t i = 0; i < gaps->count; i++) {
		const struct gap *gap = &gaps->items[i];
		text.failed |= gap->unseen.failed || gap->evidence.failed || gap->mend.failed;
		if (arguments->json)
			put_json(&text, gap);
		else
			put_gap(&text, gap, utf8);
	}
	if (!arguments->json)
		put_end(&text, facts, wanted, gaps);
	bool failed = text.failed || gaps->failed;
	if (failed)
		tell("cannot tell all gaps: memory is out");
	else if (text.len)
		fwrite(text.data, 1, text.len, stdout);
	buffer_finish(&text);
	if (failed)
		return STATUS_ERROR;
	return gaps_of_rank(gaps, GAP_RANK_GAP) ? STATUS_FOUND : STATUS_NOTHING;
}

int rules_audit_check(const struct rules_audit_arguments *arguments, const struct audit_rules *wanted)
{
	static struct coverage_facts facts;
	struct gaps gaps = { 0 };
	struct err err = { 0 };
	int status = STATUS_ERROR;

	if (coverage_look(&facts, "/proc", &err) < 0) {
		tell("%s", err.text);
	} else {
		coverage_find(&facts, wanted, &gaps);
		status = show(arguments, &facts, wanted, &gaps);
	}
	gaps_finish(&gaps);
	coverage_facts_finish(&facts);
	return status;
}
