/*
 * go-libaudit's own JSON: of single records (auparse),
 *
 *   {"@timestamp":"2018-01-10T21:28:41.392Z","record_type":"syscall","sequence":106081,
 *    "raw_msg":"audit(1515619721.392:106081): arch=c000003e syscall=59 …","data":{"a0":"55df1048ec88",…}}
 *
 * and of whole events (aucoalesce; see coalesced.h).
 */
#include "decode/json.h"

#include "decode/canonical.h"
#include "decode/coalesced.h"

/* The record as the kernel wrote it. False when there is none, or (auditd's own, "audit(…) config changed, …") none that parses. */
static bool queue_raw(const struct coalesced *from, const struct document *document, struct queue *queue)
{
	struct span host = coalesced_host(from);
	struct record *record = from->slots[SLOT_RAW_MSG].len ? canonical_record(queue, document) : NULL;
	uint16_t type = coalesced_type(from);

	if (!record)
		return false;
	if (host.len)
		record->node = host;
	if (!audit_parse(from->slots[SLOT_RAW_MSG], record)) {
		queue->count--;
		return false;
	}
	if (type)
		record->type = type;
	if (canonical_is_user_type(type) && record->trust > TRUST_DAEMON)
		record->trust = TRUST_DAEMON;
	return true;
}

enum dress_result golibaudit_decode(const struct document *document, struct queue *queue)
{
	struct coalesced from;

	if (!coalesced_read(&from, document->text, &queue->arena, false))
		return DRESS_BROKEN;
	if (queue_raw(&from, document, queue))
		return DRESS_DONE;
	if (!coalesced_read(&from, document->text, &queue->arena, true))
		return DRESS_BROKEN;
	from.is_record = !from.is_event;
	return coalesced_records(&from, document, queue);
}
