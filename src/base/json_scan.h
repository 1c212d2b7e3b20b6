/*
 * json_scan: reads JSON where it lies, without copying or allocating.
 *
 * A pull reader. json_next() hands out the next member or element of the
 * container it stands in; a container that it hands out has been entered, and
 * its members come next until json_next() returns false, once, at its end:
 *
 *	while (json_next(&scan, &token))
 *		if (token.kind == JSON_OBJECT)
 *			read_object(&scan);	// loops until false, too
 *		else if (token.kind == JSON_ARRAY)
 *			json_skip(&scan, &token);
 *
 * Outside of all containers it hands out one value after the other, with or
 * without commas between them, until the text ends.
 *
 * Total on any bytes, in one pass: what is no JSON, is cut, or nests deeper
 * than JSON_DEPTH_MAX ends every loop and leaves `failed` set; what came
 * before that has been handed out. Looser than RFC 8259 where real writers
 * are: a comma before a closing bracket, NaN and Infinity (as null), control
 * bytes and invalid UTF-8 inside strings. Duplicate keys come as they are, in
 * order.
 */
#ifndef BASE_JSON_SCAN_H
#define BASE_JSON_SCAN_H

#include "base/arena.h"

#define JSON_DEPTH_MAX 64

enum json_kind { JSON_NULL, JSON_FALSE, JSON_TRUE, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

/* All spans point into the text. */
struct json_token {
	enum json_kind kind;
	bool escaped;	  /* text of a string holds a backslash */
	struct span key;  /* between its quotes, as written; data NULL outside of objects */
	struct span text; /* between a string's quotes; else as written; of a container its bracket, until json_skip */
};

struct json_scan {
	const char *at, *end;
	const char *stopped; /* where it failed, about */
	uint64_t objects;    /* bit d: the container at depth d is an object */
	unsigned depth;
	bool after; /* a value stands before `at`: a comma is due */
	bool failed;
};

void json_start(struct json_scan *scan, struct span text);

bool json_next(struct json_scan *scan, struct json_token *token);

/* Leaves the container that json_next has just handed out, and sets token->text to the whole of it. */
void json_skip(struct json_scan *scan, struct json_token *token);

/*
 * What a string stands for, in the text itself or else in the arena. \u0000
 * is a NUL byte. A lone surrogate from DC80 to DCFF is one raw byte, 80 to FF
 * (what Python's surrogateescape made of invalid UTF-8); any other lone
 * surrogate is U+FFFD. An escape that JSON does not know stays as written.
 * For other kinds: the text as written; null is a span with data NULL.
 */
struct span json_text(const struct json_token *token, struct arena *arena);

/* A number without sign, fraction or exponent, or a string that is one in decimal. */
bool json_u64(const struct json_token *token, uint64_t *value);

#endif
