# The same with a rule for every device with major 0.
# rule: -F arch=b64 -S open,openat,openat2 -F devmajor=0 -k proctor_procfs_other
$LAB/bin/acc fsmount $KEYRING_PID mem
