/* Which places there are. What is read of them: places_load.c. */
#include "rule/places.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <roots.h> /* made by meson.build */

static const char *const kind_names[] = { "pack", "host", "user", "named" };

const char *rule_place_kind_name(enum rule_place_kind kind)
{
	return kind_names[kind];
}

void rule_places_init(struct rule_places *places)
{
	*places = (struct rule_places){ 0 };
}

void rule_places_finish(struct rule_places *places)
{
	for (size_t i = 0; i < places->count; i++)
		free(places->items[i].path);
	places->count = 0;
}

/* ---- one place ---- */

/* 0, or a negative errno without a text. */
static int look_at(struct rule_place *place, enum rule_place_kind kind, const char *path)
{
	struct stat status;
	size_t len = strlen(path);

	if (stat(path, &status) < 0)
		return -errno;
	if (!S_ISDIR(status.st_mode) && !S_ISREG(status.st_mode))
		return -EINVAL;
	while (len > 1 && path[len - 1] == '/')
		len--;
	*place = (struct rule_place){ .kind = kind,
				      .path = strndup(path, len),
				      .is_file = S_ISREG(status.st_mode),
				      .device = status.st_dev,
				      .inode = status.st_ino };
	return place->path ? 0 : -ENOMEM;
}

static bool is_same(const struct rule_place *a, const struct rule_place *b)
{
	return a->device == b->device && a->inode == b->inode;
}

static void remove_place(struct rule_places *places, size_t at)
{
	free(places->items[at].path);
	places->count--;
	memmove(&places->items[at], &places->items[at + 1], (places->count - at) * sizeof(places->items[0]));
}

int rule_places_add(struct rule_places *places, const char *path, struct err *err)
{
	struct rule_place place = { .path = NULL };

	/* Three are kept for pack, host and user. */
	if (places->count == RULE_PLACES_MAX - 3)
		return err_set(err, -E2BIG, "more than %d places for rules: put some in one folder",
			       RULE_PLACES_MAX - 3);
	int status = look_at(&place, RULE_PLACE_NAMED, path);
	if (status < 0)
		return err_set(err, status, "no rules can be read from %s: %s", path,
			       status == -EINVAL ? "it is neither a file nor a folder" : strerror(-status));
	/* Named twice, it counts where it was named last. */
	for (size_t i = 0; i < places->count; i++)
		if (is_same(&places->items[i], &place)) {
			remove_place(places, i);
			break;
		}
	places->items[places->count++] = place;
	return 0;
}

/* ---- those that need not be named ---- */

/* A proctor in its build folder has the source at hand; an installed one must not look there. */
static bool runs_from_build(void)
{
	static const char build[] = PROCTOR_BUILD_ROOT "/";
	char path[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", path, sizeof(path));

	return len > 0 && span_starts((struct span){ path, (size_t)len }, SPAN(build));
}

static int pack_path(char *room, size_t size)
{
	const char *named = getenv("PROCTOR_RULES");

	if (named)
		return snprintf(room, size, "%s", named);
	return snprintf(room, size, "%s", runs_from_build() ? PROCTOR_SOURCE_ROOT "/rules" : PROCTOR_DATADIR "/rules");
}

/* `deeper` is added to the folder for configuration, which must be an absolute path (XDG base directory specification). */
static int user_path(char *room, size_t size, const char *deeper)
{
	const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");

	if (config && config[0] == '/')
		return snprintf(room, size, "%s/proctor%s", config, deeper);
	if (home && home[0] == '/')
		return snprintf(room, size, "%s/.config/proctor%s", home, deeper);
	room[0] = '\0';
	return 0;
}

/* Puts it at `at`, unless it is not there or was also named: the named one comes later, and wins. */
static int insert(struct rule_places *places, size_t *at, enum rule_place_kind kind, const char *path)
{
	struct rule_place place = { .path = NULL };
	int status = path[0] ? look_at(&place, kind, path) : -ENOENT;

	if (status < 0)
		return status;
	for (size_t i = 0; i < places->count; i++)
		if (is_same(&places->items[i], &place)) {
			free(place.path);
			return 0;
		}
	memmove(&places->items[*at + 1], &places->items[*at], (places->count - *at) * sizeof(place));
	places->items[(*at)++] = place;
	places->count++;
	return 0;
}

int rule_places_settle(struct rule_places *places, struct err *err)
{
	char path[PATH_MAX];
	size_t at = 0;
	int status = 0;

	if (places->only)
		return 0;
	if (pack_path(path, sizeof(path)) < PATH_MAX)
		status = insert(places, &at, RULE_PLACE_PACK, path);
	if (status != -ENOMEM)
		status = insert(places, &at, RULE_PLACE_HOST, "/etc/proctor/rules.d");
	if (status != -ENOMEM && user_path(path, sizeof(path), "/rules.d") < PATH_MAX)
		status = insert(places, &at, RULE_PLACE_USER, path);
	if (status == -ENOENT && user_path(path, sizeof(path), "") < PATH_MAX)
		status = insert(places, &at, RULE_PLACE_USER, path);
	return status == -ENOMEM ? err_set(err, -ENOMEM, "memory is out while rules are looked for") : 0;
}

const struct rule_place *rule_places_of(const struct rule_places *places, const char *file)
{
	for (size_t i = places->count; i-- > 0;) {
		struct span path = span_of(places->items[i].path), name = span_of(file ? file : "");
		bool within = span_starts(name, path) && (name.len == path.len || name.data[path.len] == '/');
		if (within)
			return &places->items[i];
	}
	return NULL;
}
