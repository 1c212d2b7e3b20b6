/* query/function.c: that every name of the table is found, in any case, and none beside them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ctype.h>

#include "query/function.h"

static const char *const names[] = {
#define FUNCTION(name, least, most, run, prepare) name,
#include "query/functions.def"
#undef FUNCTION
};

static void every_name(void **state)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct span name = span_of(names[i]);
		char other[64];
		for (size_t j = 0; j < name.len; j++)
			other[j] = (char)(isupper((unsigned char)name.data[j]) ? tolower((unsigned char)name.data[j])
									       : toupper((unsigned char)name.data[j]));
		const struct function *function = function_find(name);
		assert_non_null(function);
		assert_true(span_equal(function->name, name));
		assert_true(function->least <= function->most);
		assert_ptr_equal(function_find((struct span){ other, name.len }), function);
	}
}

static void no_name(void **state)
{
	static const struct span others[] = { SPAN(""),	     SPAN("ab"), SPAN("abss"), SPAN("zzz"),
					      SPAN("abs\0"), SPAN("if"), SPAN("\xff") };

	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		assert_null(function_find(others[i]));
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(every_name), cmocka_unit_test(no_name) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
