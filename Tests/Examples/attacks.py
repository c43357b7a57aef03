"""Hostile clients and files that change while they are sent; run by `scripts/internal/check-adapters`.

Usage: attacks.py --prepare ROOT                writes the files, before the server starts
              attacks.py ROOT PORT PID [KIND] [CHANGES]   attacks the server; the exit code is 1 if a check
       fails

KIND is the protocol of the clients: http1 (the default), http1-tls, http2 or http2-tls. CHANGES is the expected
response for a file that is rewritten in place: `renewed`, `refused` with 500, or `untested`, the default.
"""

import os
import pathlib
import re
import sys
import time

import clients

_LARGE = 256 << 20
# The limit for as many responses as there are slow clients: a region or a chunk each, far less than one file.
# The system's buffers are not counted.
_CLIENTS = 20
_MEMORY_MAX = 48 << 20


class Failed(Exception):
    """A check failed; the message describes the fault."""


def eventually(condition):
    """Waits until the condition holds, at most a minute; returns whether it does."""
    ends = time.monotonic() + 60
    while not condition():
        if time.monotonic() > ends:
            return False
        time.sleep(0.01)
    return True


def prepare(root):
    """Writes more files than a table keeps open, sparse; each attack uses some of its own.

    Restores files that attacks on another server have changed.
    """
    directory = root / "attacks"
    directory.mkdir(exist_ok=True)
    for index in range(640):
        with open(directory / f"{index}.bin", "wb") as file:
            file.truncate(_LARGE)


class Server:
    """The process under attack."""

    def __init__(self, root, port, pid, kind, changes):
        self.changes = changes
        self._directory = root / "attacks"
        self._port = port
        self._kind = kind
        self._process = pathlib.Path(f"/proc/{pid}")
        # Counted while there are no clients: a connection that is closed later would be one too many.
        if not eventually(lambda: not self._has_connections()):
            raise Failed("connections stay open from before")
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
        """Requests a file, and reads the start of the response."""
        client = clients.connect(self._port, self._kind)
        status, _ = client.begin(f"/static/attacks/{file.name}")
        if status != 200:
            raise Failed(f"answers {status}")
        return client

    def get(self, file, part="7-9"):
        """The status, the entity tag and the content of a completely read response."""
        with clients.connect(self._port, self._kind) as client:
            status, fields = client.begin(
                f"/static/attacks/{file.name}", [("Range", f"bytes={part}")]
            )
            return status, fields.get("etag"), b"".join(client.content())

    def resident_bytes(self):
        return 1024 * int(re.search(r"VmRSS:\s+(\d+)", (self._process / "status").read_text())[1])

    def wait_for_no_client(self):
        if not eventually(lambda: len(self.links()) <= self._descriptor_count):
            raise Failed("descriptors stay open after clients have left")

    def is_idle(self):
        """Whether every thread sleeps in fifty consecutive checks, so that a busy thread is detected."""
        for _ in range(50):
            time.sleep(0.001)
            for task in (self._process / "task").iterdir():
                try:
                    if (task / "stat").read_text().rpartition(") ")[2][0] != "S":
                        return False
                except OSError:
                    # The thread has ended.
                    pass
        return True

    def _has_connections(self):
        """Whether its port has connections that it has not closed: ESTABLISHED or CLOSE_WAIT. proc_net_tcp(5)"""
        for table in ("tcp", "tcp6"):
            for line in pathlib.Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
                _, local, _, state, *_ = line.split()
                if int(local.rpartition(":")[2], 16) == self._port and state in ("01", "08"):
                    return True
        return False

    def client_count(self):
        return len(self.links()) - self._descriptor_count

    def links(self):
        """The targets of its descriptors."""
        links = []
        for entry in (self._process / "fd").iterdir():
            try:
                links.append(os.readlink(entry))
            except OSError:
                pass
        return links


def slow_clients(server):
    """Clients that do not read cost little memory and do not delay others."""
    before = server.resident_bytes()
    for file in server.files():
        clients = [server.begin(file) for _ in range(_CLIENTS)]
        if not eventually(server.is_idle):
            raise Failed(f"busy with {_CLIENTS} clients that do not read")
        if (grown := server.resident_bytes() - before) > _MEMORY_MAX:
            raise Failed(f"{_CLIENTS} clients that do not read take {grown >> 20} MiB")
        for other in server.files():
            if (status := server.get(other)[0]) != 206:
                raise Failed(f"answers {status} beside them")
        for client in clients:
            client.close()


def leaving_clients(server):
    """Clients that leave during a response leave no descriptors open, however they leave."""
    for file in server.files():
        server.wait_for_no_client()
        clients = [server.begin(file) for _ in range(_CLIENTS)]
        # Some connections may still be waiting to be accepted.
        if not eventually(lambda: server.client_count() >= _CLIENTS):
            raise Failed("the clients' descriptors are not seen")
        for index, client in enumerate(clients):
            client.close(is_abrupt=index % 2)
        server.wait_for_no_client()


def truncated_file(server):
    """A file truncated while it is sent ends the connection, without a busy loop."""
    for file in server.files():
        client = server.begin(file)
        os.truncate(file, 1 << 20)
        if not eventually(server.is_idle):
            raise Failed("busy with a client that does not read")
        if _is_complete(client):
            raise Failed("makes up what is no longer there")


def removed_file(server):
    """A removed file is still sent if it was open, and is 500 otherwise."""
    kept, opened = server.files()
    for file, wanted in ((kept, 206), (opened, 500)):
        file.unlink()
        if (status := server.get(file)[0]) != wanted:
            raise Failed(f"answers {status} for a file that is gone, not {wanted}")


def changed_file(server):
    """A file rewritten in place is never sent under its old entity tag."""
    if server.changes == "untested":
        return
    for file in server.files():
        status, tag, content = server.get(file, "-1")
        if (status, content) != (206, b"\0"):
            raise Failed(f"answers {status} for a file that has not changed")
        client = server.begin(file)
        with open(file, "r+b") as opened:
            opened.seek(_LARGE - 1)
            opened.write(b"x")
        if _is_complete(client):
            raise Failed("completes a response that has begun with another content")
        client.close()
        if not eventually(lambda: _is_answered_anew(server, file, tag)):
            raise Failed("does not take the new content")


def _is_answered_anew(server, file, tag):
    status, new_tag, content = server.get(file, "-1")
    if status == 206 and new_tag == tag:
        raise Failed(f"sends {content} under the tag of another content")
    if status == 206 and content != b"x":
        raise Failed(f"sends {content}, which the file does not have")
    return status == (206 if server.changes == "renewed" else 500)


def _is_complete(client):
    """Whether the whole response arrives."""
    try:
        for _ in client.content():
            pass
        return True
    except clients.Ended:
        return False
    except TimeoutError:
        raise Failed("leaves the connection open that it cannot finish") from None


def main(arguments):
    if arguments[0] == "--prepare":
        prepare(pathlib.Path(arguments[1]))
        return 0
    root, port, pid = pathlib.Path(arguments[0]), int(arguments[1]), int(arguments[2])
    kind, changes = (*arguments[3:], *("http1", "untested")[len(arguments) - 3 :])
    server = Server(root, port, pid, kind, changes)
    failures = 0
    for attack in (slow_clients, leaving_clients, truncated_file, changed_file, removed_file):
        try:
            attack(server)
        except (Failed, clients.Ended, OSError) as reason:
            print(f"{attack.__name__}: {reason!r}")
            failures += 1
    print(f"attacks: {failures} failed" if failures else "attacks: none succeeds")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
