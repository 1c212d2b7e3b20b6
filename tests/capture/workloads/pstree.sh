# psmisc and procps: what lists without memory maps.
pstree -alp
pidof sshd
pgrep -af sshd
w
prtstat $KEYRING_PID
pwdx $KEYRING_PID
true
