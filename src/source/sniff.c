#include "source/sniff.h"

struct magic {
	struct span bytes;
	size_t at;
	enum content content;
};

static const struct magic magics[] = {
	{ SPAN("\x1f\x8b"), 0, CONTENT_COMPRESSED }, /* gzip, RFC 1952 */
	{ SPAN("\xfd"
	       "7zXZ\0"),
	  0, CONTENT_COMPRESSED },			     /* xz */
	{ SPAN("\x28\xb5\x2f\xfd"), 0, CONTENT_COMPRESSED }, /* zstd, RFC 8878 */
	{ SPAN("BZh"), 0, CONTENT_COMPRESSED },		     /* bzip2 */
	{ SPAN("\x04\x22\x4d\x18"), 0, CONTENT_COMPRESSED }, /* lz4 frame */
	{ SPAN("\x02\x21\x4c\x18"), 0, CONTENT_COMPRESSED }, /* lz4 legacy, as the kernel's */
	{ SPAN("PK\3\4"), 0, CONTENT_ZIP },
	{ SPAN("PK\5\6"), 0, CONTENT_ZIP },	  /* an empty one */
	{ SPAN("LPKSHHRH"), 0, CONTENT_JOURNAL }, /* systemd, JOURNAL_FILE_FORMAT */
	{ SPAN("\x7f"
	       "ELF"),
	  0, CONTENT_BINARY },
	{ SPAN("SQLite format 3"), 0, CONTENT_BINARY },
	{ SPAN("\x89PNG"), 0, CONTENT_BINARY },
	{ SPAN("%PDF-"), 0, CONTENT_BINARY },
	{ SPAN("7z\xbc\xaf\x27\x1c"), 0, CONTENT_BINARY },
};

/* POSIX ustar and the older ones alike: the header's checksum, octal at 148, counts itself as spaces. */
static bool is_tar(struct span head)
{
	uint64_t sum = 0, told = 0;
	size_t i = 148;

	if (head.len < 512 || head.data[0] == '\0')
		return false;
	for (; i < 156 && (head.data[i] == ' ' || head.data[i] == '0'); i++)
		;
	for (; i < 156 && head.data[i] >= '0' && head.data[i] <= '7'; i++)
		told = told * 8 + (uint64_t)(head.data[i] - '0');
	for (i = 0; i < 512; i++)
		sum += i >= 148 && i < 156 ? ' ' : (unsigned char)head.data[i];
	return sum == told;
}

static bool is_control(unsigned char c)
{
	return c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != 0x1d && c != 0x1b;
}

/*
 * Logs hold stray NULs (a crash, a hostile name), so a few prove nothing, and
 * nobody may hide a log by writing some into it. Of random bytes, one in ten
 * is a control byte.
 */
static bool is_binary(struct span head)
{
	size_t controls = 0;

	for (size_t i = 0; i < head.len; i++)
		controls += is_control((unsigned char)head.data[i]);
	return controls > head.len / 16 && span_find(head, SPAN("msg=audit(")) == head.len;
}

enum content sniff_content(struct span head)
{
	if (head.len == 0)
		return CONTENT_EMPTY;
	for (size_t i = 0; i < sizeof(magics) / sizeof(*magics); i++)
		if (span_starts(span_skip(head, magics[i].at), magics[i].bytes))
			return magics[i].content;
	if (is_tar(head))
		return CONTENT_TAR;
	return is_binary(head) ? CONTENT_BINARY : CONTENT_TEXT;
}

static size_t digits(struct span s)
{
	size_t i = 0;

	while (i < s.len && s.data[i] >= '0' && s.data[i] <= '9')
		i++;
	return i;
}

/* "Jan  2 03:04:05 " */
static bool has_bsd_stamp(struct span line)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

	if (line.len < 15 || line.data[3] != ' ' || line.data[9] != ':' || line.data[12] != ':')
		return false;
	for (size_t i = 0; i < 12; i++)
		if (memcmp(line.data, months + 3 * i, 3) == 0)
			return true;
	return false;
}

/* "2024-01-02T…", also with a space. */
static bool has_iso_stamp(struct span line)
{
	return line.len >= 11 && digits(line) == 4 && line.data[4] == '-' && digits(span_skip(line, 5)) == 2 &&
	       line.data[7] == '-' && digits(span_skip(line, 8)) == 2 && (line.data[10] == 'T' || line.data[10] == ' ');
}

static bool has_dmesg_stamp(struct span line)
{
	struct span s = span_skip(line, 1);

	while (s.len && s.data[0] == ' ')
		s = span_skip(s, 1);
	return line.len && line.data[0] == '[' && digits(s) && span_starts(span_skip(s, digits(s)), SPAN("."));
}

bool sniff_begins_line(struct span line)
{
	static const struct span beginnings[] = {
		SPAN("type="), SPAN("node="),	  SPAN("host="),
		SPAN("----"),  SPAN("time->"),	  SPAN("{"),
		SPAN("[{"),    SPAN("__CURSOR="), SPAN("__REALTIME_TIMESTAMP="),
	};

	if (line.len > 3 && line.data[0] == '<' && digits(span_skip(line, 1))) {
		line = span_skip(line, span_index(line, '>') + 1);
		if (span_starts(line, SPAN("1 ")))
			line = span_skip(line, 2); /* RFC 5424's version */
	}
	if (has_bsd_stamp(line) || has_iso_stamp(line) || has_dmesg_stamp(line))
		return true;
	for (size_t i = 0; i < sizeof(beginnings) / sizeof(*beginnings); i++)
		if (span_starts(line, beginnings[i]))
			return true;
	return false;
}

static bool is_log_line(struct span line)
{
	static const struct span anywhere[] = { SPAN("audit("), SPAN("ActionType"), SPAN("DeviceName") };

	for (size_t i = 0; i < sizeof(anywhere) / sizeof(*anywhere); i++)
		if (span_find(line, anywhere[i]) < line.len)
			return true;
	return sniff_begins_line(line);
}

bool sniff_is_log(struct span head)
{
	while (head.len) {
		size_t newline = span_index(head, '\n');
		if (is_log_line(span_trim(span_first(head, newline))))
			return true;
		head = span_skip(head, newline + 1);
	}
	return false;
}
