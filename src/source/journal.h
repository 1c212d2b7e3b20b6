/*
 * journal: a systemd journal file as the text of `journalctl -o export`.
 */
#ifndef SOURCE_JOURNAL_H
#define SOURCE_JOURNAL_H

#include "source/stream.h"

/*
 * Entries of the journal file that is open as fd, oldest first; fd is taken
 * over. A journal that is cut short or damaged may not open at all: that, as
 * any later damage, shows as an error when the stream is read. NULL when
 * memory is out.
 */
struct stream *journal_stream(int fd);

#endif
