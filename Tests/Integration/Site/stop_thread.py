"""Stops one thread of a process until standard input ends: stop_thread.py PID THREAD-NAME. ptrace(2)"""

import ctypes
import os
import sys

PTRACE_DETACH, PTRACE_SEIZE, PTRACE_INTERRUPT = 17, 0x4206, 0x4207
WALL = 0x40000000

libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = [ctypes.c_long] * 4
libc.ptrace.restype = ctypes.c_long


def trace(request, thread):
    if libc.ptrace(request, thread, 0, 0) < 0:
        sys.exit("ptrace: " + os.strerror(ctypes.get_errno()))


tasks = f"/proc/{sys.argv[1]}/task"
names = {open(f"{tasks}/{task}/comm").read().strip(): int(task) for task in os.listdir(tasks)}
thread = names[sys.argv[2]]
trace(PTRACE_SEIZE, thread)
trace(PTRACE_INTERRUPT, thread)
os.waitpid(thread, WALL)
print("stopped", flush=True)
sys.stdin.read()
trace(PTRACE_DETACH, thread)
