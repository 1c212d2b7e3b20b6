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

/* What names of purposes.def hash to: rules nearly every other name out at a look. */
struct purposes {
	uint64_t bits[4];
};

void purposes_init(struct purposes *purposes);

/* Most programs have none. */
struct purpose purpose_of(const struct purposes *purposes, const struct process *process);

#endif
