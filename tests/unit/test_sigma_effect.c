/* rule/sigma/effect.c: the key `proctor` of a rule, as it is and as it is not meant. */
#include "sigma_scene.h"

#define WITH(level, lines)                                                                                    \
	"title: t\nid: r\n" level "logsource: {product: linux, service: auditd}\ndetection:\n    s: {f: a}\n" \
	"    condition: s\n" lines

static struct sigma_effect effect_of(const char *text)
{
	struct scene scene;

	scene_open(&scene, text);
	struct sigma_effect effect = scene.rules->items[0].effect;
	effect.reason = effect.threat = (struct span){ 0 }; /* they go with the rules */
	scene_close(&scene);
	return effect;
}

static void assert_wrong(const char *lines, const char *message)
{
	char text[1024];
	struct scene scene;

	snprintf(text, sizeof(text), WITH("", "%s"), lines);
	scene_load(&scene, text);
	scene_link(&scene);
	if (!scene_diagnostic(&scene, message))
		fail_msg("'%s' is not told: %s", lines, message);
	assert_int_equal(scene.rules->diagnostics.errors, 1);
	scene_close(&scene);
}

static void test_effect_of_level(void **state)
{
	static const struct {
		const char *text;
		enum risk risk;
		unsigned score;
	} levels[] = {
		{ WITH("", ""), RISK_REVIEW, 30 },
		{ WITH("level: informational\n", ""), RISK_REVIEW, 10 },
		{ WITH("level: low\n", ""), RISK_REVIEW, 30 },
		{ WITH("level: medium\n", ""), RISK_REVIEW, 50 },
		{ WITH("level: high\n", ""), RISK_HIGH, 75 },
		{ WITH("level: critical\n", "proctor:\n"), RISK_HIGH, 90 },
		{ WITH("level: critical\n", "proctor: {risk: knowntool}\n"), RISK_KNOWN_TOOL, 90 },
		{ WITH("level: low\n", "proctor: {score: 100}\n"), RISK_REVIEW, 100 },
	};

	for (size_t i = 0; i < sizeof(levels) / sizeof(*levels); i++) {
		struct sigma_effect effect = effect_of(levels[i].text);
		assert_true(effect.finds);
		assert_int_equal(effect.risk, levels[i].risk);
		assert_int_equal(effect.score, levels[i].score);
	}
}

static void test_effect_of_circumstances(void **state)
{
	struct sigma_effect effect = effect_of(WITH("level: high\n", "proctor: {adds: -25, reason: r}\n"));

	assert_false(effect.finds);
	assert_int_equal(effect.addition, -25);
	effect = effect_of(WITH("level: high\n", "proctor: {adds: 5, score: 40, final: true, target: credentials}\n"));
	assert_true(effect.finds && effect.final && effect.credentials);
	assert_int_equal(effect.addition, 5);
	assert_int_equal(effect.score, 40);
}

static void test_effect_wrong(void **state)
{
	char zeros[400];

	assert_wrong("proctor: [a]\n", "'proctor' must be a map");
	assert_wrong("proctor: {risk: High}\n", "'risk' of 'proctor' must be HighRisk, KnownTool or Review");
	assert_wrong("proctor: {risk: None}\n", "'risk' of 'proctor' must be");
	assert_wrong("proctor: {risk: [Review]}\n", "'risk' of 'proctor' must be");
	assert_wrong("proctor: {score: 0}\n", "'score' of 'proctor' must be a number from 1 to 100");
	assert_wrong("proctor: {score: 101}\n", "'score' of 'proctor' must be");
	assert_wrong("proctor: {score: 1.5}\n", "'score' of 'proctor' must be");
	assert_wrong("proctor: {score: 1e300}\n", "'score' of 'proctor' must be");
	assert_wrong("proctor: {score: {a: 1}}\n", "'score' of 'proctor' must be");
	assert_wrong("proctor: {adds: 101}\n", "'adds' of 'proctor' must be a number from -100 to 100");
	assert_wrong("proctor: {adds: ''}\n", "'adds' of 'proctor' must be");
	assert_wrong("proctor: {reason: [a]}\n", "'reason' of 'proctor' must be a text");
	assert_wrong("proctor: {threat: {a: b}}\n", "'threat' of 'proctor' must be a text");
	assert_wrong("proctor: {target: everything}\n", "'target' of 'proctor' must be 'credentials'");
	assert_wrong("proctor: {final: false}\n", "'final' of 'proctor' must be 'true'");
	assert_wrong("proctor: {scores: 1}\n", "'proctor' has no key 'scores'; did you mean 'score'?");
	snprintf(zeros, sizeof(zeros), "proctor: {score: 1.%0350d}\n", 0);
	assert_wrong(zeros, "'score' of 'proctor' must be");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_effect_of_level),
		cmocka_unit_test(test_effect_of_circumstances),
		cmocka_unit_test(test_effect_wrong),
	};

	scene_unused();
	(void)scene_matches;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
