# Another user tries one process after the other and gets nothing.
exec setpriv --reuid 60012 --regid 60012 --clear-groups $LAB/bin/acc open \
	/proc/$KEYRING_PID/maps /proc/$KEYRING_PID/mem /proc/$KEYRING_PID/environ \
	/proc/$SSHD_PID/maps /proc/$SSHD_PID/mem /proc/$SSHD_PID/environ
