# bpftrace: user stacks of one process for a second.
timeout -s INT 3 bpftrace -e "profile:hz:99 /pid == $KEYRING_PID/ { @[ustack] = count(); } interval:s:1 { exit(); }"
true
