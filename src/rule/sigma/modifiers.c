#include "rule/sigma/modifiers.h"

#include <errno.h>

#include "rule/sigma/suggest.h"

#define T OF_TEXT
#define R OF_REGEX
#define N OF_NETWORK
#define C OF_COMPARED
#define D OF_DATE
#define F OF_FIELD
#define E OF_EXISTS
#define SAME 0

static const char *const names[] = {
#define MODIFIER(id, name, from, to) name,
#include "rule/sigma/modifiers.def"
#undef MODIFIER
};

static const struct {
	unsigned from, to;
} types[] = {
#define MODIFIER(id, name, from, to) { from, to },
#include "rule/sigma/modifiers.def"
#undef MODIFIER
};

static enum sigma_modifier modifier_of(struct span name)
{
	for (unsigned i = 0; i < MODIFIER_COUNT; i++)
		if (span_equal(name, span_of(names[i])))
			return (enum sigma_modifier)i;
	return MODIFIER_COUNT;
}

const char *sigma_modifier_name(enum sigma_modifier modifier)
{
	return names[modifier];
}

/* What the specification says beyond the types: some act on the value as it stands in the rule only. */
static bool must_be_first(enum sigma_modifier modifier)
{
	return modifier == MODIFIER_RE || modifier == MODIFIER_CIDR || modifier == MODIFIER_EXISTS;
}

static int add(struct sigma_key *key, struct span name, struct sigma_place place, struct sigma_diagnostics *diagnostics)
{
	enum sigma_modifier modifier = modifier_of(name);

	if (modifier == MODIFIER_COUNT) {
		const char *meant = sigma_suggest(name, names, MODIFIER_COUNT);
		return sigma_error(diagnostics, place, "there is no modifier '%.*s'%s%s%s", (int)name.len, name.data,
				   meant ? "; did you mean '" : "", meant ? meant : "", meant ? "'?" : "");
	}
	if (key->count == SIGMA_MODIFIERS_MAX)
		return sigma_error(diagnostics, place, "more than %d modifiers", SIGMA_MODIFIERS_MAX);
	if (key->has[modifier])
		return sigma_error(diagnostics, place, "the modifier '%s' comes twice", names[modifier]);
	if (!(types[modifier].from & key->type) || (must_be_first(modifier) && key->count))
		return sigma_error(diagnostics, place, "the modifier '%s' cannot follow %s%s%s", names[modifier],
				   key->count ? "'" : "the field's name",
				   key->count ? names[key->modifiers[key->count - 1]] : "", key->count ? "'" : "");
	key->modifiers[key->count++] = modifier;
	key->has[modifier] = true;
	if (types[modifier].to != SAME)
		key->type = (enum sigma_value_type)types[modifier].to;
	return 0;
}

int sigma_key_read(struct sigma_key *key, const struct yaml_node *node, struct sigma_diagnostics *diagnostics)
{
	size_t pipe = span_index(node->text, '|');

	*key = (struct sigma_key){ .field = span_first(node->text, pipe), .place = node->place, .type = OF_TEXT };
	while (pipe < node->text.len) {
		struct span rest = span_skip(node->text, pipe + 1);
		struct span name = span_first(rest, span_index(rest, '|'));
		if (add(key, name, yaml_place(node, pipe + 1), diagnostics) < 0)
			return -EINVAL;
		pipe += 1 + name.len;
	}
	if (key->field.len == 0 && (key->type & (OF_EXISTS | OF_FIELD)))
		return sigma_error(diagnostics, node->place, "'%s' needs a field's name before it",
				   key->type == OF_EXISTS ? "exists" : "fieldref");
	return 0;
}
