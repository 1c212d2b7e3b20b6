/* function_runs: what functions.def names, by the file that it is in. */
#ifndef QUERY_FUNCTION_RUNS_H
#define QUERY_FUNCTION_RUNS_H

#include "query/function.h"

/* function_test.c */
node_fn run_is_null, run_is_empty, run_is_blank, run_is_numeric, run_is_nan, run_is_infinity;

/* function_text.c */
node_fn run_concat, run_length, run_substring, run_to_lower, run_to_upper, run_trim, run_contains, run_to_string,
	run_to_url, run_luhn;

/* function_replace.c */
node_fn run_replace;
prepare_fn prepare_replace;

/* function_format.c */
node_fn run_format;
prepare_fn prepare_format;

/* function_date.c */
node_fn run_format_date, run_parse_date, run_now, run_query_start, run_query_end, run_query_range, run_milliseconds,
	run_from_seconds;
prepare_fn prepare_format_date, prepare_parse_date;

/* function_number.c */
node_fn run_number, run_integer, run_math, run_math_of_two, run_round, run_haversine;
prepare_fn prepare_math, prepare_math_of_two;

/* function_hex.c */
node_fn run_hex_to_dec, run_parse_hex, run_dec_to_hex, run_hex_to_ascii;

/* function_code.c */
node_fn run_url_encode, run_url_decode, run_base64_encode, run_base64_decode;
prepare_fn prepare_base64_decode;

/* function_address.c */
node_fn run_is_ip, run_is_ipv4, run_is_ipv6, run_is_private, run_is_public, run_is_reserved, run_cidr_prefix,
	run_compare_cidr, run_cidr_mask, run_ipv4_to_number;

/* function_hash.c */
node_fn run_hash;
prepare_fn prepare_hash;

/* function_json.c */
node_fn run_json_array_contains, run_json_array_size;

#endif
