# gcore: a core of another process.
cd /tmp && gcore -o /tmp/core $KEYRING_PID
