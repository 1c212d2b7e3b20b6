#!/usr/bin/env python3
"""audit_listen.py SECONDS: the kernel's audit records as they come, one a line; "ready" once it listens."""
import select
import socket
import struct
import sys
import time

NETLINK_AUDIT = 9
READLOG = 1

end = time.monotonic() + float(sys.argv[1])
listener = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_AUDIT)
listener.bind((0, READLOG))
print("ready", flush=True)
while True:
    ready, _, _ = select.select([listener], [], [], max(0, end - time.monotonic()))
    if not ready:
        break
    message = listener.recv(65536)
    kind = struct.unpack_from("=IH", message)[1]
    text = message[16:].rstrip(b"\0\n").decode("utf-8", "replace").replace("\n", " ")
    print(f"type={kind} msg={text}", flush=True)
