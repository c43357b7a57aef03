"""Inputs: generated, the same on every machine, collected by staticd."""

import json
import random
import subprocess

SIZES = {"0": 0, "1 KiB": 1024, "5 KiB": 5120, "37 KiB": 37888, "350 KiB": 358400}
LARGE = "4 MiB"
LARGE_BYTES = 4 << 20

_WORDS = (
    "margin padding border color background display position absolute relative flex grid align "
    "content items center stretch auto none block inline width height min max solid inherit "
    "transition transform opacity visible hidden overflow hover focus active before after"
).split()


def style_sheet(byte_count, seed):
    """Text that compresses like a style sheet."""
    source = random.Random(seed)
    lines, count = [], 0
    while count < byte_count:
        name = f".{source.choice(_WORDS)}-{source.randrange(4096):x}"
        rule = f"{source.choice(_WORDS)}-{source.choice(_WORDS)}: {source.randrange(999)}px;"
        lines.append(f"{name} {{ {rule} color: #{source.randrange(1 << 24):06x} }}\n")
        count += len(lines[-1])
    # Cut at the size, in a comment, so that it stays a valid style sheet.
    text = "".join(lines)[: max(0, byte_count - 4)]
    return (f"/*{text}*/" if byte_count >= 4 else " " * byte_count).encode()


class Site:
    """A collected root and the URL path of each of its files."""

    def __init__(self, tools, source, root, *options):
        self.root = root
        command = [tools.staticd, "collect", source, "--root", root, *options]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        names = json.loads((root / "staticfiles.json").read_text())["paths"]
        self.paths = {name: f"/static/{hashed}" for name, hashed in names.items()}


class Uploads:
    """A directory that is not collected, and the URL path of each of its files."""

    def __init__(self, root):
        self.root = root
        self.paths = {}


def sizes(tools, work):
    """A site with one file of each size: `SIZES` as style sheets, `LARGE` as a video."""
    source = work / "sizes"
    source.mkdir()
    for label, count in SIZES.items():
        (source / file_name(label)).write_bytes(style_sheet(count, count))
    (source / file_name(LARGE)).write_bytes(random.Random(4).randbytes(LARGE_BYTES))
    return Site(tools, source, work / "sizes-root")


def file_name(label):
    """The name of the file of a size in `sizes`."""
    return label.replace(" ", "") + (".mp4" if label == LARGE else ".css")


def many_sources(work, count, byte_count):
    """A source tree of `count` style sheets of about `byte_count` bytes in directories of 100."""
    source = work / f"many-{count}"
    for index in range(count):
        directory = source / f"d{index // 100:04}"
        if index % 100 == 0:
            directory.mkdir(parents=True)
        name = directory / f"f{index % 100:02}.css"
        name.write_bytes(style_sheet(byte_count // 2 + index * 7919 % byte_count, index))
    return source
