/*
 * Elastic's layouts: auditbeat's audit events, filebeat's audit records, and
 * log lines that a shipper wrapped.
 *
 *   {"@timestamp":"2017-10-12T08:05:34.853Z","auditd":{"data":{"syscall":"accept",…},"sequence":8832,…},…}
 *   {"@timestamp":"…","message":"type=SYSCALL msg=audit(…): …","log":{"file":{"path":"/var/log/audit/audit.log"}},…}
 */
#include "decode/json.h"

#include "decode/carried.h"
#include "decode/coalesced.h"

/* What the file that a shipper read the line from vouches for. */
static enum trust trust_of(const struct coalesced *from)
{
	static const struct span daemons[] = { SPAN("auth.log"), SPAN("secure"), SPAN("kern.log"), SPAN("dmesg") };
	struct span name = span_basename(from->slots[SLOT_LOG_PATH]);

	if (span_starts(name, SPAN("audit.log")) || span_equal(from->slots[SLOT_MODULE], SPAN("auditd")))
		return TRUST_KERNEL;
	for (size_t i = 0; i < sizeof(daemons) / sizeof(*daemons); i++)
		if (span_starts(name, daemons[i]))
			return TRUST_DAEMON;
	return TRUST_ANY_USER;
}

/* filebeat cuts the line into fields and may leave nothing of it but the message. */
static enum dress_result decode_line(const struct coalesced *from, const struct document *document, struct queue *queue)
{
	uint64_t pid = 0;
	struct carried carried = {
		.line = { .host = coalesced_host(from),
			  .program = from->slots[SLOT_COMM],
			  .message = from->slots[SLOT_LINE],
			  .time_ms = coalesced_time(from) },
		.trust = trust_of(from),
	};
	struct json_token original = from->lists[LIST_ORIGINAL];

	if (!carried.line.message.data && original.kind == JSON_STRING)
		carried.line.message = json_text(&original, &queue->arena);
	if (!carried.line.message.data)
		return DRESS_NO_EVENT;
	if (span_decimal(from->slots[SLOT_PID], &pid) && pid <= UINT32_MAX)
		carried.line.pid = (uint32_t)pid;
	return carried_line(document, &carried, queue);
}

enum dress_result ecs_decode(const struct document *document, struct queue *queue)
{
	struct coalesced from;

	if (!coalesced_read(&from, document->text, &queue->arena, true))
		return DRESS_BROKEN;
	if (coalesced_originals(&from, document, queue))
		return DRESS_DONE;
	if (from.is_audit && coalesced_records(&from, document, queue) == DRESS_DONE)
		return DRESS_DONE;
	return decode_line(&from, document, queue);
}
