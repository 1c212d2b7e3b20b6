# earlyoom: made to look for a victim in a dry run, as a user who could kill nothing.
# lines: 1500
exec setpriv --reuid $LABUSER --regid $LABUSER --clear-groups timeout 2 earlyoom --dryrun -r 1 -m 99,98
