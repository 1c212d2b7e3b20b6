"""Scans every labelled capture of a folder and says whether it gives what its label says.

usage: labels.py PROCTOR FOLDER TABLE.tsv VARIANT...

A file may have several rows. VARIANT changes the input, never what it must give:
  plain     the file as it is
  gzip      compressed
  tar       inside a tarball
  pipe      through standard input
  parts     cut into three parts at line ends, scanned together in order
  bytes     cut into three parts anywhere
  shuffle   lines of different events moved past each other, each event's own order kept
  crlf      with CR LF line ends
plain is held against the label; the others must give, but for where it lies, what plain gives.
"""
import collections
import concurrent.futures
import csv
import gzip
import json
import lzma
import os
import random
import re
import subprocess
import sys
import tarfile
import tempfile

KEY = re.compile(rb"msg=audit\(([0-9.:]+)\)")
COUNTS = re.compile(r"^.*?(?=; lost:)", re.S)
# '?' in a label: the log does not say. These are the truths, where an answer is allowed to be one.
TRUTH = {"symlink.raw.log": 12538, "symlink.enriched.log": 12538}


def read(path):
    with (lzma.open if path.endswith(".xz") else open)(path, "rb") as file:
        return file.read()


def shuffle(data, seed):
    """Interleaves events as a busy kernel does: at most 40 open at a time, so a line moves some hundred lines."""
    draw = random.Random(seed)
    queues, order = {}, []
    for number, line in enumerate(data.splitlines(keepends=True)):
        key = KEY.search(line)
        key = key.group(1) if key else b"line %d" % number
        if key not in queues:
            queues[key] = []
            order.append(key)
        queues[key].append(line if line.endswith(b"\n") else line + b"\n")
    order.reverse()
    out, window = [], []
    while order or window:
        while order and len(window) < 40:
            window.append(order.pop())
        key = draw.choice(window)
        out.append(queues[key].pop(0))
        if not queues[key]:
            window.remove(key)
    return b"".join(out)


def parts(data, by_lines):
    cuts = [len(data) // 3, 2 * len(data) // 3]
    if by_lines:
        cuts = [data.find(b"\n", cut) + 1 for cut in cuts]
    return [data[: cuts[0]], data[cuts[0] : cuts[1]], data[cuts[1] :]]


def prepare(path, variant, folder):
    """The arguments and the standard input that stand for this variant of the file."""
    data = read(path)
    name = os.path.join(folder, "audit.log")
    if variant == "pipe":
        return ["-"], data
    if variant in ("parts", "bytes"):
        names = []
        for i, part in enumerate(parts(data, variant == "parts")):
            names.append(os.path.join(folder, "part%d" % i))
            with open(names[-1], "wb") as file:
                file.write(part)
        return names, None
    if variant == "shuffle":
        data = shuffle(data, os.path.basename(path))
    elif variant == "crlf":
        data = data.replace(b"\n", b"\r\n")
    elif variant == "gzip":
        name += ".gz"
        data = gzip.compress(data, 1)
    with open(name, "wb") as file:
        file.write(data)
    if variant == "tar":
        with tarfile.open(os.path.join(folder, "logs.tar.gz"), "w:gz", compresslevel=1) as tar:
            tar.add(name, "var/log/audit/audit.log")
        name = os.path.join(folder, "logs.tar.gz")
    return [name], None


def scan(proctor, arguments, data, *options):
    run = subprocess.run(
        [proctor, "scan", "--json", *options, *arguments], input=data, capture_output=True, check=False
    )
    error = run.stderr.decode(errors="replace")
    if run.returncode not in (0, 1):
        raise AssertionError("exit status %d: %s" % (run.returncode, error[:300]))
    findings = [json.loads(line) for line in run.stdout.splitlines()]
    if run.returncode != any(f["suppressed"] is None and not f["self"] for f in findings):
        raise AssertionError("exit status %d with %d findings" % (run.returncode, len(findings)))
    return findings, error


def entry_of(finding):
    return finding["entry"] or "-"


def check_target(label, found):
    """'?' is unknown or the truth; a number must be among the targets, and be what evidence the label names says."""
    target, how = label["target_pid"], label.get("resolved_by") or ""
    pids = {f["target"]["pid"] for f in found}
    if target == "?" and pids - {None, TRUTH.get(label["file"])}:
        return "guessed a target: %s" % pids
    if target == "many" and len(pids) < 2:
        return "one target only"
    if target == "self" and not any(f["self"] for f in found):
        return "not its own"
    if not target.isdigit():
        return None
    mine = [f for f in found if f["target"]["pid"] == int(target)]
    if not mine:
        return "target is %s, not %s" % (pids, target)
    if how and not {f["resolved_by"] for f in mine} & set(how.split(",")):
        return "resolved by %s, not %s" % ({f["resolved_by"] for f in mine}, how)
    if label["outcome"] not in ("", "-", *{f["outcome"] for f in mine}):
        return "outcome is %s, not %s" % ({f["outcome"] for f in mine}, label["outcome"])
    return None


def check_row(label, visible, everything):
    """One row: is what it names among the findings, or among what was left out?"""
    verbs = (label.get("verb") or "-").split(",")
    findings = visible if label["expect"] in ("alert", "debugger") else everything
    found = [f for f in findings if f["verb"] in verbs]
    if label["expect"] == "quiet" and not found and label.get("target_pid") != "self":
        return None  # an access in no tier
    for entry in (label.get("entry") or "-").split(","):
        if verbs == ["-"]:
            break
        mine = [f for f in found if entry_of(f) in (entry, "-" if "ptrace" in verbs else entry)]
        if not mine:
            return "no finding for %s %s" % (label["verb"], entry)
        why = check_target(label, mine)
        if why:
            return why
    return None


def check_file(expects, visible, everything):
    """What holds for a file as a whole."""
    hidden = [f for f in everything if f["suppressed"]]
    if visible != [f for f in everything if not f["suppressed"] and not f["self"]]:
        return "--show-suppressed changes what is visible"
    if {"alert", "debugger"} & expects and not visible:
        return "no finding"
    if "debugger" in expects:
        if any(f["risk"] == "HighRisk" for f in visible):
            return "HighRisk: %s" % [f["rule"] for f in visible if f["risk"] == "HighRisk"]
        if not any("debugger" in f["reasons"] for f in visible):
            return "no debugger among the reasons"
    if "tuned" in expects and not hidden:
        return "nothing was suppressed"
    if any(not f["suppressed"]["by"] or not f["suppressed"]["why"] for f in hidden):
        return "suppressed without a name or a reason"
    if expects & {"tuned", "quiet"} and not expects & {"alert", "debugger", "either"} and visible:
        f = visible[0]
        return "visible: %s %s of %s by %s" % (f["rule"], f["entry"], f["target"]["pid"], f["actor"]["exe"])
    return None


def check_only(rows, visible):
    """A capture of one access shows nobody else's: a decoy's pid is a guess."""
    target = rows[0].get("target_pid") or "-"
    if len(rows) != 1 or rows[0]["expect"] != "alert" or not target.isdigit():
        return None
    others = {f["target"]["pid"] for f in visible} - {None, int(target)}
    return "other targets: %s" % others if others else None


def check(rows, visible, everything):
    why = check_file({row["expect"] for row in rows}, visible, everything)
    for row in rows:
        if not why and row["expect"] != "either":
            why = check_row(row, visible, everything)
    return why or check_only(rows, visible)


def content(findings):
    """Everything but where it lies. The serial is content."""
    return [{**f, "origin": f["origin"] and f["origin"]["serial"]} for f in findings]


def counts(error):
    """The counts of the line of truth: records, events, accesses, findings, what was left out."""
    match = COUNTS.match(error)
    return match.group(0).partition(", ")[2] if match else error


def differs(plain, other):
    for i, (a, b) in enumerate(zip(plain, other)):
        for name in a:
            if a[name] != b.get(name):
                return "finding %d: %s is %s, not %s as in the plain file" % (i, name, b.get(name), a[name])
    return "%d findings, %d in the plain file" % (len(other), len(plain)) if len(plain) != len(other) else None


def run_file(proctor, path, rows, variants):
    results, plain = [], None
    for variant in ["plain"] + [v for v in variants if v != "plain"]:
        with tempfile.TemporaryDirectory() as scratch:
            try:
                arguments, data = prepare(path, variant, scratch)
                everything, told = scan(proctor, arguments, data, "--show-suppressed")
                if variant == "plain":
                    plain = (content(everything), counts(told))
                    why = check(rows, scan(proctor, arguments, data)[0], everything)
                else:
                    why = differs(plain[0], content(everything))
                    if not why and counts(told) != plain[1]:
                        why = "counts %s, in the plain file %s" % (counts(told), plain[1])
            except (AssertionError, OSError, ValueError, KeyError) as error:
                why = "%s: %s" % (type(error).__name__, str(error))
        if variant in variants:
            results.append((variant, why))
        if plain is None:
            break
    return results


def main():
    proctor, folder, table = sys.argv[1:4]
    variants = sys.argv[4:] or ["plain"]
    rows = collections.defaultdict(list)
    with open(table, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            rows[row["file"]].append(row)
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        jobs = [(name, pool.submit(run_file, proctor, os.path.join(folder, name), mine, variants))
                for name, mine in rows.items()]
        for name, job in jobs:
            for variant, why in job.result():
                title = "%s/%s %s" % (os.path.basename(os.path.normpath(folder)), name, variant)
                why = why and why.replace("\n", " ")
                print("not ok %s: %s" % (title, why) if why else "ok %s" % title, flush=True)


if __name__ == "__main__":
    main()
