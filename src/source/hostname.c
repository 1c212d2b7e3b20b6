#include "source/hostname.h"

static bool is_name_byte(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.' ||
	       c == '_';
}

static struct span checked(struct span name)
{
	bool good = name.len > 0 && name.len < 254 && name.data[0] != '-' && name.data[0] != '.';

	for (size_t i = 0; i < name.len && good; i++)
		good = is_name_byte(name.data[i]);
	return good ? name : (struct span){ "", 0 };
}

struct span hostname_of_text(struct span text)
{
	struct span line = span_trim(text);

	return checked(span_trim(span_first(line, span_index(line, '\n'))));
}

struct span hostname_of_json(struct span text)
{
	static const struct span key = SPAN("\"hostname\"");

	for (size_t at; (at = span_find_nocase(text, key)) < text.len;) {
		text = span_trim(span_skip(text, at + key.len));
		if (text.len == 0 || text.data[0] != ':')
			continue;
		struct span value = span_trim(span_skip(text, 1));
		if (value.len == 0 || value.data[0] != '"')
			continue;
		value = span_skip(value, 1);
		struct span name = checked(span_first(value, span_index(value, '"')));
		if (name.len)
			return name;
	}
	return (struct span){ "", 0 };
}

static bool is_digits(struct span s, size_t count)
{
	if (s.len < count)
		return false;
	for (size_t i = 0; i < count; i++)
		if (s.data[i] < '0' || s.data[i] > '9')
			return false;
	return true;
}

/* "-2024-01-02…" or "-20240102…" */
static bool is_date(struct span s)
{
	if (s.len < 9 || s.data[0] != '-')
		return false;
	return is_digits(span_skip(s, 1), 8) ||
	       (is_digits(span_skip(s, 1), 4) && s.data[5] == '-' && is_digits(span_skip(s, 6), 2));
}

struct span hostname_of_label(struct span path)
{
	static const struct span prefixes[] = { SPAN("uac-"), SPAN("sosreport-"), SPAN("Collection-") };
	static const struct span systems[] = { SPAN("-linux"), SPAN("-android") };

	while (path.len && path.data[path.len - 1] == '/')
		path.len--;
	struct span name = span_basename(path);
	size_t prefix = 0;
	for (size_t i = 0; i < 3 && prefix == 0; i++)
		prefix = span_starts(name, prefixes[i]) ? prefixes[i].len : 0;
	name = span_skip(name, prefix);
	size_t end = 0;
	while (end < name.len && !is_date(span_skip(name, end)))
		end++;
	if (prefix == 0 || end == name.len)
		return (struct span){ "", 0 };
	name.len = end;
	for (size_t i = 0; i < 2; i++)
		if (prefix == 4 && span_ends(name, systems[i]))
			name.len -= systems[i].len;
	return checked(name);
}
