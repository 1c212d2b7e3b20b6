/* documents: the rules of a file as trees, with `action: global`, `reset` and `repeat` done. */
#ifndef RULE_SIGMA_DOCUMENTS_H
#define RULE_SIGMA_DOCUMENTS_H

#include "rule/sigma/yaml.h"

/* A map. `global`: it was made by `action: global` or `repeat`. Borrowed for the call, in the arena. */
typedef void sigma_document_taken(void *context, const struct yaml_node *root, bool global);

/* Hands out document after document; what is wrong goes to the diagnostics. Returns how many documents the file has. */
size_t sigma_documents_read(struct span text, const char *file, struct arena *arena,
			    struct sigma_diagnostics *diagnostics, sigma_document_taken *taken, void *context);

#endif
