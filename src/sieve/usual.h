/*
 * usual: what most SYSCALL and PATH records say, at a look. Kernels write the
 * fields of a record in one order, so that a field is known by how many blanks
 * stand in front of it:
 *
 *   : arch=c000003e syscall=257 success=yes exit=3 a0=… a1=… a2=… a3=… items=1 ppid=1 pid=42 … tty=… ses=7 …
 *    0             1           2           3      4    5    6    7    8       9      10       20    21
 *
 * What is not as usual is not told here, and the callers read it field by
 * field. Private to src/sieve.
 */
#ifndef SIEVE_USUAL_H
#define SIEVE_USUAL_H

#include <stdbool.h>
#include <stdint.h>

struct usual_call {
	uint64_t number; /* of the call, of x86_64 */
	uint64_t parent, pid, session;
	const char *behind; /* what stands behind the number */
};

/* The same text for three kinds of registers. What is not told by one is not told by any. */
enum usual_level { USUAL_PLAIN, USUAL_AVX2, USUAL_AVX512, USUAL_LEVELS };

/*
 * The readers of one kind. `p` is the colon behind the record's key, `line_end` its line's end; text may be read up to
 * `end`, be it of the lines behind.
 */
struct usual {
	/* False: who knows. */
	bool (*call)(const char *p, const char *line_end, const char *end, struct usual_call *call);
	/*
	 * Whether the object of a PATH record is nothing of procfs for certain: it is on a device that has a driver, and
	 * its name, in quotes, is none of a mapped file.
	 */
	bool (*elsewhere)(const char *p, const char *line_end, const char *end);
};

/* NULL: this processor, or this build, cannot. */
const struct usual *usual_of(enum usual_level level);
const struct usual *usual_best(void);

#endif
