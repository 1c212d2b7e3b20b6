"""count_by.py LOG: what `parse regex "exe=\\"(?<exe>[^\\"]+)\\"" | count by exe` does, as a Python loop; rows as JSON."""
import collections
import json
import re
import sys

pattern = re.compile(rb'exe="([^"]+)"')
counts = collections.Counter()
with open(sys.argv[1], "rb") as log:
    for line in log:
        found = pattern.search(line)
        if found:
            counts[found.group(1)] += 1
for exe in sorted(counts):
    print(json.dumps({"exe": exe.decode("utf-8", "replace"), "_count": counts[exe]}, separators=(",", ":")))
