/* explain_parts: what the files of explain share. Private to src/sink. */
#ifndef SINK_EXPLAIN_PARTS_H
#define SINK_EXPLAIN_PARTS_H

#include "sink/explain.h"

/* ---- explain.c: items ---- */

void explain_add(struct explanation *explanation, enum explain_section section, enum explain_kind kind,
		 struct span label, struct span text);

/* Texts are literals or live as long as the subject; a buffer's are copied, and it is emptied. */
void explain_say(struct explanation *explanation, enum explain_section section, const char *text);
void explain_fact(struct explanation *explanation, enum explain_section section, const char *label, struct span text);
void explain_take(struct explanation *explanation, enum explain_section section, enum explain_kind kind,
		  struct span label, struct buffer *text);

/* ---- explain_words.c: log text among our words ---- */

/* The finding's target, with the names that other findings of its incident have for it. */
struct process words_target(const struct explain_subject *subject);

/* A name of the log: as it is where it is plain, else quoted as for a shell, so that it cannot pass for our words. */
void words_name(struct buffer *to, struct span name);
void words_process(struct buffer *to, const struct process *process); /* "dd (pid 27276)", "an unknown process" */
bool words_of_host(const struct access *access);		      /* it is about all memory of the host */
void words_time(struct buffer *to, int64_t time_ms);		      /* "2026-11-23T…", "an unknown time" */
void words_number(struct buffer *to, uint64_t number);
void words_did(struct buffer *to, const struct access *access); /* "opened mem of sshd (pid 812) for reading" */

/* ---- the sections ---- */

void explain_story(struct explanation *explanation);
void explain_facts(struct explanation *explanation); /* who, what */
void explain_evidence(struct explanation *explanation);
void explain_steps(struct explanation *explanation);  /* steps, records */
void explain_normal(struct explanation *explanation); /* normal, why */
void explain_advice(struct explanation *explanation); /* check, contain */
void explain_secrets(struct explanation *explanation);
void explain_limits(struct explanation *explanation);

#endif
