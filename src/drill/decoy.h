/*
 * decoy: a process worth robbing, with nothing to lose. It is named as a
 * program that holds credentials is (comm and the basename of its
 * executable), holds a made-up secret in its heap, its environment and a
 * pipe, has a second thread, and waits.
 *
 * It ends when the drill does: its end of a socket, and PR_SET_PDEATHSIG.
 * As its parent does not reap it before decoy_stop, its pid is no other
 * process's until then.
 */
#ifndef DRILL_DECOY_H
#define DRILL_DECOY_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "drill/place.h"

#define DECOY_SECRET_ROOM 48
#define DECOY_VARIABLE "DRILL_TOKEN"
#define DECOY_WORD "--as-decoy" /* proctor drill --as-decoy FD */

struct decoy {
	pid_t pid, tid; /* tid: of its second thread */
	int pidfd;
	int control;	  /* our end of the socket */
	int secret_fd;	  /* its descriptor that the secret can be read from */
	uint64_t address; /* of the secret in its heap */
	uid_t uid;
	const char *name;
	char secret[DECOY_SECRET_ROOM];
};

/*
 * Starts a decoy of that user: a copy of `program` in the place, whose name
 * is borrowed. 0 when it is ready, or a negative errno with err.
 */
int decoy_start(struct decoy *decoy, const struct place *place, const char *program, const char *name, uid_t uid,
		struct err *err);

/* Asked before anything is done to its pid. */
bool decoy_lives(const struct decoy *decoy);

/* It dies by SIGSEGV, and leaves no core behind. */
void decoy_crash(const struct decoy *decoy);

/* Ends and reaps it. Zeroed memory, or a decoy that was not started, is allowed. */
void decoy_stop(struct decoy *decoy);

/* The life of a decoy: the exit status. */
int decoy_live(int control);

#endif
