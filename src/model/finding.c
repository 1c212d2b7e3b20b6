/* The names of tiers; and findings that own themselves: one allocation, raw spans first, then all text. */
#include "model/finding_texts.h"

#include <stdlib.h>
#include <strings.h>

static const char *const risk_names[] = {
	[RISK_NONE] = "None",
	[RISK_REVIEW] = "Review",
	[RISK_KNOWN_TOOL] = "KnownTool",
	[RISK_HIGH] = "HighRisk",
};

const char *risk_name(enum risk risk)
{
	return risk_names[risk];
}

int risk_from_name(const char *name)
{
	for (unsigned risk = RISK_NONE; risk <= RISK_HIGH; risk++)
		if (strcasecmp(risk_names[risk], name) == 0)
			return (int)risk;
	return -1;
}

/* Moves one text into the room at *at. Known but empty text stays known. */
static void move_text(struct span *text, char **at)
{
	if (!text->data)
		return;
	if (text->len)
		memcpy(*at, text->data, text->len);
	text->data = *at;
	*at += text->len;
}

static bool room_size(struct span *const texts[], size_t text_count, const struct access *access, size_t *size)
{
	size_t total = 1; /* known but empty text points somewhere */

	if (__builtin_mul_overflow(access->raw_count, sizeof(struct span), size))
		return false;
	for (size_t i = 0; i < text_count; i++)
		if (__builtin_add_overflow(total, texts[i]->len, &total))
			return false;
	for (size_t i = 0; i < access->raw_count; i++)
		if (__builtin_add_overflow(total, access->raw[i].len, &total))
			return false;
	return !__builtin_add_overflow(total, *size, size);
}

bool finding_copy(struct finding *to, const struct finding *from)
{
	struct span *texts[TEXTS_MAX];
	size_t size, text_count;

	*to = *from;
	to->room = NULL;
	to->room_size = 0;
	text_count = finding_texts(to, texts);
	if (room_size(texts, text_count, &to->access, &size) && (to->room = malloc(size)) != NULL) {
		struct span *raw = (struct span *)(void *)to->room;
		char *at = to->room + to->access.raw_count * sizeof(*raw);
		for (size_t i = 0; i < text_count; i++)
			move_text(texts[i], &at);
		for (size_t i = 0; i < to->access.raw_count; i++) {
			raw[i] = from->access.raw[i];
			move_text(&raw[i], &at);
		}
		to->access.raw = to->access.raw_count ? raw : NULL;
		to->room_size = size;
		return true;
	}
	*to = (struct finding){ 0 };
	return false;
}

void finding_finish(struct finding *finding)
{
	if (!finding)
		return;
	free(finding->room);
	*finding = (struct finding){ 0 };
}
