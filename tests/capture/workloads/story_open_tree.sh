# open_tree(OPEN_TREE_CLONE) of /proc/<pid>, then mem in it.
$LAB/bin/acc open_tree $KEYRING_PID mem
