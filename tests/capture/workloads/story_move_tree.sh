# A tree of /proc/<pid> from open_tree, attached elsewhere by move_mount: the only PATH of that event is the target.
mkdir -p /tmp/tree
$LAB/bin/acc move_tree $KEYRING_PID mem /tmp/tree
rmdir /tmp/tree
