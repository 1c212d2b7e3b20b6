# Another user tries process_vm_readv and ptrace, and is refused.
read -r pid tid address length fd < $LAB/state/KEYRING
setpriv --reuid 60012 --regid 60012 --clear-groups $LAB/bin/acc vm_readv $pid $address
setpriv --reuid 60012 --regid 60012 --clear-groups $LAB/bin/acc seize $pid $address
setpriv --reuid 60012 --regid 60012 --clear-groups $LAB/bin/acc pidfd_getfd $pid $fd
true
