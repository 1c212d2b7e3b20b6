"""The tables and sentences of docs/benchmarks.md, as Markdown."""
from goals import goals


def table(head, rows):
    """Numbers to the right; padded, for it is read in a terminal, too."""
    rows = [[str(cell) for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
    number = [all(row[i][:1].isdigit() or row[i] in ("", "-") for row in rows) for i in range(len(head))]
    lines = [head, ["-" * (w - 1) + ":" if n else "-" * w for w, n in zip(widths, number)], *rows]
    return "\n".join("| %s |" % " | ".join(cell.rjust(w) if n else cell.ljust(w) for cell, w, n in
                                           zip(line, widths, number)) for line in lines)


def seconds(value):
    return "%.3f" % value if value < 10 else "%.1f" % value


def amount(value):
    return "{:,.0f}".format(value)


def cells(measured, row):
    log, name = row.log, row.name
    own, part = measured.own(log), measured.of_floor(row)
    clock = "wall" if row.threads > 1 else "cpu"
    scale = max(measured.size(*run) for run in measured.runs if run[0] == log) / measured.size(log, name)
    return [
        log, row.tool + (" (of %.0f MB, scaled)" % (measured.size(log, name) / 1e6) if scale > 1 else ""),
        seconds(measured.seconds(log, name, "wall") * scale), seconds(measured.seconds(log, name, "cpu") * scale),
        amount(measured.speed(log, name, "wall")), amount(measured.speed(log, name)),
        "-" if part is None else "%.0f %%" % (100 * part) if part >= 0.1 else "%.1f %%" % (100 * part),
        "%.2f" % measured.ratio(log, name, own, clock) if own else "-",
        "%.1f" % measured.memory(log, name), row.does]


def compare(*logs):
    def write(measured):
        head = ["log", "tool", "seconds", "CPU s", "MB/s", "MB/s a core", "of the limit", "times proctor", "RssAnon MB",
                "makes of it"]
        return table(head, [cells(measured, row) for row in measured.rows if row.log in logs and
                            measured.has(row.log, row.name)])
    return write


def series(measured):
    rows = []
    for size, log in measured.series():
        for name in ("sieve", "stream"):
            if measured.has(log, name):
                rows.append([log, name, seconds(measured.seconds(log, name, "wall")),
                             seconds(measured.seconds(log, name, "cpu")),
                             "%.3f" % (measured.seconds(log, name, "cpu") / size * 1e9),
                             "%.1f" % measured.memory(log, name)])
    return table(["size", "driver", "seconds", "CPU s", "ns a byte", "RssAnon MB"], rows) if rows else "Not measured."


def machine(measured):
    evicted = sorted(set(measured.facts["evicted"]))
    cached = ", but at times not whole: " + ", ".join(evicted) if evicted else " before and behind the runs of each round"
    lines = [
        "%s (%s)" % (measured.fact("machine"), measured.fact("simd") or "no AVX2"), measured.fact("kernel"),
        "%s; %s" % (measured.fact("proctor"), measured.fact("tools")),
        "measured on %s, %s rounds, load %s at the start; %s" % tuple(
            map(measured.fact, ("date", "rounds", "load", "others"))),
        "logs on %s, in the page cache%s; folios there, the median: %s" % (
            measured.fact("disk"), cached, measured.fact("folios") or "not known, only root can ask"),
        *measured.facts["log"]]
    if measured.has("start", "proctor"):
        lines.append("a log of one event takes proctor %.0f ms of processor time; each time here includes that" %
                     (1000 * measured.seconds("start", "proctor", "cpu")))
    return "\n".join("- " + line for line in lines)


def left_out(measured):
    return "\n- ".join(["Left out:\n", *measured.facts["left"]]) if measured.facts["left"] else "Nothing was left out."


def aims(measured):
    return table(["goal", "measured", "met"], goals(measured))


def also(measured):
    return "\n".join(["```", *measured.facts["also"], "```"])


SECTIONS = {
    "goals": aims, "machine": machine, "plain": compare("sparse"), "small": compare("S"),
    "density": compare("dense", "noise"), "formats": compare("gz", "zst", "xz", "json"), "series": series,
    "left": left_out, "also": also,
}
