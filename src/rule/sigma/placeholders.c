#include "rule/sigma/placeholders.h"

#include <errno.h>

#include "match/wildcard.h"

#define IN_ONE_VALUE_MAX 8

struct expansion {
	struct sigma_builder *builder;
	const struct yaml_node *scalar;
	unsigned depth;
};

static bool is_word(uint16_t unit)
{
	return unit == '_' || (unit >= '0' && unit <= '9') || (unit | 0x20u) - 'a' < 26u;
}

/* The length of %name% at `at`, or 0. */
static size_t placeholder_len(struct sigma_text text, size_t at)
{
	size_t end = at + 1;

	if (text.units[at] != '%')
		return 0;
	while (end < text.len && is_word(text.units[end]))
		end++;
	return end > at + 1 && end < text.len && text.units[end] == '%' ? end + 1 - at : 0;
}

static bool is_named(const struct sigma_placeholder *placeholder, struct sigma_text name)
{
	if (placeholder->name.len != name.len)
		return false;
	for (size_t i = 0; i < name.len; i++)
		if (name.units[i] != (unsigned char)placeholder->name.data[i])
			return false;
	return true;
}

static const struct sigma_placeholder *find(const struct sigma_builder *builder, struct sigma_text name)
{
	for (size_t i = 0; i < builder->placeholder_count; i++)
		if (is_named(&builder->placeholders[i], name))
			return &builder->placeholders[i];
	return NULL;
}

static void add_joined(struct sigma_values *to, struct sigma_text head, struct span value, struct sigma_text tail)
{
	uint16_t *room = arena_alloc(to->arena, (head.len + value.len + tail.len) * sizeof(*room));

	to->failed |= !room || head.len + value.len + tail.len > SIGMA_VALUE_MAX;
	if (to->failed)
		return;
	memcpy(room, head.units, head.len * sizeof(*room));
	size_t len = head.len + wildcard_parse(value, room + head.len);
	memcpy(room + len, tail.units, tail.len * sizeof(*room));
	sigma_values_add(to, room, len + tail.len);
}

static int expand(struct expansion *expansion, struct sigma_values *to, struct sigma_text text);

static int substitute(struct expansion *expansion, struct sigma_values *to, struct sigma_text head,
		      struct sigma_text name, struct sigma_text rest)
{
	const struct sigma_placeholder *placeholder = find(expansion->builder, name);
	struct sigma_values tails = { .arena = to->arena };
	struct span whole = expansion->scalar->text;

	if (!placeholder || ++expansion->depth > IN_ONE_VALUE_MAX)
		return sigma_error(expansion->builder->diagnostics, expansion->scalar->place,
				   placeholder ? "'%.*s' has too many placeholders"
					       : "a placeholder in '%.*s' has no values here",
				   (int)whole.len, whole.data);
	if (expand(expansion, &tails, rest) < 0)
		return -EINVAL;
	to->failed |= tails.failed;
	for (size_t i = 0; i < placeholder->count; i++)
		for (size_t j = 0; j < tails.count; j++)
			add_joined(to, head, placeholder->values[i], tails.items[j]);
	return 0;
}

static int expand(struct expansion *expansion, struct sigma_values *to, struct sigma_text text)
{
	struct sigma_text head = { arena_alloc(to->arena, text.len * sizeof(*text.units)), 0 };

	to->failed |= !head.units;
	for (size_t i = 0; head.units && i < text.len; i++) {
		size_t len = placeholder_len(text, i);
		if (len)
			return substitute(expansion, to, head, (struct sigma_text){ text.units + i + 1, len - 2 },
					  (struct sigma_text){ text.units + i + len, text.len - i - len });
		i += text.units[i] == '\\' && i + 1 < text.len && text.units[i + 1] == '%';
		head.units[head.len++] = text.units[i];
	}
	if (head.units)
		sigma_values_add(to, head.units, head.len);
	return 0;
}

int sigma_expand_placeholders(struct sigma_builder *builder, struct sigma_values *to, struct sigma_text text,
			      const struct yaml_node *scalar)
{
	struct expansion expansion = { builder, scalar, 0 };

	return expand(&expansion, to, text);
}
