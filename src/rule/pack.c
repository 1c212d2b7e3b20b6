#include "rule/pack.h"

#include <errno.h>

int pack_init(struct pack *pack, struct sigma_rules *rules, struct err *err)
{
	*pack = (struct pack){ .rules = rules };
	pack->engine = sigma_engine_create(rules, err);
	if (pack->engine)
		return 0;
	pack_finish(pack);
	return -ENOMEM;
}

void pack_finish(struct pack *pack)
{
	sigma_engine_destroy(pack->engine);
	sigma_rules_destroy(pack->rules);
	*pack = (struct pack){ 0 };
}

struct span pack_rule_name(const struct sigma_rule *rule)
{
	return rule->name.len ? rule->name : rule->title;
}

struct span pack_rule_technique(const struct sigma_rule *rule, char room[16])
{
	for (size_t i = 0; i < rule->tags.count; i++) {
		struct span tag = span_skip(rule->tags.items[i], 7);
		if (!span_starts(rule->tags.items[i], SPAN("attack.t")) || tag.len < 5 || tag.len > 15 ||
		    tag.data[1] < '0' || tag.data[1] > '9')
			continue;
		memcpy(room, tag.data, tag.len);
		room[0] = 'T';
		return (struct span){ room, tag.len };
	}
	return (struct span){ 0 };
}
