/*
 * The journal of this host, from its end on, as it grows. journald rotates its
 * files, so new ones are opened as they come: the directories stay open to a
 * confined watch, for reading.
 *
 * What journald could not keep up with it says itself (a line of its own); what
 * it vacuumed before it was read is not told by anybody.
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "model/access.h"
#include "source/journal_entry.h"
#include "source/sensor.h"

#define BATCH_BYTES (64u << 10)
#define POLL_MS 1000 /* inotify may miss what a confined process cannot look at */

struct follow_sensor {
	struct sensor sensor;
	const char *host;
	sd_journal *journal;
	const char *named[2]; /* the directory, when one was named */
	struct buffer entries;
	uint64_t offset;
	bool started;
};

static const char *const directories[] = { "/var/log/journal", "/run/log/journal", "/etc/machine-id", NULL };

/* Entries of a batch, rendered. Negative errno when the journal broke. */
static int read_entries(struct follow_sensor *follow)
{
	uint64_t stamp;
	int result = 0;

	buffer_reset(&follow->entries);
	while (follow->entries.len < BATCH_BYTES && (result = sd_journal_next(follow->journal)) > 0) {
		follow->sensor.counts[COUNT_MESSAGES]++;
		follow->sensor.counts[COUNT_CUT] += !journal_entry_render(follow->journal, &follow->entries, &stamp);
	}
	return follow->entries.failed ? -ENOMEM : result < 0 ? result : 0;
}

static int follow_next(struct sensor *sensor, struct sensor_item *item, struct err *err)
{
	struct follow_sensor *follow = (struct follow_sensor *)sensor;
	int result = sd_journal_process(follow->journal); /* takes what the descriptor has to say */

	if (result >= 0)
		result = read_entries(follow);
	if (result < 0)
		return err_set(err, result, "cannot go on reading the journal: %s", strerror(-result));
	if (!follow->entries.len)
		return SENSOR_NOTHING;
	item->frame = (struct frame){
		.bytes = buffer_span(&follow->entries),
		.origin = { .file = "journal", .offset = follow->offset },
		.host = follow->host,
		.format = FORMAT_JOURNAL_EXPORT,
		.trust = TRUST_KERNEL,
		.starts = !follow->started,
	};
	follow->started = true;
	follow->offset += follow->entries.len;
	return SENSOR_FRAME;
}

static void follow_close(struct sensor *sensor)
{
	struct follow_sensor *follow = (struct follow_sensor *)sensor;

	sd_journal_close(follow->journal);
	buffer_finish(&follow->entries);
	free(follow);
}

/* Stands at the last entry: what comes next is new. */
static int go_to_end(struct follow_sensor *follow)
{
	int result = sd_journal_seek_tail(follow->journal);

	sd_journal_set_data_threshold(follow->journal, JOURNAL_VALUE_MAX);
	return result < 0 ? result : sd_journal_previous(follow->journal);
}

static int open_journal(struct follow_sensor *follow, const char *directory, struct err *err)
{
	int result = directory ? sd_journal_open_directory(&follow->journal, directory, 0)
			       : sd_journal_open(&follow->journal, SD_JOURNAL_LOCAL_ONLY);

	if (result >= 0)
		result = go_to_end(follow);
	if (result >= 0)
		result = follow->sensor.fd = sd_journal_get_fd(follow->journal);
	if (result < 0)
		return err_set(err, result,
			       "journal: cannot follow the journal: %s; is there one, and may you read it?",
			       strerror(-result));
	if (!directory && access("/var/log/journal", R_OK) != 0 && access("/run/log/journal", R_OK) != 0)
		return err_set(err, -ENOENT, "journal: this host keeps no journal that can be read");
	return 0;
}

struct sensor *follow_sensor_open(const char *host, const char *directory, struct err *err)
{
	struct follow_sensor *follow = calloc(1, sizeof(*follow));

	if (!follow) {
		err_set(err, -ENOMEM, "journal: out of memory");
		return NULL;
	}
	follow->named[0] = directory;
	follow->sensor = (struct sensor){ .name = "journal",
					  .bit = SEEN_BY_JOURNAL,
					  .next = follow_next,
					  .close = follow_close,
					  .poll_ms = POLL_MS,
					  .trees = directory ? follow->named : directories,
					  .blind = "what does not go to the journal, as audit records where journald "
						   "does not read them (Audit=)",
					  .fd = -1 };
	follow->host = host;
	if (open_journal(follow, directory, err) == 0)
		return &follow->sensor;
	follow_close(&follow->sensor);
	return NULL;
}
