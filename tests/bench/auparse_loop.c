/*
 * auparse_loop: what the field's own library costs, used as its manual says:
 * every event assembled, every record visited, every PATH name decoded.
 *
 * Prints events, records, and the names that end as an entry that gives a
 * process's memory away. It resolves nothing: a relative name stays relative.
 */
#include <auparse.h>
#include <errno.h>
#include <libaudit.h>
#include <stdio.h>
#include <string.h>

struct counts {
	unsigned long events, records, names;
};

static int is_entry(const char *name)
{
	static const char *const entries[] = { "mem", "maps", "environ" };
	const char *slash = strrchr(name, '/');
	const char *base = slash ? slash + 1 : name;

	for (size_t i = 0; i < sizeof(entries) / sizeof(entries[0]); i++)
		if (strcmp(base, entries[i]) == 0)
			return 1;
	return 0;
}

static void take_record(auparse_state_t *state, struct counts *counts)
{
	counts->records++;
	if (auparse_get_type(state) != AUDIT_PATH || !auparse_find_field(state, "name"))
		return;
	const char *name = auparse_interpret_field(state);
	counts->names += name && is_entry(name);
}

int main(int argc, char **argv)
{
	struct counts counts = { 0 };
	int more;

	if (argc != 2) {
		fputs("usage: auparse_loop FILE\n", stderr);
		return 2;
	}
	auparse_state_t *state = auparse_init(AUSOURCE_FILE, argv[1]);
	if (!state) {
		fprintf(stderr, "auparse_loop: %s: %s\n", argv[1], strerror(errno));
		return 1;
	}
	while ((more = auparse_next_event(state)) > 0) {
		counts.events++;
		for (int got = auparse_first_record(state); got > 0; got = auparse_next_record(state))
			take_record(state, &counts);
	}
	auparse_destroy(state);
	if (more < 0) {
		fprintf(stderr, "auparse_loop: %s: %s\n", argv[1], strerror(errno));
		return 1;
	}
	printf("%lu events, %lu records, %lu names\n", counts.events, counts.records, counts.names);
	return 0;
}
