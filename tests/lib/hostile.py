"""Logs full of what an attacker may write into them, and what every output must make of that.

usage: hostile.py PROCTOR FOLDER

Each text stands as raw bytes in quotes (a forged log) and in hex (the kernel's own way) where programs, arguments,
directories, paths and hosts stand. No output may hold a byte that moves a cursor, forges a line or starts a formula.
"""
import csv
import io
import json
import os
import re
import subprocess
import sys
import unicodedata

TEXTS = [
    b"\x1b[31mred\x1b[2J", b"\x1b]0;title\x07", b"\x1bP+q544e\x1b\\", b"\x9b31m", b"\xc2\x9b31m", b"\x07\x08\x7f",
    b"a\rb", b"a\nforged line", b"a\r\nb", b"\ttab", b"nul\0nul", b"\x0b\x0c\x0e\x0f", b"\x1d", b"#035UID=\"root\"",
    b"=1+1", b"=cmd|' /C calc'!A0", b"+1", b"-1", b"@SUM(A1)", b"\t=1", b"\r=1", b"\xef\xbc\x9d1", b"'=1", b" =1",
    b'"', b'",=1,"', b'"\r\n=1', b"a,b;c", b"</script><b>", b"'; drop table", b"%s%n%1000000d", b"\\x1b[0m", b"\\",
    b"\xff\xfe", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe2\x80", b"\xf0\x9f\x98\x80", b"\xc3\xa4",
    b"\xe2\x80\xae" b"dorp", b"\xe2\x81\xa6x", b"\xe2\x80\xa8", b"\xe2\x80\xa9", b"\xe2\x80\x8b", b"\xef\xbb\xbf",
    b"e" + b"\xcc\x81" * 500, b"x" * 4095, b"\x1b" * 3000, b"\xff" * 3000, b"=" * 3000,
]
ARGUMENT = b"\x1b=" * (32 << 10)  # 64 KiB
OPEN = (b"arch=c000003e syscall=257 success=yes exit=3 a0=ffffff9c a1=7f00 a2=0 a3=0 items=1 ppid=1 pid=%d auid=1000 "
        b"uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=%s ses=1 comm=%s exe=%s key=%s")
EXECVE = (b"arch=c000003e syscall=59 success=yes exit=0 a0=1 a1=2 a2=3 a3=0 items=1 ppid=1 pid=%d auid=1000 uid=0 "
          b"gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=(none) ses=1 comm=%s exe=%s key=(null)")
PATH = b"item=0 name=%s inode=1 dev=00:15 mode=0100600 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL"


def quoted(text):
    return b'"' + text + b'"'


def hexed(text):
    return text.hex().upper().encode()


class Log:
    def __init__(self):
        self.lines, self.serial = [], 1000

    def event(self, *records, node=b""):
        self.serial += 1
        for kind, body in records:
            self.lines.append(b"%stype=%s msg=audit(1795430000.%03d:%d): %s\n" %
                              (node, kind, self.serial % 1000, self.serial, body))

    def accesses(self, text, pid, code, node=b""):
        """An execution with the text as its argument, then an open of the mem of another process."""
        exe, argument = code(b"/opt/" + text), code(text)
        self.event((b"SYSCALL", EXECVE % (pid, code(text[:15]), exe)),
                   (b"EXECVE", b"argc=3 a0=%s a1=%s a2=%s" % (exe, argument, code(b"lazagne" + text))),
                   (b"CWD", b"cwd=" + code(b"/" + text)), (b"PATH", PATH % exe),
                   (b"PROCTITLE", b"proctitle=" + argument), node=node)
        self.event((b"SYSCALL", OPEN % (pid, code(text), code(text[:15]), exe, argument)),
                   (b"CWD", b"cwd=" + code(b"/" + text)),
                   (b"PATH", PATH % code(b"/" + text.replace(b"/", b"") + b"/../proc/7/mem")),
                   (b"PROCTITLE", b"proctitle=" + argument), node=node)


def write(path, data):
    with open(path, "wb") as file:
        file.write(data)
    return path


def hostile_log(folder):
    log = Log()
    for i, text in enumerate(TEXTS):
        log.accesses(text, 10000 + i, hexed)
        log.accesses(text, 20000 + i, quoted)
        log.accesses(b"x", 30000 + i, quoted, node=b"node=" + text + b" ")
    parts = [ARGUMENT[i:i + 7000] for i in range(0, len(ARGUMENT), 7000)]
    log.event((b"SYSCALL", EXECVE % (40000, b'"x"', b'"/opt/x"')),
              *[(b"EXECVE", b"%sa1_len=%d a1[%d]=%s" % (b"argc=2 a0=\"x\" " if i == 0 else b"", 2 * len(ARGUMENT), i,
                                                       hexed(part))) for i, part in enumerate(parts)],
              (b"CWD", b'cwd="/"'), (b"PATH", PATH % b'"/opt/x"'), (b"PROCTITLE", b"proctitle=" + hexed(b"x")))
    log.event((b"SYSCALL", OPEN % (40000, b"(none)", b'"x"', b'"/opt/x"', b"(null)")), (b"CWD", b'cwd="/"'),
              (b"PATH", PATH % b'"/proc/8/mem"'), (b"PROCTITLE", b"proctitle=" + hexed(b"x")))
    # The name of the file is the attacker's, too: a collection's member, a directory's entry.
    return write(os.path.join(folder.encode(), b"audit\x1b[31m=\n\xff.log"), b"".join(log.lines))


def hostile_syslog(folder):
    lines = []
    for text in TEXTS:
        lines.append(b"Nov 14 12:00:00 web%s sudo[1]: bob : COMMAND=/tmp/lazagne %s\n" % (text[:20], text))
        lines.append(b"Nov 14 12:00:00 web %s[2]: mimipenguin %s\n" % (text[:20], text))
        lines.append(b"Nov 14 12:00:00 web kernel: [ 1.0] sshd[3]: segfault at %s\n" % text)
    return write(os.path.join(folder, "auth.log"), b"".join(lines))


def long_lines(folder):
    """Lines of 10 MB, with a newline and without, around an access that must be seen."""
    log = Log()
    log.accesses(b"\x1b" * (10 << 20), 50000, quoted)
    log.lines = [log.lines[0]]
    log.accesses(b"short", 50001, quoted)
    log.lines.append(log.lines[0][:-1])
    return write(os.path.join(folder, "long.log"), b"".join(log.lines))


def unprintable(text, allowed="\n"):
    """The first character that does not print as itself."""
    for c in text:
        if c not in allowed and unicodedata.category(c) in ("Cc", "Cf", "Cs", "Cn", "Zl", "Zp"):
            return "U+%04X" % ord(c)
    return None


def control(text, allowed="\n"):
    """The first one that controls how text is read; what is merely invisible is content, and stays in JSON and CSV."""
    bidi = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    for c in text:
        if c not in allowed and (unicodedata.category(c) in ("Cc", "Zl", "Zp") or c in bidi):
            return "U+%04X" % ord(c)
    return None


def strict(data):
    return data.decode("utf-8", "strict")


def check_table(out):
    text = strict(out)
    if "/mem" not in text and " mem" not in text:
        return "there is no finding"
    return unprintable(text)


def check_colours(out):
    return check_table(re.sub(rb"\x1b\[[0-9;]*m", b"", out))


def check_json(out):
    lines = strict(out).split("\n")
    if len(lines) < 2 or lines.pop():
        return "no line, or one without an end"
    if any(not json.loads(line)["time"] for line in lines):
        return "a line without a time"
    return control("\n".join(lines))


def check_incidents(out):
    lines = strict(out).splitlines()
    if not lines or any(not json.loads(line)["steps"] for line in lines):
        return "no incident, or one without steps"
    return control("\n".join(lines))


def check_objects(out):
    """One JSON object a line, whatever is in it."""
    if not all(isinstance(json.loads(line), dict) for line in strict(out).splitlines()):
        return "a line that is no object"
    return control(strict(out))


def check_cef(out):
    lines = strict(out).splitlines()
    return control("\n".join(lines)) if lines and all("CEF:0|" in line for line in lines) else "a line that is no CEF"


def check_lines(out):
    return unprintable(strict(out)) or (None if out else "nothing")


def check_csv(out):
    rows = list(csv.reader(io.StringIO(strict(out), newline=""), strict=True))
    if len(rows) < 2 or {len(row) for row in rows} != {len(rows[0])}:
        return "rows of different lengths, or none"
    for cell in (cell for row in rows for cell in row):
        if cell and cell[0] in "=+-@\t\r\uff1d\uff0b\uff0d\uff20":
            return "a cell begins with %r" % cell[:20]
        if control(cell, ""):
            return "%s in a cell" % control(cell, "")
    return None


def check_jq(out):
    run = subprocess.run(["jq", "-c", ".id"], input=out, capture_output=True, check=False)
    return None if run.returncode == 0 and run.stdout.count(b"\n") == out.count(b"\n") else run.stderr.decode()[:200]


def check_exact(out):
    """What the kernel wrote in hex comes out of the JSON as the very bytes."""
    found = {f["actor"]["exe"].encode("utf-8", "surrogateescape") for f in map(json.loads, out.splitlines())
             if f["verb"] == "open" and f["actor"]["exe"]}
    missing = [text for text in TEXTS if (b"/opt/" + text)[:4096] not in found]
    return "not found: %r" % missing[:3] if missing else None


SHAPES = [
    ("table", [], check_table), ("colours", ["--color", "always"], check_colours),
    ("json", ["--json"], check_json), ("json for jq", ["--json", "--raw"], check_jq),
    ("raw json", ["--json", "--raw"], check_json), ("exact", ["--json"], check_exact),
    ("csv", ["--csv"], check_csv), ("suppressed csv", ["--csv", "--show-suppressed"], check_csv),
    ("flat table", ["--flat"], check_table), ("incidents", ["--json", "--incidents"], check_incidents),
    ("one line each", ["--format", "line"], check_lines), ("cef", ["--format", "cef"], check_cef),
    *((shape, ["--format", shape], check_objects)
      for shape in ("ecs", "ocsf", "cse-record", "cse-signal", "cse-insight")),
    ("accesses", ["--accesses"], check_table), ("json accesses", ["--accesses", "--json", "--raw"], check_json),
    ("csv accesses", ["--accesses", "--csv"], check_csv),
]


def check(proctor, options, looks, paths):
    run = subprocess.run([proctor, "scan", *options, *paths], capture_output=True, timeout=120, check=False)
    if run.returncode not in (1, 3):
        return "exit status %d: %r" % (run.returncode, run.stderr[:300])
    try:
        told = unprintable(strict(run.stderr))
        return looks(run.stdout) or (told and told + " on stderr")
    except (ValueError, KeyError, csv.Error) as error:
        return "%s: %s" % (type(error).__name__, str(error)[:200])


def main():
    proctor, folder = sys.argv[1:3]
    inputs = {"every text": [hostile_log(folder), hostile_syslog(folder)], "long lines": [long_lines(folder)]}
    for name, paths in inputs.items():
        for shape, options, looks in SHAPES:
            if looks == check_exact and name != "every text":
                continue
            why = check(proctor, options, looks, paths)
            title = "%s as %s" % (name, shape)
            print("not ok %s: %s" % (title, why.replace("\n", " ")) if why else "ok " + title, flush=True)


main()
