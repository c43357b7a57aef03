"""Clients of all kinds; each makes one visit and returns the statuses it received."""

import asyncio
import hashlib
import itertools
import random
import time

from downloads import block

_numbers = itertools.count()


class Failed(Exception):
    """A well-behaved client got a wrong response."""


class Unrepeatable(Exception):
    """A lost request could not be repeated."""


def identifier():
    """A unique identifier."""
    return f"request-{next(_numbers)}"


async def static(port, site):
    """Several static requests on one connection, some conditional, some for a part."""
    reader, writer = await _connect(port)
    statuses = []
    for _ in range(random.randint(1, 20)):
        path, content = random.choice(site.files)
        kind = random.random()
        if kind < 0.1:
            status, _, body = await _get(reader, writer, path, "Range: bytes=0-9\r\n")
            _expect(status == 206 and body == content[:10], path, status)
        else:
            status, fields, body = await _get(reader, writer, path)
            _expect(status == 200 and body == content, path, status)
            if kind < 0.4:
                statuses.append(status)
                tag = fields["etag"]
                status, _, _ = await _get(reader, writer, path, f"If-None-Match: {tag}\r\n")
                _expect(status == 304, path, status)
        statuses.append(status)
    writer.close()
    return statuses


async def release(port, site):
    """The file that every release changes, and a file of an older release that must still be served."""
    reader, writer = await _connect(port)
    began = time.monotonic()
    status, _, body = await _get(reader, writer, "/static/release.txt")
    _expect(status == 200 and body in site.current(began), f"release.txt: {body}", status)
    path, content = site.kept(began)
    kept_status, _, body = await _get(reader, writer, path)
    _expect((kept_status, body) == (200, content), path, kept_status)
    writer.close()
    return [status, kept_status]


async def pages(port, site):
    """Several requests to the app, some with a response body that is not allowed."""
    reader, writer = await _connect(port)
    statuses = []
    for _ in range(random.randint(1, 10)):
        name = identifier()
        kind = random.choices(["page", "error", "empty?204&", "empty?304&"], [85, 5, 5, 5])[0]
        if kind.startswith("empty"):
            path, wanted = f"/{kind}{name}", int(kind[6:9])
        else:
            path, wanted = f"/{kind}?{name}", 500 if kind == "error" else 200
        status, _, body = await _get(reader, writer, path)
        _expect_own(status, body, wanted, b"" if wanted in (204, 304) else name.encode(), path)
        statuses.append(status)
    writer.close()
    return statuses


async def upload(port, site):
    """Request content of any size, by length or in chunks."""
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
    # A worker ended while it handled the request: a POST may not be repeated (RFC 9110 section 9.2.2).
    if status == 502 and len(content) > 4096:
        raise Unrepeatable
    _expect_own(status, body, 200, hashlib.sha256(content).hexdigest().encode(), "/upload")
    writer.close()
    return [status]


async def download(port, site):
    """A large response, read slowly."""
    reader, writer = await _connect(port)
    count, name = random.randint(1, 60), identifier()
    status, _ = await _ask(reader, writer, f"/download?{count}&{name}")
    _expect(status == 200, "/download", status)
    wanted, offset = block(name) * count, 0
    while piece := await _chunk(reader):
        _expect_own(status, piece, 200, wanted[offset : offset + len(piece)], "/download")
        offset += len(piece)
        await asyncio.sleep(random.random() / 50)
    _expect(offset == len(wanted), f"/download: {offset} bytes of {len(wanted)}", status)
    writer.close()
    return [status]


async def websocket(port, site):
    """A tunnel that is used, idle, or closed by either side."""
    reader, writer = await _connect(port)
    ending = random.choice(["close", "close", "abort", "cut"])
    status, _ = await _ask(
        reader, writer, f"/socket?{ending}",
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n",
    )
    _expect(status == 101, "/socket", status)
    await asyncio.sleep(random.choice([0, 0, 0.5, 2]))
    for _ in range(1 if ending == "cut" else random.randint(1, 10)):
        message = f"{identifier()}\n".encode() * random.choice([1, 100, 3_000])
        writer.write(message)
        # A cut happens after the first piece that the app has read.
        wanted = message[:1] if ending == "cut" else message
        received = await _within(reader.readexactly(len(wanted)), "/socket: no echo")
        _expect_own(status, received, 101, wanted, "/socket")
    if ending == "cut":
        await _until_end(reader)
    writer.transport.abort() if ending == "abort" else writer.close()
    return [status]


async def burst(port, site, left):
    """Far more requests at once than the app has threads; some clients leave while they wait.

    `left` gets the time at which each of them left.
    """
    results = await asyncio.gather(*(_one_of_many(port, left) for _ in range(400)))
    return [status for status in results if status]


async def _one_of_many(port, left):
    reader, writer = await _connect(port)
    name = identifier()
    writer.write(f"GET /slow?{name} HTTP/1.1\r\nHost: soak\r\n\r\n".encode())
    if random.random() < 0.3:
        await asyncio.sleep(random.random() / 3)
        writer.transport.abort()
        # The socket is closed in the loop's next iteration.
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        left[name] = time.monotonic()
        return None
    status, fields, body = await _answer(reader)
    # The response when the queue is full.
    if status == 503:
        _expect("retry-after" in fields, "503 without Retry-After", status)
    else:
        _expect_own(status, body, 200, name.encode(), "/slow")
    writer.close()
    return status


async def aborted(port, site):
    """Leaves in the middle of a request or response."""
    reader, writer = await _connect(port)
    # A name of its own: the verdict compares by name what was queued and what the app began.
    name = identifier().encode()
    start = random.choice([
        b"GET /static/",
        b"GET /static/0.bin HTTP/1.1\r\nHost: soak\r\n\r\n",
        b"POST /upload HTTP/1.1\r\nHost: soak\r\nContent-Length: 500000\r\n\r\n" + b"x" * 100_000,
        b"POST /upload HTTP/1.1\r\nHost: soak\r\nTransfer-Encoding: chunked\r\n\r\nfffff\r\nabc",
        b"GET /download?100&%s HTTP/1.1\r\nHost: soak\r\n\r\n" % name,
        b"GET /slow?%s HTTP/1.1\r\nHost: soak\r\n\r\n" % name,
        b"GET /page?%s HTTP/1.1\r\nHost: soak\r\n\r\n" % name,
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
    """Requests that every parser must reject."""
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


KINDS = [
    (static, 26), (release, 6), (pages, 20), (upload, 10), (download, 4), (websocket, 6), (aborted, 16), (hostile, 12),
]


async def _connect(port):
    return await asyncio.open_connection("127.0.0.1", port)


async def _get(reader, writer, path, lines=""):
    _send(writer, path, lines)
    return await _answer(reader)


async def _ask(reader, writer, path, lines=""):
    """Sends a request and reads only the head of the response."""
    _send(writer, path, lines)
    return await _head(reader)


def _send(writer, path, lines):
    writer.write(f"GET {path} HTTP/1.1\r\nHost: soak\r\n{lines}\r\n".encode())


async def _within(reading, what):
    try:
        return await asyncio.wait_for(reading, 60)
    except (asyncio.IncompleteReadError, asyncio.TimeoutError, OSError) as reason:
        raise Failed(f"{what}: {reason!r}") from reason


async def _until_end(reader):
    try:
        while await asyncio.wait_for(reader.read(65536), 60):
            pass
    except ConnectionError:
        pass
    except asyncio.TimeoutError as reason:
        raise Failed("/socket: the app's end did not come through") from reason


async def _head(reader):
    head = (await _within(reader.readuntil(b"\r\n\r\n"), "no answer")).decode("latin-1")
    first, *rest = head.strip().split("\r\n")
    fields = {name.lower(): value.strip() for name, _, value in (l.partition(":") for l in rest)}
    return int(first.split()[1]), fields


async def _answer(reader):
    status, fields = await _head(reader)
    if status in (204, 304):
        return status, fields, b""
    if fields.get("transfer-encoding") == "chunked":
        body = b""
        while piece := await _chunk(reader):
            body += piece
        return status, fields, body
    return status, fields, await reader.readexactly(int(fields["content-length"]))


async def _chunk(reader):
    size = int(await _within(reader.readline(), "no chunk"), 16)
    return (await _within(reader.readexactly(size + 2), "half a chunk"))[:-2]


def _expect_own(status, body, wanted_status, wanted, what):
    """Checks that the response belongs to this request."""
    if (status, body) == (wanted_status, wanted):
        return
    if status == wanted_status or b"request-" in body or b"not for anybody" in body:
        raise Failed(f"{what}: not this request's answer: {status}, {body[:60]} instead of {wanted[:60]}")
    raise Failed(f"{what}: {status}")


def _expect(holds, what, status):
    if not holds:
        raise Failed(f"{what}: {status}")
