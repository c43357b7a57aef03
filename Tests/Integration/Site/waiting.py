"""How an app under test waits for its test: for files that the test creates in the directory STATE."""

import os
import pathlib
import time


def state(name):
    """The path of a file in STATE."""
    return pathlib.Path(os.environ["STATE"]) / name


def wait_for(name):
    """Returns once the file exists; fails after a minute."""
    ends = time.monotonic() + 60
    while not state(name).exists():
        if time.monotonic() > ends:
            raise TimeoutError(f"no file {state(name)}")
        time.sleep(0.005)
