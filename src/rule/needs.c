#include "rule/needs.h"

#include "rule/sigma/anchor.h"

/*
 * Of a literal the part that stands in the log as it does in the field: a
 * command line's blanks part arguments, and a path may be put together of a
 * directory and a name.
 */
static struct span part_of(struct span literal, bool command)
{
	struct span best = { "", 0 };

	for (size_t at = 0, from = 0; at <= literal.len; at++) {
		char c = at < literal.len ? literal.data[at] : ' ';
		if (c != ' ' && (command || c != '/'))
			continue;
		if (at - from > best.len)
			best = span_first(span_skip(literal, from), at - from);
		from = at + 1;
	}
	return best;
}

/* A short word that an argument begins or ends with has a quote there: "gdb -p" is a0="gdb" a1="-p". */
static struct span with_quote(struct span part, struct span literal, struct arena *arena)
{
	size_t from = (size_t)(part.data - literal.data), behind = from + part.len;
	bool ends = behind < literal.len && literal.data[behind] == ' ';
	bool begins = from && literal.data[from - 1] == ' ';
	char *room = arena_alloc(arena, part.len + 1);

	if (!room || !part.len || (!ends && !begins))
		return part;
	memcpy(room + (ends ? 0 : 1), part.data, part.len);
	room[ends ? part.len : 0] = '"';
	return (struct span){ room, part.len + 1 };
}

static struct need need_of(const struct anchor_atom *atom, struct arena *arena)
{
	bool command = atom->field == SIGMA_PROCESS_CREATION_COMMAND_LINE;
	struct span part = part_of(atom->literal, command);

	return (struct need){ part.len < NEEDS_LITERAL_MIN && command ? with_quote(part, atom->literal, arena) : part,
			      part, command };
}

static bool is_text(uint32_t field)
{
	switch (field) {
	case SIGMA_PROCESS_CREATION_IMAGE:
	case SIGMA_PROCESS_CREATION_COMMAND_LINE:
	case SIGMA_PROCESS_CREATION_NAME:
	case SIGMA_PROCESS_CREATION_SCRIPT:
		return true;
	default:
		return false;
	}
}

/* False: an atom of the clause cannot be looked for. */
static bool add_clause(struct needs *needs, const struct anchor_clause *clause, struct arena *arena)
{
	size_t count = needs->count;

	for (size_t i = 0; i < clause->count; i++) {
		struct need need = need_of(&clause->atoms[i], arena);
		bool known = false;
		if (!is_text(clause->atoms[i].field) || need.text.len < NEEDS_LITERAL_MIN)
			return false;
		for (size_t j = 0; j < count && !known; j++) {
			known = span_equal(needs->literals[j].text, need.text);
			if (known && !need.command)
				needs->literals[j].command = false;
		}
		if (known)
			continue;
		if (count == NEEDS_LITERALS_MAX)
			return false;
		needs->literals[count++] = need;
	}
	needs->count = count;
	return true;
}

static void add_rule(struct needs *needs, const struct sigma_rule *rule, struct arena *arena)
{
	struct anchor_clauses clauses;

	anchor_find(&clauses, rule->condition, arena);
	for (size_t i = 0; i < clauses.count; i++)
		if (add_clause(needs, &clauses.items[i], arena))
			return;
	if (!needs->always)
		needs->always = rule;
}

void needs_find(struct needs *needs, const struct pack *pack, struct arena *arena)
{
	*needs = (struct needs){ .types = record_types_of(pack->rules) };
	for (size_t i = 0; i < pack->rules->count; i++) {
		const struct sigma_rule *rule = &pack->rules->items[i];
		if (rule->state != SIGMA_READY)
			continue;
		if (rule->document != SIGMA_DETECTION)
			continue;
		needs->files |= rule->source == SIGMA_SOURCE_FILE_EVENT;
		if (rule->source == SIGMA_SOURCE_AUDITD && needs->types.any && !needs->always)
			needs->always = rule;
		/* What only adds to other findings needs no look of its own. */
		if (rule->source == SIGMA_SOURCE_PROCESS_CREATION && (rule->effect.finds || rule->silent))
			add_rule(needs, rule, arena);
	}
}
