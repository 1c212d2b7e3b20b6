/*
 * What history knows of a process mostly lies in no cache. Its number stands
 * in the first record of an event, and the event is taken some records later:
 *
 *   SYSCALL ─▶ bucket is fetched ─▶ CWD ─▶ entry is fetched ─▶ PATH … PROCTITLE ─▶ resolver_take
 *
 * Only hints, so a wrong guess costs a fetch for nothing.
 */
#include "resolve/resolve.h"
#include "resolve/resolver.h"

#define BEFORE_PID 64 /* of a SYSCALL record; the shortest that kernels write needs more */

/* " pid=200889"; 0: there is none. */
static uint64_t pid_of(struct span body)
{
	uint64_t pid = 0;

	body = span_skip(body, BEFORE_PID);
	size_t at = span_find(body, SPAN(" pid="));

	span_decimal(span_skip(body, at + 5), &pid);
	return pid;
}

void resolver_expect(struct resolver *resolver, const struct record *record)
{
	struct history *history = &resolver->history;
	uint64_t pid = record->type == AUDIT_TYPE_SYSCALL ? pid_of(record->body) : 0;

	if (resolver->expected)
		history_expect_process(history, resolver->expected, true);
	resolver->expected = pid ? history_key(resolver->boot, pid) : 0;
	if (pid)
		history_expect_process(history, resolver->expected, false);
}
