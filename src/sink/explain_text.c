/*
 * An explanation for people. Everything of it is escaped here; prose is
 * wrapped, commands and records are not: they are for pasting and comparing.
 *
 * In the sections of commands all that is no command is a comment, so that
 * the section can be pasted whole.
 */
#include <stdio.h>

#include "sink/cells.h"
#include "sink/escape.h"
#include "sink/explain.h"

#define WIDTH_DEFAULT 80
#define WIDTH_MIN 40
#define LABEL_COLUMNS 14
#define TEXT_COLUMNS_MAX 4000 /* of one fact or sentence: a command line may be 64 KiB */
#define RECORD_COLUMNS_MAX 8000

struct page {
	struct buffer *to;
	const struct explain_look *look;
	size_t width;
	struct buffer scratch, newline;
	unsigned tasks; /* numbered, by section */
};

static const char *heading(enum explain_section section)
{
	static const char *const headings[EXPLAIN_SECTIONS] = {
		[EXPLAIN_STORY] = "WHAT HAPPENED",
		[EXPLAIN_WHO] = "WHO",
		[EXPLAIN_WHAT] = "WHAT",
		[EXPLAIN_EVIDENCE] = "HOW IT IS KNOWN",
		[EXPLAIN_STEPS] = "STEPS",
		[EXPLAIN_RECORDS] = "RECORDS",
		[EXPLAIN_NORMAL] = "WHAT IS NORMAL",
		[EXPLAIN_WHY] = "WHY IT IS SHOWN",
		[EXPLAIN_CHECK] = "CHECK NEXT, ON THE HOST, AS ROOT",
		[EXPLAIN_CONTAIN] = "CONTAIN, ONCE IT IS NOT BENIGN: ONE STEP AT A TIME",
		[EXPLAIN_SECRETS] = "SECRETS TO CHANGE",
		[EXPLAIN_LIMITS] = "WHAT THE LOG CANNOT TELL",
	};

	return headings[section];
}

static void put_coloured(struct page *page, const char *colour, struct span text)
{
	buffer_text(page->to, page->look->colour ? colour : "");
	buffer_add(page->to, text);
	buffer_text(page->to, page->look->colour ? "\033[0m" : "");
}

/* `first` stands before the first line, `next` before the others; `used` columns of a line are taken. */
static void put_within(struct page *page, const char *first, const char *next, struct span text, size_t used)
{
	buffer_reset(&page->scratch);
	buffer_reset(&page->newline);
	escape_terminal(&page->scratch, text, TEXT_COLUMNS_MAX, page->look->utf8);
	buffer_add_byte(&page->newline, '\n');
	buffer_text(&page->newline, next);
	buffer_add_byte(&page->newline, '\0');
	page->to->failed |= page->scratch.failed || page->newline.failed;
	if (page->to->failed)
		return;
	buffer_text(page->to, first);
	cell_wrap(page->to, buffer_span(&page->scratch),
		  page->width > used + WIDTH_MIN / 2 ? page->width - used : WIDTH_MIN / 2, page->newline.data);
	buffer_add_byte(page->to, '\n');
}

static void put_wrapped(struct page *page, const char *first, const char *next, struct span text)
{
	put_within(page, first, next, text, strlen(next));
}

static void put_fact(struct page *page, const struct explain_item *item)
{
	static const char blanks[] = "                                ";
	size_t label = item->label.len < LABEL_COLUMNS - 1 ? LABEL_COLUMNS - item->label.len : 1;

	buffer_text(page->to, "  ");
	put_coloured(page, "\033[36m", item->label);
	put_wrapped(page, blanks + sizeof(blanks) - 1 - label, blanks + sizeof(blanks) - 1 - LABEL_COLUMNS - 2,
		    item->text);
}

static bool is_of_commands(const struct explain_item *item)
{
	return item->section == EXPLAIN_CHECK || item->section == EXPLAIN_CONTAIN;
}

static void put_task(struct page *page, const struct explain_item *item)
{
	char number[24];

	snprintf(number, sizeof(number), "  # %u. ", ++page->tasks);
	put_wrapped(page, number, "  #    ", item->text);
}

static void put_step(struct page *page, const struct explain_item *item)
{
	buffer_text(page->to, "  ");
	put_coloured(page, "\033[36m", item->label);
	put_within(page, "  ", "      ", item->text, item->label.len + 4);
}

static void put_whole(struct page *page, const char *indent, const char *colour, const struct explain_item *item)
{
	buffer_reset(&page->scratch);
	escape_terminal(&page->scratch, item->text, RECORD_COLUMNS_MAX, page->look->utf8);
	page->to->failed |= page->scratch.failed;
	buffer_text(page->to, indent);
	put_coloured(page, colour, buffer_span(&page->scratch));
	buffer_add_byte(page->to, '\n');
}

static void put_item(struct page *page, const struct explain_item *item)
{
	switch (item->kind) {
	case EXPLAIN_TEXT:
		put_wrapped(page, is_of_commands(item) ? "  # " : "  ", is_of_commands(item) ? "  # " : "  ",
			    item->text);
		break;
	case EXPLAIN_FACT:
		put_fact(page, item);
		break;
	case EXPLAIN_STEP:
		put_step(page, item);
		break;
	case EXPLAIN_RECORD:
		put_whole(page, "  ", "", item);
		break;
	case EXPLAIN_TASK:
		put_task(page, item);
		break;
	case EXPLAIN_COMMAND:
		put_whole(page, "  ", "\033[1m", item);
		break;
	}
}

static const char *risk_colour(enum risk risk)
{
	switch (risk) {
	case RISK_HIGH:
		return "\033[1;31m";
	case RISK_KNOWN_TOOL:
		return "\033[1;33m";
	case RISK_REVIEW:
		return "\033[36m";
	case RISK_NONE:
		break;
	}
	return "";
}

static void put_title(struct page *page, const struct explain_subject *subject)
{
	enum risk risk = subject->whole ? subject->incident->risk : subject->finding->risk;
	unsigned score = subject->whole ? subject->incident->score : subject->finding->score;

	put_coloured(page, risk_colour(risk), span_of(risk_name(risk)));
	buffer_printf(page->to, " %u, %s %s\n", score, subject->whole ? "incident" : "finding",
		      subject->whole ? subject->incident->id : subject->finding->id);
}

void explanation_text(struct buffer *to, const struct explanation *explanation, const struct explain_look *look)
{
	size_t width = look->width ? look->width : WIDTH_DEFAULT;
	struct page page = { .to = to, .look = look, .width = width < WIDTH_MIN ? WIDTH_MIN : width };

	put_title(&page, explanation->subject);
	for (unsigned section = 0; section < EXPLAIN_SECTIONS; section++) {
		bool any = false;
		page.tasks = 0;
		for (size_t i = 0; i < explanation->count; i++) {
			if (explanation->items[i].section != section)
				continue;
			if (!any) {
				buffer_add_byte(to, '\n');
				put_coloured(&page, "\033[1m", span_of(heading((enum explain_section)section)));
				buffer_add_byte(to, '\n');
			}
			any = true;
			put_item(&page, &explanation->items[i]);
		}
	}
	buffer_finish(&page.scratch);
	buffer_finish(&page.newline);
}
