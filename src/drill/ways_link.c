/* Symbolic links to the entry, with names that need care in logs. */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "drill/stage.h"
#include "drill/variant.h"

/* detail: the link's name in the place. Two variants may have the same. */
static int make_link(struct stage *stage, const char *target, const char *name, char *link, size_t room)
{
	char path[64];

	if (!stage_fill(stage, target, path, sizeof(path)))
		return -ENAMETOOLONG;
	snprintf(link, room, "%s/%s", stage->place->path, name);
	unlink(link);
	return symlink(path, link) < 0 ? stage_fail(stage, "a link", -errno) : 0;
}

static int take_and_remove(struct stage *stage, const char *path, const char *link)
{
	int result = stage_take(stage, stage_open_at(stage, AT_FDCWD, path, O_RDONLY));

	unlink(link);
	return result;
}

int way_link(struct stage *stage)
{
	char link[PLACE_PATH_ROOM * 2];
	int result = make_link(stage, "/proc/{pid}/{entry}", stage->variant->detail, link, sizeof(link));

	return result ? result : take_and_remove(stage, link, link);
}

/* A link to the directory of the pid, or to all of /proc: "NAME|TARGET|REST" */
int way_link_directory(struct stage *stage)
{
	char link[PLACE_PATH_ROOM * 2], name[32], target[32], rest[32];

	if (sscanf(stage->variant->detail, "%31[^|]|%31[^|]|%31s", name, target, rest) != 3)
		return -EINVAL;
	int result = make_link(stage, target, name, link, sizeof(link));
	if (result)
		return result;
	stage_path(stage, rest);
	char path[PLACE_PATH_ROOM * 4];
	snprintf(path, sizeof(path), "%s/%.60s", link, stage->path);
	return take_and_remove(stage, path, link);
}

int way_link_chain(struct stage *stage)
{
	char first[PLACE_PATH_ROOM * 2], second[PLACE_PATH_ROOM * 2];
	int result = make_link(stage, "/proc/{pid}/{entry}", "chain-1", first, sizeof(first));

	if (result)
		return result;
	snprintf(second, sizeof(second), "%s/chain-2", stage->place->path);
	unlink(second);
	if (symlink("chain-1", second) < 0)
		return stage_fail(stage, "a link", -errno);
	result = take_and_remove(stage, second, second);
	unlink(first);
	return result;
}
