"""bench_page.py ROWS FOLDER: does what bench.sh wrote into FOLDER hold every row of ROWS, or say why not?

Prints ok and not ok lines.
"""
import os
import re
import sys
import xml.etree.ElementTree as ElementTree

SVG = "{http://www.w3.org/2000/svg}"


def say(name, wrong):
    print("not ok %s: %s" % (name, "; ".join(wrong)) if wrong else "ok " + name)


def rows_of(path):
    with open(path, encoding="utf-8") as file:
        lines = [line for line in file if line.strip() and line[0] != "#"]
    return [[field.strip() for field in line.split(" | ")] for line in lines]


def check_rows(rows, page):
    lines = [line for line in page.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]
    there = {(line[0], re.sub(r" \(of .*", "", line[1])): line for line in cells}
    wrong = []
    for log, name, _, _, tool, *_ in rows:
        line = there.get((log, tool))
        left_out = re.search(r"^- %s/%s: \S" % (log, name), page, re.MULTILINE)
        if log == "start":
            line = re.search(r"one event takes proctor \d+ ms", page)
        if bool(line) == bool(left_out):
            wrong.append("%s/%s is %s" % (log, name, "measured, and left out" if line else "nowhere"))
        elif line and log != "start" and not all(re.match(r"[0-9]", cell) for cell in line[2:6]):
            wrong.append("%s/%s lacks a figure" % (log, name))
    say("every row of %d is in a table or left out aloud" % len(rows), wrong)


def check_sections(page):
    wrong = re.findall(r"<!-- measured: (\w+) -->\n\s*<!-- end -->", page)
    wrong += [word for word in ("nan", "inf ", "None") if word in page]
    verdicts = re.findall(r"\| (met|missed: [^|]*[^| ]|not measured) *\|$", page, re.MULTILINE)
    say("no section is empty", wrong)
    say("goals have their verdicts", [] if len(verdicts) > 15 else ["only %d" % len(verdicts)])


def check_picture(path, words):
    wrong = []
    try:
        root = ElementTree.parse(path).getroot()
        said = root.findtext(SVG + "title", ""), root.findtext(SVG + "desc", "")
        drawn = " ".join(element.text or "" for element in root.iter(SVG + "text"))
        wrong += [word for word in words if word not in drawn or word not in said[1]]
        wrong += ["no title"] if not said[0] else []
        wrong += [key for element in root.iter() for key, value in element.items() if re.search(r"nan|inf|^-", value)]
        with open(path, encoding="utf-8") as file:
            wrong += [] if "prefers-color-scheme: dark" in file.read() else ["no dark colours"]
    except (ElementTree.ParseError, OSError) as why:
        wrong.append(str(why))
    say("%s parses, is told in words, and shows what it must" % os.path.basename(path), wrong)


def main():
    rows_path, folder = sys.argv[1:]
    with open(os.path.join(folder, "benchmarks.md"), encoding="utf-8") as file:
        page = file.read()
    check_rows(rows_of(rows_path), page)
    check_sections(page)
    check_picture(os.path.join(folder, "benchmarks.svg"), ["mmap and sum", "stream", "libauparse", "gzip -dc"])
    check_picture(os.path.join(folder, "benchmarks-scale.svg"), ["1M", "2M", "stream"])


main()
