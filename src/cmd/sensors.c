#include "cmd/sensors.h"

#include "cmd/tell.h"

struct kind {
	const char *name;
	struct sensor *(*open)(const char *host, struct err *err);
};

static const struct kind kinds[] = {
	{ "audit", netlink_sensor_open },
	{ "audisp", audisp_sensor_open },
};
#define KIND_COUNT (sizeof(kinds) / sizeof(kinds[0]))

static const struct kind *find_kind(struct span name)
{
	for (size_t i = 0; i < KIND_COUNT; i++)
		if (span_equal(span_of(kinds[i].name), name))
			return &kinds[i];
	return NULL;
}

static bool open_one(struct sensors *sensors, const struct kind *kind, const char *host)
{
	struct err err = { 0 };
	struct sensor *sensor = kind->open(host, &err);

	if (!sensor) {
		tell("%s", err.text);
		return false;
	}
	sensors->items[sensors->count++] = sensor;
	return true;
}

static bool open_named(struct sensors *sensors, const char *names, const char *host)
{
	for (struct span rest = span_of(names); rest.len;) {
		struct span name = span_first(rest, span_index(rest, ','));
		const struct kind *kind = find_kind(name);
		rest = span_skip(rest, name.len + 1);
		if (!kind || sensors->count == STATUS_SENSORS_MAX) {
			tell("--sensor: there is no sensor '%.*s'; there are audit and audisp", (int)name.len,
			     name.data);
			return false;
		}
		if (!open_one(sensors, kind, host))
			return false;
	}
	return sensors->count;
}

bool sensors_open(struct sensors *sensors, const char *names, const char *host)
{
	*sensors = (struct sensors){ 0 };
	if (names ? open_named(sensors, names, host) : open_one(sensors, &kinds[0], host))
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
