# valgrind with a pending vgdb command.
cd /tmp
valgrind -q --vgdb=yes --vgdb-poll=100 /srv/lab1/bin/decoy -t 10 &
sleep 3
vgdb --pid=$! v.info scheduler
kill $!
wait
true
