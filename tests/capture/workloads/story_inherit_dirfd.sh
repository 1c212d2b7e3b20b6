# One program opens the directory; another, which it starts, opens mem in it: the
# name is "mem", the CWD record is unrelated, the fd came across fork and execve.
$LAB/bin/acc inherit_dirfd $KEYRING_PID mem
