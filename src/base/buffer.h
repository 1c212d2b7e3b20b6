/*
 * buffer: bytes that grow, for output and for copies that outlive a batch.
 *
 * An allocation that fails marks the buffer `failed`; later calls do
 * nothing, so that a writer checks once, at the end.
 */
#ifndef BASE_BUFFER_H
#define BASE_BUFFER_H

#include "base/span.h"

struct buffer {
	char *data;
	size_t len, capacity;
	bool failed;
};

void buffer_finish(struct buffer *buffer);	      /* zeroed memory is a valid empty buffer */
void buffer_reset(struct buffer *buffer);	      /* len 0, memory kept */
bool buffer_grow(struct buffer *buffer, size_t more); /* buffer_reserve, when it must allocate */
void buffer_printf(struct buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Room for so many more bytes; false when memory is out, now or before. */
static inline bool buffer_reserve(struct buffer *buffer, size_t more)
{
	return (!buffer->failed && buffer->capacity - buffer->len >= more) || buffer_grow(buffer, more);
}

static inline void buffer_add(struct buffer *buffer, struct span s)
{
	if (s.len == 0 || !buffer_reserve(buffer, s.len))
		return;
	memcpy(buffer->data + buffer->len, s.data, s.len);
	buffer->len += s.len;
}

static inline void buffer_add_byte(struct buffer *buffer, char byte)
{
	if (buffer_reserve(buffer, 1))
		buffer->data[buffer->len++] = byte;
}

static inline void buffer_text(struct buffer *buffer, const char *text)
{
	buffer_add(buffer, span_of(text));
}

static inline struct span buffer_span(const struct buffer *buffer)
{
	return (struct span){ buffer->data, buffer->len };
}

#endif
