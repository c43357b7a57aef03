"""staticd for Python: the program, and a Django app that hands Django's commands to it."""

from __future__ import annotations

from staticd.executable import find_executable

__all__ = ["find_executable"]
