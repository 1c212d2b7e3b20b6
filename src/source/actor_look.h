/*
 * actor_look: who an actor is, as far as /proc tells while it is there: more
 * than of a target, for tuning asks whether a program is what it seems.
 */
#ifndef SOURCE_ACTOR_LOOK_H
#define SOURCE_ACTOR_LOOK_H

#include "source/process_look.h"

#define ACTOR_COMMAND_MAX 512

struct actor_look {
	uint32_t uid, auid, ses; /* WIRE_NO_ID: unknown, or unset */
	bool trusted;		 /* its program is root's, nobody else's to write, and seen from where we see it */
	uint16_t command_len;
	char command[ACTOR_COMMAND_MAX]; /* arguments, each with its NUL */
	struct process_look look;
};

/* Below `proc`. Without `whole` it only glances (process_glance), without auid and ses. False: no such process. */
bool actor_look(int proc, uint32_t pid, bool whole, struct actor_look *actor);

/* Arguments as they are told: with a space between them. Changes the bytes; the text lies there. */
struct span actor_command(char *command, size_t len);

#endif
