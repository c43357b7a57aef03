"""Clients of all kinds; each makes one visit and returns the statuses that it saw."""

import asyncio
import hashlib
import random


class Failed(Exception):
    """A well-behaved client was not answered as it should be."""


class Unrepeatable(Exception):
    """What was lost could not be sent again."""


async def static(port, site):
    """Several static requests on one connection, some conditional, some for a part."""
    reader, writer = await _connect(port)
    statuses = []
    for _ in range(random.randint(1, 20)):
        name, content = random.choice(site)
        kind = random.random()
        if kind < 0.1:
            status, _, body = await _get(reader, writer, f"/static/{name}", "Range: bytes=0-9\r\n")
            _expect(status == 206 and body == content[:10], name, status)
        else:
            status, fields, body = await _get(reader, writer, f"/static/{name}")
            _expect(status == 200 and body == content, name, status)
            if kind < 0.4:
                statuses.append(status)
                tag = fields["etag"]
                status, _, _ = await _get(reader, writer, f"/static/{name}", f"If-None-Match: {tag}\r\n")
                _expect(status == 304, name, status)
        statuses.append(status)
    writer.close()
    return statuses


async def pages(port, site):
    """Several requests that the app answers."""
    reader, writer = await _connect(port)
    statuses = []
    for _ in range(random.randint(1, 10)):
        word = str(random.random())
        path = "/error" if random.random() < 0.05 else f"/page?{word}"
        status, _, body = await _get(reader, writer, path)
        wanted = (500, b"error") if path == "/error" else (200, word.encode())
        _expect((status, body) == wanted, path, status)
        statuses.append(status)
    writer.close()
    return statuses


async def upload(port, site):
    """Content of any size, by length or in chunks."""
    reader, writer = await _connect(port)
    content = random.randbytes(random.choice([0, 10, 60_000, 70_000, 900_000]))
    if random.random() < 0.5:
        head, framed = f"Content-Length: {len(content)}", content
    else:
        pieces = [content[i : i + 50_000] for i in range(0, len(content), 50_000)]
        framed = b"".join(b"%x\r\n%s\r\n" % (len(p), p) for p in pieces) + b"0\r\n\r\n"
        head = "Transfer-Encoding: chunked"
    writer.write(f"POST /upload HTTP/1.1\r\nHost: soak\r\n{head}\r\n\r\n".encode() + framed)
    await writer.drain()
    status, _, body = await _answer(reader)
    # A worker that ended with it in hands: a POST may not be sent again (RFC 9110 section 9.2.2).
    if status == 502 and len(content) > 4096:
        raise Unrepeatable
    _expect(body.decode() == hashlib.sha256(content).hexdigest(), "/upload", status)
    writer.close()
    return [status]


async def download(port, site):
    """A large answer, taken slowly."""
    reader, writer = await _connect(port)
    count = random.randint(1, 60)
    writer.write(f"GET /download?{count} HTTP/1.1\r\nHost: soak\r\nConnection: close\r\n\r\n".encode())
    received = 0
    status, fields = await _head(reader)
    while piece := await reader.read(65536):
        received += len(piece)
        await asyncio.sleep(random.random() / 50)
    _expect(status == 200 and received >= count * 65536, "/download", status)
    writer.close()
    return [status]


async def aborted(port, site):
    """Leaves in the middle of whatever it does."""
    reader, writer = await _connect(port)
    start = random.choice([
        b"GET /static/",
        b"GET /static/0.bin HTTP/1.1\r\nHost: soak\r\n\r\n",
        b"POST /upload HTTP/1.1\r\nHost: soak\r\nContent-Length: 500000\r\n\r\n" + b"x" * 100_000,
        b"POST /upload HTTP/1.1\r\nHost: soak\r\nTransfer-Encoding: chunked\r\n\r\nfffff\r\nabc",
        b"GET /download?100 HTTP/1.1\r\nHost: soak\r\n\r\n",
        b"GET /page?abc HTTP/1.1\r\nHost: soak\r\n\r\n",
        b"",
    ])
    writer.write(start)
    try:
        await asyncio.wait_for(reader.read(random.choice([1, 70_000])), random.random() / 5)
    except (asyncio.TimeoutError, OSError):
        pass
    writer.transport.abort()
    return []


async def hostile(port, site):
    """What no parser should take."""
    reader, writer = await _connect(port)
    head = b"POST /page HTTP/1.1\r\nHost: soak\r\n"
    line = random.choice([
        b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"Content-Length: 2, 2\r\n\r\nab",
        b"Transfer-Encoding: gzip\r\n\r\n",
        b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"Transfer-Encoding : chunked\r\n\r\n",
        b"A: b\n\n",
        b"A\x00: b\r\n\r\n",
        random.randbytes(200) + b"\r\n\r\n",
        b"A: " + b"a" * 40_000 + b"\r\n\r\n",
    ])
    writer.write(head + line)
    try:
        await asyncio.wait_for(reader.read(), 30)
    except OSError:
        pass
    writer.close()
    return []


KINDS = [(static, 30), (pages, 20), (upload, 10), (download, 4), (aborted, 20), (hostile, 16)]


async def _connect(port):
    return await asyncio.open_connection("127.0.0.1", port)


async def _get(reader, writer, path, lines=""):
    writer.write(f"GET {path} HTTP/1.1\r\nHost: soak\r\n{lines}\r\n".encode())
    return await _answer(reader)


async def _head(reader):
    try:
        head = (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 60)).decode("latin-1")
    except (asyncio.IncompleteReadError, asyncio.TimeoutError, OSError) as reason:
        raise Failed(f"no answer: {reason!r}") from reason
    first, *rest = head.strip().split("\r\n")
    fields = {name.lower(): value.strip() for name, _, value in (l.partition(":") for l in rest)}
    return int(first.split()[1]), fields


async def _answer(reader):
    status, fields = await _head(reader)
    if status == 304:
        return status, fields, b""
    if fields.get("transfer-encoding") == "chunked":
        body = b""
        while size := int(await reader.readline(), 16):
            body += await reader.readexactly(size)
            await reader.readexactly(2)
        await reader.readexactly(2)
        return status, fields, body
    return status, fields, await reader.readexactly(int(fields["content-length"]))


def _expect(holds, what, status):
    if not holds:
        raise Failed(f"{what}: {status}")
