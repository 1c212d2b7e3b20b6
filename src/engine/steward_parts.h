/* steward_parts: what passes between a watch and its steward, and the steward's side of it. Private to src/engine. */
#ifndef ENGINE_STEWARD_PARTS_H
#define ENGINE_STEWARD_PARTS_H

#include "source/process_look.h"

enum steward_task { STEWARD_LOOK = 1, STEWARD_OPEN, STEWARD_TURN };

struct steward_request {
	uint32_t task, number, pid;
};

struct steward_answer {
	uint32_t number; /* the request's */
	int32_t result;	 /* 0 or a negative errno */
	struct process_look look;
};

/* What the steward has: descriptors of /proc and of the output's directory, and the output's name in it. */
struct steward_room {
	int proc, directory;
	unsigned keep;
	char name[256];
	struct steward_answer answer;
};

/* Opens them and gives up the rest: rights, and all system calls but a few. False when that fails. */
bool steward_prepare(struct steward_room *room, char *output_path);

/* Answers until the other end is closed. The exit status. */
int steward_serve(struct steward_room *room, int fd);

#endif
