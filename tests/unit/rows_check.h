/* For tests of rows: what was written, read back from memory. */
#ifndef TESTS_UNIT_ROWS_CHECK_H
#define TESTS_UNIT_ROWS_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <locale.h>
#include <malloc.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/buffer.h"
#include "sink/rows.h"

/* What an attacker writes into names and values. */
#define HOSTILE "a\033]0;owned\007\r\n\x1b[2J\x9b\xff\xc2\x9b\xe2\x80\xae\"',;=\\x41\t\0z"

struct written {
	int fd;
	struct output *output;
	struct rows *rows;
	struct err err;
	struct buffer text; /* filled by written_end */
};

static inline void written_begin(struct written *written, const char *format, const struct rows_options *options)
{
	*written = (struct written){ .fd = memfd_create("rows", MFD_CLOEXEC) };
	assert_true(written->fd >= 0);
	written->output = output_create(written->fd, "memory", &written->err);
	assert_non_null(written->output);
	written->rows = rows_create(format, written->output, options, &written->err);
	assert_non_null(written->rows);
}

static inline void written_put(struct written *written, const struct span *names, const struct row_cell *cells,
			       size_t count)
{
	assert_int_equal(rows_put(written->rows, names, cells, count, &written->err), 0);
}

/* The text ends with a NUL that is not counted. */
static inline const char *written_end(struct written *written)
{
	assert_int_equal(rows_end(written->rows, &written->err), 0);
	off_t len = lseek(written->fd, 0, SEEK_END);
	assert_true(buffer_reserve(&written->text, (size_t)len + 1));
	assert_int_equal(pread(written->fd, written->text.data, (size_t)len, 0), len);
	written->text.len = (size_t)len;
	written->text.data[len] = '\0';
	return written->text.data;
}

static inline void written_finish(struct written *written)
{
	rows_destroy(written->rows);
	output_destroy(written->output);
	buffer_finish(&written->text);
	close(written->fd);
}

#define CELL_TEXT(text) ((struct row_cell){ ROW_TEXT, SPAN(text) })
#define CELL_NUMBER(text) ((struct row_cell){ ROW_NUMBER, SPAN(text) })
#define CELL_TIME(text) ((struct row_cell){ ROW_TIME, SPAN(text) })
#define CELL_BOOL(text) ((struct row_cell){ ROW_BOOL, SPAN(text) })
#define CELL_NULL ((struct row_cell){ ROW_NULL, { 0 } })

/* All that is needed for one call of written_put. */
#define PUT(written, names, ...)                                                                  \
	do {                                                                                      \
		const struct row_cell put_cells[] = { __VA_ARGS__ };                              \
		written_put(written, names, put_cells, sizeof(put_cells) / sizeof(put_cells[0])); \
	} while (0)

/* No byte that a terminal would obey, newlines aside. */
static inline void assert_harmless(struct span text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char byte = (unsigned char)text.data[i];
		if (byte != '\n' && (byte < 0x20 || byte == 0x7f))
			fail_msg("byte 0x%02x at %zu", byte, i);
	}
	assert_int_equal(span_find(text, SPAN("\xc2\x9b")), text.len);
	assert_int_equal(span_find(text, SPAN("\xe2\x80\xae")), text.len);
	assert_int_equal(span_find(text, SPAN("\xff")), text.len);
}

#endif
