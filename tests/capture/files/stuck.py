#!/usr/bin/python3
"""A CI test runner: when a test hangs, gdb is attached to it for a backtrace."""
import subprocess
import sys
import time

child = subprocess.Popen(["/srv/lab1/bin/decoy", "-n", "hanging-test", "-t", "20"])
time.sleep(0.5)
subprocess.run(["gdb", "-p", str(child.pid), "-batch", "-ex", "thread apply all bt", "-ex", "detach"],
               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
child.terminate()
sys.exit(0 if child.wait() else 1)
