# strace: attached for a second.
timeout -s INT 1 strace -f -p $KEYRING_PID -o /tmp/trace
true
