#include "engine/insights.h"

#include "incident/entity.h"

static void oldest_first(void *context, const struct spool_place *place, uint64_t keys[SPOOL_KEYS])
{
	(void)context;
	keys[0] = (uint64_t)place->first_ms ^ UINT64_C(1) << 63;
	keys[1] = place->serial;
	keys[2] = 0;
}

int insights_write(struct spool *spool, struct sink *sink, struct summary *summary, struct err *err)
{
	struct entities *entities = entities_create();
	struct finding finding;
	struct insight insight;
	int result = spool_resort(spool, oldest_first, NULL, err);

	if (!entities)
		result = err_set(err, -ENOMEM, "memory is out while insights are made");
	while (result >= 0 && (result = spool_next(spool, &finding, err)) > 0) {
		entities_take(entities, &finding);
		while (result >= 0 && entities_next(entities, &insight))
			result = sink_insight(sink, &insight, err);
	}
	if (entities)
		entities_account(entities, summary);
	entities_destroy(entities);
	return result;
}
