"""The pictures of docs/benchmarks.md: bars of MB/s a core, and the series of seconds and memory over size.

Plain SVG, without scripts or fonts of its own. The background is drawn, so that it can be read whatever page it stands
on; light or dark follows the reader's setting. Everything that is drawn is also said in <desc>.
"""
import math
from xml.sax.saxutils import escape

from goals import MEMORY
from measured import OWN

STYLE = """<style>
	text { font: 13px system-ui, sans-serif; fill: #1f2328 }
	.head { font-weight: 600 } .quiet { fill: #59636e } .right { text-anchor: end } .middle { text-anchor: middle }
	.page { fill: #ffffff } .grid { stroke: #d1d9e0 } .limit { fill: #8c959f } .own { fill: #0969da }
	.rival { fill: #bc4c00 }
	.line { fill: none; stroke-width: 2 } .sieve { stroke: #0969da } .stream { stroke: #bc4c00 }
	.guide { stroke: #59636e; stroke-dasharray: 4 4; fill: none }
	@media (prefers-color-scheme: dark) {
		text { fill: #e6edf3 } .quiet { fill: #9198a1 }
		.page { fill: #0d1117 } .grid { stroke: #30363d } .limit { fill: #6e7681 } .own { fill: #4493f8 }
		.rival { fill: #db6d28 } .sieve { stroke: #4493f8 } .stream { stroke: #db6d28 } .guide { stroke: #9198a1 }
	}
</style>"""
HEADS = (("sparse", "a log with few accesses"), ("dense", "every tenth event an access"),
         ("noise", "every event below /proc"), ("gz", "gzip, of what is inside"), ("zst", "zstd, of what is inside"),
         ("xz", "xz, of what is inside"), ("json", "LAUREL's JSON"))
KEY = (("limit", "the limit"), ("own", "proctor"), ("rival", "others"))
WIDTH, LEFT, RIGHT, ROW = 860, 230, 90, 20


def text(x, y, words, kind=""):
    return '<text x="%.0f" y="%.0f"%s>%s</text>' % (x, y, ' class="%s"' % kind if kind else "", escape(words))


def line(x1, y1, x2, y2, kind):
    return '<line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" class="%s"/>' % (x1, y1, x2, y2, kind)


def page(height, title, said, shapes):
    head = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" aria-labelledby="title desc">'
    return "\n".join([
        head % (WIDTH, height),
        '<title id="title">%s</title>' % escape(title), '<desc id="desc">%s</desc>' % escape(said), STYLE,
        '<rect class="page" width="%d" height="%d"/>' % (WIDTH, height), *shapes, "</svg>", ""])


def kind_of(name):
    return "limit" if name in ("floor", "unpack") else "own" if name in (*OWN, "pipe") else "rival"


def thousands(value):
    return "{:,.0f}".format(value)


def bars(measured):
    groups = [(head, [(row, measured.speed(log, row.name)) for row in measured.rows if row.log == log and
                      row.threads == 1 and measured.has(log, row.name)]) for log, head in HEADS]
    speeds = [speed for _, rows in groups for _, speed in rows]
    low, high = (math.floor(math.log10(min(speeds))), math.log10(max(speeds))) if speeds else (0, 1)
    scale = (WIDTH - LEFT - RIGHT) / max(high - low, 0.1)
    at = lambda speed: LEFT + (math.log10(speed) - low) * scale
    shapes, said, y = [], [], 58
    for head, rows in groups:
        if not rows:
            continue
        shapes.append(text(16, y + 14, head, "head"))
        y += ROW + 4
        for row, speed in rows:
            shapes += [text(LEFT - 8, y + 13, row.tool, "right"),
                       '<rect class="%s" x="%d" y="%d" width="%.1f" height="14" rx="2"/>' % (
                           kind_of(row.name), LEFT, y + 2, max(at(speed) - LEFT, 1)),
                       text(at(speed) + 6, y + 13, thousands(speed), "quiet")]
            y += ROW
        said.append("%s: %s." % (head, ", ".join("%s %s" % (row.tool, thousands(speed)) for row, speed in rows)))
        y += 10
    grid = [shape for decade in range(low, int(high) + 1) for shape in (
        line(at(10 ** decade), 50, at(10 ** decade), y, "grid"),
        text(at(10 ** decade), 44, thousands(10 ** decade), "quiet middle"))]
    title = "Megabytes of log a second of processor time, on a logarithmic scale"
    key = [shape for i, (kind, words) in enumerate(KEY) for shape in (
        '<rect class="%s" x="%d" y="11" width="14" height="14" rx="2"/>' % (kind, 580 + 92 * i),
        text(600 + 92 * i, 22, words))]
    return page(y + 6, title, title + ". " + " ".join(said), [text(16, 22, title, "head"), *key, *grid, *shapes])


class Panel:
    """A plot whose x is the size's logarithm; y is a logarithm, too, or begins at 0."""

    def __init__(self, left, title, sizes, values, logarithmic):
        self.left, self.title, self.top, self.width, self.height = left, title, 64, 330, 190
        self.logarithmic = logarithmic
        self.sizes = sizes
        self.low = math.log10(min(values)) if logarithmic else 0
        self.high = math.log10(max(values)) if logarithmic else max(values) * 1.1

    def x(self, size):
        first, last = math.log(self.sizes[0]), math.log(self.sizes[-1])
        return self.left + 20 + (math.log(size) - first) / max(last - first, 0.1) * (self.width - 40)

    def y(self, value):
        value = math.log10(value) if self.logarithmic else value
        return self.top + self.height - 24 - (value - self.low) / max(self.high - self.low, 0.01) * (self.height - 50)

    def path(self, points, kind):
        return '<polyline class="%s" points="%s"/>' % (
            kind, " ".join("%.1f,%.1f" % (self.x(s), self.y(v)) for s, v in points))

    def frame(self, names):
        bottom = self.top + self.height
        return [text(self.left, self.top - 10, self.title, "head"),
                line(self.left, bottom, self.left + self.width, bottom, "grid"),
                line(self.left, self.top, self.left, bottom, "grid"),
                *(text(self.x(size), bottom + 18, name, "quiet middle") for size, name in zip(self.sizes, names))]

    def draw(self, driver, points, others, form):
        """The figure stands above its point, but below where another's is above."""
        place = lambda size, value: 18 if any(s == size and v > value for s, v in others) else -8
        return [self.path(points, "line " + driver), *(
            text(self.x(size), self.y(value) + place(size, value), form % value, "quiet middle")
            for size, value in points)]


def series(measured):
    ran = measured.series()
    names, sizes = [log for _, log in ran], [size for size, _ in ran]
    drivers = [name for name in ("sieve", "stream") if any(measured.has(log, name) for log in names)]
    if not ran:
        return page(60, "No series was measured", "No series was measured.", [text(16, 34, "No series was measured")])
    points = {driver: [(size, measured.seconds(log, driver, "cpu"), measured.memory(log, driver)) for size, log in ran]
              for driver in drivers}
    flat = [(s, t, m) for driver in drivers for s, t, m in points[driver]]
    times = Panel(40, "Seconds of processor time", sizes, [t for _, t, _ in flat], True)
    memory = Panel(490, "RssAnon, MB", sizes, [MEMORY, *(m for _, _, m in flat)], False)
    shapes = [*times.frame(names), *memory.frame(names),
              memory.path([(sizes[0], MEMORY), (sizes[-1], MEMORY)], "guide"),
              text(memory.x(sizes[0]), memory.y(MEMORY) - 6, "the goal, %d" % MEMORY, "quiet")]
    said = []
    for i, driver in enumerate(drivers):
        shapes += times.draw(driver, [(s, t) for s, t, _ in points[driver]], [(s, t) for s, t, _ in flat], "%.2f")
        shapes += memory.draw(driver, [(s, m) for s, _, m in points[driver]], [(s, m) for s, _, m in flat], "%.0f")
        shapes += [line(600 + 110 * i, 24, 625 + 110 * i, 24, "line " + driver), text(632 + 110 * i, 28, driver)]
        said.append("%s: %s." % (driver, ", ".join("%s %.2f s and %.0f MB" % (n, t, m) for n, (_, t, m) in
                                                   zip(names, points[driver]))))
    title = "Time and memory of one scan, one thread, over the size of the log"
    return page(292, title, title + ". " + " ".join(said), [text(16, 28, title, "head"), *shapes])
