/*
 * The user half of the eBPF sensor: loads the kernel half (src/bpf), which is
 * part of the program, and reads the ring that it writes.
 *
 *	opened ─▶ loaded (all programs, else as many as the kernel takes) ─▶ attached ─▶ read
 *
 * Once it is open it makes no call of bpf(2) any more: the ring and the
 * counters are mapped memory.
 */
#include "source/bpf.h"

#ifdef PROCTOR_BPF

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "model/access.h"
#include "source/bpf_object.h"
#include "source/bpf_why.h"
#include "source/witness.h"

#define LOG_SIZE (16u << 20) /* the reason is at the end of it: it must fit, or the kernel says ENOSPC instead */
#define PROGRAMS_MAX 16
#define WAKE_MS 10 /* under load the reader is woken once in this time */
#define LOOKS 3	   /* so often it looks by itself before it sleeps: the first time at once */
#define TAKEN (-ECANCELED)
#define COUNTERS_SIZE (WIRE_COUNTERS * sizeof(uint64_t))

struct bpf_sensor {
	struct sensor sensor;
	struct bpf_object *object;
	struct bpf_link *links[PROGRAMS_MAX];
	size_t link_count;
	struct ring_buffer *ring;
	uint64_t *counters; /* the kernel half's, mapped; NULL until then */
	int root;	    /* descriptor of "/", to ask for the owners of scripts */
	int looks;
	const char *host;
	int64_t boot_ns;
	bool taken;
	struct witness witness;
};

/* Programs that a kernel may refuse: something is left to see without them. Of the first two, a kernel has one. */
enum { SUBMIT = 1, SUBMIT_SQE = 2, COMPLETE = 4, EXEC = 8, CHECK = 16 };

static const struct {
	const char *name;
	unsigned bit;
} optional[] = {
	{ "proctor_submit", SUBMIT }, { "proctor_submit_sqe", SUBMIT_SQE }, { "proctor_complete", COMPLETE },
	{ "proctor_exec", EXEC },     { "proctor_check", CHECK },
};

/* What is tried in turn: what is left out, and what that leaves unseen. */
static const struct {
	unsigned without;
	const char *unseen;
} attempts[] = {
	{ SUBMIT_SQE, "" },
	{ SUBMIT, "" },
	{ SUBMIT | SUBMIT_SQE, "opens by io_uring that are denied or ask for no completion; " },
	{ SUBMIT | SUBMIT_SQE | COMPLETE, "opens by io_uring; " },
	{ SUBMIT | SUBMIT_SQE | COMPLETE | EXEC, "opens by io_uring; executions and scripts; " },
};

#define ATTEMPTS (sizeof(attempts) / sizeof(attempts[0]))

static int64_t boot_time(void)
{
	struct timespec now, since;

	clock_gettime(CLOCK_REALTIME, &now);
	clock_gettime(CLOCK_BOOTTIME, &since);
	return (int64_t)(now.tv_sec - since.tv_sec) * 1000000000 + (now.tv_nsec - since.tv_nsec);
}

/* By its path, so only where the path means the same to us as to the actor. */
static uint64_t script_owner(const struct bpf_sensor *bpf)
{
	const struct process *actor = &bpf->witness.access.actor;
	char path[256];
	struct stat st;

	if (!actor->script.len || actor->script.len >= sizeof(path) || actor->script.data[0] != '/' ||
	    bpf->witness.head.actor.flags & WIRE_ROOT_MOVED)
		return UNKNOWN_ID;
	memcpy(path, actor->script.data, actor->script.len);
	path[actor->script.len] = '\0';
	return fstatat(bpf->root, path + 1, &st, 0) == 0 && !(st.st_mode & 022) ? st.st_uid : UNKNOWN_ID;
}

/* Called by libbpf with one event; what it answers ends the reading, so that events are handed out one by one. */
static int take(void *context, void *data, size_t size)
{
	struct bpf_sensor *bpf = context;

	bpf->taken = witness_read(&bpf->witness, (struct span){ data, size }, bpf->boot_ns);
	bpf->sensor.counts[bpf->taken ? COUNT_MESSAGES : COUNT_CUT]++;
	return bpf->taken ? TAKEN : 0;
}

static void fill_item(struct bpf_sensor *bpf, struct sensor_item *item)
{
	struct access *access = &bpf->witness.access;

	access->actor.script_uid = script_owner(bpf);
	access->host = span_of(bpf->host);
	access->origin = (struct origin){ .file = "bpf" };
	item->record = (struct record){
		.kind = RECORD_ACCESS,
		.trust = TRUST_KERNEL,
		.node = access->host,
		.time_ms = access->time_ms,
		.origin = access->origin,
		.access = access,
	};
}

static int bpf_next(struct sensor *sensor, struct sensor_item *item, struct err *err)
{
	struct bpf_sensor *bpf = (struct bpf_sensor *)sensor;

	bpf->taken = false;
	bpf->boot_ns = boot_time();
	int result = ring_buffer__consume(bpf->ring);
	if (bpf->taken) {
		bpf->looks = LOOKS;
		fill_item(bpf, item);
		return SENSOR_RECORD;
	}
	if (result < 0)
		return err_set(err, result, "bpf: cannot read the kernel's ring: %s", strerror(-result));
	bpf->looks -= bpf->looks > 0;
	sensor->poll_ms = bpf->looks ? WAKE_MS : 0;
	return SENSOR_NOTHING;
}

uint64_t bpf_sensor_counter(const struct sensor *sensor, enum wire_counter counter)
{
	const struct bpf_sensor *bpf = (const struct bpf_sensor *)sensor;

	return __atomic_load_n(&bpf->counters[counter], __ATOMIC_RELAXED);
}

static void bpf_account(struct sensor *sensor)
{
	sensor->counts[COUNT_RING_DROPS] = bpf_sensor_counter(sensor, WIRE_DROPPED);
}

static void bpf_close(struct sensor *sensor)
{
	struct bpf_sensor *bpf = (struct bpf_sensor *)sensor;

	for (size_t i = 0; i < bpf->link_count; i++)
		bpf_link__destroy(bpf->links[i]);
	ring_buffer__free(bpf->ring);
	bpf_object__close(bpf->object);
	if (bpf->counters)
		munmap(bpf->counters, COUNTERS_SIZE);
	if (bpf->root >= 0)
		close(bpf->root);
	free(bpf);
}

/* Kernels from 6.2 on can be told the type of a pointer; then little of the reading is a call. */
static bool knows_casts(void)
{
	struct btf *types = btf__load_vmlinux_btf();
	bool knows = types && btf__find_by_name_kind(types, "bpf_rdonly_cast", BTF_KIND_FUNC) > 0;

	btf__free(types);
	return knows;
}

static void fill_config(struct wire_config *config, const struct bpf_options *options)
{
	struct stat st;
	size_t count = 0;

	*config = (struct wire_config){
		.own = (uint32_t)getpid(),
		.mnt_ns = stat("/proc/self/ns/mnt", &st) == 0 ? (uint32_t)st.st_ino : 0,
		.wake_ns = WAKE_MS * 1000000u,
		.scope_kind = options->scope,
		.scope = options->scope_of,
		.executions = options->executions,
		.casts = knows_casts(),
	};
	for (unsigned entry = ENTRY_NONE + 1; entry < ENTRY_COUNT && count < WIRE_ENTRIES_MAX; entry++)
		strncpy((char *)config->entries[count++], entry_name((enum entry)entry), WIRE_NAME_MAX);
}

static uint32_t ring_bytes(size_t wanted)
{
	uint32_t bytes = (uint32_t)sysconf(_SC_PAGESIZE);

	if (!wanted)
		wanted = BPF_RING_SIZE;
	while (bytes < wanted && bytes < 1u << 30)
		bytes *= 2;
	return bytes;
}

static int prepare(struct bpf_sensor *bpf, const struct bpf_options *options)
{
	struct bpf_map *ring = bpf_object__find_map_by_name(bpf->object, "ring");
	struct bpf_map *constants = bpf_object__find_map_by_name(bpf->object, ".rodata.config");
	struct wire_config config;
	size_t size = 0;

	fill_config(&config, options);
	if (!ring || !constants || !bpf_map__initial_value(constants, &size) || size != sizeof(config))
		return -EINVAL;
	bpf_map__set_initial_value(constants, &config, sizeof(config));
	return bpf_map__set_max_entries(ring, ring_bytes(options->ring_size));
}

/* Without the programs of these bits. With a log, the verifier explains itself in it; NULL: it need not. */
static int load(struct bpf_sensor *bpf, const struct bpf_options *options, unsigned without, char *log)
{
	struct bpf_object_open_opts opening = { .sz = sizeof(opening), .kernel_log_buf = log };

	if (log) {
		opening.kernel_log_size = LOG_SIZE;
		opening.kernel_log_level = 1;
	}
	bpf->object = bpf_object__open_mem(bpf_object, bpf_object_size, &opening);
	if (!bpf->object)
		return -errno;
	for (size_t i = 0; i < sizeof(optional) / sizeof(optional[0]); i++) {
		struct bpf_program *program = bpf_object__find_program_by_name(bpf->object, optional[i].name);
		if (program && without & optional[i].bit)
			bpf_program__set_autoload(program, false);
	}
	int result = prepare(bpf, options);
	if (!result)
		result = bpf_object__load(bpf->object);
	if (result) {
		bpf_object__close(bpf->object);
		bpf->object = NULL;
	}
	return result;
}

static int attach(struct bpf_sensor *bpf)
{
	struct bpf_program *program;

	bpf_object__for_each_program(program, bpf->object)
	{
		if (!bpf_program__autoload(program) || bpf->link_count == PROGRAMS_MAX)
			continue;
		struct bpf_link *link = bpf_program__attach(program);
		if (!link)
			return -errno;
		bpf->links[bpf->link_count++] = link;
	}
	return 0;
}

static int map_memory(struct bpf_sensor *bpf, const struct bpf_options *options)
{
	struct bpf_map *ring = bpf_object__find_map_by_name(bpf->object, "ring");
	struct bpf_map *counters = bpf_object__find_map_by_name(bpf->object, ".data.counters");
	struct bpf_map *descendants = bpf_object__find_map_by_name(bpf->object, "descendants");
	uint32_t pid = (uint32_t)options->scope_of;
	uint64_t start = 0; /* whenever it started */

	if (options->scope == WIRE_SCOPE_PID && descendants &&
	    bpf_map_update_elem(bpf_map__fd(descendants), &pid, &start, BPF_ANY))
		return -errno;
	bpf->sensor.fd = bpf_map__fd(ring);
	bpf->ring = ring_buffer__new(bpf->sensor.fd, take, bpf, NULL);
	if (!bpf->ring)
		return -errno;
	if (!counters || bpf_map__value_size(counters) != COUNTERS_SIZE)
		return -EINVAL;
	void *mapped = mmap(NULL, COUNTERS_SIZE, PROT_READ, MAP_SHARED, bpf_map__fd(counters), 0);
	if (mapped == MAP_FAILED)
		return -errno;
	bpf->counters = mapped;
	return 0;
}

/* A kernel can load programs of security modules and never run them: it must have been started with "bpf" among them. */
static bool runs_hooks(void)
{
	char modules[512];
	int fd = open("/sys/kernel/security/lsm", O_RDONLY | O_CLOEXEC);
	ssize_t len = fd >= 0 ? read(fd, modules, sizeof(modules)) : -1;
	struct span rest = { modules, len > 0 ? (size_t)len : 0 };
	bool runs = false;

	if (fd >= 0)
		close(fd);
	for (; rest.len && !runs; rest = span_skip(rest, span_index(rest, ',') + 1))
		runs = span_equal(span_trim(span_first(rest, span_index(rest, ','))), SPAN("bpf"));
	return runs;
}

static void say_blind(struct sensor *sensor, const char *unseen)
{
	snprintf(
		sensor->blind, sizeof(sensor->blind),
		"%s%sdenied opens whose path does not say what they mean (through a link of another name); files below "
		"map_files",
		unseen, sensor->with ? "" : "what fanotify opens for who reads its events; ");
}

/* Loads once more, to hear why not. */
static int explain(struct bpf_sensor *bpf, const struct bpf_options *options, int result, struct err *err)
{
	char *log = result == -EPERM ? NULL : calloc(1, LOG_SIZE);

	if (log && load(bpf, options, attempts[ATTEMPTS - 1].without | CHECK, log) == 0)
		log[0] = '\0';
	bpf_why(err, result, log ? log : "");
	free(log);
	return result;
}

static int load_most(struct bpf_sensor *bpf, const struct bpf_options *options, unsigned without)
{
	int result = -ENOTSUP;

	for (size_t attempt = 0; attempt < ATTEMPTS && result && result != -EPERM; attempt++) {
		result = load(bpf, options, attempts[attempt].without | without, NULL);
		if (result)
			continue;
		bpf->sensor.with = without & CHECK ? NULL : "lsm/ptrace_access_check";
		say_blind(&bpf->sensor, attempts[attempt].unseen);
	}
	return result;
}

static int start(struct bpf_sensor *bpf, const struct bpf_options *options, struct err *err)
{
	int result = -ENOTSUP;

	libbpf_set_print(NULL);
	if (runs_hooks())
		result = load_most(bpf, options, 0);
	if (result && result != -EPERM)
		result = load_most(bpf, options, CHECK);
	if (result)
		return explain(bpf, options, result, err);
	result = map_memory(bpf, options);
	if (!result)
		result = attach(bpf);
	return result ? bpf_why(err, result, "") : 0;
}

struct sensor *bpf_sensor_open_with(const struct bpf_options *options, struct err *err)
{
	struct bpf_sensor *bpf = calloc(1, sizeof(*bpf));

	if (!bpf) {
		err_set(err, -ENOMEM, "bpf: out of memory");
		return NULL;
	}
	bpf->sensor = (struct sensor){ .name = "bpf",
				       .bit = SEEN_BY_BPF,
				       .next = bpf_next,
				       .account = bpf_account,
				       .close = bpf_close,
				       .fd = -1 };
	bpf->host = options->host;
	bpf->root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (start(bpf, options, err) == 0)
		return &bpf->sensor;
	bpf_close(&bpf->sensor);
	return NULL;
}

#else

struct sensor *bpf_sensor_open_with(const struct bpf_options *options, struct err *err)
{
	(void)options;
	err_set(err, -ENOTSUP,
		"bpf: this proctor was built without the eBPF sensor: build it on x86-64 with clang and "
		"libbpf-dev");
	return NULL;
}

uint64_t bpf_sensor_counter(const struct sensor *sensor, enum wire_counter counter)
{
	(void)sensor, (void)counter;
	return 0;
}

#endif
