"""laurel.py: audit text as auditgen writes it, on standard input, becomes LAUREL's JSON, one object an event.

After LAUREL 0.7's output (github.com/threathunters-io/laurel, src/testdata): numbers as numbers, arguments in ARGV,
names that were added by ENRICHED in upper case, other bytes than letters percent-escaped. An event is written when a
few lines more have come than any of its records can be late by.
"""
import json
import re
import sys

LATE = 64  # lines
LISTS = {"PATH", "SOCKADDR", "AVC"}  # an array even of one
TEXTS = {"comm", "exe", "cwd", "name", "proctitle", "saddr", "key"}
HEADER = re.compile(r"(?:node=(\S+) )?type=(\S+) msg=audit\(([0-9.]+:[0-9]+)\): ?")
FIELD = re.compile(r"""([A-Za-z_0-9]+)=("[^"]*"|'[^']*'|\{[^}]*\}|\S*)""")
NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)")
ARGUMENT = re.compile(r"a([0-9]+)")
NO_LETTER = re.compile(rb"[^ -$&-~]")


def escaped(raw):
    return NO_LETTER.sub(lambda m: b"%%%02X" % m[0][0], raw).decode("ascii")


def text_of(value):
    """Quoted as it stands, else hex."""
    if value[:1] == '"':
        return escaped(value[1:-1].encode("utf-8", "surrogateescape"))
    try:
        return escaped(bytes.fromhex(value))
    except ValueError:
        return escaped(value.encode("utf-8", "surrogateescape"))


def scalar(kind, name, value):
    if value in ("(null)", "?"):
        return None
    if name in TEXTS:
        return text_of(value)
    if name == "mode":
        return "0o" + value.lstrip("0")
    if name == "arch":
        return "0x" + value
    if NUMBER.fullmatch(value) and not (kind == "PATH" and name.startswith("cap_")):
        return int(value)
    return escaped(value.strip("\"'").encode("utf-8", "surrogateescape"))


def record(kind, body):
    fields, arguments = {}, []
    body, _, names = body.partition("\x1d")
    for name, value in FIELD.findall(body):
        if kind in ("SYSCALL", "EXECVE") and ARGUMENT.fullmatch(name):
            arguments.append(text_of(value) if kind == "EXECVE" else "0x" + value)
        elif kind == "PROCTITLE":
            raw = value[1:-1].encode() if value[:1] == '"' else bytes.fromhex(value)
            arguments = [escaped(word) for word in raw.split(b"\0")]
        else:
            fields[name] = scalar(kind, name, value)
    for name, value in FIELD.findall(names):
        fields[name.upper()] = value.strip('"')
    if arguments:
        fields["ARGV"] = arguments
    return fields


def show(event):
    sys.stdout.write(json.dumps(event, separators=(",", ":")) + "\n")


def main():
    sys.stdin.reconfigure(encoding="utf-8", errors="surrogateescape", newline="\n")
    events, began = {}, {}
    for line_number, line in enumerate(sys.stdin):
        header = HEADER.match(line)
        if not header:
            continue
        node, kind, key = header.groups()
        if key not in events:
            events[key] = {"ID": key, **({"NODE": node} if node else {})}
            began[key] = line_number
        event, fields = events[key], record(kind, line[header.end():-1])
        if kind in LISTS or kind.startswith("USER"):
            event.setdefault(kind, []).append(fields)
        else:
            event[kind] = fields
        oldest = next(iter(events))
        if line_number - began[oldest] > LATE:
            show(events.pop(oldest))
    for event in events.values():
        show(event)


main()
