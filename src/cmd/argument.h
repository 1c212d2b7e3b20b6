/* argument: values of options that several commands take. What is none ends in a usage error (argument_refuse). */
#ifndef CMD_ARGUMENT_H
#define CMD_ARGUMENT_H

#include <argp.h>

#include "cmd/moment.h"

/* argp_error, which exits, for texts that hold what was given: a terminal must not obey it. */
void argument_refuse(const struct argp_state *state, const char *format, ...) __attribute__((format(printf, 2, 3)));

struct moment argument_moment(const struct argp_state *state, const char *option, const char *text, int64_t now_ms);

/* From 1 to `max`. */
uint64_t argument_count(const struct argp_state *state, const char *option, const char *text, uint64_t max);

/* So long, in ms: "250ms", "10s", "5m", "1h", "10" for seconds; from `least` ms on. */
int64_t argument_duration(const struct argp_state *state, const char *option, const char *text, int64_t least_ms);

/* So many bytes, at least one: "4096", "64K", "100M", "2G" (powers of 1024). */
uint64_t argument_size(const struct argp_state *state, const char *option, const char *text);

/* `number`, which is what the text means, or negative: then the error lists `names`. */
int argument_name(const struct argp_state *state, const char *option, const char *text, int number, const char *names);

#endif
