"""Compares what proctor finds in a generated log with the generator's truth table.

usage: truth.py PROCTOR LOG TRUTH.tsv NAME [OPTION…]     options of proctor scan

None missed, no decoy reported, no target guessed. Rows that are only a command line are counted apart.
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
        print("not ok %s: exit status %d: %s" % (sys.argv[4], run.returncode, run.stderr.decode()[:300]))
        sys.exit(0)
    return [json.loads(line) for line in run.stdout.splitlines()]


def fits(row, access):
    command = row["spelling"] in COMMAND_ONLY
    if access["entry"] != row["entry"] or (access["verb"] == "exec") != command:
        return False
    if access["actor"]["pid"] != int(row["pid"]) or access["actor"]["exe"] != row["exe"]:
        return False
    if command and (access["certain"] or access["resolved_by"] != "command"):
        return False
    target = access["target"]["pid"]
    return target == int(row["target"]) or (target is None and row["spelling"] in UNTOLD)


def say(name, wrong, problem, fine):
    """wrong: what is not as it must be, in words."""
    for text in wrong[:5]:
        print("# " + text)
    print("not ok %s: %d %s" % (name, len(wrong), problem) if wrong else "ok %s %s" % (name, fine))


def show(access):
    return "%s %s by %s (%s) of %s, %s" % (access["verb"], access["entry"], access["actor"]["pid"],
                                           access["actor"]["exe"], access["target"]["pid"], access["path"])


def main():
    proctor, log, table, name = sys.argv[1:5]
    with open(table, newline="", encoding="utf-8") as file:
        rows = {int(r["event"].rpartition(":")[2]): r for r in csv.DictReader(file, delimiter="\t")}
    options = sys.argv[5:]
    accesses = scan(proctor, log, "--accesses", *options)
    by_serial = collections.defaultdict(list)
    for access in accesses:
        by_serial[access["origin"]["serial"]].append(access)
    missed = ["%s; there: %s" % (row, [show(a) for a in by_serial[serial]]) for serial, row in rows.items()
              if not any(fits(row, a) for a in by_serial[serial])]
    commands = sum(r["spelling"] in COMMAND_ONLY for r in rows.values())
    say(name, missed, "of %d missed" % len(rows), "none of %d missed, %d of them command lines" % (len(rows), commands))

    shown = [a for a in accesses if a["risk"] not in (None, "None") and not a["suppressed"] and not a["self"]]
    extra = [show(a) for a in shown if a["origin"]["serial"] not in rows
             or not fits(rows[a["origin"]["serial"]], a)]
    say(name, extra, "accesses that were not planted, or of another target", "no decoy reported")

    findings = scan(proctor, log, *options)
    found = {(f["actor"]["pid"], f["target"]["pid"], f["entry"]) for f in findings}
    lost = [show(a) for a in shown if (a["actor"]["pid"], a["target"]["pid"], a["entry"]) not in found]
    opens = sum(a["verb"] != "exec" for a in shown)
    total = sum(f["count"] for f in findings if f["verb"] != "exec")
    if total != opens:
        lost.append("the findings count %d accesses, there are %d" % (total, opens))
    say(name, lost, "accesses that are in no finding", "every access is in a finding")
    if [f["time"] for f in findings] != sorted((f["time"] for f in findings), reverse=True):
        print("not ok %s: findings are not newest first" % name)
    else:
        print("ok %s newest first" % name)


main()
