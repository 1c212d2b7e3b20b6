#include "rule/sigma/event.h"

#include <errno.h>
#include <stdlib.h>

int sigma_event_init(struct sigma_event *event, uint32_t field_count)
{
	event->heads = malloc((field_count + 1) * sizeof(*event->heads));
	event->field_count = event->heads ? field_count : 0;
	event->count = 0;
	event->dropped = 0;
	if (!event->heads)
		return -ENOMEM;
	memset(event->heads, 0xff, (field_count + 1) * sizeof(*event->heads));
	return 0;
}

void sigma_event_finish(struct sigma_event *event)
{
	free(event->heads);
	event->heads = NULL;
	event->field_count = 0;
}

void sigma_event_begin(struct sigma_event *event, enum sigma_source source, int64_t time_ms)
{
	for (uint32_t i = 0; i < event->count; i++)
		event->heads[event->values[i].field] = SIGMA_FIELD_NONE;
	event->count = 0;
	event->source = source;
	event->services = 0;
	event->time_ms = time_ms;
	event->tag = (struct sigma_tag){ 0 };
	event->identity = 0;
	event->again = event->forgeable = false;
	event->whole = (struct span){ 0 };
}

static void add(struct sigma_event *event, uint32_t field, struct span text, bool also)
{
	if (field >= event->field_count)
		return;
	if (event->count == SIGMA_EVENT_VALUES_MAX) {
		event->dropped++;
		return;
	}
	event->values[event->count] = (struct sigma_value){ text, field, event->heads[field], also };
	event->heads[field] = event->count++;
}

void sigma_event_add(struct sigma_event *event, uint32_t field, struct span text)
{
	add(event, field, text, false);
}

void sigma_event_add_also(struct sigma_event *event, uint32_t field, struct span text)
{
	add(event, field, text, true);
}
