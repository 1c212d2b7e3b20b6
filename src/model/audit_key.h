/*
 * audit_key: the usual stamp of an audit record, "1166111074.191:7388)". For
 * the readers that see every record.
 */
#ifndef MODEL_AUDIT_KEY_H
#define MODEL_AUDIT_KEY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/words.h"

/* At most 19 digits, which always fit; NULL when there is no digit or a twentieth. */
static inline const char *audit_digits(const char *p, const char *end, uint64_t *value)
{
	const char *behind = word_decimal(p, end - p > 20 ? p + 20 : end, value);

	return behind > p && behind - p < 20 ? behind : NULL;
}

/* Eight digits; false when one of them is none. */
static inline bool audit_eight_digits(const char *p, uint64_t *value)
{
	uint64_t v = word_load(p) ^ WORD_ONES * '0';

	*value = word_join_digits(v);
	return !((v | (v + WORD_ONES * 0x76)) & WORD_ONES << 7);
}

/* "1166111074.191:": ten digits, three digits, as kernels write it until the year 2286. Returns what is behind, or NULL. */
static inline const char *audit_usual_time(const char *p, const char *end, int64_t *time_ms)
{
	uint64_t high;
	unsigned digits_behind[5];
	static const unsigned char at[5] = { 8, 9, 11, 12, 13 };

	if (end - p < 15 || p[10] != '.' || p[14] != ':' || !audit_eight_digits(p, &high))
		return NULL;
	for (unsigned i = 0; i < 5; i++)
		if ((digits_behind[i] = (unsigned char)p[at[i]] - '0') > 9)
			return NULL;
	uint64_t seconds = high * 100 + digits_behind[0] * 10 + digits_behind[1];
	*time_ms = (int64_t)(seconds * 1000 + digits_behind[2] * 100 + digits_behind[3] * 10 + digits_behind[4]);
	return p + 15;
}

#endif
