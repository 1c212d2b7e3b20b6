"""Scans every labelled capture of a folder and says whether it gives what its label says.

usage: labels.py PROCTOR FOLDER LABELS.tsv [VARIANT]

VARIANT changes the input, never what it must give:
  plain     the file as it is
  gzip      compressed
  tar       inside a tarball
  pipe      through standard input
  parts     cut into three parts at line ends, scanned together in order
  bytes     cut into three parts anywhere
  shuffle   lines of different events moved past each other, each event's own order kept
  crlf      with CR LF line ends
"""
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
    out, window = [], []
    while order or window:
        while order and len(window) < 40:
            window.append(order.pop(0))
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
        data = shuffle(data, path)
    if variant == "crlf":
        data = data.replace(b"\n", b"\r\n")
    if variant == "gzip":
        name += ".gz"
        data = gzip.compress(data)
    with open(name, "wb") as file:
        file.write(data)
    if variant == "tar":
        with tarfile.open(os.path.join(folder, "logs.tar.gz"), "w:gz") as tar:
            tar.add(name, "var/log/audit/audit.log")
        name = os.path.join(folder, "logs.tar.gz")
    return [name], None


def scan(proctor, arguments, data, *options):
    run = subprocess.run(
        [proctor, "scan", "--json", *options, *arguments], input=data, capture_output=True, check=False
    )
    if run.returncode not in (0, 1):
        raise AssertionError("exit status %d: %s" % (run.returncode, run.stderr.decode(errors="replace")[:300]))
    return [json.loads(line) for line in run.stdout.splitlines()]


def entry_of(finding):
    return finding["entry"] or "-"


def check_alert(label, findings):
    verbs, entries = label.get("verb", ""), label.get("entry", "")
    if not findings:
        return "no finding"
    if not verbs:
        return None
    found = [f for f in findings if f["verb"] in verbs.split(",")]
    for entry in entries.split(","):
        mine = [f for f in found if entry_of(f) == entry]
        if not mine:
            return "no finding for %s %s" % (verbs, entry)
        target = label["target_pid"]
        pids = {f["target"]["pid"] for f in mine}
        if target.isdigit() and int(target) not in pids:
            return "target is %s, not %s" % (pids, target)
        mine = [f for f in mine if not target.isdigit() or f["target"]["pid"] == int(target)]
        how = {f["resolved_by"] for f in mine}
        if target.isdigit() and label.get("resolved_by") and not how & set(label["resolved_by"].split(",")):
            return "resolved by %s, not %s" % (how, label["resolved_by"])
        if label.get("outcome") not in (None, "", "-") and label["outcome"] not in {f["outcome"] for f in mine}:
            return "outcome is %s" % {f["outcome"] for f in mine}
    if label.get("target_pid") == "many" and len({f["target"]["pid"] for f in found}) < 2:
        return "one target only"
    return None


def check(label, visible, everything):
    expect = label["expect"]
    if expect == "alert":
        return check_alert(label, visible)
    if expect == "debugger":
        if not visible:
            return "no finding"
        if any(f["risk"] == "HighRisk" for f in visible):
            return "HighRisk: %s" % [f["rule"] for f in visible if f["risk"] == "HighRisk"]
        return None if any("debugger" in f["reasons"] for f in visible) else "no debugger among the reasons"
    if expect == "tuned" and not any(f["suppressed"] for f in everything):
        return "nothing was suppressed"
    if expect in ("tuned", "quiet") and visible:
        f = visible[0]
        return "visible: %s %s of %s by %s" % (f["rule"], f["entry"], f["target"]["pid"], f["actor"]["exe"])
    return None


def main():
    proctor, folder, table = sys.argv[1:4]
    variant = sys.argv[4] if len(sys.argv) > 4 else "plain"
    with open(table, newline="", encoding="utf-8") as file:
        labels = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    for label in labels:
        name = "%s %s %s" % (os.path.basename(os.path.normpath(folder)), variant, label["file"])
        with tempfile.TemporaryDirectory() as scratch:
            try:
                arguments, data = prepare(os.path.join(folder, label["file"]), variant, scratch)
                visible = scan(proctor, arguments, data)
                everything = scan(proctor, arguments, data, "--show-suppressed")
                why = check(label, visible, everything)
            except (AssertionError, OSError, ValueError) as error:
                why = str(error).replace("\n", " ")
        print("not ok %s: %s" % (name, why) if why else "ok %s" % name, flush=True)


main()
