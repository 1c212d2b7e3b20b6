# A script in /tmp that borrows a tool's name, and a script that borrows its argv.
cp dump.py /tmp/needrestart && chmod 755 /tmp/needrestart && chown $LABUSER /tmp/needrestart
/tmp/needrestart $KEYRING_PID $SSHD_PID
bash -c 'exec -a /usr/sbin/needrestart python3 /tmp/needrestart -b -r l "$@"' - $KEYRING_PID
