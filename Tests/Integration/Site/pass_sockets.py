"""Runs a program with sockets as systemd passes them: pass_sockets.py NAME=ADDRESS ... -- COMMAND.

ADDRESS is HOST:PORT, [HOST]:PORT or a path; `udp!HOST:PORT` is a datagram socket, `conn!HOST:PORT` one
connection, `file!PATH` not a socket. With PID in the environment the sockets are for that process.
"""

import os
import socket
import sys

end = sys.argv.index("--")
descriptors, names = [], []
keep = []
for word in sys.argv[1:end]:
    name, address = word.split("=", 1)
    kind, _, address = address.rpartition("!")
    if kind == "file":
        descriptors.append(os.open(address, os.O_RDONLY))
        names.append(name)
        continue
    host, _, port = address.rpartition(":")
    family = socket.AF_UNIX if address.startswith("/") else socket.AF_INET
    if host.startswith("["):
        family, host = socket.AF_INET6, host[1:-1]
    made = socket.socket(family, socket.SOCK_DGRAM if kind == "udp" else socket.SOCK_STREAM)
    made.bind(address if family == socket.AF_UNIX else (host, int(port)))
    if kind == "":
        made.listen()
    elif kind == "conn":
        made.listen()
        keep.append(made)
        made = socket.create_connection(made.getsockname())
    keep.append(made)
    descriptors.append(made.fileno())
    names.append(name)
# Moved away from the descriptors that they get later.
high = [os.dup2(number, 100 + index) for index, number in enumerate(descriptors)]
for index, number in enumerate(high):
    os.dup2(number, 3 + index, inheritable=True)
    os.close(number)
os.environ["LISTEN_FDS"] = str(len(descriptors))
os.environ["LISTEN_FDNAMES"] = ":".join(names)
os.environ["LISTEN_PID"] = os.environ.pop("PID", str(os.getpid()))
os.execvp(sys.argv[end + 1], sys.argv[end + 1 :])
