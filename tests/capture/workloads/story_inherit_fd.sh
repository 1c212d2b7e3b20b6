# One program opens mem; another, which it starts, reads through the inherited descriptor.
read -r pid tid address length fd < $LAB/state/KEYRING
$LAB/bin/acc inherit $pid $address
