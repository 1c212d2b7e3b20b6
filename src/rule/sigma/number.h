/* number: what values and fields mean as numbers and as dates. Locale plays no part. */
#ifndef RULE_SIGMA_NUMBER_H
#define RULE_SIGMA_NUMBER_H

#include "rule/sigma/rule.h"

/* Decimal, with sign, fraction and exponent, or 0x and hex digits; all of the text. False: it is none. */
bool sigma_number_read(struct span text, double *number);

bool sigma_number_compare(double a, enum sigma_compare compare, double b);

/*
 * That part of a date: ISO 8601 as it is written, whatever its zone (the
 * specification wants no conversion), or seconds since the epoch as UTC.
 * Weeks are those of ISO 8601, from 1. False: the text is no date.
 */
bool sigma_date_part(struct span text, enum sigma_time_part part, double *number);

#endif
