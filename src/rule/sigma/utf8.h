/* utf8: where a text stops being UTF-8 (RFC 3629). */
#ifndef RULE_SIGMA_UTF8_H
#define RULE_SIGMA_UTF8_H

#include "base/span.h"

/* Bytes of the character at the front, or 0 when there is none: cut, overlong, a surrogate, beyond U+10FFFF. */
size_t sigma_utf8_character(struct span text);

/* The offset of the first byte that belongs to no character, or text.len. */
size_t sigma_utf8_end(struct span text);

#endif
