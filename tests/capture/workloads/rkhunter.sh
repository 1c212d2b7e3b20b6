# rkhunter: the tests that look at processes (lsof, for the most part).
# lines: 12000
rkhunter --check --sk --nocolors --nolog --enable deleted_files,running_procs
true
