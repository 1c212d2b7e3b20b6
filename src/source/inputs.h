/*
 * inputs: what there is to read on disk, in the order of reading.
 *
 * Everything is looked at once, before confinement: does it exist, may we
 * read it, what do its first bytes look like. Archives are not opened here:
 * hostile ones are better read confined.
 */
#ifndef SOURCE_INPUTS_H
#define SOURCE_INPUTS_H

#include "base/arena.h"
#include "model/frame.h"
#include "model/summary.h"
#include "source/sniff.h"

struct input {
	const char *path;  /* to open; NULL: `fd` is open already */
	const char *name;  /* as the user named it */
	const char *place; /* its path on the host that wrote it, as far as known */
	const char *host;  /* what a collection tells, or NULL */
	uint64_t size;	   /* on disk; 0 for a pipe */
	int64_t modified_ms;
	size_t index;	      /* of a member: how many lie before it in its archive */
	int fd;		      /* of stdin or a pipe, otherwise -1 */
	enum content content; /* of a pipe not known yet: CONTENT_TEXT */
	bool continues;	      /* goes on where the input before it ended */
	bool named;	      /* by the user, not found in a directory */
	bool chosen;	      /* read whatever its content looks like, once it is decompressed */
};

struct inputs {
	struct input *items;
	size_t count, capacity;
	struct arena names;
	enum format format;  /* forced: then any content is taken */
	unsigned threads;    /* at most so many, ours among them */
	struct ahead *ahead; /* what is compressed is read in it; NULL: in place. Of the parts */
	uint64_t failed;     /* inputs of the user's that could not be read at all */
	struct summary *summary;
};

void inputs_init(struct inputs *inputs, enum format format, struct summary *summary);
void inputs_finish(struct inputs *inputs);

/*
 * Files, pipes ("-" is stdin) and directories as the user named them. What
 * cannot be read is a note. Negative errno: memory is out.
 */
int inputs_add(struct inputs *inputs, const char *const *paths, size_t count);

/* Adds one, as it is: for those who find them. */
int inputs_append(struct inputs *inputs, const struct input *input);

/*
 * Opens input->path and looks at its beginning: fills size, modified_ms and
 * content, and is_log when the text looks like a log. Negative errno when it
 * cannot be read, and then a note has been made.
 */
int inputs_probe(struct inputs *inputs, struct input *input, bool *is_log);

/* A copy that lives as long as the inputs. NULL when memory is out. */
const char *inputs_keep(struct inputs *inputs, struct span text);

/* Says that a path could not be opened, why, and what to do. */
void inputs_note_unreadable(struct summary *summary, const char *path, int number);

#endif
