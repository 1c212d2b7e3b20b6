/* bpf_why: why a kernel refused the eBPF sensor, in one line. */
#ifndef SOURCE_BPF_WHY_H
#define SOURCE_BPF_WHY_H

#include "base/err.h"

/* `result` is libbpf's; `log` what the verifier wrote, "" nothing. Returns result. */
int bpf_why(struct err *err, int result, const char *log);

#endif
