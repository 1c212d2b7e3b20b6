/*
 * record: one decoded unit of a log, borrowed from its frame.
 *
 * Every dress of audit data decodes to the one canonical form: the record's
 * type and key, and a `body` in the kernel's own text, such as
 *
 *   arch=c000003e syscall=257 success=yes exit=3 … comm="cat" exe="/usr/bin/cat" key=(null)
 *
 * (numbers as the kernel writes them, text quoted or in hex, enrichment cut
 * off), so that nothing behind the decoders knows about dresses.
 */
#ifndef MODEL_RECORD_H
#define MODEL_RECORD_H

#include "model/frame.h"

struct access;

/* linux/audit.h; those that the stages name. */
enum {
	AUDIT_TYPE_CONFIG_CHANGE = 1305,
	AUDIT_TYPE_USER_CMD = 1123,
	AUDIT_TYPE_ANOM_ABEND = 1701,
	AUDIT_TYPE_DAEMON_START = 1200,
	AUDIT_TYPE_DAEMON_END = 1201,
	AUDIT_TYPE_SYSCALL = 1300,
	AUDIT_TYPE_PATH = 1302,
	AUDIT_TYPE_SOCKADDR = 1306,
	AUDIT_TYPE_CWD = 1307,
	AUDIT_TYPE_EXECVE = 1309,
	AUDIT_TYPE_OBJ_PID = 1318,
	AUDIT_TYPE_EOE = 1320,
	AUDIT_TYPE_PROCTITLE = 1327,
	AUDIT_TYPE_URINGOP = 1336,
	AUDIT_TYPE_OPENAT2 = 1337,
};

enum record_kind {
	RECORD_AUDIT,  /* type, time, serial, body */
	RECORD_LOG,    /* a line of text: time, program, pid, message */
	RECORD_LOSS,   /* the log says that `lost` events are missing (0: some, number not told) */
	RECORD_ACCESS, /* a live sensor saw it whole: `access` */
};

struct record {
	enum record_kind kind;
	uint16_t type;	  /* audit: AUDIT_* number, 0 when its name is not known */
	bool whole_event; /* this record's document (JSON, Defender row) holds a whole event and this is its last record */
	enum trust trust;
	struct span node; /* node=, host=, the syslog or document host; empty when the log does not say */
	int64_t time_ms;  /* since the epoch, UTC; INT64_MIN when not known */
	uint64_t serial;
	struct span body;	      /* audit: canonical fields */
	struct span raw;	      /* the line or document as it stood in the input, without its newline */
	struct origin origin;	      /* of raw */
	struct span program, message; /* log: empty when the line does not say */
	uint32_t pid;		      /* log: 0 when the line does not say */
	uint64_t lost;		      /* loss */
	const struct access *access;  /* access: a sighting that needs no resolution; lives as long as the record */
};

#define TIME_UNKNOWN INT64_MIN

/* "SYSCALL" → 1300; also "UNKNOWN[1329]" and plain numbers. 0 when the name is not known. */
uint16_t record_type_of(struct span name);

/* 1300 → "SYSCALL"; NULL when there is none. */
const char *record_type_name(uint16_t type);

#endif
