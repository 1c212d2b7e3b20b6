/*
 * libfyaml gives events; the tree is ours, so that it can be bounded. No
 * recursion: the open lists and maps lie on a stack of YAML_DEPTH_MAX.
 */
#include "rule/sigma/yaml.h"

#include <errno.h>
#include <libfyaml.h>

#include "rule/sigma/utf8.h"

struct reader {
	struct fy_parser *parser;
	struct fy_diag *diag;
	struct arena *arena;
	struct sigma_diagnostics *diagnostics;
	const char *file;
	struct span whole; /* the file's text */
	yaml_document *document;
	void *context;
	struct yaml_node *root;
	struct yaml_node *open[YAML_DEPTH_MAX];
	size_t depth, nodes, start; /* start: offset of the document */
	struct yaml_node *key;	    /* waits for its value */
};

/* Behind an opening quote. A value of no text at all has no mark: it is where its key is. */
static struct sigma_place place_of(const struct reader *reader, const struct fy_mark *mark)
{
	struct sigma_place place = { .file = reader->file };

	if (mark) {
		place.line = (uint32_t)mark->line + 1;
		place.column = (uint32_t)mark->column + 1;
	} else if (reader->key) {
		place = reader->key->place;
	} else if (reader->depth) {
		place = reader->open[reader->depth - 1]->place;
	}
	return place;
}

static struct yaml_node *add_node(struct reader *reader, enum yaml_kind kind, struct sigma_place place)
{
	struct yaml_node *node = arena_alloc(reader->arena, sizeof(*node));

	if (!node) {
		sigma_out_of_memory(reader->diagnostics, place);
		return NULL;
	}
	*node = (struct yaml_node){ .kind = kind, .place = place };
	return node;
}

static int check_size(struct reader *reader, const struct fy_mark *mark, struct sigma_place place)
{
	if (++reader->nodes > YAML_NODES_MAX)
		return sigma_error(reader->diagnostics, place, "the document has more than %d values", YAML_NODES_MAX);
	if (mark && mark->input_pos > reader->start && mark->input_pos - reader->start > YAML_DOCUMENT_MAX)
		return sigma_error(reader->diagnostics, place, "the document is larger than %zu bytes",
				   YAML_DOCUMENT_MAX);
	return 0;
}

/* ---- the tree ---- */

static int check_key(struct reader *reader, const struct yaml_node *map, const struct yaml_node *key)
{
	if (key->kind != YAML_SCALAR)
		return sigma_error(reader->diagnostics, key->place, "a key must be a text, not a list or a map");
	if (map->count > 1024)
		return sigma_error(reader->diagnostics, key->place, "the map has more than 1024 keys");
	for (const struct yaml_node *other = map->first; other; other = other->next)
		if (span_equal(other->key->text, key->text))
			return sigma_error(reader->diagnostics, key->place,
					   "the key '%.*s' was already given in line %u", (int)key->text.len,
					   key->text.data, other->key->place.line);
	return 0;
}

/* Puts the node where the reader is: into the root, a list, or as key or value into a map. */
static int attach(struct reader *reader, struct yaml_node *node)
{
	struct yaml_node *parent = reader->depth ? reader->open[reader->depth - 1] : NULL;

	if (!parent) {
		reader->root = node;
		return 0;
	}
	if (parent->kind == YAML_MAP && !reader->key) {
		reader->key = node;
		return check_key(reader, parent, node);
	}
	node->key = reader->key;
	reader->key = NULL;
	if (parent->last)
		parent->last->next = node;
	else
		parent->first = node;
	parent->last = node;
	parent->count++;
	return 0;
}

static int open_node(struct reader *reader, enum yaml_kind kind, struct sigma_place place)
{
	if (reader->depth == YAML_DEPTH_MAX)
		return sigma_error(reader->diagnostics, place, "the document is nested deeper than %d", YAML_DEPTH_MAX);
	struct yaml_node *node = add_node(reader, kind, place);
	if (!node)
		return -ENOMEM;
	int status = attach(reader, node);
	if (status == 0 && reader->key == node)
		status = sigma_error(reader->diagnostics, place, "a key must be a text, not a list or a map");
	reader->open[reader->depth++] = node;
	return status;
}

/* A plain scalar of one line stands in the file as it is; libfyaml would put it together. Data NULL: memory is out. */
static struct span text_of(const struct reader *reader, struct fy_token *token)
{
	const struct fy_mark *start = token ? fy_token_start_mark(token) : NULL;
	const struct fy_mark *end = token ? fy_token_end_mark(token) : NULL;
	struct span text = SPAN("");

	if (start && end && start->line == end->line && fy_token_scalar_style(token) == FYSS_PLAIN &&
	    end->input_pos <= reader->whole.len)
		return span_first(span_skip(reader->whole, start->input_pos), end->input_pos - start->input_pos);
	if (token)
		text.data = fy_token_get_text(token, &text.len);
	return text;
}

static int take_scalar(struct reader *reader, struct fy_event *event, struct sigma_place place)
{
	struct fy_token *token = event->scalar.value;
	enum fy_scalar_style style = token ? fy_token_scalar_style(token) : FYSS_PLAIN;
	bool quoted = style == FYSS_SINGLE_QUOTED || style == FYSS_DOUBLE_QUOTED;
	struct yaml_node *node = add_node(reader, YAML_SCALAR, place);
	struct span text = text_of(reader, token);

	if (!node || !text.data)
		return -ENOMEM;
	node->plain = style == FYSS_PLAIN;
	node->one_line = node->plain || quoted;
	node->text = arena_copy(reader->arena, text);
	if (node->text.len != text.len)
		return sigma_out_of_memory(reader->diagnostics, place);
	const struct fy_mark *end = token ? fy_token_end_mark(token) : NULL;
	if (end && (uint32_t)end->line + 1 != place.line)
		node->one_line = false;
	return attach(reader, node);
}

static int end_document(struct reader *reader)
{
	struct yaml_node *root = reader->root;

	reader->root = NULL;
	if (root && !yaml_is_null(root))
		reader->document(reader->context, root);
	return 0;
}

static int take_event(struct reader *reader, struct fy_event *event)
{
	const struct fy_mark *mark = fy_event_start_mark(event);
	struct sigma_place place = place_of(reader, mark);

	switch (event->type) {
	case FYET_NONE:
	case FYET_STREAM_START:
	case FYET_STREAM_END:
		return 0;
	case FYET_DOCUMENT_START:
		reader->root = reader->key = NULL;
		reader->nodes = reader->depth = 0;
		reader->start = mark ? mark->input_pos : 0;
		return 0;
	case FYET_DOCUMENT_END:
		return end_document(reader);
	case FYET_MAPPING_END:
	case FYET_SEQUENCE_END:
		reader->depth--;
		return 0;
	case FYET_ALIAS:
		return sigma_error(reader->diagnostics, place,
				   "aliases (*name) are not allowed in rules: write the value out");
	case FYET_MAPPING_START:
	case FYET_SEQUENCE_START:
	case FYET_SCALAR:
		break;
	}
	if (fy_event_get_anchor_token(event))
		return sigma_error(reader->diagnostics, place, "anchors (&name) are not allowed in rules");
	if (check_size(reader, fy_event_end_mark(event), place) < 0)
		return -EINVAL;
	if (event->type == FYET_SCALAR)
		return take_scalar(reader, event, place);
	return open_node(reader, event->type == FYET_MAPPING_START ? YAML_MAP : YAML_LIST, place);
}

/* ---- reading ---- */

static int report_syntax(struct reader *reader)
{
	void *previous = NULL;
	const struct fy_diag_error *error = fy_diag_errors_iterate(reader->diag, &previous);
	struct sigma_place place = { .file = reader->file };

	if (!error)
		return sigma_error(reader->diagnostics, place, "it is no YAML");
	place.line = error->line > 0 ? (uint32_t)error->line : 0;
	place.column = error->column > 0 ? (uint32_t)error->column : 0;
	return sigma_error(reader->diagnostics, place, "it is no YAML: %s", error->msg);
}

static struct sigma_place place_of_offset(struct span text, size_t offset, const char *file)
{
	struct sigma_place place = { file, 1, 1 };

	for (size_t i = 0; i < offset; i++) {
		place.column = text.data[i] == '\n' ? 1 : place.column + 1;
		place.line += text.data[i] == '\n';
	}
	return place;
}

/* libfyaml reads text to its first NUL, and lets some of what is no UTF-8 pass. */
static int check_text(struct span text, const char *file, struct sigma_diagnostics *diagnostics)
{
	size_t nul = span_index(text, '\0'), end = sigma_utf8_end(text);

	if (nul < text.len)
		return sigma_error(diagnostics, place_of_offset(text, nul, file),
				   "the file holds a NUL byte: it is no text");
	if (end < text.len)
		return sigma_error(diagnostics, place_of_offset(text, end, file), "the file is no UTF-8 here");
	return 0;
}

static int read_events(struct reader *reader)
{
	struct fy_event *event;
	int status = 0;

	while (status == 0 && (event = fy_parser_parse(reader->parser)) != NULL) {
		status = take_event(reader, event);
		fy_parser_event_free(reader->parser, event);
	}
	if (status == 0 && fy_parser_get_stream_error(reader->parser))
		status = report_syntax(reader);
	return status;
}

int yaml_read(struct span text, const char *file, struct arena *arena, struct sigma_diagnostics *diagnostics,
	      yaml_document *document, void *context)
{
	struct reader reader = { .arena = arena, .diagnostics = diagnostics, .file = file, .whole = text };
	struct sigma_place place = { .file = file };
	struct fy_diag_cfg diag = { .level = FYET_ERROR };
	int status = -ENOMEM;

	if (text.len > YAML_FILE_MAX)
		return sigma_error(diagnostics, place, "the file is larger than %zu bytes", YAML_FILE_MAX);
	if (text.len == 0)
		return 0;
	if (check_text(text, file, diagnostics) < 0)
		return -EINVAL;
	reader.document = document;
	reader.context = context;
	reader.diag = fy_diag_create(&diag);
	struct fy_parse_cfg config = { .flags = FYPCF_QUIET | FYPCF_COLLECT_DIAG | FYPCF_DEFAULT_VERSION_1_2,
				       .diag = reader.diag };
	reader.parser = reader.diag ? fy_parser_create(&config) : NULL;
	if (!reader.parser || fy_parser_set_string(reader.parser, text.data, text.len) != 0) {
		sigma_out_of_memory(diagnostics, place);
		goto out;
	}
	fy_diag_set_collect_errors(reader.diag, true);
	status = read_events(&reader);
out:
	if (reader.parser)
		fy_parser_destroy(reader.parser);
	if (reader.diag)
		fy_diag_destroy(reader.diag);
	return status;
}

/* ---- asking ---- */

struct yaml_node *yaml_get(const struct yaml_node *map, const char *key)
{
	if (!map || map->kind != YAML_MAP)
		return NULL;
	for (struct yaml_node *node = map->first; node; node = node->next)
		if (span_equal(node->key->text, span_of(key)))
			return node;
	return NULL;
}

bool yaml_is_null(const struct yaml_node *node)
{
	static const struct span spellings[] = { { "", 0 }, { "~", 1 }, { "null", 4 }, { "Null", 4 }, { "NULL", 4 } };

	if (node->kind != YAML_SCALAR || !node->plain)
		return false;
	for (size_t i = 0; i < sizeof(spellings) / sizeof(spellings[0]); i++)
		if (span_equal(node->text, spellings[i]))
			return true;
	return false;
}

bool yaml_is_bool(const struct yaml_node *node, bool *value)
{
	if (node->kind != YAML_SCALAR || !node->plain)
		return false;
	*value = span_equal_nocase(node->text, SPAN("true"));
	return *value || span_equal_nocase(node->text, SPAN("false"));
}

struct sigma_place yaml_place(const struct yaml_node *scalar, size_t offset)
{
	struct sigma_place place = scalar->place;

	if (scalar->one_line)
		place.column += (uint32_t)offset;
	return place;
}
