/* A sift is made: which bytes of a text are its print, and which bucket it goes into. */
#include <stdlib.h>

#include "match/fold.h"
#include "match/sift_parts.h"

/* ---- prints ---- */

/* How many of a hundred thousand bytes of audit logs, or of hex digits in them, are this one, about. */
static unsigned share_of(unsigned char c, bool hex)
{
	if (hex)
		return c == '6' ? 25000 : c && strchr("072", c) ? 13000 : c == '4' ? 2000 : 5000;
	if (c >= '0' && c <= '9')
		return c < '8' ? 4000 : 1500;
	if (strchr("=\" ", c) && c)
		return 6000;
	if (c && strchr("aeioudsprtnmcl/_", c))
		return 2500;
	if (c >= 'A' && c <= 'F')
		return 1500;
	if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == ':' || c == '-')
		return c && strchr("jkqvwxyz", c) ? 300 : 900;
	return 100;
}

/* The byte values that can stand at that place of the text: into `set`; how many. */
static unsigned values_at(const struct sift_wanted *wanted, size_t at, unsigned char set[4])
{
	static const char lower[] = "0123456789abcdef", upper[] = "0123456789ABCDEF";
	unsigned char c = (unsigned char)wanted->text[wanted->hex ? at / 2 : at];
	bool letter = wanted->ignore_case && c >= 'a' && c <= 'z';
	unsigned count = 0;

	if (!wanted->hex) {
		set[count++] = c;
		if (letter)
			set[count++] = c ^ 0x20;
		return count;
	}
	for (unsigned variant = 0; variant < (letter ? 2u : 1u); variant++) {
		unsigned value = variant ? c ^ 0x20u : c, digit = at % 2 ? value & 15 : value >> 4;
		bool told = count && (set[0] == (unsigned char)lower[digit] || set[0] == (unsigned char)upper[digit]);
		if (told)
			continue;
		set[count++] = (unsigned char)upper[digit];
		if (lower[digit] != upper[digit])
			set[count++] = (unsigned char)lower[digit];
	}
	return count;
}

/* What most of a log looks like: a print that stands in it is a bad one. */
static const char sample[] =
	"\ntype=SYSCALL msg=audit(1718000000.003:4807221): arch=c000003e syscall=257 success=yes exit=3 a0=ffffff9c "
	"a1=55dd869bd268 a2=80000 a3=1b6 items=1 ppid=204021 pid=204096 auid=4294967295 uid=1000 gid=0 euid=0 suid=0 "
	"fsuid=0 egid=0 sgid=0 fsgid=0 tty=(none) ses=4294967295 comm=\"systemd-journal\" "
	"exe=\"/usr/lib/systemd/python3\" "
	"subj=system_u:system_r:sshd_t:s0-s0:c0.c1023 key=\"file_access\"\x1d"
	"ARCH=x86_64 SYSCALL=openat AUID=\"root\" "
	"UID=\"root\" GID=\"root\" EUID=\"root\" SUID=\"root\" FSUID=\"root\" EGID=\"root\" SGID=\"root\" "
	"FSGID=\"root\"\n"
	"type=CWD msg=audit(1718000000.003:4807221): cwd=\"/home/deploy\"\ntype=PATH "
	"msg=audit(1718000000.003:4807221): "
	"item=1 name=\"/usr/share/lib/modules/etc/passwd.conf\" inode=131373 dev=fd:00 mode=0100644 ouid=0 ogid=0 "
	"rdev=00:00 obj=system_u:object_r:lib_t:s0 nametype=NORMAL cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0 cap_frootid=0"
	"OUID=\"root\" OGID=\"root\"\nnametype=PARENT nametype=CREATE dev=08:01 mode=040755 mode=0100600\n"
	"type=EXECVE msg=audit(1718000000.003:4807221): argc=3 a0=\"/bin/sh\" a1=\"-c\"\ntype=PROCTITLE "
	"msg=audit(1718000000.003:4807221): proctitle=2F7573722F62696E2F646F636B657264002D480066643A2F2F002D2D636F6E\n"
	"type=USER_START msg=audit(1718000000.003:4807222): pid=204021 uid=0 auid=1000 ses=42 msg='op=PAM:session_open "
	"grantors=pam_unix acct=\"root\" exe=\"/usr/sbin/cron\" hostname=? addr=? terminal=cron res=success'\n";

static bool holds(const unsigned char *set, unsigned count, char c)
{
	while (count--)
		if (set[count] == (unsigned char)c)
			return true;
	return false;
}

/* How often a print that begins there is met, relative to others. */
static double share_of_print(const struct sift_wanted *wanted, size_t print)
{
	unsigned char sets[SIFT_PRINT][4];
	unsigned counts[SIFT_PRINT] = { 0 };
	double share = 1;
	size_t met = 0;

	for (size_t i = 0; i < SIFT_PRINT && print + i < wanted->span; i++) {
		double sum = 0;
		counts[i] = values_at(wanted, print + i, sets[i]);
		for (unsigned k = 0; k < counts[i]; k++)
			sum += share_of(sets[i][k], wanted->hex) / 1e5;
		share *= sum;
	}
	for (size_t at = 0; at + SIFT_PRINT < sizeof(sample); at++) {
		size_t i = 0;
		while (i < SIFT_PRINT && (!counts[i] || holds(sets[i], counts[i], sample[at + i])))
			i++;
		met += i == SIFT_PRINT;
	}
	return share + (double)met / sizeof(sample);
}

static void choose_print(struct sift_wanted *wanted)
{
	double best = 2;

	for (size_t print = 0; print == 0 || print + SIFT_PRINT <= wanted->span; print++) {
		double share = share_of_print(wanted, print);
		if (share < best)
			best = share, wanted->print = (uint8_t)print;
	}
}

/* ---- buckets ---- */

static void enter(struct sift *sift, const struct sift_wanted *wanted, uint8_t bit)
{
	for (size_t i = 0; i < SIFT_PRINT; i++) {
		unsigned char set[4];
		unsigned count = wanted->print + i < wanted->span ? values_at(wanted, wanted->print + i, set) : 0;
		for (unsigned c = 0; !count && c < 256; c++)
			sift->by_byte[i][c] |= bit;
		while (count--)
			sift->by_byte[i][set[count]] |= bit;
	}
}

/* How often the bucket would be met if the text were in it, too. */
static double share_of_bucket(const struct sift *sift, const struct sift_wanted *wanted, uint8_t bit,
			      const double shares[256])
{
	struct sift with = *sift;
	double share = 1;
	size_t met = 0;

	enter(&with, wanted, bit);
	for (size_t i = 0; i < SIFT_PRINT; i++) {
		double sum = 0;
		for (unsigned c = 0; c < 256; c++)
			sum += with.by_byte[i][c] & bit ? shares[c] : 0;
		share *= sum < 1 ? sum : 1;
	}
	for (size_t at = 0; at + SIFT_PRINT < sizeof(sample); at++) {
		size_t i = 0;
		while (i < SIFT_PRINT && with.by_byte[i][(unsigned char)sample[at + i]] & bit)
			i++;
		met += i == SIFT_PRINT;
	}
	return share + (double)met / sizeof(sample);
}

/* Where it adds least to what has to be compared in vain. */
static void choose_bucket(struct sift *sift, struct sift_wanted *wanted, double shares[SIFT_BUCKETS])
{
	double least = 2, of_bytes[256];

	for (unsigned c = 0; c < 256; c++)
		of_bytes[c] = share_of((unsigned char)c, wanted->hex) / 1e5;
	for (unsigned i = 0; i < SIFT_BUCKETS; i++) {
		double more = share_of_bucket(sift, wanted, (uint8_t)(1u << i), of_bytes) - shares[i];
		if (more < least)
			least = more, wanted->bucket = (uint8_t)i;
	}
	enter(sift, wanted, (uint8_t)(1u << wanted->bucket));
	shares[wanted->bucket] += least;
}

/*
 * The wide readers: AVX-512 asks by the low six bits, in which digits are like
 * letters from p on, AVX2 by each half of a byte. Both may say yes where
 * by_byte says no; what they find is compared.
 */
static void fill_wide(struct sift *sift)
{
	for (size_t i = 0; i < SIFT_PRINT; i++) {
		for (unsigned c = 0; c < 256; c++) {
			sift->by_bits[i][c & 63] |= sift->by_byte[i][c];
			sift->by_low[i][c & 15] |= sift->by_byte[i][c];
			sift->by_high[i][c >> 4] |= sift->by_byte[i][c];
		}
	}
}

static void list_buckets(struct sift *sift)
{
	uint16_t at = 0;

	for (unsigned bucket = 0; bucket < SIFT_BUCKETS; bucket++) {
		sift->first[bucket] = at;
		for (size_t i = 0; i < sift->count; i++)
			if (sift->wanted[i].bucket == bucket)
				sift->order[at++] = (uint16_t)i;
	}
	sift->first[SIFT_BUCKETS] = at;
}

static bool take_text(struct sift_wanted *wanted, const struct sift_text *text)
{
	size_t span = text->hex ? 2 * text->text.len : text->text.len;

	if (span < SIFT_TEXT_MIN || text->text.len > SIFT_TEXT_MAX)
		return false;
	*wanted = (struct sift_wanted){ .len = (uint8_t)text->text.len,
					.span = (uint8_t)span,
					.ignore_case = text->ignore_case,
					.hex = text->hex };
	for (size_t i = 0; i < text->text.len; i++)
		wanted->text[i] = text->ignore_case ? (char)fold(text->text.data[i]) : text->text.data[i];
	choose_print(wanted);
	return true;
}

static enum sift_level best_level(void)
{
	for (enum sift_level level = SIFT_LEVELS; level-- > SIFT_PLAIN;)
		if (sift_can(level))
			return level;
	return SIFT_PLAIN;
}

struct sift *sift_create(const struct sift_text *texts, size_t count, struct err *err)
{
	struct sift *sift = calloc(1, sizeof(*sift));
	double shares[SIFT_BUCKETS] = { 0 };

	if (count > SIFT_TEXTS_MAX) {
		err_set(err, -E2BIG, "more than %u texts to look for", SIFT_TEXTS_MAX);
		free(sift);
		return NULL;
	}
	if (sift)
		sift->wanted = calloc(count + 1, sizeof(*sift->wanted));
	if (!sift || !sift->wanted) {
		err_set(err, -ENOMEM, "out of memory");
		sift_destroy(sift);
		return NULL;
	}
	for (; sift->count < count; sift->count++) {
		if (!take_text(&sift->wanted[sift->count], &texts[sift->count])) {
			err_set(err, -EINVAL, "a text to look for is not of %u to %u bytes", SIFT_TEXT_MIN,
				SIFT_TEXT_MAX);
			sift_destroy(sift);
			return NULL;
		}
		choose_bucket(sift, &sift->wanted[sift->count], shares);
	}
	fill_wide(sift);
	list_buckets(sift);
	sift->level = best_level();
	return sift;
}

void sift_destroy(struct sift *sift)
{
	if (!sift)
		return;
	free(sift->wanted);
	free(sift);
}
