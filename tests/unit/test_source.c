/*
 * Sources end to end, over files made in a folder of their own: what comes
 * out, in which order, and what is noted.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "source/source.h"

static char folder[4096];
static struct summary summary;
static struct err failure;
static struct buffer seen;  /* of the source read last: "<member or file, its last part, + when it continues>\nlines" */
static struct buffer bytes; /* its bytes alone */
static char host[256];

static void shell(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void shell(const char *format, ...)
{
	char command[2048];
	va_list args;

	va_start(args, format);
	vsnprintf(command, sizeof(command), format, args);
	va_end(args);
	assert_int_equal(system(command), 0); /* NOLINT(cert-env33-c) */
}

/* One audit record a file, whose text tells it. */
static void log_file(const char *path, const char *text)
{
	shell("mkdir -p \"$(dirname '%s')\" && echo 'type=A msg=audit(1700000000.1:1): %s' > '%s'", path, text, path);
}

static void take_frame(const struct frame *frame)
{
	const char *name = frame->origin.member ? frame->origin.member : frame->origin.file;
	const char *last = strrchr(name, '/');

	if (frame->starts)
		buffer_printf(&seen, "%s%s ", last ? last + 1 : name, frame->continues ? "+" : "");
	assert_true(frame->starts || !frame->continues);
	assert_true(frame->bytes.len > 0);
	buffer_add(&bytes, frame->bytes);
	snprintf(host, sizeof(host), "%s", frame->host ? frame->host : "");
}

static int read_source(const char *const *paths, size_t count, const struct source_options *options)
{
	struct frame frame;
	uint64_t done, total;

	memset(&summary, 0, sizeof(summary));
	buffer_reset(&seen);
	buffer_reset(&bytes);
	*host = '\0';
	struct source *source = source_create(paths, count, options, &summary, &failure);
	if (!source)
		return -1;
	for (size_t i = 0; i < source_path_count(source); i++)
		assert_non_null(source_path(source, i));
	while (source_next(source, &frame) == 1)
		take_frame(&frame);
	assert_int_equal(source_next(source, &frame), 0);
	source_progress(source, &done, &total);
	assert_true(total == 0 || done == total);
	assert_non_null(source_current(source));
	source_destroy(source);
	buffer_add_byte(&seen, '\0');
	buffer_add_byte(&bytes, '\0');
	assert_int_equal(summary.bytes, bytes.len - 1);
	return 0;
}

static void scan_all(const char *const *paths, size_t count)
{
	assert_int_equal(read_source(paths, count, NULL), 0);
}

#define scan(...) \
	scan_all((const char *const[]){ __VA_ARGS__ }, sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *))

static bool has_note(const char *text)
{
	for (size_t i = 0; i < SUMMARY_NOTES_MAX; i++)
		if (summary.notes[i].count && strstr(summary.notes[i].text, text))
			return true;
	return false;
}

static size_t note_count(void)
{
	size_t count = 0;

	for (size_t i = 0; i < SUMMARY_NOTES_MAX; i++)
		count += summary.notes[i].count > 0;
	return count;
}

static int status(void)
{
	return summary_status(&summary);
}

static int empty_folder(void **state)
{
	return system("rm -rf -- * .[!.]*") == 0 ? 0 : -1; /* NOLINT(cert-env33-c) */
}

static void test_plain_file(void **state)
{
	shell("printf 'type=A\\r\\ntype=B\\nlast' > x.log");
	scan("x.log");
	assert_string_equal(bytes.data, "type=A\r\ntype=B\nlast");
	assert_string_equal(seen.data, "x.log ");
	assert_int_equal(summary.files, 1);
	assert_int_equal(note_count(), 0);
}

static void test_directory_in_order(void **state)
{
	log_file("d/audit.log", "e");
	log_file("d/audit.log.1", "d");
	log_file("d/audit.log.2", "c");
	log_file("d/audit.log.10", "a");
	log_file("d/audit.log.9", "b");
	shell("gzip d/audit.log.10; xz d/audit.log.9; zstd -q --rm d/audit.log.2");
	log_file("d/sub/auth.log", "f");
	scan("d");
	assert_string_equal(seen.data,
			    "audit.log.10.gz audit.log.9.xz+ audit.log.2.zst+ audit.log.1+ audit.log+ auth.log ");
	assert_int_equal(note_count(), 0);
	shell("cd d && bzip2 audit.log.1 && lz4 -q -c audit.log > audit.log.lz4 && rm audit.log");
	scan("d/");
	assert_string_equal(
		seen.data,
		"audit.log.10.gz audit.log.9.xz+ audit.log.2.zst+ audit.log.1.bz2+ audit.log.lz4+ auth.log ");
}

static void test_named_files(void **state)
{
	log_file("part1", "a");
	log_file("part2", "b");
	scan("part2", "part1");
	assert_string_equal(seen.data, "part2 part1+ ");
	log_file("audit.log", "c");
	log_file("audit.log.1", "b");
	log_file("audit.log.2", "a");
	scan("audit.log", "audit.log.1", "audit.log.2"); /* as a shell's audit.log* gives them */
	assert_string_equal(seen.data, "audit.log.2 audit.log.1+ audit.log+ ");
	log_file("a/audit.log", "a");
	log_file("b/audit.log", "b");
	scan("a/audit.log", "b/audit.log");
	assert_string_equal(seen.data, "audit.log audit.log ");
	log_file("auth.log", "b");
	scan("audit.log", "auth.log");
	assert_string_equal(seen.data, "audit.log auth.log ");
}

static void test_parts_cut_anywhere(void **state)
{
	static const struct source_options small = { .read_size = 7 };
	const char *const parts[] = { "1", "2", "3" };

	log_file("whole", "first");
	shell("sed 's/first/second/' whole > 2 && cat 2 >> whole && rm 2");
	for (int at = 1; at < 40; at++) {
		shell("head -c %d whole > 1; tail -c +%d whole | head -c %d > 2; tail -c +%d whole > 3", at, at + 1, at,
		      2 * at + 1);
		assert_int_equal(read_source(parts, 3, &small), 0);
		struct buffer split = { 0 };
		buffer_add(&split, buffer_span(&bytes));
		scan("whole");
		assert_string_equal(split.data, bytes.data);
		buffer_finish(&split);
	}
}

/* Each joined line is one frame's, of the file where it began. */
static void test_joined_lines_are_whole(void **state)
{
	const char *const paths[] = { "1", "2" };
	struct frame frame;

	shell("printf 'type=A msg=audit(1.1:1): a\\ntype=B msg=au' > 1; printf 'dit(1.1:1): b\\ntype=C "
	      "msg=audit(1.1:1): c\\n' > 2");
	memset(&summary, 0, sizeof(summary));
	struct source *source = source_create(paths, 2, NULL, &summary, &failure);
	assert_non_null(source);
	assert_int_equal(source_next(source, &frame), 1);
	assert_int_equal(source_next(source, &frame), 1);
	assert_memory_equal(frame.bytes.data, "type=B msg=audit(1.1:1): b\n", 27);
	assert_string_equal(frame.origin.file, "1");
	assert_int_equal(frame.origin.offset, 27);
	assert_false(frame.starts);
	assert_int_equal(source_next(source, &frame), 1);
	assert_string_equal(frame.origin.file, "2");
	assert_int_equal(frame.origin.offset, 14);
	assert_true(frame.starts && frame.continues);
	assert_int_equal(source_next(source, &frame), 0);
	source_destroy(source);
}

static void test_read_size_changes_nothing(void **state)
{
	const char *const paths[] = { "d", "x.tar.gz" };

	for (int i = 0; i < 5; i++)
		shell("mkdir -p d && seq -f 'type=A msg=audit(%d.%%04g:1): some text' 300 > d/audit.log.%d", i, i);
	shell("tar czf x.tar.gz d");
	assert_int_equal(read_source(paths, 2, NULL), 0);
	struct buffer whole = { 0 };
	buffer_add(&whole, buffer_span(&bytes));
	for (size_t size = 1; size < 5000; size = size * 3 + 1) {
		struct source_options options = { .read_size = size };
		assert_int_equal(read_source(paths, 2, &options), 0);
		assert_string_equal(bytes.data, whole.data);
	}
	buffer_finish(&whole);
}

static void test_archives(void **state)
{
	static const char *const packers[] = { "tar cf x d",
					       "tar czf x d",
					       "tar cJf x d",
					       "tar cjf x d",
					       "tar c d | zstd -q > x",
					       "tar c d | lz4 -q -c > x",
					       "zip -qr x.zip d && mv x.zip x",
					       "rm d/pipe && tar c --format=v7 -f x d",
					       "tar c --format=pax -f x d" };

	for (int i = 1; i < 4; i++) {
		char path[32], text[2] = { (char)('0' + i), 0 };
		snprintf(path, sizeof(path), "d/log/audit.log.%d", i);
		log_file(path, text);
	}
	log_file("d/log/audit.log", "0");
	shell("gzip d/log/audit.log.2; head -c 5000 /dev/urandom > d/noise; ln -s noise d/link; mkfifo d/pipe; : > "
	      "d/empty");
	for (size_t i = 0; i < sizeof(packers) / sizeof(*packers); i++) {
		shell("rm -f x && %s", packers[i]);
		scan("x");
		assert_string_equal(seen.data, "audit.log.3 audit.log.2.gz+ audit.log.1+ audit.log+ ");
		assert_int_equal(status(), 0);
		assert_int_equal(summary.files, 4);
	}
}

static void test_archive_in_a_pipe(void **state)
{
	log_file("d/audit.log.2", "2");
	log_file("d/audit.log.1", "1");
	log_file("d/audit.log", "0");
	shell("tar czf x.tgz d/audit.log.2 d/audit.log.1 d/audit.log; mkfifo p; cat x.tgz > p &");
	scan("p");
	assert_string_equal(seen.data, "audit.log.2 audit.log.1+ audit.log+ ");
	shell("tar czf x.tgz d/audit.log d/audit.log.1; cat x.tgz > p &");
	scan("p");
	assert_string_equal(seen.data, "audit.log audit.log.1 ");
	assert_true(has_note("out of order"));
}

static void test_standard_input(void **state)
{
	int saved = dup(STDIN_FILENO);

	log_file("x", "a");
	shell("gzip -k x");
	for (int i = 0; i < 2; i++) {
		int fd = open(i ? "x.gz" : "x", O_RDONLY | O_CLOEXEC);
		assert_int_equal(dup2(fd, STDIN_FILENO), STDIN_FILENO);
		close(fd);
		scan("-");
		assert_string_equal(seen.data, "- ");
		assert_string_equal(bytes.data, "type=A msg=audit(1700000000.1:1): a\n");
	}
	dup2(saved, STDIN_FILENO);
	close(saved);
}

static void test_broken_archives(void **state)
{
	shell("seq -f 'type=A msg=audit(1.%%05g:1): x' 20000 > audit.log; gzip -k audit.log; xz -k audit.log; tar czf "
	      "x.tgz audit.log");
	log_file("after", "after");
	static const char *const files[] = { "audit.log.gz", "audit.log.xz", "x.tgz" };
	for (size_t i = 0; i < 3; i++) {
		shell("size=$(stat -c %%s %s); head -c $((size * 2 / 3)) %s > cut", files[i], files[i]);
		scan("cut", "after");
		assert_true(bytes.len > 100000);
		assert_non_null(strstr(bytes.data, "): after\n"));
		assert_true(has_note("cut is broken or cut short") ||
			    has_note("cut: audit.log is broken or cut short"));
		assert_int_equal(status(), 3);
	}
	shell("head -c 100 /dev/urandom > junk; printf '\\037\\213\\010' | cat - junk > bad.gz; printf 'PK\\003\\004' "
	      "| cat - junk > bad.zip");
	scan("bad.gz", "bad.zip", "after");
	assert_string_equal(bytes.data, "type=A msg=audit(1700000000.1:1): after\n");
	assert_true(has_note("bad.gz begins as compressed data but cannot be decompressed") ||
		    has_note("bad.gz is broken"));
	assert_true(has_note("bad.zip"));
	assert_int_not_equal(status(), 0);
}

static void test_bad_inputs(void **state)
{
	log_file("good.log", "good");
	shell("cp /bin/true true; : > empty; mkdir none; echo prose > none/readme");
	scan("missing", "true", "empty", "none", "good.log");
	assert_string_equal(seen.data, "good.log ");
	assert_true(has_note("cannot open missing: No such file or directory; check the path"));
	assert_true(has_note("true is binary"));
	assert_true(has_note("empty is empty"));
	assert_true(has_note("no logs below none"));
	assert_int_equal(status(), 2);
	scan("empty");
	assert_int_equal(status(), 2);
	const char *const missing[] = { "missing" };
	assert_int_equal(read_source(missing, 1, NULL), -1);
	assert_int_equal(failure.number, -ENOENT);
	assert_int_equal(status(), 2);
}

static void test_directory_takes_only_logs(void **state)
{
	log_file("d/audit.log", "good");
	shell("cp /bin/true d/; echo prose > d/readme; : > d/empty; mkfifo d/pipe; ln -s . d/loop; ln -s audit.log "
	      "d/alias; "
	      "ln d/audit.log d/hard; ln -s nowhere d/dangling; gzip -c d/readme > d/readme.gz");
	scan("d");
	assert_string_equal(seen.data, "audit.log ");
	assert_true(has_note("1 binary files, 1 that do not look like logs"));
	assert_true(has_note("2 links to directories or to nothing, 1 pipes"));
	assert_true(has_note("1 compressed files in directories do not look like logs"));
	assert_true(has_note("1 empty files below d"));
	assert_int_equal(status(), 0);
	scan("d/readme"); /* a file that is named is read */
	assert_string_equal(bytes.data, "prose\n");
}

static void test_forced_format(void **state)
{
	static const struct source_options options = { .format = FORMAT_SYSLOG };
	const char *const paths[] = { "d" };

	shell("mkdir d; echo prose > d/readme");
	assert_int_equal(read_source(paths, 1, &options), 0);
	assert_string_equal(bytes.data, "prose\n");
}

static void test_collections(void **state)
{
	log_file("c/[root]/var/log/audit/audit.log", "0");
	log_file("c/[root]/var/log/audit/audit.log.1", "1");
	log_file("c/live_response/process/ps.txt", "trap");
	shell("mkdir -p c/live_response/system c/live_response/network; echo 'No rules' > "
	      "c/live_response/system/auditctl_-l.txt; "
	      "echo web1 > c/live_response/network/hostname.txt; (cd c && tar czf ../uac-x-linux-20240102030405.tar.gz "
	      "*)");
	for (int packed = 0; packed < 2; packed++) {
		scan(packed ? "uac-x-linux-20240102030405.tar.gz" : "c");
		assert_string_equal(seen.data, "audit.log.1 audit.log+ ");
		assert_string_equal(host, "web1");
		assert_true(has_note("UAC collection of web1"));
		assert_true(has_note("web1: no rule covers opens on procfs"));
	}
	log_file("v/uploads/auto/%2Fvar%2Flog%2Faudit%2Faudit.log", "0");
	log_file("v/uploads/auto/%2Fvar%2Flog%2Faudit%2Faudit.log.1", "1");
	shell("echo '{\"Hostname\":\"velo1\"}' > v/client_info.json; echo '{}' > v/uploads.json; cd v && zip -qr "
	      "../v.zip .");
	scan("v.zip");
	assert_string_equal(seen.data, "%2Fvar%2Flog%2Faudit%2Faudit.log.1 %2Fvar%2Flog%2Faudit%2Faudit.log+ ");
	assert_string_equal(host, "velo1");
}

static void test_own_host(void **state)
{
	static const struct source_options options = { .root = "root" };

	assert_int_equal(read_source(NULL, 0, &options), -1);
	assert_non_null(strstr(failure.text, "root/var/log/audit/audit.log*"));
	assert_non_null(strstr(failure.text, "run as root"));
	log_file("root/var/log/audit/audit.log", "0");
	log_file("root/var/log/audit/audit.log.1", "1");
	log_file("root/var/log/auth.log", "2");
	log_file("root/var/log/dpkg.log", "3");
	log_file("root/var/log/sub/syslog", "4");
	assert_int_equal(read_source(NULL, 0, &options), 0);
	assert_string_equal(seen.data, "audit.log.1 audit.log+ auth.log ");
}

static void test_files_that_change(void **state)
{
	const char *const paths[] = { "vanishes", "shrinks", "empties", "grows" };
	struct frame frame;

	log_file("vanishes", "a");
	log_file("shrinks", "b");
	log_file("empties", "b");
	log_file("grows", "c");
	memset(&summary, 0, sizeof(summary));
	struct source *source = source_create(paths, 4, NULL, &summary, &failure);
	assert_non_null(source);
	shell("rm vanishes; echo short > shrinks; : > empties; echo more >> grows");
	buffer_reset(&bytes);
	while (source_next(source, &frame) == 1)
		buffer_add(&bytes, frame.bytes);
	source_destroy(source);
	buffer_add_byte(&bytes, '\0');
	assert_string_equal(bytes.data, "short\ntype=A msg=audit(1700000000.1:1): c\nmore\n");
	assert_true(has_note("cannot open vanishes any more"));
	assert_true(has_note("shrinks shrank"));
	assert_true(has_note("empties shrank while it was read: 0 of"));
	assert_int_equal(status(), 3);
}

static void test_long_lines_are_told(void **state)
{
	shell("(head -c 10000000 /dev/zero | tr '\\0' x; echo; echo next) > x.log");
	scan("x.log");
	assert_int_equal(bytes.len, SOURCE_LINE_MAX + 5 + 1);
	assert_true(has_note("longer than 8 MiB"));
	assert_int_equal(status(), 3);
}

static void test_holes_are_left_out(void **state)
{
	log_file("x.log", "a");
	shell("truncate -s 4T x.log");
	scan("x.log");
	assert_true(bytes.len < 1000000);
	assert_true(strncmp(bytes.data, "type=A", 6) == 0);
	assert_int_equal(note_count(), 0);
}

static void test_encrypted_zip(void **state)
{
	log_file("a.log", "a");
	shell("zip -q -P secret x.zip a.log");
	scan("x.zip");
	assert_true(has_note("encrypted"));
	assert_int_equal(status(), 2);
}

static void test_many_named_members(void **state)
{
	shell("mkdir d && for i in $(seq 300); do echo \"type=A msg=audit($i.1:1): x\" > d/h$i.log; done; tar cf x.tar "
	      "d");
	scan("x.tar");
	assert_int_equal(summary.files, 300);
}

static int enter_folder(void **state)
{
	const char *place = getenv("TMPDIR");

	snprintf(folder, sizeof(folder), "%s/test_source.XXXXXX", place ? place : "/tmp");
	return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int leave_folder(void **state)
{
	buffer_finish(&seen);
	buffer_finish(&bytes);
	empty_folder(state);
	return chdir("/") == 0 ? rmdir(folder) : -1;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, empty_folder, empty_folder)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_plain_file),
		TEST(test_directory_in_order),
		TEST(test_named_files),
		TEST(test_parts_cut_anywhere),
		TEST(test_joined_lines_are_whole),
		TEST(test_read_size_changes_nothing),
		TEST(test_archives),
		TEST(test_archive_in_a_pipe),
		TEST(test_standard_input),
		TEST(test_broken_archives),
		TEST(test_bad_inputs),
		TEST(test_directory_takes_only_logs),
		TEST(test_forced_format),
		TEST(test_collections),
		TEST(test_own_host),
		TEST(test_files_that_change),
		TEST(test_long_lines_are_told),
		TEST(test_holes_are_left_out),
		TEST(test_encrypted_zip),
		TEST(test_many_named_members),
	};

	return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
