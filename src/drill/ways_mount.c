/* The entry by another mount: binds, other roots, other procfs. All of it in a mount namespace of its own. */
#include <fcntl.h>
#include <linux/mount.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "drill/proof.h"
#include "drill/stage.h"
#include "drill/variant.h"

/* A directory (or with `file`, a file) in the place to mount on, in stage->path. 0 or a negative errno. */
static int mount_point(struct stage *stage, bool file)
{
	snprintf(stage->path, sizeof(stage->path), "%s/mnt.%d", stage->place->path, getpid());
	if (!file)
		return mkdir(stage->path, 0755) < 0 ? stage_fail(stage, "mkdir", -errno) : 0;
	int fd = open(stage->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return stage_fail(stage, "a file", -errno);
	close(fd);
	return 0;
}

/* Private mounts, and `source` (with {pid} and the like) bound to a place of ours, whose path is stage->path then. */
static int bind(struct stage *stage, const char *source, bool file)
{
	char path[64];
	int result = stage_private_mounts(stage);

	if (!result)
		result = mount_point(stage, file);
	if (result || !stage_fill(stage, source, path, sizeof(path)))
		return result ? result : -ENAMETOOLONG;
	return mount(path, stage->path, NULL, MS_BIND | MS_REC, NULL) < 0 ? stage_fail(stage, "mount", -errno) : 0;
}

/* `rest` appended to stage->path, opened. */
static int take_below(struct stage *stage, const char *rest)
{
	char tail[64];
	size_t len = strlen(stage->path);

	if (!stage_fill(stage, rest, tail, sizeof(tail)))
		return -ENAMETOOLONG;
	snprintf(stage->path + len, sizeof(stage->path) - len, "%s", tail);
	return stage_take(stage, stage_open_at(stage, AT_FDCWD, stage->path, O_RDONLY));
}

int way_bind_proc(struct stage *stage)
{
	int result = bind(stage, "/proc", false);

	return result ? result : take_below(stage, "/{pid}/{entry}");
}

int way_bind_pid(struct stage *stage)
{
	int result = bind(stage, "/proc/{pid}", false);

	return result ? result : take_below(stage, "/{entry}");
}

int way_bind_file(struct stage *stage)
{
	int result = bind(stage, "/proc/{pid}/{entry}", true);

	return result ? result : take_below(stage, "");
}

static int enter_root(struct stage *stage, const char *root)
{
	if (chroot(root) < 0)
		return stage_fail(stage, "chroot", -errno);
	return chdir("/") < 0 ? stage_fail(stage, "chdir", -errno) : 0;
}

static int take_path(struct stage *stage, const char *path)
{
	return stage_take(stage, stage_open_at(stage, AT_FDCWD, stage_path(stage, path), O_RDONLY));
}

int way_chroot_proc(struct stage *stage)
{
	int result = enter_root(stage, "/proc");

	return result ? result : take_path(stage, "/{pid}/{entry}");
}

int way_chroot_bind(struct stage *stage)
{
	int result = bind(stage, "/proc", false);

	if (!result)
		result = enter_root(stage, stage->path);
	return result ? result : take_path(stage, "/{pid}/{entry}");
}

int way_pivot_root(struct stage *stage)
{
	int result = bind(stage, "/proc", false);

	if (result)
		return result;
	if (chdir(stage->path) < 0 || syscall(SYS_pivot_root, ".", ".") < 0)
		return stage_fail(stage, "pivot_root", -errno);
	umount2(".", MNT_DETACH);
	return take_path(stage, "/{pid}/{entry}");
}

static int open_tree_of_pid(struct stage *stage)
{
	int tree = (int)syscall(SYS_open_tree, AT_FDCWD, stage_path(stage, "/proc/{pid}"),
				OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);

	return tree < 0 ? stage_fail(stage, "open_tree", -errno) : tree;
}

int way_open_tree(struct stage *stage)
{
	int tree = open_tree_of_pid(stage);

	return tree < 0 ? tree : stage_take(stage, stage_open_at(stage, tree, stage_entry(stage), O_RDONLY));
}

int way_move_mount(struct stage *stage)
{
	int result = stage_private_mounts(stage), tree = result ? result : open_tree_of_pid(stage);

	if (tree < 0)
		return tree;
	result = mount_point(stage, false);
	if (result)
		return result;
	if (syscall(SYS_move_mount, tree, "", AT_FDCWD, stage->path, MOVE_MOUNT_F_EMPTY_PATH) < 0)
		return stage_fail(stage, "move_mount", -errno);
	return take_below(stage, "/{entry}");
}

/* Then /proc/self is the decoy's. */
int way_over_self(struct stage *stage)
{
	char own[32];
	int result = stage_private_mounts(stage);

	if (result)
		return result;
	snprintf(own, sizeof(own), "/proc/%d", getpid());
	if (mount(stage_path(stage, "/proc/{pid}"), own, NULL, MS_BIND, NULL) < 0)
		return stage_fail(stage, "mount", -errno);
	return take_path(stage, "/proc/self/{entry}");
}

static int mount_procfs(struct stage *stage)
{
	int result = stage_private_mounts(stage);

	if (!result)
		result = mount_point(stage, false);
	if (!result && mount("proc", stage->path, "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0)
		result = stage_fail(stage, "mount of a procfs", -errno);
	return result;
}

int way_second_procfs(struct stage *stage)
{
	int result = mount_procfs(stage);

	return result ? result : take_below(stage, "/{pid}/{entry}");
}

int way_fsmount(struct stage *stage)
{
	int context = (int)syscall(SYS_fsopen, "proc", FSOPEN_CLOEXEC);

	if (context < 0 || syscall(SYS_fsconfig, context, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0)
		return stage_fail(stage, "fsopen", -errno);
	int tree = (int)syscall(SYS_fsmount, context, FSMOUNT_CLOEXEC, 0);
	if (tree < 0)
		return stage_fail(stage, "fsmount", -errno);
	return stage_take(stage, stage_open_at(stage, tree, stage_path(stage, "{pid}/{entry}"), O_RDONLY));
}

/* In the namespace, where the decoy is process 1. */
static int take_of_first(struct stage *stage, const struct decoy *decoy)
{
	int result = mount_procfs(stage);

	if (result)
		return result;
	size_t len = strlen(stage->path);
	snprintf(stage->path + len, sizeof(stage->path) - len, "/1/%s", stage_entry(stage));
	int fd = stage_open_at(stage, AT_FDCWD, stage->path, O_RDONLY);
	if (fd < 0)
		return fd;
	result = proof_read(decoy, stage->variant->entry, fd);
	close(fd);
	return result;
}

/* A decoy of its own in a pid namespace of its own; the actor is its second process. */
int way_pid_namespace(struct stage *stage)
{
	struct decoy decoy;
	struct err err = { 0 };

	if (unshare(CLONE_NEWPID) < 0)
		return stage_fail(stage, "a pid namespace", -errno);
	if (decoy_start(&decoy, stage->place, stage->program, "sshd", geteuid(), &err) < 0)
		return stage_fail(stage, "a decoy", err.number ? err.number : -ECHILD);
	stage->notes->target = decoy.pid;
	pid_t actor = stage_fork(stage);
	if (actor == 0)
		stage_leave(take_of_first(stage, &decoy));
	int result = stage_await(stage, actor);
	decoy_stop(&decoy);
	return result;
}

/* Its own numbers are others, yet /proc is still the host's. */
int way_pid_namespace_host_procfs(struct stage *stage)
{
	if (unshare(CLONE_NEWPID) < 0)
		return stage_fail(stage, "a pid namespace", -errno);
	pid_t actor = stage_fork(stage);
	if (actor == 0)
		stage_leave(take_path(stage, "/proc/{pid}/{entry}"));
	return stage_await(stage, actor);
}

/* The mounts are a child's, who waits in them. */
static void hold_mounts(struct stage *stage, int ready, int end)
{
	char byte = 0;
	int result = bind(stage, "/proc", false);

	if (result == 0 && write(ready, &byte, 1) == 1 && read(end, &byte, 1) < 0)
		result = -errno;
	stage_leave(result);
}

int way_setns(struct stage *stage)
{
	int ready[2], end[2], result = 0;
	char byte;

	if (pipe2(ready, O_CLOEXEC) < 0 || pipe2(end, O_CLOEXEC) < 0)
		return stage_fail(stage, "a pipe", -errno);
	pid_t holder = stage_fork(stage);
	if (holder == 0) {
		close(end[1]);
		hold_mounts(stage, ready[1], end[0]);
	}
	close(ready[1]);
	int pidfd = holder > 0 ? (int)syscall(SYS_pidfd_open, holder, 0) : -1;
	if (read(ready[0], &byte, 1) != 1 || setns(pidfd, CLONE_NEWNS) < 0)
		result = stage_fail(stage, "setns", errno ? -errno : -ECHILD);
	close(end[1]);
	stage_await(stage, holder);
	snprintf(stage->path, sizeof(stage->path), "%s/mnt.%d", stage->place->path, holder);
	return result ? result : take_below(stage, "/{pid}/{entry}");
}
