#include "drill/variant.h"

#include <fnmatch.h>
#include <stddef.h>

/* Without commas, so that several can stand for each other in the tables. */
#define SEEN EXPECT_SEEN
#define MISS(reason) (EXPECT_MISS | REASON_##reason << REASON_SHIFT)
#define QUIET EXPECT_QUIET
#define NOT(reason) (EXPECT_NONE | REASON_##reason << REASON_SHIFT)
#define REASON_SHIFT 4
#define EXPECT_MASK ((1 << REASON_SHIFT) - 1)

#define ROW(number, called, group, how, argument, object, action, actor, mark, on_audit, on_bpf, on_fanotify, words) \
	{ .name = called,                                                                                            \
	  .family = group,                                                                                           \
	  .way = way_##how,                                                                                          \
	  .detail = argument,                                                                                        \
	  .entry = ENTRY_##object,                                                                                   \
	  .verb = VERB_##action,                                                                                     \
	  .who = WHO_##actor,                                                                                        \
	  .sign = SIGN_##mark,                                                                                       \
	  .expected = { [DRILL_AUDIT] = on_audit, [DRILL_BPF] = on_bpf, [DRILL_FANOTIFY] = on_fanotify },            \
	  .what = words,                                                                                             \
	  .test = number },
/* Twice: SEEN, SEEN, SEEN is three arguments only when it has been put in. */
#define ROW_OF(...) ROW(__VA_ARGS__)
#define VARIANT(...) ROW_OF(0, __VA_ARGS__)
#define STEP(...) ROW_OF(__VA_ARGS__)

static const struct variant variants[] = {
#include "drill/seed.def"
#include "drill/variants.def"
};

size_t variant_count(void)
{
	return sizeof(variants) / sizeof(variants[0]);
}

const struct variant *variant_at(size_t index)
{
	return &variants[index];
}

bool variant_fits(const struct variant *variant, const char *pattern)
{
	return !pattern || fnmatch(pattern, variant->name, 0) == 0 || fnmatch(pattern, variant->family, 0) == 0;
}

struct expectation variant_expectation(const struct variant *variant, unsigned sensors)
{
	struct expectation first = { EXPECT_NONE, REASON_NONE };
	bool any = false;

	for (int sensor = 0; sensor < DRILL_SENSORS; sensor++) {
		if (!(sensors & 1u << sensor))
			continue;
		struct expectation one = { variant->expected[sensor] & EXPECT_MASK,
					   variant->expected[sensor] >> REASON_SHIFT };
		if (one.expect == EXPECT_SEEN)
			return one;
		if (!any)
			first = one;
		any = true;
	}
	return first;
}

const char *reason_words(enum reason reason)
{
	static const char *const words[REASON_COUNT] = {
#define REASON(id, words) [REASON_##id] = words,
#include "drill/reasons.def"
#undef REASON
	};

	return words[reason];
}

const char *drill_sensor_name(enum drill_sensor sensor)
{
	static const char *const names[DRILL_SENSORS] = {
		[DRILL_AUDIT] = "audit",
		[DRILL_BPF] = "bpf",
		[DRILL_FANOTIFY] = "fanotify",
	};

	return names[sensor];
}

const char *variant_technique(const struct variant *variant)
{
	if (variant->verb == VERB_PTRACE)
		return "T1055.008";
	if (variant->verb == VERB_PROCESS_VM_WRITEV || variant->way == way_creat || variant->way == way_read_write)
		return "T1055.009";
	return "T1003.007";
}
