"""The goals, what was measured of each, and by how much it was missed."""
import re

MEMORY = 64  # MB of RssAnon


class Goal:
    def __init__(self, words, value, aim, least, unit="{:.2f}"):
        """value: a number, or None with the reason in `unit`."""
        self.words, self.value, self.aim, self.least, self.unit = words, value, aim, least, unit

    def cells(self):
        if self.value is None:
            return [self.words, self.unit, "not measured"]
        met = self.value >= self.aim if self.least else self.value <= self.aim
        if met:
            verdict = "met"
        elif self.least:
            verdict = "missed: %.0f %% of the goal" % (100 * self.value / self.aim)
        else:
            verdict = "missed: %.2f times the goal" % (self.value / self.aim)
        return [self.words, self.unit.format(self.value), verdict]


def when(measured, needed, words, value, aim, least, unit):
    """needed: (log, row) pairs without which there is nothing to say."""
    for log, name in needed:
        if not measured.has(log, name):
            return Goal(words, None, aim, least, "row %s/%s was left out" % (log, name))
    return Goal(words, value(), aim, least, unit)


def sieve(measured):
    for log, folios in (("sparse", "L"), ("S", "S")):
        yield when(measured, [(log, "sieve")], "sieve, one core, %s: at least 80 %% of mmap and sum" % folios,
                   lambda: 100 / measured.ratio(log, "sieve", "floor"), 80, True, "{:.0f} %")
        yield when(measured, [(log, "sieve-2")], "sieve, two cores, %s: at least 75 %% of mmap and sum in two" % folios,
                   lambda: 100 / measured.ratio(log, "sieve-2", "floor-2", "wall"), 75, True, "{:.0f} %")
        yield when(measured, [(log, "sieve"), (log, "rg-path")],
                   "sieve, %s: at most 0.95 of ripgrep's time, path regex" % folios,
                   lambda: measured.ratio(log, "sieve", "rg-path"), 0.95, False, "{:.2f}")
        yield when(measured, [(log, "sieve"), (log, "rg-all")],
                   "sieve, %s: at most 0.4 of ripgrep's time, paths and tools" % folios,
                   lambda: measured.ratio(log, "sieve", "rg-all"), 0.4, False, "{:.2f}")
    for log, what in (("dense", "every tenth event an access"), ("noise", "every event below /proc")):
        yield when(measured, [(log, "sieve")], "sieve, %s: at least 4,000 MB/s a core" % what,
                   lambda: measured.speed(log, "sieve"), 4000, True, "{:,.0f} MB/s")


def stream(measured):
    for name, what in (("stream", "file"), ("pipe", "pipe")):
        yield when(measured, [("sparse", name)], "stream, %s: at least 1,000 MB/s a core" % what,
                   lambda: measured.speed("sparse", name), 1000, True, "{:,.0f} MB/s")


def memory(measured):
    sizes = {log for _, log in measured.series()}
    own = {(log, name) for log, name in measured.runs if name.split("-")[0] in ("sieve", "stream", "pipe", "proctor")}
    plain = [(measured.memory(*run), *run) for run in own if not measured.has(run[0], "unpack")]
    packed = [(measured.memory(*run) - measured.memory(run[0], "unpack"), *run) for run in own
              if measured.has(run[0], "unpack")]
    for most, words in ((max(plain, default=None), "at most %d MB of RssAnon, whatever is read" % MEMORY),
                        (max(packed, default=None), "the same beyond the unpacker's own, compressed")):
        if most:
            where = "series " + most[1] if most[1] in sizes else most[1]
            yield Goal(words, most[0], MEMORY, False, "{:.1f} MB, the most (%s, %s)" % (where, most[2]))


def scaling(measured):
    sizes = [log for _, log in measured.series()]
    for name in ("sieve", "stream"):
        ran = [log for log in sizes if measured.has(log, name)]
        if len(ran) < 2:
            yield Goal("%s: time linear, memory flat" % name, None, 0, False, "no series")
            continue
        first, before, last = ran[0], ran[-2], ran[-1]
        cost = {log: measured.seconds(log, name, "cpu") / measured.size(log, name) for log in ran}
        yield Goal("%s: time linear, %s against %s: at most 1.1 times the time a byte" % (name, last, first),
                   cost[last] / cost[first], 1.1, False)
        yield Goal("%s: memory flat, %s against %s: at most 1.1 times the RssAnon" % (name, last, before),
                   measured.memory(last, name) / measured.memory(before, name), 1.1, False)


def correct(measured):
    lines = measured.facts["correct"]
    planted = [int(n) for line in lines for n in re.findall(r"none of (\d+) missed", line)]
    ways = sum(line.endswith("the same findings") for line in lines)
    fine = planted and ways and all(line.startswith("ok ") for line in lines)
    told = "{:,} found in {} scans; {} ways alike".format(sum(planted), len(planted), ways)
    return ["every planted access found, no decoy reported, the same findings by every way to read", told,
            "met" if fine else "missed"]


def goals(measured):
    found = [*sieve(measured), *stream(measured), *memory(measured), *scaling(measured)]
    return [correct(measured), *(goal.cells() for goal in found)]
