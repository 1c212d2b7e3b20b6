# perf: a program that perf starts itself.
cd /tmp && perf record -q -e cpu-clock -o /tmp/perf.data -- ls /
rm -f /tmp/perf.data
true
