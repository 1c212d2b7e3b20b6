/*
 * extent: how far a document of several lines reaches. Private to src/decode.
 *
 * The text comes in pieces, so each kind keeps a small state between them;
 * none of them looks at a byte twice.
 */
#ifndef DECODE_EXTENT_H
#define DECODE_EXTENT_H

#include "base/span.h"

#define EXTENT_DEPTH_MAX 256
#define EXTENT_BYTES_MAX (8u << 20) /* a document that is longer is given up as broken */

enum extent_result {
	EXTENT_MORE,   /* all bytes were taken, the document goes on */
	EXTENT_DONE,   /* the document ends behind the bytes that were taken */
	EXTENT_BROKEN, /* no such document: the byte at *used cannot stand there */
};

/* A JSON object from its first '{' to its last '}'. Strings and nesting are followed, numbers and names not checked. */
struct json_extent {
	uint64_t object[EXTENT_DEPTH_MAX / 64]; /* a bit a level: object or array */
	unsigned depth;
	unsigned char expect; /* what may come next; see extent.c */
	bool in_string, escaped, in_scalar, line_start;
};

enum extent_result json_extent(struct json_extent *extent, struct span text, size_t *used);

/* An entry of the journal's export format, up to and with the empty line that ends it. */
struct export_extent {
	uint64_t size, data_left;
	size_t line_len;
	unsigned char size_bytes; /* of the eight that were read */
	bool has_equals, in_size, in_data;
};

enum extent_result export_extent(struct export_extent *extent, struct span text, size_t *used);

/* A CSV row: up to the newline that is not inside of quotes. */
struct csv_extent {
	bool quoted;
};

enum extent_result csv_extent(struct csv_extent *extent, struct span text, size_t *used);

#endif
