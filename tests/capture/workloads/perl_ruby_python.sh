# Interpreters that look at their own maps.
perl -ne 'print if /heap/' /proc/self/maps
python3 -c 'import os; open(f"/proc/{os.getpid()}/maps").read(); open("/proc/thread-self/smaps").read()'
ruby -e 'puts File.read("/proc/self/maps").lines.size'
grep heap /proc/self/maps
bash -c 'read -r line < /proc/self/environ; cat /proc/$$/maps >/dev/null'
