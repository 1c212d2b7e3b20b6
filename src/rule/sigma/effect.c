/*
 * The key `proctor` of a rule: what a match does to a finding. docs/sigma.md
 * has the keys for readers.
 */
#include <errno.h>

#include "rule/sigma/builder.h"
#include "rule/sigma/number.h"
#include "rule/sigma/suggest.h"

static const char *const keys[] = { "risk", "score", "adds", "reason", "threat", "target", "final" };

#define KEY_COUNT (sizeof(keys) / sizeof(keys[0]))

/* The tier and score of a rule that does not say: those of its level. */
static void set_by_level(struct sigma_effect *effect, enum sigma_level level)
{
	static const struct {
		enum risk risk;
		unsigned score;
	} by_level[] = {
		[SIGMA_NO_LEVEL] = { RISK_REVIEW, 30 }, [SIGMA_INFORMATIONAL] = { RISK_REVIEW, 10 },
		[SIGMA_LOW] = { RISK_REVIEW, 30 },	[SIGMA_MEDIUM] = { RISK_REVIEW, 50 },
		[SIGMA_HIGH] = { RISK_HIGH, 75 },	[SIGMA_CRITICAL] = { RISK_HIGH, 90 },
	};

	effect->finds = true;
	effect->risk = by_level[level].risk;
	effect->score = by_level[level].score;
}

static int wrong(struct sigma_builder *builder, const struct yaml_node *node, const char *wanted)
{
	return sigma_error(builder->diagnostics, node->place, "'%.*s' of 'proctor' must be %s",
			   (int)node->key->text.len, node->key->text.data, wanted);
}

static bool read_number(const struct yaml_node *node, int least, int most, int *number)
{
	double value;

	if (node->kind != YAML_SCALAR || !sigma_number_read(node->text, &value) || value < least || value > most ||
	    value != (int)value)
		return false;
	*number = (int)value;
	return true;
}

static bool read_risk(const struct yaml_node *node, enum risk *risk)
{
	for (enum risk i = RISK_REVIEW; i <= RISK_HIGH; i++)
		if (node->kind == YAML_SCALAR && span_equal_nocase(node->text, span_of(risk_name(i)))) {
			*risk = i;
			return true;
		}
	return false;
}

static bool read_word(const struct yaml_node *node, const char *word)
{
	return node->kind == YAML_SCALAR && span_equal(node->text, span_of(word));
}

static int read_key(struct sigma_builder *builder, struct sigma_effect *effect, const struct yaml_node *node)
{
	struct span key = node->key->text;
	int number = 0;

	if (span_equal(key, SPAN("risk")))
		return read_risk(node, &effect->risk) ? 0 : wrong(builder, node, "HighRisk, KnownTool or Review");
	if (span_equal(key, SPAN("score"))) {
		if (!read_number(node, 1, 100, &number))
			return wrong(builder, node, "a number from 1 to 100");
		effect->score = (unsigned)number;
		return 0;
	}
	if (span_equal(key, SPAN("adds"))) {
		effect->adds = true;
		return read_number(node, -100, 100, &effect->addition)
			       ? 0
			       : wrong(builder, node, "a number from -100 to 100");
	}
	if (span_equal(key, SPAN("reason"))) {
		effect->reason = builder_copy(builder, node->text);
		return node->kind == YAML_SCALAR ? 0 : wrong(builder, node, "a text");
	}
	if (span_equal(key, SPAN("threat"))) {
		effect->threat = builder_copy(builder, node->text);
		return node->kind == YAML_SCALAR ? 0 : wrong(builder, node, "a text");
	}
	if (span_equal(key, SPAN("target"))) {
		effect->credentials = true;
		return read_word(node, "credentials") ? 0 : wrong(builder, node, "'credentials'");
	}
	if (span_equal(key, SPAN("final"))) {
		effect->final = true;
		return read_word(node, "true") ? 0 : wrong(builder, node, "'true'");
	}
	const char *meant = sigma_suggest(key, keys, KEY_COUNT);
	return sigma_error(builder->diagnostics, node->place, "'proctor' has no key '%.*s'%s%s%s", (int)key.len,
			   key.data, meant ? "; did you mean '" : "", meant ? meant : "", meant ? "'?" : "");
}

int sigma_effect_read(struct sigma_builder *builder, struct sigma_rule *rule, const struct yaml_node *map)
{
	struct sigma_effect *effect = &rule->effect;
	int status = 0;

	set_by_level(effect, rule->level);
	effect->reason = rule->title;
	if (!map || yaml_is_null(map))
		return 0;
	if (map->kind != YAML_MAP)
		return sigma_error(builder->diagnostics, map->place, "'proctor' must be a map");
	for (const struct yaml_node *node = map->first; node && status == 0; node = node->next)
		status = read_key(builder, effect, node);
	effect->finds = yaml_get(map, "risk") || yaml_get(map, "score") || !effect->adds;
	return status;
}
