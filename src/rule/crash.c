/*
 *   kernel: [ 1234.5] sshd[812]: segfault at 7f ip … sp … error 4 in libc.so.6[…]
 *   kernel: traps: gnome-keyring-d[99] general protection fault ip:… sp:… error:0 in …
 *   kernel: traps: sudo[7] trap invalid opcode ip:… sp:… error:0
 *   ANOM_ABEND: auid=… uid=… gid=… ses=… pid=812 comm="sshd" exe="/usr/sbin/sshd" sig=11 res=1
 */
#include "rule/crash.h"

#include "model/fields.h"

static bool has(struct span text, struct span part)
{
	return span_find(text, part) < text.len;
}

static bool crash_of_line(struct span line, struct span *comm, uint64_t *pid)
{
	if (span_starts(line, SPAN("[")))
		line = span_trim(span_skip(line, span_index(line, ']') + 1));
	if (span_starts(line, SPAN("traps: ")))
		line = span_skip(line, 7);
	size_t bracket = span_index(line, '[');
	struct span number = span_skip(line, bracket + 1);
	if (!bracket || bracket > 15 || !span_decimal(number, pid))
		return false;
	*comm = span_first(line, bracket);
	return has(line, SPAN("segfault at")) || has(line, SPAN("general protection")) || has(line, SPAN("] trap "));
}

static bool crash_of_record(struct span body, struct span *comm, uint64_t *pid)
{
	struct field field;
	uint32_t number;

	if (!field_find(body, SPAN("comm"), &field))
		return false;
	*comm = field.value; /* names in hex are no credential holder's */
	if (field_find(body, SPAN("pid"), &field) && field_u32(&field, &number))
		*pid = number;
	return true;
}

bool crash_of(const struct access *access, struct span *comm, uint64_t *pid)
{
	*pid = UNKNOWN_ID;
	if (access->sighting == SIGHTING_CRASH)
		return crash_of_record(access->message, comm, pid);
	return access->sighting == SIGHTING_LINE && span_equal(access->actor.comm, SPAN("kernel")) &&
	       crash_of_line(access->message, comm, pid);
}
