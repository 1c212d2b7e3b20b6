#include "query/lookup_table.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "query/columns.h"

#define COLUMNS_MAX 1024

void lookup_tables_init(struct lookup_tables *tables)
{
	*tables = (struct lookup_tables){ 0 };
	arena_init(&tables->arena, 0);
}

void lookup_tables_finish(struct lookup_tables *tables)
{
	arena_finish(&tables->arena);
	tables->first = NULL;
}

/* ---- CSV ---- */

struct reading {
	struct columns columns;
	struct arena *arena;
	struct span cells[COLUMNS_MAX]; /* of the record at hand */
	size_t count;
	size_t record; /* which it is, from 1 */
};

/* The next record that is not an empty line. False at the end. */
static bool read_record(struct reading *reading)
{
	struct columns *columns = &reading->columns;

	do {
		struct span cell;
		if (columns->at >= columns->text.len)
			return false;
		for (reading->count = 0; columns_next(columns, reading->arena, &cell); reading->count++)
			if (reading->count < COLUMNS_MAX)
				reading->cells[reading->count] = cell;
		reading->record++;
	} while (reading->count == 1 && reading->cells[0].len == 0);
	return true;
}

static bool add_cells(struct buffer *cells, const struct reading *reading)
{
	buffer_add(cells, (struct span){ (const char *)reading->cells, reading->count * sizeof(struct span) });
	return !cells->failed;
}

static int read_header(struct reading *reading, struct lookup_table *table, struct err *err)
{
	struct span *header;

	if (!read_record(reading))
		return err_set(err, -EINVAL, "the table is empty: it needs a header and rows");
	if (reading->count > COLUMNS_MAX)
		return err_set(err, -E2BIG, "the table has %zu columns; it may have %d", reading->count, COLUMNS_MAX);
	header = arena_alloc(reading->arena, reading->count * sizeof(*header));
	if (!header)
		return err_set(err, -ENOMEM, "memory is out for the table");
	for (size_t i = 0; i < reading->count; i++)
		header[i] = span_trim(reading->cells[i]);
	table->header = header;
	table->column_count = reading->count;
	return 0;
}

static int read_rows(struct reading *reading, struct lookup_table *table, struct buffer *cells, struct err *err)
{
	while (read_record(reading)) {
		if (reading->count != table->column_count)
			return err_set(err, -EINVAL, "record %zu of the table has %zu columns, its header has %zu",
				       reading->record, reading->count, table->column_count);
		if (!add_cells(cells, reading))
			return err_set(err, -ENOMEM, "memory is out for the table");
		table->row_count++;
	}
	struct span copy = arena_copy(reading->arena, buffer_span(cells));
	if (cells->len && !copy.data)
		return err_set(err, -ENOMEM, "memory is out for the table");
	table->cells = (const struct span *)(const void *)copy.data;
	return 0;
}

static int read_table(struct lookup_table *table, struct span csv, struct arena *arena, struct err *err)
{
	struct reading *reading = calloc(1, sizeof(*reading));
	struct buffer cells = { 0 };

	if (!reading)
		return err_set(err, -ENOMEM, "memory is out for the table");
	if (span_starts(csv, SPAN("\xef\xbb\xbf")))
		csv = span_skip(csv, 3);
	reading->arena = arena;
	reading->columns =
		(struct columns){ .text = csv, .delimiter = ',', .quote = '"', .escape = COLUMN_NONE, .lines = true };
	int status = read_header(reading, table, err);
	if (status == 0)
		status = read_rows(reading, table, &cells, err);
	buffer_finish(&cells);
	free(reading);
	return status;
}

/* ---- tables ---- */

/* path://"/a b" and /a b are one name. */
static struct span plain_name(struct span name)
{
	if (span_starts(name, SPAN("path://")))
		name = span_skip(name, 7);
	if (name.len >= 2 && name.data[0] == '"' && name.data[name.len - 1] == '"')
		name = span_first(span_skip(name, 1), name.len - 2);
	return name;
}

int lookup_tables_add(struct lookup_tables *tables, struct span name, struct span csv, struct err *err)
{
	struct lookup_table *table = arena_alloc(&tables->arena, sizeof(*table));
	struct span copy = arena_copy(&tables->arena, csv);

	if (!table || (csv.len && !copy.data))
		return err_set(err, -ENOMEM, "memory is out for the table");
	*table = (struct lookup_table){ .name = arena_copy(&tables->arena, plain_name(name)), .next = tables->first };
	int status = read_table(table, copy, &tables->arena, err);
	if (status == 0)
		tables->first = table;
	return status;
}

static int read_file(struct buffer *text, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = 1;

	if (fd < 0)
		return -errno;
	while (got > 0 && text->len <= LOOKUP_FILE_MAX) {
		if (!buffer_reserve(text, 65536)) {
			close(fd);
			return -ENOMEM;
		}
		got = read(fd, text->data + text->len, 65536);
		if (got > 0)
			text->len += (size_t)got;
		else if (got < 0 && errno == EINTR)
			got = 1;
	}
	int status = got < 0 ? -errno : text->len > LOOKUP_FILE_MAX ? -EFBIG : 0;
	close(fd);
	return status;
}

int lookup_tables_read(struct lookup_tables *tables, struct span setting, struct err *err)
{
	const char *equal = setting.len ? memrchr(setting.data, '=', setting.len) : NULL;
	struct buffer text = { 0 };
	struct err why = { 0 };
	char path[4096];

	if (!equal || equal == setting.data || equal + 1 == setting.data + setting.len)
		return err_set(err, -EINVAL, "'%.*s' is not NAME=FILE", (int)setting.len, setting.data);
	struct span file = span_skip(setting, (size_t)(equal + 1 - setting.data));
	if (file.len >= sizeof(path))
		return err_set(err, -ENAMETOOLONG, "the name of the table's file is too long");
	memcpy(path, file.data, file.len);
	path[file.len] = '\0';
	int status = read_file(&text, path);
	if (status < 0)
		err_set(&why, status, "%s", strerror(-status));
	else
		status = lookup_tables_add(tables, span_first(setting, (size_t)(equal - setting.data)),
					   buffer_span(&text), &why);
	buffer_finish(&text);
	return status < 0 ? err_set(err, status, "the table %s cannot be read: %s", path, why.text) : 0;
}

const struct lookup_table *lookup_tables_find(const struct lookup_tables *tables, struct span path)
{
	struct span name = plain_name(path);
	const struct lookup_table *table = tables ? tables->first : NULL;

	while (table && !span_equal(table->name, name))
		table = table->next;
	return table;
}

size_t lookup_table_column(const struct lookup_table *table, struct span name)
{
	for (size_t i = 0; i < table->column_count; i++)
		if (span_equal_nocase(table->header[i], name))
			return i;
	return table->column_count;
}
