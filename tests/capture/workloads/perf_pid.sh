# perf: samples one process.
cd /tmp && perf record -q -g -e cpu-clock -o /tmp/perf.data -p $KEYRING_PID -- sleep 1
perf script -i /tmp/perf.data >/dev/null
rm -f /tmp/perf.data
true
