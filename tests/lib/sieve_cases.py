"""Logs in which an event that matters is hard to tell from others: what the sieve once missed.

usage: sieve_cases.py FOLDER

Each log of the folder is named for its case. In front of all stand opens of procfs by a monitor, so that what a case is
about is not chosen because it is the first of its kind.
"""
import os
import sys

NUMBERS = {"openat": 257, "execve": 59, "connect": 42, "ptrace": 101, "stat": 4, "open_by_handle_at": 304, "io_uring_enter": 426}
UNSET = 4294967295
CASES = []


def case(function):
    CASES.append(function)
    return function


def text(name):
    """As the kernel writes it: in hex where it holds a blank."""
    if name is None:
        return "(null)"
    return name.encode().hex().upper() if " " in name or "\0" in name else f'"{name}"'


class Log:
    def __init__(self):
        self.serial, self.time, self.events = 1000, 1795430000.0, []

    def event(self, call, pid, ppid=1, ses=UNSET, exe="/usr/bin/x", comm=None, paths=(), cwd="/root", a0="ffffff9c", a1="0",
              argv=None, saddr=None, exit=3, wait=0.01, title=None):
        self.time += wait
        stamp = f"msg=audit({self.time:.3f}:{self.serial}): "
        self.serial += 1
        lines = [
            f"type=SYSCALL {stamp}arch=c000003e syscall={NUMBERS[call]} success=yes exit={exit} a0={a0} a1={a1} a2=0 a3=0 "
            f"items={len(paths)} ppid={ppid} pid={pid} auid={ses} uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 "
            f"tty=(none) ses={ses} comm={text(comm or os.path.basename(exe))} exe={text(exe)} key=(null)"]
        if saddr:
            lines.append(f"type=SOCKADDR {stamp}saddr={saddr}")
        if argv:
            lines.append(f"type=EXECVE {stamp}argc={len(argv)} " + " ".join(f"a{i}={text(a)}" for i, a in enumerate(argv)))
        if paths:
            lines.append(f"type=CWD {stamp}cwd={text(cwd)}")
        for i, (name, dev, mode, inode) in enumerate(paths):
            lines.append(f"type=PATH {stamp}item={i} name={text(name)} inode={inode} dev={dev} mode={mode} ouid=0 ogid=0 "
                         "rdev=00:00 nametype=NORMAL cap_fp=0")
        lines.append(f"type=PROCTITLE {stamp}proctitle={text(title or comm or os.path.basename(exe))}")
        self.events.append(lines)
        return lines

    def open(self, pid, name, dev="00:15", mode="0100444", inode=77, fd=3, dirfd="ffffff9c", **more):
        return self.event("openat", pid, a0=dirfd, exit=fd, paths=[(name, dev, mode, inode)], **more)

    def mem(self, pid, **more):
        return self.open(pid, "/proc/4242/mem", mode="0100600", inode=9000, **more)

    def hosts(self, pid, **more):
        return self.open(pid, "/etc/hosts", dev="fd:00", mode="0100644", **more)

    def connect(self, pid, last, **more):
        return self.event("connect", pid, a0="5", saddr=f"020001BB090909{last:02X}0000000000000000", exit=0, **more)

    def monitor(self):
        for i in range(8):
            self.open(90, "/proc/stat", inode=4026530000)
            self.open(90, f"/proc/{i + 5}/stat", inode=100 + i)
        self.hosts(77, exe="/usr/sbin/sshd")

    def reboot(self):
        self.serial, self.time = 3, self.time + 100


@case
def sibling_of_a_parent(log):
    log.hosts(500, exe="/usr/sbin/master")
    log.hosts(501, ppid=500, exe="/usr/sbin/master")
    log.hosts(502, ppid=500, exe="/usr/sbin/master")
    log.hosts(503, ppid=501, exe="/bin/sh")
    log.mem(504, ppid=503, exe="/tmp/evil")
    log.connect(502, 1, ppid=500, exe="/usr/sbin/master")


@case
def deeds_before_the_login(log):
    for i in range(3):
        log.connect(100, i + 1, exe="/usr/bin/login")
        log.open(100, f"/proc/{i + 10}/status", inode=900 + i, exe="/usr/bin/login")
    for i in range(6):
        log.connect(100, i + 50, ses=7, exe="/usr/bin/login")
        log.open(100, f"/proc/{i + 50}/status", inode=950 + i, ses=7, exe="/usr/bin/login")
    log.mem(101, ppid=100, ses=7, exe="/tmp/a")


def relative_mem(log):
    log.open(200, "mem", mode="0100600", inode=6000, dirfd="7", exe="/tmp/e")


@case
def device_named_late(log):
    log.events.clear()
    for i in range(6):
        log.open(100, "/proc/stat", inode=4026530000)
        log.event("stat", 100, paths=[(f"/proc/{i + 10}", "00:15", "040555", 800 + i)])
    log.open(100, "/proc/10/cmdline", inode=900)
    relative_mem(log)


@case
def device_of_the_next_boot(log):
    log.reboot()
    log.open(90, "/proc/7/stat", inode=107)
    relative_mem(log)


@case
def device_named_by_an_entry_alone(log):
    log.events.clear()
    log.open(100, "/proc/100/environ", mode="0100400", inode=6000)
    log.open(101, None, mode="0100600", inode=6001, exe="/tmp/e")


@case
def device_named_behind(log):
    log.events.clear()
    log.open(101, "x", mode="0100600", inode=6001, exe="/tmp/e")
    log.open(100, "/proc/10/cmdline", inode=900)
    log.open(102, "x", mode="0100600", inode=6001, exe="/tmp/e")


@case
def same_words_in_the_next_boot(log):
    log.hosts(100, ppid=103, exe="/usr/bin/cat")
    log.reboot()
    log.hosts(100, ppid=103, exe="/usr/bin/cat")
    log.mem(201, ppid=100, exe="/tmp/e")
    log.connect(100, 1, ppid=103, exe="/usr/bin/cat")


@case
def boot_in_which_nothing_matters(log):
    log.reboot()
    log.hosts(100)
    log.reboot()
    log.mem(100)


@case
def mapped_file_by_its_directory(log):
    log.open(100, "/proc/77/map_files", mode="040555", inode=500, fd=5, exe="/tmp/e")
    log.open(100, "7f0000000000-7f0000001000", dev="00:2a", mode="0100644", inode=6000, dirfd="5", exe="/tmp/e")


@case
def entry_under_other_names(log):
    log.open(100, "/proc/77/environ", mode="0100400", inode=6000, fd=5, exe="/tmp/e")
    log.open(100, "/proc/self/fd/5", mode="0100400", inode=6000, fd=6, exe="/tmp/e")
    log.open(100, "/dev/fd/5", mode="0100400", inode=6000, fd=6, exe="/tmp/e")
    log.open(101, "/tmp/link", mode="0100400", inode=6000, exe="/tmp/e2")
    log.event("open_by_handle_at", 102, paths=[(None, "00:15", "0100400", 6000)], exe="/tmp/e3")


@case
def entry_with_a_slash_behind(log):
    log.open(100, "/proc/77/mem/", mode="040555", inode=6000, exe="/tmp/e")
    log.open(100, "/proc/77/maps/.", mode="040555", inode=6001, exe="/tmp/e")


@case
def mark_of_the_end(log):
    """The stream hands an event of a large log out before its EOE comes."""
    for i in range(6000):
        log.hosts(9000)
        if i > 5900 and i % 40 == 0:
            log.mem(100 + i)
        log.events[-1].append(log.events[-1][-1].split("): ")[0].replace("PROCTITLE", "EOE") + "): ")


@case
def thread_by_its_directory(log):
    log.open(100, "/proc/self/task", mode="040555", inode=500, fd=5, exe="/tmp/e")
    log.open(100, "113", mode="040555", inode=501, fd=6, dirfd="5", exe="/tmp/e")
    log.event("ptrace", 100, a0="10", a1="71", exe="/tmp/e")


@case
def hashes_by_a_name_in_hex(log):
    log.mem(100, ses=5, exe="/tmp/a")
    log.open(100, "/tmp/a b/../../etc/shadow", dev="fd:00", mode="0100640", ses=5, exe="/tmp/a")


@case
def script_by_its_descriptor(log):
    log.event("openat", 100, exit=5, paths=[("/opt/lazagne.sh", "fd:00", "0100755", 77)], exe="/bin/sh")
    log.events[-1][0] = log.events[-1][0].replace(" a2=0 ", " a2=200000 ")
    log.event("execve", 100, exe="/bin/bash", argv=["/bin/bash", "/dev/fd/5"],
              paths=[("/dev/fd/5", "fd:00", "0100755", 77), ("/bin/bash", "fd:00", "0100755", 78)])


@case
def threads_with_names_of_their_own_out_of_order(log):
    log.hosts(200, exe="/bin/q", comm="one")
    log.hosts(200, exe="/bin/q", comm="two")
    log.hosts(200, exe="/bin/q", comm="one")
    log.events[-2:] = reversed(log.events[-2:])
    log.mem(300)
    log.open(301, "/proc/200/mem", mode="0100600", inode=9001)


@case
def first_event_behind_the_second(log):
    log.hosts(500, exe="/bin/q")
    log.open(500, "/proc/77", mode="040555", inode=500, fd=5, exe="/bin/q")
    log.hosts(501, ppid=500, exe="/bin/q")
    log.events[-2:] = reversed(log.events[-2:])
    log.open(501, "environ", mode="0100400", inode=6000, dirfd="5", ppid=500, exe="/bin/q")


@case
def records_in_front_of_their_call(log):
    lines = log.open(100, "/proc/77/environ", mode="0100400", inode=6000, exe="/tmp/e")
    log.events[-1] = [lines[2], lines[1], lines[0], lines[3]]
    log.reboot()
    for _ in range(3):
        log.hosts(100)
    lines = log.open(100, "/proc/77/environ", mode="0100400", inode=6000, exe="/tmp/e")
    log.events[-1] = [lines[2], lines[0], lines[1], lines[3]]


@case
def serial_zero(log):
    log.serial = 20000
    log.hosts(100)
    log.serial = 0
    log.hosts(100)
    log.serial = 20010
    relative_mem(log)


@case
def an_argument_in_many_records(log):
    lines = log.event("execve", 100, exe="/tmp/lazagne", argv=["/tmp/lazagne"], paths=[("/tmp/lazagne", "fd:00", "0100755", 7)])
    head = lines[1].split("): ")[0] + "): "
    parts = [head + f'a1_len=9000 a1[{i}]="p{i}"' for i in range(100)]
    log.events[-1] = [lines[0], head.replace("EXECVE", "BPRM_FCAPS") + "fver=0", *lines[1:2], *parts, *lines[2:]]


@case
def ring_without_a_call(log):
    log.hosts(100, ppid=500, exe="/usr/bin/curl")
    log.hosts(500, exe="/usr/bin/curl")
    lines = log.event("io_uring_enter", 100, paths=[("/proc/77/environ", "00:15", "0100400", 6000)], exe="/usr/bin/curl")
    lines[0] = lines[0].split("): ")[0].replace("SYSCALL", "URINGOP") + \
        "): uring_op=18 success=yes exit=5 items=1 ppid=1 pid=100 uid=0 key=(null)"
    log.hosts(100, ppid=500, exe="/usr/bin/curl")
    log.connect(100, 1, ppid=500, exe="/usr/bin/curl")


@case
def directory_of_procfs_below_which_others_are_opened(log):
    log.events.clear()
    for i in range(6):
        log.hosts(100, cwd="/proc/77")
    log.open(100, "//proc/77", mode="040555", inode=800)


def main():
    for function in CASES:
        log = Log()
        log.monitor()
        function(log)
        for _ in range(5):
            log.hosts(9000)
        with open(os.path.join(sys.argv[1], function.__name__ + ".log"), "w", encoding="ascii") as out:
            out.writelines(line + "\n" for lines in log.events for line in lines)


main()
