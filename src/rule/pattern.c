/*
 * fnmatch turns pattern and path into wide characters before it compares the
 * first, and most paths differ in what stands in front of the first star.
 */
#include "rule/pattern.h"

#include <fnmatch.h>

#define PATH_ROOM 512

bool pattern_matches(const char *pattern, struct span path)
{
	char room[PATH_ROOM];
	size_t plain = strcspn(pattern, "*?[\\");

	if (path.len < plain || (plain && memcmp(path.data, pattern, plain) != 0))
		return false;
	if (!pattern[plain])
		return path.len == plain;
	if (path.len >= sizeof(room) || (path.len && memchr(path.data, 0, path.len)))
		return false;
	if (pattern[0] == '*' && !pattern[1])
		return true;
	if (path.len)
		memcpy(room, path.data, path.len);
	room[path.len] = 0;
	return fnmatch(pattern, room, FNM_PATHNAME) == 0;
}
