/* merge: one document laid over another one, for `action: global` and `repeat`. */
#ifndef RULE_SIGMA_MERGE_H
#define RULE_SIGMA_MERGE_H

#include "rule/sigma/yaml.h"

/*
 * A map of both maps' keys; where both have a key, `over` wins, unless both
 * values are maps: then those are merged likewise. The key `action` goes.
 * Neither is changed. `base` may be NULL. NULL: memory is out.
 */
struct yaml_node *yaml_merge(struct arena *arena, const struct yaml_node *base, const struct yaml_node *over);

#endif
