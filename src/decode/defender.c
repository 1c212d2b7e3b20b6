#include "decode/dress.h"

enum dress_result decode_defender(const struct document *document, const struct defender_row *row, struct queue *queue)
{
	(void)document;
	(void)row;
	(void)queue;
	return DRESS_NOT_MINE;
}
