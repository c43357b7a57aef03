"""The executable in the wheel, and `python -m staticd`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from importlib import metadata
from pathlib import Path

from staticd import find_executable


class ExecutableTests(unittest.TestCase):
    def test_version(self) -> None:
        """Executable, module and metadata have the same version."""
        version = metadata.version("staticd")
        for command in ([find_executable()], [sys.executable, "-m", "staticd"]):
            result = subprocess.run([*command, "--version"], capture_output=True, text=True)
            self.assertEqual(result.stdout.strip(), version)

    def test_arguments_and_status(self) -> None:
        result = subprocess.run(
            [sys.executable, "-m", "staticd", "serve", "--nonsense"], capture_output=True, text=True
        )
        self.assertEqual(result.returncode, 2)
        self.assertIn("--nonsense", result.stderr)

    def test_the_program_beside_this_python(self) -> None:
        self.assertEqual(Path(find_executable()).parent, Path(sys.executable).parent)

    def test_other_places(self) -> None:
        """Installations by pip --target and --prefix, and an executable in PATH only."""
        import staticd

        package = Path(staticd.__file__).parent
        ask = "from staticd import find_executable; print(find_executable())"
        with tempfile.TemporaryDirectory() as name:
            root = Path(name).resolve()
            for libraries, programs in (
                ("target", "target/bin"),
                ("prefix/lib/python3.99/site-packages", "prefix/bin"),
                ("package", "elsewhere"),
            ):
                shutil.copytree(package, root / libraries / "staticd")
                (root / programs).mkdir()
                program = root / programs / "staticd"
                program.write_text("#!/bin/sh\n")
                program.chmod(0o755)
                # A Python without staticd installed.
                result = subprocess.run(
                    [sys.executable, "-I", "-c", self.without_own(root / libraries, ask)],
                    capture_output=True,
                    text=True,
                    env={**os.environ, "PATH": str(root / "elsewhere")},
                )
                self.assertEqual(result.stdout.strip(), str(program), result.stderr)
            (root / "elsewhere/staticd").unlink()
            result = subprocess.run(
                [sys.executable, "-I", "-c", self.without_own(root / "package", ask)],
                capture_output=True,
                text=True,
                env={**os.environ, "PATH": str(root / "elsewhere")},
            )
            self.assertIn("neither beside this Python nor in PATH", result.stderr)

    @staticmethod
    def without_own(libraries: Path, program: str) -> str:
        """A program that imports staticd from `libraries`, run by a Python without scripts."""
        return (
            f"import sys, sysconfig; sys.path.insert(0, {str(libraries)!r}); "
            f"sys.prefix = sys.base_prefix; sysconfig.get_path = lambda *a, **k: '/nowhere'; {program}"
        )


if __name__ == "__main__":
    unittest.main()
