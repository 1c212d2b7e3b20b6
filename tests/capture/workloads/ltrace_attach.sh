# ltrace: attached for a second.
timeout -s INT 1 ltrace -p $KEYRING_PID -o /tmp/trace
true
