/*
 * Three forms, the plainest that will do:
 *
 *   /usr/bin/dd	bytes that mean nothing to any shell
 *   '/tmp/a b$(c)'	printable ASCII without ' \ and !
 *   $'/tmp/\047\033'	all else, three octal digits a byte
 *
 * dash does not know the third: it sees a dollar sign and a word in single
 * quotes, which is the wrong name but as harmless, because no quote and no
 * backslash before a quote is in there.
 */
#include "sink/shell_word.h"

static bool is_plain(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
	       (byte && strchr("_./:@%+,-", byte));
}

static bool is_quotable(char byte)
{
	return byte >= ' ' && byte < 0x7f && !strchr("'\\!", byte);
}

static bool all(struct span text, bool (*is)(char))
{
	for (size_t i = 0; i < text.len; i++)
		if (!is(text.data[i]))
			return false;
	return true;
}

static void add_octal(struct buffer *to, struct span text)
{
	buffer_text(to, "$'");
	for (size_t i = 0; i < text.len; i++) {
		unsigned byte = (unsigned char)text.data[i];
		if (is_quotable(text.data[i]))
			buffer_add_byte(to, text.data[i]);
		else
			buffer_printf(to, "\\%03o", byte);
	}
	buffer_add_byte(to, '\'');
}

bool shell_word(struct buffer *to, struct span text)
{
	if (text.len == 0 || text.len > SHELL_WORD_MAX || memchr(text.data, 0, text.len))
		return false;
	if (all(text, is_plain)) {
		buffer_add(to, text);
	} else if (all(text, is_quotable)) {
		buffer_add_byte(to, '\'');
		buffer_add(to, text);
		buffer_add_byte(to, '\'');
	} else {
		add_octal(to, text);
	}
	return true;
}
