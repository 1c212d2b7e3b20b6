# ptrace by a program of one's own: SEIZE, INTERRUPT, PEEKDATA.
read -r pid tid address length fd < $LAB/state/SSHD
$LAB/bin/acc seize $pid $address
