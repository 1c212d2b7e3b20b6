# Another process's directory over one's own: then /proc/self is that process.
$LAB/bin/acc over_self $KEYRING_PID mem
