# process_vm_writev into a decoy.
read -r pid tid address length fd < $LAB/state/KEYRING
$LAB/bin/acc vm_writev $pid $address
