/*
 * rules_suggestion: a filter for one finding, as narrow as what is known of it:
 * this program (and script), at its place and root's alone, this entry of
 * this target, read only, and the one rule that made the finding.
 */
#ifndef CMD_RULES_SUGGESTION_H
#define CMD_RULES_SUGGESTION_H

#include "base/buffer.h"
#include "model/finding.h"
#include "rule/sigma/load.h"

/* Why there can be no filter for it, in words; NULL: there can. */
const char *suggestion_refusal(const struct finding *finding, const struct sigma_rules *rules);

/* The filter as YAML, of a finding that is not refused. The clock is an argument. */
void suggestion_write(struct buffer *to, const struct finding *finding, int64_t now_ms);

#endif
