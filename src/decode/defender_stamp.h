/*
 * defender_stamp: the times in exports of Defender's tables. Private to
 * src/decode.
 */
#ifndef DECODE_DEFENDER_STAMP_H
#define DECODE_DEFENDER_STAMP_H

#include "base/span.h"

/*
 * ISO 8601 as the API and the portal's CSV write it; else as the portal shows
 * times and Log Analytics exports them, "Mar 1, 2024 10:11:12 AM" and
 * "3/1/2024, 10:11:12.123 AM". UTC where no zone is told.
 */
bool defender_stamp(struct span text, int64_t *time_ms);

#endif
