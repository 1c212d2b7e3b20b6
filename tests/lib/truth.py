"""Compares what proctor finds in a generated log with the generator's truth table.

usage: truth.py PROCTOR LOG TRUTH.tsv NAME

None missed, no decoy reported. Rows that are only a command line are counted apart.
"""
import collections
import csv
import json
import subprocess
import sys

COMMAND_ONLY = {"exec-only", "title-only"}
UNTOLD = {"dirfd", "symlink"}  # the log does not say whose: unknown or the truth, never a guess


def scan(proctor, log, *options):
    run = subprocess.run([proctor, "scan", "--json", *options, log], capture_output=True, check=False)
    if run.returncode not in (0, 1):
        sys.exit("not ok %s: exit status %d: %s" % (sys.argv[4], run.returncode, run.stderr.decode()[:300]))
    return [json.loads(line) for line in run.stdout.splitlines()]


def fits(row, access):
    command = row["spelling"] in COMMAND_ONLY
    if access["entry"] != row["entry"] or (access["verb"] == "exec") != command:
        return False
    if command and access["certain"]:
        return False
    target = access["target"]["pid"]
    return target == int(row["target"]) or (target is None and row["spelling"] in UNTOLD)


def main():
    proctor, log, table, name = sys.argv[1:5]
    with open(table, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    accesses = collections.defaultdict(list)
    for access in scan(proctor, log, "--accesses"):
        accesses[access["origin"]["serial"]].append(access)
    missed = [r for r in rows if not any(fits(r, a) for a in accesses[int(r["event"].rpartition(":")[2])])]
    for row in missed[:5]:
        found = accesses[int(row["event"].rpartition(":")[2])]
        print("# missed %s; there: %s" % (row, [(a["verb"], a["entry"], a["target"]["pid"]) for a in found]))
    print("not ok %s: %d of %d missed" % (name, len(missed), len(rows)) if missed
          else "ok %s: none of %d missed (%d of them command lines)"
          % (name, len(rows), sum(r["spelling"] in COMMAND_ONLY for r in rows)))
    findings = scan(proctor, log)
    planted = {(int(r["pid"]), r["entry"]) for r in rows}
    extra = [f for f in findings if (f["actor"]["pid"], f["entry"]) not in planted]
    for f in extra[:5]:
        print("# extra %s %s by %s of %s %s" % (f["verb"], f["entry"], f["actor"]["exe"], f["target"]["pid"], f["path"]))
    print("not ok %s: %d findings that were not planted" % (name, len(extra)) if extra
          else "ok %s: no decoy reported" % name)
    found = {(f["actor"]["pid"], f["entry"]) for f in findings}
    lost = [r for r in rows if (int(r["pid"]), r["entry"]) not in found]
    for row in lost[:5]:
        print("# no finding for %s" % row)
    print("not ok %s: %d planted without a finding" % (name, len(lost)) if lost
          else "ok %s: a finding for each" % name)


main()
