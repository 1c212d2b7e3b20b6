#include "dress_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	run_dress(decode_journal_export, (struct span){ (const char *)data, size });
	return 0;
}
