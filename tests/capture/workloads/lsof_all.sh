# lsof: all files of all processes.
lsof -n -P
