"""Where the program is."""

from __future__ import annotations

import os
import shutil
import sys
import sysconfig
from pathlib import Path

NAME = "staticd"


def find_executable() -> str:
    """The path of the program that was installed with this package, or else of one in PATH.

    Raises FileNotFoundError if there is neither.
    """
    for directory in _script_directories():
        path = directory / NAME
        if path.is_file() and os.access(path, os.X_OK):
            return str(path)
    found = shutil.which(NAME)
    if found is None:
        raise FileNotFoundError(
            "the program 'staticd' is neither beside this Python nor in PATH; "
            "install the wheel again: 'pip install --force-reinstall ./staticd-VERSION-py3-none-....whl'"
        )
    return found


def _script_directories() -> list[Path]:
    """The directories into which pip installs programs, the likeliest first."""
    package = Path(__file__).resolve().parent
    directories = [
        Path(sysconfig.get_path("scripts")),
        # pip install --prefix DIR: DIR/lib/pythonX.Y/site-packages/staticd.
        package.parents[3] / "bin" if len(package.parents) > 3 else package,
        # pip install --target DIR: DIR/staticd.
        package.parent / "bin",
        Path(sysconfig.get_path("scripts", f"{os.name}_user")),
    ]
    if sys.prefix != sys.base_prefix:
        # A virtual environment that sees the packages of the Python that it was made with.
        directories.append(Path(sys.base_prefix) / "bin")
    return directories
