# strace: a program that strace starts itself.
exec setpriv --reuid $LABUSER --regid $LABUSER --clear-groups strace -f -o /tmp/trace.$$ sh -c 'ls / | head -3'
