/*
 * escape: text from logs, made safe for where it goes.
 *
 * Every string that reaches a sink was written by somebody who may want to
 * move the cursor, forge a line, break a document or run a formula. Each
 * function takes any bytes (NUL, invalid UTF-8, 10 MB), in linear time, and
 * appends to `to`. Never put log text into an output by another way.
 */
#ifndef SINK_ESCAPE_H
#define SINK_ESCAPE_H

#include "base/buffer.h"

/* Whether the locale that cmd set shows UTF-8: the `utf8` argument below. */
bool escape_locale_is_utf8(void);

/*
 * For a terminal: what does not print as itself (C0, DEL, C1, bidi controls,
 * zero-width and unassigned characters, invalid UTF-8; without `utf8` all
 * that is not ASCII) becomes a visible \xNN a byte. A backslash before x or X
 * becomes \x5c, so that nobody can write what looks like an escape.
 * `columns` > 0 cuts there, with "…" ("..." without utf8) as the last of
 * them. Returns the columns used.
 */
size_t escape_terminal(struct buffer *to, struct span text, size_t columns, bool utf8);

/*
 * A JSON string with its quotes; null for text that is not known. C0, DEL,
 * C1, bidi controls, U+2028 and U+2029 are escaped. An invalid byte 0xNN
 * becomes the lone surrogate \udcNN, as Python's "surrogateescape" has it.
 */
void escape_json(struct buffer *to, struct span text);

/*
 * An RFC 4180 cell, in quotes where it needs them; nothing for text that is
 * not known, "" for text that is known and empty. Control bytes, C1, bidi
 * controls and invalid bytes become \xNN, as for a terminal. A text that a
 * spreadsheet would take for a formula (= + - @ TAB CR and their full-width
 * forms) gets a ' in front, and so does one that begins with a '.
 */
void escape_csv(struct buffer *to, struct span text);

/*
 * A value of ArcSight's CEF: `special` is '|' in the header and '=' in the
 * extension; a backslash stands before it and before backslashes. A newline
 * is \n in the extension and a blank in the header; what else is a control
 * byte or no UTF-8 becomes \\xNN, a visible backslash and the byte.
 */
void escape_cef(struct buffer *to, struct span text, char special);

/*
 * Text of HTML or XML, or an attribute's value in quotes: the first `max`
 * bytes of it. & < > " ' become references. What a terminal would obey or not
 * show, and a third mark in a row on one letter, become \xNN a byte, line
 * ends too. Returns how many bytes were left out.
 */
size_t escape_html(struct buffer *to, struct span text, size_t max);

#endif
