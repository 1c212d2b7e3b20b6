#include "cmd/argument.h"

#include <stdarg.h>
#include <stdio.h>

#include "sink/escape.h"

void argument_refuse(const struct argp_state *state, const char *format, ...)
{
	struct buffer shown = { 0 };
	char text[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	escape_terminal(&shown, span_of(text), 0, escape_locale_is_utf8());
	buffer_add_byte(&shown, '\0');
	argp_error(state, "%s", shown.failed ? "memory is out" : shown.data);
	buffer_finish(&shown);
}

struct moment argument_moment(const struct argp_state *state, const char *option, const char *text, int64_t now_ms)
{
	struct moment moment = { 0 };

	if (!moment_parse(text, now_ms, &moment))
		argument_refuse(
			state,
			"%s: '%s' is no time; give 2026-11-23, 2026-11-23T22:56:01, seconds since the epoch, or 90m, "
			"2h, 3d for so long ago",
			option, text);
	return moment;
}

uint64_t argument_count(const struct argp_state *state, const char *option, const char *text, uint64_t max)
{
	uint64_t count = 0;
	size_t used = span_decimal(span_of(text), &count);

	if (used && !text[used] && count && count <= max)
		return count;
	if (max == INT64_MAX)
		argument_refuse(state, "%s: '%s' is no number from 1 on", option, text);
	else
		argument_refuse(state, "%s: '%s' is no number from 1 to %llu", option, text, (unsigned long long)max);
	return 0;
}

int64_t argument_duration(const struct argp_state *state, const char *option, const char *text, int64_t least_ms)
{
	static const struct {
		const char *unit;
		int64_t ms;
	} units[] = { { "", 1000 }, { "ms", 1 }, { "s", 1000 }, { "m", 60000 }, { "h", 3600000 }, { "d", 86400000 } };
	uint64_t number = 0;
	size_t used = span_decimal(span_of(text), &number);

	for (size_t i = 0; used && number < 1000000000 && i < sizeof(units) / sizeof(units[0]); i++)
		if (strcmp(text + used, units[i].unit) == 0 && (int64_t)number * units[i].ms >= least_ms)
			return (int64_t)number * units[i].ms;
	argument_refuse(state, "%s: '%s' is no time that can be waited; give 250ms, 10s, 5m or 1h", option, text);
	return 0;
}

uint64_t argument_size(const struct argp_state *state, const char *option, const char *text)
{
	static const char *const units[] = { "", "K", "M", "G", "T" };
	uint64_t number = 0;
	size_t used = span_decimal(span_of(text), &number);

	for (size_t i = 0; used && number && number < 1u << 20 && i < sizeof(units) / sizeof(units[0]); i++)
		if (strcmp(text + used, units[i]) == 0)
			return number << (10 * i);
	if (used && number && !text[used])
		return number;
	argument_refuse(state, "%s: '%s' is no size; give 65536, 64K, 100M or 2G", option, text);
	return 0;
}

int argument_name(const struct argp_state *state, const char *option, const char *text, int number, const char *names)
{
	if (number < 0)
		argument_refuse(state, "%s: '%s' is none of %s", option, text, names);
	return number;
}
