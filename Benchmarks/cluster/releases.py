"""Five releases of a site: sources, roots as in fresh images, and an app that renders the pages."""

import asyncio
import json
import pathlib
import random
import subprocess
import sys

ASSET_COUNT = 12


def write_sources(directory, release):
    """Writes a release: half of the files change from one release to the next."""
    chosen = random.Random(1)
    for number in range(ASSET_COUNT):
        stamp = release if number % 2 == 0 else release // 3
        words = [f"name{chosen.randrange(500)}" for _ in range(400 + 300 * number)]
        text = f"/* file {number}, {stamp} */\n" + "\n".join(f".{word} {{ order: {stamp} }}" for word in words)
        path = directory / f"part{number % 3}" / f"file{number}.css"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (directory / "release.txt").write_text(f"{release}\n")


def collect(staticd, work, release, earlier):
    """Collects a release into a fresh root, as an image build does; carries over from `earlier`."""
    source, root = work / f"source{release}", work / f"root{release}"
    write_sources(source, release)
    carried = ["--from-release", str(earlier)] if earlier else []
    subprocess.run(
        [staticd, "collect", source, "--root", root, "--cache", work / "cache", "--source-date",
         str(1_700_000_000 + release), *carried],
        check=True, capture_output=True, text=True,
    )
    return root


def page(root, release):
    paths = json.loads((root / "staticfiles.json").read_text())["paths"]
    links = "".join(
        f'<link rel="stylesheet" href="/static/{published}">'
        for name, published in sorted(paths.items()) if name.endswith(".css")
    )
    return f'<!doctype html><title>{release}</title>{links}<script src="/static/release.txt"></script>'


async def serve(path, root, release):
    """The app: every request gets the same page, marked as not cacheable."""
    body = page(pathlib.Path(root), release).encode()
    head = (
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nCache-Control: no-store\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    ).encode()

    async def answer(reader, writer):
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                writer.write(head + body)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_unix_server(answer, path)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], sys.argv[2], sys.argv[3]))
