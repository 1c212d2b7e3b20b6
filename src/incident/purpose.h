/* purpose: which step a command can be, by its name and what it says. Private to src/incident. */
#ifndef INCIDENT_PURPOSE_H
#define INCIDENT_PURPOSE_H

#include "model/access.h"
#include "model/incident.h"

struct purpose {
	enum step_kind kind; /* STEP_KINDS: none */
	bool output;	     /* a dump that the program writes once it has reached memory */
	bool starter;	     /* it starts everybody's processes: its children are no kin of each other */
	bool sends;	     /* a downloader that is told to send */
};

/* The names of purposes.def by hash, 1 and up; 0: the place is free. A name that is taken moves on to the next. */
struct purposes {
	uint8_t places[512];
};

void purposes_init(struct purposes *purposes);

/* Most programs have none. */
struct purpose purpose_of(const struct purposes *purposes, const struct process *process);

#endif
