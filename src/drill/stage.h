/*
 * stage: where a variant is carried out, in a process of its own.
 *
 * A way does one access to the decoy and proves that it worked: what it read
 * is the decoy's secret, or a map that has the secret's address in it. What
 * it tells the drill stands in memory that both share.
 */
#ifndef DRILL_STAGE_H
#define DRILL_STAGE_H

#include <stdatomic.h>

#include "base/span.h"
#include "drill/decoy.h"

#define STAGE_ACTORS_MAX 16
#define STAGE_PATH_ROOM 4352
#define STAGE_WHY_ROOM 120
#define STAGE_NOT_INSTALLED ENOPKG /* the program is not there */
#define STAGE_UNPROVEN EBADMSG	   /* it worked, and what was read is not what it should be */

/* Written by the variant's processes, read by the drill. */
struct stage_notes {
	_Atomic uint64_t moment_ns; /* CLOCK_MONOTONIC, right before the system call that counts; 0: not told */
	_Atomic unsigned actor_count;
	_Atomic pid_t actors[STAGE_ACTORS_MAX];	     /* its processes, in our pid namespace */
	_Atomic pid_t target, target_tid, passed_by; /* if it is another one than the decoy's; 0: it is not */
	char why[STAGE_WHY_ROOM];		     /* why it could not be carried out */
};

struct variant;

struct stage {
	const struct variant *variant;
	const struct decoy *decoy;
	const struct place *place;
	const char *program; /* this executable, for decoys of the way's own */
	struct stage_notes *notes;
	int turn;		    /* readable when an early variant is to go on; -1: at once */
	char path[STAGE_PATH_ROOM]; /* stage_path's */
};

/* "mem"; of variants without an entry, too. */
const char *stage_entry(const struct stage *stage);

/* The text with {pid}, {tid}, {entry}, {address}, {hex}, {length}, {dir}, {secret}, {own} put in: in stage->path. */
const char *stage_path(struct stage *stage, const char *text);

/* The same into a room of the caller's. False when it does not fit. */
bool stage_fill(const struct stage *stage, const char *text, char *room, size_t size);

void stage_moment(struct stage *stage); /* the system call that counts comes now */
void stage_announce(struct stage *stage, pid_t pid);

/* Negative errno, with words on it for the drill. */
int stage_fail(struct stage *stage, const char *attempt, int number);

/* openat, by the system call itself. A descriptor or a negative errno. */
int stage_open_at(struct stage *stage, int directory, const char *path, int flags);

/* Reads the entry from fd (or hands a negative fd back), proves it and closes. 0 or a negative errno. */
int stage_take(struct stage *stage, int fd);

/* Whether bytes that were read or printed are the entry of the decoy's: raw, or for memory in hexadecimal, too. */
bool stage_proves(const struct stage *stage, struct span bytes);

/* As fork; the child is announced, and dies with its parent. */
pid_t stage_fork(struct stage *stage);

/* Of a child that ended with stage_leave: 0 or a negative errno. */
int stage_await(struct stage *stage, pid_t child);
void stage_leave(int result) __attribute__((noreturn));

/*
 * Runs a program and keeps what it prints (64 KiB of it). argv[0] is looked
 * for in the usual places; ENOPKG when it is in none. `input` is its standard
 * input, -1 nothing. Its exit status, or a negative errno.
 */
int stage_run(struct stage *stage, char *const argv[], int input, char *output, size_t *output_len);

#define STAGE_OUTPUT_MAX 65536

/* /usr/bin/NAME and the like; false when there is none. */
bool stage_find_program(const char *name, char *path, size_t room);

/* A mount namespace of its own, from which nothing gets out. 0 or a negative errno. */
int stage_private_mounts(struct stage *stage);

/* Waits until the drill says that it is an early variant's turn. */
void stage_turn(struct stage *stage);

#endif
