#include "rule/sigma/diagnostics.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void sigma_diagnostics_finish(struct sigma_diagnostics *diagnostics)
{
	arena_finish(&diagnostics->arena);
	free(diagnostics->items);
	*diagnostics = (struct sigma_diagnostics){ 0 };
}

static bool grow(struct sigma_diagnostics *diagnostics)
{
	if (diagnostics->count < diagnostics->capacity)
		return true;
	if (diagnostics->count >= SIGMA_DIAGNOSTICS_MAX)
		return false;
	size_t capacity = diagnostics->capacity ? 2 * diagnostics->capacity : 64;
	struct sigma_diagnostic *items = realloc(diagnostics->items, capacity * sizeof(*items));
	if (!items)
		return false;
	diagnostics->items = items;
	diagnostics->capacity = capacity;
	return true;
}

static void keep(struct sigma_diagnostics *diagnostics, enum sigma_severity severity, struct sigma_place place,
		 const char *text)
{
	if (severity == SIGMA_ERROR)
		diagnostics->errors++;
	else
		diagnostics->warnings++;
	if (!grow(diagnostics))
		return;
	struct span copy = arena_copy(&diagnostics->arena, (struct span){ text, strlen(text) + 1 });
	if (copy.len)
		diagnostics->items[diagnostics->count++] = (struct sigma_diagnostic){ severity, place, copy.data };
}

int sigma_error(struct sigma_diagnostics *diagnostics, struct sigma_place place, const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	keep(diagnostics, SIGMA_ERROR, place, text);
	return -EINVAL;
}

void sigma_warning(struct sigma_diagnostics *diagnostics, struct sigma_place place, const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	keep(diagnostics, SIGMA_WARNING, place, text);
}

int sigma_out_of_memory(struct sigma_diagnostics *diagnostics, struct sigma_place place)
{
	sigma_error(diagnostics, place, "memory is out");
	return -ENOMEM;
}
