/*
 * html_check: is this a page as sink/html.c writes them, whatever it was fed? Strict: elements and attributes that the
 * sink does not use, text that could be markup, and a tag that does not close are all wrong. For unit tests and fuzzers.
 */
#ifndef TESTS_HTML_CHECK_H
#define TESTS_HTML_CHECK_H

#include "base/span.h"

#define HTML_DEPTH 64

struct html_check {
	struct span rest;
	struct span open[HTML_DEPTH];
	size_t depth;
	size_t elements;
	const char *wrong; /* NULL while nothing is */
};

static inline bool html_is_in(struct span word, const char *words)
{
	for (struct span rest = span_of(words); rest.len;) {
		struct span one = span_first(rest, span_index(rest, ' '));
		if (span_equal(one, word))
			return true;
		rest = span_skip(rest, one.len + 1);
	}
	return false;
}

static inline struct span html_word(struct span text)
{
	size_t len = 0;

	while (len < text.len && ((text.data[len] >= 'a' && text.data[len] <= 'z') || text.data[len] == '-' ||
				  (text.data[len] >= '0' && text.data[len] <= '9')))
		len++;
	return span_first(text, len);
}

/* No markup, no control byte, and references only to what the sink refers to. */
static inline bool html_is_text(struct span text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char byte = (unsigned char)text.data[i];
		struct span rest = span_skip(text, i);
		if (byte == '<' || byte == '>' || byte == '"' || byte == 0x7f || (byte < 0x20 && byte != '\n'))
			return false;
		if (byte == '&' && !span_starts(rest, SPAN("&amp;")) && !span_starts(rest, SPAN("&lt;")) &&
		    !span_starts(rest, SPAN("&gt;")) && !span_starts(rest, SPAN("&quot;")) &&
		    !span_starts(rest, SPAN("&#39;")))
			return false;
	}
	return true;
}

/* The attributes of a tag up to its end; false when they are none of the sink's. */
static inline bool html_attributes(struct html_check *check)
{
	static const char *const known =
		"lang charset http-equiv content name id class href type checked autocomplete width height role x y x1 "
		"x2 y1 "
		"y2 dx d overflow scope colspan datetime aria-label aria-labelledby aria-hidden data-is viewBox";

	while (span_starts(check->rest, SPAN(" "))) {
		check->rest = span_skip(check->rest, 1);
		struct span name = html_word(check->rest);
		if (span_starts(check->rest, SPAN("viewBox")))
			name = SPAN("viewBox");
		check->rest = span_skip(check->rest, name.len);
		if (!html_is_in(name, known) || !span_starts(check->rest, SPAN("=\"")))
			return false;
		check->rest = span_skip(check->rest, 2);
		struct span value = span_first(check->rest, span_index(check->rest, '"'));
		if (!html_is_text(value) || (span_equal(name, SPAN("href")) && !span_starts(value, SPAN("#"))))
			return false;
		check->rest = span_skip(check->rest, value.len + 1);
	}
	return true;
}

static inline const char *html_tag(struct html_check *check)
{
	static const char *const known =
		"html head meta title style body a header p h1 h2 h3 h4 ul ol li b span small main section figure "
		"figcaption svg g line text rect path dl div dt dd details summary table caption thead tbody tr th td "
		"fieldset legend label input article code bdi time pre br footer";
	bool closes = span_starts(check->rest, SPAN("</"));

	check->rest = span_skip(check->rest, closes ? 2 : 1);
	struct span name = html_word(check->rest);
	check->rest = span_skip(check->rest, name.len);
	if (!html_is_in(name, known))
		return "an element that the sink does not write";
	if (closes) {
		if (!check->depth || !span_equal(check->open[--check->depth], name))
			return "a tag that closes another element";
	} else {
		check->elements++;
		if (!html_attributes(check))
			return "an attribute that the sink does not write";
		if (span_starts(check->rest, SPAN("/>"))) {
			check->rest = span_skip(check->rest, 2);
			return NULL;
		}
		if (check->depth == HTML_DEPTH)
			return "elements nested too deep";
		check->open[check->depth++] = name;
	}
	if (!span_starts(check->rest, SPAN(">")))
		return "a tag that does not end";
	check->rest = span_skip(check->rest, 1);
	if (!closes && span_equal(name, SPAN("style")))
		check->rest = span_skip(check->rest, span_find(check->rest, SPAN("</style>")));
	return NULL;
}

/* NULL, or what is wrong with it. *elements, unless NULL: how many there are. */
static inline const char *html_wrong(struct span page, size_t *elements)
{
	struct html_check check = { .rest = page };
	const struct span doctype = SPAN("<!DOCTYPE html>\n");

	if (!span_starts(page, doctype))
		return "no doctype";
	check.rest = span_skip(page, doctype.len);
	while (check.rest.len && !check.wrong) {
		struct span text = span_first(check.rest, span_index(check.rest, '<'));
		if (!html_is_text(text))
			return "text that could be markup";
		check.rest = span_skip(check.rest, text.len);
		if (check.rest.len)
			check.wrong = html_tag(&check);
	}
	if (elements)
		*elements = check.elements;
	return check.wrong ? check.wrong : check.depth ? "an element that is left open" : NULL;
}

#endif
