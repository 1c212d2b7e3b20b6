/* Programs that are on most hosts, doing what they were not made for. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "drill/stage.h"
#include "drill/variant.h"

#define ARGUMENTS_MAX 16
#define COMMAND_ROOM 1024

/* The text "program|argument|…" in pieces, which point into it. */
static void split(char *text, char *argv[ARGUMENTS_MAX + 1])
{
	size_t count = 0;

	while (count < ARGUMENTS_MAX) {
		char *end = strchr(text, '|');

		argv[count++] = text;
		if (!end)
			break;
		*end = '\0';
		text = end + 1;
	}
	argv[count] = NULL;
}

static int prove(struct stage *stage, int status, const char *output, size_t len)
{
	if (status < 0)
		return status;
	if (stage_proves(stage, (struct span){ output, len }))
		return 0;
	snprintf(stage->notes->why, sizeof(stage->notes->why), "exit status %d: %.*s", status,
		 (int)span_index((struct span){ output, len < 60 ? len : 60 }, '\n'), output);
	return -STAGE_UNPROVEN;
}

static int run_argv(struct stage *stage, char *const argv[])
{
	char output[STAGE_OUTPUT_MAX];
	size_t len;
	int status = stage_run(stage, argv, -1, output, &len);

	return prove(stage, status, output, len);
}

static bool make_command(struct stage *stage, const char *text, char room[COMMAND_ROOM], char *argv[ARGUMENTS_MAX + 1])
{
	if (!stage_fill(stage, text, room, COMMAND_ROOM))
		return false;
	split(room, argv);
	return true;
}

int way_command(struct stage *stage)
{
	char room[COMMAND_ROOM], *argv[ARGUMENTS_MAX + 1];

	return make_command(stage, stage->variant->detail, room, argv) ? run_argv(stage, argv) : -EINVAL;
}

static int write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);

	if (fd < 0)
		return -errno;
	ssize_t written = write(fd, text, strlen(text));
	close(fd);
	return written == (ssize_t)strlen(text) ? 0 : -EIO;
}

/* detail: "INTERPRETER|TEXT": a script of ours, executed by its #! line. */
int way_script(struct stage *stage)
{
	char text[COMMAND_ROOM], interpreter[64], path[PLACE_PATH_ROOM * 2];
	size_t name_len = span_index(span_of(stage->variant->detail), '|');

	snprintf(path, sizeof(path), "%.*s", (int)name_len, stage->variant->detail);
	if (!stage_find_program(path, interpreter, sizeof(interpreter)))
		return -STAGE_NOT_INSTALLED;
	int len = snprintf(text, sizeof(text), "#!%s\n", interpreter);
	if (!stage_fill(stage, stage->variant->detail + name_len + 1, text + len, sizeof(text) - (size_t)len))
		return -EINVAL;
	snprintf(path, sizeof(path), "%s/script.%d", stage->place->path, getpid());
	int result = write_file(path, text);
	char *const argv[] = { path, NULL };
	return result ? stage_fail(stage, "a script", result) : run_argv(stage, argv);
}

/* A copy of a program under another name, in the place; what had the name before goes. */
static int copy_program(struct stage *stage, const char *program, const char *name, char *path, size_t room)
{
	char source[64];
	struct err err = { 0 };

	if (!stage_find_program(program, source, sizeof(source)))
		return -STAGE_NOT_INSTALLED;
	snprintf(path, room, "%s/%s", stage->place->path, name);
	unlink(path);
	if (place_program(stage->place, source, name, &err) < 0)
		return stage_fail(stage, "a copy of a program", err.number);
	return 0;
}

/* detail: "NAME|PROGRAM|ARGUMENT…": the program's copy under that name. */
int way_renamed(struct stage *stage)
{
	char room[COMMAND_ROOM], path[PLACE_PATH_ROOM * 2], *argv[ARGUMENTS_MAX + 1];

	if (!make_command(stage, stage->variant->detail, room, argv))
		return -EINVAL;
	int result = copy_program(stage, argv[1], argv[0], path, sizeof(path));
	if (result)
		return result;
	argv[1] = path;
	return run_argv(stage, argv + 1);
}

static int find_in_file(struct stage *stage, const char *path)
{
	char room[STAGE_OUTPUT_MAX];
	int fd = open(path, O_RDONLY | O_CLOEXEC), result = -STAGE_UNPROVEN;
	size_t kept = 0;
	ssize_t len;

	if (fd < 0)
		return stage_fail(stage, "the core", -errno);
	while (result && (len = read(fd, room + kept, sizeof(room) - kept)) > 0) {
		size_t whole = kept + (size_t)len;
		if (span_find((struct span){ room, whole }, span_of(stage->decoy->secret)) < whole)
			result = 0;
		kept = whole < DECOY_SECRET_ROOM ? whole : DECOY_SECRET_ROOM;
		memmove(room, room + whole - kept, kept);
	}
	close(fd);
	unlink(path);
	return result;
}

int way_gcore(struct stage *stage)
{
	char output[STAGE_OUTPUT_MAX], prefix[PLACE_PATH_ROOM * 2], pid[16];
	size_t len;

	snprintf(prefix, sizeof(prefix), "%s/core", stage->place->path);
	snprintf(pid, sizeof(pid), "%d", stage->decoy->pid);
	char *const argv[] = { (char *)"gcore", (char *)"-o", prefix, pid, NULL };
	int status = stage_run(stage, argv, -1, output, &len);
	if (status)
		return status < 0 ? status : prove(stage, status, output, len);
	snprintf(prefix, sizeof(prefix), "%s/core.%s", stage->place->path, pid);
	return find_in_file(stage, prefix);
}

/*
 * A program that is called as the tool is. For a step of a test it is
 * PLACE_TOOL, unless that is there already: then as for a variant it is in the place.
 */
static int make_tool(struct stage *stage, const char *program, char *path, size_t room)
{
	char name[32];

	snprintf(name, sizeof(name), "%.*s", (int)span_index(span_of(stage->variant->detail), '|'),
		 stage->variant->detail);
	int result = copy_program(stage, program, name, path, room);
	if (result == 0 && stage->variant->test && link(path, PLACE_TOOL) == 0)
		snprintf(path, room, "%s", PLACE_TOOL);
	return result;
}

static void remove_tool(const char *path)
{
	if (strcmp(path, PLACE_TOOL) == 0)
		unlink(path);
}

/* detail: "NAME|ARGUMENT": does nothing (it is true(1)), and is called so. */
int way_tool(struct stage *stage)
{
	char path[PLACE_PATH_ROOM * 2], output[STAGE_OUTPUT_MAX];
	size_t len;
	int result = make_tool(stage, "true", path, sizeof(path));

	if (result)
		return result;
	char *const argv[] = { path, (char *)strchr(stage->variant->detail, '|') + 1, NULL };
	result = stage_run(stage, argv, -1, output, &len);
	remove_tool(path);
	return result > 0 ? -STAGE_UNPROVEN : result;
}

/* The tool is cat(1), and its argument the name of a link to the entry. */
int way_tool_opens(struct stage *stage)
{
	char path[PLACE_PATH_ROOM * 2], target[64], output[STAGE_OUTPUT_MAX];
	const char *argument = strchr(stage->variant->detail, '|') + 1;
	size_t len;

	if (chdir(stage->place->path) < 0 || !stage_fill(stage, "/proc/{pid}/{entry}", target, sizeof(target)))
		return -errno;
	unlink(argument);
	int result = symlink(target, argument) < 0 ? -errno : make_tool(stage, "cat", path, sizeof(path));
	if (result)
		return result;
	char *const argv[] = { path, (char *)argument, NULL };
	result = stage_run(stage, argv, -1, output, &len);
	remove_tool(path);
	/* Of mem nothing can be read at the beginning; that it could be opened shows in the error. */
	if (stage->variant->entry == ENTRY_MEM &&
	    span_find((struct span){ output, len }, SPAN("Input/output error")) < len)
		return 0;
	return prove(stage, result, output, len);
}
