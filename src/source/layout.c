#include "source/layout.h"

size_t layout_find(struct span name, struct span mark)
{
	for (size_t from = 0; from < name.len;) {
		size_t at = from + span_find(span_skip(name, from), mark);
		if (at >= name.len || at == 0 || name.data[at - 1] == '/')
			return at < name.len ? at : name.len;
		from = at + 1;
	}
	return name.len;
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 32;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* With %XX decoded; a %00 is left as it is. Cut to the room. */
static struct span decode_url(struct span name, char *to, size_t room)
{
	size_t len = 0;

	for (size_t i = 0; i < name.len && len < room; i++) {
		int high = i + 2 < name.len && name.data[i] == '%' ? hex_value(name.data[i + 1]) : -1;
		int low = high >= 0 ? hex_value(name.data[i + 2]) : -1;
		bool coded = low >= 0 && high * 16 + low > 0;
		to[len++] = coded ? (char)(high * 16 + low) : name.data[i];
		i += coded ? 2 : 0;
	}
	return (struct span){ to, len };
}

/*
 * sosreport cuts large logs and keeps their ends as
 * sos_strings/auditd/var.log.audit.audit.log.tailed
 */
static struct span place_of_tail(struct span base, char *to, size_t room)
{
	struct span path = span_first(base, base.len - sizeof(".tailed") + 1);
	size_t audit = sizeof("var.log.audit") - 1;

	if (path.len >= room)
		return (struct span){ "", 0 };
	memcpy(to, path.data, path.len);
	to[3] = '/';
	to[7] = '/';
	if (span_starts(path, SPAN("var.log.audit.audit.log")))
		to[audit] = '/';
	return (struct span){ to, path.len };
}

/* The path on the host, without its first '/', as far as the collection tells; empty when it is none of the host's. */
static struct span path_of(enum layout layout, struct span rest, char *to, size_t room)
{
	struct span base = span_basename(rest);

	switch (layout) {
	case LAYOUT_UAC:
		return span_starts(rest, SPAN("[root]/")) ? span_skip(rest, 7) : (struct span){ "", 0 };
	case LAYOUT_SOSREPORT:
		if (span_starts(rest, SPAN("sos_strings/")))
			return span_starts(base, SPAN("var.log.")) && span_ends(base, SPAN(".tailed"))
				       ? place_of_tail(base, to, room)
				       : (struct span){ "", 0 };
		return rest;
	case LAYOUT_VELOCIRAPTOR:
		if (!span_starts(rest, SPAN("uploads/")))
			return (struct span){ "", 0 };
		rest = span_skip(rest, 8);
		return decode_url(span_skip(rest, span_index(rest, '/') + 1), to, room);
	}
	return (struct span){ "", 0 };
}

/* Wherever the host's root was mounted. */
struct span layout_log_path(enum layout layout, struct span rest, char *to, size_t room)
{
	static const struct span places[] = { SPAN("var/log/"), SPAN("run/log/") };
	struct span path = path_of(layout, rest, to, room);

	for (size_t i = 0; i < 2; i++) {
		size_t at = layout_find(path, places[i]);
		if (at < path.len)
			return span_skip(path, at);
	}
	return (struct span){ "", 0 };
}
