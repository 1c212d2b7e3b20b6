# elfutils: what reads maps without attaching.
eu-addr2line -p $KEYRING_PID 0x1000
eu-unstrip -n -p $KEYRING_PID
true
