# glances: two refreshes on standard output (psutil).
export TERM=xterm HOME=/tmp
timeout 8 glances --stdout cpu.user,mem.used,processcount --time 1 --stop-after 2
true
