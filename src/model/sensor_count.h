/* sensor_count: what live sensors count: what they lost above all. One line in sensor_counts.def each. */
#ifndef MODEL_SENSOR_COUNT_H
#define MODEL_SENSOR_COUNT_H

#include <stdbool.h>

enum sensor_count {
#define COUNT(id, name, loss, words) COUNT_##id,
#include "model/sensor_counts.def"
#undef COUNT
	COUNT_COUNT
};

const char *sensor_count_name(enum sensor_count count);	 /* as in JSON: "ring_drops" */
const char *sensor_count_words(enum sensor_count count); /* behind a number, for people */
bool sensor_count_is_loss(enum sensor_count count);	 /* something that happened may be missing: a gap */

#endif
