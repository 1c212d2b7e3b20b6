# Inside a pid namespace, but through the host's procfs: the numbers are the host's.
unshare -pf sh -c '/srv/lab1/bin/acc open /proc/$KEYRING_PID/maps /proc/$KEYRING_PID/mem'
