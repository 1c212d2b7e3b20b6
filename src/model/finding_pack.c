/*
 * Findings as bytes, for spill files.
 *
 * packed finding: origin.file and origin.member as pointers, then a sequence
 * of numbers (LEB128) and texts (length + 1, then the bytes; 0 alone for text
 * that is not known). Ids are stored plus one, so that "unknown" is one byte;
 * signed numbers zigzag. The put_ and take_ functions name a finding's parts
 * in the same order; a new member needs a line in both.
 */
#include "model/finding_texts.h"

#include <limits.h>

static void put(struct buffer *to, uint64_t value)
{
	if (!buffer_reserve(to, 10))
		return;
	for (; value >= 0x80; value >>= 7)
		to->data[to->len++] = (char)(value | 0x80);
	to->data[to->len++] = (char)value;
}

static void put_id(struct buffer *to, uint64_t id)
{
	put(to, id + 1);
}

static void put_signed(struct buffer *to, int64_t value)
{
	put(to, (uint64_t)value << 1 ^ (value < 0 ? UINT64_MAX : 0));
}

static void put_text(struct buffer *to, struct span text)
{
	put(to, text.data ? (uint64_t)text.len + 1 : 0);
	if (text.data)
		buffer_add(to, text);
}

static void put_process(struct buffer *to, const struct process *process)
{
	put_id(to, process->pid);
	put_id(to, process->ppid);
	put_id(to, process->auid);
	put_id(to, process->uid);
	put_id(to, process->euid);
	put_id(to, process->ses);
	put_id(to, process->script_uid);
	put_signed(to, process->start_ms);
}

enum {
	FLAG_CERTAIN = 1 << 0,
	FLAG_SELF = 1 << 1,
	FLAG_WRITE = 1 << 2,
	FLAG_PATH_ONLY = 1 << 3,
	FLAG_AGAIN = 1 << 4,
	FLAG_TRUSTED_EXE = 1 << 5,
	FLAG_INCOMPLETE = 1 << 6,
	FLAG_END = 1 << 7
};

static unsigned access_flags(const struct access *access)
{
	return (access->certain ? FLAG_CERTAIN : 0u) | (access->self ? FLAG_SELF : 0u) |
	       (access->write ? FLAG_WRITE : 0u) | (access->path_only ? FLAG_PATH_ONLY : 0u) |
	       (access->again ? FLAG_AGAIN : 0u) | (access->trusted_exe ? FLAG_TRUSTED_EXE : 0u) |
	       (access->incomplete ? FLAG_INCOMPLETE : 0u);
}

static void take_flags(unsigned flags, struct access *access)
{
	access->certain = flags & FLAG_CERTAIN;
	access->self = flags & FLAG_SELF;
	access->write = flags & FLAG_WRITE;
	access->path_only = flags & FLAG_PATH_ONLY;
	access->again = flags & FLAG_AGAIN;
	access->trusted_exe = flags & FLAG_TRUSTED_EXE;
	access->incomplete = flags & FLAG_INCOMPLETE;
}

static void put_access(struct buffer *to, const struct access *access)
{
	const char *const names[2] = { access->origin.file, access->origin.member };

	buffer_add(to, (struct span){ (const char *)names, sizeof(names) });
	put_signed(to, access->time_ms);
	put(to, access->serial);
	put(to, access->origin.offset);
	put(to, access->trust);
	put(to, access->sighting);
	put(to, access->verb);
	put(to, access->entry);
	put(to, access->resolved_by);
	put(to, access_flags(access));
	put_signed(to, access->outcome);
	put_id(to, access->request);
	put(to, access->seen_by);
	put_process(to, &access->actor);
	put_process(to, &access->target);
}

void finding_pack(const struct finding *finding, struct buffer *to)
{
	struct finding copy = *finding; /* for finding_texts, which hands out what may be written */
	struct span *texts[TEXTS_MAX];

	put_access(to, &finding->access);
	put(to, finding->risk);
	put(to, finding->score);
	put(to, finding->severity);
	put(to, finding->credentials);
	put(to, finding->blinded);
	put(to, finding->count);
	put(to, finding->update);
	put_signed(to, finding->first_ms);
	put_signed(to, finding->last_ms);
	put_text(to, (struct span){ finding->id, strnlen(finding->id, sizeof(finding->id) - 1) });
	put_text(to, (struct span){ finding->incident, strnlen(finding->incident, sizeof(finding->incident) - 1) });
	put(to, finding->reason_count);
	size_t text_count = finding_texts(&copy, texts);
	for (size_t i = 0; i < text_count; i++)
		put_text(to, *texts[i]);
	put(to, finding->access.raw_count);
	for (size_t i = 0; i < finding->access.raw_count; i++)
		put_text(to, finding->access.raw[i]);
	/* Last, for they are numbered in the order of the inputs: findings that differ in more are sorted by that. */
	put(to, finding->access.boot);
	put(to, finding->access.lineage);
}

/* ---- unpacking: `bad` once a byte does not fit, and then everything reads as 0 ---- */

struct reader {
	struct span rest;
	bool bad;
};

/* More than one byte, or none. */
static __attribute__((noinline)) uint64_t take_long(struct reader *from)
{
	uint64_t value = 0;

	for (unsigned i = 0; i < 10 && i < from->rest.len; i++) {
		unsigned char byte = (unsigned char)from->rest.data[i];
		if (i == 9 && byte > 1)
			break;
		value |= (uint64_t)(byte & 0x7f) << (7 * i);
		if (byte < 0x80) {
			from->rest = span_skip(from->rest, i + 1);
			return value;
		}
	}
	from->bad = true;
	from->rest.len = 0;
	return 0;
}

/* Most numbers are one byte. */
static inline uint64_t take(struct reader *from)
{
	if (!from->rest.len || (unsigned char)from->rest.data[0] >= 0x80)
		return take_long(from);
	uint64_t value = (unsigned char)from->rest.data[0];
	from->rest.data++;
	from->rest.len--;
	return value;
}

static uint64_t take_below(struct reader *from, uint64_t limit)
{
	uint64_t value = take(from);

	if (value < limit)
		return value;
	from->bad = true;
	return 0;
}

static uint64_t take_id(struct reader *from)
{
	return take(from) - 1;
}

static int64_t take_signed(struct reader *from)
{
	uint64_t value = take(from);

	return (int64_t)(value >> 1 ^ -(value & 1));
}

static struct span take_text(struct reader *from)
{
	uint64_t len = take(from);

	if (len == 0)
		return (struct span){ NULL, 0 };
	if (--len > from->rest.len) {
		from->bad = true;
		return (struct span){ NULL, 0 };
	}
	struct span text = span_first(from->rest, (size_t)len);
	from->rest = span_skip(from->rest, (size_t)len);
	return text;
}

static void take_process(struct reader *from, struct process *process)
{
	process->pid = take_id(from);
	process->ppid = take_id(from);
	process->auid = take_id(from);
	process->uid = take_id(from);
	process->euid = take_id(from);
	process->ses = take_id(from);
	process->script_uid = take_id(from);
	process->start_ms = take_signed(from);
}

static int take_outcome(struct reader *from)
{
	int64_t outcome = take_signed(from);

	if (outcome >= INT_MIN && outcome <= INT_MAX)
		return (int)outcome;
	from->bad = true;
	return 0;
}

static void take_names(struct reader *from, struct origin *origin)
{
	const char *names[2];

	from->bad = from->rest.len < sizeof(names);
	if (from->bad)
		return;
	memcpy(names, from->rest.data, sizeof(names));
	from->rest = span_skip(from->rest, sizeof(names));
	origin->file = names[0];
	origin->member = names[1];
}

static void take_access(struct reader *from, struct access *access)
{
	take_names(from, &access->origin);
	access->time_ms = take_signed(from);
	access->serial = take(from);
	access->origin.offset = take(from);
	access->trust = (enum trust)take_below(from, TRUST_KERNEL + 1);
	access->sighting = (enum sighting)take_below(from, SIGHTING_FILE + 1);
	access->verb = (enum verb)take_below(from, VERB_COUNT);
	access->entry = (enum entry)take_below(from, ENTRY_COUNT);
	access->resolved_by = (enum resolved_by)take_below(from, RESOLVED_COUNT);
	take_flags((unsigned)take_below(from, FLAG_END), access);
	access->outcome = take_outcome(from);
	access->request = take_id(from);
	access->seen_by = (unsigned)take_below(from, SEEN_BY_END);
	take_process(from, &access->actor);
	take_process(from, &access->target);
}

static void take_name(struct reader *from, char name[17])
{
	struct span text = take_text(from);

	if (text.len < 17)
		memcpy(name, text.data ? text.data : "", text.len);
	else
		from->bad = true;
}

static void take_judgement(struct reader *from, struct finding *finding)
{
	finding->risk = (enum risk)take_below(from, RISK_HIGH + 1);
	finding->score = (unsigned)take_below(from, UINT_MAX);
	finding->severity = (unsigned)take_below(from, UINT_MAX);
	finding->credentials = take_below(from, 2);
	finding->blinded = take_below(from, 2);
	finding->count = take(from);
	finding->update = take_below(from, 2);
	finding->first_ms = take_signed(from);
	finding->last_ms = take_signed(from);
	take_name(from, finding->id);
	take_name(from, finding->incident);
	finding->reason_count = take_below(from, FINDING_REASONS_MAX + 1);
}

/* Lines beyond raw_max are passed over. */
static void take_raw(struct reader *from, struct access *access, struct span raw_room[], size_t raw_max)
{
	uint64_t count = take(from);

	for (uint64_t i = 0; i < count && !from->bad; i++) {
		struct span line = take_text(from);
		if (i < raw_max)
			raw_room[access->raw_count++] = line;
	}
	access->raw = access->raw_count ? raw_room : NULL;
}

size_t finding_unpack(struct finding *finding, struct span bytes, struct span raw_room[], size_t raw_max)
{
	struct reader from = { .rest = bytes };
	struct span *texts[TEXTS_MAX];

	*finding = (struct finding){ 0 };
	take_access(&from, &finding->access);
	take_judgement(&from, finding);
	size_t text_count = finding_texts(finding, texts);
	for (size_t i = 0; i < text_count; i++)
		*texts[i] = take_text(&from);
	take_raw(&from, &finding->access, raw_room, raw_max);
	finding->access.boot = (uint32_t)take_below(&from, (uint64_t)UINT32_MAX + 1);
	finding->access.lineage = take(&from);
	if (!from.bad)
		return bytes.len - from.rest.len;
	*finding = (struct finding){ 0 };
	return 0;
}

static int compare_names(const char *a, const char *b)
{
	return a == b ? 0 : strcmp(a ? a : "", b ? b : "");
}

int finding_pack_compare(struct span a, struct span b)
{
	const char *names_a[2], *names_b[2];
	size_t head = sizeof(names_a), shorter = a.len < b.len ? a.len : b.len;
	int order = memcmp(a.data + head, b.data + head, shorter - head);

	if (order == 0 && a.len != b.len)
		order = a.len < b.len ? -1 : 1;
	if (order)
		return order;
	memcpy(names_a, a.data, head);
	memcpy(names_b, b.data, head);
	order = compare_names(names_a[0], names_b[0]);
	return order ? order : compare_names(names_a[1], names_b[1]);
}
