# reptyr: takes over a process from another terminal (here: the workload's own decoy).
export TERM=xterm
script -qc "/srv/lab1/bin/decoy -n editor -o /tmp/editor -t 15" /dev/null >/dev/null 2>&1 </dev/null &
for _ in $(seq 50); do [ -s /tmp/editor ] && break; sleep 0.1; done
read -r target _ < /tmp/editor
timeout 3 script -qc "reptyr $target" /dev/null
kill $target 2>/dev/null
true
