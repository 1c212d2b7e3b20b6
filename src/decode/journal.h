/*
 * journal: the fields of a journal entry, as JSON and export tell them.
 * Private to src/decode; decode_journal_entry() is in dress.h.
 */
#ifndef DECODE_JOURNAL_H
#define DECODE_JOURNAL_H

#include "decode/dress.h"

/*
 * Takes one field; names that do not matter are let go, and the first value
 * of a name counts. Spans must live as long as the entry. Text for
 * entry->audit_fields gathers in queue->body, which must be empty before.
 */
void journal_entry_add(struct journal_entry *entry, struct span name, struct span value, struct queue *queue);

/* Only the journal has these names: one of them marks an entry. */
bool journal_is_mark(struct span name);

/* Decodes what was gathered. */
enum dress_result journal_entry_finish(const struct document *document, struct journal_entry *entry,
				       struct queue *queue);

#endif
