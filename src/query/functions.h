/* functions: the node functions of functions.def, by the file that has them. Internal to function*.c. */
#ifndef QUERY_FUNCTIONS_H
#define QUERY_FUNCTIONS_H

#include "query/function.h"

/* function_number.c: null for what is no number. */
node_fn run_abs, run_acos, run_asin, run_atan, run_atan2, run_cbrt, run_ceil, run_cos, run_cosh, run_exp, run_expm1,
	run_floor, run_hypot, run_log, run_log10, run_log1p, run_max, run_min, run_pow, run_round, run_sin, run_sinh,
	run_sqrt, run_tan, run_tanh, run_to_degrees, run_to_integer, run_to_number, run_to_radians;

/* function_test.c: what a value is. Never null. */
node_fn run_is_blank, run_is_empty, run_is_null, run_is_numeric;

/* function_text.c: null when the text is, but for concat and length. */
node_fn run_concat, run_contains, run_length, run_replace, run_substring, run_to_lower, run_to_string, run_to_upper,
	run_to_url, run_trim;
prepare_fn prepare_replace;

/* function_coding.c: null for what is not so coded. */
node_fn run_ascii_to_hex, run_base64_decode, run_base64_encode, run_dec_to_hex, run_hex_to_ascii, run_hex_to_dec,
	run_luhn, run_url_decode, run_url_encode;

/* function_format.c */
node_fn run_format;

/* function_network.c */
node_fn run_cidr_prefix, run_compare_prefix, run_ipv4_to_number, run_is_ip, run_is_ipv4, run_is_ipv6, run_is_private,
	run_is_public, run_is_reserved, run_mask_from_cidr;

/* function_json.c */
node_fn run_json_array_contains, run_json_array_size;

/* function_time.c */
node_fn run_format_date, run_from_millis, run_from_seconds, run_now, run_parse_date, run_query_end, run_query_range,
	run_query_start, run_to_millis;
prepare_fn prepare_format_date, prepare_parse_date;

#endif
