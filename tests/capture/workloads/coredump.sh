# systemd-coredump, started by hand on a decoy with the kernel's arguments
# (%P %u %g %s %t %c %h) and an empty core.
/lib/systemd/systemd-coredump $KEYRING_PID $LABUSER $LABUSER 6 $(date +%s) 18446744073709551615 lab </dev/null
true
