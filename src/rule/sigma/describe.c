#include "rule/sigma/describe.h"

#include <errno.h>

#include "rule/sigma/documents.h"
#include "rule/sigma/files.h"
#include "rule/sigma/modifiers.h"

#define VALUES_IN_LINE 6
#define LINE_MAX 100

struct describing {
	const struct sigma_rule *rule;
	sigma_described *described;
	void *context;
	struct sigma_diagnostics *diagnostics;
	struct buffer line;
	bool found;
};

static void say(struct describing *describing, unsigned depth)
{
	if (!describing->line.failed)
		describing->described(describing->context, depth, buffer_span(&describing->line));
	buffer_reset(&describing->line);
}

static void say_text(struct describing *describing, unsigned depth, const char *text)
{
	buffer_text(&describing->line, text);
	say(describing, depth);
}

/* ---- an item ---- */

static bool has_wildcard(struct span text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] == '*' || text.data[i] == '?')
			return true;
		i += text.data[i] == '\\';
	}
	return false;
}

static bool any_wildcard(const struct yaml_node *value)
{
	if (value->kind == YAML_SCALAR)
		return has_wildcard(value->text);
	for (const struct yaml_node *node = value->first; node; node = node->next)
		if (node->kind == YAML_SCALAR && has_wildcard(node->text))
			return true;
	return false;
}

static const char *date_part(const struct sigma_key *key)
{
	static const struct {
		enum sigma_modifier modifier;
		const char *words;
	} parts[] = { { MODIFIER_MINUTE, "the minute of " }, { MODIFIER_HOUR, "the hour of " },
		      { MODIFIER_DAY, "the day of " },	     { MODIFIER_WEEK, "the week of " },
		      { MODIFIER_MONTH, "the month of " },   { MODIFIER_YEAR, "the year of " } };

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (key->has[parts[i].modifier])
			return parts[i].words;
	return "";
}

/* The relation of a field to its values, and its opposite. */
static const char *relation(const struct sigma_key *key, const struct yaml_node *value)
{
	static const struct {
		enum sigma_modifier modifier;
		const char *words, *turned;
	} relations[] = {
		{ MODIFIER_RE, "matches the regex", "does not match the regex" },
		{ MODIFIER_CIDR, "is in the network", "is not in the network" },
		{ MODIFIER_LT, "is less than", "is not less than" },
		{ MODIFIER_LTE, "is at most", "is not at most" },
		{ MODIFIER_GT, "is more than", "is not more than" },
		{ MODIFIER_GTE, "is at least", "is not at least" },
		{ MODIFIER_CONTAINS, "contains", "does not contain" },
		{ MODIFIER_STARTSWITH, "begins with", "does not begin with" },
		{ MODIFIER_ENDSWITH, "ends with", "does not end with" },
	};
	bool turned = key->has[MODIFIER_NEQ];

	for (size_t i = 0; i < sizeof(relations) / sizeof(relations[0]); i++)
		if (key->has[relations[i].modifier])
			return turned ? relations[i].turned : relations[i].words;
	if (key->has[MODIFIER_FIELDREF])
		return turned ? "is not" : "is";
	if (any_wildcard(value))
		return turned ? "is not like" : "is like";
	return turned ? "is not" : "is";
}

static void put_value(struct buffer *to, const struct sigma_key *key, const struct yaml_node *value)
{
	if (value->kind != YAML_SCALAR) {
		buffer_text(to, "?");
	} else if (yaml_is_null(value)) {
		buffer_text(to, "nothing (missing or null)");
	} else if (value->text.len == 0) {
		buffer_text(to, "the empty text");
	} else if (key->has[MODIFIER_FIELDREF]) {
		buffer_text(to, "the value of ");
		buffer_add(to, value->text);
	} else {
		const char *mark = key->has[MODIFIER_RE] ? "/" : value->plain && !key->has[MODIFIER_RE] ? "" : "\"";
		buffer_text(to, mark);
		buffer_add(to, value->text);
		buffer_text(to, mark);
	}
}

/* Modifiers that change the value rather than say how it is compared. */
static void put_notes(struct buffer *to, const struct sigma_key *key)
{
	static const struct {
		enum sigma_modifier modifier;
		const char *words;
	} notes[] = {
		{ MODIFIER_CASED, "case counts" },
		{ MODIFIER_BASE64, "encoded in base64" },
		{ MODIFIER_BASE64OFFSET, "encoded in base64, at any offset" },
		{ MODIFIER_UTF16, "in UTF-16" },
		{ MODIFIER_UTF16LE, "in UTF-16LE" },
		{ MODIFIER_UTF16BE, "in UTF-16BE" },
		{ MODIFIER_WIDE, "in UTF-16LE" },
		{ MODIFIER_WINDASH, "with any dash" },
		{ MODIFIER_I, "without case" },
		{ MODIFIER_IGNORECASE, "without case" },
		{ MODIFIER_M, "line by line" },
		{ MODIFIER_MULTILINE, "line by line" },
		{ MODIFIER_S, ". is also a newline" },
		{ MODIFIER_DOTALL, ". is also a newline" },
	};
	const char *before = " (";

	for (size_t i = 0; i < sizeof(notes) / sizeof(notes[0]); i++) {
		if (!key->has[notes[i].modifier])
			continue;
		buffer_text(to, before);
		buffer_text(to, notes[i].words);
		before = ", ";
	}
	if (*before == ',')
		buffer_text(to, ")");
}

static void describe_list(struct describing *describing, unsigned depth, const struct sigma_key *key,
			  const struct yaml_node *list)
{
	struct buffer *line = &describing->line;
	size_t len = line->len;

	buffer_text(line, key->has[MODIFIER_ALL] ? " all of" : list->count > 1 ? " one of" : "");
	size_t head = line->len;
	for (const struct yaml_node *node = list->first; node && list->count <= VALUES_IN_LINE; node = node->next) {
		buffer_text(line, node == list->first ? " " : ", ");
		put_value(line, key, node);
	}
	if (list->count <= VALUES_IN_LINE && line->len - len <= LINE_MAX) {
		put_notes(line, key);
		say(describing, depth);
		return;
	}
	line->len = line->failed ? 0 : head;
	put_notes(line, key);
	buffer_text(line, ":");
	say(describing, depth);
	for (const struct yaml_node *node = list->first; node; node = node->next) {
		put_value(line, key, node);
		say(describing, depth + 1);
	}
}

static void describe_item(struct describing *describing, unsigned depth, const struct sigma_key *key,
			  const struct yaml_node *value)
{
	struct buffer *line = &describing->line;
	bool exists;

	buffer_text(line, date_part(key));
	if (key->field.len)
		buffer_add(line, key->field);
	else
		buffer_text(line, "the event");
	if (key->has[MODIFIER_EXISTS] && yaml_is_bool(value, &exists)) {
		say_text(describing, depth, exists ? " is there" : " is not there");
		return;
	}
	buffer_printf(line, " %s", key->field.len ? relation(key, value) : "holds");
	if (value->kind == YAML_LIST) {
		describe_list(describing, depth, key, value);
		return;
	}
	buffer_text(line, " ");
	put_value(line, key, value);
	put_notes(line, key);
	say(describing, depth);
}

/* ---- selections ---- */

static void describe_map(struct describing *describing, unsigned depth, const struct yaml_node *map)
{
	for (const struct yaml_node *node = map->first; node; node = node->next) {
		struct sigma_key key;
		if (sigma_key_read(&key, node->key, describing->diagnostics) == 0)
			describe_item(describing, depth, &key, node);
	}
}

static bool is_keywords(const struct yaml_node *node)
{
	for (const struct yaml_node *part = node->first; part; part = part->next)
		if (part->kind != YAML_SCALAR)
			return false;
	return node->kind != YAML_MAP;
}

static void describe_selection(struct describing *describing, unsigned depth, const struct yaml_node *node)
{
	const struct sigma_key keywords = { .count = 0 };

	if (is_keywords(node)) {
		describe_item(describing, depth, &keywords, node);
		return;
	}
	if (node->kind == YAML_MAP) {
		describe_map(describing, depth, node);
		return;
	}
	for (const struct yaml_node *part = node->first; part; part = part->next) {
		if (part != node->first)
			say_text(describing, depth, "or");
		/* YAML_DEPTH_MAX bounds the depth. */
		describe_selection(describing, depth + (part->kind == YAML_LIST), part);
	}
}

static void describe_condition(struct describing *describing, const struct yaml_node *condition)
{
	const struct yaml_node *part = condition->kind == YAML_LIST ? condition->first : condition;

	for (; part; part = condition->kind == YAML_LIST ? part->next : NULL) {
		buffer_text(&describing->line, part == condition || part == condition->first ? "" : "or ");
		buffer_add(&describing->line, part->text);
		say(describing, 1);
	}
}

static void describe_detection(struct describing *describing, const struct yaml_node *map)
{
	const struct yaml_node *condition = yaml_get(map, "condition");

	if (condition)
		describe_condition(describing, condition);
	say_text(describing, 1, "where");
	for (const struct yaml_node *node = map->first; node; node = node->next) {
		struct span key = node->key->text;
		if (span_equal(key, SPAN("condition")) || span_equal(key, SPAN("timeframe")) ||
		    (describing->rule->document == SIGMA_FILTER && span_equal(key, SPAN("rules"))))
			continue;
		buffer_add(&describing->line, key);
		buffer_text(&describing->line, ":");
		say(describing, 1);
		describe_selection(describing, 2, node);
	}
}

/* ---- correlations ---- */

static void put_joined(struct buffer *to, const struct span *items, size_t count, const char *between)
{
	for (size_t i = 0; i < count; i++) {
		buffer_text(to, i ? between : "");
		buffer_add(to, items[i]);
	}
}

static void put_bounds(struct buffer *to, const struct sigma_correlation *correlation)
{
	static const char *const words[] = { "exactly", "not", "less than", "at most", "more than", "at least" };

	for (size_t i = 0; i < correlation->bound_count; i++)
		buffer_printf(to, "%s%s %.12g", i ? " and " : "", words[correlation->bounds[i].compare],
			      correlation->bounds[i].number);
}

static void put_counted(struct buffer *to, const struct sigma_correlation *correlation)
{
	const char *const words[] = {
		[SIGMA_EVENT_COUNT] = " matches",
		[SIGMA_VALUE_COUNT] = " different values of ",
		[SIGMA_TEMPORAL] = "",
		[SIGMA_TEMPORAL_ORDERED] = "",
		[SIGMA_VALUE_SUM] = " as the sum of ",
		[SIGMA_VALUE_AVERAGE] = " as the average of ",
	};

	put_bounds(to, correlation);
	buffer_text(to, words[correlation->type]);
	put_joined(to, correlation->counted, correlation->counted_count, " and ");
}

static void describe_correlation(struct describing *describing)
{
	const struct sigma_correlation *correlation = describing->rule->correlation;
	struct buffer *line = &describing->line;
	bool temporal = correlation->type == SIGMA_TEMPORAL || correlation->type == SIGMA_TEMPORAL_ORDERED;

	if (temporal && !correlation->expression)
		buffer_text(line, "a match of each of its rules");
	else if (temporal)
		buffer_text(line, "matches of its rules, as the condition wants them");
	else
		put_counted(line, correlation);
	buffer_printf(line, " within %.12g seconds", (double)correlation->timespan_ms / 1000.0);
	if (correlation->type == SIGMA_TEMPORAL_ORDERED)
		buffer_text(line, ", in this order");
	if (correlation->group_count) {
		buffer_text(line, ", all of the same ");
		put_joined(line, correlation->group_by, correlation->group_count, ", ");
	}
	say(describing, 1);
	for (size_t i = 0; i < correlation->alias_count; i++) {
		const struct sigma_alias *alias = &correlation->aliases[i];
		buffer_printf(line, "%.*s is what %.*s calls %.*s", (int)alias->name.len, alias->name.data,
			      (int)alias->rule.len, alias->rule.data, (int)alias->field.len, alias->field.data);
		say(describing, 1);
	}
}

/* ---- the document ---- */

static void take_document(void *context, const struct yaml_node *root, bool global)
{
	struct describing *describing = context;
	const struct yaml_node *map =
		yaml_get(root, describing->rule->document == SIGMA_FILTER ? "filter" : "detection");

	(void)global;
	if (describing->found || root->place.line != describing->rule->place.line ||
	    root->place.column != describing->rule->place.column || !map || map->kind != YAML_MAP)
		return;
	describing->found = true;
	describe_detection(describing, map);
}

int sigma_describe(const struct sigma_rule *rule, sigma_described *described, void *context)
{
	struct sigma_diagnostics diagnostics = { .count = 0 };
	struct arena arena = { 0 };
	struct buffer text = { 0 };
	struct describing describing = {
		.rule = rule, .described = described, .context = context, .diagnostics = &diagnostics
	};
	int status = 0;

	if (rule->correlation)
		describe_correlation(&describing);
	else
		status = sigma_file_read(rule->place.file, &text, &diagnostics);
	if (status == 0 && !rule->correlation) {
		sigma_documents_read(buffer_span(&text), rule->place.file, &arena, &diagnostics, take_document,
				     &describing);
		status = describing.found ? 0 : -ESTALE;
	}
	if (describing.line.failed)
		status = -ENOMEM;
	buffer_finish(&describing.line);
	buffer_finish(&text);
	arena_finish(&arena);
	sigma_diagnostics_finish(&diagnostics);
	return status;
}
