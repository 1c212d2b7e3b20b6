"""Logs whose lines are a little out of order, as auditd, syslog and copying leave them.

usage: mix_lines.py LOG FOLDER

Each file of the folder is a part of LOG that was mixed in a way and by a seed that its name tells.
"""
import os
import random
import sys

PART = 1500  # lines


def swap_neighbours(lines, dice):
    for _ in range(len(lines) // 20):
        at = dice.randrange(len(lines) - 1)
        lines[at], lines[at + 1] = lines[at + 1], lines[at]


def move_near(lines, dice):
    for _ in range(len(lines) // 50):
        at = dice.randrange(len(lines))
        line = lines.pop(at)
        lines.insert(max(0, at + dice.randrange(-12, 13)), line)


def move_far(lines, dice):
    for _ in range(12):
        line = lines.pop(dice.randrange(len(lines)))
        lines.insert(dice.randrange(len(lines)), line)


def drop(lines, dice):
    for _ in range(len(lines) // 30):
        del lines[dice.randrange(len(lines))]


def repeat(lines, dice):
    for _ in range(len(lines) // 30):
        at = dice.randrange(len(lines))
        lines.insert(min(len(lines), at + dice.randrange(30)), lines[at])


def riffle(lines, dice):
    """Two halves that were written at the same time."""
    half = len(lines) // 2
    halves = [lines[:half], lines[half:]]
    lines.clear()
    while halves[0] or halves[1]:
        of = halves[dice.randrange(2)]
        lines.extend(of[:9])
        del of[:9]


def main():
    log, folder = sys.argv[1:3]
    with open(log, "rb") as file:
        whole = file.read().splitlines(keepends=True)
    os.makedirs(folder, exist_ok=True)
    for mix in swap_neighbours, move_near, move_far, drop, repeat, riffle:
        for seed in range(4):
            dice = random.Random(seed)
            at = dice.randrange(max(1, len(whole) - PART))
            lines = whole[at:at + PART]
            mix(lines, dice)
            with open(os.path.join(folder, "%s.%d.log" % (mix.__name__, seed)), "wb") as file:
                file.write(b"".join(lines))


main()
