#include "cmd/sensors.h"

#include "cmd/audit_gaps.h"
#include "cmd/tell.h"
#include "model/access.h"
#include "source/bpf.h"
#include "source/fanotify.h"

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

static struct sensor *open_bpf(const struct sensors_wish *wish, struct err *err)
{
	const struct bpf_options options = {
		.host = wish->host, .executions = true, .scope = wish->scope, .scope_of = wish->scope_of
	};

	return bpf_sensor_open_with(&options, err);
}

static struct sensor *open_fanotify(const struct sensors_wish *wish, struct err *err)
{
	const struct fanotify_options options = { .host = wish->host,
						  .scope = wish->scope,
						  .scope_of = wish->scope_of };

	return fanotify_sensor_open_with(&options, err);
}

static struct sensor *open_journal(const struct sensors_wish *wish, struct err *err)
{
	return follow_sensor_open(wish->host, wish->journal, err);
}

static const struct kind kinds[] = {
	{ "bpf", open_bpf },	   { "fanotify", open_fanotify }, { "audit", open_audit },
	{ "audisp", open_audisp }, { "journal", open_journal },
};
#define KIND_COUNT (sizeof(kinds) / sizeof(kinds[0]))

static const struct kind *find_kind(struct span name)
{
	for (size_t i = 0; i < KIND_COUNT; i++)
		if (span_equal(span_of(kinds[i].name), name))
			return &kinds[i];
	return NULL;
}

static bool open_one(struct sensors *sensors, const char *name, const struct sensors_wish *wish)
{
	struct err err = { 0 };
	struct sensor *sensor = find_kind(span_of(name))->open(wish, &err);

	if (!sensor) {
		tell("%s", err.text);
		return false;
	}
	sensors->items[sensors->count++] = sensor;
	return true;
}

/* eBPF sees it all. Else fanotify what is opened, and audit the rest; or audit alone, which takes the least privilege. */
static bool open_best(struct sensors *sensors, const struct sensors_wish *wish)
{
	if (open_one(sensors, "bpf", wish))
		return true;
	open_one(sensors, "fanotify", wish);
	open_one(sensors, "audit", wish);
	return sensors->count;
}

/* Two that hand out the same records tell nothing more than one, and take them for twice as many. */
static bool is_double(const struct sensors *sensors, const char *name)
{
	unsigned told = 0;

	for (size_t i = 0; i < sensors->count; i++) {
		if (strcmp(sensors->items[i]->name, name) == 0)
			return true;
		told |= sensors->items[i]->bit;
	}
	return (told & SEEN_BY_AUDIT && strcmp(name, "audisp") == 0) ||
	       (told & SEEN_BY_AUDISP && strcmp(name, "audit") == 0);
}

static bool open_named(struct sensors *sensors, const struct sensors_wish *wish)
{
	for (struct span rest = span_of(wish->names); rest.len;) {
		struct span name = span_first(rest, span_index(rest, ','));
		const struct kind *kind = find_kind(name);
		rest = span_skip(rest, name.len + 1);
		if (!kind) {
			tell("--sensor: there is no sensor '%.*s'; there are bpf, fanotify, audit, audisp and journal",
			     (int)name.len, name.data);
			return false;
		}
		if (is_double(sensors, kind->name)) {
			tell("--sensor: %s would hand out the same records twice", kind->name);
			return false;
		}
		if (!open_one(sensors, kind->name, wish))
			return false;
	}
	return sensors->count;
}

static bool lives_by_audit(const struct sensors *sensors)
{
	unsigned bits = 0;

	for (size_t i = 0; i < sensors->count; i++)
		bits |= sensors->items[i]->bit;
	return bits & (SEEN_BY_AUDIT | SEEN_BY_AUDISP) && !(bits & SEEN_BY_BPF);
}

bool sensors_open(struct sensors *sensors, const struct sensors_wish *wish)
{
	*sensors = (struct sensors){ 0 };
	if (wish->names ? open_named(sensors, wish) : open_best(sensors, wish)) {
		if (lives_by_audit(sensors))
			audit_gaps_tell();
		return true;
	}
	sensors_close(sensors);
	return false;
}

void sensors_close(struct sensors *sensors)
{
	for (size_t i = 0; i < sensors->count; i++)
		sensor_close(sensors->items[i]);
	sensors->count = 0;
}
