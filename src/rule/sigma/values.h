/* values: the texts of an item on their way through its modifiers; one may become many. */
#ifndef RULE_SIGMA_VALUES_H
#define RULE_SIGMA_VALUES_H

#include "base/arena.h"

#define SIGMA_VALUES_MAX 16384 /* in one item, when all modifiers are done */
#define SIGMA_VALUE_MAX 65536  /* bytes */

/* Units as of match/wildcard.h. */
struct sigma_text {
	uint16_t *units;
	size_t len;
};

struct sigma_values {
	struct arena *arena;
	struct sigma_text *items;
	size_t count, capacity;
	bool failed; /* memory is out, or there are too many: what is added is ignored */
};

/* Copies the units. */
void sigma_values_add(struct sigma_values *values, const uint16_t *units, size_t len);

/* Each adds what the text becomes. False: it has wildcards, which cannot be encoded; nothing was added. */
bool sigma_encode_base64(struct sigma_values *to, struct sigma_text text);
bool sigma_encode_base64offset(struct sigma_values *to, struct sigma_text text);

enum utf16 { UTF16_LE, UTF16_BE, UTF16_MARKED };

/* Wildcards stay what they are. False: the text is no UTF-8. */
bool sigma_encode_utf16(struct sigma_values *to, struct sigma_text text, enum utf16 form);

/* Each - or / that begins a word becomes each of - / – — ―, in all combinations. */
void sigma_expand_dashes(struct sigma_values *to, struct sigma_text text);

#endif
