/*
 * variant: one way to get at another process's memory, or something that
 * looks like it and is harmless; and what each sensor must make of it.
 * variants.def and seed.def are the tables.
 */
#ifndef DRILL_VARIANT_H
#define DRILL_VARIANT_H

#include "drill/ways.h"
#include "model/access.h"

enum drill_sensor { DRILL_AUDIT, DRILL_BPF, DRILL_FANOTIFY, DRILL_SENSORS };

enum expect {
	EXPECT_SEEN,
	EXPECT_MISS,  /* it happens, and this sensor does not see it: reason says why */
	EXPECT_QUIET, /* it happens, and nothing may be raised */
	EXPECT_NONE,  /* not for this sensor: reason says why */
};

enum reason {
#define REASON(id, words) REASON_##id,
#include "drill/reasons.def"
#undef REASON
	REASON_COUNT
};

struct expectation {
	enum expect expect;
	enum reason reason;
};

/* Who does it to whom. */
enum who {
	WHO_ROOT,     /* root, to a process of root's */
	WHO_OWNER,    /* a user, to a process of his own */
	WHO_STRANGER, /* a user, to a process of root's: it must be refused */
	WHO_EARLY,    /* root; begins before the sensor does */
};

/* How the line of it is known, beside the actor's pid. */
enum sign {
	SIGN_ACCESS,  /* verb, entry and target */
	SIGN_PROGRAM, /* a line of tier KnownTool of the actor */
	SIGN_CRASH,   /* that the decoy crashed */
};

struct variant {
	const char *name, *family;
	way *way;
	const char *detail; /* the way's own: a path or a command with {pid} and the like in it, see ways.h */
	enum entry entry;
	enum verb verb;
	enum who who;
	enum sign sign;
	unsigned expected[DRILL_SENSORS]; /* packed: variant_expectation reads it */
	const char *what;		  /* what it does, in words */
	unsigned test;			  /* 1 to 3: a step of such a test; 0: a variant */
};

size_t variant_count(void);
const struct variant *variant_at(size_t index);

/* Whether the fnmatch pattern fits its name or its family. NULL fits all. */
bool variant_fits(const struct variant *variant, const char *pattern);

/*
 * Of a set of sensors (bits 1 << DRILL_AUDIT …): what at least one of them
 * must see is expected to be seen; else the first one's.
 */
struct expectation variant_expectation(const struct variant *variant, unsigned sensors);

const char *reason_words(enum reason reason);
const char *drill_sensor_name(enum drill_sensor sensor); /* "audit", "bpf", "fanotify" */

/* The ATT&CK technique: "T1003.007", or of those that write or attach another. */
const char *variant_technique(const struct variant *variant);

#endif
