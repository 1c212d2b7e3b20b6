/*
 * deed: what an event tells beside accesses that may be a step of an
 * incident. Nearly every event is none, so what can be told from a look is
 * asked before anything is read.
 *
 * Files that are made or removed count only for an hour after the same
 * session, process or siblings reached memory or secrets: else they tell
 * nothing.
 *
 *   type=SOCKADDR msg=audit(…): saddr=020001BBC0000201000000000000000000
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>

#include "base/hash.h"
#include "base/words.h"
#include "model/fields.h"
#include "resolve/resolver.h"

#define REACHED_AGE_MAX (3600 * 1000) /* ms: as long as a finding's group stays open */
#define SWEEP_LEAST 5
#define PORT_DNS 53
#define CONNECTIONS_TOLD 4

static uint64_t key(const struct resolver *resolver, uint64_t number, bool is_session)
{
	return hash_join(resolver->event->boot, number << 1 | is_session);
}

static void note(struct resolver *resolver, uint64_t who)
{
	resolver->reached[who % REACHED_KEPT] = (struct reached){ who, resolver->event->time_ms };
}

static bool has_session(uint64_t ses)
{
	return ses != UNKNOWN_ID && ses != UINT32_MAX;
}

/* init and kthreadd are everybody's parents. */
static bool has_parent(uint64_t ppid)
{
	return ppid != UNKNOWN_ID && ppid > 2;
}

void deed_note_reached(struct resolver *resolver)
{
	for (size_t i = 0; i < resolver->count; i++) {
		const struct access *access = &resolver->sightings[i];
		const struct process *actor = &access->actor;
		bool secret = access->entry == ENTRY_NONE || entry_tier(access->entry) != ENTRY_TIER_ADDRESS;
		if (access->sighting != SIGHTING_ACCESS || access->self || !secret)
			continue;
		if (has_session(actor->ses)) {
			note(resolver, key(resolver, actor->ses, true));
			continue;
		}
		note(resolver, key(resolver, actor->pid, false));
		if (has_parent(actor->ppid))
			note(resolver, key(resolver, actor->ppid, false));
	}
}

static bool is_noted(const struct resolver *resolver, uint64_t who)
{
	const struct reached *reached = &resolver->reached[who % REACHED_KEPT];
	int64_t age;

	return reached->who == who && !__builtin_sub_overflow(resolver->event->time_ms, reached->time_ms, &age) &&
	       age <= REACHED_AGE_MAX && age >= -REACHED_AGE_MAX;
}

bool deed_is_reached(const struct resolver *resolver)
{
	const struct known_process *actor = resolver->actor;

	if (!actor)
		return false;
	if (has_session(actor->ses))
		return is_noted(resolver, key(resolver, actor->ses, true));
	return is_noted(resolver, key(resolver, actor->pid, false)) ||
	       (has_parent(actor->ppid) && is_noted(resolver, key(resolver, actor->ppid, false)));
}

/* What history knows of him is enough, and the record need not be read for it. */
static void set_actor(struct resolver *resolver, struct process *actor)
{
	const struct known_process *known = resolver->actor;

	if (!known) {
		resolver_actor(resolver, actor);
		return;
	}
	*actor = (struct process){
		.pid = known->pid,
		.ppid = known->ppid,
		.auid = known->auid,
		.uid = known->uid,
		.euid = known->euid,
		.ses = known->ses,
		.comm = memo_span(&known->comm),
		.exe = memo_span(&known->exe),
		.script = memo_span(&known->script),
		.cmdline = memo_span(&known->cmdline),
		.tty = memo_span(&known->tty),
		.script_uid = known->script_uid,
		.start_ms = known->start_ms,
	};
}

static struct deed *add(struct resolver *resolver, enum deed_kind kind, struct span object)
{
	const struct event *event = resolver->event;

	if (resolver->deed_count == DEEDS_MAX || event->again)
		return NULL;
	struct deed *deed = &resolver->deeds[resolver->deed_count++];
	*deed = (struct deed){
		.kind = kind,
		.time_ms = event->time_ms,
		.host = event->node.len ? event->node : (struct span){ 0 },
		.boot = event->boot,
		.serial = event->serial,
		.origin = event->origin,
		.trust = event->trust,
		.failed = resolver->call.failed,
		.count = 1,
		.object = object,
	};
	set_actor(resolver, &deed->actor);
	return deed;
}

/* ---- files ---- */

static bool holds_hashes(struct span path)
{
	static const struct span files[] = { SPAN("/etc/shadow"),	    SPAN("/etc/gshadow"),
					     SPAN("/etc/shadow-"),	    SPAN("/etc/gshadow-"),
					     SPAN("/etc/security/opasswd"), SPAN("/etc/master.passwd") };

	for (size_t i = 0; span_starts(path, SPAN("/etc/")) && i < sizeof(files) / sizeof(files[0]); i++)
		if (span_equal(path, files[i]))
			return true;
	return false;
}

static bool writes(const struct call *call)
{
	int at = call->id == CALL_open ? 1 : call->id == CALL_openat ? 2 : -1;

	return at < 0 || call->from_ring || !call->has_a[at] || call->a[at] & O_ACCMODE;
}

static bool has_directory(const struct call *call)
{
	for (size_t i = 0; i < call->path_count; i++)
		if (call->paths[i].is_parent)
			return true;
	return false;
}

/* DeviceFileEvents say what was done: PATH … action="FileCreated" */
static enum deed_kind told_action(const struct event *event, bool *told)
{
	struct field field;

	*told = false;
	for (size_t i = 0; i < event->count; i++) {
		if (event->records[i].type != AUDIT_TYPE_PATH ||
		    !field_find(event->records[i].body, SPAN("action"), &field))
			continue;
		struct span action = field.value;
		*told = span_find(action, SPAN("FileCreated")) < action.len ||
			span_find(action, SPAN("FileDeleted")) < action.len;
		return span_find(action, SPAN("FileDeleted")) < action.len ? DEED_REMOVE : DEED_WRITE;
	}
	return DEED_WRITE;
}

static void of_file(struct resolver *resolver, struct span path)
{
	const struct call *call = &resolver->call;
	bool told = false;
	enum deed_kind kind = DEED_WRITE;

	if (holds_hashes(path)) {
		add(resolver, DEED_SHADOW, path);
		return;
	}
	if (call->failed || !deed_is_reached(resolver))
		return;
	if (call->op.len)
		kind = told_action(resolver->event, &told);
	if (told || (!call->op.len && has_directory(call) && writes(call)))
		add(resolver, kind, path);
}

static struct span walked(struct resolver *resolver, int64_t dirfd)
{
	const struct path_item *item = call_object(&resolver->call);
	struct base base;

	if (!item || !item->name.data)
		return (struct span){ 0 };
	if (!resolver_walk(resolver, item->name, dirfd, &base))
		return item->name;
	return arena_copy(&resolver->arena, path_text(&resolver->walk));
}

static int64_t dirfd_of(const struct call *call)
{
	bool at = call->id == CALL_openat || call->id == CALL_openat2 || call->id == CALL_unlinkat;

	return at && call->has_a[0] && !call->from_ring ? (int32_t)(uint32_t)call->a[0] : DIRFD_CWD;
}

void deed_of_open(struct resolver *resolver)
{
	call_details(&resolver->call, resolver->event, &resolver->arena);
	of_file(resolver, walked(resolver, dirfd_of(&resolver->call)));
}

/* ---- sweeps ---- */

static bool is_swept_name(struct span name)
{
	return span_equal(name, SPAN("cmdline")) || span_equal(name, SPAN("status")) ||
	       span_equal(name, SPAN("stat")) || span_equal(name, SPAN("comm"));
}

/* Told at 1, 5, 10, 20, 40 …: the last one says how many there were, about. */
static bool is_told_count(uint32_t count)
{
	while (count > SWEEP_LEAST && count % 2 == 0)
		count /= 2;
	return count == 1 || count == SWEEP_LEAST;
}

static void of_sweep(struct resolver *resolver, const struct place *place)
{
	struct known_process *actor = resolver->actor;

	if (!actor || place->self || place->pid == UNKNOWN_ID || place->pid == actor->pid)
		return;
	if (actor->swept && actor->swept_last == place->pid)
		return;
	actor->swept_last = place->pid;
	actor->swept += actor->swept < UINT32_MAX;
	struct deed *deed = is_told_count(actor->swept) ? add(resolver, DEED_SWEEP, (struct span){ 0 }) : NULL;
	if (deed)
		deed->count = actor->swept;
}

void deed_of_object(struct resolver *resolver, const struct span *text, const struct place *place)
{
	if (place->kind == PLACE_PID_DIR && is_swept_name(span_basename(*text)))
		of_sweep(resolver, place);
	else if (place->kind == PLACE_ELSEWHERE && text->data)
		of_file(resolver, *text);
}

/* ---- connections ---- */

static bool read_bytes(struct span digits, unsigned char *bytes, size_t count)
{
	if (digits.len < 2 * count)
		return false;
	for (size_t i = 0; i < count; i++) {
		int high = word_hex_digit(digits.data[2 * i]), low = word_hex_digit(digits.data[2 * i + 1]);
		if (high < 0 || low < 0)
			return false;
		bytes[i] = (unsigned char)(high << 4 | low);
	}
	return true;
}

/* Of the host itself, or of nothing: no step leads there. */
static bool is_local(const unsigned char *at, bool is_4)
{
	static const unsigned char none[16] = { 0 }, loopback[16] = { [15] = 1 };

	if (is_4)
		return at[0] == 127 || at[0] == 0;
	return memcmp(at, none, sizeof(none)) == 0 || memcmp(at, loopback, sizeof(loopback)) == 0;
}

/* Connections are many, and this is most of what one costs. */
static size_t put_number(char *to, unsigned value)
{
	char digits[10];
	size_t count = 0, i = 0;

	do
		digits[count++] = (char)('0' + value % 10);
	while (value /= 10);
	while (count)
		to[i++] = digits[--count];
	return i;
}

static size_t print_4(const unsigned char *at, unsigned port, char *text)
{
	size_t len = 0;

	for (size_t i = 0; i < 4; i++) {
		len += put_number(text + len, at[i]);
		text[len++] = i == 3 ? ':' : '.';
	}
	return len + put_number(text + len, port);
}

static size_t print_6(const unsigned char *at, unsigned port, char *text)
{
	text[0] = '[';
	if (!inet_ntop(AF_INET6, at, text + 1, INET6_ADDRSTRLEN))
		return 0;
	size_t len = strlen(text);
	text[len++] = ']';
	text[len++] = ':';
	return len + put_number(text + len, port);
}

#define ADDRESS_MAX (INET6_ADDRSTRLEN + 16)

/* struct sockaddr_in and sockaddr_in6 as bytes; the family is in the host's own order. 0: nothing to tell. */
static size_t print_address(struct span saddr, char text[ADDRESS_MAX])
{
	static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };
	unsigned char bytes[24] = { 0 };

	if (!read_bytes(saddr, bytes, 8))
		return 0;
	unsigned family = bytes[0] ? bytes[0] : bytes[1], port = (unsigned)bytes[2] << 8 | bytes[3];
	bool is_4 = family == AF_INET;
	if (!is_4 && (family != AF_INET6 || !read_bytes(saddr, bytes, sizeof(bytes))))
		return 0;
	const unsigned char *at = bytes + (is_4 ? 4 : 8);
	if (!is_4 && memcmp(at, mapped, sizeof(mapped)) == 0)
		is_4 = true, at += sizeof(mapped);
	if (port == 0 || port == PORT_DNS || is_local(at, is_4))
		return 0;
	return is_4 ? print_4(at, port, text) : print_6(at, port, text);
}

/* A server connects all day: of one process the first few are told, then ever fewer, until it or its like reached something. */
static bool is_worth_telling(struct resolver *resolver)
{
	struct known_process *actor = resolver->actor;

	if (!actor)
		return true;
	uint32_t count = actor->connected += actor->connected < UINT32_MAX;
	return count <= CONNECTIONS_TOLD || (count & (count - 1)) == 0 || deed_is_reached(resolver);
}

static void of_connect(struct resolver *resolver)
{
	const struct event *event = resolver->event;
	char text[ADDRESS_MAX];
	struct field field;

	for (size_t i = 0; i < event->count; i++) {
		struct span body = event->records[i].body;
		if (event->records[i].type != AUDIT_TYPE_SOCKADDR)
			continue;
		if (span_starts(body, SPAN("saddr=")))
			field.value = span_skip(body, 6);
		else if (!field_find(body, SPAN("saddr"), &field))
			continue;
		size_t len = print_address(field.value, text);
		if (!len || !is_worth_telling(resolver))
			return;
		struct span where = arena_copy(&resolver->arena, (struct span){ text, len });
		struct deed *deed = add(resolver, DEED_CONNECT, where);
		if (deed && resolver->call.exit == -EINPROGRESS)
			deed->failed = false;
		return;
	}
}

void deed_of_call(struct resolver *resolver)
{
	if (resolver->call.id == CALL_connect) {
		of_connect(resolver);
	} else if (!resolver->call.failed && deed_is_reached(resolver)) {
		call_details(&resolver->call, resolver->event, &resolver->arena);
		add(resolver, DEED_REMOVE, walked(resolver, dirfd_of(&resolver->call)));
	}
}

/* ---- auditing ---- */

void deed_of_rules(struct resolver *resolver, struct span what)
{
	add(resolver, DEED_BLIND, what);
}
