/*
 * binding: what proctor saw, in the words of Sigma's log sources
 * (sigma/fields.def). Fields that no rule asks for are not filled.
 *
 *   access       process_access
 *   its actor    process_creation: the log may show it at work without having
 *                shown its start
 *   execution    process_creation
 *   crash        process_termination
 *   line         a line of a text log
 *   file         file_event
 *   audit event  auditd: the fields of all of its records
 *
 * "Computer" is "-" where the log does not name the host; a line and a crash
 * have "-" beside their host's name, since audit logs often name none.
 */
#ifndef RULE_BINDING_H
#define RULE_BINDING_H

#include "base/buffer.h"
#include "model/access.h"
#include "model/event.h"
#include "rule/sigma/engine.h"
#include "rule/sigma/event.h"

#define BINDING_NUMBERS 24
#define BINDING_GLANCE 1024

/* A field of audit records that some rule asks for. */
struct audit_field {
	struct span name; /* data NULL: the place is free */
	uint32_t number;
	bool encoded; /* its text may be in hex */
};

struct binding {
	const struct sigma_rules *rules;
	struct sigma_event event;
	bool reads[SIGMA_FIELD_TABLE];
	char numbers[BINDING_NUMBERS][32]; /* texts of numbers, for the event that is being filled */
	size_t number_count;
	struct arena arena;	   /* texts that had to be decoded, likewise */
	struct audit_field *audit; /* a hash with open addressing; the mask is its size less one, 0: there are none */
	uint32_t audit_mask;
	bool audit_whole; /* rules have keywords for audit events */
	bool glances;	  /* executions can be passed over: binding_glance */
	char glance[BINDING_GLANCE];
	struct buffer whole; /* … which are looked for in this: records' bodies, and what they say in hex as text */
};

/* Rules and engine outlive it. 0 or -ENOMEM. */
int binding_init(struct binding *binding, const struct sigma_rules *rules, const struct sigma_engine *engine);
void binding_finish(struct binding *binding);

/* Each returns the one event, which borrows from what it was made of and lives until the next call. */
struct sigma_event *binding_access(struct binding *binding, const struct access *access);
struct sigma_event *binding_execution(struct binding *binding, const struct access *access);
/*
 * What rules look for in an execution, as one text: none matches it unless sigma_glance finds something there. Lives
 * until the next call; data NULL: rules look elsewhere, too, or it would be long.
 */
struct span binding_glance(struct binding *binding, const struct access *access);

struct sigma_event *binding_crash(struct binding *binding, const struct access *access, struct span comm, uint64_t pid);
struct sigma_event *binding_line(struct binding *binding, const struct access *access);
struct sigma_event *binding_file(struct binding *binding, const struct access *access);
struct sigma_event *binding_audit(struct binding *binding, const struct event *event);

#endif
