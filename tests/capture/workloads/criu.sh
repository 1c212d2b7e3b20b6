# CRIU: checkpoint of a decoy that goes on running.
mkdir -p /tmp/criu && criu dump -t $KEYRING_PID -D /tmp/criu -o dump.log --shell-job --leave-running -v2
tail -3 /tmp/criu/dump.log >&2
true
