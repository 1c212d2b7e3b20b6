/*
 * html_writer: pieces of an HTML document that is well-formed XML as well.
 * Private to src/sink.
 *
 * Markup is buffer_text's and buffer_printf's; it must be a literal. All that
 * comes from a log or a file name goes through the functions below.
 */
#ifndef SINK_HTML_WRITER_H
#define SINK_HTML_WRITER_H

#include "base/buffer.h"
#include "model/finding.h"

#define HTML_TEXT_MAX 2048 /* bytes of one text */

/* The text, or what says that there is none; a text that is cut says by how much. In quotes, too. */
void html_put_text(struct buffer *to, struct span text);

/* The same in an element of its own, so that text that runs from right to left moves nothing around it. */
void html_put_name(struct buffer *to, struct span text);
void html_put_code(struct buffer *to, struct span text);

/* A term and the text as a pair of a <dl>, unless it is not known; `wide`: on a line of its own. */
void html_put_fact(struct buffer *to, const char *term, struct span text, bool wide);

void html_put_count(struct buffer *to, uint64_t count, const char *one, const char *many); /* "1,203 findings" */

bool html_shows_time(int64_t time_ms); /* it is known, and of a year of four digits */

/* 2026-11-23 22:56:01.786 as <time>, or "time unknown"; without the date where that is `day_ms`'s. */
void html_put_time(struct buffer *to, int64_t time_ms);
void html_put_clock(struct buffer *to, int64_t time_ms, int64_t day_ms);

/* "python3 4312", "process 4312", "unknown": a name and a number, where they are known. */
struct span html_nameless(uint64_t pid);
void html_put_process(struct buffer *to, struct span name, uint64_t pid);

/* The shape and colour of a tier; nobody needs the colour to tell them apart. The path is drawn in 12 by 12 units. */
void html_put_glyph(struct buffer *to, enum risk risk);
const char *html_glyph_path(enum risk risk);
const char *html_risk_class(enum risk risk); /* "high", "tool", "review" */

#endif
