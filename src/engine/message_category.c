#include "engine/message_category.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>

#define NAME_MAX_SHOWN 80

struct glob {
	char *pattern, *name;
	bool whole; /* it has a '/' */
};

struct category_map {
	struct glob *globs;
	size_t count, capacity;
};

struct category_map *category_map_create(void)
{
	return calloc(1, sizeof(struct category_map));
}

void category_map_destroy(struct category_map *map)
{
	if (!map)
		return;
	for (size_t i = 0; i < map->count; i++) {
		free(map->globs[i].pattern);
		free(map->globs[i].name);
	}
	free(map->globs);
	free(map);
}

static bool reserve(struct category_map *map)
{
	size_t capacity = map->capacity ? 2 * map->capacity : 16;

	if (map->count < map->capacity)
		return true;
	struct glob *globs = realloc(map->globs, capacity * sizeof(*globs));
	if (!globs)
		return false;
	map->globs = globs;
	map->capacity = capacity;
	return true;
}

int category_map_add(struct category_map *map, struct span text, struct err *err)
{
	const char *equals = text.len ? memrchr(text.data, '=', text.len) : NULL;
	size_t at = equals ? (size_t)(equals - text.data) : 0;
	struct span pattern = span_trim(span_first(text, at)), name = span_trim(span_skip(text, at + 1));

	if (!equals || !pattern.len || !name.len)
		return err_set(err, -EINVAL, "'%.*s' is no GLOB=NAME, such as '*/nginx/*=prod/web'",
			       (int)(text.len < NAME_MAX_SHOWN ? text.len : NAME_MAX_SHOWN), text.data);
	if (map->count == CATEGORY_GLOBS_MAX)
		return err_set(err, -E2BIG, "more than %d globs of source categories", CATEGORY_GLOBS_MAX);
	struct glob glob = { strndup(pattern.data, pattern.len), strndup(name.data, name.len),
			     memchr(pattern.data, '/', pattern.len) != NULL };
	if (!glob.pattern || !glob.name || !reserve(map)) {
		free(glob.pattern);
		free(glob.name);
		return err_set(err, -ENOMEM, "out of memory while source categories are read");
	}
	map->globs[map->count++] = glob;
	return 0;
}

static int add_lines(struct category_map *map, const char *path, FILE *file, struct err *err)
{
	struct err why;
	char *line = NULL;
	size_t room = 0, total = 0, number = 0;
	ssize_t len;
	int result = 0;

	while (result == 0 && (len = getline(&line, &room, file)) > 0) {
		struct span text = span_trim((struct span){ line, (size_t)len });
		number++;
		total += (size_t)len;
		if (total > CATEGORY_FILE_MAX)
			result = err_set(err, -E2BIG, "%s is larger than %u bytes: it is no list of GLOB=NAME", path,
					 CATEGORY_FILE_MAX);
		else if (text.len && text.data[0] != '#' && (result = category_map_add(map, text, &why)) < 0)
			err_set(err, result, "%s, line %zu: %s", path, number, why.text);
	}
	if (result == 0 && ferror(file))
		result = err_set(err, -EIO, "cannot read %s", path);
	free(line);
	return result;
}

int category_map_read(struct category_map *map, const char *path, struct err *err)
{
	FILE *file = fopen(path, "re");
	int result;

	if (!file) {
		int number = errno;
		return err_set(err, -number, "cannot read the source categories in %s: %s", path, strerror(number));
	}
	result = add_lines(map, path, file, err);
	fclose(file);
	return result;
}

static bool matches(const struct glob *glob, const char *path)
{
	const char *base = strrchr(path, '/');

	if (fnmatch(glob->pattern, path, 0) == 0)
		return true;
	return base && !glob->whole && fnmatch(glob->pattern, base + 1, 0) == 0;
}

static struct span by_glob(const struct category_map *map, struct span path)
{
	char *text = map && map->count ? strndup(path.data, path.len) : NULL;
	struct span name = { 0 };

	for (size_t i = 0; text && !name.len && i < map->count; i++)
		if (matches(&map->globs[i], text))
			name = span_of(map->globs[i].name);
	free(text);
	return name;
}

/* A name of a log, or one of its rotations: "auth.log", "auth.log.2.gz", "messages-20261123". */
static bool is_named(struct span base, struct span name)
{
	struct span rest = span_skip(base, name.len);

	return span_starts(base, name) &&
	       (!rest.len || rest.data[0] == '.' || rest.data[0] == '-' || rest.data[0] == '_');
}

struct span category_of_path(const struct category_map *map, struct span path)
{
	static const struct {
		struct span category, names[12];
	} usual[] = {
		{ SPAN("linux/audit"), { SPAN("audit.log") } },
		{ SPAN("linux/secure"),
		  { SPAN("secure"), SPAN("auth.log"), SPAN("authpriv"), SPAN("authpriv.log"), SPAN("sudo.log") } },
		{ SPAN("linux/syslog"),
		  { SPAN("syslog"), SPAN("messages"), SPAN("kern.log"), SPAN("user.log"), SPAN("daemon.log"),
		    SPAN("cron.log"), SPAN("cron"), SPAN("mail.log"), SPAN("maillog") } },
		{ SPAN("os/linux"),
		  { SPAN("dmesg"), SPAN("boot.log"), SPAN("dpkg.log"), SPAN("apt-history.log"), SPAN("yum.log"),
		    SPAN("dnf.log"), SPAN("dnf.rpm.log"), SPAN("cloud-init.log"), SPAN("cloud-init-output.log"),
		    SPAN("alternatives.log") } },
	};
	struct span base = span_basename(path), told = by_glob(map, path);

	if (told.len)
		return told;
	for (size_t i = 0; i < sizeof(usual) / sizeof(*usual); i++)
		for (const struct span *name = usual[i].names; name->len; name++)
			if (is_named(base, *name))
				return usual[i].category;
	return span_find(path, SPAN("log/audit/")) < path.len ? usual[0].category : (struct span){ 0 };
}

/* What syslog's facilities auth and authpriv carry. */
static bool is_auth_program(struct span program)
{
	static const struct span names[] = {
		SPAN("sshd"),	       SPAN("sshd-session"), SPAN("sudo"),	  SPAN("su"),
		SPAN("login"),	       SPAN("passwd"),	     SPAN("chpasswd"),	  SPAN("useradd"),
		SPAN("userdel"),       SPAN("usermod"),	     SPAN("groupadd"),	  SPAN("groupdel"),
		SPAN("groupmod"),      SPAN("chage"),	     SPAN("chfn"),	  SPAN("chsh"),
		SPAN("polkitd"),       SPAN("pkexec"),	     SPAN("unix_chkpwd"), SPAN("systemd-logind"),
		SPAN("gdm-password]"), SPAN("lightdm"),	     SPAN("vsftpd"),	  SPAN("newgrp"),
		SPAN("gpasswd"),       SPAN("saslauthd"),    SPAN("krb5_child"),  SPAN("sssd"),
		SPAN("doas"),
	};

	program = span_basename(program);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (span_equal(program, names[i]))
			return true;
	return false;
}

struct span category_of_line(enum line_kind kind, struct span program, struct span text)
{
	switch (kind) {
	case LINE_AUDIT:
		return SPAN("linux/audit");
	case LINE_LOG:
		if (is_auth_program(program) || span_find(text, SPAN("pam_unix(")) < text.len)
			return SPAN("linux/secure");
		return SPAN("linux/syslog");
	case LINE_UNKNOWN:
		break;
	}
	return SPAN("os/linux");
}
