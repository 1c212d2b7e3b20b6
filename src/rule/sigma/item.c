/*
 * From a key with modifiers and its values to tests. The order of the
 * modifiers counts: each takes the texts that the one before it gave.
 */
#include <errno.h>
#include <stdlib.h>

#include "base/buffer.h"
#include "rule/sigma/builder.h"
#include "rule/sigma/number.h"
#include "rule/sigma/placeholders.h"

struct item_reader {
	struct sigma_builder *builder;
	const struct sigma_key *key;
	const struct yaml_node *scalar; /* whose value is on its way */
	struct sigma_test *tests;
	size_t count, capacity;
	uint32_t value; /* its number */
};

/* ---- modifiers that change texts ---- */

static void add_stars(struct sigma_values *to, struct sigma_text text, bool before, bool behind)
{
	uint16_t *room = arena_alloc(to->arena, (text.len + 2) * sizeof(*room));
	size_t len = 0;

	to->failed |= !room;
	if (!room)
		return;
	if (before && !(text.len && text.units[0] == WILDCARD_MANY))
		room[len++] = WILDCARD_MANY;
	memcpy(room + len, text.units, text.len * sizeof(*room));
	len += text.len;
	if (behind && !(len && room[len - 1] == WILDCARD_MANY))
		room[len++] = WILDCARD_MANY;
	sigma_values_add(to, room, len);
}

static int encoded(struct item_reader *reader, bool done)
{
	if (done)
		return 0;
	return sigma_error(reader->builder->diagnostics, reader->scalar->place,
			   "'%.*s' cannot be encoded: it has wildcards (write \\* for a star), or is no UTF-8",
			   (int)reader->scalar->text.len, reader->scalar->text.data);
}

static int transform(struct item_reader *reader, enum sigma_modifier modifier, struct sigma_values *to,
		     struct sigma_text text)
{
	switch ((int)modifier) {
	case MODIFIER_CONTAINS:
	case MODIFIER_STARTSWITH:
	case MODIFIER_ENDSWITH:
		add_stars(to, text, modifier != MODIFIER_STARTSWITH, modifier != MODIFIER_ENDSWITH);
		return 0;
	case MODIFIER_BASE64:
		return encoded(reader, sigma_encode_base64(to, text));
	case MODIFIER_BASE64OFFSET:
		return encoded(reader, sigma_encode_base64offset(to, text));
	case MODIFIER_WIDE:
	case MODIFIER_UTF16LE:
		return encoded(reader, sigma_encode_utf16(to, text, UTF16_LE));
	case MODIFIER_UTF16BE:
		return encoded(reader, sigma_encode_utf16(to, text, UTF16_BE));
	case MODIFIER_UTF16:
		return encoded(reader, sigma_encode_utf16(to, text, UTF16_MARKED));
	case MODIFIER_WINDASH:
		sigma_expand_dashes(to, text);
		return 0;
	case MODIFIER_EXPAND:
		return sigma_expand_placeholders(reader->builder, to, text, reader->scalar);
	default:
		sigma_values_add(to, text.units, text.len);
		return 0;
	}
}

static int transform_all(struct item_reader *reader, struct sigma_values *values)
{
	for (size_t i = 0; i < reader->key->count; i++) {
		struct sigma_values next = { .arena = values->arena };
		for (size_t j = 0; j < values->count; j++)
			if (transform(reader, reader->key->modifiers[i], &next, values->items[j]) < 0)
				return -EINVAL;
		if (next.failed)
			return sigma_error(reader->builder->diagnostics, reader->scalar->place,
					   "'%s' makes more than %d values of it, or memory is out",
					   sigma_modifier_name(reader->key->modifiers[i]), SIGMA_VALUES_MAX);
		*values = next;
	}
	return 0;
}

/* ---- tests ---- */

static struct sigma_test *add_test(struct item_reader *reader, enum sigma_test_kind kind)
{
	if (reader->count == SIGMA_VALUES_MAX) {
		sigma_error(reader->builder->diagnostics, reader->scalar->place, "more than %d values",
			    SIGMA_VALUES_MAX);
		return NULL;
	}
	if (reader->count == reader->capacity) {
		size_t capacity = reader->capacity ? 2 * reader->capacity : 4;
		struct sigma_test *tests =
			builder_alloc(reader->builder, capacity * sizeof(*tests), reader->scalar->place);
		if (!tests)
			return NULL;
		if (reader->count)
			memcpy(tests, reader->tests, reader->count * sizeof(*tests));
		reader->tests = tests;
		reader->capacity = capacity;
	}
	struct sigma_test *test = &reader->tests[reader->count++];
	*test = (struct sigma_test){ .kind = kind, .value = reader->value };
	return test;
}

static int read_text(struct item_reader *reader)
{
	struct span text = reader->scalar->text;
	uint16_t *units = arena_alloc(reader->builder->arena, text.len * sizeof(*units));
	struct sigma_values values = { .arena = reader->builder->arena };

	if (!units)
		return sigma_out_of_memory(reader->builder->diagnostics, reader->scalar->place);
	sigma_values_add(&values, units, wildcard_parse(text, units));
	if (transform_all(reader, &values) < 0)
		return -EINVAL;
	for (size_t i = 0; i < values.count; i++) {
		struct sigma_values open = { .arena = values.arena };
		if (reader->key->field.len == 0) /* keywords stand anywhere */
			add_stars(&open, values.items[i], true, true);
		struct sigma_text unit = open.count ? open.items[0] : values.items[i];
		struct sigma_test *test = add_test(reader, SIGMA_TEST_TEXT);
		if (!test || !wildcard_init(&test->wildcard, unit.units, unit.len, reader->key->has[MODIFIER_CASED],
					    values.arena))
			return -EINVAL;
	}
	return 0;
}

static int keep_regex(struct sigma_builder *builder, struct regex *regex)
{
	struct sigma_regexes *regexes = builder->regexes;

	if (regexes->count == regexes->capacity) {
		size_t capacity = regexes->capacity ? 2 * regexes->capacity : 64;
		struct regex **items = realloc(regexes->items, capacity * sizeof(struct regex *));
		if (!items)
			return -ENOMEM;
		regexes->items = items;
		regexes->capacity = capacity;
	}
	regexes->items[regexes->count++] = regex;
	return 0;
}

/*
 * What the regex cannot match without. They are looked for without regard to
 * case in any event, so a regex that ignores it has them, too; but not beyond
 * ASCII, where PCRE2 knows more of case than we do.
 */
static int find_literals(struct item_reader *reader, struct sigma_test *test)
{
	struct span text = reader->scalar->text;
	struct regex_literals *literals = builder_alloc(reader->builder, sizeof(*literals), reader->scalar->place);

	if (!literals)
		return -ENOMEM;
	test->literals = literals;
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.data[i] >= 0x80)
			return 0;
	regex_literals_find(text, false, reader->builder->arena, literals);
	return 0;
}

static int read_regex(struct item_reader *reader)
{
	const bool *has = reader->key->has;
	bool lines = has[MODIFIER_M] || has[MODIFIER_MULTILINE], all = has[MODIFIER_S] || has[MODIFIER_DOTALL];
	struct span text = reader->scalar->text;
	struct sigma_test *test = add_test(reader, SIGMA_TEST_REGEX);
	struct buffer pattern = { 0 };
	struct err err;

	if (!test)
		return -EINVAL;
	if (lines || all)
		buffer_printf(&pattern, "(?%s%s)", lines ? "m" : "", all ? "s" : "");
	buffer_add(&pattern, text);
	test->regex = pattern.failed
			      ? NULL
			      : regex_create(buffer_span(&pattern), has[MODIFIER_I] || has[MODIFIER_IGNORECASE], &err);
	bool failed = pattern.failed;
	buffer_finish(&pattern);
	if (!test->regex)
		return sigma_error(reader->builder->diagnostics, reader->scalar->place, "%s",
				   failed ? "memory is out" : err.text);
	if (keep_regex(reader->builder, test->regex) < 0) {
		regex_destroy(test->regex);
		return sigma_out_of_memory(reader->builder->diagnostics, reader->scalar->place);
	}
	return find_literals(reader, test);
}

static int read_network(struct item_reader *reader)
{
	struct sigma_test *test = add_test(reader, SIGMA_TEST_CIDR);
	struct span text = reader->scalar->text;
	int status = test ? cidr_parse(&test->network, text) : -EINVAL;

	if (test && status < 0)
		return sigma_error(reader->builder->diagnostics, reader->scalar->place,
				   "'%.*s' is no network, such as 10.0.0.0/8", (int)text.len, text.data);
	if (status > 0)
		sigma_warning(reader->builder->diagnostics, reader->scalar->place,
			      "'%.*s' has bits set behind its prefix; they are ignored", (int)text.len, text.data);
	return status < 0 ? status : 0;
}

static int read_number(struct item_reader *reader)
{
	static const struct {
		enum sigma_modifier modifier;
		enum sigma_compare compare;
	} compares[] = { { MODIFIER_LT, SIGMA_LT },
			 { MODIFIER_LTE, SIGMA_LTE },
			 { MODIFIER_GT, SIGMA_GT },
			 { MODIFIER_GTE, SIGMA_GTE } };
	const bool *has = reader->key->has;
	bool date = has[MODIFIER_MINUTE] || has[MODIFIER_HOUR] || has[MODIFIER_DAY] || has[MODIFIER_WEEK] ||
		    has[MODIFIER_MONTH] || has[MODIFIER_YEAR];
	struct sigma_test *test = add_test(reader, date ? SIGMA_TEST_TIME : SIGMA_TEST_NUMBER);

	if (!test)
		return -EINVAL;
	for (size_t i = 0; i < sizeof(compares) / sizeof(compares[0]); i++)
		if (has[compares[i].modifier])
			test->compare = compares[i].compare;
	for (unsigned i = 0; date && i <= SIGMA_YEAR; i++)
		if (has[MODIFIER_MINUTE + i])
			test->part = (enum sigma_time_part)i;
	if (!sigma_number_read(reader->scalar->text, &test->number))
		return sigma_error(reader->builder->diagnostics, reader->scalar->place, "'%.*s' is no number",
				   (int)reader->scalar->text.len, reader->scalar->text.data);
	return 0;
}

static int read_reference(struct item_reader *reader)
{
	const bool *has = reader->key->has;
	struct sigma_test *test = add_test(reader, SIGMA_TEST_REFERENCE);

	if (!test)
		return -EINVAL;
	test->reference = (struct sigma_reference){
		.name = builder_copy(reader->builder, reader->scalar->text),
		.open_start = has[MODIFIER_CONTAINS] || has[MODIFIER_ENDSWITH],
		.open_end = has[MODIFIER_CONTAINS] || has[MODIFIER_STARTSWITH],
		.cased = has[MODIFIER_CASED],
	};
	return 0;
}

static int read_exists(struct item_reader *reader)
{
	struct sigma_test *test = add_test(reader, SIGMA_TEST_EXISTS);

	if (!test)
		return -EINVAL;
	if (!yaml_is_bool(reader->scalar, &test->exists))
		return sigma_error(reader->builder->diagnostics, reader->scalar->place, "'exists' needs true or false");
	return 0;
}

static int read_scalar(struct item_reader *reader, const struct yaml_node *scalar)
{
	reader->scalar = scalar;
	reader->value++;
	if (scalar->kind != YAML_SCALAR)
		return sigma_error(reader->builder->diagnostics, scalar->place,
				   "a value must be a text, a number or null");
	if (scalar->text.len > SIGMA_VALUE_MAX)
		return sigma_error(reader->builder->diagnostics, scalar->place, "the value is longer than %d bytes",
				   SIGMA_VALUE_MAX);
	if (yaml_is_null(scalar) && reader->key->type == OF_TEXT)
		return add_test(reader, SIGMA_TEST_NULL) ? 0 : -EINVAL;
	switch (reader->key->type) {
	case OF_TEXT:
		return read_text(reader);
	case OF_REGEX:
		return read_regex(reader);
	case OF_NETWORK:
		return read_network(reader);
	case OF_COMPARED:
	case OF_DATE:
		return read_number(reader);
	case OF_FIELD:
		return read_reference(reader);
	case OF_EXISTS:
		return read_exists(reader);
	}
	return -EINVAL;
}

/* ---- items ---- */

static int read_values(struct item_reader *reader, const struct yaml_node *value)
{
	if (value->kind != YAML_LIST)
		return read_scalar(reader, value);
	if (value->count == 0)
		return sigma_error(reader->builder->diagnostics, value->place, "the list of values is empty");
	for (const struct yaml_node *node = value->first; node; node = node->next)
		if (read_scalar(reader, node) < 0)
			return -EINVAL;
	return 0;
}

/* What the specification calls wrong, and yet has one meaning. */
static void warn(const struct item_reader *reader, const struct yaml_node *value)
{
	struct sigma_diagnostics *diagnostics = reader->builder->diagnostics;
	const bool *has = reader->key->has;

	if (has[MODIFIER_ALL] && (value->kind != YAML_LIST || value->count == 1))
		sigma_warning(diagnostics, reader->key->place, "'all' has only one value");
	if (value->kind != YAML_LIST || value->count == 1)
		return;
	for (const struct yaml_node *node = value->first; node; node = node->next)
		if (yaml_is_null(node))
			sigma_warning(diagnostics, node->place,
				      "null should be no part of a list: give it a selection of its own");
}

struct sigma_item *sigma_item_read(struct sigma_builder *builder, const struct sigma_key *key,
				   const struct yaml_node *value)
{
	struct item_reader reader = { .builder = builder, .key = key };
	struct sigma_item *item = builder_alloc(builder, sizeof(*item), key->place);

	if (!item || read_values(&reader, value) < 0)
		return NULL;
	warn(&reader, value);
	*item = (struct sigma_item){ .field = builder_copy(builder, key->field),
				     .all = key->has[MODIFIER_ALL],
				     .negated = key->has[MODIFIER_NEQ],
				     .tests = reader.tests,
				     .count = reader.count,
				     .place = key->place };
	return item;
}
