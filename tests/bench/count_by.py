"""count_by.py text|bytes LOG: what `parse regex "exe=\\"(?<exe>[^\\"]+)\\"" | count by exe` does, as a Python loop.

text is the loop that one writes; bytes is the fastest that Python can do: nothing is decoded, the pattern is compiled
beforehand. Prints rows as JSON.
"""
import collections
import json
import re
import sys


def as_text(path):
    counts = collections.Counter()
    with open(path, encoding="utf-8", errors="surrogateescape") as log:
        for line in log:
            found = re.search(r'exe="(?P<exe>[^"]+)"', line)
            if found:
                counts[found["exe"]] += 1
    return counts


def as_bytes(path):
    counts = collections.Counter()
    search = re.compile(rb'exe="([^"]+)"').search
    with open(path, "rb") as log:
        for line in log:
            found = search(line)
            if found:
                counts[found.group(1)] += 1
    return {exe.decode("utf-8", "surrogateescape"): count for exe, count in counts.items()}


kind, path = sys.argv[1:]
for exe, count in sorted((as_text if kind == "text" else as_bytes)(path).items()):
    print(json.dumps({"exe": exe, "_count": count}, separators=(",", ":")))
