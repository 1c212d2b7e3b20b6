#include "source/walk.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buffer.h"
#include "source/place.h"

struct walker {
	struct walk *walk;
	struct arena *names;
	struct summary *summary;
	struct buffer path; /* of the directory being read, with a '/' behind it */
	size_t root_len;
};

static int walk_directory(struct walker *walker, int fd, unsigned depth);

static int64_t milliseconds(struct timespec time)
{
	return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static bool grow(struct walk *walk)
{
	if (walk->count < walk->capacity)
		return true;
	size_t capacity = walk->capacity ? walk->capacity * 2 : 64;
	struct walk_file *files = reallocarray(walk->files, capacity, sizeof(*files));
	if (!files)
		return false;
	walk->files = files;
	walk->capacity = capacity;
	return true;
}

static int add_file(struct walker *walker, struct span name, const struct stat *st, bool link)
{
	struct walk *walk = walker->walk;
	size_t len = walker->path.len + name.len;
	char *path;

	if (walk->count >= WALK_FILES_MAX) {
		walk->left_out++;
		return 0;
	}
	path = grow(walk) ? arena_alloc(walker->names, len + 1) : NULL;
	if (!path)
		return -ENOMEM;
	if (walker->path.len)
		memcpy(path, walker->path.data, walker->path.len);
	memcpy(path + walker->path.len, name.data, name.len);
	path[len] = '\0';
	walk->files[walk->count++] = (struct walk_file){
		.path = path,
		.rest = walker->root_len,
		.device = st->st_dev,
		.inode = st->st_ino,
		.size = (uint64_t)st->st_size,
		.modified_ms = milliseconds(st->st_mtim),
		.link = link,
	};
	return 0;
}

static int enter(struct walker *walker, int parent, const char *name, unsigned depth)
{
	size_t len = walker->path.len;
	int result = 0;

	buffer_text(&walker->path, name);
	buffer_add(&walker->path, (struct span){ "/", 2 });
	if (walker->path.failed)
		return -ENOMEM;
	walker->path.len--;
	int fd = depth < WALK_DEPTH_MAX ? openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : -1;
	if (fd >= 0)
		result = walk_directory(walker, fd, depth + 1);
	else if (depth >= WALK_DEPTH_MAX)
		walker->walk->left_out++;
	else
		summary_note(walker->summary, false, true, "cannot open the directory %s: %s; run as root or copy it",
			     place_shown(walker->path.data).text, strerror(errno));
	walker->path.len = len;
	return result;
}

static int take_entry(struct walker *walker, int fd, const char *name, unsigned depth)
{
	struct stat st;

	if (fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return 0; /* it vanished */
	if (S_ISDIR(st.st_mode))
		return walker->walk->flat ? 0 : enter(walker, fd, name, depth);
	bool link = S_ISLNK(st.st_mode);
	if (link && (fstatat(fd, name, &st, 0) != 0 || S_ISDIR(st.st_mode))) {
		walker->walk->links++;
		return 0;
	}
	if (S_ISREG(st.st_mode))
		return add_file(walker, span_of(name), &st, link);
	walker->walk->special++;
	return 0;
}

/* Takes fd over. */
static int walk_directory(struct walker *walker, int fd, unsigned depth)
{
	DIR *directory = fdopendir(fd);
	int result = 0;

	if (!directory) {
		close(fd);
		return -ENOMEM;
	}
	for (struct dirent *entry; result == 0 && (entry = readdir(directory));)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			result = take_entry(walker, dirfd(directory), entry->d_name, depth);
	closedir(directory);
	return result;
}

/* The same file next to itself, its real name first. */
static int compare_identity(const void *left, const void *right)
{
	const struct walk_file *a = left, *b = right;

	if (a->device != b->device)
		return a->device < b->device ? -1 : 1;
	if (a->inode != b->inode)
		return a->inode < b->inode ? -1 : 1;
	return a->link != b->link ? a->link - b->link : strcmp(a->path, b->path);
}

static int compare_path(const void *left, const void *right)
{
	return strcmp(((const struct walk_file *)left)->path, ((const struct walk_file *)right)->path);
}

static void drop_twins(struct walk *walk)
{
	size_t kept = 0;

	if (walk->count == 0)
		return;
	qsort(walk->files, walk->count, sizeof(*walk->files), compare_identity);
	for (size_t i = 1; i < walk->count; i++) {
		const struct walk_file *a = &walk->files[kept], *b = &walk->files[i];
		if (a->device != b->device || a->inode != b->inode)
			walk->files[++kept] = *b;
	}
	walk->count = kept + 1;
	qsort(walk->files, walk->count, sizeof(*walk->files), compare_path);
}

int walk_add(struct walk *walk, const char *directory, struct arena *names, struct summary *summary)
{
	struct walker walker = { .walk = walk, .names = names, .summary = summary };
	int result = 0;

	buffer_text(&walker.path, directory);
	if (walker.path.len && walker.path.data[walker.path.len - 1] != '/')
		buffer_add_byte(&walker.path, '/');
	walker.root_len = walker.path.len;
	int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		summary_note(summary, false, true, "cannot open the directory %s: %s; run as root or copy it",
			     place_shown(directory).text, strerror(errno));
	else
		result = walker.path.failed ? -ENOMEM : walk_directory(&walker, fd, 0);
	buffer_finish(&walker.path);
	drop_twins(walk);
	return result;
}

void walk_finish(struct walk *walk)
{
	free(walk->files);
	*walk = (struct walk){ 0 };
}
