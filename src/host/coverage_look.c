/* coverage_look: the facts, from the kernel's answers and from procfs. */
#include <dirent.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "host/coverage.h"

#define FILE_BYTES_MAX (4u << 20)
#define PROCESSES_MAX 65536
#define KERNEL_THREAD 0x00200000u /* PF_KTHREAD in the flags of stat, proc(5) */
#define STAT_FLAGS 6		  /* fields behind the state */
#define STAT_START 19

static bool read_file(int directory, const char *path, struct buffer *to)
{
	int fd = openat(directory, path, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1 : 1;

	buffer_reset(to);
	while (got > 0 && to->len < FILE_BYTES_MAX && buffer_reserve(to, 16384)) {
		got = read(fd, to->data + to->len, 16384);
		to->len += got > 0 ? (size_t)got : 0;
	}
	if (fd >= 0)
		close(fd);
	return got == 0;
}

static struct span next_word(struct span *line)
{
	size_t at = 0;

	while (at < line->len && (line->data[at] == ' ' || line->data[at] == '\t'))
		at++;
	*line = span_skip(*line, at);
	for (at = 0; at < line->len && line->data[at] != ' ' && line->data[at] != '\t' && line->data[at] != '\n';)
		at++;
	struct span word = span_first(*line, at);
	*line = span_skip(*line, at);
	return word;
}

/* ---- the kernel's command line ---- */

/* The last one counts, as in the kernel. */
bool coverage_audit_at_boot(struct span cmdline)
{
	bool on = false;

	cmdline = span_trim(cmdline);
	for (struct span word = next_word(&cmdline); word.len; word = next_word(&cmdline))
		if (span_starts(word, SPAN("audit=")))
			on = span_equal(word, SPAN("audit=1")) || span_equal(word, SPAN("audit=on"));
	return on;
}

/* ---- who reads ---- */

/*
 *	sk               Eth Pid        Groups   Rmem     Wmem     Dump  Locks    Drops    Inode
 *	00000000e8a7bbe7 9   0          00000001 0        0        0     2        0        6
 */
size_t coverage_count_listeners(struct span text)
{
	size_t count = 0;

	while (text.len) {
		size_t len = span_index(text, '\n');
		struct span line = span_first(text, len);
		uint64_t protocol = 0, groups = 0;
		text = span_skip(text, len + 1);
		next_word(&line);
		span_decimal(next_word(&line), &protocol);
		next_word(&line);
		span_hex(next_word(&line), &groups);
		count += protocol == NETLINK_AUDIT && groups & 1u << (AUDIT_NLGRP_READLOG - 1);
	}
	return count;
}

/* ---- how old processes are ---- */

/* 4242 (comm with ) and blanks) S 1 …: the last ")" ends the name. False for a kernel thread. */
bool coverage_start_of(struct span stat, uint64_t *ticks)
{
	uint64_t flags = 0;
	size_t at = stat.len;

	while (at && stat.data[at - 1] != ')')
		at--;
	stat = span_skip(stat, at);
	for (unsigned field = 0; field <= STAT_START; field++) {
		struct span word = next_word(&stat);
		if (field == STAT_FLAGS && !span_decimal(word, &flags))
			return false;
		if (field == STAT_START && !span_decimal(word, ticks))
			return false;
	}
	return !(flags & KERNEL_THREAD);
}

static bool start_of(int proc, const char *name, struct buffer *room, uint64_t *ticks)
{
	char path[32];

	snprintf(path, sizeof(path), "%.16s/stat", name);
	return read_file(proc, path, room) && coverage_start_of(buffer_span(room), ticks);
}

static void count_processes(struct coverage_facts *facts, int proc, struct buffer *room)
{
	char daemon[16];
	uint64_t since = 0, ticks;
	int fd = openat(proc, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *directory = fd < 0 ? NULL : fdopendir(fd);

	if (!directory) {
		if (fd >= 0)
			close(fd);
		return;
	}
	snprintf(daemon, sizeof(daemon), "%u", facts->state.pid);
	if (facts->state.pid)
		start_of(proc, daemon, room, &since);
	for (struct dirent *entry; facts->processes < PROCESSES_MAX && (entry = readdir(directory));) {
		if (entry->d_name[0] < '1' || entry->d_name[0] > '9' || !start_of(proc, entry->d_name, room, &ticks))
			continue;
		facts->processes++;
		facts->older += ticks < since;
	}
	closedir(directory);
}

/* ---- io_uring ---- */

/* "6.1.0-18-amd64": 6001; 0 for what is no release. */
static unsigned release_number(struct span release)
{
	uint64_t major = 0, minor = 0;
	size_t used = span_decimal(release, &major);

	span_decimal(span_skip(release, used + 1), &minor);
	return major > 1000 || minor > 999 ? 0 : (unsigned)(1000 * major + minor);
}

/* The setting came with Linux 6.6, and is there only if the kernel has io_uring. */
static enum uring_audit uring_audit(int proc, struct buffer *room)
{
	struct utsname name;

	if (read_file(proc, "sys/kernel/io_uring_disabled", room))
		return room->len && room->data[0] == '2' ? URING_OFF : URING_AUDITED;
	unsigned release = uname(&name) < 0 ? 0 : release_number(span_of(name.release));
	if (!release)
		return URING_AUDITED;
	if (release >= 6006 || release < 5001)
		return URING_OFF;
	return release >= 5016 ? URING_AUDITED : URING_UNAUDITED;
}

/* ---- all of it ---- */

static int ask_kernel(struct coverage_facts *facts, struct err *err)
{
	int fd = audit_kernel_open(err);
	int result = fd < 0 ? fd : audit_kernel_state(fd, &facts->state, err);

	if (result == 0)
		result = audit_kernel_list(fd, &facts->rules, err);
	if (fd >= 0)
		close(fd);
	return result;
}

int coverage_look(struct coverage_facts *facts, const char *proc, struct err *err)
{
	struct buffer room = { 0 };
	int result = ask_kernel(facts, err);

	if (result == 0)
		result = procfs_find(&facts->procfs, proc, err);
	if (result < 0)
		return result;
	int fd = open(proc, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return err_set(err, -errno, "cannot open %s: %s", proc, strerror(errno));
	facts->audit_at_boot = read_file(fd, "cmdline", &room) && coverage_audit_at_boot(buffer_span(&room));
	if (read_file(fd, "net/netlink", &room))
		facts->listeners = coverage_count_listeners(buffer_span(&room));
	facts->uring = uring_audit(fd, &room);
	count_processes(facts, fd, &room);
	buffer_finish(&room);
	close(fd);
	return 0;
}
