#!/usr/bin/python3
"""A CI test harness: starts the program under test and watches its memory."""
import subprocess
import sys
import time

child = subprocess.Popen(["/srv/lab1/bin/decoy", "-n", "under-test", "-t", "20"])
time.sleep(0.3)
for _ in range(3):
    with open(f"/proc/{child.pid}/smaps_rollup") as rollup:
        pss = [line for line in rollup if line.startswith("Pss:")]
    with open(f"/proc/{child.pid}/maps") as maps:
        regions = len(maps.readlines())
    with open(f"/proc/{child.pid}/smaps") as smaps:
        smaps.read()
    print(pss, regions)
    time.sleep(0.1)
child.terminate()
sys.exit(0 if child.wait() else 1)
