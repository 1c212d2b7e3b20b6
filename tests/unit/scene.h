/*
 * For tests of resolve and rule: a scene is what some processes do, one call
 * after the other, told as the kernel's audit log would tell it.
 *
 *	scene_start();
 *	OPEN("/proc/812", .mode = DIRECTORY);		pid 500 of /opt/x opens it as fd 3
 *	OPEN("mem", .dirfd = 3);
 *	assert_access(scene_only(), 812, MEM, DIRFD, true);
 *
 * Private to tests/unit.
 */
#ifndef TESTS_UNIT_SCENE_H
#define TESTS_UNIT_SCENE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>

#include "events.h"
#include "model/fields.h"
#include "model/syscall.h"

/* OPEN, DO and EXEC say what is usual; what a test says after that counts. */
#ifdef __clang__
#pragma GCC diagnostic ignored "-Winitializer-overrides"
#else
#pragma GCC diagnostic ignored "-Woverride-init"
#endif

#define DIRECTORY 040555
#define X86_64 "c000003e"
#define NO_DIRFD (-100)
#define SCENE_MAX 256
#define UNSET 4294967295u

/* A PATH record. 0 and NULL stand for what mem of procfs has; `missing` for a file that is not there. */
struct scene_path {
	const char *name, *dev;
	unsigned mode, uid;
	uint64_t inode, rdev_minor;
	bool missing, parent;
};

/* An event. 0 and NULL stand for: pid 500, child of 400, /opt/x, root, session 1, in "/". */
struct scene_event {
	unsigned pid, ppid, uid, ses, auid;
	const char *exe, *comm, *cwd, *key, *node, *arch, *title;
	enum syscall_id call;
	unsigned number; /* instead of call */
	uint64_t a[4];
	int64_t exit;
	struct scene_path paths[4];
	const char *argv[12];
	const char *more[3]; /* more records, "OBJ_PID opid=812 …" */
	int64_t at;	     /* seconds since the scene began */
	uint64_t serial;
	bool without_syscall;
};

/* openat of one name; also of what open and openat2 do. */
struct scene_open {
	struct scene_path path;
	struct scene_event event;
	int dirfd; /* 0 stands for AT_FDCWD */
	uint64_t flags;
	int fd, error;
};

static struct {
	struct buffer text;
	uint64_t serial, inode;
	struct finding sightings[SCENE_MAX], findings[SCENE_MAX];
	size_t sighting_count, finding_count;
	struct summary summary;
} scene;

static inline void scene_forget(void)
{
	for (size_t i = 0; i < scene.sighting_count; i++)
		finding_finish(&scene.sightings[i]);
	for (size_t i = 0; i < scene.finding_count; i++)
		finding_finish(&scene.findings[i]);
	scene.sighting_count = scene.finding_count = 0;
}

static inline void scene_start(void)
{
	scene_forget();
	buffer_reset(&scene.text);
	scene.serial = 1000;
	scene.inode = 50000;
}

static inline int scene_teardown(void **state)
{
	scene_forget();
	buffer_finish(&scene.text);
	return 0;
}

static inline unsigned or_else(unsigned value, unsigned otherwise)
{
	return value ? value : otherwise;
}

static inline const char *text_or(const char *text, const char *otherwise)
{
	return text ? text : otherwise;
}

static inline unsigned x86_64_number(enum syscall_id call)
{
	for (unsigned number = 0; number < 512; number++)
		if (syscall_from_number(0xc000003e, number) == call)
			return number;
	abort();
}

static inline void scene_record(const struct scene_event *event, const char *type)
{
	if (event->node)
		buffer_printf(&scene.text, "node=%s ", event->node);
	buffer_printf(&scene.text, "type=%s msg=audit(%lld.%03u:%llu): ", type, (long long)(1795430000 + event->at),
		      250u, (unsigned long long)(event->serial ? event->serial : scene.serial));
}

static inline void scene_field(const char *name, const char *text)
{
	if (buffer_span(&scene.text).data[scene.text.len - 1] != ' ')
		buffer_add_byte(&scene.text, ' ');
	struct buffer one = { 0 };
	field_add_text(&one, name, (struct span){ text, text ? strlen(text) : 0 });
	buffer_add(&scene.text, buffer_span(&one));
	buffer_finish(&one);
}

static inline size_t scene_path_count(const struct scene_event *event)
{
	size_t count = 0;

	while (count < 4 && event->paths[count].name)
		count++;
	return count;
}

static inline void scene_syscall(const struct scene_event *event)
{
	unsigned uid = event->uid;

	scene_record(event, "SYSCALL");
	buffer_printf(
		&scene.text,
		"arch=%s syscall=%u success=%s exit=%lld a0=%llx a1=%llx a2=%llx a3=%llx items=%zu ppid=%u pid=%u "
		"auid=%u uid=%u gid=%u euid=%u suid=%u fsuid=%u egid=%u sgid=%u fsgid=%u tty=pts0 ses=%u",
		text_or(event->arch, X86_64), event->call ? x86_64_number(event->call) : event->number,
		event->exit < 0 ? "no" : "yes", (long long)event->exit, (unsigned long long)event->a[0],
		(unsigned long long)event->a[1], (unsigned long long)event->a[2], (unsigned long long)event->a[3],
		scene_path_count(event), or_else(event->ppid, 400), or_else(event->pid, 500),
		or_else(event->auid, 1000), uid, uid, uid, uid, uid, uid, uid, uid, or_else(event->ses, 1));
	scene_field("comm", text_or(event->comm, "x"));
	scene_field("exe", text_or(event->exe, "/opt/x"));
	scene_field("key", event->key);
	buffer_text(&scene.text, "\n");
}

static inline void scene_path(const struct scene_event *event, unsigned item, const struct scene_path *path)
{
	scene_record(event, "PATH");
	buffer_printf(&scene.text, "item=%u", item);
	scene_field("name", path->name);
	if (!path->missing)
		buffer_printf(&scene.text, " inode=%llu dev=%s mode=%07o ouid=%u ogid=0 rdev=01:%02llx",
			      (unsigned long long)(path->inode ? path->inode : scene.inode++),
			      text_or(path->dev, "00:15"), or_else(path->mode, 0100600), path->uid,
			      (unsigned long long)path->rdev_minor);
	buffer_printf(&scene.text, " nametype=%s\n", path->missing ? "UNKNOWN" : path->parent ? "PARENT" : "NORMAL");
}

static inline void scene_execve(const struct scene_event *event)
{
	unsigned count = 0;
	char name[16];

	while (count < 12 && event->argv[count])
		count++;
	if (!count)
		return;
	scene_record(event, "EXECVE");
	buffer_printf(&scene.text, "argc=%u", count);
	for (unsigned i = 0; i < count; i++) {
		snprintf(name, sizeof(name), "a%u", i);
		scene_field(name, event->argv[i]);
	}
	buffer_text(&scene.text, "\n");
}

static inline void scene_more(const struct scene_event *event, const char *record)
{
	struct span text = span_of(record);
	char type[32];

	snprintf(type, sizeof(type), "%.*s", (int)span_index(text, ' '), record);
	scene_record(event, type);
	buffer_add(&scene.text, span_skip(text, span_index(text, ' ') + 1));
	buffer_text(&scene.text, "\n");
}

static inline void scene_add(const struct scene_event *event)
{
	size_t paths = scene_path_count(event);

	if (!event->without_syscall)
		scene_syscall(event);
	scene_execve(event);
	for (size_t i = 0; i < 3 && event->more[i]; i++)
		scene_more(event, event->more[i]);
	if (paths) {
		scene_record(event, "CWD");
		scene_field("cwd", text_or(event->cwd, "/"));
		buffer_text(&scene.text, "\n");
	}
	for (size_t i = 0; i < paths; i++)
		scene_path(event, (unsigned)i, &event->paths[i]);
	scene_record(event, "PROCTITLE");
	scene_field("proctitle", text_or(event->title, "x"));
	buffer_text(&scene.text, "\n");
	scene.serial++;
}

static inline void scene_open(const struct scene_open *open)
{
	struct scene_event event = open->event;
	int dirfd = open->dirfd ? open->dirfd : NO_DIRFD;

	event.call = event.call || event.number ? event.call : CALL_openat;
	if (event.call == CALL_open) {
		event.a[0] = 0x7f00;
		event.a[1] = open->flags;
	} else {
		event.a[0] = (uint32_t)dirfd;
		event.a[1] = 0x7f00;
		event.a[2] = open->flags;
	}
	event.paths[0] = open->path;
	event.exit = open->error ? -open->error : (int64_t)or_else((unsigned)open->fd, 3);
	scene_add(&event);
}

#define BY(process, ...) .event = { .pid = (process), __VA_ARGS__ }
#define OPEN(path_name, ...) scene_open(&(struct scene_open){ .path.name = (path_name), __VA_ARGS__ })
#define DO(call_id, ...) scene_add(&(struct scene_event){ .call = CALL_##call_id, __VA_ARGS__ })
#define MOUNT_AT(target, ...) DO(mount, .paths = { { .name = (target), .mode = DIRECTORY }, __VA_ARGS__ })
/* The file, owned by root, and what it is loaded by. */
#define FILE_AND_LOADER(file)                                                          \
	{ .name = (file), .dev = "fd:00", .mode = 0100755 },                           \
	{                                                                              \
		.name = "/lib64/ld-linux-x86-64.so.2", .dev = "fd:00", .mode = 0100755 \
	}
#define EXEC(file, ...) DO(execve, .exe = (file), .argv = { (file) }, .paths = { FILE_AND_LOADER(file) }, __VA_ARGS__)

static inline void scene_take_sighting(void *context, const struct access *access)
{
	if (scene.sighting_count == SCENE_MAX ||
	    !finding_copy(&scene.sightings[scene.sighting_count++], &(struct finding){ .access = *access }))
		abort();
}

static inline void scene_take_finding(void *context, const struct finding *finding)
{
	if (scene.finding_count == SCENE_MAX || !finding_copy(&scene.findings[scene.finding_count++], finding))
		abort();
}

static inline void scene_play_with(bool keep_hidden)
{
	const struct pipe_calls calls = {
		.sighting = scene_take_sighting,
		.finding = scene_take_finding,
		.keep_hidden = keep_hidden,
		.keep_raw = true,
	};

	scene_forget();
	pipe_run(&calls, buffer_span(&scene.text), &scene.summary);
}

static inline void scene_play(void)
{
	scene_play_with(false);
}

/* The accesses of the scene so far, beginning with the last: scene_access(0) is the last. NULL when there are less. */
static inline const struct access *scene_access(size_t from_end)
{
	scene_play();
	for (size_t i = scene.sighting_count; i--;)
		if (scene.sightings[i].access.sighting == SIGHTING_ACCESS && from_end-- == 0)
			return &scene.sightings[i].access;
	return NULL;
}

static inline size_t scene_access_count(void)
{
	size_t count = 0;

	scene_play();
	for (size_t i = 0; i < scene.sighting_count; i++)
		count += scene.sightings[i].access.sighting == SIGHTING_ACCESS;
	return count;
}

static inline const struct access *scene_only(void)
{
	assert_int_equal(scene_access_count(), 1);
	return scene_access(0);
}

/* The finding that the scene leads to, when it is one. */
static inline const struct finding *scene_finding(void)
{
	scene_play();
	assert_int_equal(scene.finding_count, 1);
	return &scene.findings[0];
}

static inline bool has_reason(const struct finding *finding, const char *part)
{
	for (size_t i = 0; i < finding->reason_count; i++)
		if (span_find(finding->reasons[i], span_of(part)) < finding->reasons[i].len)
			return true;
	return false;
}

#define assert_text(span, literal) assert_text_at(span, SPAN(literal), __LINE__)

static inline void assert_text_at(struct span got, struct span want, int line)
{
	if (got.data && span_equal(got, want))
		return;
	print_error("line %d\n want %.*s\n got  %.*s\n", line, (int)want.len, want.data, (int)got.len,
		    got.data ? got.data : "nothing");
	fail();
}

#define assert_access(access, target_pid, entry_id, how, sure) \
	assert_access_at(access, target_pid, ENTRY_##entry_id, RESOLVED_##how, sure, __LINE__)

static inline void assert_access_at(const struct access *access, uint64_t target, enum entry entry,
				    enum resolved_by how, bool certain, int line)
{
	if (access && access->target.pid == target && access->entry == entry && access->resolved_by == how &&
	    access->certain == certain)
		return;
	if (access)
		print_error("line %d: got target %lld, entry %s, by %s, certain %d, self %d, %.*s\n", line,
			    (long long)access->target.pid, entry_name(access->entry) ? entry_name(access->entry) : "-",
			    resolved_by_name(access->resolved_by), access->certain, access->self,
			    (int)access->resolved_path.len,
			    access->resolved_path.data ? access->resolved_path.data : "");
	else
		print_error("line %d: got no access\n", line);
	fail();
}

#endif
