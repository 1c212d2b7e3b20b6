/* rule_cover: whether one audit rule matches whenever another would. */
#ifndef HOST_RULE_COVER_H
#define HOST_RULE_COVER_H

#include "host/kernel_rule.h"
#include "host/procfs.h"

enum rule_cover {
	COVER_NONE, /* they never match together */
	COVER_SOME, /* sometimes, or it cannot be told */
	COVER_ALL,  /* whenever `wanted` matches, `present` does */
};

/*
 * Compares the fields alone: list, action and system calls are the caller's.
 * What a path covers is judged by where procfs is mounted.
 */
enum rule_cover rule_cover(const struct kernel_rule *present, const struct kernel_rule *wanted,
			   const struct procfs_list *procfs);

/* Whether a number fulfils a field of a rule. */
bool rule_field_holds(uint32_t number, uint32_t op, uint32_t value);

#endif
