/*
 * yaml: rule files as trees that know where each of their nodes stands.
 *
 * YAML as far as rules need it. Anchors and aliases are refused: rules do not
 * use them, and a few lines of them can stand for terabytes. Depth, size and
 * number of nodes have ceilings; a document beyond them is an error, and so
 * is a key that comes twice in one map.
 */
#ifndef RULE_SIGMA_YAML_H
#define RULE_SIGMA_YAML_H

#include "rule/sigma/diagnostics.h"

#define YAML_FILE_MAX ((size_t)32 << 20)
#define YAML_DOCUMENT_MAX ((size_t)1 << 20)
#define YAML_DEPTH_MAX 24
#define YAML_NODES_MAX 65536 /* in a document */

enum yaml_kind { YAML_SCALAR, YAML_LIST, YAML_MAP };

struct yaml_node {
	enum yaml_kind kind;
	bool plain;			/* scalar without quotes: a number, a truth value or null may be meant */
	bool one_line;			/* scalar whose text stands behind `place` as it is */
	struct span text;		/* scalar */
	struct sigma_place place;	/* of the text, behind an opening quote */
	struct yaml_node *key;		/* in a map: the scalar before this node's colon */
	struct yaml_node *next;		/* the next one in the same list or map */
	struct yaml_node *first, *last; /* list, map */
	size_t count;
};

/* Borrowed for the call, writable, in the arena. */
typedef void yaml_document(void *context, struct yaml_node *root);

/*
 * Hands out document after document. Empty ones are left out. Returns 0, or
 * -EINVAL when an error ended it; what came before stays handed out.
 */
int yaml_read(struct span text, const char *file, struct arena *arena, struct sigma_diagnostics *diagnostics,
	      yaml_document *document, void *context);

/* The value of that key, or NULL; NULL also when the node is NULL or no map. */
struct yaml_node *yaml_get(const struct yaml_node *map, const char *key);

/* ~, null, Null, NULL or nothing at all, without quotes (YAML 1.2.2, 10.3.2). */
bool yaml_is_null(const struct yaml_node *node);

/* true or false, without quotes. */
bool yaml_is_bool(const struct yaml_node *node, bool *value);

/* Where the byte at this offset of a scalar's text stands; of the text's beginning when that cannot be told. */
struct sigma_place yaml_place(const struct yaml_node *scalar, size_t offset);

#endif
