"""main.py ROWS WORK TEMPLATE FOLDER: what bench.sh left in WORK becomes FOLDER/benchmarks.md and its pictures.

TEMPLATE is docs/benchmarks.md: its own words stay, and what stands between "<!-- measured: NAME -->" and
"<!-- end -->" is written anew. Prints the same tables.
"""
import os
import re
import sys

import picture
from measured import Measured, read_rows
from tables import SECTIONS

BLOCK = re.compile(r"(<!-- measured: (\w+) -->\n).*?(<!-- end -->\n)", re.DOTALL)


def write(folder, name, text):
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        file.write(text)


def main():
    rows, work, template, folder = sys.argv[1:]
    measured = Measured(read_rows(rows), work)
    sections = {name: make(measured) for name, make in SECTIONS.items()}
    with open(template, encoding="utf-8") as file:
        page = file.read()
    places = [name for _, name, _ in BLOCK.findall(page)]
    if sorted(places) != sorted(sections):
        sys.exit("%s: has places for %s; there is %s" % (template, ", ".join(places), ", ".join(sections)))
    os.makedirs(folder, exist_ok=True)
    write(folder, "benchmarks.md", BLOCK.sub(lambda m: m[1] + sections[m[2]] + "\n" + m[3], page))
    write(folder, "benchmarks.svg", picture.bars(measured))
    write(folder, "benchmarks-scale.svg", picture.series(measured))
    for name in places:
        if name != "also":  # its own lines are on the terminal already
            print("\n%s\n%s" % (name, sections[name]))


main()
