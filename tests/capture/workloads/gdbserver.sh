# gdbserver attached to another process, a gdb that connects and leaves.
cd /tmp
gdbserver --once --attach 127.0.0.1:19257 $KEYRING_PID &
sleep 1
gdb -batch -ex 'target remote 127.0.0.1:19257' -ex bt -ex detach
wait
true
