# A 32-bit program: open by the i386 numbers, ptrace is 26 there, process_vm_readv 347.
# rule: -F arch=b32 -S ptrace -F a0=16 -k proctor_xmem
# rule: -F arch=b32 -S process_vm_readv -k proctor_xmem
$LAB/bin/acc32 open /proc/$KEYRING_PID/maps /proc/$KEYRING_PID/mem
$LAB/bin/acc32 attach $KEYRING_PID
$LAB/bin/acc32 vm_readv $KEYRING_PID 0x1000
true
