"""gunicorn with two sync workers: the app that slow clients and crowds ask."""

import pathlib

from processes import ALL_CORES, Process


def command(tools, application, *options):
    return [tools.python("gunicorn"), "--workers", "2", *options, application]


def environment(**more):
    """What finds the application, which lies beside this file."""
    return {"PYTHONPATH": str(pathlib.Path(__file__).resolve().parent), **more}


def start(tools, address, application, log, *, variables=None, cores=ALL_CORES):
    """Starts it at an address: HOST:PORT or unix:PATH."""
    scheme, _, rest = address.partition(":")
    return Process(
        command(tools, application, "--bind", address),
        rest if scheme == "unix" else int(rest),
        log,
        variables or environment(),
        cores=cores,
    )
