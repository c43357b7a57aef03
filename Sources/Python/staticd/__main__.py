"""`python -m staticd` is the program."""

from __future__ import annotations

import os
import sys

from staticd.executable import find_executable


def main() -> None:
    """Becomes the program, with the arguments of this process."""
    try:
        program = find_executable()
    except FileNotFoundError as error:
        print(f"staticd: {error}", file=sys.stderr)
        sys.exit(3)
    os.execv(program, [program, *sys.argv[1:]])


if __name__ == "__main__":
    main()
