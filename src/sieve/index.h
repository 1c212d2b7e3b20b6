/*
 * index: what one pass over the bytes of audit logs notes of them, so that
 * only the events that matter need be assembled.
 *
 *   log     type=SYSCALL …:7) … syscall=257 … pid=42 …    ─▶ event 7: where, pid, what it may be about
 *           type=CWD …:7) …                                  followers: the key is that of the line before
 *           type=PATH …:7) name="/proc/1/mem" … dev=00:15    … may be an access: NOTE_TELL
 *           type=USER_START …:9) …                        ─▶ stray 9: a line by itself
 *           type=PROCTITLE …:7) …                         ─▶ stray 7: interleaved
 *
 * Ten bytes an event, about 10 MB for a GB of log. Only raw audit text that is
 * in order, as auditd writes it, can be noted so; all else is a doubt, and
 * then the whole log goes through the stream.
 */
#ifndef SIEVE_INDEX_H
#define SIEVE_INDEX_H

#include "base/err.h"
#include "base/span.h"
#include "model/record.h"

/* What an event may be; for certain it is what its assembling says. */
enum sieve_note {
	NOTE_TELL = 1, /* it may give a sighting, or say what later names mean */
	NOTE_PROC = 2, /* it names procfs */
	NOTE_DEED = 4, /* a connection, or a file that was made, removed or holds password hashes */
	NOTE_EXEC = 8, /* an execution */
};

#define SIEVE_PID_BITS 22
#define SIEVE_SERIAL_BITS 11

/* An event: its SYSCALL record. */
struct sieve_event {
	uint64_t at : 26;		     /* of its line, in the piece */
	uint64_t pid : SIEVE_PID_BITS;	     /* 0: not told */
	uint64_t serial : SIEVE_SERIAL_BITS; /* its low bits: it is among its neighbours that it must differ */
	uint64_t notes : 4;
	uint64_t news : 1; /* out of its place, or beside one that is: it may say something new of its process */
};

#define SIEVE_NONE UINT32_MAX
#define SIEVE_NEAR_STRAYS 1024 /* strays of one event that stand further apart are not joined over a piece's border */

/* A line that stands away from its event's SYSCALL record, or has none; or such a record out of its place. */
struct sieve_stray {
	uint64_t serial;
	uint32_t head; /* the event that it is of, in the same piece, or SIEVE_NONE: none that is near */
	uint32_t at : 26;
	uint32_t notes : 4; /* enum sieve_note */
	uint32_t call : 1;  /* it is a SYSCALL record, and an event by itself */
	uint32_t boot : 1;  /* with it begins another boot of the host */
};

/* Why a log cannot be sieved. */
enum sieve_doubt {
	DOUBT_NONE,
	DOUBT_LINE,  /* a line that is no raw audit record */
	DOUBT_ORDER, /* serials or records in more disorder than auditd writes them */
	DOUBT_NODE,  /* more than one node in one log */
	DOUBT_KEYS,  /* audit rules for procfs are loaded: by their keys later events are known */
	DOUBT_DENSE, /* so much of it matters that the stream is as fast */
	DOUBT_WIDE,  /* numbers or devices that have no room in the index */
	DOUBT_MEMORY,
	DOUBT_STOPPED,
};

#define SIEVE_PIECE_MAX ((size_t)1 << 25)

struct sieve_piece {
	struct span bytes; /* whole lines, mapped */
	size_t input;	   /* whose they are */
	uint64_t offset;   /* of bytes.data[0], in that input */
	struct sieve_event *events;
	/* Of each event's process the session's low bits, and where it has none, the parent's. */
	uint16_t *kin;
	struct sieve_stray *strays;
	size_t event_count, event_capacity, stray_count, stray_capacity;
	uint64_t max_serial; /* where it ends, of the boot; not told of the last one */
	bool shelved;	     /* the three are on the shelf: not to be freed */
	uint64_t places[3];  /* … and there */
};

struct sieve_index;

/*
 * So many are looked for in all bytes, by a search that needs nothing to be made ready; more only where they can stand
 * (words.h), by a set that takes some 20 us of time for each.
 */
#define SIEVE_LITERALS_FEW 64

/* A text without which no rule about executions can match. ASCII case is ignored. */
struct sieve_literal {
	struct span text;    /* as it is */
	struct span encoded; /* what stands there in hex instead */
	bool command;	     /* it stands among the arguments */
};

struct sieve_index_options {
	const struct sieve_literal *literals;
	size_t literal_count;
	/* Whether the records of that type must be seen: rules ask for them. SYSCALL and its followers never are. */
	bool (*wants_type)(const void *context, uint16_t type);
	const void *context;
	int shelf;	  /* a file for what is noted, taken over, or -1: memory holds it */
	unsigned threads; /* the caller's among them: in the others bytes are looked at; what is noted is the same */
	size_t piece_max; /* at most SIEVE_PIECE_MAX, which 0 stands for: for tests that nothing depends on it */
};

/* NULL with err: memory, or a literal that cannot be looked for. */
struct sieve_index *sieve_index_create(const struct sieve_index_options *options, struct err *err);
void sieve_index_destroy(struct sieve_index *index);

/* Takes the next input, whole; the bytes must stay. 0, or -ENOMEM. Inputs are read one behind the other by sieve_index_read. */
int sieve_index_add(struct sieve_index *index, struct span bytes, size_t input, bool continues);

/*
 * Reads all of it. `stop`, when not NULL, is asked now and then, with how many bytes have been read; true ends it early
 * (DOUBT_STOPPED). Returns why the logs cannot be sieved, with *at where; DOUBT_NONE: they can.
 */
enum sieve_doubt sieve_index_read(struct sieve_index *index, bool (*stop)(void *context, uint64_t done), void *context,
				  uint64_t *at);

size_t sieve_index_pieces(const struct sieve_index *index);
const struct sieve_piece *sieve_index_piece(const struct sieve_index *index, size_t i);

#endif
