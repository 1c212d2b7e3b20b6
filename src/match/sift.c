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

/*
 * The byte values that can stand at that place of the text: into `set`; how many. Two differ in one bit: as letters of
 * either case do, and the high digits 4 and 6 or 5 and 7 of such a letter in hex. 0: any can, behind the text.
 */
static unsigned values_at(const struct sift_wanted *wanted, size_t at, unsigned char set[2])
{
	static const char lower[] = "0123456789abcdef", upper[] = "0123456789ABCDEF";
	unsigned char c = at < wanted->span ? (unsigned char)wanted->text[wanted->hex ? at / 2 : at] : 0;
	bool letter = wanted->ignore_case && c >= 'a' && c <= 'z';
	unsigned count = 0;

	if (at >= wanted->span)
		return 0;
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
	"msg=audit(1718000000.003:4807221): "
	"proctitle="
	"2F7573722F62696E2F646F636B657264002D480066643A2F2F002D2D636F6E2F7573722F6C6962657865632F676363202F6F70742F6170"
	"702F6C6F63616C2F73746174652E636F6E66202D2D6C6F673D2F7661722F6C6F672F616363657373202D63206563686F00696E7374616C"
	"6C206D6F64756C652E736F207573657240686F73742E6F72673A38303830\n"
	"type=USER_START msg=audit(1718000000.003:4807222): pid=204021 uid=0 auid=1000 ses=42 msg='op=PAM:session_open "
	"grantors=pam_unix acct=\"root\" exe=\"/usr/sbin/cron\" hostname=? addr=? terminal=cron res=success'\n";

/* ---- what is met ---- */

#define SIGHTS 16 /* as many as are looked at together */

/* By class: of bytes of a log, and of hex digits in it; and the sample. */
struct usual {
	double bytes[SIFT_CLASSES], digits[SIFT_CLASSES];
	uint8_t sample[sizeof(sample)];
};

/* Prints, or buckets of them, by the bits of a word: which classes may stand at each of their places. */
struct sights {
	uint16_t may[SIFT_PRINT][SIFT_CLASSES];
};

static void learn(struct usual *usual)
{
	*usual = (struct usual){ 0 };
	for (unsigned c = 0; c < 256; c++) {
		bool digit = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F');
		usual->bytes[sift_class((unsigned char)c)] += share_of((unsigned char)c, false) / 1e5;
		usual->digits[sift_class((unsigned char)c)] += digit ? share_of((unsigned char)c, true) / 1e5 : 0;
	}
	for (size_t i = 0; i < sizeof(sample); i++)
		usual->sample[i] = (uint8_t)sift_class((unsigned char)sample[i]);
}

static void count_met(const struct usual *usual, const struct sights *sights, unsigned met[SIGHTS])
{
	memset(met, 0, SIGHTS * sizeof(*met));
	for (size_t at = 0; at + SIFT_PRINT < sizeof(sample); at++) {
		const uint8_t *here = &usual->sample[at];
		unsigned bits = sights->may[0][here[0]] & sights->may[1][here[1]] & sights->may[2][here[2]] &
				sights->may[3][here[3]];
		for (size_t i = 4; i < SIFT_PRINT && bits; i++)
			bits &= sights->may[i][here[i]];
		for (; bits; bits &= bits - 1)
			met[__builtin_ctz(bits)]++;
	}
}

/*
 * How often each of them is met, relative to others. Less of a log is hex than is not, but what stands there in hex is
 * more alike than its single digits tell: both count the same.
 */
static void shares_of(const struct usual *usual, const struct sights *sights, double shares[SIGHTS])
{
	unsigned met[SIGHTS];

	count_met(usual, sights, met);
	for (unsigned bit = 0; bit < SIGHTS; bit++) {
		double among_bytes = 1, among_digits = 1;
		for (size_t i = 0; i < SIFT_PRINT; i++) {
			double bytes = 0, digits = 0;
			for (unsigned c = 0; c < SIFT_CLASSES; c++) {
				bool may = sights->may[i][c] >> bit & 1;
				bytes += may ? usual->bytes[c] : 0;
				digits += may ? usual->digits[c] : 0;
			}
			among_bytes *= bytes < 1 ? bytes : 1;
			among_digits *= digits;
		}
		shares[bit] = among_bytes + among_digits + (double)met[bit] / sizeof(sample);
	}
}

/* Adds the print that begins there to those of the bits. */
static void add_print(struct sights *sights, const struct sift_wanted *wanted, size_t print, unsigned bits)
{
	for (size_t i = 0; i < SIFT_PRINT; i++) {
		unsigned char set[2];
		unsigned count = values_at(wanted, print + i, set);
		for (unsigned c = 0; !count && c < SIFT_CLASSES; c++)
			sights->may[i][c] |= (uint16_t)bits;
		while (count--)
			sights->may[i][sift_class(set[count])] |= (uint16_t)bits;
	}
}

static void choose_print(const struct usual *usual, struct sift_wanted *wanted)
{
	size_t prints = wanted->span > SIFT_PRINT ? wanted->span - SIFT_PRINT + 1u : 1;
	double least = 1e9, shares[SIGHTS];

	for (size_t first = 0; first < prints; first += SIGHTS) {
		struct sights sights = { 0 };
		for (size_t i = 0; i < SIGHTS && first + i < prints; i++)
			add_print(&sights, wanted, first + i, 1u << i);
		shares_of(usual, &sights, shares);
		for (size_t i = 0; i < SIGHTS && first + i < prints; i++)
			if (shares[i] < least)
				least = shares[i], wanted->print = (uint8_t)(first + i);
	}
}

/* ---- buckets ---- */

/* Where it adds least to what has to be compared in vain. The high bits of `buckets`: the same with the text in each. */
static uint8_t choose_bucket(const struct usual *usual, struct sights *buckets, const struct sift_wanted *wanted)
{
	double shares[SIGHTS];
	const double *after = shares + SIFT_BUCKETS;
	unsigned best = 0;

	add_print(buckets, wanted, wanted->print, 0xff00);
	shares_of(usual, buckets, shares);
	for (unsigned i = 1; i < SIFT_BUCKETS; i++)
		if (after[i] - shares[i] < after[best] - shares[best])
			best = i;
	return (uint8_t)best;
}

/* One text after the other, and once more: the first ones did not know what would come behind them. */
static void choose_buckets(struct sift *sift, const struct usual *usual)
{
	for (size_t i = 0; i < 2 * sift->count; i++) {
		struct sift_wanted *wanted = &sift->wanted[i % sift->count];
		struct sights buckets = { 0 };
		for (size_t other = 0; other < (i < sift->count ? i : sift->count); other++)
			if (&sift->wanted[other] != wanted)
				add_print(&buckets, &sift->wanted[other], sift->wanted[other].print,
					  0x101u << sift->wanted[other].bucket);
		wanted->bucket = choose_bucket(usual, &buckets, wanted);
	}
}

static struct sift_print word_of(const struct sift_wanted *wanted)
{
	struct sift_print print = { 0 };

	for (size_t i = 0; i < SIFT_PRINT; i++) {
		unsigned char set[2];
		unsigned count = values_at(wanted, wanted->print + i, set);
		uint64_t bits = count ? set[0] : 0, mask = count == 2 ? 0xffu & ~(set[0] ^ set[1]) : count ? 0xff : 0;
		print.mask |= mask << 8 * i;
		print.bits |= (bits & mask) << 8 * i;
	}
	return print;
}

static void list_buckets(struct sift *sift)
{
	uint16_t at = 0;

	for (unsigned bucket = 0; bucket < SIFT_BUCKETS; bucket++) {
		sift->first[bucket] = at;
		for (size_t i = 0; i < sift->count; i++) {
			if (sift->wanted[i].bucket != bucket)
				continue;
			sift->prints[at] = word_of(&sift->wanted[i]);
			sift->order[at++] = (uint16_t)i;
		}
	}
	sift->first[SIFT_BUCKETS] = at;
}

static void enter(struct sift *sift, const struct sift_print *print, uint8_t bucket)
{
	for (size_t i = 0; i < SIFT_PRINT; i++)
		for (unsigned c = 0; c < 256; c++)
			if ((c & (print->mask >> 8 * i)) == (print->bits >> 8 * i & 0xff))
				sift->by_byte[i][c] |= (uint8_t)(1u << bucket);
}

static void fill_tables(struct sift *sift)
{
	for (size_t i = 0; i < sift->count; i++)
		enter(sift, &sift->prints[i], sift->wanted[sift->order[i]].bucket);
	for (size_t i = 0; i < SIFT_PRINT; i++) {
		for (unsigned c = 0; c < 256; c++) {
			sift->by_code[i][sift_code((unsigned char)c)] |= sift->by_byte[i][c];
			sift->by_class[i][sift_class((unsigned char)c)] |= sift->by_byte[i][c];
		}
	}
}

static bool take_text(struct sift_wanted *wanted, const struct sift_text *text)
{
	size_t span = text->hex ? 2 * text->text.len : text->text.len;

	if (span < SIFT_TEXT_MIN || text->text.len > SIFT_TEXT_MAX)
		return false;
	*wanted = (struct sift_wanted){ .len = (uint8_t)text->text.len,
					.span = (uint8_t)span,
					.ignore_case = text->ignore_case,
					.whole = span <= SIFT_PRINT,
					.hex = text->hex };
	for (size_t i = 0; i < text->text.len; i++)
		wanted->text[i] = text->ignore_case ? (char)fold(text->text.data[i]) : text->text.data[i];
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
	struct usual usual;

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
	learn(&usual);
	for (; sift->count < count; sift->count++) {
		if (!take_text(&sift->wanted[sift->count], &texts[sift->count])) {
			err_set(err, -EINVAL, "a text to look for is not of %u to %u bytes", SIFT_TEXT_MIN,
				SIFT_TEXT_MAX);
			sift_destroy(sift);
			return NULL;
		}
		choose_print(&usual, &sift->wanted[sift->count]);
	}
	choose_buckets(sift, &usual);
	list_buckets(sift);
	fill_tables(sift);
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
