# elfutils: stack of another process.
eu-stack -p $KEYRING_PID
true
