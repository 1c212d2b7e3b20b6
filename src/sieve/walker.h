/*
 * walker: one piece of the log, line by line, into its index. Private to
 * src/sieve.
 */
#ifndef SIEVE_WALKER_H
#define SIEVE_WALKER_H

#include "sieve/scout.h"
#include "sieve/words.h"

#define KEY_MAX 32 /* "1166111074.191:7388)" */
#define ORPHANS 4096
#define TAIL_MAX 64    /* events before a piece's border that a line behind it may be of */
#define DEVICES_MAX 64 /* of procfs, by minor number */
#define INODES_BITS 20
#define LOWER_MAX 256 /* events before a follower's that may have begun out of their place */

/* What a text that was found means. */
enum mark {
	MARK_RULE,    /* a rule may want it */
	MARK_COMMAND, /* a rule may want it, among arguments */
	MARK_PROC,    /* "/proc" */
	MARK_TASK,    /* a thread's directory */
	MARK_LINK,    /* an fd's number in place of a name */
	MARK_FILES,   /* mapped files */
	MARK_MATTER,  /* what the resolver must see */
	MARK_HASHES,  /* a file of password hashes */
	MARK_KEYS,    /* a rule for procfs is loaded */
	MARK_CUT_ARG, /* an argument in parts */
};

struct device {
	uint32_t minor;
	unsigned witnesses; /* events that prove it procfs, and are kept for that */
};

/* What all pieces share. */
struct watched {
	struct sift *sift;
	struct words *words;		 /* the literals of rules; NULL: the sift has them */
	enum mark marks[SIFT_TEXTS_MAX]; /* by text of the sift */
	uint8_t calls[512];		 /* by number, of x86_64: enum call_class */
	const struct sieve_index_options *options;
	bool wary; /* names can mean anything: places were changed */
	const struct usual *usual;
	struct device devices[DEVICES_MAX];
	size_t device_count; /* known from a first reading */
};

struct walker {
	const struct watched *watched;
	struct sieve_piece *piece;
	const struct sieve_piece *pieces; /* all of them, this one among them */
	const char *end;		  /* readable up to here */
	struct span lead;  /* "node=NAME " that each line begins with, or empty; of the pieces, the first's */
	char key[KEY_MAX]; /* of the SYSCALL record before, from behind "audit(" to ")" */
	uint32_t key_mask; /* a bit a byte of it */
	size_t key_len;
	char second[16]; /* the digits of its second, and what they say */
	int64_t second_ms;
	bool apart;			    /* another line stood behind that: followers are strays */
	bool opens;			    /* it opens something */
	bool keyed;			    /* by a rule for procfs it was logged */
	unsigned paths;			    /* of that event so far */
	uint64_t max_serial, serial_before; /* in this boot; as it was DISORDER_MAX bytes ago, at least */
	uint64_t marked_at;		    /* where serial_before and the next are from */
	uint64_t begun;			    /* lines that may have begun an event */
	uint64_t serial_next;
	uint64_t position; /* of piece->bytes in all that is read */
	int64_t max_time_ms;
	int64_t boot_after_ms; /* the last time of the boots before */
	bool started;
	bool moved;		  /* calls were seen that change what names mean */
	bool threads;		  /* directories of threads were opened: names relative to them tell whose they are */
	uint64_t witnesses;	  /* of all devices, in all boots */
	uint64_t events, telling; /* of the pieces that are through, and of those what NOTE_TELL is of */
	struct orphan {
		uint64_t serial;
		uint64_t lost; /* the highest serial of those that stood here before, in this boot */
		uint32_t stray;
		unsigned notes;
		bool told;
		bool alone; /* auditd's own message: it counts them by itself */
	} orphans[ORPHANS]; /* the last strays without an event, by serial: it may begin behind them */
	struct tail {
		uint64_t serial, parent;
		uint32_t pid;
	} tail[TAIL_MAX]; /* the last events of the pieces that are through, in this boot */
	size_t tail_count;
	uint64_t tail_serial;		      /* the highest serial of those pieces */
	size_t boot_event;		      /* those of the piece that stand before this one are of another boot */
	const struct sieve_piece *boot_piece; /* in which this boot begins */
	/* The highest serial, as each of the last events of this boot was added. */
	uint64_t highest[LOWER_MAX];
	size_t added; /* events of this boot */
	/* Processes whose executions a rule may want: their children run the same program. A bit a pid. */
	uint64_t *hot;
	bool any_hot;
	uint64_t *inodes; /* of what NOTE_TELL is of, by their low bits: under another name they are the same */
	struct device devices[DEVICES_MAX];
	size_t device_count;
	uint64_t *faint; /* minor numbers: a file of mem's mode is on it, and it was not known to be procfs */
	bool missed;	 /* then it came to be known, and all is to be read again */
	enum sieve_doubt doubt;
	uint64_t doubt_at; /* position */
};

void watched_calls(struct watched *watched);

/* texts.c: makes sift and words, for the options. False with err: memory, or a literal that cannot be looked for. */
bool watched_texts(struct watched *watched, struct err *err);

/* Takes the next block, which is of that piece. False: walker->doubt. */
bool walker_take(struct walker *walker, struct sieve_piece *piece, const struct look *look);

#endif
