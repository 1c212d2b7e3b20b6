/* finding_texts: what copying and packing findings share. Private to src/model. */
#ifndef MODEL_FINDING_TEXTS_H
#define MODEL_FINDING_TEXTS_H

#include "model/finding.h"

/* Every text of a finding but its raw lines, in packing order. */
#define TEXTS_MAX (28 + FINDING_REASONS_MAX)

static inline size_t process_texts(struct process *process, struct span **texts)
{
	texts[0] = &process->comm;
	texts[1] = &process->exe;
	texts[2] = &process->script;
	texts[3] = &process->cmdline;
	texts[4] = &process->cwd;
	texts[5] = &process->tty;
	texts[6] = &process->container;
	return 7;
}

static inline size_t finding_texts(struct finding *finding, struct span *texts[TEXTS_MAX])
{
	struct access *access = &finding->access;
	size_t n = 0;

	texts[n++] = &access->host;
	texts[n++] = &access->path;
	texts[n++] = &access->resolved_path;
	texts[n++] = &access->syscall;
	texts[n++] = &access->message;
	n += process_texts(&access->actor, texts + n);
	n += process_texts(&access->target, texts + n);
	texts[n++] = &access->parent_exe;
	texts[n++] = &access->parent_cmdline;
	texts[n++] = &finding->rule;
	texts[n++] = &finding->rule_id;
	texts[n++] = &finding->rule_title;
	texts[n++] = &finding->threat;
	texts[n++] = &finding->technique;
	texts[n++] = &finding->suppressed_by;
	texts[n++] = &finding->suppressed_why;
	for (size_t i = 0; i < finding->reason_count; i++)
		texts[n++] = &finding->reasons[i];
	return n;
}

#endif
