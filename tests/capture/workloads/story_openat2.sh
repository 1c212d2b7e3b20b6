# openat2: absolute, then beneath a directory fd that was opened O_PATH.
$LAB/bin/acc openat2 $KEYRING_PID mem
