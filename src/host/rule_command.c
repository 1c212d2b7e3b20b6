#include "host/rule_command.h"

static bool is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       span_index(SPAN("-_,./=:@%+"), c) < 10;
}

static void write_word(struct buffer *to, struct span word)
{
	size_t plain = 0;

	while (plain < word.len && is_plain(word.data[plain]))
		plain++;
	if (plain == word.len) {
		buffer_add(to, word);
		return;
	}
	buffer_add_byte(to, '\'');
	for (size_t i = 0; i < word.len; i++)
		if (word.data[i] == '\'')
			buffer_text(to, "'\\''");
		else
			buffer_add_byte(to, word.data[i]);
	buffer_add_byte(to, '\'');
}

void rule_command_write(const struct kernel_rule *rule, const char *option, struct buffer *to)
{
	struct buffer text = { 0 };

	kernel_rule_write(rule, &text);
	buffer_printf(to, "auditctl %s", option);
	for (struct span rest = span_skip(buffer_span(&text), 3); rest.len;) {
		size_t len = span_index(rest, ' ');
		buffer_add_byte(to, ' ');
		write_word(to, span_first(rest, len));
		rest = span_skip(rest, len + 1);
	}
	to->failed |= text.failed;
	buffer_finish(&text);
}
