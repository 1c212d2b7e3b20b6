#include "source/journal.h"

#include <endian.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <systemd/sd-journal.h>
#include <unistd.h>

#include "base/buffer.h"
#include "source/journal_entry.h"

#define ENTRIES_OFFSET 152 /* of n_entries in the file's header */

struct journal_reader {
	struct stream stream;
	sd_journal *journal;
	int fd;
	int open_result;
	struct buffer entry;	      /* rendered */
	size_t used;		      /* of it */
	uint64_t size, from, to, now; /* bytes on disk; its first, last and current stamp */
	uint64_t told, seen;	      /* entries: as its header says, as were read */
	uint64_t damaged;	      /* of those that were, so many not whole */
	struct err broke;	      /* number 0: it did not; told when all before is read */
	bool ended;
};

static int tell(struct err *err, int number)
{
	if (number == -EBADMSG || number == -ENODATA || number == -EADDRNOTAVAIL)
		return err_set(err, -EBADMSG,
			       "the journal is damaged or cut short; journalctl --verify --file says where");
	if (number == -EPROTONOSUPPORT)
		return err_set(err, number, "the journal has features that this libsystemd does not know");
	return err_set(err, number, "%s", strerror(-number));
}

/* libsystemd goes past damage without a word, so what its header promised is counted. */
static void check_end(struct journal_reader *reader)
{
	uint64_t missing = reader->told > reader->seen ? reader->told - reader->seen : 0;

	if (missing + reader->damaged)
		err_set(&reader->broke, -EBADMSG,
			"the journal is damaged: %" PRIu64 " of its %" PRIu64 " entries are lost",
			missing + reader->damaged, reader->told);
}

/* 1: an entry is rendered. 0: the end, or the break that reader->broke tells of. */
static int next_entry(struct journal_reader *reader)
{
	int result = reader->open_result < 0 ? reader->open_result : sd_journal_next(reader->journal);

	if (result > 0) {
		reader->seen++;
		buffer_reset(&reader->entry);
		reader->used = 0;
		reader->damaged += !journal_entry_render(reader->journal, &reader->entry, &reader->now);
		result = reader->entry.failed ? -ENOMEM : 1;
	}
	if (result < 0)
		tell(&reader->broke, result);
	else if (result == 0)
		check_end(reader);
	reader->ended = result <= 0;
	return !reader->ended;
}

static ssize_t journal_read(struct stream *stream, char *to, size_t room, struct err *err)
{
	struct journal_reader *reader = (struct journal_reader *)stream;
	size_t len = 0;

	while (len < room) {
		size_t left = reader->entry.len - reader->used;
		if (left == 0 && (reader->ended || !next_entry(reader)))
			break;
		left = left < room - len ? left : room - len;
		if (left)
			memcpy(to + len, reader->entry.data + reader->used, left);
		reader->used += left;
		len += left;
	}
	if (len == 0 && reader->broke.number)
		return err_set(err, reader->broke.number, "%s", reader->broke.text);
	return (ssize_t)len;
}

/* By time: a journal does not say how far in the file an entry lies. */
static uint64_t journal_position(const struct stream *stream)
{
	const struct journal_reader *reader = (const struct journal_reader *)stream;

	if (reader->now <= reader->from || reader->to <= reader->from)
		return 0;
	double share = (double)(reader->now - reader->from) / (double)(reader->to - reader->from);
	return (uint64_t)((share < 1 ? share : 1) * (double)reader->size);
}

static void journal_close(struct stream *stream)
{
	struct journal_reader *reader = (struct journal_reader *)stream;

	sd_journal_close(reader->journal);
	close(reader->fd);
	buffer_finish(&reader->entry);
	free(reader);
}

/* struct Header of JOURNAL_FILE_FORMAT. */
static uint64_t count_entries(int fd)
{
	uint64_t count;

	return pread(fd, &count, sizeof(count), ENTRIES_OFFSET) == sizeof(count) ? le64toh(count) : 0;
}

struct stream *journal_stream(int fd)
{
	struct journal_reader *reader = calloc(1, sizeof(*reader));
	struct stat st;

	if (!reader) {
		close(fd);
		return NULL;
	}
	reader->stream = (struct stream){
		.read = journal_read, .position = journal_position, .close = journal_close, .head_end = 1
	};
	reader->fd = fd;
	reader->size = fstat(fd, &st) == 0 ? (uint64_t)st.st_size : 0;
	reader->told = count_entries(fd);
	reader->open_result = sd_journal_open_files_fd(&reader->journal, &fd, 1, 0);
	if (reader->open_result >= 0) {
		sd_journal_set_data_threshold(reader->journal, JOURNAL_VALUE_MAX);
		sd_journal_get_cutoff_realtime_usec(reader->journal, &reader->from, &reader->to);
	}
	return &reader->stream;
}
