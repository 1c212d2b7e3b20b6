# openat2 with RESOLVE_IN_ROOT: an absolute name that begins at the descriptor.
$LAB/bin/acc in_root $KEYRING_PID mem
