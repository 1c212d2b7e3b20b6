#include "sink/cells_incident.h"

#include "sink/cells_writer.h"

/* Each kind of step once, in the order in which they came first. */
static void say_steps(struct writer *out, const struct incident *incident)
{
	uint32_t said = 0;

	for (size_t i = 0; i < incident->step_count; i++) {
		enum step_kind kind = incident->steps[i].kind;
		if (said & 1u << kind)
			continue;
		if (said)
			say(out, " ");
		if (said)
			say_sign(out, "→", "->");
		say(out, said ? " " : "");
		say(out, step_kind_name(kind));
		said |= 1u << kind;
	}
}

static bool has_other_steps(const struct incident *incident)
{
	return incident->findings > 1 || incident->step_count > 1;
}

static void write_why(struct writer *out, const struct incident *incident)
{
	if (has_other_steps(incident)) {
		say_steps(out, incident);
		say(out, incident->reason_count ? ": " : "");
	}
	say_list(out, incident->reasons, incident->reason_count);
}

static void write_entries(struct writer *out, const struct incident *incident)
{
	uint32_t entries = 0;

	for (size_t i = 0; i < incident->target_count; i++)
		entries |= incident->targets[i].entries;
	for (unsigned entry = ENTRY_NONE + 1; entry < ENTRY_COUNT; entry++)
		if (entries & 1u << entry) {
			say(out, out->columns ? "," : "");
			say(out, entry_name((enum entry)entry));
		}
	say(out, out->columns ? "" : "-");
}

static void write_target(struct writer *out, const struct incident *incident)
{
	const struct incident_target *target = incident->targets;
	struct span name = target->exe.len ? span_basename(target->exe) : target->comm;
	uint64_t more = incident->target_count - 1 + incident->targets_left;

	say_sign(out, "→", "->");
	if (name.len) {
		say(out, " ");
		say_log_text(out, name, CELL_COLUMNS_MAX);
	}
	if (target->pid != UNKNOWN_ID) {
		say_number(out, name.len ? " (" : " pid ", target->pid);
		say(out, name.len ? ")" : "");
	} else if (!name.len) {
		say(out, " unknown");
	}
	if (more)
		say_number(out, " +", more);
}

static void write_outcome(struct writer *out, const struct incident *incident)
{
	for (size_t i = 0; i < incident->step_count; i++)
		if (incident->steps[i].finding[0] && !incident->steps[i].failed) {
			say(out, "success");
			return;
		}
	say(out, "attempts");
}

/* The incident as if it were one finding, for the cells that both have. */
static struct finding as_finding(const struct incident *incident)
{
	struct finding finding = { .risk = incident->risk, .score = incident->score };

	finding.access.time_ms = incident->first_ms;
	finding.access.host = incident->host;
	finding.access.actor = incident->actor;
	return finding;
}

/* A single finding is told as it is, but for the whole's score and steps. */
static size_t add_single(struct buffer *to, enum cell cell, const struct incident *incident, bool utf8)
{
	struct finding finding = *incident->found[0];
	struct writer out = { .to = to, .utf8 = utf8 };

	finding.risk = incident->risk;
	finding.score = incident->score;
	if (cell == CELL_WHY && incident->step_count > 1) {
		say_steps(&out, incident);
		say(&out, ": ");
	}
	return out.columns + cell_add(to, cell, &finding, utf8);
}

size_t cell_add_incident(struct buffer *to, enum cell cell, const struct incident *incident, bool utf8)
{
	struct finding finding = as_finding(incident);
	struct writer out = { .to = to, .utf8 = utf8 };

	if (incident->findings == 1 && incident->found_count == 1)
		return add_single(to, cell, incident, utf8);
	switch (cell) {
	case CELL_TIME:
	case CELL_HOST:
	case CELL_RISK:
	case CELL_ACTOR:
	case CELL_COUNT:
		return cell_add(to, cell, &finding, utf8);
	case CELL_TARGET:
		if (incident->target_count)
			write_target(&out, incident);
		else
			say(&out, "-");
		break;
	case CELL_ENTRY:
		write_entries(&out, incident);
		break;
	case CELL_SYSCALL:
		say_number(&out, "", incident->findings);
		say(&out, " findings");
		break;
	case CELL_OUTCOME:
		write_outcome(&out, incident);
		break;
	case CELL_WHY:
		write_why(&out, incident);
		break;
	}
	return out.columns;
}
