"""Hostile clients and files that change while they are sent; run by `scripts/internal/check-adapters`.

Usage: attacks.py --prepare ROOT     makes the files, before the server starts
       attacks.py ROOT PORT PID      attacks the server; the exit code is 1 if it does not stand
"""

import http.client
import os
import pathlib
import re
import socket
import struct
import sys
import time

_LARGE = 256 << 20
# What as many responses may hold as there are slow clients: a region or a chunk, and the system's
# buffers, which are not counted; far less than one file.
_CLIENTS = 20
_MEMORY_MAX = 48 << 20


class Failed(Exception):
    """What the server did wrong."""


def eventually(condition):
    """Waits until the condition holds, at most a minute; returns whether it does."""
    ends = time.monotonic() + 60
    while not condition():
        if time.monotonic() > ends:
            return False
        time.sleep(0.01)
    return True


def prepare(root):
    """More files than a table keeps open, sparse; each attack has some of its own.

    Makes good again what attacks on another server have done to them.
    """
    directory = root / "attacks"
    directory.mkdir(exist_ok=True)
    for index in range(640):
        with open(directory / f"{index}.bin", "wb") as file:
            file.truncate(_LARGE)


class Server:
    """The process under attack."""

    def __init__(self, root, port, pid):
        self._directory = root / "attacks"
        self._port = port
        self._process = pathlib.Path(f"/proc/{pid}")
        # While there is no client.
        self._descriptor_count = len(self.links())
        kept = {pathlib.Path(link).name for link in self.links()}
        names = sorted(path.name for path in self._directory.iterdir())
        self._kept = [name for name in names if name in kept]
        self._opened = [name for name in names if name not in kept]
        if not self._kept or not self._opened:
            raise Failed("the table keeps all files open, or none")

    def files(self):
        """A file that the table keeps open, and one that is opened for each response."""
        return self._directory / self._kept.pop(), self._directory / self._opened.pop()

    def begin(self, file):
        """Asks for a file, and takes the start of the response."""
        client = socket.create_connection(("127.0.0.1", self._port), timeout=60)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16384)
        client.sendall(f"GET /static/attacks/{file.name} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        start = client.recv(4096)
        if not start.startswith(b"HTTP/1.1 200 "):
            raise Failed(f"answers {start[:40]}")
        return client

    def get(self, file):
        """The status of a response that is taken in whole."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        try:
            connection.request("GET", f"/static/attacks/{file.name}", headers={"Range": "bytes=7-9"})
            response = connection.getresponse()
            response.read()
            return response.status
        finally:
            connection.close()

    def resident_bytes(self):
        return 1024 * int(re.search(r"VmRSS:\s+(\d+)", (self._process / "status").read_text())[1])

    def wait_for_no_client(self):
        if not eventually(lambda: len(self.links()) <= self._descriptor_count):
            raise Failed("descriptors stay open after clients have left")

    def is_idle(self):
        """Whether every thread sleeps, at fifty looks in a row: one that is busy is seen."""
        for _ in range(50):
            time.sleep(0.001)
            for task in (self._process / "task").iterdir():
                try:
                    if (task / "stat").read_text().rpartition(") ")[2][0] != "S":
                        return False
                except OSError:
                    # A thread that has ended is not busy.
                    pass
        return True

    def client_count(self):
        return len(self.links()) - self._descriptor_count

    def links(self):
        """What its descriptors lead to."""
        links = []
        for entry in (self._process / "fd").iterdir():
            try:
                links.append(os.readlink(entry))
            except OSError:
                pass
        return links


def slow_clients(server):
    """Clients that take nothing cost no memory to speak of, and nobody else waits for them."""
    before = server.resident_bytes()
    for file in server.files():
        clients = [server.begin(file) for _ in range(_CLIENTS)]
        if not eventually(server.is_idle):
            raise Failed(f"busy with {_CLIENTS} clients that do not read")
        if (grown := server.resident_bytes() - before) > _MEMORY_MAX:
            raise Failed(f"{_CLIENTS} clients that do not read take {grown >> 20} MiB")
        for other in server.files():
            if (status := server.get(other)) != 206:
                raise Failed(f"answers {status} beside them")
        for client in clients:
            client.close()


def leaving_clients(server):
    """Clients that leave in the middle leave nothing behind, whichever way they go."""
    for file in server.files():
        server.wait_for_no_client()
        clients = [server.begin(file) for _ in range(_CLIENTS)]
        if server.client_count() < _CLIENTS:
            raise Failed("the clients' descriptors are not seen")
        for index, client in enumerate(clients):
            if index % 2:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            client.close()
        server.wait_for_no_client()


def truncated_file(server):
    """A file that becomes shorter while it is sent ends the connection, and no loop is busy."""
    for file in server.files():
        client = server.begin(file)
        os.truncate(file, 1 << 20)
        if not eventually(server.is_idle):
            raise Failed("busy with a client that does not read")
        count = 0
        while data := _receive(client):
            count += len(data)
            if count >= _LARGE:
                raise Failed("makes up what is no longer there")


def removed_file(server):
    """A file that is gone is still sent from where it was open, and is 500 otherwise."""
    kept, opened = server.files()
    for file, wanted in ((kept, 206), (opened, 500)):
        file.unlink()
        if (status := server.get(file)) != wanted:
            raise Failed(f"answers {status} for a file that is gone, not {wanted}")


def _receive(client):
    try:
        return client.recv(1 << 20)
    except ConnectionError:
        return b""
    except TimeoutError:
        raise Failed("leaves the connection open that it cannot finish") from None


def main(arguments):
    if arguments[0] == "--prepare":
        prepare(pathlib.Path(arguments[1]))
        return 0
    root, port, pid = pathlib.Path(arguments[0]), int(arguments[1]), int(arguments[2])
    server = Server(root, port, pid)
    failures = 0
    for attack in (slow_clients, leaving_clients, truncated_file, removed_file):
        try:
            attack(server)
        except (Failed, OSError) as reason:
            print(f"{attack.__name__}: {reason}")
            failures += 1
    print(f"attacks: {failures} failed" if failures else "attacks: none succeeds")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
