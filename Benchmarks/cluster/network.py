"""Simulated machines: one network namespace each, connected by a bridge. Needs root and iproute2."""

import contextlib
import os
import subprocess

PREFIX = "staticd-cluster"
SUBNET = "10.77.0"


def ip(*words, node=None):
    command = ["ip", "netns", "exec", f"{PREFIX}-{node}"] if node else []
    subprocess.run(command + ["ip", *words], check=True, capture_output=True, text=True)


class Network:
    """Namespaces by name, each with an address of its own."""

    def __init__(self, names):
        self.addresses = {name: f"{SUBNET}.{number}" for number, name in enumerate(names, 11)}

    def __enter__(self):
        self.remove()
        ip("netns", "add", f"{PREFIX}-switch")
        ip("link", "add", "bridge", "type", "bridge", node="switch")
        ip("link", "set", "bridge", "up", node="switch")
        for number, (name, address) in enumerate(self.addresses.items()):
            space = f"{PREFIX}-{name}"
            ip("netns", "add", space)
            port = f"port{number}"
            ip("link", "add", port, "netns", f"{PREFIX}-switch", "type", "veth", "peer", "name", "eth0",
               "netns", space)
            ip("link", "set", port, "master", "bridge", "up", node="switch")
            ip("link", "set", "lo", "up", node=name)
            ip("address", "add", f"{address}/24", "dev", "eth0", node=name)
            ip("link", "set", "eth0", "up", node=name)
        return self

    def __exit__(self, *_):
        self.remove()

    def remove(self):
        for name in [*self.addresses, "switch"]:
            with contextlib.suppress(subprocess.CalledProcessError):
                ip("netns", "del", f"{PREFIX}-{name}")

    def start(self, node, command, log, **variables):
        """Starts a process in the namespace of `node`, with its output in the file `log`."""
        environment = os.environ | {key: str(value) for key, value in variables.items()}
        with open(log, "ab") as output:
            return subprocess.Popen(
                ["ip", "netns", "exec", f"{PREFIX}-{node}", *map(str, command)],
                stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, env=environment,
            )

    def run(self, node, command):
        return subprocess.run(
            ["ip", "netns", "exec", f"{PREFIX}-{node}", *map(str, command)],
            check=True, capture_output=True, text=True,
        ).stdout
