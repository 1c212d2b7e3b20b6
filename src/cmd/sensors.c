#include "cmd/sensors.h"

#include "cmd/tell.h"

struct kind {
	const char *name;
	struct sensor *(*open)(const struct sensors_wish *wish, struct err *err);
};

static struct sensor *open_audit(const struct sensors_wish *wish, struct err *err)
{
	return netlink_sensor_open(wish->host, err);
}

static struct sensor *open_audisp(const struct sensors_wish *wish, struct err *err)
{
	return audisp_sensor_open(wish->host, err);
}

static struct sensor *open_journal(const struct sensors_wish *wish, struct err *err)
{
	return follow_sensor_open(wish->host, wish->journal, err);
}

static const struct kind kinds[] = {
	{ "audit", open_audit },
	{ "audisp", open_audisp },
	{ "journal", open_journal },
};
#define KIND_COUNT (sizeof(kinds) / sizeof(kinds[0]))

static const struct kind *find_kind(struct span name)
{
	for (size_t i = 0; i < KIND_COUNT; i++)
		if (span_equal(span_of(kinds[i].name), name))
			return &kinds[i];
	return NULL;
}

static bool open_one(struct sensors *sensors, const struct kind *kind, const struct sensors_wish *wish)
{
	struct err err = { 0 };
	struct sensor *sensor = kind->open(wish, &err);

	if (!sensor) {
		tell("%s", err.text);
		return false;
	}
	sensors->items[sensors->count++] = sensor;
	return true;
}

static bool open_named(struct sensors *sensors, const struct sensors_wish *wish)
{
	for (struct span rest = span_of(wish->names); rest.len;) {
		struct span name = span_first(rest, span_index(rest, ','));
		const struct kind *kind = find_kind(name);
		rest = span_skip(rest, name.len + 1);
		if (!kind || sensors->count == STATUS_SENSORS_MAX) {
			tell("--sensor: there is no sensor '%.*s'; there are audit, audisp and journal", (int)name.len,
			     name.data);
			return false;
		}
		if (!open_one(sensors, kind, wish))
			return false;
	}
	return sensors->count;
}

bool sensors_open(struct sensors *sensors, const struct sensors_wish *wish)
{
	*sensors = (struct sensors){ 0 };
	if (wish->names ? open_named(sensors, wish) : open_one(sensors, &kinds[0], wish))
		return true;
	sensors_close(sensors);
	return false;
}

void sensors_close(struct sensors *sensors)
{
	for (size_t i = 0; i < sensors->count; i++)
		sensor_close(sensors->items[i]);
	sensors->count = 0;
}
