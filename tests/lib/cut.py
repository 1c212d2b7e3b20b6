"""Compressed logs that are cut: what was made of them before the break is scanned, to the last byte.

usage: cut.py PROCTOR LOG FOLDER
"""
import bz2
import gzip
import json
import lzma
import os
import subprocess
import sys
import tarfile
import zlib


def zstd(data):
    return subprocess.run(["zstd", "-q", "-c"], input=data, capture_output=True, check=True).stdout


def unzstd(data):
    return subprocess.run(["zstd", "-q", "-d", "-c"], input=data, capture_output=True, check=False).stdout


FORMATS = {
    "gz": (lambda data: gzip.compress(data, 6), lambda data: zlib.decompressobj(31).decompress(data)),
    "xz": (lzma.compress, lambda data: lzma.LZMADecompressor().decompress(data)),
    "bz2": (lambda data: bz2.compress(data, 1), lambda data: bz2.BZ2Decompressor().decompress(data)),
    "zst": (zstd, unzstd),
}


def scan(proctor, *arguments, data=None):
    run = subprocess.run([proctor, "scan", "--json", *arguments], input=data, capture_output=True, check=False)
    findings = [{**json.loads(line), "origin": None} for line in run.stdout.splitlines()]
    return run.returncode, findings, run.stderr.decode(errors="replace")


def check_cut(proctor, path, data, decompress):
    """The file is cut; the reference is the same library, told what there is."""
    with open(path, "wb") as file:
        file.write(data)
    known = decompress(data)
    status, findings, told = scan(proctor, path)
    expected = scan(proctor, "-", data=known)[1]
    if status != 3 or "cut short" not in told:
        return "exit status %d: %s" % (status, told[:200])
    if findings != expected:
        return "%d findings, %d in the %d bytes before the break" % (len(findings), len(expected), len(known))
    return None


def check_tar(proctor, path, log):
    """A tarball of one log that is cut: its member, as far as it came."""
    name = path + ".tar.gz"
    with tarfile.open(name, "w:gz", format=tarfile.USTAR_FORMAT) as tar:
        tar.add(log, "var/log/audit/audit.log")
    with open(name, "rb") as file:
        data = file.read()
    with open(name, "wb") as file:
        file.write(data[: len(data) // 2])
    known = zlib.decompressobj(31).decompress(data[: len(data) // 2])[512:]
    status, findings, told = scan(proctor, name)
    expected = scan(proctor, "-", data=known)[1]
    if status != 3 or findings != expected:
        return "exit status %d, %d findings of %d: %s" % (status, len(findings), len(expected), told[:200])
    return None


def check_several(proctor, path, data, half, expected):
    """Two compressed streams with padding between them are one; garbage behind them is told."""
    with open(path, "wb") as file:
        file.write(half(data[0]) + bytes(8) + half(data[1]) + bytes(512))
    status, findings, told = scan(proctor, path)
    if status != 1 or findings != expected:
        return "exit status %d, %d findings of %d: %s" % (status, len(findings), len(expected), told[:200])
    with open(path, "ab") as file:
        file.write(b"garbage")
    status, findings, told = scan(proctor, path)
    if status != 3 or findings != expected or "broken" not in told:
        return "with garbage: exit status %d, %d findings: %s" % (status, len(findings), told[:200])
    return None


def main():
    proctor, log, folder = sys.argv[1:4]
    with open(log, "rb") as file:
        data = file.read()
    lines = data.splitlines(keepends=True)
    halves = [b"".join(lines[: len(lines) // 2]), b"".join(lines[len(lines) // 2 :])]
    expected = scan(proctor, log)[1]
    for name, (compress, decompress) in FORMATS.items():
        path = os.path.join(folder, "audit.log." + name)
        whole = compress(data)
        for cut in (len(whole) // 7, len(whole) // 2, len(whole) - 9000, len(whole) - 9):
            why = check_cut(proctor, path, whole[:cut], decompress)
            title = "%s cut at %d of %d" % (name, cut, len(whole))
            print("not ok %s: %s" % (title, why.replace("\n", " ")) if why else "ok " + title)
        why = check_several(proctor, path, halves, compress, expected)
        print("not ok several %s: %s" % (name, why.replace("\n", " ")) if why else "ok several " + name)
    why = check_tar(proctor, os.path.join(folder, "cut"), log)
    print("not ok a cut tarball: %s" % why.replace("\n", " ") if why else "ok a cut tarball")


main()
