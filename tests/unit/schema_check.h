/*
 * schema_check: whether a JSON value is as a JSON Schema (2020-12) says. As
 * much of it as docs/schema/ uses; a keyword beyond that fails the test.
 */
#ifndef TESTS_SCHEMA_CHECK_H
#define TESTS_SCHEMA_CHECK_H

#include <json-c/json.h>
#include <limits.h>
#include <regex.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static inline bool schema_type_is(json_object *value, const char *type)
{
	static const struct {
		const char *name;
		json_type type;
	} types[] = {
		{ "object", json_type_object }, { "array", json_type_array },	  { "string", json_type_string },
		{ "integer", json_type_int },	{ "boolean", json_type_boolean }, { "null", json_type_null },
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strcmp(types[i].name, type) == 0)
			return json_object_is_type(value, types[i].type);
	fail_msg("the schema has a type %s that schema_check does not know", type);
	return false;
}

static inline bool schema_any(json_object *choices, json_object *value, bool as_type)
{
	for (size_t i = 0; i < json_object_array_length(choices); i++) {
		json_object *choice = json_object_array_get_idx(choices, i);
		if (as_type ? schema_type_is(value, json_object_get_string(choice)) : json_object_equal(choice, value))
			return true;
	}
	return false;
}

static inline bool schema_matches(const char *pattern, json_object *value)
{
	regex_t regex;

	assert_int_equal(regcomp(&regex, pattern, REG_EXTENDED | REG_NOSUB), 0);
	bool matches = regexec(&regex, json_object_get_string(value), 0, NULL, 0) == 0;
	regfree(&regex);
	return matches;
}

static inline void schema_check(json_object *schema, json_object *value, const char *where);

static inline void schema_check_object(json_object *properties, json_object *value, const char *where)
{
	json_object_object_foreach(properties, name, schema)
	{
		char path[256];
		json_object *member;
		snprintf(path, sizeof(path), "%s.%s", where, name);
		if (json_object_object_get_ex(value, name, &member))
			schema_check(schema, member, path);
	}
}

static inline bool schema_names_all(json_object *properties, json_object *value)
{
	struct json_object_iterator at = json_object_iter_begin(value), end = json_object_iter_end(value);

	for (; !json_object_iter_equal(&at, &end); json_object_iter_next(&at))
		if (!json_object_object_get_ex(properties, json_object_iter_peek_name(&at), NULL))
			return false;
	return true;
}

/* Keywords that say nothing of a value of another type are passed by, as the standard has it. */
static inline bool schema_keyword(json_object *schema, const char *keyword, json_object *rule, json_object *value,
				  const char *where)
{
	bool text = json_object_is_type(value, json_type_string), number = json_object_is_type(value, json_type_int);
	bool object = json_object_is_type(value, json_type_object), list = json_object_is_type(value, json_type_array);

	if (strcmp(keyword, "type") == 0)
		return json_object_is_type(rule, json_type_array) ? schema_any(rule, value, true)
								  : schema_type_is(value, json_object_get_string(rule));
	if (strcmp(keyword, "enum") == 0)
		return schema_any(rule, value, false);
	if (strcmp(keyword, "const") == 0)
		return json_object_equal(rule, value);
	if (strcmp(keyword, "pattern") == 0)
		return !text || schema_matches(json_object_get_string(rule), value);
	if (strcmp(keyword, "minLength") == 0)
		return !text || json_object_get_string_len(value) >= json_object_get_int(rule);
	if (strcmp(keyword, "minimum") == 0)
		return !number || json_object_get_int64(value) >= json_object_get_int64(rule);
	if (strcmp(keyword, "maximum") == 0)
		return !number || json_object_get_int64(value) <= json_object_get_int64(rule);
	if (strcmp(keyword, "maxItems") == 0)
		return !list || json_object_array_length(value) <= (size_t)json_object_get_int(rule);
	if (strcmp(keyword, "items") == 0) {
		for (size_t i = 0; list && i < json_object_array_length(value); i++)
			schema_check(rule, json_object_array_get_idx(value, i), where);
		return true;
	}
	if (strcmp(keyword, "required") == 0) {
		for (size_t i = 0; object && i < json_object_array_length(rule); i++)
			if (!json_object_object_get_ex(
				    value, json_object_get_string(json_object_array_get_idx(rule, i)), NULL))
				return false;
		return true;
	}
	if (strcmp(keyword, "properties") == 0) {
		if (object)
			schema_check_object(rule, value, where);
		return true;
	}
	if (strcmp(keyword, "additionalProperties") == 0) {
		assert_false(json_object_get_boolean(rule));
		return !object || schema_names_all(json_object_object_get(schema, "properties"), value);
	}
	return strcmp(keyword, "description") == 0 || strcmp(keyword, "title") == 0 || strcmp(keyword, "$schema") == 0;
}

static inline void schema_check(json_object *schema, json_object *value, const char *where)
{
	json_object_object_foreach(schema, keyword, rule)
	{
		if (!schema_keyword(schema, keyword, rule, value, where))
			fail_msg("%s: %s is against the schema's \"%s\": %s", where, json_object_to_json_string(value),
				 keyword, json_object_to_json_string(rule));
	}
}

/* docs/schema/NAME, from the project's root. */
static inline json_object *schema_load(const char *name)
{
	const char *root = getenv("SRC");
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/docs/schema/%s", root ? root : ".", name);
	json_object *schema = json_object_from_file(path);
	if (!schema)
		fail_msg("cannot read %s", path);
	return schema;
}

#endif
