#!/usr/bin/python3
"""maps, then each readable region of mem, of the decoys named on the command line."""
import sys

for pid in sys.argv[1:]:
    if not pid.isdigit():
        continue
    try:
        with open(f"/proc/{pid}/environ", "rb") as environ:
            environ.read()
        with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", 0) as mem:
            for line in maps:
                span, rights = line.split()[:2]
                start, end = (int(number, 16) for number in span.split("-"))
                if rights.startswith("r") and "[heap]" in line:
                    mem.seek(start)
                    print(pid, b"DECOY-SECRET" in mem.read(end - start))
    except OSError as error:
        print(pid, error)
