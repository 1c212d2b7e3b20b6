#include "engine/insights.h"

#include "incident/entity.h"

int insights_write(struct spool *spool, struct sink *sink, struct summary *summary, struct err *err)
{
	struct entities *entities = entities_create();
	struct finding finding;
	struct insight insight;
	int result = 0;

	if (!entities)
		return err_set(err, -ENOMEM, "memory is out while insights are made");
	while (result >= 0 && (result = spool_next(spool, &finding, err)) > 0) {
		entities_take(entities, &finding);
		while (result >= 0 && entities_next(entities, &insight))
			result = sink_insight(sink, &insight, err);
	}
	entities_account(entities, summary);
	entities_destroy(entities);
	return result;
}
