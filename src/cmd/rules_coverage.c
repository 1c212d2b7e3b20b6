#include "cmd/rules_coverage.h"

#include <stdio.h>
#include <stdlib.h>

#define TAGS_MAX 64	     /* looked at in one rule */
#define MENTIONS_MAX 1000000 /* more are left out */

/* A rule's tags do not say which technique belongs to which tactic: each is taken with each. */
struct mention {
	char technique[ATTACK_ID_ROOM];
	const char *tactic;
	uint32_t rule;
};

struct gathering {
	struct mention *items;
	size_t count, capacity;
	bool failed;
};

static void mention(struct gathering *gathering, const char *technique, const char *tactic, uint32_t rule)
{
	if (gathering->count == gathering->capacity) {
		size_t capacity = gathering->capacity ? 2 * gathering->capacity : 64;
		struct mention *items = realloc(gathering->items, capacity * sizeof(*items));
		gathering->failed |= !items;
		if (!items)
			return;
		gathering->items = items;
		gathering->capacity = capacity;
	}
	struct mention *item = &gathering->items[gathering->count++];
	*item = (struct mention){ .tactic = tactic, .rule = rule };
	snprintf(item->technique, sizeof(item->technique), "%s", technique);
}

static void gather_technique(struct gathering *gathering, const struct attack_tag *tags, size_t count,
			     const char *technique, uint32_t rule)
{
	bool found = false;

	for (size_t i = 0; i < count && !gathering->failed; i++) {
		if (tags[i].kind != ATTACK_TACTIC)
			continue;
		mention(gathering, technique, tags[i].tactic, rule);
		found = true;
	}
	if (!found)
		mention(gathering, technique, NULL, rule);
}

static void gather(struct gathering *gathering, const struct sigma_rule *rule, uint32_t index)
{
	struct attack_tag tags[TAGS_MAX];
	size_t count = 0;

	for (; count < rule->tags.count && count < TAGS_MAX; count++)
		tags[count] = attack_tag_read(rule->tags.items[count]);
	for (size_t i = 0; i < count && gathering->count < MENTIONS_MAX && !gathering->failed; i++)
		if (tags[i].kind == ATTACK_TECHNIQUE)
			gather_technique(gathering, tags, count, tags[i].id, index);
}

static int compare(const void *a, const void *b)
{
	const struct mention *x = a, *y = b;
	int order = strcmp(x->technique, y->technique);

	if (order == 0)
		order = strcmp(x->tactic ? x->tactic : "", y->tactic ? y->tactic : "");
	return order ? order : (x->rule > y->rule) - (x->rule < y->rule);
}

/* Sorted mentions of one technique and tactic to one item. */
static size_t join(const struct mention *mentions, size_t count, struct coverage *items)
{
	size_t joined = 0;

	for (size_t i = 0; i < count; i++) {
		struct coverage *item = joined ? &items[joined - 1] : NULL;
		bool same = item && strcmp(item->technique, mentions[i].technique) == 0 &&
			    item->tactic == mentions[i].tactic;
		if (same && mentions[i].rule == mentions[i - 1].rule)
			continue;
		if (!same) {
			item = &items[joined++];
			*item = (struct coverage){ .tactic = mentions[i].tactic };
			snprintf(item->technique, sizeof(item->technique), "%s", mentions[i].technique);
		}
		if (item->count < COVERAGE_RULES_MAX)
			item->rules[item->count] = mentions[i].rule;
		item->count++;
	}
	return joined;
}

static size_t count_different(const struct mention *mentions, size_t count)
{
	size_t different = 0;

	for (size_t i = 0; i < count; i++)
		different += i == 0 || strcmp(mentions[i].technique, mentions[i - 1].technique) != 0 ||
			     mentions[i].tactic != mentions[i - 1].tactic;
	return different;
}

size_t rules_coverage(const struct rules_session *session, struct coverage **items)
{
	const struct sigma_rules *rules = session->rules;
	struct gathering gathering = { .items = NULL };
	size_t count = SIZE_MAX;

	for (uint32_t i = 0; i < rules->count && !gathering.failed; i++) {
		const struct sigma_rule *rule = &rules->items[i];
		if (rule->document != SIGMA_FILTER && rule->state == SIGMA_READY &&
		    rules_session_wants(session, rule->place.file))
			gather(&gathering, rule, i);
	}
	if (gathering.count)
		qsort(gathering.items, gathering.count, sizeof(*gathering.items), compare);
	*items = calloc(count_different(gathering.items, gathering.count) + 1, sizeof(**items));
	if (*items && !gathering.failed)
		count = join(gathering.items, gathering.count, *items);
	free(gathering.items);
	return count;
}

void rules_put_coverage(struct buffer *to, const struct rules_session *session)
{
	struct coverage *items;
	size_t count = rules_coverage(session, &items);

	to->failed |= count == SIZE_MAX;
	for (size_t i = 0; i < count && count != SIZE_MAX; i++) {
		const struct coverage *item = &items[i];
		bool first = i == 0 || strcmp(items[i - 1].technique, item->technique) != 0;
		bool last = i + 1 == count || strcmp(items[i + 1].technique, item->technique) != 0;
		if (first)
			buffer_printf(to, "%s%-9s ", i ? "       " : "ATT&CK ", item->technique);
		buffer_printf(to, "%s %s (%zu)%s", first ? "" : ",", item->tactic ? item->tactic : "no tactic",
			      item->count, last ? "\n" : "");
	}
	free(items);
}
