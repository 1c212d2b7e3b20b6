/*
 * rule_cover: each field of the rule that is there is asked what it makes of
 * an event that the wanted rule would match. What that rule pins down
 * (arch=b64, devminor=21) decides; what it leaves open makes it COVER_SOME.
 */
#include "host/rule_cover.h"

#include <libaudit.h>

struct covering {
	const struct kernel_rule *present, *wanted;
	const struct procfs *procfs; /* that the wanted rule watches, or NULL */
	struct span path;	     /* that it watches, empty: the whole instance */
};

bool rule_field_holds(uint32_t number, uint32_t op, uint32_t value)
{
	switch (op & AUDIT_OPERATORS) {
	case AUDIT_EQUAL:
		return number == value;
	case AUDIT_NOT_EQUAL:
		return number != value;
	case AUDIT_LESS_THAN:
		return number < value;
	case AUDIT_LESS_THAN_OR_EQUAL:
		return number <= value;
	case AUDIT_GREATER_THAN:
		return number > value;
	case AUDIT_GREATER_THAN_OR_EQUAL:
		return number >= value;
	case AUDIT_BIT_MASK:
		return (number & value) != 0;
	case AUDIT_BIT_TEST:
		return (number & value) == value;
	default:
		return false;
	}
}

/* The field of that kind that the rule pins down, or -1. */
static int pinned(const struct kernel_rule *rule, unsigned field)
{
	for (unsigned i = 0; i < rule->data->field_count; i++)
		if (rule->data->fields[i] == field && rule->data->fieldflags[i] == AUDIT_EQUAL)
			return (int)i;
	return -1;
}

static enum rule_cover all_or_none(bool holds)
{
	return holds ? COVER_ALL : COVER_NONE;
}

/* "/proc" has "/proc" and "/proc/1" below it, not "/process". */
static bool is_below(struct span path, struct span directory)
{
	while (directory.len && directory.data[directory.len - 1] == '/')
		directory.len--;
	return span_starts(path, directory) && (path.len == directory.len || path.data[directory.len] == '/');
}

/* Other mount namespaces have paths of their own, which a rule does not follow. */
static enum rule_cover by_directory(const struct covering *covering, struct span directory)
{
	struct span where = covering->path;

	if (!covering->procfs || covering->procfs->pid)
		return COVER_NONE;
	if (!where.len)
		where = span_of(covering->procfs->where);
	if (is_below(where, directory))
		return COVER_ALL;
	return is_below(directory, where) ? COVER_SOME : COVER_NONE;
}

static enum rule_cover by_path(const struct covering *covering, struct span path)
{
	if (covering->path.len)
		return all_or_none(span_equal(path, covering->path));
	return covering->procfs && !covering->procfs->pid && is_below(path, span_of(covering->procfs->where))
		       ? COVER_SOME
		       : COVER_NONE;
}

static enum rule_cover by_program(const struct covering *covering, unsigned n)
{
	int at = pinned(covering->wanted, AUDIT_EXE);

	if (at < 0)
		return COVER_SOME;
	bool same =
		span_equal(kernel_rule_text(covering->present, n), kernel_rule_text(covering->wanted, (unsigned)at));
	return all_or_none(same == ((covering->present->data->fieldflags[n] & AUDIT_OPERATORS) == AUDIT_EQUAL));
}

static enum rule_cover by_number(const struct covering *covering, unsigned n)
{
	const struct audit_rule_data *data = covering->present->data;
	unsigned field = data->fields[n];
	int at = pinned(covering->wanted, field);
	bool device = covering->wanted->watches_procfs && (field == AUDIT_DEVMAJOR || field == AUDIT_DEVMINOR);

	if (at < 0 && !device)
		return COVER_SOME;
	uint32_t number = field == AUDIT_DEVMINOR ? covering->wanted->minor : 0;
	if (at >= 0)
		number = covering->wanted->data->values[at];
	return all_or_none(rule_field_holds(number, data->fieldflags[n], data->values[n]));
}

static enum rule_cover by_field(const struct covering *covering, unsigned n)
{
	const struct audit_rule_data *data = covering->present->data;

	switch (data->fields[n]) {
	case AUDIT_FILTERKEY:
		return COVER_ALL;
	case AUDIT_DIR:
		return by_directory(covering, kernel_rule_text(covering->present, n));
	case AUDIT_WATCH:
		return by_path(covering, kernel_rule_text(covering->present, n));
	case AUDIT_EXE:
		return by_program(covering, n);
	case AUDIT_PERM:
		return covering->wanted->watches_procfs ? all_or_none(data->values[n] & AUDIT_PERM_READ) : COVER_SOME;
	case AUDIT_FIELD_COMPARE:
	case AUDIT_INODE:
		return COVER_SOME;
	default:
		return kernel_rule_is_text(data->fields[n]) ? COVER_SOME : by_number(covering, n);
	}
}

static struct span watched_path(const struct kernel_rule *rule)
{
	int at = pinned(rule, AUDIT_WATCH);

	if (at < 0)
		at = pinned(rule, AUDIT_DIR);
	if (at < 0)
		return SPAN("");
	return kernel_rule_text(rule, (unsigned)at);
}

enum rule_cover rule_cover(const struct kernel_rule *present, const struct kernel_rule *wanted,
			   const struct procfs_list *procfs)
{
	struct covering covering = { .present = present, .wanted = wanted };
	enum rule_cover least = COVER_ALL;

	if (!present->data || !wanted->data)
		return COVER_NONE;
	covering.path = watched_path(wanted);
	if (wanted->watches_procfs)
		covering.procfs = procfs_with_minor(procfs, wanted->minor);
	for (unsigned i = 0; i < present->data->field_count; i++) {
		enum rule_cover cover = by_field(&covering, i);
		least = cover < least ? cover : least;
	}
	return least;
}
