# A CI job: a shell script that reads maps of its own background child with cat.
cat > /tmp/job.sh <<'J'
#!/bin/sh
/srv/lab1/bin/decoy -n under-test -t 20 &
child=$!
sleep 0.3
cat /proc/$child/smaps > /tmp/smaps.txt
grep heap /proc/$child/maps
kill $child
J
chmod 755 /tmp/job.sh
setpriv --reuid $LABUSER --regid $LABUSER --clear-groups /tmp/job.sh
true
