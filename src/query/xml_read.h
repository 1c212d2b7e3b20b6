/*
 * xml_read: a text of XML as a row of nodes, each with the end of what is in
 * it. No entities but the five of XML and numbers, no document type: nothing
 * in a text can make it larger, or ask for anything outside of it.
 */
#ifndef QUERY_XML_READ_H
#define QUERY_XML_READ_H

#include "base/span.h"

#define XML_NODES_MAX 262144
#define XML_DEPTH_MAX 256

enum xml_kind {
	XML_DOCUMENT,  /* node 0 */
	XML_ELEMENT,   /* name */
	XML_ATTRIBUTE, /* name, text */
	XML_TEXT,      /* text, in which &…; is not resolved yet */
	XML_CDATA,     /* text */
};

/* Spans point into what was read. */
struct xml_node {
	enum xml_kind kind;
	uint32_t end; /* the first node behind all that is in this one; its own are those in between */
	struct span name, text;
};

struct xml {
	struct xml_node *nodes; /* reused */
	uint32_t count, capacity;
};

void xml_finish(struct xml *xml); /* zeroed memory is a valid one */

/* 0, -EINVAL when the text is not well-formed (or has a document type), -E2BIG beyond a ceiling, -ENOMEM. */
int xml_read(struct xml *xml, struct span text);

/* The text with its entities resolved, into room for text.len bytes; returns the length. */
size_t xml_resolve(struct span text, char *room);

#endif
