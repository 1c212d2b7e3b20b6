# rr: records a program, where the processor's counters allow.
cd /tmp && HOME=/tmp _RR_TRACE_DIR=/tmp/rr rr record -n ls /
true
