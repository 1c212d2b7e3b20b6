"""What `proctor explain` prints for a shell does nothing but what it says, whatever the names in a log are.

usage: paste.py PROCTOR FOLDER

Names that would act stand where programs, scripts, directories, arguments and hosts stand. The sections of commands
are then pasted, whole, into shells that find no program: bash hands every command that it would run to a trace. Each
must be one of ours, no name may have run anything, and the program's name must arrive byte for byte.
"""
import os
import re
import subprocess
import sys

TOUCH = b"/usr/bin/touch CANARY"
NAMES = [
    b"$(" + TOUCH + b")", b"`" + TOUCH + b"`", b"; " + TOUCH + b" ;", b"| " + TOUCH, b"&& " + TOUCH + b" #", b"& " + TOUCH,
    b"a'; " + TOUCH + b"; '", b"a\\'; " + TOUCH + b"; '", b"a\"; " + TOUCH + b"; \"", b"a\n" + TOUCH + b"\n", b"a\r" + TOUCH + b"\r",
    b"\n# 1. x\n  " + TOUCH, b"a\\\n" + TOUCH, b"!!", b"!touch", b"a!b'c", b"^a^b", b"{a,b}", b"*", b"?[a-z]", b"~", b"~root", b"-rf",
    b"--help", b"> CANARY", b"a >CANARY b", b"< /etc/passwd", b"<(" + TOUCH + b")", b"$HOME", b"${IFS}", b"$((1+1))", b"$'\\x41'",
    b"\\x41", b"\\", b"'", b"\"", b"a b", b"\t", b"\x1b[31m", b"\x1b[200~" + TOUCH + b"\n\x1b[201~", b"\x7f\x08\x15", b"\x03", b"\x04",
    b"\x9b31m", b"\xff\xfe", b"\xc3\xa4\xe2\x80\xae", b"\xe2\x80\xa8" + TOUCH, b"x" * 4000, b"=ls", b"#", b"% s", b"a=1", b"(a)",
    b"{PID}", b"{EXE} $(" + TOUCH + b")", b"'$'\\''", b"$'\\'; " + TOUCH + b"; '", b"EOF\n" + TOUCH + b"\n",
]
OURS = {
    b"TZ", b"ausearch", b"auditctl", b"ps", b"pstree", b"ls", b"cat", b"getent", b"loginctl", b"last", b"lastb", b"journalctl", b"stat",
    b"sha256sum", b"dpkg", b"cut", b"xargs", b"rpm", b"systemctl", b"tr", b"find", b"lsof", b"ss", b"coredumpctl", b"grep", b"zgrep",
    b"kill", b"gcore", b"cp", b"tar", b"usermod", b"id", b"sysctl",
}
RECORDS = (
    b"node=%(host)s type=SYSCALL msg=audit(1795430914.650:%(serial)d): arch=c000003e syscall=59 success=yes exit=0 a0=1 a1=2 "
    b"a2=3 a3=0 items=2 ppid=7001 pid=%(pid)d auid=1000 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=(none) ses=5 "
    b"comm=%(comm)s exe=%(exe)s key=(null)\n"
    b"node=%(host)s type=EXECVE msg=audit(1795430914.650:%(serial)d): argc=3 a0=%(name)s a1=%(exe)s a2=%(name)s\n"
    b"node=%(host)s type=CWD msg=audit(1795430914.650:%(serial)d): cwd=%(exe)s\n"
    b"node=%(host)s type=PATH msg=audit(1795430914.650:%(serial)d): item=0 name=%(script)s inode=9 dev=08:01 mode=0100755 ouid=0 "
    b"ogid=0 rdev=00:00 nametype=NORMAL\n"
    b"node=%(host)s type=PROCTITLE msg=audit(1795430914.650:%(serial)d): proctitle=%(name)s\n"
    b"node=%(host)s type=SYSCALL msg=audit(1795430914.660:%(next)d): arch=c000003e syscall=257 success=yes exit=3 a0=ffffff9c a1=0 "
    b"a2=0 a3=0 items=1 ppid=7001 pid=%(pid)d auid=1000 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=(none) ses=5 "
    b"comm=%(comm)s exe=%(exe)s key=(null)\n"
    b"node=%(host)s type=CWD msg=audit(1795430914.660:%(next)d): cwd=%(exe)s\n"
    b"node=%(host)s type=PATH msg=audit(1795430914.660:%(next)d): item=0 name=\"/proc/12/mem\" inode=1 dev=00:15 mode=0100600 "
    b"ouid=0 ogid=0 rdev=00:00 nametype=NORMAL\n"
    b"node=%(host)s type=PROCTITLE msg=audit(1795430914.660:%(next)d): proctitle=%(name)s\n")
# Builtins of ours are named here; the rest is not found, as PATH leads nowhere.
TRACER = b"""PATH=/nowhere
trace() { printf '%s\\0' "$#" "$@" >&9; }
command_not_found_handle() { trace "$@"; }
kill() { trace kill "$@"; }
"""
# A line is whole if a function with it as its body is.
EACH_LINE = """while IFS= read -r line; do
eval "f() {
$line
:
}" || printf '%s\\n' "$line"
done"""


def hexed(text):
    return text.hex().upper().encode()


def write_log(path):
    with open(path, "wb") as log:
        for i, name in enumerate(NAMES):
            exe = b"/opt/" + name
            log.write(RECORDS % {b"host": re.sub(rb"\s", b"_", name)[:200], b"serial": 100 + 2 * i, b"next": 101 + 2 * i,
                                 b"pid": 8000 + i, b"comm": hexed(name[:15]), b"exe": hexed(exe), b"name": hexed(name),
                                 b"script": hexed(b"/srv/" + name)})


def run(arguments, **more):
    return subprocess.run(arguments, capture_output=True, timeout=120, check=False, **more)


def commands_of(text):
    """The two sections that are for a shell, as they stand."""
    return b"".join(re.findall(rb"^(?:CHECK|CONTAIN)[^\n]*\n((?:(?!\n\n).)*\n)", text, re.M | re.S))


def traced(folder, script):
    """The commands that bash would run, as lists of words."""
    os.makedirs(folder, exist_ok=True)
    trace = os.path.join(folder, "trace")
    with open(trace, "wb") as out:
        os.dup2(out.fileno(), 9)
        os.set_inheritable(9, True)
        run(["bash", "--norc", "--noprofile"], input=TRACER + script, cwd=folder, pass_fds=(9,),
            env={"EVIDENCE": folder})
        os.close(9)
    with open(trace, "rb") as file:
        rest = file.read().split(b"\0")[:-1]
    commands = []
    while rest:
        count = int(rest[0])
        commands.append(rest[1:count + 1])
        del rest[:count + 1]
    return commands


def problems(proctor, folder, log, finding, name, pid):
    text = run([proctor, "explain", finding, log], env={"LC_ALL": "C.UTF-8"}).stdout
    script = commands_of(text)
    exe = b"/opt/" + name
    wrong = []
    if re.search(rb"[\0-\t\x0b-\x1f\x7f]", text):
        wrong.append("a control byte")
    if script.count(b"\n") < 40 or re.search(rb"[^\n -~]|!", script):
        wrong.append("no section of plain commands")
    for shell in ["bash", "sh"]:
        if run([shell, "-n"], input=script).returncode:
            wrong.append("%s does not read it" % shell)
    incomplete = run(["bash", "--norc", "-c", EACH_LINE], input=script).stdout
    if incomplete:
        wrong.append("lines that do not end where they end: %r" % incomplete[:200])
    words = traced(folder, script)
    strange = [w for w in words if w[0] not in OURS]
    if strange:
        wrong.append("commands of others: %r" % strange[:3])
    if len(words) < 30 or [b"kill", b"-STOP", b"%d" % pid] not in words:
        wrong.append("commands are missing: %d" % len(words))
    fits = len(exe) <= 4096
    if fits != ([b"sha256sum", exe] in words) and not name.endswith(b"(deleted)"):
        wrong.append("the program's name does not arrive")
    for shell in (["sh"], ["busybox", "sh"], ["bash", "--norc", "--noprofile", "-i"]):
        if shell[0] != "busybox" or os.path.exists("/bin/busybox"):
            run(shell, input=b"PATH=/nowhere\nkill() { :; }\n" + script, cwd=folder, env={"EVIDENCE": folder})
    if "CANARY" in os.listdir(folder):
        wrong.append("a name acted")
        os.unlink(os.path.join(folder, "CANARY"))
    return wrong


def main():
    proctor, scratch = sys.argv[1], sys.argv[2]
    log, folder = os.path.join(scratch, "paste.log"), os.path.join(scratch, "paste")
    write_log(log)
    found = run([proctor, "scan", "-q", "--flat", "--json", log]).stdout.splitlines()
    ids = {}
    for line in found:
        pid = int(re.search(rb'"actor":\{"pid":(\d+)', line).group(1))
        ids[pid] = re.search(rb'"id":"([0-9a-f]+)"', line).group(1).decode() if b'"entry":"mem"' in line else ids.get(pid)
    bad = 0
    for i, name in enumerate(NAMES):
        finding = ids.get(8000 + i)
        wrong = problems(proctor, folder, log, finding, name, 8000 + i) if finding else ["it was not found"]
        bad += bool(wrong)
        if wrong:
            print("not ok paste %d: %r: %s" % (i, name[:60], "; ".join(wrong)))
    if not bad:
        print("ok %d hostile names, pasted into shells, do nothing" % len(NAMES))


main()
