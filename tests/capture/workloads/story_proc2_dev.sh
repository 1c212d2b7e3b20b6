# A second procfs, and a rule for every device with major 0.
# rule: -F arch=b64 -S open,openat,openat2 -F devmajor=0 -k proctor_procfs_other
mkdir -p /tmp/p2
unshare -m sh -c 'mount -t proc proc /tmp/p2 && /srv/lab1/bin/acc open /tmp/p2/$KEYRING_PID/mem /tmp/p2/$KEYRING_PID/environ'
