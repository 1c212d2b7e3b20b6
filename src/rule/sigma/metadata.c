/* What a rule says of itself. Keys that the specification does not know are the writer's own, and stay unread, but for `proctor` (effect.c). */
#include <errno.h>

#include "rule/sigma/builder.h"
#include "rule/sigma/suggest.h"

static const char *const levels[] = { "", "informational", "low", "medium", "high", "critical" };
static const char *const statuses[] = { "stable", "test", "experimental", "deprecated", "unsupported" };

const char *sigma_level_name(enum sigma_level level)
{
	return levels[level];
}

const char *sigma_state_name(enum sigma_state state)
{
	static const char *const names[] = { "ready", "no log source", "no field", "broken" };

	return names[state];
}

static int read_text(struct sigma_builder *builder, struct span *text, const struct yaml_node *node)
{
	if (!node || yaml_is_null(node))
		return 0;
	if (node->kind != YAML_SCALAR)
		return sigma_error(builder->diagnostics, node->place, "'%.*s' must be a text", (int)node->key->text.len,
				   node->key->text.data);
	*text = builder_copy(builder, node->text);
	return 0;
}

int sigma_texts_read(struct sigma_builder *builder, struct sigma_texts *texts, const struct yaml_node *node)
{
	const struct yaml_node *part;

	if (!node || yaml_is_null(node))
		return 0;
	part = node->kind == YAML_LIST ? node->first : node;
	texts->items = builder_alloc(builder, (node->count + 1) * sizeof(*texts->items), node->place);
	if (!texts->items)
		return -ENOMEM;
	for (; part; part = node->kind == YAML_LIST ? part->next : NULL) {
		if (part->kind != YAML_SCALAR)
			return sigma_error(builder->diagnostics, part->place, "it must be a text, or a list of texts");
		texts->items[texts->count++] = builder_copy(builder, part->text);
	}
	return 0;
}

/* A list of maps with `id` and `type`. */
static int read_related(struct sigma_builder *builder, struct sigma_rule *rule, const struct yaml_node *node)
{
	if (!node || yaml_is_null(node))
		return 0;
	if (node->kind != YAML_LIST)
		return sigma_error(builder->diagnostics, node->place, "'related' must be a list of id and type");
	rule->related.items = builder_alloc(builder, node->count * sizeof(struct span), node->place);
	rule->related_types.items = builder_alloc(builder, node->count * sizeof(struct span), node->place);
	if (!rule->related.items || !rule->related_types.items)
		return -ENOMEM;
	for (const struct yaml_node *part = node->first; part; part = part->next) {
		struct span *id = &rule->related.items[rule->related.count++];
		struct span *type = &rule->related_types.items[rule->related_types.count++];
		if (part->kind != YAML_MAP || read_text(builder, id, yaml_get(part, "id")) < 0 ||
		    read_text(builder, type, yaml_get(part, "type")) < 0 || id->len == 0 || type->len == 0)
			return sigma_error(builder->diagnostics, part->place, "'related' needs id and type");
	}
	return 0;
}

static int read_level(struct sigma_builder *builder, struct sigma_rule *rule, const struct yaml_node *node)
{
	struct span text = { 0 };

	if (read_text(builder, &text, node) < 0)
		return -EINVAL;
	if (text.len == 0)
		return 0;
	for (unsigned i = SIGMA_INFORMATIONAL; i <= SIGMA_CRITICAL; i++)
		if (span_equal_nocase(text, span_of(levels[i])))
			rule->level = (enum sigma_level)i;
	if (rule->level != SIGMA_NO_LEVEL)
		return 0;
	const char *meant = sigma_suggest(text, levels + 1, SIGMA_CRITICAL);
	return sigma_error(builder->diagnostics, node->place,
			   "there is no level '%.*s'%s%s%s: informational, low, medium, high, critical", (int)text.len,
			   text.data, meant ? "; did you mean '" : "", meant ? meant : "", meant ? "'?" : "");
}

static void warn_of_status(struct sigma_builder *builder, const struct sigma_rule *rule, const struct yaml_node *node)
{
	for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++)
		if (rule->status.len == 0 || span_equal(rule->status, span_of(statuses[i])))
			return;
	sigma_warning(builder->diagnostics, node->place, "the specification has no status '%.*s'",
		      (int)rule->status.len, rule->status.data);
}

/* YYYY-MM-DD; older rules have slashes. */
static void warn_of_date(struct sigma_builder *builder, struct span date, const struct yaml_node *node)
{
	uint64_t year, month, day;

	if (date.len == 0)
		return;
	bool right = date.len == 10 && span_decimal(span_first(date, 4), &year) == 4 &&
		     (date.data[4] == '-' || date.data[4] == '/') && date.data[7] == date.data[4] &&
		     span_decimal(span_first(span_skip(date, 5), 2), &month) == 2 &&
		     span_decimal(span_skip(date, 8), &day) == 2 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
	if (!right)
		sigma_warning(builder->diagnostics, node->place, "'%.*s' is no date as YYYY-MM-DD", (int)date.len,
			      date.data);
}

static int read_logsource(struct sigma_builder *builder, struct sigma_logsource *logsource,
			  const struct yaml_node *node)
{
	if (!node)
		return 0;
	if (node->kind != YAML_MAP)
		return sigma_error(builder->diagnostics, node->place, "'logsource' must be a map");
	if (read_text(builder, &logsource->category, yaml_get(node, "category")) < 0 ||
	    read_text(builder, &logsource->product, yaml_get(node, "product")) < 0 ||
	    read_text(builder, &logsource->service, yaml_get(node, "service")) < 0 ||
	    read_text(builder, &logsource->definition, yaml_get(node, "definition")) < 0)
		return -EINVAL;
	if (logsource->category.len == 0 && logsource->product.len == 0 && logsource->service.len == 0)
		return sigma_error(builder->diagnostics, node->place,
				   "'logsource' names no category, product or service");
	return 0;
}

static int read_name(struct sigma_builder *builder, struct sigma_rule *rule, const struct yaml_node *root)
{
	const struct yaml_node *title = yaml_get(root, "title");

	if (read_text(builder, &rule->title, title) < 0 || read_text(builder, &rule->id, yaml_get(root, "id")) < 0 ||
	    read_text(builder, &rule->name, yaml_get(root, "name")) < 0)
		return -EINVAL;
	if (rule->title.len == 0)
		return sigma_error(builder->diagnostics, title ? title->place : root->place, "the title is missing");
	if (rule->title.len > 256)
		sigma_warning(builder->diagnostics, title->place, "the title is longer than 256 characters");
	return 0;
}

int sigma_metadata_read(struct sigma_builder *builder, struct sigma_rule *rule, const struct yaml_node *root)
{
	const struct {
		struct span *to;
		const char *key;
	} texts[] = {
		{ &rule->taxonomy, "taxonomy" }, { &rule->status, "status" }, { &rule->description, "description" },
		{ &rule->license, "license" },	 { &rule->author, "author" }, { &rule->date, "date" },
		{ &rule->modified, "modified" },
	};
	const struct {
		struct sigma_texts *to;
		const char *key;
	} lists[] = {
		{ &rule->references, "references" },
		{ &rule->tags, "tags" },
		{ &rule->falsepositives, "falsepositives" },
		{ &rule->fields, "fields" },
		{ &rule->scope, "scope" },
	};
	int status = read_name(builder, rule, root);

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]) && status == 0; i++)
		status = read_text(builder, texts[i].to, yaml_get(root, texts[i].key));
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]) && status == 0; i++)
		status = sigma_texts_read(builder, lists[i].to, yaml_get(root, lists[i].key));
	if (status == 0)
		status = read_related(builder, rule, yaml_get(root, "related"));
	if (status == 0)
		status = read_level(builder, rule, yaml_get(root, "level"));
	if (status == 0)
		status = read_logsource(builder, &rule->logsource, yaml_get(root, "logsource"));
	if (status == 0)
		status = sigma_effect_read(builder, rule, yaml_get(root, "proctor"));
	if (status < 0)
		return status;
	warn_of_status(builder, rule, yaml_get(root, "status"));
	warn_of_date(builder, rule->date, yaml_get(root, "date"));
	warn_of_date(builder, rule->modified, yaml_get(root, "modified"));
	return 0;
}
