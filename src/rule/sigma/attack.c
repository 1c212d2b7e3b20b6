#include "rule/sigma/attack.h"

#include <stdio.h>

#include "rule/sigma/suggest.h"

/* ATT&CK for Enterprise, by its short names; the last two are what newer releases split defense-evasion into. */
static const char *const tactics[] = {
	"reconnaissance",	"resource-development", "initial-access",    "execution", "persistence",
	"privilege-escalation", "defense-evasion",	"credential-access", "discovery", "lateral-movement",
	"collection",		"command-and-control",	"exfiltration",	     "impact",	  "stealth",
	"defense-impairment",
};

#define TACTIC_COUNT (sizeof(tactics) / sizeof(tactics[0]))

static struct span name_of(struct span tag)
{
	return span_skip(tag, SPAN("attack.").len);
}

/* Older rules part words by _. */
static bool is_tactic(struct span name, const char *tactic)
{
	if (name.len != strlen(tactic))
		return false;
	for (size_t i = 0; i < name.len; i++)
		if (name.data[i] != tactic[i] && !(name.data[i] == '_' && tactic[i] == '-'))
			return false;
	return true;
}

static bool are_digits(struct span text, size_t count)
{
	uint64_t value;

	return text.len == count && span_decimal(text, &value) == count;
}

/* t1003, t1003.007; g0010, s0349, c0001, m1041, ds0009. */
static enum attack_kind kind_of_id(struct span id)
{
	char letter = id.len ? (char)(id.data[0] | 0x20) : '\0';

	if (letter == 't' && are_digits(span_first(span_skip(id, 1), 4), 4) &&
	    (id.len == 5 || (id.data[5] == '.' && are_digits(span_skip(id, 6), 3))))
		return ATTACK_TECHNIQUE;
	if (letter && strchr("gscm", letter) && are_digits(span_skip(id, 1), 4))
		return ATTACK_OTHER;
	bool source = letter == 'd' && id.len > 1 && (id.data[1] | 0x20) == 's';
	return source && are_digits(span_skip(id, 2), 4) ? ATTACK_OTHER : ATTACK_WRONG;
}

struct attack_tag attack_tag_read(struct span tag)
{
	struct attack_tag read = { .kind = ATTACK_NONE };
	struct span name = name_of(tag);

	if (!span_equal_nocase(span_first(tag, SPAN("attack.").len), SPAN("attack.")))
		return read;
	for (size_t i = 0; i < TACTIC_COUNT; i++)
		if (is_tactic(name, tactics[i])) {
			read.kind = ATTACK_TACTIC;
			read.tactic = tactics[i];
			return read;
		}
	read.kind = kind_of_id(name);
	for (size_t i = 0; read.kind != ATTACK_WRONG && i < name.len && i + 1 < ATTACK_ID_ROOM; i++)
		read.id[i] = (char)(name.data[i] >= 'a' && name.data[i] <= 'z' ? name.data[i] - 0x20 : name.data[i]);
	return read;
}

const char *attack_tactic_suggest(struct span tag)
{
	return sigma_suggest(name_of(tag), tactics, TACTIC_COUNT);
}

bool attack_parent(const char *id, char room[ATTACK_ID_ROOM])
{
	struct span text = span_of(id);
	size_t len = span_index(text, '.');

	snprintf(room, ATTACK_ID_ROOM, "%.*s", (int)len, id);
	return len < text.len;
}
