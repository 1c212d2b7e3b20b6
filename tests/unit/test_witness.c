/* src/source/witness: the bytes of the kernel half → an access, or none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "source/witness.h"

#define BOOT_NS INT64_C(1795430000000000000)

/* The bytes of an access, as the kernel half makes them. */
struct sample {
	struct wire_access head;
	char texts[1024];
	size_t used;
};

static void add(struct sample *sample, enum wire_text which, const char *bytes, size_t len)
{
	memcpy(sample->texts + sample->used, bytes, len);
	sample->used += len;
	sample->head.text_len[which] = (uint16_t)len;
}

#define ADD(sample, which, text) add(sample, which, text, sizeof(text) - 1)

static struct sample make_sample(void)
{
	struct sample sample = {
		.head = {
			.version = WIRE_VERSION,
			.call = WIRE_CALL_OPENAT,
			.time_ns = 5000000,
			.open_flags = O_RDWR,
			.actor_tid = 31,
			.target_tid = 12,
			.entry = "mem",
			.actor = { .pid = 30, .ppid = 29, .uid = 1000, .euid = 0, .auid = 1000, .ses = 3,
				   .start_ns = 4000000, .exe_mode = 0100755, .flags = WIRE_EXE_WHOLE,
				   .comm = "dumper", .tty = "pts0" },
			.target = { .pid = 12, .ppid = 1, .auid = WIRE_NO_ID, .ses = WIRE_NO_ID,
				    .start_ns = 1000000, .flags = WIRE_EXE_WHOLE, .comm = "sshd" },
		},
	};
	char group[] = "docker-0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef.scope\0system.slice";

	ADD(&sample, WIRE_TARGET_EXE, "sshd\0sbin\0usr\0");
	add(&sample, WIRE_ACTOR_CGROUP, group, sizeof(group));
	ADD(&sample, WIRE_ACTOR_EXE, "dumper\0opt\0");
	ADD(&sample, WIRE_PATH, "/proc/12/mem");
	ADD(&sample, WIRE_CMDLINE, "dumper\0--all\0");
	return sample;
}

/* Reads from an allocation of just that size, so that a sanitizer sees a step too far. */
static bool read_exactly(struct witness *witness, const void *bytes, size_t len)
{
	char *copy = malloc(len ? len : 1);

	memcpy(copy, bytes, len);
	bool is_access = witness_read(witness, (struct span){ copy, len }, BOOT_NS);
	free(copy);
	return is_access;
}

static bool read_sample(struct witness *witness, const struct sample *sample)
{
	char bytes[sizeof(sample->head) + sizeof(sample->texts)];

	memcpy(bytes, &sample->head, sizeof(sample->head));
	memcpy(bytes + sizeof(sample->head), sample->texts, sample->used);
	return read_exactly(witness, bytes, sizeof(sample->head) + sample->used);
}

#define assert_text(span, text) assert_true(span_equal(span, SPAN(text)))

static void reads_all_of_an_access(void **state)
{
	struct witness witness;
	struct sample sample = make_sample();

	assert_true(read_sample(&witness, &sample));
	const struct access *access = &witness.access;
	assert_int_equal(access->time_ms, 1795430000005);
	assert_int_equal(access->verb, VERB_OPEN);
	assert_int_equal(access->entry, ENTRY_MEM);
	assert_int_equal(access->resolved_by, RESOLVED_INODE);
	assert_int_equal(access->seen_by, SEEN_BY_BPF);
	assert_int_equal(access->trust, TRUST_KERNEL);
	assert_true(access->certain && access->write && access->trusted_exe && !access->self && !access->path_only);
	assert_text(access->path, "/proc/12/mem");
	assert_text(access->resolved_path, "/proc/12/mem");
	assert_text(access->syscall, "openat");
	assert_int_equal(access->actor.pid, 30);
	assert_int_equal(access->actor.ppid, 29);
	assert_int_equal(access->actor.uid, 1000);
	assert_int_equal(access->actor.euid, 0);
	assert_int_equal(access->actor.auid, 1000);
	assert_int_equal(access->actor.start_ms, 1795430000004);
	assert_text(access->actor.comm, "dumper");
	assert_text(access->actor.exe, "/opt/dumper");
	assert_text(access->actor.cmdline, "dumper --all");
	assert_text(access->actor.tty, "pts0");
	assert_text(access->actor.container, "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
	assert_null(access->actor.script.data);
	assert_int_equal(access->target.pid, 12);
	assert_int_equal(access->target.auid, 4294967295);
	assert_text(access->target.exe, "/usr/sbin/sshd");
	assert_null(access->target.container.data);
}

static void names_each_call(void **state)
{
	static const struct {
		enum wire_call call;
		const char *entry, *syscall;
		enum verb verb;
	} cases[] = {
		{ WIRE_CALL_CREAT, "mem", "creat", VERB_OPEN },
		{ WIRE_CALL_READV, "", "process_vm_readv", VERB_PROCESS_VM_READV },
		{ WIRE_CALL_WRITEV, "", "process_vm_writev", VERB_PROCESS_VM_WRITEV },
		{ WIRE_CALL_PTRACE, "", "ptrace", VERB_PTRACE },
		{ WIRE_CALL_GETFD, "", "pidfd_getfd", VERB_PIDFD_GETFD },
		{ WIRE_CALL_GOTFD, "mem", "pidfd_getfd", VERB_OPEN },
		{ WIRE_CALL_IO_URING2, "maps", "openat2", VERB_OPEN },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sample sample = make_sample();
		struct witness witness;
		sample.head.call = (uint8_t)cases[i].call;
		memset(sample.head.entry, 0, sizeof(sample.head.entry));
		memcpy(sample.head.entry, cases[i].entry, strlen(cases[i].entry));
		assert_true(read_sample(&witness, &sample));
		assert_int_equal(witness.access.verb, cases[i].verb);
		assert_true(span_equal(witness.access.syscall, span_of(cases[i].syscall)));
		assert_int_equal(witness.access.entry, entry_from_name(span_of(cases[i].entry)));
		assert_int_equal(witness.access.write,
				 cases[i].verb == VERB_PROCESS_VM_WRITEV || cases[i].verb == VERB_OPEN);
	}
}

static void trusts_only_what_root_owns_and_we_see(void **state)
{
	static const struct {
		uint32_t uid;
		uint16_t mode, flags;
		bool trusted;
		const char *exe;
	} cases[] = {
		{ 0, 0100755, WIRE_EXE_WHOLE, true, "/opt/dumper" },
		{ 1000, 0100755, WIRE_EXE_WHOLE, false, "/opt/dumper" },
		{ 0, 0100775, WIRE_EXE_WHOLE, false, "/opt/dumper" },
		{ 0, 0100757, WIRE_EXE_WHOLE, false, "/opt/dumper" },
		{ 0, 0100755, 0, false, ".../opt/dumper" },
		{ 0, 0100755, WIRE_EXE_WHOLE | WIRE_EXE_DELETED, false, "/opt/dumper (deleted)" },
		{ 0, 0100755, WIRE_EXE_WHOLE | WIRE_ROOT_MOVED, false, "/opt/dumper" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sample sample = make_sample();
		struct witness witness;
		sample.head.actor.exe_uid = cases[i].uid;
		sample.head.actor.exe_mode = cases[i].mode;
		sample.head.actor.flags = cases[i].flags;
		assert_true(read_sample(&witness, &sample));
		assert_int_equal(witness.access.trusted_exe, cases[i].trusted);
		assert_true(span_equal(witness.access.actor.exe, span_of(cases[i].exe)));
	}
}

static void tells_threads_and_what_has_no_target(void **state)
{
	struct sample sample = make_sample();
	struct witness witness;

	sample.head.target_tid = 13;
	assert_true(read_sample(&witness, &sample));
	assert_text(witness.access.resolved_path, "/proc/12/task/13/mem");
	memset(&sample.head.target, 0, sizeof(sample.head.target));
	memcpy(sample.head.entry, "kcore\0\0\0\0", 8);
	assert_true(read_sample(&witness, &sample));
	assert_int_equal(witness.access.target.pid, UNKNOWN_ID);
	assert_text(witness.access.resolved_path, "/proc/kcore");
	memcpy(sample.head.entry, "devmem", 7);
	assert_true(read_sample(&witness, &sample));
	assert_text(witness.access.resolved_path, "/dev/mem");
}

static void doubts_what_only_the_path_says(void **state)
{
	struct sample sample = make_sample();
	struct witness witness;

	sample.head.flags = WIRE_BY_NAME;
	sample.head.outcome = -EACCES;
	assert_true(read_sample(&witness, &sample));
	assert_false(witness.access.certain);
	assert_int_equal(witness.access.resolved_by, RESOLVED_PATH);
	assert_int_equal(witness.access.outcome, -EACCES);
	sample.head.outcome = -100000;
	assert_true(read_sample(&witness, &sample));
	assert_int_equal(witness.access.outcome, 0);
}

static void knows_its_own(void **state)
{
	struct sample sample = make_sample();
	struct witness witness;

	sample.head.flags = WIRE_SAME_PROGRAM; /* a child opens its parent's mem: that is no self-inspection */
	assert_true(read_sample(&witness, &sample));
	assert_false(witness.access.self);
	sample.head.call = WIRE_CALL_PTRACE; /* but this is LeakSanitizer */
	assert_true(read_sample(&witness, &sample));
	assert_true(witness.access.self);
	sample.head.flags = 0;
	sample.head.target.pid = 30;
	assert_true(read_sample(&witness, &sample));
	assert_true(witness.access.self);
}

static void tells_executions(void **state)
{
	struct sample sample = make_sample();
	struct witness witness;

	sample.head.call = WIRE_CALL_EXEC;
	memset(sample.head.entry, 0, sizeof(sample.head.entry));
	memset(&sample.head.target, 0, sizeof(sample.head.target));
	assert_true(read_sample(&witness, &sample));
	assert_int_equal(witness.access.sighting, SIGHTING_EXECUTION);
	assert_int_equal(witness.access.verb, VERB_EXEC);
	assert_int_equal(witness.access.entry, ENTRY_NONE);
}

static void a_question_of_the_kernel_is_of_an_entry_or_of_the_process(void **state)
{
	struct witness witness;
	struct sample sample = make_sample();

	sample.head.call = WIRE_CALL_CHECK;
	sample.head.open_flags = 0;
	assert_true(read_sample(&witness, &sample));
	assert_int_equal(witness.access.verb, VERB_OPEN);
	assert_int_equal(witness.access.resolved_by, RESOLVED_CHECK);
	assert_true(witness.access.certain);
	assert_null(witness.access.syscall.data);
	memset(sample.head.entry, 0, sizeof(sample.head.entry));
	assert_true(read_sample(&witness, &sample));
	assert_int_equal(witness.access.verb, VERB_PTRACE);
	assert_true(witness.access.request == UNKNOWN_ID);
}

static void refuses_what_is_no_access(void **state)
{
	struct sample sample = make_sample();
	struct witness witness;
	char all[sizeof(sample.head) + sizeof(sample.texts)];
	size_t len = sizeof(sample.head) + sample.used;

	memcpy(all, &sample.head, sizeof(sample.head));
	memcpy(all + sizeof(sample.head), sample.texts, sample.used);
	for (size_t cut = 0; cut < len; cut++)
		assert_false(read_exactly(&witness, all, cut));
	assert_true(read_exactly(&witness, all, len));
	sample.head.version++;
	assert_false(read_sample(&witness, &sample));
	sample = make_sample();
	for (unsigned call = 0; call < 256; call++) {
		sample.head.call = (uint8_t)call;
		assert_int_equal(read_sample(&witness, &sample), call != WIRE_CALL_NONE && call <= WIRE_CALL_CHECK);
	}
	sample = make_sample();
	sample.head.text_len[WIRE_CMDLINE] = UINT16_MAX;
	assert_false(read_sample(&witness, &sample));
}

static void survives_times_and_names_of_any_kind(void **state)
{
	struct sample sample = make_sample();
	struct witness witness;

	sample.head.time_ns = UINT64_MAX;
	sample.head.actor.start_ns = INT64_MAX;
	memset(sample.head.actor.comm, 'x', sizeof(sample.head.actor.comm));
	memset(sample.head.entry, 'm', sizeof(sample.head.entry));
	assert_true(read_sample(&witness, &sample));
	assert_int_equal(witness.access.time_ms, TIME_UNKNOWN);
	assert_int_equal(witness.access.actor.start_ms, TIME_UNKNOWN);
	assert_int_equal(witness.access.actor.comm.len, sizeof(sample.head.actor.comm));
	assert_int_equal(witness.access.entry, ENTRY_NONE);
	/* A path of nothing but ends of components. */
	memset(sample.texts, 0, sizeof(sample.texts));
	assert_true(read_sample(&witness, &sample));
	assert_text(witness.access.actor.exe, "///////////");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_all_of_an_access),
		cmocka_unit_test(names_each_call),
		cmocka_unit_test(trusts_only_what_root_owns_and_we_see),
		cmocka_unit_test(tells_threads_and_what_has_no_target),
		cmocka_unit_test(doubts_what_only_the_path_says),
		cmocka_unit_test(knows_its_own),
		cmocka_unit_test(tells_executions),
		cmocka_unit_test(a_question_of_the_kernel_is_of_an_entry_or_of_the_process),
		cmocka_unit_test(refuses_what_is_no_access),
		cmocka_unit_test(survives_times_and_names_of_any_kind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
