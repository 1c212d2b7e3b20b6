# A second procfs, and a rule without a device: every open of every file.
# rule: -F arch=b64 -S open,openat,openat2 -k opens
mkdir -p /tmp/p2
unshare -m sh -c 'mount -t proc proc /tmp/p2 && cd /tmp/p2/$KEYRING_PID && /srv/lab1/bin/acc open maps mem'
