/*
 * For tests of src/rule: accesses as a resolver would hand them over. Private
 * to tests/unit.
 *
 * OPENED(…) is: process 500, /opt/x, root, child of 400 in session 3, opened
 * mem of process 812, a cron started by 1, certain, told by the kernel. What a
 * test says after that counts.
 */
#ifndef TESTS_UNIT_JUDGED_H
#define TESTS_UNIT_JUDGED_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "model/finding.h"

#ifdef __clang__
#pragma GCC diagnostic ignored "-Winitializer-overrides"
#else
#pragma GCC diagnostic ignored "-Woverride-init"
#pragma GCC diagnostic ignored "-Woverride-init-side-effects"
#endif

#define T0 1795430000000 /* ms */

#define ACTOR(...)                           \
	.actor = { .pid = 500,               \
		   .ppid = 400,              \
		   .auid = 1000,             \
		   .uid = 0,                 \
		   .euid = 0,                \
		   .ses = 3,                 \
		   .comm = SPAN("x"),        \
		   .exe = SPAN("/opt/x"),    \
		   .script_uid = UNKNOWN_ID, \
		   .start_ms = TIME_UNKNOWN, \
		   __VA_ARGS__ }
#define TARGET(...)                                \
	.target = { .pid = 812,                    \
		    .ppid = 1,                     \
		    .auid = UNKNOWN_ID,            \
		    .uid = 0,                      \
		    .euid = 0,                     \
		    .ses = UNKNOWN_ID,             \
		    .comm = SPAN("cron"),          \
		    .exe = SPAN("/usr/sbin/cron"), \
		    .script_uid = UNKNOWN_ID,      \
		    .start_ms = T0 - 5,            \
		    __VA_ARGS__ }
#define OPENED(...)                                      \
	(&(struct access){ .time_ms = T0,                \
			   .serial = 7,                  \
			   .trust = TRUST_KERNEL,        \
			   .sighting = SIGHTING_ACCESS,  \
			   .verb = VERB_OPEN,            \
			   .entry = ENTRY_MEM,           \
			   .resolved_by = RESOLVED_PATH, \
			   .certain = true,              \
			   .trusted_exe = true,          \
			   .request = UNKNOWN_ID,        \
			   .syscall = SPAN("openat"),    \
			   ACTOR(),                      \
			   TARGET(),                     \
			   __VA_ARGS__ })
/* A line of a log, of no known host. */
#define LINE(program, text, ...)                                                                                 \
	OPENED(.sighting = SIGHTING_LINE, .verb = VERB_LOG, .entry = ENTRY_NONE, .certain = false,               \
	       .trust = TRUST_DAEMON, .serial = 0, .message = SPAN(text),                                        \
	       .actor = { .comm = SPAN(program),                                                                 \
			  .pid = UNKNOWN_ID,                                                                     \
			  .ppid = UNKNOWN_ID,                                                                    \
			  .auid = UNKNOWN_ID,                                                                    \
			  .uid = UNKNOWN_ID,                                                                     \
			  .euid = UNKNOWN_ID,                                                                    \
			  .ses = UNKNOWN_ID,                                                                     \
			  .script_uid = UNKNOWN_ID,                                                              \
			  .start_ms = TIME_UNKNOWN },                                                            \
	       .target = { .pid = UNKNOWN_ID, .ppid = UNKNOWN_ID, .uid = UNKNOWN_ID, .start_ms = TIME_UNKNOWN }, \
	       __VA_ARGS__)

#endif
