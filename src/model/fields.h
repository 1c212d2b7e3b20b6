/*
 * fields: reading and writing the name=value text of audit record bodies.
 *
 *   exe="/usr/bin/cat"     quoted: the bytes between the quotes
 *   exe=2F62696E2F6361     hex: kernel's audit_log_n_untrustedstring() for
 *                          text with spaces, quotes or bytes beyond ASCII
 *   tty=(none) key=(null)  plain
 *
 * The reader is total: any bytes give some sequence of fields, and it always
 * ends. A value in single quotes (user-space msg='…') is one field.
 */
#ifndef MODEL_FIELDS_H
#define MODEL_FIELDS_H

#include "base/arena.h"
#include "base/buffer.h"

struct field {
	struct span name;
	struct span value; /* without its quotes */
	bool quoted;
};

/* Takes the next field off the front of *body; false at its end. */
bool field_next(struct span *body, struct field *field);

/* The first field of that name. */
bool field_find(struct span body, struct span name, struct field *field);

/*
 * The text that an untrusted string stands for: quoted bytes as they are,
 * hex decoded into the arena, "(null)" and "(none)" and "?" as an empty span
 * with data NULL. Plain text that is no hex (interpreted logs) as it is.
 */
struct span field_text(const struct field *field, struct arena *arena);

/* Numbers: true and *value when the whole leading part is one. -1 and 4294967295 both read as 4294967295 by field_u32. */
bool field_u32(const struct field *field, uint32_t *value);
bool field_i64(const struct field *field, int64_t *value);
bool field_u64_hex(const struct field *field, uint64_t *value); /* 0x allowed */

/* For decoders that build canonical bodies: appends ` name=value` with the kernel's quoting rules. */
void field_add_text(struct buffer *body, const char *name, struct span text); /* quoted, or upper-case hex */
void field_add_plain(struct buffer *body, const char *name,
		     struct span value); /* white space, quotes and control bytes become '_' */
void field_add_number(struct buffer *body, const char *name, int64_t value);

#endif
