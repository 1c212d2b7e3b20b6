/* purpose: which step a command can be, by its name and what it says. Private to src/incident. */
#ifndef INCIDENT_PURPOSE_H
#define INCIDENT_PURPOSE_H

#include "model/access.h"
#include "model/incident.h"

struct purpose {
	enum step_kind kind;
	bool output; /* a dump that the program writes once it has reached memory */
	bool sends;  /* a downloader that is told to send */
};

/* False for what is no step, as nearly everything is. */
bool purpose_of(const struct process *process, struct purpose *purpose);

#endif
