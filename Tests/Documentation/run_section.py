#!/usr/bin/env python3
"""Runs the blocks of one section, in a network, a process table and a mount table of their own.

Usage: run_section.py < JSON, as check-commands writes it; prints a problem for each block that failed.
"""

import fcntl
import json
import os
import socket
import struct
import subprocess
import sys
from pathlib import Path


def start_loopback():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        request = struct.pack("16sh14x", b"lo", 0x1 | 0x40)  # IFF_UP, IFF_RUNNING
        fcntl.ioctl(control, 0x8914, request)  # SIOCSIFFLAGS: netdevice(7)


def protect_machine():
    """Nothing that a block writes outlives it, below the directories that install instructions name."""
    for directory in ("/run", "/srv"):
        subprocess.run(["mount", "-t", "tmpfs", "tmpfs", directory], check=True)
    for name in ("usr", "etc"):
        upper, work = Path("/run/.above") / name, Path("/run/.work") / name
        upper.mkdir(parents=True)
        work.mkdir(parents=True)
        options = f"lowerdir=/{name},upperdir={upper},workdir={work}"
        subprocess.run(["mount", "-t", "overlay", "overlay", "-o", options, f"/{name}"], check=True)


def run_shell(block, environment):
    process = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", block["text"]],
        cwd=environment["SITE"], env=environment, stdin=subprocess.DEVNULL, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60,
    )
    expected = int(block["notes"].get("ends with", 0))
    if process.returncode != expected:
        return f"ended with {process.returncode}, not {expected}:\n{process.stdout}"
    return ""


def end_servers(state):
    """Ends what still serves, as an operator would, and returns what was wrong with that."""
    problems = ""
    for file in sorted(state.glob("*.pid")):
        result = subprocess.run([sys.executable, Path(__file__).parent / "end_server.py", file],
                                text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        problems += result.stdout if result.returncode else ""
    return problems


def main():
    section = json.load(sys.stdin)
    start_loopback()
    protect_machine()
    environment = {**os.environ, **section["environment"]}
    site, state = Path(environment["SITE"]), Path(environment["STATE"])
    for block in section["blocks"]:
        problem, notes = "", block["notes"]
        if "write" in notes or "append" in notes:
            file = site / (notes.get("write") or notes["append"])
            file.parent.mkdir(parents=True, exist_ok=True)
            with file.open("a" if "append" in notes else "w") as target:
                target.write(block["text"])
        else:
            try:
                problem = run_shell(block, environment)
            except subprocess.TimeoutExpired:
                problem = "did not end within a minute"
        if problem:
            print(f"{block['place']}: {problem}")
            break
    if problem := end_servers(state):
        print(f"{section['blocks'][-1]['place']}: {problem}")


main()
