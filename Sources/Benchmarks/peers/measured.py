"""Runs a command and says what it cost: measured.py OUTPUT COMMAND ...

The peak is the child's resident set as the system counts it, mapped files included (wait4).
"""
import json
import os
import resource
import sys
import time

output, command = sys.argv[1], sys.argv[2:]
start = time.perf_counter()
child = os.posix_spawnp(command[0], command, os.environ)
_, status, usage = os.wait4(child, 0)
seconds = time.perf_counter() - start
# Linux counts in KiB, macOS in bytes.
unit = 1 if sys.platform == "darwin" else 1024
with open(output, "w") as file:
    json.dump({
        "exitStatus": os.waitstatus_to_exitcode(status),
        "seconds": seconds,
        "cpuSeconds": usage.ru_utime + usage.ru_stime,
        "peakByteCount": usage.ru_maxrss * unit,
    }, file)
