# prometheus-process-exporter: one scrape on the loopback interface.
# lines: 6000
printf 'process_names:\n  - name: "{{.Comm}}"\n    cmdline:\n      - ".+"\n' > /tmp/pe.yml
prometheus-process-exporter -config.path /tmp/pe.yml -threads=false -web.listen-address 127.0.0.1:19256 &
exporter=$!
sleep 1
curl -s http://127.0.0.1:19256/metrics >/dev/null
kill $exporter
wait $exporter
true
