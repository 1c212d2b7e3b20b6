"""What bench.sh left (rows of rows.txt, runs, facts), and what is told of it: medians, and ratios of the same round."""
import collections
import os
import statistics

Row = collections.namedtuple("Row", "log name threads needs tool does")
Run = collections.namedtuple("Run", "bytes wall cpu memory")  # seconds, MB
OWN = ("sieve", "stream", "proctor")  # the row of a log that others are compared with: the first that ran


def read_rows(path):
    rows = []
    with open(path, encoding="utf-8") as file:
        for line in file:
            fields = [field.strip() for field in line.split(" | ")]
            if line.strip() and line[0] != "#":
                rows.append(Row(fields[0], fields[1], int(fields[2]), *fields[3:6]))
    return rows


class Measured:
    def __init__(self, rows, work):
        self.rows = rows
        self.runs = collections.defaultdict(list)
        self.facts = collections.defaultdict(list)
        with open(os.path.join(work, "results"), encoding="utf-8") as file:
            for line in file:
                log, name, *numbers = line.split()
                size, wall, cpu, memory = map(int, numbers)
                self.runs[log, name].append(Run(size, wall / 1e6, max(cpu, 1) / 1e6, memory * 1024 / 1e6))
        with open(os.path.join(work, "facts"), encoding="utf-8") as file:
            for line in file:
                name, _, text = line.rstrip("\n").partition("\t")
                self.facts[name].append(text)
        with open(os.path.join(work, "correct"), encoding="utf-8") as file:
            self.facts["correct"] = file.read().splitlines()

    def fact(self, name):
        return (self.facts[name] or [""])[0]

    def has(self, log, name):
        return (log, name) in self.runs

    def own(self, log):
        return next((name for name in OWN if self.has(log, name)), None)

    def size(self, log, name):
        return self.runs[log, name][0].bytes

    def seconds(self, log, name, clock):
        return statistics.median(getattr(run, clock) for run in self.runs[log, name])

    def speed(self, log, name, clock="cpu"):
        """MB of input a second."""
        return self.size(log, name) / self.seconds(log, name, clock) / 1e6

    def memory(self, log, name):
        return max(run.memory for run in self.runs[log, name])

    def ratio(self, log, name, other, clock="cpu"):
        """How many times the other's time a byte this one takes."""
        pairs = zip(self.runs[log, name], self.runs[log, other])
        return statistics.median(getattr(a, clock) / a.bytes * b.bytes / getattr(b, clock) for a, b in pairs)

    def of_floor(self, row):
        """The part of the limit's speed; None where there is no limit to compare with."""
        clock = "wall" if row.threads > 1 else "cpu"
        suffix = "-%d" % row.threads if row.threads > 1 else ""
        floor = next((n + suffix for n in ("floor", "unpack") if self.has(row.log, n + suffix)), None)
        return 1 / self.ratio(row.log, row.name, floor, clock) if floor else None

    def series(self):
        """(bytes, log) of each size, the smallest first."""
        known = {row.log for row in self.rows}
        return sorted({(runs[0].bytes, log) for (log, _), runs in self.runs.items() if log not in known})
