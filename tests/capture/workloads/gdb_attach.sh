# gdb: backtrace of another process.
cd /tmp && gdb -p $KEYRING_PID -batch -ex bt -ex detach
