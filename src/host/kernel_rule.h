/*
 * kernel_rule: one rule of the kernel's audit filter, as uapi
 * linux/audit.h's audit_rule_data, and as auditctl(8) writes it.
 *
 *	-a always,exit -F arch=b64 -S open,openat -F devmajor=0 -F devminor=21 -k proctor_procfs
 */
#ifndef HOST_KERNEL_RULE_H
#define HOST_KERNEL_RULE_H

#include <stdint.h>

#include "base/buffer.h"

struct audit_rule_data; /* <libaudit.h> */

#define KERNEL_RULE_BYTES_MAX 65536 /* of the texts of a rule; the kernel takes less */

struct kernel_rule {
	struct audit_rule_data *data; /* NULL: memory was out, or something did not fit */
	const char *why;	      /* a sentence for people, static or NULL */
	const char *note; /* what to say before a rule that auditctl may not be able to write, static or NULL */
	unsigned minor;	  /* of the procfs that it watches, where watches_procfs */
	bool watches_procfs;
};

/* list is AUDIT_FILTER_EXIT, …, 7 for io_uring; action is AUDIT_ALWAYS or AUDIT_NEVER. */
void kernel_rule_init(struct kernel_rule *rule, unsigned list, unsigned action);
void kernel_rule_finish(struct kernel_rule *rule);

/* Takes a copy of what the kernel sent, `len` bytes of it. False when the sizes in it contradict each other. */
bool kernel_rule_copy(struct kernel_rule *rule, const void *data, size_t len);

/* As -S does; a number beyond the mask is left out. */
void kernel_rule_call(struct kernel_rule *rule, unsigned number);

/* field is AUDIT_ARCH, …; op is AUDIT_EQUAL, …. A rule that has 64 fields already, or no memory, loses its data. */
void kernel_rule_field(struct kernel_rule *rule, unsigned field, unsigned op, uint32_t value);
void kernel_rule_text_field(struct kernel_rule *rule, unsigned field, struct span text);

/* The text of the n-th field, empty for one that holds a number. Borrowed from the rule. */
struct span kernel_rule_text(const struct kernel_rule *rule, unsigned n);

bool kernel_rule_has_call(const struct kernel_rule *rule, unsigned number);
bool kernel_rule_equal(const struct kernel_rule *a, const struct kernel_rule *b);

/* All keys, and none other, are of proctor's: proctor_procfs, proctor_xmem, proctor_mnt, proctor_iouring, proctor_exec. */
bool kernel_rule_is_ours(const struct kernel_rule *rule);

/* The bytes that go to the kernel. */
size_t kernel_rule_size(const struct kernel_rule *rule);

/*
 * The rule as an argument list of auditctl, without a newline. Texts in a
 * rule may be anything: escape them for where it goes.
 */
void kernel_rule_write(const struct kernel_rule *rule, struct buffer *to);

#endif
