/*
 * xml_path: the XPath that parse xml takes: full paths that only go deeper.
 *
 *   /a/b  /a/b/text()  /a/b/@id  /a/b[2]  /a/b[last()]  /a/b[@id="7"][@x]  any name as *
 *
 * Names are compared as written, with their prefix.
 */
#ifndef QUERY_XML_PATH_H
#define QUERY_XML_PATH_H

#include "base/arena.h"
#include "query/xml_read.h"

enum xml_test_kind { XML_TEST_POSITION, XML_TEST_LAST, XML_TEST_ATTRIBUTE, XML_TEST_ATTRIBUTE_IS };

struct xml_test {
	enum xml_test_kind kind;
	uint64_t position; /* from 1 */
	struct span name, value;
};

#define XML_TESTS_MAX 4

struct xml_step {
	enum xml_kind kind; /* element, attribute or text */
	struct span name;   /* * is any */
	struct xml_test tests[XML_TESTS_MAX];
	size_t test_count;
};

struct xml_path {
	struct xml_step *steps;
	size_t count;
};

/* NULL, or why the text is no path that is taken, a constant text. The path borrows from the text. */
const char *xml_path_parse(struct span text, struct arena *arena, struct xml_path *path);

/* The first node that the path leads to; 0 when there is none. */
uint32_t xml_path_find(const struct xml_path *path, const struct xml *xml);

#endif
