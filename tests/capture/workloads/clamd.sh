# clamav: the daemon with the same database, one clamdscan, on a socket of its own.
mkdir -p /tmp/db /tmp/scan
echo 'Lab.Test:0:*:4445434f592d544553542d5349474e4154555245' > /tmp/db/lab.ndb
echo 'DECOY-TEST-SIGNATURE' > /tmp/scan/infected
printf 'LocalSocket /tmp/clamd.sock\nDatabaseDirectory /tmp/db\nForeground yes\nPidFile /tmp/clamd.pid\n' > /tmp/clamd.conf
clamd -c /tmp/clamd.conf &
daemon=$!
for _ in $(seq 50); do [ -S /tmp/clamd.sock ] && break; sleep 0.1; done
clamdscan -c /tmp/clamd.conf --fdpass /tmp/scan
kill $daemon
wait $daemon
true
