"""A proxy in front of a store, in a thread: counts requests, and makes some fail."""

import asyncio
import threading


class Proxy:
    def __init__(self, target):
        self.target, self.count, self.by_method = target, 0, {}
        # One of this many requests gets 503, without reaching the store.
        self.fail_every = 0
        # After this many writes `on_limit` is called, and all later requests get no response.
        self.limit, self.on_limit = None, None
        ready = threading.Event()
        self.loop = asyncio.new_event_loop()

        def run():
            asyncio.set_event_loop(self.loop)
            server = self.loop.run_until_complete(asyncio.start_server(self.serve, "127.0.0.1", 0))
            self.port = server.sockets[0].getsockname()[1]
            ready.set()
            self.loop.run_forever()

        threading.Thread(target=run, daemon=True).start()
        ready.wait()
        self.endpoint = f"http://127.0.0.1:{self.port}"

    def reset(self):
        self.count, self.by_method, self.limit, self.fail_every = 0, {}, None, 0

    async def serve(self, reader, writer):
        upstream = None
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                method = head.split(b" ", 1)[0].decode()
                if field(head, b"expect") is not None:
                    # The client waits for 100 (Continue); the proxy sends it without asking the store.
                    writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
                    head = b"\r\n".join(line for line in head.split(b"\r\n")
                                        if not line.lower().startswith(b"expect:"))
                body = await reader.readexactly(length(head))
                self.count += 1
                self.by_method[method] = self.by_method.get(method, 0) + 1
                if self.fail_every and self.count % self.fail_every == 0:
                    text = b"<Error><Code>SlowDown</Code><Message>x</Message></Error>"
                    writer.write(b"HTTP/1.1 503 Slow Down\r\nContent-Length: %d\r\n\r\n%s" % (len(text), text))
                    continue
                if self.limit is not None and method == "PUT":
                    self.limit -= 1
                    if self.limit < 0:
                        self.on_limit()
                        await asyncio.sleep(3600)
                if upstream is None:
                    upstream = await asyncio.open_connection("127.0.0.1", self.target)
                upstream[1].write(head + body)
                answer, close = await response(upstream[0], method)
                if close:
                    upstream[1].close()
                    upstream = None
                writer.write(answer)
                await writer.drain()
                if close and b"onnection: close" in answer.split(b"\r\n\r\n", 1)[0]:
                    return
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()
            if upstream is not None:
                upstream[1].close()


def field(head, name):
    for line in head.split(b"\r\n")[1:]:
        key, _, value = line.partition(b":")
        if key.strip().lower() == name:
            return value.strip()
    return None


def length(head):
    return int(field(head, b"content-length") or 0)


async def response(reader, method):
    """The bytes of a response, and whether the connection ends with it."""
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head.split(b" ", 2)[1])
    close = (field(head, b"connection") or b"").lower() == b"close"
    if status < 200:
        rest, close = await response(reader, method)
        return head + rest, close
    if method == "HEAD" or status in (204, 304):
        return head, close
    if (field(head, b"transfer-encoding") or b"").lower() == b"chunked":
        parts = [head]
        while True:
            line = await reader.readuntil(b"\r\n")
            size = int(line.split(b";")[0], 16)
            parts += [line, await reader.readexactly(size + 2)]
            if size == 0:
                return b"".join(parts), close
    if field(head, b"content-length") is None:
        return head + await reader.read(), True
    return head + await reader.readexactly(length(head)), close
