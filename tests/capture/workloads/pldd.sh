# libc-bin: the shared objects of another process.
pldd $KEYRING_PID
true
