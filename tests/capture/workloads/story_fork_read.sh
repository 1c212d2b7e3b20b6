# A child without an execve of its own opens its parent's mem.
$LAB/bin/acc fork_read
