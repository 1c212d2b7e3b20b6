/* binding_parts: what filling events of the log sources shares. Internal to binding. */
#ifndef RULE_BINDING_PARTS_H
#define RULE_BINDING_PARTS_H

#include "rule/binding.h"

/* What records' fields are looked up in. 0 or -ENOMEM. */
int binding_index_audit(struct binding *binding, const struct sigma_engine *engine);

void binding_begin(struct binding *binding, enum sigma_source source, int64_t time_ms);

/* Text that is not known (data NULL) is missing. */
void binding_add(struct binding *binding, enum sigma_field field, struct span text);
void binding_add_time(struct binding *binding, enum sigma_field field, int64_t time_ms);

/* "-" where the host is not known; with `any`, beside its name, too. */
void binding_add_host(struct binding *binding, enum sigma_field field, struct span host, bool any);

#endif
