/* What somebody else than a record tells of a process: on a live host, /proc. */
#include "resolve/resolver.h"

#define TEXT_KEPT 4096

static void be_known(struct history *history, struct known_process *known, uint64_t pid)
{
	known->owner = history;
	known->born = history->serial;
	known->pid = pid;
	known->ppid = known->auid = known->uid = known->euid = known->ses = UNKNOWN_ID;
	known->script_uid = known->exe_uid = UNKNOWN_ID;
	known->start_ms = TIME_UNKNOWN;
}

static void take_exe(struct history *history, struct known_process *known, struct span exe)
{
	bool had = known->exe.len;

	if (!exe.data || !memo_set(history, &known->exe, exe, TEXT_KEPT) || !had)
		return;
	/* Another program: executed unseen, or another process under the same number. */
	memo_set(history, &known->script, (struct span){ 0 }, 0);
	memo_set(history, &known->cmdline, (struct span){ 0 }, 0);
	known->script_uid = known->exe_uid = UNKNOWN_ID;
	known->generation++;
	known->command_told = false;
}

void resolver_learn_process(struct resolver *resolver, uint32_t boot, const struct process *told)
{
	struct history *history = &resolver->history;
	bool created;

	if (told->pid == UNKNOWN_ID)
		return;
	struct known_process *known = table_put(&history->processes, history_key(boot, told->pid), 0, &created);
	if (created)
		be_known(history, known, told->pid);
	known->told_len = 0; /* the words of a record no longer say all of it */
	known->ppid = told->ppid != UNKNOWN_ID ? told->ppid : known->ppid;
	known->uid = told->uid != UNKNOWN_ID ? told->uid : known->uid;
	known->euid = told->euid != UNKNOWN_ID ? told->euid : known->euid;
	if (told->comm.data)
		memo_set(history, &known->comm, told->comm, TEXT_KEPT);
	take_exe(history, known, told->exe);
	if (known->start_ms == TIME_UNKNOWN)
		known->start_ms = told->start_ms;
	history_trim(history);
}
