#include "rule/lists.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "rule/sigma/files.h"

struct reading {
	struct rule_lists *lists;
	struct sigma_rules *rules;
};

void rule_lists_finish(struct rule_lists *lists)
{
	for (size_t i = 0; i < lists->count; i++)
		free(lists->items[i].values);
	free(lists->items);
	*lists = (struct rule_lists){ 0 };
}

/* ---- one list ---- */

static struct rule_list *find_list(struct rule_lists *lists, struct span name)
{
	for (size_t i = 0; i < lists->count; i++)
		if (span_equal(lists->items[i].name, name))
			return &lists->items[i];
	return NULL;
}

static struct rule_list *add_list(struct reading *reading, const struct yaml_node *name)
{
	struct rule_lists *lists = reading->lists;

	if (lists->count == RULE_LISTS_MAX) {
		sigma_error(&reading->rules->diagnostics, name->place, "more than %d lists", RULE_LISTS_MAX);
		return NULL;
	}
	if (lists->count == lists->capacity) {
		size_t capacity = lists->capacity ? 2 * lists->capacity : 16;
		struct rule_list *items = realloc(lists->items, capacity * sizeof(*items));
		if (!items) {
			sigma_out_of_memory(&reading->rules->diagnostics, name->place);
			return NULL;
		}
		lists->items = items;
		lists->capacity = capacity;
	}
	struct rule_list *list = &lists->items[lists->count++];
	*list = (struct rule_list){ .name = arena_copy(&reading->rules->arena, name->text) };
	return list;
}

static int add_value(struct reading *reading, struct rule_list *list, const struct yaml_node *value)
{
	struct sigma_diagnostics *diagnostics = &reading->rules->diagnostics;

	for (size_t i = 0; i < list->count; i++)
		if (span_equal(list->values[i], value->text))
			return 0;
	if (list->count == SIGMA_VALUES_MAX)
		return sigma_error(diagnostics, value->place, "the list has more than %d values", SIGMA_VALUES_MAX);
	if (list->count == list->capacity) {
		size_t capacity = list->capacity ? 2 * list->capacity : 64;
		struct span *values = realloc(list->values, capacity * sizeof(*values));
		if (!values)
			return sigma_out_of_memory(diagnostics, value->place);
		list->values = values;
		list->capacity = capacity;
	}
	list->values[list->count] = arena_copy(&reading->rules->arena, value->text);
	if (!list->values[list->count].len)
		return sigma_out_of_memory(diagnostics, value->place);
	list->count++;
	return 0;
}

/* ---- one document ---- */

static bool is_name(struct span name)
{
	for (size_t i = 0; i < name.len; i++)
		if (name.data[i] != '_' && (name.data[i] < '0' || name.data[i] > '9') &&
		    (unsigned char)((name.data[i] | 0x20) - 'a') >= 26)
			return false;
	return name.len > 0 && name.len <= 64;
}

static int check_name(const struct yaml_node *root, struct sigma_diagnostics *diagnostics)
{
	const struct yaml_node *name = yaml_get(root, "name");

	if (name && name->kind == YAML_SCALAR && is_name(name->text))
		return 0;
	return sigma_error(diagnostics, name ? name->place : root->place,
			   "a list needs a name of letters, digits and _, at most 64 of them");
}

static int check_values(const struct yaml_node *root, struct sigma_diagnostics *diagnostics)
{
	const struct yaml_node *values = yaml_get(root, "values");

	if (!values || values->kind != YAML_LIST)
		return sigma_error(diagnostics, values ? values->place : root->place,
				   "'values' must be a list of texts");
	for (const struct yaml_node *value = values->first; value; value = value->next)
		if (value->kind != YAML_SCALAR || yaml_is_null(value) || value->text.len == 0 ||
		    value->text.len > SIGMA_VALUE_MAX)
			return sigma_error(diagnostics, value->place,
					   "a value of a list must be a text of 1 to %d bytes", SIGMA_VALUE_MAX);
	return 0;
}

static int check_rest(const struct yaml_node *root, bool *replace, struct sigma_diagnostics *diagnostics)
{
	static const char *const known[] = { "name", "description", "values", "replace", "references", "date" };
	const struct yaml_node *node = yaml_get(root, "replace");

	if (node && !yaml_is_bool(node, replace))
		return sigma_error(diagnostics, node->place, "'replace' needs true or false");
	node = yaml_get(root, "description");
	if (node && node->kind != YAML_SCALAR)
		return sigma_error(diagnostics, node->place, "'description' must be a text");
	for (node = root->first; node; node = node->next) {
		bool found = false;
		for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
			found |= span_equal(node->key->text, span_of(known[i]));
		if (!found)
			sigma_warning(diagnostics, node->key->place, "a list has no key '%.*s'",
				      (int)span_first(node->key->text, 64).len, node->key->text.data);
	}
	return 0;
}

static void take_document(void *context, struct yaml_node *root)
{
	struct reading *reading = context;
	struct sigma_diagnostics *diagnostics = &reading->rules->diagnostics;
	bool replace = false;

	if (root->kind != YAML_MAP) {
		sigma_error(diagnostics, root->place, "a list must be a map with a name and values");
		return;
	}
	if (check_name(root, diagnostics) < 0 || check_values(root, diagnostics) < 0 ||
	    check_rest(root, &replace, diagnostics) < 0)
		return;
	const struct yaml_node *name = yaml_get(root, "name"), *description = yaml_get(root, "description");
	struct rule_list *list = find_list(reading->lists, name->text);
	if (!list)
		list = add_list(reading, name);
	if (!list)
		return;
	if (description)
		list->description = arena_copy(&reading->rules->arena, description->text);
	if (replace)
		list->count = 0;
	for (const struct yaml_node *value = yaml_get(root, "values")->first; value; value = value->next)
		if (add_value(reading, list, value) < 0)
			return;
}

void rule_lists_add_text(struct rule_lists *lists, const char *name, struct span text, struct sigma_rules *rules)
{
	struct span copy = arena_copy(&rules->diagnostics.arena, (struct span){ name, strlen(name) + 1 });
	struct reading reading = { lists, rules };
	struct arena arena = { 0 };

	yaml_read(text, copy.data, &arena, &rules->diagnostics, take_document, &reading);
	arena_finish(&arena);
}

/* ---- files ---- */

static int is_list(const struct dirent *entry)
{
	struct span name = span_of(entry->d_name);

	return name.data[0] != '.' && (span_ends(name, SPAN(".yml")) || span_ends(name, SPAN(".yaml")));
}

static void add_file(struct rule_lists *lists, const char *directory, const char *name, struct sigma_rules *rules)
{
	struct buffer text = { 0 };
	char *path;

	if (asprintf(&path, "%s/%s", directory, name) < 0) {
		sigma_file_report(&rules->diagnostics, directory, "cannot read it", ENOMEM);
		return;
	}
	if (sigma_file_read(path, &text, &rules->diagnostics) == 0)
		rule_lists_add_text(lists, path, buffer_span(&text), rules);
	buffer_finish(&text);
	free(path);
}

void rule_lists_add_directory(struct rule_lists *lists, const char *path, struct sigma_rules *rules)
{
	struct dirent **entries;
	int count = scandir(path, &entries, is_list, alphasort);

	if (count < 0) {
		if (errno != ENOENT)
			sigma_file_report(&rules->diagnostics, path, "cannot read the lists", errno);
		return;
	}
	for (int i = 0; i < count; i++) {
		if (i < RULE_LISTS_MAX)
			add_file(lists, path, entries[i]->d_name, rules);
		else if (i == RULE_LISTS_MAX)
			sigma_file_report(&rules->diagnostics, path, "too many lists; the rest is left out", E2BIG);
		free(entries[i]);
	}
	free(entries);
}

/* ---- for the loader ---- */

int rule_lists_give(const struct rule_lists *lists, struct sigma_rules *rules)
{
	struct sigma_placeholder *placeholders = arena_alloc(&rules->arena, (lists->count + 1) * sizeof(*placeholders));

	if (!placeholders)
		return -ENOMEM;
	for (size_t i = 0; i < lists->count; i++) {
		const struct rule_list *list = &lists->items[i];
		struct span *values = arena_alloc(&rules->arena, (list->count + 1) * sizeof(*values));
		if (!values)
			return -ENOMEM;
		if (list->count)
			memcpy(values, list->values, list->count * sizeof(*values));
		placeholders[i] = (struct sigma_placeholder){ list->name, values, list->count };
	}
	rules->placeholders = placeholders;
	rules->placeholder_count = lists->count;
	return 0;
}
