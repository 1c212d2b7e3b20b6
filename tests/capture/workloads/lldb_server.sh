# lldb-server attached to another process.
cd /tmp
timeout -s TERM 2 lldb-server-14 gdbserver 127.0.0.1:19258 --attach $KEYRING_PID
true
