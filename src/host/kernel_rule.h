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
#define KERNEL_RULE_LIST_URING 7    /* AUDIT_FILTER_URING_EXIT, since Linux 5.16 */
#define KERNEL_RULE_LIST_MASK 7
#define KERNEL_RULE_URING_OPENAT 18 /* uapi linux/io_uring.h: IORING_OP_OPENAT */
#define KERNEL_RULE_URING_OPENAT2 28

enum kernel_rule_owner {
	KERNEL_RULE_OTHERS,
	KERNEL_RULE_OURS,   /* all keys are proctor_procfs, _xmem, _mnt, _iouring or _exec */
	KERNEL_RULE_SHARED, /* one of them, and one of somebody else's */
};

struct kernel_rule {
	struct audit_rule_data *data; /* NULL: memory was out, or something did not fit */
	const char *why;	      /* a sentence for people, static or NULL */
	const char *note; /* what to say before a rule that auditctl may not be able to write, static or NULL */
	unsigned minor;	  /* of the procfs that it watches, where watches_procfs */
	bool watches_procfs;
};

/* Whether a field's value is a text (path, dir, exe, key, a label of SELinux). */
bool kernel_rule_is_text(unsigned field);

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

/* Whose rule it is, by its keys. */
enum kernel_rule_owner kernel_rule_owner(const struct kernel_rule *rule);

/* The bytes that go to the kernel. */
size_t kernel_rule_size(const struct kernel_rule *rule);

/*
 * The rule as an argument list of auditctl, without a newline. Texts in a
 * rule may be anything: escape them for where it goes.
 */
void kernel_rule_write(const struct kernel_rule *rule, struct buffer *to);

#endif
