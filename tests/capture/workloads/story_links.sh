# Through links of /proc/<pid>: one's own working directory, and another's (a decoy's is /).
cd /proc/$KEYRING_PID && $LAB/bin/acc open /proc/self/cwd/mem
cd / && $LAB/bin/acc open /proc/$KEYRING_PID/cwd/proc/$KEYRING_PID/mem
