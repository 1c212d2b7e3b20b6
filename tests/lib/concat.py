"""Scans pairs of captures together: that may make an unknown target known, never change what was known.

usage: concat.py PROCTOR PAIRS FILE...

Pairs are drawn the same way each time. Each is scanned as one file and as two.
"""
import json
import lzma
import os
import random
import subprocess
import sys
import tempfile


def read(path):
    with (lzma.open if path.endswith(".xz") else open)(path, "rb") as file:
        return file.read()


def accesses(proctor, *paths):
    run = subprocess.run([proctor, "scan", "--json", "--accesses", *paths], capture_output=True, check=False)
    if run.returncode not in (0, 1):
        raise AssertionError("exit status %d: %s" % (run.returncode, run.stderr.decode(errors="replace")[:300]))
    found = {}
    for line in run.stdout.splitlines():
        f = json.loads(line)
        key = (f["time"], f["origin"]["serial"], f["verb"], f["entry"], f["path"], f["actor"]["pid"])
        found.setdefault(key, []).append(f)
    return found


def changed(before, after):
    """What was known and is not so any more."""
    old, new = before["target"]["pid"], after["target"]["pid"]
    if old is not None and new != old:
        return "target %s became %s" % (old, new)
    if old is not None and before["certain"] and not after["certain"]:
        return "target %s is not certain any more" % old
    if before["self"] != after["self"] and old is not None:
        return "self became %s" % after["self"]
    if bool(before["suppressed"]) != bool(after["suppressed"]):
        return "suppressed became %s" % after["suppressed"]
    if before["actor"]["exe"] and before["actor"]["exe"] != after["actor"]["exe"]:
        return "exe became %s" % after["actor"]["exe"]
    return None


def compare(alone, together):
    if together.keys() != alone.keys():
        return "accesses came or went: %s" % sorted(map(str, together.keys() ^ alone.keys()))[:2]
    for key, before in alone.items():
        for a, b in zip(before, together[key]):
            why = changed(a, b)
            if why:
                return "%s: %s" % (key, why)
    return None


def union(a, b):
    both = {key: list(value) for key, value in a.items()}
    for key, value in b.items():
        both.setdefault(key, []).extend(value)
    return both


def main():
    proctor, count, paths = sys.argv[1], int(sys.argv[2]), sorted(sys.argv[3:])
    draw = random.Random("pairs")
    with tempfile.TemporaryDirectory() as scratch:
        plain, alone = {}, {}
        for path in paths:
            # Two captures of one name are one thing RAW and ENRICHED: other runs, other files here.
            plain[path] = os.path.join(scratch, str(len(plain)))
            with open(plain[path], "wb") as file:
                file.write(read(path))
        for _ in range(count):
            a, b = draw.sample(paths, 2)
            for path in (a, b):
                if path not in alone:
                    alone[path] = accesses(proctor, plain[path])
            if alone[a].keys() & alone[b].keys():
                continue  # the same events twice
            both = os.path.join(scratch, "both")
            with open(both, "wb") as file:
                file.write(read(a) + read(b))
            expected = union(alone[a], alone[b])
            for shape, arguments in (("one file", [both]), ("two files", [plain[a], plain[b]])):
                name = "%s then %s as %s" % (os.path.basename(a), os.path.basename(b), shape)
                why = compare(expected, accesses(proctor, *arguments))
                print("not ok %s: %s" % (name, why) if why else "ok " + name, flush=True)


main()
