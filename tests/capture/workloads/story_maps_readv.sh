# maps first, process_vm_readv after.
read -r pid tid address length fd < $LAB/state/KEYRING
$LAB/bin/acc open /proc/$pid/maps
$LAB/bin/acc vm_readv $pid $address
