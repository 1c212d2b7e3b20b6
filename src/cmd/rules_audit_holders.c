#include "cmd/rules_audit_holders.h"

#include "cmd/command.h"
#include "cmd/tell.h"

int rules_audit_holders_open(struct rules_audit_holders *holders)
{
	*holders = (struct rules_audit_holders){ 0 };
	rule_places_init(&holders->rulebook.places);
	int status = rulebook_open(&holders->rulebook, &holders->summary);
	if (status)
		return status;
	holders->assessor = assessor_create(&holders->rulebook.pack);
	if (holders->assessor)
		return 0;
	tell("cannot ask the rules who holds credentials: memory is out");
	return STATUS_ERROR;
}

void rules_audit_holders_close(struct rules_audit_holders *holders)
{
	assessor_destroy(holders->assessor);
	rulebook_close(&holders->rulebook);
}

/* What the verdict on a read of its memory would say of the target. */
bool rules_audit_holders_has(void *context, struct span comm, struct span exe)
{
	struct rules_audit_holders *holders = context;
	struct access access = {
		.time_ms = TIME_UNKNOWN,
		.trust = TRUST_KERNEL,
		.sighting = SIGHTING_ACCESS,
		.verb = VERB_OPEN,
		.entry = ENTRY_MEM,
		.resolved_by = RESOLVED_PATH,
		.certain = true,
		.request = UNKNOWN_ID,
		.actor = process_unknown,
		.target = process_unknown,
	};
	struct verdict verdict;

	access.target.comm = comm;
	access.target.exe = exe;
	assessor_alone(holders->assessor, &access, &verdict);
	return verdict.credentials;
}
