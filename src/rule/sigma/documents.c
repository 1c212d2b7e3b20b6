#include "rule/sigma/documents.h"

#include "rule/sigma/merge.h"

#define FILE_MEMORY_MAX ((size_t)256 << 20)

struct file {
	struct arena *arena;
	struct sigma_diagnostics *diagnostics;
	sigma_document_taken *taken;
	void *context;
	struct yaml_node *global, *previous;
	size_t count;
	bool stopped;
};

static void take_action(struct file *file, struct yaml_node *root, const struct yaml_node *action)
{
	if (action->kind == YAML_SCALAR && span_equal(action->text, SPAN("global"))) {
		file->global = yaml_merge(file->arena, file->global, root);
	} else if (action->kind == YAML_SCALAR && span_equal(action->text, SPAN("reset"))) {
		file->global = NULL;
	} else if (action->kind != YAML_SCALAR || !span_equal(action->text, SPAN("repeat"))) {
		sigma_error(file->diagnostics, action->place, "an action is global, reset or repeat");
	} else if (!file->previous) {
		sigma_error(file->diagnostics, action->place, "there is no rule before this one to repeat");
	} else {
		file->previous = yaml_merge(file->arena, file->previous, root);
		if (file->previous)
			file->taken(file->context, file->previous, true);
	}
}

static void take_document(void *context, struct yaml_node *root)
{
	struct file *file = context;
	const struct yaml_node *action = yaml_get(root, "action");

	if (file->stopped)
		return;
	file->count++;
	if (file->arena->used > FILE_MEMORY_MAX) {
		file->stopped = true;
		sigma_error(file->diagnostics, root->place, "the file takes too much memory; its rest is left out");
	} else if (root->kind != YAML_MAP) {
		sigma_error(file->diagnostics, root->place, "a rule must be a map of keys and values");
	} else if (action) {
		take_action(file, root, action);
	} else {
		struct yaml_node *merged = file->global ? yaml_merge(file->arena, file->global, root) : root;
		file->previous = merged;
		if (merged)
			file->taken(file->context, merged, file->global != NULL);
	}
}

size_t sigma_documents_read(struct span text, const char *file, struct arena *arena,
			    struct sigma_diagnostics *diagnostics, sigma_document_taken *taken, void *context)
{
	struct file reading = { .arena = arena, .diagnostics = diagnostics, .taken = taken, .context = context };

	yaml_read(text, file, arena, diagnostics, take_document, &reading);
	return reading.count;
}
