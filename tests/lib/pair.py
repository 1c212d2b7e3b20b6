"""pair.py PROCTOR SEARCH LOG…: does the search, over accesses, find what scan finds? Prints one line a log.

Compared are the sets of (actor's pid, target's pid, entry): scan joins repeats, a search does not.
"""
import json
import os
import subprocess
import sys


def rows(*command):
    out = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False).stdout
    return [json.loads(line) for line in out.splitlines()]


def number(text):
    return int(text) if text else None


def scanned(proctor, log):
    found = set()
    for finding in rows(proctor, "scan", "--json", "-q", log):
        if finding["verb"] != "log":
            found.add((finding["actor"]["pid"], finding["target"]["pid"], finding["entry"]))
    return found


def searched(proctor, search, log):
    found = set()
    for row in rows(proctor, "query", "--accesses", "--json", "-q", "-f", search, log):
        found.add((number(row["pid"]), number(row["target_pid"]), row["proc_entry"] or None))
    return found


def main():
    proctor, search, *logs = sys.argv[1:]
    for log in logs:
        scan, query = scanned(proctor, log), searched(proctor, search, log)
        name = os.path.basename(log)
        if scan == query:
            print(f"ok {name}")
        else:
            print(f"not ok {name}: scan alone {sorted(scan - query, key=str)[:4]}, search alone "
                  f"{sorted(query - scan, key=str)[:4]}")


main()
