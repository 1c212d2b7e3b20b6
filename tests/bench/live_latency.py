"""live_latency.py PID: reads `proctor watch --accesses --json` on standard input and prints, of the accesses to process
PID, how long each took from the call to the line: count, p50, p99 and the longest, in ms. Events bear the kernel's coarse
clock, which is up to 4 ms late, so that much of a latency is the clock's."""
import datetime
import json
import sys
import time

waits = []
for line in sys.stdin.buffer:
    now = time.time() * 1000
    access = json.loads(line)
    if access.get("type") or access["target"]["pid"] != int(sys.argv[1]):
        continue
    when = datetime.datetime.fromisoformat(access["time"].replace("Z", "+00:00"))
    waits.append(now - when.timestamp() * 1000)
waits.sort()
if waits:
    print(len(waits), *("%.1f" % waits[min(len(waits) - 1, int(len(waits) * share))] for share in (0.5, 0.99, 1)))
else:
    print("0 - - -")
