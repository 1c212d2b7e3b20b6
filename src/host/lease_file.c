#include "host/lease_file.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "host/audit_lease.h"

#define NAME "audit-lease"
#define NAME_NEW NAME ".new"
#define NAME_LOCK NAME ".lock"
#define LOCK_PAUSE_MS 50
#define LOCK_TRIES 40
#define STATE_BYTES_MAX (64u << 20)

/* What is undone by it changes the kernel: nobody else may put a file there. */
static int check_owner(int fd, const char *directory, struct err *err)
{
	struct stat status;

	if (fstat(fd, &status) < 0)
		return err_set(err, -errno, "cannot look at '%s': %s", directory, strerror(errno));
	if (status.st_uid != geteuid() || status.st_mode & (S_IWGRP | S_IWOTH))
		return err_set(
			err, -EACCES,
			"the state of audit leases cannot be kept in '%s': it must belong to us, and nobody else may "
			"write there",
			directory);
	return 0;
}

/* The keeper of a lease whose owner died a moment ago is still undoing it. */
static int lock_in_time(int fd)
{
	const struct timespec pause = { .tv_nsec = LOCK_PAUSE_MS * 1000000L };
	int result = flock(fd, LOCK_EX | LOCK_NB);

	for (int tries = 0; result < 0 && errno == EWOULDBLOCK && tries < LOCK_TRIES; tries++) {
		nanosleep(&pause, NULL);
		result = flock(fd, LOCK_EX | LOCK_NB);
	}
	return result;
}

static int lock(struct lease_file *file, const char *directory, struct err *err)
{
	file->lock = openat(file->directory, NAME_LOCK, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (file->lock < 0)
		return err_set(err, -errno, "cannot make '%s/" NAME_LOCK "': %s", directory, strerror(errno));
	if (lock_in_time(file->lock) == 0)
		return 0;
	if (errno == EWOULDBLOCK)
		return err_set(err, -EBUSY,
			       "another proctor holds a lease on the audit rules ('%s/" NAME_LOCK
			       "' is locked); wait until it ends",
			       directory);
	return err_set(err, -errno, "cannot lock '%s/" NAME_LOCK "': %s", directory, strerror(errno));
}

int lease_file_open(struct lease_file *file, const char *directory, struct err *err)
{
	*file = (struct lease_file){ -1, -1 };
	if (!directory) {
		directory = AUDIT_LEASE_DIRECTORY;
		mkdir(directory, 0700);
	}
	file->directory = open(directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (file->directory < 0)
		return err_set(err, -errno, "cannot open the folder '%s' for the state of audit leases: %s", directory,
			       strerror(errno));
	int result = check_owner(file->directory, directory, err);
	if (result == 0)
		result = lock(file, directory, err);
	if (result < 0)
		lease_file_close(file);
	return result;
}

void lease_file_close(struct lease_file *file)
{
	if (file->lock >= 0)
		close(file->lock);
	if (file->directory >= 0)
		close(file->directory);
	*file = (struct lease_file){ -1, -1 };
}

static struct span read_boot(char room[64])
{
	int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	ssize_t len = fd < 0 ? -1 : read(fd, room, 64);

	if (fd >= 0)
		close(fd);
	return len > 0 ? span_trim((struct span){ room, (size_t)len }) : SPAN("unknown");
}

static int write_all(int fd, struct span text)
{
	while (text.len) {
		ssize_t done = write(fd, text.data, text.len);
		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return done < 0 ? -errno : -EIO;
		text = span_skip(text, (size_t)done);
	}
	return 0;
}

static int put_text(const struct lease_file *file, struct span text)
{
	int fd = openat(file->directory, NAME_NEW, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	int result = fd < 0 ? -errno : write_all(fd, text);

	if (fd >= 0 && close(fd) < 0 && result == 0)
		result = -errno;
	if (result == 0 && renameat(file->directory, NAME_NEW, file->directory, NAME) < 0)
		result = -errno;
	return result;
}

int lease_file_put(const struct lease_file *file, const struct lease_state *state, struct err *err)
{
	struct buffer text = { 0 };
	char room[64];

	lease_state_write(state, read_boot(room), &text);
	int result = text.failed ? -ENOMEM : put_text(file, buffer_span(&text));
	buffer_finish(&text);
	return result < 0
		       ? err_set(err, result, "cannot write down what is to be undone: %s; no audit rule was changed",
				 strerror(-result))
		       : 0;
}

static int read_text(int fd, struct buffer *text)
{
	ssize_t got = 1;

	while (got > 0 && text->len < STATE_BYTES_MAX && buffer_reserve(text, 65536)) {
		got = read(fd, text->data + text->len, 65536);
		if (got < 0 && errno == EINTR)
			got = 1;
		else
			text->len += got > 0 ? (size_t)got : 0;
	}
	return got < 0 ? -errno : text->failed ? -ENOMEM : got ? -E2BIG : 0;
}

int lease_file_get(const struct lease_file *file, struct lease_state *state, struct err *err)
{
	int fd = openat(file->directory, NAME, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	struct buffer text = { 0 };
	char room[64];

	if (fd < 0 && errno == ENOENT)
		return 0;
	int result = fd < 0 ? -errno : read_text(fd, &text);
	if (result == 0)
		result = lease_state_read(state, read_boot(room), buffer_span(&text));
	if (fd >= 0)
		close(fd);
	buffer_finish(&text);
	if (result == 0)
		return lease_file_remove(file, err);
	return result < 0 ? err_set(err, result,
				    "the state that an audit lease left ('" NAME
				    "') cannot be read: %s; look at `auditctl -l` and `auditctl -s`, then remove it",
				    strerror(-result))
			  : 1;
}

int lease_file_remove(const struct lease_file *file, struct err *err)
{
	if (unlinkat(file->directory, NAME, 0) == 0 || errno == ENOENT)
		return 0;
	return err_set(err, -errno, "cannot remove the state of an audit lease ('" NAME "'): %s", strerror(errno));
}
