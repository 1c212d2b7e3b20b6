#include "engine/inputs.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

#include "engine/guard.h"

int inputs_confine(const struct source *source, struct summary *summary, struct err *err)
{
	size_t count = source_path_count(source);
	const char **paths = calloc(count + 1, sizeof(*paths));

	if (!paths)
		return err_set(err, -ENOMEM, "out of memory before the first input was read");
	for (size_t i = 0; i < count; i++)
		paths[i] = source_path(source, i);
	struct guard guard = { .read_paths = paths, .read_count = count, .threads = source_threads(source) > 1 };
	int result = guard_confine(&guard, summary, err);
	free(paths);
	return result;
}

int inputs_refuse_output(const struct source *source, const char *output, struct err *err)
{
	struct stat ours, theirs;

	if (!output || stat(output, &ours) != 0)
		return 0;
	for (size_t i = 0; i < source_path_count(source); i++) {
		const char *input = source_path(source, i);
		if (stat(input, &theirs) == 0 && theirs.st_dev == ours.st_dev && theirs.st_ino == ours.st_ino)
			return err_set(
				err, -EEXIST,
				"%s is also an input (%s): it would be written over; choose another name with -o",
				output, input);
	}
	return 0;
}

double inputs_clock(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}
