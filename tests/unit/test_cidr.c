/* cidr: networks, their edges, and what is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <errno.h>

#include "match/cidr.h"

static bool within(const char *network, const char *address)
{
	struct cidr cidr;

	assert_true(cidr_parse(&cidr, span_of(network)) >= 0);
	return cidr_match(&cidr, span_of(address));
}

static void test_cidr_v4(void **state)
{
	assert_true(within("10.0.0.0/8", "10.255.255.255"));
	assert_false(within("10.0.0.0/8", "11.0.0.0"));
	assert_true(within("192.168.1.128/25", "192.168.1.128"));
	assert_false(within("192.168.1.128/25", "192.168.1.127"));
	assert_true(within("0.0.0.0/0", "8.8.8.8"));
	assert_true(within("1.2.3.4", "1.2.3.4"));
	assert_false(within("1.2.3.4/32", "1.2.3.5"));
	assert_true(within("1.2.3.4/31", "1.2.3.5"));
}

static void test_cidr_v6(void **state)
{
	assert_true(within("fe80::/10", "fe80::1%eth0"));
	assert_false(within("fe80::/10", "fec0::1"));
	assert_true(within("2001:db8::/32", "2001:DB8:ffff::"));
	assert_false(within("2001:db8::/32", "2001:db9::"));
	assert_true(within("::/0", "::1"));
	assert_true(within("::1/128", "::1"));
	assert_false(within("::/0", "1.2.3.4"));
	assert_true(within("10.0.0.0/8", "::ffff:10.1.2.3"));
	assert_false(within("10.0.0.0/8", "::fffe:10.1.2.3"));
}

static void test_cidr_wrong(void **state)
{
	static const char *const wrong[] = {
		"",	      "/8",	   "10.0.0.0/33",    "10.0.0/8",  "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8x",
		"fe80::/129", "localhost", "10.0.0.0/08888", "1.2.3.4.5", "::1::",     "10.0.0.0/ 8"
	};
	struct cidr cidr;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(cidr_parse(&cidr, span_of(wrong[i])), -EINVAL);
	assert_int_equal(cidr_parse(&cidr, SPAN("10.0.0.0\0/8")), -EINVAL);
	assert_int_equal(cidr_parse(&cidr, SPAN("10.0.0.1/8")), 1);
	assert_true(cidr_match(&cidr, SPAN("10.9.9.9")));
	assert_false(cidr_match(&cidr, SPAN("")));
	assert_false(cidr_match(&cidr, SPAN("no address")));
	assert_false(cidr_match(&cidr, SPAN("10.9.9.9\0")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cidr_v4),
		cmocka_unit_test(test_cidr_v6),
		cmocka_unit_test(test_cidr_wrong),
	};

	return cmocka_run_group_tests_name("cidr", tests, NULL, NULL);
}
