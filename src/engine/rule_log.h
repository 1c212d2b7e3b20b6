/* rule_log: a log as the rules see it, for trying them on it (rule/sigma/trial.h). */
#ifndef ENGINE_RULE_LOG_H
#define ENGINE_RULE_LOG_H

#include "base/err.h"
#include "rule/pack.h"
#include "rule/sigma/trial.h"

/* Scans the log as `proctor scan` does, and keeps each event that rules were asked about. 0, or a negative errno with err. */
int rule_log_read(struct trial_log *log, const struct pack *pack, const char *path, struct err *err);

#endif
