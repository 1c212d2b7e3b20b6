# sosreport: its process, memory and kernel plugins.
sos report --batch --tmp-dir /tmp -o process,processor,memory --case-id 1 --threads 1
true
