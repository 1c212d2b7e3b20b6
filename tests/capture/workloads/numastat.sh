# numactl: numa_maps of one process by name.
numastat -p gnome-keyring
numastat -p $KEYRING_PID
true
