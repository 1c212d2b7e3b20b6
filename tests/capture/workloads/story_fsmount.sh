# fsopen, fsmount: a procfs that is mounted nowhere. The stock rules record its making.
$LAB/bin/acc fsmount $KEYRING_PID mem
