/*
 * rules_suites: rules with the logs that they must hit and miss, and what of
 * that is true: as they are, or with one of them changed.
 *
 * A suite is a rule with logs of its own, or the rules of one file that share
 * theirs. Each hit log must make one of them fire, or those that its name
 * says and no others; each of them must fire at one of the hit logs, and none
 * may fire at a miss log.
 */
#ifndef CMD_RULES_SUITES_H
#define CMD_RULES_SUITES_H

#include "cmd/rules_logs.h"
#include "rule/pack.h"
#include "rule/sigma/trial.h"

struct suite_log {
	const char *path; /* of the suite's logs */
	const struct trial_log *log;
	bool hit, exact;
};

struct suite {
	struct rules_logs logs[2]; /* miss, hit */
	uint32_t *rules;
	size_t rule_count;
	struct suite_log *items;
	size_t count;
	bool *fires;  /* of each rule, at each log */
	bool *wanted; /* likewise: whether it must; of hit logs only where they are exact */
};

struct suites {
	struct pack *pack;
	struct trial *trial;
	struct suite *items;
	size_t count;
	struct suite_cache *cache; /* logs, each read once */
	size_t cached, cache_capacity;
};

/* The pack outlives them, and is nobody else's meanwhile. 0 or -ENOMEM. */
int suites_init(struct suites *suites, struct pack *pack);
void suites_finish(struct suites *suites);

/* What `tell` is told of. `text` says what is wrong with the rule, or with the suite's log. */
typedef void suite_told(void *context, uint32_t rule, const char *path, const char *text);

/* The suites of the file's rules, from `first` up to `end`, in place of those before. 0, or a negative errno with err. */
int suites_open(struct suites *suites, uint32_t first, uint32_t end, struct err *err);

/* Tells of all that is not as it must be. How much that is; negative: memory is out. */
int suite_check(const struct suites *suites, const struct suite *suite, suite_told *tell, void *context);

/* Whether a suite of the file fails when the rule is that mutant; negative: memory is out. */
int suites_notice(const struct suites *suites, uint32_t rule, const struct sigma_mutant *mutant);

#endif
