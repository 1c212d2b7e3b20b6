#include "model/incident.h"

const char *step_kind_name(enum step_kind kind)
{
	static const char *const names[STEP_KINDS] = {
		[STEP_DOWNLOAD] = "download",	 [STEP_BLINDING] = "blinding", [STEP_TOOL] = "tool",
		[STEP_RECON] = "reconnaissance", [STEP_ENVIRON] = "environ",   [STEP_MAP] = "map",
		[STEP_MEMORY] = "memory",	 [STEP_ATTACH] = "attach",     [STEP_DUMP] = "dump",
		[STEP_SHADOW] = "shadow",	 [STEP_UPLOAD] = "upload",     [STEP_CRASH] = "crash",
		[STEP_CLEANUP] = "cleanup",
	};

	return names[kind];
}
