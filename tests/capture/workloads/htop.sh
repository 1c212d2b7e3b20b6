# htop on a terminal for two seconds.
export TERM=xterm HOME=/tmp
timeout 2 script -qc "htop -d 5" /dev/null
true
