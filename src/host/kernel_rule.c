/*
 * kernel_rule: building and comparing. What it says is kernel_rule_text.c.
 *
 * The texts of a rule stand one behind the other in data->buf, without an
 * end; values[n] is the length of the n-th field's. The sizes in `data` never
 * contradict each other: kernel_rule_copy refuses, the builders keep it.
 */
#include "host/kernel_rule.h"

#include <libaudit.h>
#include <stdlib.h>

static const char *const our_keys[] = { "proctor_procfs", "proctor_xmem", "proctor_mnt", "proctor_iouring",
					"proctor_exec" };

void kernel_rule_init(struct kernel_rule *rule, unsigned list, unsigned action)
{
	*rule = (struct kernel_rule){ .data = calloc(1, sizeof(*rule->data)) };
	if (!rule->data)
		return;
	rule->data->flags = list;
	rule->data->action = action;
}

void kernel_rule_finish(struct kernel_rule *rule)
{
	free(rule->data);
	rule->data = NULL;
}

size_t kernel_rule_size(const struct kernel_rule *rule)
{
	return rule->data ? sizeof(*rule->data) + rule->data->buflen : 0;
}

static bool is_consistent(const struct audit_rule_data *data)
{
	uint64_t used = 0;

	if (data->field_count > AUDIT_MAX_FIELDS || data->buflen > KERNEL_RULE_BYTES_MAX)
		return false;
	for (unsigned i = 0; i < data->field_count; i++)
		used += kernel_rule_is_text(data->fields[i]) ? data->values[i] : 0;
	return used <= data->buflen;
}

bool kernel_rule_copy(struct kernel_rule *rule, const void *bytes, size_t len)
{
	struct audit_rule_data *data;

	*rule = (struct kernel_rule){ 0 };
	if (len < sizeof(*data) || len > sizeof(*data) + KERNEL_RULE_BYTES_MAX)
		return false;
	data = malloc(len);
	if (!data)
		return false;
	memcpy(data, bytes, len);
	if (data->buflen > len - sizeof(*data) || !is_consistent(data)) {
		free(data);
		return false;
	}
	rule->data = data;
	return true;
}

void kernel_rule_call(struct kernel_rule *rule, unsigned number)
{
	if (rule->data && number / 32 < AUDIT_BITMASK_SIZE)
		rule->data->mask[number / 32] |= 1u << number % 32;
}

bool kernel_rule_has_call(const struct kernel_rule *rule, unsigned number)
{
	return rule->data && number / 32 < AUDIT_BITMASK_SIZE && rule->data->mask[number / 32] & 1u << number % 32;
}

void kernel_rule_field(struct kernel_rule *rule, unsigned field, unsigned op, uint32_t value)
{
	struct audit_rule_data *data = rule->data;

	if (!data)
		return;
	if (data->field_count >= AUDIT_MAX_FIELDS) {
		kernel_rule_finish(rule);
		return;
	}
	data->fields[data->field_count] = field;
	data->fieldflags[data->field_count] = op;
	data->values[data->field_count++] = value;
}

void kernel_rule_text_field(struct kernel_rule *rule, unsigned field, struct span text)
{
	struct audit_rule_data *grown;
	size_t used = rule->data ? rule->data->buflen : 0;

	if (!rule->data)
		return;
	grown = text.len > KERNEL_RULE_BYTES_MAX - used ? NULL : realloc(rule->data, sizeof(*grown) + used + text.len);
	if (!grown) {
		kernel_rule_finish(rule);
		return;
	}
	rule->data = grown;
	memcpy(grown->buf + used, text.data, text.len);
	grown->buflen += (uint32_t)text.len;
	kernel_rule_field(rule, field, AUDIT_EQUAL, (uint32_t)text.len);
}

struct span kernel_rule_text(const struct kernel_rule *rule, unsigned n)
{
	const struct audit_rule_data *data = rule->data;
	size_t at = 0;

	if (!data || n >= data->field_count || !kernel_rule_is_text(data->fields[n]))
		return (struct span){ 0 };
	for (unsigned i = 0; i < n; i++)
		at += kernel_rule_is_text(data->fields[i]) ? data->values[i] : 0;
	return (struct span){ data->buf + at, data->values[n] };
}

/* The kernel compares likewise: the order of the fields counts. */
bool kernel_rule_equal(const struct kernel_rule *a, const struct kernel_rule *b)
{
	const struct audit_rule_data *x = a->data, *y = b->data;
	size_t fields = x ? x->field_count * sizeof(x->fields[0]) : 0;

	return x && y && x->flags == y->flags && x->action == y->action && x->field_count == y->field_count &&
	       memcmp(x->mask, y->mask, sizeof(x->mask)) == 0 && memcmp(x->fields, y->fields, fields) == 0 &&
	       memcmp(x->values, y->values, fields) == 0 && memcmp(x->fieldflags, y->fieldflags, fields) == 0 &&
	       span_equal((struct span){ x->buf, x->buflen }, (struct span){ y->buf, y->buflen });
}

static bool is_our_key(struct span key)
{
	for (size_t i = 0; i < sizeof(our_keys) / sizeof(our_keys[0]); i++)
		if (span_equal(key, span_of(our_keys[i])))
			return true;
	return false;
}

enum kernel_rule_owner kernel_rule_owner(const struct kernel_rule *rule)
{
	bool ours = false, others = false;

	for (unsigned i = 0; rule->data && i < rule->data->field_count; i++) {
		if (rule->data->fields[i] != AUDIT_FILTERKEY)
			continue;
		for (struct span keys = kernel_rule_text(rule, i); keys.len;) {
			size_t len = span_index(keys, AUDIT_KEY_SEPARATOR);
			*(is_our_key(span_first(keys, len)) ? &ours : &others) = true;
			keys = span_skip(keys, len + 1);
		}
	}
	if (!ours)
		return KERNEL_RULE_OTHERS;
	return others ? KERNEL_RULE_SHARED : KERNEL_RULE_OURS;
}
