#include "rule/sigma/holds.h"

#include "rule/sigma/evaluate.h"
#include "rule/sigma/number.h"

struct asking {
	const struct sigma_event *event;
	struct regex_match *room;
	struct holds_counts *counts;
};

/* ---- one value of a field ---- */

static bool regex_holds(struct asking *asking, const struct sigma_test *test, struct span text)
{
	asking->counts->regex_cut += text.len > SIGMA_REGEX_SUBJECT_MAX;
	int found = regex_search(test->regex, asking->room, span_first(text, SIGMA_REGEX_SUBJECT_MAX), 0);
	asking->counts->regex_limited += found < 0;
	return found > 0;
}

static bool reference_matches(const struct sigma_reference *reference, struct span text, struct span other)
{
	if (other.len > text.len)
		return false;
	size_t last = reference->open_start ? text.len - other.len : 0;
	size_t from = reference->open_end ? 0 : text.len - other.len;
	for (size_t at = from; at <= last; at++) {
		struct span part = span_first(span_skip(text, at), other.len);
		if (reference->cased ? span_equal(part, other) : span_equal_nocase(part, other))
			return true;
	}
	return false;
}

static bool reference_holds(const struct asking *asking, const struct sigma_reference *reference, struct span text)
{
	const struct sigma_event *event = asking->event;

	if (reference->field >= event->field_count)
		return false;
	for (uint32_t i = event->heads[reference->field]; i != SIGMA_FIELD_NONE; i = event->values[i].next)
		if (event->values[i].text.data && reference_matches(reference, text, event->values[i].text))
			return true;
	return false;
}

static inline bool test_holds(struct asking *asking, const struct sigma_test *test, struct span text)
{
	double number;

	if (!text.data)
		return test->kind == SIGMA_TEST_NULL;
	switch (test->kind) {
	case SIGMA_TEST_TEXT:
		return wildcard_may_match(&test->wildcard, text) && wildcard_matches(&test->wildcard, text);
	case SIGMA_TEST_REGEX:
		return regex_holds(asking, test, text);
	case SIGMA_TEST_CIDR:
		return cidr_match(&test->network, text);
	case SIGMA_TEST_NUMBER:
		return sigma_number_read(text, &number) && sigma_number_compare(number, test->compare, test->number);
	case SIGMA_TEST_TIME:
		return sigma_date_part(text, test->part, &number) &&
		       sigma_number_compare(number, test->compare, test->number);
	case SIGMA_TEST_REFERENCE:
		return reference_holds(asking, &test->reference, text);
	case SIGMA_TEST_EXISTS:
	case SIGMA_TEST_NULL:
		return false;
	}
	return false;
}

/* ---- one test of an item ---- */

static bool whole_holds(struct asking *asking, const struct sigma_test *test)
{
	const struct sigma_event *event = asking->event;

	if (event->whole.data)
		return test_holds(asking, test, event->whole);
	for (uint32_t i = 0; i < event->count; i++)
		if (test_holds(asking, test, event->values[i].text))
			return true;
	return false;
}

/* Of the field whose newest value is `head`. */
static inline bool field_holds(struct asking *asking, uint32_t head, const struct sigma_test *test)
{
	const struct sigma_event *event = asking->event;

	if (test->kind == SIGMA_TEST_EXISTS)
		return (head != SIGMA_FIELD_NONE) == test->exists;
	if (test->kind == SIGMA_TEST_NULL && head == SIGMA_FIELD_NONE)
		return true;
	for (uint32_t i = head; i != SIGMA_FIELD_NONE; i = event->values[i].next)
		if (test_holds(asking, test, event->values[i].text))
			return true;
	return false;
}

static uint32_t head_of(const struct asking *asking, const struct sigma_item *item)
{
	const struct sigma_event *event = asking->event;

	return item->index < event->field_count ? event->heads[item->index] : SIGMA_FIELD_NONE;
}

static inline bool item_test_holds(struct asking *asking, const struct sigma_item *item, uint32_t head,
				   const struct sigma_test *test)
{
	return item->index == SIGMA_FIELD_WHOLE ? whole_holds(asking, test) : field_holds(asking, head, test);
}

/* ---- items and nodes ---- */

static bool any_holds(struct asking *asking, const struct sigma_item *item)
{
	uint32_t head = head_of(asking, item);

	for (size_t i = 0; i < item->count; i++)
		if (item_test_holds(asking, item, head, &item->tests[i]))
			return true;
	return false;
}

/* Of each value, one of the tests that it became. */
static bool all_hold(struct asking *asking, const struct sigma_item *item)
{
	uint32_t head = head_of(asking, item);

	for (size_t i = 0; i < item->count;) {
		uint32_t value = item->tests[i].value;
		bool found = false;
		for (; i < item->count && item->tests[i].value == value; i++)
			found = found || item_test_holds(asking, item, head, &item->tests[i]);
		if (!found)
			return false;
	}
	return true;
}

static bool node_holds(struct asking *asking, const struct sigma_node *node)
{
	size_t held = 0;

	switch (node->kind) {
	case SIGMA_ITEM:
		return (node->item->all ? all_hold(asking, node->item) : any_holds(asking, node->item)) !=
		       node->item->negated;
	case SIGMA_NOT:
		return !node_holds(asking, node->children[0]);
	case SIGMA_AND:
		for (size_t i = 0; i < node->count; i++)
			if (!node_holds(asking, node->children[i]))
				return false;
		return true;
	case SIGMA_OR:
	case SIGMA_AT_LEAST:
		for (size_t i = 0; i < node->count; i++) {
			held += node_holds(asking, node->children[i]);
			if (held >= (node->kind == SIGMA_OR ? 1 : node->needed))
				return true;
		}
		return false;
	case SIGMA_LEAF:
		return false;
	}
	return false;
}

bool sigma_holds(const struct sigma_node *node, const struct sigma_event *event, struct regex_match *room,
		 struct holds_counts *counts)
{
	struct asking asking = { event, room, counts };

	return node_holds(&asking, node);
}
