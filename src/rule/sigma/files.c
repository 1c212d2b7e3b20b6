/* Rule files on disk. What is no regular file is told, and not opened for longer than that takes. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rule/sigma/files.h"
#include "rule/sigma/load.h"

int sigma_file_report(struct sigma_diagnostics *diagnostics, const char *path, const char *attempt, int number)
{
	struct span copy = arena_copy(&diagnostics->arena, (struct span){ path, strlen(path) + 1 });

	return sigma_error(diagnostics, (struct sigma_place){ .file = copy.data }, "%s: %s", attempt, strerror(number));
}

static void report(struct sigma_rules *rules, const char *path, const char *attempt, int number)
{
	sigma_file_report(&rules->diagnostics, path, attempt, number);
}

/* Room for all of it from the start, as far as its size tells. 0, or a positive errno. */
static int read_all(int file, off_t size, struct buffer *to)
{
	size_t expected = size > 0 && (uint64_t)size <= YAML_FILE_MAX ? (size_t)size : 0;

	for (size_t more = expected + 1; to->len <= YAML_FILE_MAX; more = 65536) {
		if (to->len == to->capacity && !buffer_reserve(to, more))
			return ENOMEM;
		ssize_t got = read(file, to->data + to->len, to->capacity - to->len);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got < 0 ? errno : 0;
		to->len += (size_t)got;
	}
	return 0;
}

int sigma_file_read(const char *path, struct buffer *to, struct sigma_diagnostics *diagnostics)
{
	struct stat stat = { 0 };
	int file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	int number = file < 0 || fstat(file, &stat) < 0 ? errno : 0;

	if (number == 0 && !S_ISREG(stat.st_mode))
		number = EINVAL;
	if (number == 0)
		number = read_all(file, stat.st_size, to);
	if (file >= 0)
		close(file);
	if (number)
		return sigma_file_report(diagnostics, path, number == EINVAL ? "it is no file" : "cannot read it",
					 number);
	return 0;
}

static void add_file(struct sigma_rules *rules, const char *path)
{
	struct buffer text = { 0 };

	if (sigma_file_read(path, &text, &rules->diagnostics) == 0)
		sigma_rules_add_text(rules, path, buffer_span(&text));
	buffer_finish(&text);
}

/* What lies in hit/ and miss/ are the logs that rules are tried on. */
static int is_wanted(const struct dirent *entry)
{
	return entry->d_name[0] != '.' && strcmp(entry->d_name, "hit") != 0 && strcmp(entry->d_name, "miss") != 0;
}

static bool is_rule(const char *name)
{
	return span_ends(span_of(name), SPAN(".yml")) || span_ends(span_of(name), SPAN(".yaml"));
}

static void add_directory(struct sigma_rules *rules, const char *path, unsigned depth);

static void add_entry(struct sigma_rules *rules, const char *path, const char *name, unsigned depth)
{
	struct stat stat;
	char *whole;

	if (asprintf(&whole, "%s/%s", path, name) < 0) {
		report(rules, path, "cannot read it", ENOMEM);
		return;
	}
	if (lstat(whole, &stat) == 0 && S_ISDIR(stat.st_mode))
		add_directory(rules, whole, depth + 1);
	else if (is_rule(name))
		add_file(rules, whole);
	free(whole);
}

static void add_directory(struct sigma_rules *rules, const char *path, unsigned depth)
{
	struct dirent **entries;
	int count;

	if (depth > SIGMA_DIRECTORY_DEPTH_MAX) {
		report(rules, path, "directories are nested too deep", ELOOP);
		return;
	}
	count = scandir(path, &entries, is_wanted, alphasort);
	if (count < 0) {
		report(rules, path, "cannot read the directory", errno);
		return;
	}
	for (int i = 0; i < count; i++) {
		if (rules->files == SIGMA_FILES_MAX && i + 1 == count)
			report(rules, path, "too many rule files; the rest is left out", E2BIG);
		if (rules->files < SIGMA_FILES_MAX)
			add_entry(rules, path, entries[i]->d_name, depth);
		free(entries[i]);
	}
	free(entries);
}

void sigma_rules_add_path(struct sigma_rules *rules, const char *path)
{
	struct stat status;

	if (stat(path, &status) < 0)
		report(rules, path, "cannot read it", errno);
	else if (S_ISDIR(status.st_mode))
		add_directory(rules, path, 0);
	else
		add_file(rules, path);
}
