/* charset: text in the encodings that base64Decode knows, as UTF-8. */
#ifndef QUERY_CHARSET_H
#define QUERY_CHARSET_H

#include "query/row.h"

struct charset;

/* By its name, without regard to case. NULL when it is not known. */
const struct charset *charset_find(struct span name);

/*
 * The text in the row's arena; of UTF-8 the bytes themselves, valid or not.
 * What is no character is U+FFFD. A byte order mark decides for UTF-16 and
 * UTF-32, and is left out; without one they are big-endian. Null with
 * row->trouble when it grows too long.
 */
struct value charset_to_text(const struct charset *charset, struct span bytes, struct row *row);

#endif
