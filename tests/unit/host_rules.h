/*
 * host_rules: rules as libaudit makes them of auditctl's words, for tests to
 * set beside ours.
 */
#ifndef TEST_HOST_RULES_H
#define TEST_HOST_RULES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <libaudit.h>
#include <stdio.h>
#include <stdlib.h>

#include "host/audit_rules.h"
#include "host/machine.h"

/* libaudit keeps the state of the rule that is being built in these; auditctl sets them back, too. */
extern int _audit_archadded, _audit_syscalladded, _audit_exeadded, _audit_filterfsadded, _audit_permadded;
extern unsigned int _audit_elf;

static inline void reset_libaudit(void)
{
	_audit_archadded = _audit_syscalladded = _audit_exeadded = _audit_filterfsadded = _audit_permadded = 0;
	_audit_elf = 0;
	set_aumessage_mode(MSG_QUIET, DBG_NO);
}

static inline unsigned list_of(const char *word, unsigned *action)
{
	char list[32], verb[32];

	assert_int_equal(sscanf(word, "%31[^,],%31s", verb, list), 2);
	*action = strcmp(verb, "never") == 0 ? AUDIT_NEVER : AUDIT_ALWAYS;
	return strcmp(list, "io_uring") == 0 ? KERNEL_RULE_LIST_URING : (unsigned)audit_name_to_flag(list);
}

static inline void give_calls(struct audit_rule_data *data, unsigned list, char *names)
{
	for (char *name = strtok(names, ","); name; name = strtok(NULL, ",")) {
		if (list != KERNEL_RULE_LIST_URING)
			assert_int_equal(audit_rule_syscallbyname_data(data, name), 0);
		else
			data->mask[0] |= 1u << (strcmp(name, "openat") == 0 ? 18 : 28);
		_audit_syscalladded = 1;
	}
}

static inline void give_word(struct audit_rule_data **data, unsigned list, const char *option, const char *word)
{
	char text[520];

	snprintf(text, sizeof(text), "%s%s", option[1] == 'k' ? "key=" : "", word);
	if (option[1] == 'S')
		give_calls(*data, list, text);
	else if (option[1] == 'C')
		assert_int_equal(audit_rule_interfield_comp_data(data, text, (int)list), 0);
	else
		assert_int_equal(audit_rule_fieldpair_data(data, text, (int)list), 0);
}

/* "-a always,exit -F arch=b64 -S open -k x" */
static inline struct kernel_rule rule_of(const char *text)
{
	struct audit_rule_data *data = audit_rule_create_data();
	struct kernel_rule rule;
	char option[8], word[512];
	int used;

	reset_libaudit();
	assert_int_equal(sscanf(text, "%7s %511s%n", option, word, &used), 2);
	data->flags = list_of(word, &data->action);
	for (text += used; sscanf(text, " %7s %511s%n", option, word, &used) == 2; text += used)
		give_word(&data, data->flags, option, word);
	assert_true(kernel_rule_copy(&rule, data, sizeof(*data) + data->buflen));
	free(data);
	return rule;
}

static inline void give_rule(struct audit_rules *rules, const char *text)
{
	struct kernel_rule *rule = audit_rules_add(rules, 0, 0);

	assert_non_null(rule);
	kernel_rule_finish(rule);
	*rule = rule_of(text);
}

/* Static: the next call overwrites it. */
static inline const char *text_of(const struct kernel_rule *rule)
{
	static char text[8192];
	struct buffer buffer = { 0 };

	kernel_rule_write(rule, &buffer);
	assert_false(buffer.failed);
	snprintf(text, sizeof(text), "%.*s", (int)buffer.len, buffer.data);
	buffer_finish(&buffer);
	return text;
}

#endif
