/* finding, access, frame, summary: names that outputs rely on, copies that own themselves, and bytes for spilling. */
#include "model/summary.h"
#include "sink_samples.h"

#include <errno.h>
#include <stdio.h>

/* ---- names ---- */

static void test_names(void **state)
{
	char room[16];

	assert_string_equal(verb_name(VERB_OPEN), "open");
	assert_string_equal(verb_name(VERB_PROCESS_VM_WRITEV), "process_vm_writev");
	assert_string_equal(verb_name(VERB_LOG), "log");
	assert_string_equal(resolved_by_name(RESOLVED_NONE), "none");
	assert_string_equal(resolved_by_name(RESOLVED_COMMAND), "command");
	assert_string_equal(outcome_name(0, room), "success");
	assert_string_equal(outcome_name(-EACCES, room), "EACCES");
	assert_string_equal(outcome_name(-ESRCH, room), "ESRCH");
	assert_string_equal(outcome_name(-512, room), "ERESTARTSYS");
	assert_string_equal(outcome_name(-516, room), "ERESTART_RESTARTBLOCK");
	assert_string_equal(outcome_name(-3000, room), "-3000");
	assert_string_equal(outcome_name(INT32_MIN, room), "-2147483648");
	assert_string_equal(outcome_name(7, room), "7");
}

static void test_entries(void **state)
{
	assert_null(entry_name(ENTRY_NONE));
	assert_string_equal(entry_name(ENTRY_MEM), "mem");
	assert_string_equal(entry_gives(ENTRY_MAPS), "where its memory lies");
	assert_int_equal(entry_tier(ENTRY_KCORE), ENTRY_TIER_SYSTEM);
	assert_int_equal(entry_mode(ENTRY_MEM), 0100600);
	assert_int_equal(entry_from_name(SPAN("memory")), ENTRY_NONE);
	assert_int_equal(entry_from_name(SPAN("")), ENTRY_NONE);
	for (unsigned entry = ENTRY_NONE + 1; entry < ENTRY_COUNT; entry++)
		assert_int_equal(entry_from_name(span_of(entry_name((enum entry)entry))), entry);
}

static void test_risks(void **state)
{
	for (int risk = RISK_NONE; risk <= RISK_HIGH; risk++)
		assert_int_equal(risk_from_name(risk_name((enum risk)risk)), risk);
	assert_int_equal(risk_from_name("highrisk"), RISK_HIGH);
	assert_int_equal(risk_from_name("high"), -1);
}

static void test_formats(void **state)
{
	static const char *const names[] = { "auto", "audit", "ausearch", "syslog", "json", "journal-export", "csv" };

	for (int i = 0; i < 7; i++) {
		assert_string_equal(format_name((enum format)i), names[i]);
		assert_int_equal(format_from_name(names[i]), i);
	}
	assert_null(format_name((enum format)7));
	assert_int_equal(format_from_name("xml"), -1);
}

/* ---- copies and bytes ---- */

/* A member that is added to these must be packed too: see put_ and take_ in finding_pack.c. */
_Static_assert(sizeof(void *) != 8 || sizeof(struct process) == 176, "pack the new member of struct process");
_Static_assert(sizeof(void *) != 8 || sizeof(struct access) == 584, "pack the new member of struct access");
_Static_assert(sizeof(void *) != 8 || sizeof(struct finding) == 1008, "pack the new member of struct finding");

static void assert_same_text(struct span a, struct span b)
{
	assert_int_equal(a.data != NULL, b.data != NULL);
	assert_int_equal(a.len, b.len);
	if (a.data && b.data)
		assert_memory_equal(a.data, b.data, a.len);
}

static void assert_same_process(const struct process *a, const struct process *b)
{
	assert_int_equal(a->pid, b->pid);
	assert_int_equal(a->ppid, b->ppid);
	assert_int_equal(a->auid, b->auid);
	assert_int_equal(a->uid, b->uid);
	assert_int_equal(a->euid, b->euid);
	assert_int_equal(a->ses, b->ses);
	assert_int_equal(a->script_uid, b->script_uid);
	assert_int_equal(a->start_ms, b->start_ms);
	assert_same_text(a->comm, b->comm);
	assert_same_text(a->exe, b->exe);
	assert_same_text(a->script, b->script);
	assert_same_text(a->cmdline, b->cmdline);
	assert_same_text(a->cwd, b->cwd);
	assert_same_text(a->tty, b->tty);
	assert_same_text(a->container, b->container);
}

static void assert_same_access(const struct access *a, const struct access *b)
{
	assert_int_equal(a->time_ms, b->time_ms);
	assert_same_text(a->host, b->host);
	assert_int_equal(a->serial, b->serial);
	assert_int_equal(a->boot, b->boot);
	assert_int_equal(a->lineage, b->lineage);
	assert_ptr_equal(a->origin.file, b->origin.file);
	assert_ptr_equal(a->origin.member, b->origin.member);
	assert_int_equal(a->origin.offset, b->origin.offset);
	assert_int_equal(a->trust, b->trust);
	assert_int_equal(a->sighting, b->sighting);
	assert_int_equal(a->verb, b->verb);
	assert_int_equal(a->entry, b->entry);
	assert_int_equal(a->resolved_by, b->resolved_by);
	assert_int_equal(a->certain, b->certain);
	assert_int_equal(a->self, b->self);
	assert_int_equal(a->write, b->write);
	assert_int_equal(a->path_only, b->path_only);
	assert_int_equal(a->again, b->again);
	assert_int_equal(a->trusted_exe, b->trusted_exe);
	assert_int_equal(a->incomplete, b->incomplete);
	assert_int_equal(a->seen_by, b->seen_by);
	assert_int_equal(a->outcome, b->outcome);
	assert_same_text(a->path, b->path);
	assert_same_text(a->resolved_path, b->resolved_path);
	assert_same_text(a->syscall, b->syscall);
	assert_int_equal(a->request, b->request);
	assert_same_process(&a->actor, &b->actor);
	assert_same_process(&a->target, &b->target);
	assert_same_text(a->message, b->message);
	assert_int_equal(a->raw_count, b->raw_count);
	for (size_t i = 0; i < a->raw_count; i++)
		assert_same_text(a->raw[i], b->raw[i]);
}

static void assert_same(const struct finding *a, const struct finding *b)
{
	assert_same_access(&a->access, &b->access);
	assert_int_equal(a->risk, b->risk);
	assert_int_equal(a->score, b->score);
	assert_int_equal(a->severity, b->severity);
	assert_int_equal(a->reason_count, b->reason_count);
	for (size_t i = 0; i < a->reason_count; i++)
		assert_same_text(a->reasons[i], b->reasons[i]);
	assert_same_text(a->rule, b->rule);
	assert_same_text(a->rule_id, b->rule_id);
	assert_same_text(a->rule_title, b->rule_title);
	assert_same_text(a->threat, b->threat);
	assert_int_equal(a->credentials, b->credentials);
	assert_same_text(a->access.parent_exe, b->access.parent_exe);
	assert_same_text(a->access.parent_cmdline, b->access.parent_cmdline);
	assert_same_text(a->technique, b->technique);
	assert_same_text(a->suppressed_by, b->suppressed_by);
	assert_same_text(a->suppressed_why, b->suppressed_why);
	assert_int_equal(a->count, b->count);
	assert_int_equal(a->update, b->update);
	assert_int_equal(a->first_ms, b->first_ms);
	assert_int_equal(a->last_ms, b->last_ms);
	assert_string_equal(a->id, b->id);
	assert_string_equal(a->incident, b->incident);
}

static uint64_t extreme(uint64_t *seed)
{
	return sample_random(seed) % 4 ? sample_random(seed) >> (sample_random(seed) % 64) : UNKNOWN_ID;
}

/* Every member has some value, the extremes among them. */
static struct finding make_any(uint64_t *seed, char *room, size_t max, struct span raw[8])
{
	struct finding finding = sample_hostile_finding(seed, room, max);
	struct access *access = &finding.access;

	access->serial = extreme(seed);
	access->boot = (uint32_t)extreme(seed);
	access->lineage = extreme(seed);
	access->origin.offset = extreme(seed);
	access->origin.member = sample_random(seed) % 2 ? "member" : NULL;
	access->trust = (enum trust)(sample_random(seed) % (TRUST_KERNEL + 1));
	access->resolved_by = (enum resolved_by)(sample_random(seed) % RESOLVED_COUNT);
	access->path_only = sample_random(seed) % 2;
	access->again = sample_random(seed) % 2;
	access->trusted_exe = sample_random(seed) % 2;
	access->sighting = (enum sighting)(sample_random(seed) % (SIGHTING_LINE + 1));
	access->incomplete = sample_random(seed) % 2;
	access->seen_by = (unsigned)(sample_random(seed) % SEEN_BY_END);
	finding.update = sample_random(seed) % 2;
	access->target.container = SPAN("docker-0123");
	access->outcome = (int)(uint32_t)extreme(seed);
	access->request = extreme(seed);
	access->actor.ppid = extreme(seed);
	access->actor.start_ms = (int64_t)extreme(seed);
	access->target.euid = extreme(seed);
	access->target.tty = SPAN("");
	access->raw_count = sample_random(seed) % 9;
	access->raw = access->raw_count ? raw : NULL;
	for (size_t i = 0; i < access->raw_count; i++)
		raw[i] = i == 3 ? SPAN("") : access->path.data ? access->path : SPAN("type=EOE");
	finding.reason_count = sample_random(seed) % (FINDING_REASONS_MAX + 1);
	for (size_t i = 3; i < finding.reason_count; i++)
		finding.reasons[i] = access->host;
	finding.score = (unsigned)(sample_random(seed) % 101);
	finding.severity = (unsigned)(sample_random(seed) % 11);
	finding.first_ms = (int64_t)extreme(seed);
	finding.last_ms = (int64_t)extreme(seed);
	if (sample_random(seed) % 4 == 0)
		finding.id[0] = '\0';
	else if (sample_random(seed) % 2)
		memcpy(finding.incident, "00112233aabbccdd", 17);
	return finding;
}

static void test_finding_copy_owns_itself(void **state)
{
	enum { MAX = 100 };
	static char room[SAMPLE_TEXTS * MAX], kept[SAMPLE_TEXTS * MAX];
	struct span raw[8], kept_raw[8];
	uint64_t seed = 11;

	for (int i = 0; i < 2000; i++) {
		uint64_t again = seed;
		struct finding copy, from = make_any(&seed, room, MAX, raw);
		assert_true(finding_copy(&copy, &from));
		memset(room, 0xaa, sizeof(room));
		memset(raw, 0, sizeof(raw));
		struct finding same = make_any(&again, kept, MAX, kept_raw);
		assert_same(&copy, &same);
		finding_finish(&copy);
	}
}

static void test_finding_finish_takes_zeroes(void **state)
{
	struct finding finding = { 0 }, copy;

	finding_finish(NULL);
	finding_finish(&finding);
	assert_true(finding_copy(&copy, &finding));
	finding_finish(&copy);
	finding_finish(&copy);
}

static void test_finding_pack_round_trip(void **state)
{
	enum { MAX = 100 };
	static char room[SAMPLE_TEXTS * MAX];
	struct span raw[8], raw_room[8];
	struct buffer bytes = { 0 };
	uint64_t seed = 12;

	for (int i = 0; i < 5000; i++) {
		struct finding back, finding = make_any(&seed, room, MAX, raw);
		size_t before = bytes.len % 977;
		buffer_reset(&bytes);
		for (size_t k = 0; k < before; k++)
			buffer_add_byte(&bytes, 'x');
		finding_pack(&finding, &bytes);
		size_t len = bytes.len - before;
		buffer_text(&bytes, "what follows is somebody else's");
		assert_int_equal(finding_unpack(&back, span_skip(buffer_span(&bytes), before), raw_room, 8), len);
		assert_same(&finding, &back);
		finding_finish(&back);
	}
	buffer_finish(&bytes);
}

static void test_finding_unpack_leaves_raw_out(void **state)
{
	struct finding back, finding = sample_finding();
	struct buffer bytes = { 0 };
	struct span raw_room[1];

	finding_pack(&finding, &bytes);
	assert_int_equal(finding_unpack(&back, buffer_span(&bytes), raw_room, 1), bytes.len);
	assert_int_equal(back.access.raw_count, 1);
	assert_same_text(back.access.raw[0], finding.access.raw[0]);
	assert_int_equal(finding_unpack(&back, buffer_span(&bytes), NULL, 0), bytes.len);
	assert_int_equal(back.access.raw_count, 0);
	buffer_finish(&bytes);
}

static void test_finding_unpack_bad_bytes(void **state)
{
	struct finding back, finding = sample_finding();
	struct buffer bytes = { 0 };
	struct span raw_room[8];
	uint64_t seed = 13;

	finding_pack(&finding, &bytes);
	for (size_t len = 0; len < bytes.len; len++) {
		char *cut = malloc(len + 1); /* ends where the bytes end, for the sanitizer */
		memcpy(cut + 1, bytes.data, len);
		assert_int_equal(finding_unpack(&back, (struct span){ cut + 1, len }, raw_room, 8), 0);
		free(cut);
	}
	for (int i = 0; i < 50000; i++) {
		char *wrong = malloc(bytes.len + 1);
		memcpy(wrong, bytes.data, bytes.len);
		for (int k = 0; k < 3; k++)
			wrong[sample_random(&seed) % (bytes.len + 1)] = (char)sample_random(&seed);
		size_t used = finding_unpack(&back, (struct span){ wrong, bytes.len }, raw_room, 8);
		assert_true(used <= bytes.len);
		free(wrong);
	}
	buffer_finish(&bytes);
}

static void test_finding_pack_compare_ignores_where(void **state)
{
	char here[] = "audit.log", there[] = "audit.log";
	struct finding a = sample_finding(), b = a;
	struct buffer bytes_a = { 0 }, bytes_b = { 0 };

	a.access.origin.file = here;
	b.access.origin.file = there;
	finding_pack(&a, &bytes_a);
	finding_pack(&b, &bytes_b);
	assert_int_equal(finding_pack_compare(buffer_span(&bytes_a), buffer_span(&bytes_b)), 0);
	there[0] = 'b';
	assert_true(finding_pack_compare(buffer_span(&bytes_a), buffer_span(&bytes_b)) < 0);
	assert_true(finding_pack_compare(buffer_span(&bytes_b), buffer_span(&bytes_a)) > 0);
	buffer_finish(&bytes_a);
	buffer_finish(&bytes_b);
}

/* ---- summary ---- */

static void test_summary_count(void **state)
{
	static struct summary summary;
	struct origin origin = { .file = "a", .offset = 9 };
	char name[200];

	summary_count(summary.undecoded, "binary", SPAN("\0\1"), &origin);
	summary_count(summary.undecoded, "binary", SPAN("later"), NULL);
	assert_int_equal(summary.undecoded[0].count, 2);
	assert_int_equal(summary.undecoded[0].sample_len, 2);
	assert_string_equal(summary.undecoded[0].file, "a");
	assert_int_equal(summary.undecoded[0].offset, 9);
	for (int i = 0; i < 100; i++) {
		snprintf(name, sizeof(name), "kind %d", i);
		summary_count(summary.undecoded, name, (struct span){ 0 }, NULL);
	}
	assert_string_equal(summary.undecoded[SUMMARY_KINDS_MAX - 2].name, "kind 21");
	assert_string_equal(summary.undecoded[SUMMARY_KINDS_MAX - 1].name, "other");
	assert_int_equal(summary.undecoded[SUMMARY_KINDS_MAX - 1].count, 78);
	memset(name, 'n', sizeof(name) - 1);
	name[199] = '\0';
	summary_count(summary.suppressions, name, span_of(name), NULL);
	summary_count(summary.suppressions, name, span_of(name), NULL);
	assert_int_equal(summary.suppressions[0].count, 2);
	assert_int_equal(summary.suppressions[0].sample_len, SUMMARY_SAMPLE_LEN);
}

static void test_summary_note(void **state)
{
	static struct summary summary;

	summary_note(&summary, false, false, "%s is empty", "a.log");
	summary_note(&summary, true, false, "%s is empty", "a.log");
	assert_int_equal(summary.notes[0].count, 2);
	assert_true(summary.notes[0].loss);
	for (int i = 0; i < 100; i++)
		summary_note(&summary, false, i == 99, "note %d", i);
	assert_int_equal(summary.notes_dropped, 100 - (SUMMARY_NOTES_MAX - 1));
	assert_int_equal(summary_status(&summary), 2); /* though the note itself found no room */
}

static void test_summary_status(void **state)
{
	static struct summary summary;

	assert_int_equal(summary_status(&summary), 0);
	summary.serial_gaps = summary.evicted = summary.suppressed = 5;
	assert_int_equal(summary_status(&summary), 0);
	summary.findings = 1;
	assert_int_equal(summary_status(&summary), 1);
	summary.lost_told = 1;
	assert_int_equal(summary_status(&summary), 3);
	summary_note(&summary, true, false, "gone");
	assert_int_equal(summary_status(&summary), 3);
	summary_note(&summary, false, true, "unreadable");
	assert_int_equal(summary_status(&summary), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_entries),
		cmocka_unit_test(test_risks),
		cmocka_unit_test(test_formats),
		cmocka_unit_test(test_finding_copy_owns_itself),
		cmocka_unit_test(test_finding_finish_takes_zeroes),
		cmocka_unit_test(test_finding_pack_round_trip),
		cmocka_unit_test(test_finding_unpack_leaves_raw_out),
		cmocka_unit_test(test_finding_unpack_bad_bytes),
		cmocka_unit_test(test_finding_pack_compare_ignores_where),
		cmocka_unit_test(test_summary_count),
		cmocka_unit_test(test_summary_note),
		cmocka_unit_test(test_summary_status),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
