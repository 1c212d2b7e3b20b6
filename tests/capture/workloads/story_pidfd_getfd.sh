# pidfd_getfd with the stock rules: only who did it.
read -r pid tid address length fd < $LAB/state/KEYRING
$LAB/bin/acc pidfd_getfd $pid $fd
