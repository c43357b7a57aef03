"""Runs wrk on the client's core, and h2load for HTTP/2."""

import dataclasses
import pathlib
import re
import subprocess
import tempfile

from processes import CLIENT_CORE

_UNITS = {"us": 1e-6, "ms": 1e-3, "s": 1, "m": 60}

# wrk has no option for pipelining: the script hands it several requests as one.
_PIPELINE = """
init = function(args)
  local requests = {}
  for i = 1, tonumber(args[1]) do requests[i] = wrk.format() end
  all = table.concat(requests)
end
request = function() return all end
"""

_POST = """
init = function(args)
  wrk.method = "POST"
  wrk.body = string.rep("a", tonumber(args[1]))
end
"""


class WrongAnswers(Exception):
    """The run had errors, so its figures are meaningless."""


@dataclasses.dataclass
class Load:
    requests: int
    per_second: float
    p50: float
    p99: float


def run(port, path, *, fields=(), connections=64, seconds=1, pipelined=1, body_bytes=0, errors_expected=False):
    """Requests `path` for some seconds, with POST if there is a body; latencies are in seconds."""
    command = ["taskset", "-c", CLIENT_CORE, "wrk", "-t1", f"-c{connections}", f"-d{seconds}s"]
    command += ["--latency", "--timeout", "20s"]
    for name, value in fields:
        command += ["-H", f"{name}: {value}"]
    with tempfile.TemporaryDirectory() as work:
        arguments = []
        if pipelined > 1:
            script = pathlib.Path(work) / "pipeline.lua"
            script.write_text(_PIPELINE)
            command += ["-s", str(script)]
            arguments = ["--", str(pipelined)]
        elif body_bytes > 0:
            script = pathlib.Path(work) / "post.lua"
            script.write_text(_POST)
            command += ["-s", str(script)]
            arguments = ["--", str(body_bytes)]
        command.append(f"http://127.0.0.1:{port}{path}")
        text = subprocess.run(
            [*command, *arguments], check=True, capture_output=True, text=True
        ).stdout
    if "Socket errors" in text or ("Non-2xx" in text and not errors_expected):
        raise WrongAnswers(" ".join(text.split()))
    requests = int(re.search(r"(\d+) requests in", text).group(1))
    if requests == 0:
        raise WrongAnswers("no request was answered")
    per_second = float(re.search(r"Requests/sec:\s+([\d.]+)", text).group(1))
    return Load(requests, per_second, _percentile(text, 50), _percentile(text, 99))


def run_http2(port, path, *, fields=(), seconds=1):
    """Like `run`, with HTTP/2 in clear text: 8 connections with 8 concurrent requests each."""
    with tempfile.TemporaryDirectory() as work:
        log = pathlib.Path(work) / "requests"
        command = ["taskset", "-c", CLIENT_CORE, "h2load", "-t1", "-c8", "-m8", f"-D{seconds}"]
        command += [f"--log-file={log}"]
        for name, value in fields:
            command += ["-H", f"{name}: {value}"]
        command.append(f"http://127.0.0.1:{port}{path}")
        text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        # Start time, status and duration in microseconds of each request.
        lines = [line.split() for line in log.read_text().splitlines()]
    times = sorted(int(line[2]) / 1e6 for line in lines if line[1] == "200")
    failed = int(re.search(r"(\d+) failed", text).group(1))
    if not times or failed or len(times) != len(lines):
        raise WrongAnswers(" ".join(text.split()))
    per_second = float(re.search(r"([\d.]+) req/s", text).group(1))
    return Load(len(times), per_second, times[len(times) // 2], times[len(times) * 99 // 100])


def _percentile(text, percent):
    number, unit = re.search(rf"^\s+{percent}%\s+([\d.]+)(us|ms|s|m)\s*$", text, re.M).groups()
    return float(number) * _UNITS[unit]
