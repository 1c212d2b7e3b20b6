/*
 * kv "a", "b" as x, y              by what pairs usually look like (pairs.h)
 * kv regex "(\w+)=(\S*)" "a"       two groups: a key and its value; the first match with that key counts
 * kv regex "=(\S*)" "a"            one group: the value, in the first match behind the key's first occurrence
 * kv auto [delim ":"] [keys …]     all pairs that there are; of those with one key, the last
 *
 * Every key has to be there, unless nodrop or auto.
 */
#include "match/regex.h"
#include "query/dynamic.h"
#include "query/pairs.h"

struct keyvalue {
	struct extract extract;
	struct pairs pairs;
	const struct span *keys;
	size_t count;
	uint32_t *targets;
	struct span *values; /* of the row at hand; data NULL: not found */
	bool by_regex, automatic;
	struct searcher searcher;
	struct dynamic dynamic;
};

/* ---- compiling ---- */

static bool is_word(char c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_';
}

static char name_byte(char byte)
{
	return (char)(is_word(byte) ? byte : '_');
}

static int create_regex(struct keyvalue *keyvalue, const struct expr *expr, struct plan *plan)
{
	int status = plan_regex(plan, expr->text, false, &expr->place, &keyvalue->searcher);

	if (status < 0)
		return status;
	keyvalue->by_regex = true;
	size_t groups = regex_group_count(keyvalue->searcher.regex);
	if (groups < 1 || groups > 2)
		return plan_refuse(plan, &expr->place,
				   "the regex of keyvalue has one group, for the value, or two, for key and value");
	return 0;
}

static int read_option(struct keyvalue *keyvalue, const struct named_expr *option, struct plan *plan)
{
	if (span_equal(option->name, SPAN("regex")))
		return create_regex(keyvalue, option->expr, plan);
	if (!span_equal(option->name, SPAN("delim")) && !span_equal(option->name, SPAN("delimiter")))
		return 0;
	if (!option->expr || option->expr->kind != EXPR_STRING || option->expr->text.len == 0)
		return plan_refuse(plan, &option->place, "a delimiter belongs here, in quotes");
	keyvalue->pairs.delimiter = option->expr->text;
	return 0;
}

static int create_targets(struct keyvalue *keyvalue, const struct operator* operator, struct plan * plan)
{
	keyvalue->keys = operator->patterns;
	keyvalue->count = operator->pattern_count;
	keyvalue->values = plan_alloc(plan, keyvalue->count * sizeof(*keyvalue->values));
	if (!keyvalue->values)
		return -ENOMEM;
	/* Its names are made as those of auto are. */
	int status = dynamic_create(&keyvalue->dynamic, operator, plan, name_byte);
	keyvalue->targets = keyvalue->dynamic.targets;
	return status;
}

static int create(struct stage *stage, const struct operator* operator, struct plan * plan)
{
	struct keyvalue *keyvalue = plan_alloc(plan, sizeof(*keyvalue));
	int status = 0;

	if (!keyvalue)
		return -ENOMEM;
	if (operator->multi)
		return plan_refuse(plan, &operator->place, "multi works with parse regex only");
	extract_create(plan, operator, & keyvalue->extract);
	stage->state = keyvalue;
	keyvalue->automatic = operator->auto_mode;
	for (size_t i = 0; status == 0 && i < operator->option_count; i++)
		status = read_option(keyvalue, &operator->options[i], plan);
	if (status == 0 && keyvalue->automatic && keyvalue->by_regex)
		return plan_refuse(plan, &operator->place, "keyvalue is either auto or by a regex");
	return status < 0 ? status : create_targets(keyvalue, operator, plan);
}

/* ---- by a regex ---- */

static bool search(const struct keyvalue *keyvalue, struct row *row, struct span text, size_t from)
{
	int found = regex_search(keyvalue->searcher.regex, keyvalue->searcher.match, text, from);

	if (found < 0)
		row->trouble = "the regex took too many steps";
	return found > 0;
}

/* One group: behind the first occurrence of each key. */
static size_t find_values(const struct keyvalue *keyvalue, struct row *row, struct span text)
{
	size_t count = 0;

	for (size_t i = 0; i < keyvalue->count && !row->trouble; i++) {
		size_t at = span_find(text, keyvalue->keys[i]);
		if (at == text.len || !search(keyvalue, row, text, at + keyvalue->keys[i].len))
			continue;
		keyvalue->values[i] = regex_group(keyvalue->searcher.match, text, 1);
		count += keyvalue->values[i].data != NULL;
	}
	return count;
}

static size_t take_pair(const struct keyvalue *keyvalue, struct span key, struct span value)
{
	size_t taken = 0;

	for (size_t i = 0; i < keyvalue->count; i++) {
		if (keyvalue->values[i].data || !value.data || !span_equal(keyvalue->keys[i], key))
			continue;
		keyvalue->values[i] = value;
		taken++;
	}
	return taken;
}

/* Two groups: the matches one after the other, until all keys are found. */
static size_t find_pairs(const struct keyvalue *keyvalue, struct row *row, struct span text)
{
	const struct regex_match *match = keyvalue->searcher.match;
	size_t count = 0, from = 0;

	while (count < keyvalue->count && from <= text.len && search(keyvalue, row, text, from)) {
		struct span whole = regex_group(match, text, 0);
		count += take_pair(keyvalue, regex_group(match, text, 1), regex_group(match, text, 2));
		from = (size_t)(whole.data - text.data) + whole.len + (whole.len == 0);
		if (!extract_spend(row, text))
			break;
	}
	return count;
}

/* ---- rows ---- */

static size_t infer_values(const struct keyvalue *keyvalue, struct span text)
{
	size_t count = 0;

	for (size_t i = 0; i < keyvalue->count; i++)
		count += pairs_find(&keyvalue->pairs, text, keyvalue->keys[i], &keyvalue->values[i]);
	return count;
}

static bool find_all(const struct keyvalue *keyvalue, struct row *row, struct span text)
{
	size_t count;

	memset(keyvalue->values, 0, keyvalue->count * sizeof(*keyvalue->values));
	if (!keyvalue->by_regex)
		count = infer_values(keyvalue, text);
	else if (regex_group_count(keyvalue->searcher.regex) == 1)
		count = find_values(keyvalue, row, text);
	else
		count = find_pairs(keyvalue, row, text);
	return count == keyvalue->count;
}

static int push_auto(struct stage *stage, struct row *row, struct span text)
{
	struct keyvalue *keyvalue = stage->state;
	struct dynamic *dynamic = &keyvalue->dynamic;
	char name[DYNAMIC_NAME_MAX];
	struct pair pair;

	dynamic_start(dynamic, stage->run);
	for (size_t at = 0; pairs_next(&keyvalue->pairs, text, &at, &pair);) {
		if (pair.key.len > sizeof(name))
			continue;
		for (size_t i = 0; i < pair.key.len; i++)
			name[i] = name_byte(pair.key.data[i]);
		uint32_t slot = dynamic_slot(dynamic, stage->run, (struct span){ name, pair.key.len });
		if (slot != SLOT_NONE)
			row->values[slot] = value_text(pair.value);
	}
	return stage_hand_on(stage, row);
}

static int push(struct stage *stage, struct row *row)
{
	const struct keyvalue *keyvalue = stage->state;
	const struct extract *extract = &keyvalue->extract;
	struct span text;
	bool is_text = extract_text(extract, row, &text);

	if (keyvalue->automatic)
		return push_auto(stage, row, is_text ? text : SPAN(""));
	bool all = is_text && find_all(keyvalue, row, text);
	for (size_t i = 0; is_text && i < keyvalue->count && (all || extract->nodrop); i++)
		if (keyvalue->values[i].data)
			row->values[keyvalue->targets[i]] = value_text(keyvalue->values[i]);
	return extract_end(stage, row, extract, all, "the text has no such key with a value");
}

const struct operator_type keyvalue_type = { .create = create, .push = push };
