"""Scans every story of a folder as incidents, and says whether they are what its label says.

usage: incidents.py PROCTOR FOLDER TABLE.tsv

A label: how many incidents the file gives, whose, on whom (? is a target that the log does not tell), and the kinds of
steps in the order in which each came first. Each file is also scanned in other shapes and beside other files, which
may not change its incidents, and as two boots and two hosts, which must not become one.
"""
import concurrent.futures
import csv
import itertools
import json
import os
import random
import re
import subprocess
import sys
import tempfile

from labels import parts, read, shuffle

STAMP = re.compile(rb"msg=audit\((\d+)\.(\d+):(\d+)\)")


def scan(proctor, *paths, data=None, options=()):
    run = subprocess.run([proctor, "scan", "--json", "--incidents", "-q", *options, *paths], input=data,
                         capture_output=True, check=False)
    if run.returncode not in (0, 1):
        raise AssertionError("exit status %d: %s" % (run.returncode, run.stderr.decode(errors="replace")[:300]))
    return [json.loads(line) for line in run.stdout.splitlines()], run.stdout


def kinds(incident):
    return " ".join(dict.fromkeys(step["kind"] for step in incident["steps"]))


def plain(value):
    """Without where it lies."""
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items() if k != "origin"}
    return [plain(v) for v in value] if isinstance(value, list) else value


def check_label(label, found):
    if len(found) != int(label["incidents"]):
        return "%d incidents" % len(found)
    if not found:
        return None
    one = found[0]
    actor = one["actor"]["script"] or one["actor"]["exe"]
    targets = sorted("?" if t["pid"] is None else str(t["pid"]) for t in one["targets"])
    for name, is_now, wanted in (("actor", actor, label["actor"]), ("steps", kinds(one), label["steps"]),
                                 ("targets", targets, sorted(label["targets"].replace("-", "").split()))):
        if is_now != wanted:
            return "%s: %s, not %s" % (name, is_now, wanted)
    times = [step["first"] for step in one["steps"] if step["kind"] != "dump"]
    if times != sorted(times):
        return "steps are not in the order of time"
    if one["findings_total"] != len(one["findings"]) or any(f["incident"] != one["id"] for f in one["findings"]):
        return "its findings are not its own"
    return None


def shapes(proctor, path, folder):
    """The same file otherwise: each must give the same incidents."""
    data = read(path)
    wanted = plain(scan(proctor, path)[0])
    whole = os.path.join(folder, "audit.log")
    for name, content in (("shuffled", shuffle(data, os.path.basename(path))), ("crlf", data.replace(b"\n", b"\r\n"))):
        with open(whole, "wb") as file:
            file.write(content)
        if plain(scan(proctor, whole)[0]) != wanted:
            return name
    for by_lines in (True, False):
        names = [os.path.join(folder, "part%d" % i) for i in range(3)]
        for part, text in zip(names, parts(data, by_lines)):
            with open(part, "wb") as file:
                file.write(text)
        if plain(scan(proctor, *names)[0]) != wanted:
            return "cut in three"
    if plain(scan(proctor, "-", data=data)[0]) != wanted:
        return "from a pipe"
    return None


def renumbered(data, seconds):
    """The same after a reboot: serials from 1, the clock further."""
    first = min(int(serial) for _, _, serial in STAMP.findall(data))

    def later(match):
        return b"msg=audit(%d.%s:%d)" % (int(match[1]) + seconds, match[2], int(match[3]) - first + 1)

    return STAMP.sub(later, data)


def doubles(proctor, path, folder):
    """Two boots in one log, two hosts in one log."""
    data = read(path)
    count = len(scan(proctor, path)[0])
    twice = os.path.join(folder, "twice.log")
    with open(twice, "wb") as file:
        file.write(data + renumbered(data, 600))
    found = scan(proctor, twice)[0]
    if len(found) != 2 * count:
        return "two boots give %d incidents" % len(found)
    with open(twice, "wb") as file:
        for lines in itertools.zip_longest(data.splitlines(True), data.splitlines(True), fillvalue=b""):
            file.write(b"node=a " + lines[0] + b"node=b " + lines[1])
    hosts = sorted(incident["host"] for incident in scan(proctor, twice)[0])
    if hosts != sorted(["a", "b"] * count):
        return "two hosts give %s" % hosts
    return None


def beside(proctor, pair):
    """Two files together, in both orders: the incidents of both, and the same bytes."""
    apart = [incident for path in pair for incident in scan(proctor, path)[0]]
    together, one_way = scan(proctor, *pair)
    other_way = scan(proctor, *reversed(pair))[1]
    if one_way != other_way:
        return "the order of files matters"

    def gist(incidents):
        return sorted((i["first"], i["actor"]["pid"], kinds(i), i["findings_total"]) for i in incidents)

    return None if gist(apart) == gist(together) else "%s, not %s" % (gist(together), gist(apart))


def report(name, why):
    print("not ok %s: %s" % (name, str(why).replace("\n", " ")[:500]) if why else "ok " + name, flush=True)


def main():
    proctor, folder, table = sys.argv[1:4]
    with open(table, encoding="utf-8", newline="") as file:
        labels = list(csv.DictReader(file, delimiter="\t"))
    paths = {label["file"]: os.path.join(folder, label["file"]) for label in labels}
    with tempfile.TemporaryDirectory() as scratch, concurrent.futures.ThreadPoolExecutor(2) as pool:

        def check(label):
            own = os.path.join(scratch, label["file"])
            os.mkdir(own)
            path = paths[label["file"]]
            return (check_label(label, scan(proctor, path)[0]) or shapes(proctor, path, own) or
                    doubles(proctor, path, own))

        for label, why in zip(labels, pool.map(check, labels)):
            report(label["file"], why)
        with_incidents = [paths[label["file"]] for label in labels if label["incidents"] != "0"]
        every = list(itertools.combinations(sorted(with_incidents), 2))
        pairs = random.Random(7).sample(every, min(len(every), 60))
        for pair, why in zip(pairs, pool.map(lambda pair: beside(proctor, pair), pairs)):
            report(" and ".join(os.path.basename(path) for path in pair), why)


main()
