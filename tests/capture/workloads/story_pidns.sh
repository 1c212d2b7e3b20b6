# A pid namespace with a procfs of its own: the numbers in the names are that namespace's,
# and the target is known to the host under another number.
# rule: -F arch=b64 -S open,openat,openat2 -F devmajor=0 -k proctor_procfs_other
unshare -pf --mount-proc sh -c '/srv/lab1/bin/sshd -n sshd -t 20 & target=$!; sleep 0.3; /srv/lab1/bin/acc open /proc/$target/maps /proc/$target/mem; kill $target'
