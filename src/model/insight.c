#include "model/insight.h"

const char *insight_severity_name(enum insight_severity severity)
{
	static const char *const names[] = { "LOW", "MEDIUM", "HIGH" };

	return names[severity];
}
