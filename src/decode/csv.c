#include "decode/dress.h"

bool csv_is_defender_header(struct span line)
{
	(void)line;
	return false;
}

enum dress_result decode_csv(const struct document *document, struct span header, struct queue *queue)
{
	(void)document;
	(void)header;
	(void)queue;
	return DRESS_NOT_MINE;
}
