/*
 * coalesced_fields: fields of coalesced events, as the kernel wrote them.
 * Private to src/decode.
 */
#ifndef DECODE_COALESCED_FIELDS_H
#define DECODE_COALESCED_FIELDS_H

#include "decode/coalesced.h"

/* data.NAME, or else the slot: what aucoalesce and filebeat took out of the record, under names of their own. */
struct span coalesced_value(const struct coalesced *from, const char *name, enum slot slot);

/* 1 success, 0 failure, -1 not said. */
int coalesced_result(const struct coalesced *from);

/* name=value, when there is a value. */
void coalesced_add(struct buffer *body, const char *name, struct span value);

/* arch, syscall, success and exit. */
void coalesced_add_call(struct buffer *body, const struct coalesced *from);

/* auid, uid, … fsgid. With `complete`, those that were left out because they say nothing new are written again. */
void coalesced_add_ids(struct buffer *body, const struct coalesced *from, bool complete);
void coalesced_add_session(struct buffer *body, const struct coalesced *from, bool complete);

#endif
