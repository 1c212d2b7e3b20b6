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

enum dress_result golibaudit_decode(const struct document *document, struct queue *queue)
{
	struct coalesced from;

	if (!coalesced_read(&from, document->text, &queue->arena))
		return DRESS_BROKEN;
	if (!from.slots[SLOT_RAW_MSG].data) {
		from.is_record = !from.is_event;
		return coalesced_records(&from, document, queue);
	}
	struct record *record = queue_add(queue, document);
	if (!record)
		return DRESS_BROKEN;
	if (!audit_parse(from.slots[SLOT_RAW_MSG], record)) {
		queue->count--;
		return DRESS_BROKEN;
	}
	uint16_t type = coalesced_type(&from);
	if (type)
		record->type = type;
	if (!record->node.len && coalesced_host(&from).len)
		record->node = coalesced_host(&from);
	if (canonical_is_user_type(type) && record->trust > TRUST_DAEMON)
		record->trust = TRUST_DAEMON;
	return DRESS_DONE;
}
