/*
 * The verifier's reason is the last line of its log, in front of its figures:
 *
 *	; if (len < 1 || len > TEXT_PIECE)
 *	42: (85) call bpf_probe_read_kernel_str#115
 *	R2 unbounded memory access, use 'var &= const' or 'if (var < const)'
 *	processed 4711 insns (limit 1000000) max_states_per_insn 4 total_states 62 …
 */
#include "source/bpf_why.h"

#include <string.h>
#include <unistd.h>

#include "base/span.h"

static struct span last_reason(struct span log)
{
	struct span reason = { 0 };

	while (log.len) {
		struct span line = span_trim(span_first(log, span_index(log, '\n')));
		log = span_skip(log, span_index(log, '\n') + 1);
		if (line.len && !span_starts(line, SPAN("processed ")) &&
		    !span_starts(line, SPAN("verification time")) && !span_starts(line, SPAN("stack depth")) &&
		    line.data[0] != ';')
			reason = line;
	}
	return span_first(reason, 200);
}

int bpf_why(struct err *err, int result, const char *log)
{
	struct span reason = last_reason(span_of(log));

	if (access("/sys/kernel/btf/vmlinux", R_OK) != 0)
		return err_set(err, result,
			       "bpf: the kernel does not describe its types: it needs CONFIG_DEBUG_INFO_BTF, and "
			       "/sys/kernel/btf/vmlinux must be readable");
	if (result == -EPERM && !reason.len)
		return err_set(err, result,
			       "bpf: loading takes CAP_BPF and CAP_PERFMON: run as root, or give the service these "
			       "capabilities (a locked down kernel refuses even then)");
	if (reason.len)
		return err_set(err, result, "bpf: the kernel's verifier refused: %.*s (%s)", (int)reason.len,
			       reason.data, strerror(-result));
	return err_set(err, result, "bpf: the kernel refused: %s", strerror(-result));
}
