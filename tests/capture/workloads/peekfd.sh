# psmisc: peekfd attaches to see what goes through descriptors.
timeout -s INT 1 peekfd $KEYRING_PID
true
