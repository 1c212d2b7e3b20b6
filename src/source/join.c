#include "source/join.h"

#include "source/sniff.h"

static bool holds(struct span s, struct span what)
{
	return span_find(s, what) < s.len;
}

/* "node=web1 " and "audispd: " before a record, which is therefore not a line of its own. */
static bool is_prefix_of_record(struct span tail)
{
	return !holds(tail, SPAN("msg=audit(")) && span_ends(tail, SPAN(" "));
}

bool join_wanted(struct span tail, struct span head)
{
	struct span line = span_first(head, span_index(head, '\n'));
	bool json_open = span_starts(tail, SPAN("{")) && !span_ends(span_trim(tail), SPAN("}"));

	if (head.len == 0 || tail.len == 0)
		return false;
	if (json_open || !sniff_begins_line(line))
		return true;
	if (span_starts(line, SPAN("type=")) || span_starts(line, SPAN("node=")) || span_starts(line, SPAN("host=")))
		return !holds(line, SPAN("msg=audit(")) || is_prefix_of_record(tail);
	if (line.data[0] == '{')
		return is_prefix_of_record(tail);
	return tail.len < sizeof("<191>1 "); /* a syslog priority before its stamp */
}
