# A child executes cat on its parent's environ and maps.
$LAB/bin/acc fork_exec /bin/cat environ
$LAB/bin/acc fork_exec /bin/cat maps
