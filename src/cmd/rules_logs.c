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

/* `shared`: it is the file's. NULL when memory is out. */
static char *directory_of(const struct sigma_rule *rule, bool hit, bool *shared)
{
	struct span file = span_of(rule->place.file ? rule->place.file : "");
	const char *kind = hit ? "hit" : "miss";
	const struct span names[] = { rule->id, rule->name };
	size_t suffix = span_ends(file, SPAN(".yaml")) ? 5 : span_ends(file, SPAN(".yml")) ? 4 : 0;
	int stem = (int)(file.len - suffix);
	char *path;

	for (size_t i = 0; i < 2; i++) {
		if (!is_file_name(names[i]))
			continue;
		if (asprintf(&path, "%.*s/%.*s/%s", stem, file.data, (int)names[i].len, names[i].data, kind) < 0)
			return NULL;
		if (is_directory(path))
			return path;
		free(path);
	}
	*shared = true;
	return asprintf(&path, "%.*s/%s", stem, file.data, kind) < 0 ? NULL : path;
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

int rules_logs_find(struct rules_logs *logs, const struct sigma_rule *rule, bool hit)
{
	struct dirent **entries;
	bool shared = false;
	int status = 0;

	*logs = (struct rules_logs){ .directory = directory_of(rule, hit, &shared) };
	if (!logs->directory)
		return -ENOMEM;
	if (shared && rule->silent)
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

void rules_logs_finish(struct rules_logs *logs)
{
	for (size_t i = 0; i < logs->count; i++)
		free(logs->paths[i]);
	free(logs->directory);
	*logs = (struct rules_logs){ .directory = NULL };
}
