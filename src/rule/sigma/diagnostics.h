/*
 * diagnostics: what is wrong with rule files, and where. An error takes one
 * document out of the run; a warning takes nothing. Neither stops the rest.
 */
#ifndef RULE_SIGMA_DIAGNOSTICS_H
#define RULE_SIGMA_DIAGNOSTICS_H

#include "base/arena.h"

#define SIGMA_DIAGNOSTICS_MAX 10000 /* more are counted, not kept */

enum sigma_severity { SIGMA_WARNING, SIGMA_ERROR };

/* Lines and columns begin with 1; 0 is: not known. The file's name lives as long as the diagnostics. */
struct sigma_place {
	const char *file;
	uint32_t line, column;
};

struct sigma_diagnostic {
	enum sigma_severity severity;
	struct sigma_place place;
	const char *text; /* holds pieces of the file as they are: to be escaped for where it goes */
};

struct sigma_diagnostics {
	struct arena arena;
	struct sigma_diagnostic *items;
	size_t count, capacity;
	size_t errors, warnings; /* also those that were not kept */
};

void sigma_diagnostics_finish(struct sigma_diagnostics *diagnostics); /* zeroed memory is a valid empty one */

/* Returns -EINVAL, so that callers can `return sigma_error(…)`. */
int sigma_error(struct sigma_diagnostics *diagnostics, struct sigma_place place, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void sigma_warning(struct sigma_diagnostics *diagnostics, struct sigma_place place, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Likewise -ENOMEM. */
int sigma_out_of_memory(struct sigma_diagnostics *diagnostics, struct sigma_place place);

#endif
