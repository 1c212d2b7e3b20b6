/*
 * coalesced: an audit event that go-libaudit has put together and its users
 * (auditbeat, filebeat) wrote as one JSON document, under several layouts:
 *
 *   {"auditd":{"message_type":"syscall","sequence":8832,"result":"success","data":{"syscall":"accept",…},
 *    "paths":[…]},"process":{"pid":1663,"parent":{"pid":1},"executable":"/usr/sbin/sshd",…},"user":{"id":"0",…}}
 *   the same with dotted keys, {"auditd.data.syscall":"accept","process.pid":1663,…}
 *   auditbeat 6: {"process":{"ppid":"1","exe":…},"user":{"auid":…}}
 *   aucoalesce:  {"record_type":"syscall","sequence":240,"data":{…},"process":{"exe":…},"user":{"ids":{…}}}
 *   filebeat:    {"auditd.log.record_type":"SYSCALL","auditd.log.a0":…}, one document a record
 *
 * All numbers are text there, and many have become names. Private to src/decode.
 */
#ifndef DECODE_COALESCED_H
#define DECODE_COALESCED_H

#include "base/json_scan.h"
#include "decode/dress.h"

enum slot {
	SLOT_TIME,
	SLOT_HOST,
	SLOT_AGENT_HOST,
	SLOT_TYPE,
	SLOT_SEQUENCE,
	SLOT_RESULT,
	SLOT_OUTCOME,
	SLOT_PID,
	SLOT_PPID,
	SLOT_EXE,
	SLOT_COMM,
	SLOT_CWD,
	SLOT_TITLE,
	SLOT_EXIT_CODE,
	SLOT_ARCHITECTURE,
	SLOT_AUID,
	SLOT_UID,
	SLOT_GID,
	SLOT_EUID,
	SLOT_SUID,
	SLOT_FSUID,
	SLOT_EGID,
	SLOT_SGID,
	SLOT_FSGID,
	SLOT_SES,
	SLOT_LINE,
	SLOT_LOG_PATH,
	SLOT_MODULE,
	SLOT_RAW_MSG,
	SLOT_COUNT,
};

enum slot_list { LIST_ARGS, LIST_PATHS, LIST_KEYS, LIST_ORIGINAL, LIST_COUNT };

#define COALESCED_DATA_MAX 64

struct coalesced {
	struct span slots[SLOT_COUNT];	     /* text; data NULL when the document does not say */
	struct json_token lists[LIST_COUNT]; /* kind JSON_NULL when the document has none */
	size_t data_count;
	uint64_t data_bits; /* a name whose bit is not among them is not there */
	bool is_audit;	    /* some auditd.* key */
	bool is_record;	    /* filebeat's layout: one record of an event */
	bool is_event;	    /* aucoalesce's or auditbeat's: a whole event */
	struct coalesced_data {
		struct span name, value;
	} data[COALESCED_DATA_MAX]; /* auditd.data.*, in order; what is too many is let go */
};

/* Reads one JSON object; its text lives in the document and the arena. False when it is cut or malformed. */
bool coalesced_read(struct coalesced *coalesced, struct span text, struct arena *arena, bool with_data);

/* data.NAME, or data NULL. */
struct span coalesced_datum(const struct coalesced *coalesced, struct span name);

/* The lines of event.original, when they are audit records. Returns how many were queued, stamped. */
size_t coalesced_originals(const struct coalesced *coalesced, const struct document *document, struct queue *queue);

/* The whole event, or with is_record the one record, from its fields. */
enum dress_result coalesced_records(const struct coalesced *coalesced, const struct document *document,
				    struct queue *queue);

/* The record type that the document names, whatever its case; 0 when it is not known. */
uint16_t coalesced_type(const struct coalesced *coalesced);

/* The host that the document names. */
struct span coalesced_host(const struct coalesced *coalesced);
int64_t coalesced_time(const struct coalesced *coalesced);

#endif
