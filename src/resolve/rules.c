/*
 * rules: what the log says of auditing itself: which keys belong to rules
 * that watch procfs, and where auditing was made blind or switched off.
 *
 *   type=CONFIG_CHANGE msg=audit(…): auid=0 ses=1 op=add_rule key="procmem" list=4 res=1
 *   type=CONFIG_CHANGE msg=audit(…): op=set audit_enabled=0 old=1 auid=0 ses=1 res=1
 *   type=EXECVE msg=audit(…): argc=5 a0="auditctl" a1="-a" a2="never,filesystem" a3="-F" a4="fstype=0x9fa0"
 */
#include "model/fields.h"
#include "resolve/resolver.h"

static bool has(struct span text, struct span part)
{
	return span_find(text, part) < text.len;
}

/* "never,filesystem", "filesystem,never", "task,never", … */
static bool is_blinding_list(struct span argument)
{
	return has(argument, SPAN("never")) && (has(argument, SPAN("task")) || has(argument, SPAN("filesystem")));
}

static bool is_procfs_type(struct span argument)
{
	return has(argument, SPAN("fstype=0x9fa0")) || has(argument, SPAN("fstype=proc"));
}

void learn_rule(struct resolver *resolver, const struct span *arguments, size_t count)
{
	bool watches = false, never = false, task = false, procfs = false;
	struct span key = { 0 };

	for (size_t i = 1; i < count; i++) {
		bool last = i + 1 == count;
		watches |= span_starts(arguments[i], SPAN("devminor=")) ||
			   span_equal(arguments[i], SPAN("dir=/proc")) || span_equal(arguments[i], SPAN("dir=/proc/"));
		never |= is_blinding_list(arguments[i]);
		task |= has(arguments[i], SPAN("task"));
		procfs |= is_procfs_type(arguments[i]);
		if (!last && (span_equal(arguments[i], SPAN("-k")) || span_equal(arguments[i], SPAN("--key"))))
			key = arguments[i + 1];
		else if (span_starts(arguments[i], SPAN("key=")))
			key = span_skip(arguments[i], 4);
	}
	if (watches)
		history_put_procfs_key(&resolver->history, resolver->event->node_id, key);
	resolver->coverage.blinded += never && (task || procfs);
}

/* The title is cut at 128 bytes; the key stands in the CONFIG_CHANGE record itself. */
static void take_config_change(struct resolver *resolver)
{
	struct span body = resolver->call.note;
	struct span title = call_title(&resolver->call, &resolver->arena);
	bool watches = has(title, SPAN("devminor=")) || has(title, SPAN("dir=/proc"));
	struct field field;

	if (watches && field_find(body, SPAN("key"), &field))
		history_put_procfs_key(&resolver->history, resolver->event->node_id,
				       field_text(&field, &resolver->arena));
	bool off = field_find(body, SPAN("audit_enabled"), &field) && span_equal(field.value, SPAN("0"));
	bool removed = field_find(body, SPAN("op"), &field) && span_equal(field.value, SPAN("remove_rule"));
	resolver->coverage.switched_off += off;
	if (resolver->wants_deeds && (off || removed))
		deed_of_rules(resolver, off ? SPAN("auditing switched off") : SPAN("audit rules removed"));
}

static void take_daemon(struct resolver *resolver, bool starts)
{
	bool *running = &resolver->coverage.running[resolver->event->node_id % NODES_WATCHED];

	resolver->coverage.died += starts && *running;
	*running = starts;
}

void resolve_rules(struct resolver *resolver)
{
	switch (resolver->call.note_type) {
	case AUDIT_TYPE_CONFIG_CHANGE:
		take_config_change(resolver);
		break;
	case AUDIT_TYPE_DAEMON_START:
	case AUDIT_TYPE_DAEMON_END:
		take_daemon(resolver, resolver->call.note_type == AUDIT_TYPE_DAEMON_START);
		break;
	}
}
