#include "cmd/rules_suites.h"

#include <errno.h>
#include <stdlib.h>

#include "engine/rule_log.h"

#define CHAIN_MAX 16 /* correlations of correlations, as the linker has it */

struct suite_cache {
	char *path;
	struct trial_log log;
};

/* ---- lifecycle ---- */

int suites_init(struct suites *suites, struct pack *pack)
{
	*suites = (struct suites){ .pack = pack, .trial = trial_create(pack->rules) };
	return suites->trial ? 0 : -ENOMEM;
}

static void close_suites(struct suites *suites)
{
	for (size_t i = 0; i < suites->count; i++) {
		struct suite *suite = &suites->items[i];
		rules_logs_finish(&suite->logs[0]);
		rules_logs_finish(&suite->logs[1]);
		free(suite->rules);
		free(suite->items);
		free(suite->fires);
		free(suite->wanted);
	}
	free(suites->items);
	suites->items = NULL;
	suites->count = 0;
	for (size_t i = 0; i < suites->cached; i++) {
		free(suites->cache[i].path);
		trial_log_finish(&suites->cache[i].log);
	}
	suites->cached = 0;
}

void suites_finish(struct suites *suites)
{
	close_suites(suites);
	free(suites->cache);
	trial_destroy(suites->trial);
	*suites = (struct suites){ .pack = NULL };
}

/* ---- the suites of a file ---- */

static bool same_folders(const struct rules_logs a[2], const struct rules_logs b[2])
{
	return strcmp(a[0].directory, b[0].directory) == 0 && strcmp(a[1].directory, b[1].directory) == 0;
}

static int add_rule(struct suite *suite, uint32_t rule)
{
	uint32_t *rules = realloc(suite->rules, (suite->rule_count + 1) * sizeof(*rules));

	if (!rules)
		return -ENOMEM;
	suite->rules = rules;
	rules[suite->rule_count++] = rule;
	return 0;
}

/* Takes the logs over. */
static int place_rule(struct suites *suites, uint32_t rule, struct rules_logs logs[2])
{
	for (size_t i = 0; i < suites->count; i++)
		if (same_folders(suites->items[i].logs, logs)) {
			rules_logs_finish(&logs[0]);
			rules_logs_finish(&logs[1]);
			return add_rule(&suites->items[i], rule);
		}
	struct suite *items = realloc(suites->items, (suites->count + 1) * sizeof(*items));
	if (!items) {
		rules_logs_finish(&logs[0]);
		rules_logs_finish(&logs[1]);
		return -ENOMEM;
	}
	suites->items = items;
	items[suites->count] = (struct suite){ .logs = { logs[0], logs[1] } };
	return add_rule(&items[suites->count++], rule);
}

static int find_suite(struct suites *suites, uint32_t index, struct err *err)
{
	const struct sigma_rules *rules = suites->pack->rules;
	const struct sigma_rule *rule = &rules->items[index];
	struct rules_logs logs[2] = { { .count = 0 }, { .count = 0 } };
	int status = rules_logs_find(&logs[0], rules, rule, false);

	if (status == 0)
		status = rules_logs_find(&logs[1], rules, rule, true);
	if (status < 0 || (logs[0].shared && logs[1].shared && rule->silent)) {
		rules_logs_finish(&logs[0]);
		rules_logs_finish(&logs[1]);
	} else {
		status = place_rule(suites, index, logs);
	}
	return status < 0 ? err_set(err, status, "the logs beside %s cannot be listed: %s", rule->place.file,
				    strerror(-status))
			  : 0;
}

/* ---- logs ---- */

static int grow_cache(struct suites *suites)
{
	size_t capacity = suites->cache_capacity ? 2 * suites->cache_capacity : 64;
	struct suite_cache *cache = realloc(suites->cache, capacity * sizeof(*cache));

	if (!cache)
		return -ENOMEM;
	suites->cache = cache;
	suites->cache_capacity = capacity;
	return 0;
}

static int read_log(struct suites *suites, const char *path, struct err *err)
{
	if (suites->cached == suites->cache_capacity && grow_cache(suites) < 0)
		return err_set(err, -ENOMEM, "memory is out");
	struct suite_cache *entry = &suites->cache[suites->cached];
	*entry = (struct suite_cache){ .path = strdup(path) };
	if (!entry->path)
		return err_set(err, -ENOMEM, "memory is out");
	suites->cached++;
	return rule_log_read(&entry->log, suites->pack, path, err);
}

/* Before any is looked up: the cache may move until all are read. */
static int read_logs(struct suites *suites, struct err *err)
{
	int status = 0;

	for (size_t i = 0; i < suites->count; i++)
		for (unsigned hit = 0; hit < 2; hit++)
			for (size_t j = 0; j < suites->items[i].logs[hit].count && status == 0; j++)
				status = read_log(suites, suites->items[i].logs[hit].paths[j], err);
	return status;
}

static const struct trial_log *find_log(const struct suites *suites, const char *path)
{
	size_t i = 0;

	while (strcmp(suites->cache[i].path, path) != 0)
		i++;
	return &suites->cache[i].log;
}

/* ---- how it is without a change ---- */

static unsigned number_of(const struct suites *suites, uint32_t rule)
{
	return rules_logs_number(suites->pack->rules, &suites->pack->rules->items[rule]);
}

/* How many rules there are in the rule's file. */
static unsigned file_count(const struct suites *suites, uint32_t rule)
{
	const struct sigma_rules *rules = suites->pack->rules;

	while (rule + 1 < rules->count && rules->items[rule + 1].place.file == rules->items[rule].place.file)
		rule++;
	return number_of(suites, rule);
}

static int fill_suite(const struct suites *suites, struct suite *suite)
{
	size_t count = suite->logs[0].count + suite->logs[1].count;

	suite->items = calloc(count + 1, sizeof(*suite->items));
	suite->fires = calloc(count * suite->rule_count + 1, sizeof(*suite->fires));
	suite->wanted = calloc(count * suite->rule_count + 1, sizeof(*suite->wanted));
	if (!suite->items || !suite->fires || !suite->wanted)
		return -ENOMEM;
	for (unsigned hit = 0; hit < 2; hit++)
		for (size_t i = 0; i < suite->logs[hit].count; i++) {
			const char *path = suite->logs[hit].paths[i];
			bool exact = hit && rules_logs_is_exact(path, file_count(suites, suite->rules[0]));
			suite->items[suite->count++] =
				(struct suite_log){ path, find_log(suites, path), hit == 1, exact };
		}
	for (size_t i = 0; i < suite->rule_count; i++)
		for (size_t j = 0; j < suite->count; j++) {
			int fires = trial_fires(suites->trial, suite->items[j].log, suite->rules[i], 0, NULL);
			if (fires < 0)
				return fires;
			suite->fires[i * suite->count + j] = fires;
			suite->wanted[i * suite->count + j] =
				suite->items[j].exact &&
				rules_logs_names(suite->items[j].path, number_of(suites, suite->rules[i]));
		}
	return 0;
}

int suites_open(struct suites *suites, uint32_t first, uint32_t end, struct err *err)
{
	int status = 0;

	close_suites(suites);
	for (uint32_t i = first; i < end && status == 0; i++)
		if (suites->pack->rules->items[i].state == SIGMA_READY)
			status = find_suite(suites, i, err);
	if (status == 0)
		status = read_logs(suites, err);
	for (size_t i = 0; i < suites->count && status == 0; i++)
		if (fill_suite(suites, &suites->items[i]) < 0)
			status = err_set(err, -ENOMEM, "memory is out while rules are tried");
	return status;
}

/* ---- what is wrong ---- */

struct finds {
	const struct suites *suites;
	const struct suite *suite;
	suite_told *tell;
	void *context;
	int count;
};

static void found(struct finds *finds, size_t rule, const char *path, const char *text)
{
	finds->count++;
	finds->tell(finds->context, finds->suite->rules[rule], path, text);
}

static bool fires_somewhere(const struct suite *suite, size_t rule)
{
	for (size_t j = 0; j < suite->count; j++)
		if (suite->items[j].hit && suite->fires[rule * suite->count + j])
			return true;
	return false;
}

static void check_exact(struct finds *finds, size_t log)
{
	const struct suite *suite = finds->suite;

	for (size_t i = 0; i < suite->rule_count; i++) {
		size_t at = i * suite->count + log;
		if (suite->fires[at] != suite->wanted[at])
			found(finds, i, suite->items[log].path,
			      suite->wanted[at] ? "must hit, but does not"
						: "must not hit, by the log's name, but does");
	}
}

static void check_hit(struct finds *finds, size_t log)
{
	const struct suite *suite = finds->suite;

	if (suite->items[log].exact) {
		check_exact(finds, log);
		return;
	}
	for (size_t i = 0; i < suite->rule_count; i++)
		if (suite->fires[i * suite->count + log])
			return;
	found(finds, 0, suite->items[log].path, "must hit, but does not");
}

/* A log that the rule is never asked about misses for no reason. */
static void check_miss(struct finds *finds, size_t log)
{
	const struct suite *suite = finds->suite;
	bool asked = false;

	for (size_t i = 0; i < suite->rule_count; i++) {
		asked |= trial_is_asked(finds->suites->trial, suite->items[log].log, suite->rules[i]);
		if (suite->fires[i * suite->count + log])
			found(finds, i, suite->items[log].path, "must miss, but hits");
	}
	if (!asked)
		found(finds, 0, suite->items[log].path, "must miss, but has no event that the rule is asked about");
}

int suite_check(const struct suites *suites, const struct suite *suite, suite_told *tell, void *context)
{
	struct finds finds = { suites, suite, tell, context, 0 };

	for (size_t i = 0; i < suite->rule_count; i++)
		if (suite->logs[1].count && !fires_somewhere(suite, i))
			found(&finds, i, suite->logs[1].directory, "no log there makes it fire");
	for (unsigned hit = 0; hit < 2; hit++)
		if (!suite->logs[hit].count)
			found(&finds, 0, suite->logs[hit].directory,
			      hit ? "there is no log that it must hit" : "there is no log that it must miss");
	for (size_t j = 0; j < suite->count; j++)
		if (suite->items[j].hit)
			check_hit(&finds, j);
		else
			check_miss(&finds, j);
	return finds.count;
}

/* ---- mutants ---- */

static bool depends_on(const struct suites *suites, uint32_t rule, uint32_t changed, unsigned depth)
{
	const struct sigma_correlation *correlation = suites->pack->rules->items[rule].correlation;

	if (rule == changed)
		return true;
	for (size_t i = 0; correlation && depth < CHAIN_MAX && i < correlation->member_count; i++)
		if (depends_on(suites, correlation->members[i].rule, changed, depth + 1))
			return true;
	return false;
}

struct change {
	uint32_t rule;
	const struct sigma_mutant *mutant;
};

/* Whether the rule fires at the log; only rules that the change can reach are asked again. */
static int fires_changed(const struct suites *suites, const struct suite *suite, size_t rule, size_t log,
			 const struct change *change)
{
	if (!depends_on(suites, suite->rules[rule], change->rule, 0))
		return suite->fires[rule * suite->count + log];
	return trial_fires(suites->trial, suite->items[log].log, suite->rules[rule], change->rule, change->mutant);
}

static int log_notices(const struct suites *suites, const struct suite *suite, size_t log, const struct change *change)
{
	const struct suite_log *item = &suite->items[log];
	bool any = false;

	for (size_t i = 0; i < suite->rule_count; i++) {
		int fires = fires_changed(suites, suite, i, log, change);
		if (fires < 0)
			return fires;
		if (item->exact && fires != suite->wanted[i * suite->count + log])
			return 1;
		any |= fires;
	}
	return !item->exact && any != item->hit;
}

/* A rule that fires at no hit log any more. */
static int rule_notices(const struct suites *suites, const struct suite *suite, size_t rule,
			const struct change *change)
{
	for (size_t j = 0; j < suite->count; j++) {
		int fires = suite->items[j].hit ? fires_changed(suites, suite, rule, j, change) : 0;
		if (fires)
			return fires < 0 ? fires : 0;
	}
	return 1;
}

static int suite_notices(const struct suites *suites, const struct suite *suite, const struct change *change)
{
	int status = 0;

	for (size_t j = 0; j < suite->count && status == 0; j++)
		status = log_notices(suites, suite, j, change);
	for (size_t i = 0; i < suite->rule_count && suite->rule_count > 1 && status == 0; i++)
		status = rule_notices(suites, suite, i, change);
	return status;
}

int suites_notice(const struct suites *suites, uint32_t rule, const struct sigma_mutant *mutant)
{
	const struct change change = { rule, mutant };
	int status = 0;

	for (size_t i = 0; i < suites->count && status == 0; i++)
		status = suite_notices(suites, &suites->items[i], &change);
	return status;
}
