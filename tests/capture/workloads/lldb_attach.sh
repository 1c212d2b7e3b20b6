# lldb: backtrace of another process (through lldb-server).
cd /tmp && HOME=/tmp lldb-14 -b -p $KEYRING_PID -o 'bt all' -o detach
true
