# pidfd_getfd where pidfd_open is audited too: its a0 names the target.
# rule: -F arch=b64 -S pidfd_open -k proctor_xmem
read -r pid tid address length fd < $LAB/state/KEYRING
$LAB/bin/acc pidfd_getfd $pid $fd
