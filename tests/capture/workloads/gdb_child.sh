# gdb: a program that gdb starts itself.
cd /tmp && exec setpriv --reuid $LABUSER --regid $LABUSER --clear-groups gdb -batch -ex run -ex bt --args /srv/lab1/bin/decoy -c
