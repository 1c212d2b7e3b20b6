#include "model/sensor_count.h"

static const struct {
	const char *name, *words;
	bool loss;
} counts[COUNT_COUNT] = {
#define COUNT(id, name, loss, words) [COUNT_##id] = { name, words, loss },
#include "model/sensor_counts.def"
#undef COUNT
};

const char *sensor_count_name(enum sensor_count count)
{
	return counts[count].name;
}

const char *sensor_count_words(enum sensor_count count)
{
	return counts[count].words;
}

bool sensor_count_is_loss(enum sensor_count count)
{
	return counts[count].loss;
}
