/* finding_parts: members of a JSON object, by tables. Private to finding_*.c. */
#ifndef DECODE_FINDING_PARTS_H
#define DECODE_FINDING_PARTS_H

#include "base/json_scan.h"
#include "decode/finding_json.h"

enum member_kind {
	MEMBER_TEXT,   /* struct span; null stays as it is */
	MEMBER_ID,     /* uint64_t; what is no number stays as it is */
	MEMBER_NUMBER, /* unsigned, cut at what it holds */
	MEMBER_FLAG,   /* bool */
	MEMBER_TIME,   /* int64_t, ms */
	MEMBER_WORD,   /* char[17]: sixteen hex digits, else nothing */
	MEMBER_OTHER,  /* read by the function */
};

struct member {
	const char *name;
	enum member_kind kind;
	size_t offset; /* in what is filled */
	void (*read)(void *into, struct json_scan *scan, struct json_token *token, struct arena *arena);
};

#define MEMBERS(table) (table), sizeof(table) / sizeof((table)[0])

/* Reads the object that was just entered: known members into *into, others are skipped. */
void members_read(const struct member *members, size_t count, void *into, struct json_scan *scan, struct arena *arena);

/* Texts of a list, at most `max`, in the arena. Returns their number. Of another kind of value: none. */
size_t members_texts(struct json_scan *scan, struct json_token *token, struct arena *arena, size_t max,
		     struct span **texts);

/* finding_json.c */
void finding_start(struct finding *finding);
void finding_read(struct finding *finding, struct json_scan *scan, struct arena *arena);
void finding_read_actor(void *actor, struct json_scan *scan, struct json_token *token, struct arena *arena);
void finding_read_risk(void *risk, struct json_scan *scan, struct json_token *token, struct arena *arena);
void finding_read_origin(struct origin *origin, uint64_t *serial, struct json_scan *scan, struct json_token *token,
			 struct arena *arena);

/* finding_incident.c */
void incident_read(struct finding_reader *reader, struct json_scan *scan);

#endif
