#include "source/actor_look.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bpf/wire.h"

static uint32_t number_in(int directory, const char *name)
{
	char text[16];
	int fd = openat(directory, name, O_RDONLY | O_CLOEXEC);
	ssize_t len = fd >= 0 ? read(fd, text, sizeof(text)) : -1;
	uint64_t value;

	if (fd >= 0)
		close(fd);
	return len > 0 && span_decimal((struct span){ text, (size_t)len }, &value) && value <= UINT32_MAX
		       ? (uint32_t)value
		       : WIRE_NO_ID;
}

/* Owned by root and nobody else's to write, and seen from where we see it: not in a chroot or namespace of its own. */
static bool is_trusted(int proc, int directory)
{
	struct stat exe, theirs, ours;
	char root[4];

	return fstatat(directory, "exe", &exe, 0) == 0 && exe.st_uid == 0 && !(exe.st_mode & 022) && exe.st_nlink &&
	       readlinkat(directory, "root", root, sizeof(root)) == 1 &&
	       fstatat(directory, "ns/mnt", &theirs, 0) == 0 && fstatat(proc, "self/ns/mnt", &ours, 0) == 0 &&
	       theirs.st_ino == ours.st_ino;
}

bool actor_look(int proc, uint32_t pid, bool whole, struct actor_look *actor)
{
	char name[16];
	struct stat st;

	actor->trusted = false;
	actor->look.exe_len = 0;
	snprintf(name, sizeof(name), "%u", pid);
	int directory = openat(proc, name, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (directory < 0)
		return false;
	actor->trusted = is_trusted(proc, directory);
	actor->uid = fstat(directory, &st) == 0 ? st.st_uid : WIRE_NO_ID;
	int fd = openat(directory, "cmdline", O_RDONLY | O_CLOEXEC);
	ssize_t len = fd >= 0 ? read(fd, actor->command, sizeof(actor->command)) : -1;
	actor->command_len = (uint16_t)(len > 0 ? len : 0);
	actor->auid = whole ? number_in(directory, "loginuid") : WIRE_NO_ID;
	actor->ses = whole ? number_in(directory, "sessionid") : WIRE_NO_ID;
	if (fd >= 0)
		close(fd);
	close(directory);
	return whole ? process_look(proc, pid, &actor->look) : process_glance(proc, pid, &actor->look);
}

struct span actor_command(char *command, size_t len)
{
	while (len && !command[len - 1])
		len--;
	for (size_t i = 0; i < len; i++)
		command[i] = command[i] ? command[i] : ' ';
	return (struct span){ len ? command : NULL, len };
}
