/* journal_entry: one entry of a journal as the text of `journalctl -o export`. */
#ifndef SOURCE_JOURNAL_ENTRY_H
#define SOURCE_JOURNAL_ENTRY_H

#include <systemd/sd-journal.h>

#include "base/buffer.h"

/* A longer value is cut there; audit's are at most 8 KiB. For sd_journal_set_data_threshold. */
#define JOURNAL_VALUE_MAX (1u << 20)

/* Appends the entry that the journal stands at, and sets its stamp in µs. False when a part of it is damaged. */
bool journal_entry_render(sd_journal *journal, struct buffer *entry, uint64_t *realtime);

#endif
