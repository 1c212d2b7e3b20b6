#include "decode/dress.h"
struct span ausearch_key(struct span line)
{
	size_t at = span_find(span_first(line, 512), SPAN("msg=audit("));
	struct span first = span_first(line, 5);

	if (!(span_equal(first, SPAN("type=")) || span_equal(first, SPAN("node=")) || span_equal(first, SPAN("host="))))
		return (struct span){ "", 0 };
	struct span key = span_skip(line, at + 10);
	size_t close = span_index(key, ')');
	return at + 10 < line.len && close < key.len ? span_first(key, close) : (struct span){ "", 0 };
}

bool ausearch_interpreted(struct span line)
{
	struct span key = ausearch_key(line);
	int64_t time_ms;

	return key.len && stamp_ausearch(key, &time_ms);
}
enum dress_result decode_ausearch(const struct document *document, struct queue *queue)
{
	(void)document; (void)queue;
	return DRESS_NOT_MINE;
}
