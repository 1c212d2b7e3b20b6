/* hash(text [, algorithm]): a digest in hexadecimal. MD5 when none is named. */
#include "query/digest.h"
#include "query/function_runs.h"

struct algorithm {
	struct span name;
	digest_fn *digest;
	size_t size;
};

static const struct algorithm algorithms[] = {
	{ SPAN("md5"), digest_md5, 16 },
	{ SPAN("sha1"), digest_sha1, 20 },
	{ SPAN("sha2_256"), digest_sha256, 32 },
	{ SPAN("sha_256"), digest_sha256, 32 }, /* as an example of the reference has it */
	{ SPAN("murmur3_128"), digest_murmur, 16 },
};

static const struct algorithm *find_algorithm(struct span name)
{
	for (size_t i = 0; i < sizeof(algorithms) / sizeof(*algorithms); i++)
		if (span_equal_nocase(algorithms[i].name, name))
			return &algorithms[i];
	return NULL;
}

int prepare_hash(struct node *node, struct plan *plan, const struct expr *call)
{
	if (call->child_count < 2) {
		node->prepared = &algorithms[0];
		return 0;
	}
	if (call->children[1]->kind == EXPR_STRING)
		node->prepared = find_algorithm(call->children[1]->text);
	if (node->prepared)
		return 0;
	return plan_refuse(plan, &call->children[1]->place,
			   "the algorithm is one of \"md5\", \"sha1\", \"sha2_256\", \"murmur3_128\"");
}

void run_hash(const struct node *node, struct row *row, struct value *result)
{
	const struct algorithm *algorithm = node->prepared;
	unsigned char bytes[DIGEST_MAX];
	struct span text;

	*result = VALUE_OF_NULL;
	if (!argument_text(node, 0, row, &text))
		return;
	algorithm->digest(text, bytes);
	char *to = result_room(row, 2 * algorithm->size, result);
	for (size_t i = 0; i < 2 * algorithm->size && to; i++)
		to[i] = "0123456789abcdef"[bytes[i / 2] >> (i % 2 ? 0 : 4) & 0xF];
}
