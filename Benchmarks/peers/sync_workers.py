"""gunicorn with two sync workers: the app of the measurements with slow clients and overload."""

import pathlib

from processes import ALL_CORES, Process


def command(tools, application, *options):
    return [tools.python("gunicorn"), "--workers", "2", *options, application]


def environment(**more):
    """The environment with which Python finds the application, which is beside this file."""
    return {"PYTHONPATH": str(pathlib.Path(__file__).resolve().parent), **more}


def start(tools, address, application, log, *, variables=None, cores=ALL_CORES):
    """The command that starts it at an address: HOST:PORT or unix:PATH."""
    scheme, _, rest = address.partition(":")
    return Process(
        command(tools, application, "--bind", address),
        rest if scheme == "unix" else int(rest),
        log,
        variables or environment(),
        cores=cores,
    )
