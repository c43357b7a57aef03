"""Holds many connections that have carried one request each.

Usage: idle_clients.py PORT PATH COUNT   prints "holding"; at SIGUSR1 it sends one more request over each
and prints "answered N".
"""

import resource
import signal
import socket
import sys


def ask(client, path):
    client.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    received = b""
    while b"\r\n\r\n" not in received:
        received += client.recv(65536) or exit("the server closed a connection")
    head, _, body = received.partition(b"\r\n\r\n")
    length = next(
        int(line.partition(b":")[2])
        for line in head.split(b"\r\n")
        if line.lower().startswith(b"content-length:")
    )
    while len(body) < length:
        body += client.recv(65536) or exit("the server closed a connection")
    return head.startswith(b"HTTP/1.1 200 ")


port, path, count = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
clients = []
for _ in range(count):
    client = socket.create_connection(("127.0.0.1", port))
    if not ask(client, path):
        exit("not 200")
    clients.append(client)
print("holding", flush=True)
signal.sigwait([signal.SIGUSR1])
print("answered", sum(ask(client, path) for client in clients), flush=True)
