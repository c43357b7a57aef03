"""Paths of the programs that `scripts/bench` has prepared."""

import dataclasses
import pathlib
import subprocess

PROJECT = pathlib.Path(__file__).resolve().parents[2]


@dataclasses.dataclass
class Tools:
    """Paths of the programs; `environment` is a Python with WhiteNoise, Django and gunicorn."""

    staticd: pathlib.Path
    floor: pathlib.Path
    crowd: pathlib.Path
    codecs: pathlib.Path
    tree: pathlib.Path
    listing: pathlib.Path
    environment: pathlib.Path

    @classmethod
    def prepared(cls):
        build = PROJECT / ".build"
        bench = build / "bench"
        return cls(
            staticd=build / "static" / "release" / "staticd",
            floor=bench / "floor",
            crowd=bench / "crowd",
            codecs=bench / "codecs",
            tree=bench / "tree",
            listing=bench / "listing",
            environment=bench / "python",
        )

    def python(self, program="python"):
        return self.environment / "bin" / program

    def python_version(self, package):
        """The version of an installed package."""
        code = f"import importlib.metadata as m; print(m.version({package!r}))"
        result = subprocess.run([self.python(), "-c", code], capture_output=True, text=True)
        return result.stdout.strip()
