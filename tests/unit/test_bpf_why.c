/* src/source/bpf_why: the reason in a verifier's log. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>
#include <unistd.h>

#include "source/bpf_why.h"

static void says_the_verifiers_reason(void **state)
{
	struct err err = { 0 };

	if (access("/sys/kernel/btf/vmlinux", R_OK) != 0)
		skip(); /* without it, that is the reason */
	assert_int_equal(bpf_why(&err, -EACCES,
				 "0: R1=ctx() R10=fp0\n; len = read(at);\n42: (85) call bpf_probe_read_kernel#113\n"
				 "R2 unbounded memory access\nprocessed 4711 insns (limit 1000000)\n"),
			 -EACCES);
	assert_non_null(strstr(err.text, "R2 unbounded memory access"));
	assert_null(strstr(err.text, "processed"));
	assert_null(strchr(err.text, '\n'));
	bpf_why(&err, -EPERM, "");
	assert_non_null(strstr(err.text, "CAP_BPF"));
	bpf_why(&err, -E2BIG, "");
	assert_non_null(strstr(err.text, strerror(E2BIG)));
}

static void takes_any_log(void **state)
{
	struct err err = { 0 };
	char log[4096];

	memset(log, 'x', sizeof(log) - 1);
	log[sizeof(log) - 1] = '\0';
	bpf_why(&err, -EINVAL, log);
	bpf_why(&err, -EINVAL, "\n\n\n");
	assert_non_null(strstr(err.text, strerror(EINVAL)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(says_the_verifiers_reason),
		cmocka_unit_test(takes_any_log),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
