#include "source/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdlib.h>

#define BLOCK_SIZE (128u << 10)

/* An open archive and what it reads from. */
struct archive_reader {
	struct archive *archive;
	struct stream *inner;
	struct err inner_err; /* why `inner` broke, when it did */
	struct err open_err;  /* number 0: it is open */
	char block[BLOCK_SIZE];
};

/* The data of the archive's current entry. */
struct data_stream {
	struct stream stream;
	struct archive_reader *reader;
	bool owns;	   /* the reader goes with the stream */
	const char *block; /* libarchive's, until the next is asked for */
	size_t left;
	struct err damage; /* number 0: none yet; told when `left` has been given */
};

static la_ssize_t on_read(struct archive *archive, void *context, const void **bytes)
{
	struct archive_reader *reader = context;
	ssize_t got = stream_read(reader->inner, reader->block, sizeof(reader->block), &reader->inner_err);

	*bytes = reader->block;
	if (got < 0)
		archive_set_error(archive, (int)-got, "%s", reader->inner_err.text);
	return got < 0 ? ARCHIVE_FATAL : got;
}

static la_int64_t on_seek(struct archive *archive, void *context, la_int64_t offset, int whence)
{
	struct archive_reader *reader = context;
	int64_t position = stream_seek(reader->inner, offset, whence);

	if (position < 0)
		archive_set_error(archive, (int)-position, "cannot seek");
	return position < 0 ? ARCHIVE_FATAL : position;
}

/* libarchive reads on where less than it asked for was skipped; small skips are cheaper read. */
static la_int64_t on_skip(struct archive *archive, void *context, la_int64_t request)
{
	struct archive_reader *reader = context;
	(void)archive;

	if (request < (la_int64_t)BLOCK_SIZE || !reader->inner->seek)
		return 0;
	int64_t from = stream_seek(reader->inner, 0, SEEK_CUR);
	int64_t end = from < 0 ? from : stream_seek(reader->inner, 0, SEEK_END);
	if (end < 0)
		return 0;
	int64_t to = request < end - from ? from + request : end;
	return stream_seek(reader->inner, to, SEEK_SET) == to ? to - from : ARCHIVE_FATAL;
}

static int tell(struct archive_reader *reader, struct err *err)
{
	const char *text = archive_error_string(reader->archive);
	int number = archive_errno(reader->archive);

	return err_set(err, number > 0 && number < 4096 ? -number : -EIO, "%s", text ? text : "unknown error");
}

static bool attach(struct archive_reader *reader)
{
	struct archive *archive = reader->archive;

	archive_read_set_read_callback(archive, on_read);
	archive_read_set_callback_data(archive, reader);
	if (reader->inner->seek) {
		archive_read_set_seek_callback(archive, on_seek);
		archive_read_set_skip_callback(archive, on_skip);
	}
	if (archive_read_open1(archive) >= ARCHIVE_WARN)
		return true;
	tell(reader, &reader->open_err);
	return false;
}

static struct archive_reader *create_reader(struct stream *inner)
{
	struct archive_reader *reader = malloc(sizeof(*reader));

	if (!reader) {
		stream_close(inner);
		return NULL;
	}
	reader->inner = inner;
	reader->inner_err.number = reader->open_err.number = 0;
	reader->archive = archive_read_new();
	if (!reader->archive) {
		archive_reader_destroy(reader);
		return NULL;
	}
	return reader;
}

void archive_reader_destroy(struct archive_reader *reader)
{
	if (!reader)
		return;
	if (reader->archive)
		archive_read_free(reader->archive);
	stream_close(reader->inner);
	free(reader);
}

static ssize_t data_read(struct stream *stream, char *to, size_t room, struct err *err)
{
	struct data_stream *data = (struct data_stream *)stream;
	struct archive *archive = data->reader->archive;

	if (data->reader->open_err.number)
		return err_set(err, data->reader->open_err.number, "%s", data->reader->open_err.text);
	while (data->left == 0) {
		const void *block;
		la_int64_t offset; /* tells of holes, which are left out */
		if (data->damage.number)
			return err_set(err, data->damage.number, "%s", data->damage.text);
		int result = archive_read_data_block(archive, &block, &data->left, &offset);
		if (result == ARCHIVE_EOF)
			return 0;
		/* A warning is what a wrong checksum of a zip's member is: its last bytes come with it. */
		if (result != ARCHIVE_OK && result != ARCHIVE_RETRY)
			tell(data->reader, &data->damage);
		if (result < ARCHIVE_WARN)
			data->left = 0;
		data->block = block;
	}
	size_t len = data->left < room ? data->left : room;
	memcpy(to, data->block, len);
	data->block += len;
	data->left -= len;
	return (ssize_t)len;
}

static uint64_t data_position(const struct stream *stream)
{
	return stream_position(((const struct data_stream *)stream)->reader->inner);
}

static void data_heed(struct stream *stream, const atomic_bool *abandoned)
{
	stream_heed(((struct data_stream *)stream)->reader->inner, abandoned);
}

static void data_close(struct stream *stream)
{
	struct data_stream *data = (struct data_stream *)stream;

	if (data->owns)
		archive_reader_destroy(data->reader);
	free(data);
}

struct stream *archive_reader_stream(struct archive_reader *reader)
{
	struct data_stream *data = calloc(1, sizeof(*data));

	if (!data)
		return NULL;
	data->stream = (struct stream){
		.read = data_read, .position = data_position, .heed = data_heed, .close = data_close, .head_end = 1
	};
	data->reader = reader;
	return &data->stream;
}

uint64_t archive_reader_position(const struct archive_reader *reader)
{
	return stream_position(reader->inner);
}

static bool enable_lz4(struct archive *archive)
{
	return archive_read_support_filter_lz4(archive) == ARCHIVE_OK &&
	       archive_read_support_format_raw(archive) == ARCHIVE_OK &&
	       archive_read_support_format_empty(archive) == ARCHIVE_OK;
}

struct stream *archive_lz4(struct stream *inner)
{
	struct archive_reader *reader = create_reader(inner);
	struct stream *stream = reader ? archive_reader_stream(reader) : NULL;
	struct archive_entry *entry;

	if (!stream) {
		archive_reader_destroy(reader);
		return NULL;
	}
	struct data_stream *data = (struct data_stream *)stream;
	data->owns = true;
	if (!enable_lz4(reader->archive))
		tell(reader, &reader->open_err);
	else if (attach(reader) && archive_read_next_header(reader->archive, &entry) < ARCHIVE_WARN)
		tell(reader, &reader->open_err);
	return stream;
}

struct archive_reader *archive_reader_create(struct stream *inner)
{
	struct archive_reader *reader = create_reader(inner);

	if (!reader)
		return NULL;
	archive_read_support_format_tar(reader->archive);
	archive_read_support_format_zip(reader->archive);
	attach(reader);
	return reader;
}

static void copy_name(char to[ARCHIVE_NAME_MAX + 1], const char *from)
{
	size_t len = from ? strnlen(from, ARCHIVE_NAME_MAX) : 0;

	if (len)
		memcpy(to, from, len);
	to[len] = '\0';
}

static void describe(struct archive_entry *entry, struct archive_member *member)
{
	la_int64_t size = archive_entry_size_is_set(entry) ? archive_entry_size(entry) : 0;
	time_t seconds = archive_entry_mtime_is_set(entry) ? archive_entry_mtime(entry) : 0;

	/* A name in UTF-8 has no other form when the locale is C. */
	const char *name = archive_entry_pathname(entry);
	copy_name(member->name, name ? name : archive_entry_pathname_utf8(entry));
	copy_name(member->link, archive_entry_symlink(entry));
	member->regular = archive_entry_filetype(entry) == AE_IFREG && !archive_entry_hardlink(entry);
	member->symlink = archive_entry_filetype(entry) == AE_IFLNK;
	member->encrypted = archive_entry_is_data_encrypted(entry) > 0;
	member->size = size > 0 ? (uint64_t)size : 0;
	member->modified_ms = seconds > -100000000000 && seconds < 100000000000 ? (int64_t)seconds * 1000 : 0;
}

int archive_reader_next(struct archive_reader *reader, struct archive_member *member, struct err *err)
{
	struct archive_entry *entry;
	int result;

	if (reader->open_err.number)
		return err_set(err, reader->open_err.number, "%s", reader->open_err.text);
	do
		result = archive_read_next_header(reader->archive, &entry);
	while (result == ARCHIVE_RETRY);
	if (result == ARCHIVE_EOF)
		return 0;
	if (result < ARCHIVE_WARN)
		return tell(reader, err);
	describe(entry, member);
	return 1;
}
