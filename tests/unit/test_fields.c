/* model/fields.h and the names of record types: the reader over bodies as logs hold them, and over bytes that no log should. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "model/fields.h"
#include "model/record.h"

static struct arena arena;

/* All fields as "name|value" joined by blanks, a quoted one as name|"value". */
static const char *read_all(struct span body)
{
	static char text[4096];
	struct field field;
	size_t len = 0;

	text[0] = '\0';
	while (field_next(&body, &field)) {
		const char *quote = field.quoted ? "\"" : "";
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%.*s|%s%.*s%s", len ? " " : "",
					(int)field.name.len, field.name.data, quote, (int)field.value.len,
					field.value.data, quote);
		assert_true(len < sizeof(text));
	}
	return text;
}

#define READS(body, expected) assert_string_equal(read_all(SPAN(body)), expected)

static void plain_and_quoted(void **state)
{
	READS("", "");
	READS("   ", "");
	READS("a", "");
	READS("=", "");
	READS("a=", "a|");
	READS("a= b=2", "a| b|2");
	READS("arch=c000003e syscall=257 success=no exit=-13", "arch|c000003e syscall|257 success|no exit|-13");
	READS("comm=\"cat\" exe=\"/usr/bin/cat\" key=(null)", "comm|\"cat\" exe|\"/usr/bin/cat\" key|(null)");
	READS("name=\"\" inode=1", "name|\"\" inode|1");
	READS("name=(null) nametype=UNKNOWN", "name|(null) nametype|UNKNOWN");
	READS("avc:  denied  { read } for  pid=1563 comm=\"httpd\"", "pid|1563 comm|\"httpd\"");
	READS("old auid=4294967295 new auid=0", "auid|4294967295 auid|0");
	READS("subj=kernel unconfined key=\"k\"", "subj|kernel key|\"k\"");
	READS("subj==unconfined exe=\"/x\"", "subj|=unconfined exe|\"/x\"");
	READS("a1_len=16384 a1[0]=2F62 a1[1]=63", "a1_len|16384 a1[0]|2F62 a1[1]|63");
	READS("a=1\r", "a|1");
	READS("a=1\nb=2\tc=3", "a|1 b|2 c|3");
}

static void quotes_that_never_close(void **state)
{
	READS("pid=1 exe=\"/usr/bin/ca pid=2", "pid|1 exe|\"/usr/bin/ca pid=2\"");
	READS("msg='op=x res=1", "msg|\"op=x res=1\"");
	READS("exe=\"", "exe|\"\"");
	READS("a={ b=1 c={ d", "a|\" b=1 c={ d\"");
	READS("msg='", "msg|\"\"");
}

static void user_space_messages(void **state)
{
	READS("pid=1 msg='op=login exe=\"/usr/sbin/sshd\" res=success'",
	      "pid|1 msg|\"op=login exe=\"/usr/sbin/sshd\" res=success\"");
	/* the program's own text may hold the quote: the last one closes */
	READS("msg='op=x acct=o'brien res=success' UID=\"root\"", "msg|\"op=x acct=o'brien res=success\" UID|\"root\"");
	READS("data='a' b='c'", "data|\"a\" b|\"c\"");
}

static void lost_separators(void **state)
{
	READS("key=\"x\"ARCH=x86_64 SYSCALL=openat", "key|\"x\" ARCH|x86_64 SYSCALL|openat");
	READS("key=(null)ARCH=x86_64", "key|(null) ARCH|x86_64");
	READS("key=6162ARCH=x86_64", "key|6162 ARCH|x86_64");
	READS("cap_frootid=0OUID=\"root\" OGID=\"root\"", "cap_frootid|0 OUID|\"root\" OGID|\"root\"");
	READS("nametype=NORMALOUID=\"root\"", "nametype|NORMAL OUID|\"root\"");
	READS("ouid=0FSUID=\"user\"", "ouid|0 FSUID|\"user\"");
	READS("ses=4294967295AUID=\"unset\"", "ses|4294967295 AUID|\"unset\"");
	READS("res=success'UID=\"root\"", "res|success UID|\"root\"");
	READS("msg='op=x res=success'UID=\"root\" AUID=\"unset\"",
	      "msg|\"op=x res=success\" UID|\"root\" AUID|\"unset\"");
	READS("saddr=0200SADDR={ saddr_fam=inet laddr=1.2.3.4 lport=22 } a=1",
	      "saddr|0200 SADDR|\" saddr_fam=inet laddr=1.2.3.4 lport=22 \" a|1");
	READS("key=\"x\"#035ARCH=x86_64", "key|\"x\" ARCH|x86_64");
	READS("key=(null)#035ARCH=x86_64", "key|(null) ARCH|x86_64");
	READS("res=success'#035UID=\"root\"", "res|success UID|\"root\"");
	READS("key=\"x\"\035ARCH=x86_64", "key|\"x\" ARCH|x86_64");
	READS("a=1\035UID=\"root\"", "a|1 UID|\"root\"");
	/* not every '=' in a value is an enrichment */
	READS("cmd=a=b c=d", "cmd|a=b c|d");
	READS("opt=ARCH=x", "opt|ARCH=x");
	READS("name=\"/tmp/#035x\"", "name|\"/tmp/#035x\"");
}

static void finding(void **state)
{
	struct field field;
	struct span body = SPAN("auid=1 uid=2 gid=3 uid=4 msg='exe=\"/x\"'");

	assert_true(field_find(body, SPAN("uid"), &field));
	assert_true(span_equal(field.value, SPAN("2"))); /* the first of that name */
	assert_false(field_find(body, SPAN("id"), &field));
	assert_false(field_find(body, SPAN("exe"), &field)); /* inside of msg: not the kernel's */
	assert_false(field_find((struct span){ NULL, 0 }, SPAN("uid"), &field));
}

static struct span text_of(struct span body)
{
	struct field field;

	assert_true(field_next(&body, &field));
	return field_text(&field, &arena);
}

#define TEXT(body, expected)                                        \
	do {                                                        \
		struct span text = text_of(SPAN(body));             \
		assert_non_null(text.data);                         \
		assert_int_equal(text.len, sizeof(expected) - 1);   \
		assert_memory_equal(text.data, expected, text.len); \
	} while (0)

static void untrusted_text(void **state)
{
	TEXT("exe=\"/usr/bin/cat\"", "/usr/bin/cat");
	TEXT("exe=2F746D702F61202862", "/tmp/a (b");
	TEXT("proctitle=636174002F6574632F736861646F77", "cat\0/etc/shadow");
	TEXT("name=FF00", "\xff\0");
	TEXT("name=cafe", "cafe"); /* lower case is nobody's hex: an interpreted word */
	TEXT("name=2F6", "2F6");   /* odd: cut or no hex */
	TEXT("name=\"2F62\"", "2F62");
	TEXT("name=\"\"", "");
	TEXT("name=\"(null)\"", "(null)");
	TEXT("tty=pts0", "pts0");
	assert_null(text_of(SPAN("name=(null)")).data);
	assert_null(text_of(SPAN("tty=(none)")).data);
	assert_null(text_of(SPAN("addr=?")).data);
	assert_int_equal(text_of(SPAN("name=")).len, 0);
}

static void numbers(void **state)
{
	struct field field;
	uint32_t u32;
	int64_t i64;
	uint64_t u64;

#define WITH(text) (field = (struct field){ .value = SPAN(text) }, &field)
	assert_true(field_u32(WITH("4294967295"), &u32) && u32 == UINT32_MAX);
	assert_true(field_u32(WITH("-1"), &u32) && u32 == UINT32_MAX);
	assert_true(field_u32(WITH("12,"), &u32) && u32 == 12);
	assert_false(field_u32(WITH("4294967296"), &u32));
	assert_false(field_u32(WITH("-2"), &u32));
	assert_false(field_u32(WITH(""), &u32));
	assert_false(field_u32(WITH("root"), &u32));
	assert_false(field_u32(WITH("12abc"), &u32));
	assert_false(field_u32(WITH("99999999999999999999999"), &u32));
	assert_true(field_i64(WITH("-13"), &i64) && i64 == -13);
	assert_true(field_i64(WITH("140737354129408"), &i64) && i64 == 140737354129408);
	assert_true(field_i64(WITH("-9223372036854775808"), &i64) && i64 == INT64_MIN);
	assert_false(field_i64(WITH("9223372036854775808"), &i64));
	assert_false(field_i64(WITH("-"), &i64));
	assert_true(field_u64_hex(WITH("ffffff9c"), &u64) && u64 == 0xffffff9c);
	assert_true(field_u64_hex(WITH("0xC000003E"), &u64) && u64 == 0xc000003e);
	assert_false(field_u64_hex(WITH("0x"), &u64));
	assert_false(field_u64_hex(WITH("10000000000000000"), &u64));
	assert_false(field_u64_hex(WITH("3g"), &u64));
#undef WITH
}

static void writing(void **state)
{
	struct buffer body = { 0 };

	field_add_text(&body, "comm", SPAN("cat"));
	field_add_text(&body, "exe", SPAN("/tmp/a b"));
	field_add_text(&body, "name", SPAN(""));
	field_add_text(&body, "cwd", (struct span){ NULL, 0 });
	field_add_text(&body, "x", SPAN("\x7f"));
	field_add_plain(&body, "subj", SPAN("a b\"c\n"));
	field_add_plain(&body, "brace", SPAN("{x}"));
	field_add_number(&body, "exit", -13);
	field_add_number(&body, "min", INT64_MIN);
	field_add_number(&body, "zero", 0);
	buffer_add_byte(&body, '\0');
	assert_string_equal(
		body.data, "comm=\"cat\" exe=2F746D702F612062 name=\"\" cwd=(null) x=7F subj=a_b_c_ brace=_x} exit=-13 "
			   "min=-9223372036854775808 zero=0");
	buffer_finish(&body);
}

/* Whatever bytes a text has, it is read back as it was written. */
static void writing_and_reading(void **state)
{
	srand(1);
	for (int round = 0; round < 20000; round++) {
		char bytes[24];
		struct span text = { bytes, (size_t)rand() % sizeof(bytes) };
		struct buffer body = { 0 };
		struct field field;
		for (size_t i = 0; i < text.len; i++)
			bytes[i] = (char)(rand() % 4 ? ' ' + rand() % 96 : rand());
		field_add_text(&body, "a", SPAN("x"));
		field_add_text(&body, "name", text);
		field_add_number(&body, "inode", 7);
		assert_true(field_find(buffer_span(&body), SPAN("name"), &field));
		struct span back = field_text(&field, &arena);
		assert_int_equal(back.len, text.len);
		if (text.len)
			assert_memory_equal(back.data, text.data, text.len);
		assert_true(field_find(buffer_span(&body), SPAN("inode"), &field));
		buffer_finish(&body);
		arena_reset(&arena);
	}
}

/* Every call takes bytes off the front, and what it hands out lies inside of the body. */
static void any_bytes(void **state)
{
	static const char alphabet[] = "a=\"' \035{}#035UIDARCH\0\n";

	srand(2);
	for (int round = 0; round < 50000; round++) {
		size_t len = (size_t)rand() % 48;
		char *bytes = malloc(len ? len : 1);
		for (size_t i = 0; i < len; i++)
			bytes[i] = alphabet[(size_t)rand() % (sizeof(alphabet) - 1)];
		struct span body = { bytes, len };
		struct field field;
		for (size_t before = len; field_next(&body, &field); before = body.len) {
			assert_true(body.len < before);
			assert_true(field.name.len > 0);
			assert_true(field.name.data >= bytes && field.value.data + field.value.len <= bytes + len);
		}
		free(bytes);
	}
}

static void type_names(void **state)
{
	assert_int_equal(record_type_of(SPAN("SYSCALL")), 1300);
	assert_int_equal(record_type_of(SPAN("PATH")), 1302);
	assert_int_equal(record_type_of(SPAN("USER_CMD")), 1123);
	assert_int_equal(record_type_of(SPAN("URINGOP")), 1336);
	assert_int_equal(record_type_of(SPAN("1300")), 1300);
	assert_int_equal(record_type_of(SPAN("UNKNOWN[1329]")), 1329);
	assert_int_equal(record_type_of(SPAN("AUDIT1334")), 1334);
	assert_int_equal(record_type_of(SPAN("")), 0);
	assert_int_equal(record_type_of(SPAN("UNKNOWN[")), 0);
	assert_int_equal(record_type_of(SPAN("UNKNOWN[]")), 0);
	assert_int_equal(record_type_of(SPAN("UNKNOWN[13x]")), 0);
	assert_int_equal(record_type_of(SPAN("syscall")), 0);
	assert_int_equal(record_type_of(SPAN("SYSCALLS")), 0);
	assert_int_equal(record_type_of(SPAN("99999")), 0);
	assert_null(record_type_name(0));
	assert_null(record_type_name(999));
	assert_null(record_type_name(1301));
	assert_null(record_type_name(65535));
	int known = 0;
	for (unsigned type = 0; type <= UINT16_MAX; type++) {
		const char *name = record_type_name((uint16_t)type);
		if (!name)
			continue;
		assert_int_equal(record_type_of(span_of(name)), type);
		known++;
	}
	assert_true(known > 190);
}

/* kernel/audit.c: audit_string_contains_control() */
static void hex_where_the_kernel_writes_it(void **state)
{
	struct buffer body = { 0 };

	for (size_t at = 0; at < 20; at++) {
		for (unsigned byte = 0; byte < 256; byte++) {
			char text[20];
			memset(text, 'x', sizeof(text));
			text[at] = (char)byte;
			bool plain = byte > 0x20 && byte < 0x7f && byte != '"';
			buffer_reset(&body);
			field_add_text(&body, "a", (struct span){ text, sizeof(text) });
			assert_int_equal(body.len, plain ? 2 + 2 + sizeof(text) : 2 + 2 * sizeof(text));
		}
	}
	buffer_finish(&body);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_and_quoted),
		cmocka_unit_test(quotes_that_never_close),
		cmocka_unit_test(user_space_messages),
		cmocka_unit_test(lost_separators),
		cmocka_unit_test(finding),
		cmocka_unit_test(untrusted_text),
		cmocka_unit_test(numbers),
		cmocka_unit_test(writing),
		cmocka_unit_test(hex_where_the_kernel_writes_it),
		cmocka_unit_test(writing_and_reading),
		cmocka_unit_test(any_bytes),
		cmocka_unit_test(type_names),
	};

	arena_init(&arena, 0);
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	arena_finish(&arena);
	return failed;
}
