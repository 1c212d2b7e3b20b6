/*
 * The resolver alone, fed with events of audit text, one for neighbouring
 * lines of one key. Whatever the events say, sightings hold what their
 * contract says; and what another host did before has no part in them.
 */
#include <stdlib.h>

#include "base/hash.h"
#include "decode/dress.h"
#include "resolve/resolve.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define RECORDS_MAX 256

struct group {
	struct event event;
	struct event_record records[RECORDS_MAX];
};

static void require(bool holds)
{
	if (!holds)
		abort();
}

static uint64_t hash_process(uint64_t hash, const struct process *process)
{
	const uint64_t numbers[] = { process->pid,  process->ppid, process->auid,	process->uid,
				     process->euid, process->ses,  process->script_uid, (uint64_t)process->start_ms };
	const struct span texts[] = { process->comm,	process->exe, process->script,
				      process->cmdline, process->cwd, process->tty };

	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		hash = hash_join(hash, numbers[i]);
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		hash = hash_join(hash, hash_bytes(texts[i]));
	return hash;
}

/* All of it is read, so that the sanitizers see a span that points nowhere. */
static uint64_t hash_access(const struct access *access)
{
	uint64_t hash = hash_join(access->serial, (uint64_t)access->time_ms);

	hash = hash_join(hash, (uint64_t)access->sighting << 24 | (uint64_t)access->verb << 16 |
				       (uint64_t)access->entry << 8 | access->resolved_by);
	hash = hash_join(hash, (uint64_t)access->certain << 5 | (uint64_t)access->self << 4 |
				       (uint64_t)access->write << 3 | (uint64_t)access->path_only << 2 |
				       (uint64_t)access->trusted_exe << 1 | access->incomplete);
	hash = hash_join(hash, (uint64_t)access->outcome);
	hash = hash_join(hash, access->request);
	hash = hash_join(hash, hash_bytes(access->path));
	hash = hash_join(hash, hash_bytes(access->resolved_path));
	hash = hash_join(hash, hash_bytes(access->syscall));
	hash = hash_join(hash, hash_bytes(access->message));
	hash = hash_process(hash, &access->actor);
	return hash_process(hash, &access->target);
}

static void check(const struct access *access)
{
	require(access->outcome <= 0);
	require(access->entry < ENTRY_COUNT);
	require(access->sighting != SIGHTING_LINE);
	if (access->sighting != SIGHTING_ACCESS)
		return;
	require(access->verb != VERB_OPEN || access->entry != ENTRY_NONE);
	require(!access->self || access->target.pid != UNKNOWN_ID || access->actor.pid == UNKNOWN_ID);
	if (access->certain && access->self && access->verb == VERB_OPEN && access->resolved_by != RESOLVED_SELF)
		require(access->target.pid == access->actor.pid);
}

static uint64_t resolve(struct resolver *resolver, const struct event *event)
{
	struct access access;
	uint64_t hash = event->serial;

	resolver_take(resolver, event);
	while (resolver_next(resolver, &access)) {
		check(&access);
		hash = hash_join(hash, hash_access(&access));
	}
	return hash;
}

/* The event as the other host's, then as our own: what our own means, in the hash. */
static void take(struct resolver *resolver, struct resolver *busy, struct group *group)
{
	struct event other = group->event;

	if (!group->event.count)
		return;
	other.node = SPAN("other");
	other.node_id = 1;
	other.boot = 77;
	uint64_t alone = resolve(resolver, &group->event);
	resolve(busy, &other);
	require(resolve(busy, &group->event) == alone);
	group->event.count = 0;
}

static void add(struct group *group, const struct record *record)
{
	struct event *event = &group->event;

	if (!event->count)
		*event = (struct event){
			.boot = 5,
			.time_ms = record->time_ms,
			.serial = record->serial,
			.trust = TRUST_KERNEL,
			.records = group->records,
		};
	group->records[event->count++] = (struct event_record){ record->type, record->body, record->raw };
	if (record->trust < event->trust)
		event->trust = record->trust;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct group group;
	struct span text = { (const char *)data, size };
	struct resolver *resolver = resolver_create(), *busy = resolver_create();

	require(resolver && busy);
	group.event.count = 0;
	while (text.len) {
		size_t len = span_index(text, '\n');
		struct record record = { .kind = RECORD_AUDIT, .trust = TRUST_KERNEL, .raw = span_first(text, len) };
		text = span_skip(text, len + 1);
		if (!audit_parse(record.raw, &record))
			continue;
		if (group.event.count == RECORDS_MAX || record.serial != group.event.serial ||
		    record.time_ms != group.event.time_ms)
			take(resolver, busy, &group);
		add(&group, &record);
	}
	take(resolver, busy, &group);
	resolver_destroy(resolver);
	resolver_destroy(busy);
	return 0;
}
