"""folios.py NAME FILE…: how large the folios are that FILE lies in, in the page cache: the median of a sample.

Prints "NAME N KiB" for each. Only root may ask the kernel (Documentation/admin-guide/mm/pagemap.rst); for others, and
where it does not answer, nothing is printed.
"""
import ctypes
import mmap
import os
import random
import statistics
import struct
import sys

PAGE = mmap.PAGESIZE
HEAD, TAIL = 1 << 15, 1 << 16
SAMPLE = 512


def word(fd, index):
    return struct.unpack("Q", os.pread(fd, 8, 8 * index))[0]


def folio_pages(flags, frame):
    """The frames of the folio that holds this one."""
    first = frame
    while word(flags, first) & TAIL:
        first -= 1
    last = first
    while word(flags, last + 1) & TAIL:
        last += 1
    return last - first + 1


def folio_size(path):
    random.seed(1)
    flags, pagemap = os.open("/proc/kpageflags", os.O_RDONLY), os.open("/proc/self/pagemap", os.O_RDONLY)
    with open(path, "rb") as file:
        memory = mmap.mmap(file.fileno(), 0, flags=mmap.MAP_PRIVATE, prot=mmap.PROT_READ | mmap.PROT_WRITE)
    address = ctypes.addressof(ctypes.c_char.from_buffer(memory))
    sizes = []
    for _ in range(SAMPLE):
        page = random.randrange((len(memory) + PAGE - 1) // PAGE)
        memory[page * PAGE]  # maps it; nothing is written, so it stays the page cache's
        frame = word(pagemap, address // PAGE + page) & ((1 << 55) - 1)
        if frame:
            sizes.append(folio_pages(flags, frame) * PAGE // 1024)
    return statistics.median(sizes)


try:
    print(", ".join("%s %d KiB" % (name, folio_size(path)) for name, path in zip(sys.argv[1::2], sys.argv[2::2])))
except (OSError, struct.error, statistics.StatisticsError):
    pass
