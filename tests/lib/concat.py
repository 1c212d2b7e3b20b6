"""Scans pairs of captures together: that may make an unknown target known, never change what was known.

usage: concat.py PROCTOR PAIRS FILE...

PAIRS are drawn the same way each time; "all" takes each two files in both orders. Of more than a thousand only what
failed is named.
Each pair is scanned as one file and as two.
"""
import concurrent.futures
import itertools
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


class Captures:
    """The files, unpacked, and what each gives by itself."""

    def __init__(self, proctor, paths, scratch):
        self.proctor, self.scratch = proctor, scratch
        # Two captures of one name are one thing RAW and ENRICHED: other runs, other files here.
        self.plain = {path: os.path.join(scratch, str(i)) for i, path in enumerate(paths)}
        for path, plain in self.plain.items():
            with open(plain, "wb") as file:
                file.write(read(path))
        self.alone = {path: accesses(proctor, plain) for path, plain in self.plain.items()}

    def differences(self, pair):
        """What each shape of the pair says, or nothing when both files hold the same events."""
        a, b = pair
        if self.alone[a].keys() & self.alone[b].keys():
            return []
        expected = union(self.alone[a], self.alone[b])
        with tempfile.NamedTemporaryFile(dir=self.scratch) as both:
            for path in pair:
                with open(self.plain[path], "rb") as file:
                    both.write(file.read())
            both.flush()
            shapes = (("one file", [both.name]), ("two files", [self.plain[a], self.plain[b]]))
            return [(self.name(pair, shape), compare(expected, accesses(self.proctor, *arguments)))
                    for shape, arguments in shapes]

    @staticmethod
    def name(pair, shape):
        return "%s then %s as %s" % (*map(os.path.basename, pair), shape)


def main():
    proctor, count, paths = sys.argv[1], sys.argv[2], sorted(sys.argv[3:])
    draw = random.Random("pairs")
    if count == "all":
        pairs = list(itertools.permutations(paths, 2))
    else:
        pairs = [draw.sample(paths, 2) for _ in range(int(count))]
    many = len(pairs) > 1000
    sound = 0
    with tempfile.TemporaryDirectory() as scratch, concurrent.futures.ThreadPoolExecutor(2) as pool:
        captures = Captures(proctor, paths, scratch)
        for results in pool.map(captures.differences, pairs):
            for name, why in results:
                sound += not why
                if why or not many:
                    print("not ok %s: %s" % (name, why) if why else "ok " + name, flush=True)
    if many:
        print("ok %d scans of pairs of %d captures" % (sound, len(paths)))


main()
