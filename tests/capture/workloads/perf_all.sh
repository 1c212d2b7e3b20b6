# perf: samples the whole machine for half a second.
cd /tmp && perf record -q -e cpu-clock -a -o /tmp/perf.data -- sleep 0.5
rm -f /tmp/perf.data
true
