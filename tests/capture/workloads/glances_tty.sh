# glances on a terminal.
export TERM=xterm HOME=/tmp
timeout 6 script -qc "glances --time 1 --stop-after 2" /dev/null
true
