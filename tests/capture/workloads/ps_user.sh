# procps by a user: other users' environ is refused.
exec setpriv --reuid $LABUSER --regid $LABUSER --clear-groups ps axo pid,user,comm,args
