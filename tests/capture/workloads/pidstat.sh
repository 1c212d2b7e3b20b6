# sysstat.
pidstat -r -d -u -w -l 1 1
