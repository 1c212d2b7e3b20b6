/*
 * /proc/<pid>/stat      812 (a name) with (brackets) S 1 812 … 2263 …   the 22nd is the start, in ticks since the boot
 * /proc/<pid>/status    Tgid:	812 … Uid:	1000	1000	1000	1000
 * /proc/<pid>/cgroup    0::/system.slice/docker-4f0c….scope
 */
#include "source/process_look.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static uint16_t read_text(int directory, const char *name, char *to, size_t room)
{
	int fd = openat(directory, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	size_t len = 0;
	ssize_t n = 0;

	if (fd < 0)
		return 0;
	while (len < room && (n = read(fd, to + len, room - len)) > 0)
		len += (size_t)n;
	close(fd);
	return n < 0 ? 0 : (uint16_t)len;
}

static bool look_at(int proc, uint32_t pid, bool whole, struct process_look *look)
{
	char name[16];

	look->exe_len = look->stat_len = look->status_len = look->cgroup_len = 0;
	snprintf(name, sizeof(name), "%u", pid);
	int directory = openat(proc, name, O_PATH | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (directory < 0)
		return false;
	ssize_t exe = readlinkat(directory, "exe", look->exe, sizeof(look->exe));
	look->exe_len = (uint16_t)(exe > 0 ? exe : 0);
	look->stat_len = read_text(directory, "stat", look->stat, sizeof(look->stat));
	if (whole) {
		look->status_len = read_text(directory, "status", look->status, sizeof(look->status));
		look->cgroup_len = read_text(directory, "cgroup", look->cgroup, sizeof(look->cgroup));
	}
	close(directory);
	return look->stat_len;
}

bool process_look(int proc, uint32_t pid, struct process_look *look)
{
	return look_at(proc, pid, true, look);
}

bool process_glance(int proc, uint32_t pid, struct process_look *look)
{
	return look_at(proc, pid, false, look);
}

/* The number-th word of text, from 0; empty when there are fewer. */
static struct span word_of(struct span text, unsigned number)
{
	for (;; number--) {
		text = span_trim(text);
		struct span word = { text.data, 0 };
		while (word.len < text.len && (unsigned char)text.data[word.len] > ' ')
			word.len++;
		if (number == 0 || word.len == 0)
			return word;
		text = span_skip(text, word.len);
	}
}

static uint64_t number_of(struct span text, unsigned number)
{
	uint64_t value = UNKNOWN_ID;
	struct span word = word_of(text, number);

	return span_decimal(word, &value) == word.len && word.len ? value : UNKNOWN_ID;
}

/* A name can hold brackets and blanks: what counts is the first and the last bracket. */
static bool take_stat(struct span stat, int64_t boot_ms, struct process *process)
{
	size_t open = span_index(stat, '(');
	const char *close = stat.len ? memrchr(stat.data, ')', stat.len) : NULL;
	long ticks = sysconf(_SC_CLK_TCK);

	if (!close || open >= (size_t)(close - stat.data) || ticks <= 0)
		return false;
	process->pid = number_of(stat, 0);
	process->comm = (struct span){ stat.data + open + 1, (size_t)(close - stat.data) - open - 1 };
	struct span rest = span_skip(stat, (size_t)(close - stat.data) + 1);
	process->ppid = number_of(rest, 1);
	uint64_t start = number_of(rest, 19);
	if (start != UNKNOWN_ID && start / (uint64_t)ticks < UINT32_MAX)
		process->start_ms = boot_ms + (int64_t)(start * 1000 / (uint64_t)ticks);
	return process->pid != UNKNOWN_ID;
}

static struct span line_of(struct span status, struct span name)
{
	struct span line = span_skip(status, span_find(status, name) + name.len);

	return span_first(line, span_index(line, '\n'));
}

/* Tgid: a number may be a thread's, which is the process's. */
static void take_status(struct span status, struct process *process)
{
	uint64_t tgid = number_of(line_of(status, SPAN("\nTgid:")), 0);
	struct span line = line_of(status, SPAN("\nUid:"));

	process->pid = tgid != UNKNOWN_ID ? tgid : process->pid;
	process->uid = number_of(line, 0);
	process->euid = number_of(line, 1);
}

/* "12 (a name) S 812 …": what stands in front of the last bracket is anybody's. */
uint32_t process_parent(int proc, uint32_t pid)
{
	char name[32], text[512];
	ssize_t len = -1;
	uint64_t parent = 0;

	snprintf(name, sizeof(name), "%u/stat", pid);
	int fd = openat(proc, name, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		len = read(fd, text, sizeof(text));
		close(fd);
	}
	const char *end = len > 0 ? memrchr(text, ')', (size_t)len) : NULL;
	if (end && text + len - end > 5)
		span_decimal((struct span){ end + 4, (size_t)(text + len - (end + 4)) }, &parent);
	return (uint32_t)parent;
}

static size_t hex_digits(struct span text)
{
	size_t len = 0;

	while (len < text.len &&
	       ((unsigned char)(text.data[len] - '0') < 10 || (text.data[len] >= 'a' && text.data[len] <= 'f')))
		len++;
	return len;
}

struct span process_container(struct span cgroup)
{
	struct span found = { 0 };

	for (size_t i = 0; i < cgroup.len;) {
		size_t len = hex_digits(span_skip(cgroup, i));
		bool begins = i && (cgroup.data[i - 1] == '/' || cgroup.data[i - 1] == '-');
		bool ends = i + len == cgroup.len || strchr("/.\n", cgroup.data[i + len]);
		if (begins && ends && (len == 64 || len == 32))
			found = (struct span){ cgroup.data + i, len };
		i += len + 1;
	}
	return found;
}

bool process_told(const struct process_look *look, int64_t boot_ms, struct process *process)
{
	*process = process_unknown;
	if (!take_stat((struct span){ look->stat, look->stat_len }, boot_ms, process))
		return false;
	take_status((struct span){ look->status, look->status_len }, process);
	if (look->exe_len)
		process->exe = (struct span){ look->exe, look->exe_len };
	process->container = process_container((struct span){ look->cgroup, look->cgroup_len });
	return true;
}

static int64_t ms_of(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t process_boot_ms(void)
{
	return ms_of(CLOCK_REALTIME) - ms_of(CLOCK_BOOTTIME);
}
