/* For tests of what the shipped rules decide: the pack, as commands load it. Private to tests/. */
#ifndef TESTS_UNIT_SHIPPED_H
#define TESTS_UNIT_SHIPPED_H

#include <stdio.h>
#include <stdlib.h>

#include "rule/pack.h"
#include "rule/places.h"
#include <roots.h> /* made by meson.build */

/* Lives as long as the program. */
static inline const struct pack *shipped_pack(void)
{
	static struct pack pack;
	struct rule_places places;
	struct err err = { 0 };

	if (pack.engine)
		return &pack;
	rule_places_init(&places);
	places.only = true;
	if (rule_places_add(&places, PROCTOR_SOURCE_ROOT "/rules", &err) < 0 || rule_places_settle(&places, &err) < 0)
		abort();
	struct sigma_rules *rules = rule_places_load(&places, &err);
	rule_places_finish(&places);
	for (size_t i = 0; rules && i < rules->diagnostics.count; i++)
		fprintf(stderr, "%s:%u: %s\n", rules->diagnostics.items[i].place.file,
			rules->diagnostics.items[i].place.line, rules->diagnostics.items[i].text);
	if (!rules || rules->diagnostics.errors || pack_init(&pack, rules, &err) < 0)
		abort();
	return &pack;
}

#endif
