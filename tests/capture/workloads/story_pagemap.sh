# Where to read, by the rarer names.
$LAB/bin/acc open /proc/$KEYRING_PID/pagemap /proc/$KEYRING_PID/auxv /proc/$KEYRING_PID/stack \
	/proc/$KEYRING_PID/syscall /proc/$KEYRING_PID/numa_maps /proc/$KEYRING_PID/smaps_rollup
