# procps: one process's map, in three degrees of detail.
pmap $KEYRING_PID
pmap -x $KEYRING_PID
pmap -XX $KEYRING_PID
