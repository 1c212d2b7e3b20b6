# rkhunter: the tests that look at processes.
rkhunter --check --sk --nocolors --nolog --enable running_procs,deleted_files,hidden_procs,packet_cap_apps
true
