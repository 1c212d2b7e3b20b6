#include "cmd/rules_logs.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static int is_wanted(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static bool is_directory(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/* An id could be "../..": such a rule has no folder of its own. */
static bool is_file_name(struct span name)
{
	return name.len > 0 && name.len <= 128 && name.data[0] != '.' && span_index(name, '/') == name.len &&
	       span_index(name, '\0') == name.len;
}

unsigned rules_logs_number(const struct sigma_rules *rules, const struct sigma_rule *rule)
{
	unsigned number = 1;

	while (rule > rules->items && rule[-1].place.file == rule->place.file) {
		rule--;
		number++;
	}
	return number;
}

/* The folder of the rule alone, NULL when there is none. */
static char *own_directory(const struct sigma_rules *rules, const struct sigma_rule *rule, struct span stem,
			   const char *kind)
{
	char number[16], *path;
	snprintf(number, sizeof(number), "%u", rules_logs_number(rules, rule));
	const struct span names[] = { rule->id, rule->name, span_of(number) };

	/* Rules that `action: global` made of one share their id. */
	for (size_t i = rule->global ? 2 : 0; i < 3; i++) {
		if (!is_file_name(names[i]))
			continue;
		if (asprintf(&path, "%.*s/%.*s/%s", (int)stem.len, stem.data, (int)names[i].len, names[i].data, kind) <
		    0)
			return NULL;
		if (is_directory(path))
			return path;
		free(path);
	}
	return NULL;
}

/* NULL when memory is out. */
static char *directory_of(const struct sigma_rules *rules, const struct sigma_rule *rule, bool hit, bool *shared)
{
	struct span file = span_of(rule->place.file ? rule->place.file : "");
	size_t suffix = span_ends(file, SPAN(".yaml")) ? 5 : span_ends(file, SPAN(".yml")) ? 4 : 0;
	struct span stem = span_first(file, file.len - suffix);
	const char *kind = hit ? "hit" : "miss";
	char *path = own_directory(rules, rule, stem, kind);

	*shared = !path;
	if (path)
		return path;
	return asprintf(&path, "%.*s/%s", (int)stem.len, stem.data, kind) < 0 ? NULL : path;
}

static int add(struct rules_logs *logs, const char *name)
{
	struct stat status;
	char *path;

	if (asprintf(&path, "%s/%s", logs->directory, name) < 0)
		return -ENOMEM;
	if (stat(path, &status) < 0 || !S_ISREG(status.st_mode)) {
		free(path);
		return 0;
	}
	logs->paths[logs->count++] = path;
	return 0;
}

int rules_logs_find(struct rules_logs *logs, const struct sigma_rules *rules, const struct sigma_rule *rule, bool hit)
{
	struct dirent **entries;
	int status = 0;

	*logs = (struct rules_logs){ .directory = NULL };
	logs->directory = directory_of(rules, rule, hit, &logs->shared);
	if (!logs->directory)
		return -ENOMEM;
	if (logs->shared && rule->silent)
		return 0;
	int count = scandir(logs->directory, &entries, is_wanted, alphasort);
	if (count < 0)
		return errno == ENOENT || errno == ENOTDIR ? 0 : -errno;
	for (int i = 0; i < count; i++) {
		if (status == 0)
			status = logs->count < RULES_LOGS_MAX ? add(logs, entries[i]->d_name) : -E2BIG;
		free(entries[i]);
	}
	free(entries);
	return status;
}

/* ---- numbers in names ---- */

/* The next number of "1+3-image.log", and what stands behind it. False: there is none. */
static bool next_number(struct span *name, uint64_t *number)
{
	size_t len = span_decimal(*name, number);

	if (len == 0 || len == name->len || (name->data[len] != '+' && name->data[len] != '-'))
		return false;
	*name = span_skip(*name, name->data[len] == '+' ? len + 1 : len);
	return true;
}

bool rules_logs_is_exact(const char *path, unsigned most)
{
	struct span name = span_basename(span_of(path));
	uint64_t number;

	while (next_number(&name, &number)) {
		if (number == 0 || number > most)
			return false;
		if (name.data[0] == '-')
			return true;
	}
	return false;
}

bool rules_logs_names(const char *path, unsigned number)
{
	struct span name = span_basename(span_of(path));
	uint64_t named;

	while (name.data[0] != '-' && next_number(&name, &named))
		if (named == number)
			return true;
	return false;
}

void rules_logs_finish(struct rules_logs *logs)
{
	for (size_t i = 0; i < logs->count; i++)
		free(logs->paths[i]);
	free(logs->directory);
	*logs = (struct rules_logs){ .directory = NULL };
}
