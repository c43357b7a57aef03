"""A rolling deploy of five releases over three replicas, while clients load whole pages.

Meanwhile one replica is killed, one is slow, and the cache is restarted; at the end, when only the newest
release runs, it is emptied once more. Each client keeps requesting files of a page of the previous release, as
an open browser tab does. Counted are missing assets, pages with an unhashed file of another release, and
request times.
"""

import collections
import hashlib
import pathlib
import re
import signal
import subprocess
import sys
import threading
import time

import client
import fronts
import network
import releases

NODES = ["node1", "node2", "node3", "node4"]
PORT = 8000


class Nodes:
    """The replicas: three of four slots are in use, the fourth is for the next replica."""

    def __init__(self, net, balancer, staticd, work, has_peers):
        self.net, self.balancer, self.staticd, self.work = net, balancer, staticd, work
        self.has_peers = has_peers
        self.running = {}

    def start(self, name, root, release):
        sock = self.work / f"{name}.sock"
        sock.unlink(missing_ok=True)
        log = self.work / f"{name}.log"
        app = self.net.start(name, [sys.executable, releases.__file__, sock, root, release], log)
        peers = [word for other in NODES if other != name and self.has_peers
                 for word in ("--peer", f"http://{self.net.addresses[other]}:{PORT}")]
        server = self.net.start(
            name,
            [self.staticd, "serve", "--root", root, "--upstream", f"unix:{sock}", "--listen",
             f"0.0.0.0:{PORT}", "--admin", "0.0.0.0:9090", "--admin-public", "--access-log", "off",
             "--workers", "1", "--no-compress", "--share-manifests", "--surrogate-key",
             "--max-age", "1", "--stale-while-revalidate", "1", *peers],
            log,
        )
        self.running[name] = (server, app, release)

    def add(self, name, root, release):
        """Starts a replica, and puts it into rotation when it is ready."""
        self.start(name, root, release)
        deadline = time.monotonic() + 30
        # HAProxy reports a server as up until its first health check.
        while not self.is_ready(name):
            if time.monotonic() > deadline:
                sys.exit(f"{name} is not ready: {(self.work / f'{name}.log').read_text()[-2000:]}")
            time.sleep(0.05)
        self.balancer.set_state(name, "ready")
        while not self.balancer.is_up(name):
            time.sleep(0.05)

    def is_ready(self, name):
        """Whether the readiness probe of a replica succeeds."""
        try:
            self.net.run("balancer", ["curl", "-sf", f"http://{self.net.addresses[name]}:9090/readyz"])
            return True
        except subprocess.CalledProcessError:
            return False

    def end(self, name):
        """Stops a replica as Kubernetes does: it serves for a moment longer (preStop), then gets SIGTERM."""
        server, app, _ = self.running.pop(name)
        self.balancer.set_state(name, "drain")
        time.sleep(1.5)
        self.tell(server, signal.SIGTERM)
        server.wait()
        app.kill()
        app.wait()
        self.balancer.set_state(name, "maint")

    def kill(self, name):
        server, app, release = self.running.pop(name)
        self.tell(server, signal.SIGKILL)
        server.wait()
        app.kill()
        app.wait()
        return release

    @staticmethod
    def tell(process, number):
        """Signals the server itself: `ip netns exec` replaces itself with the program."""
        process.send_signal(number)


class Clients:
    """Threads that load a page and then all files it references, each checked against its name."""

    def __init__(self, count):
        self.counts = collections.Counter()
        self.times = collections.defaultdict(list)
        self.phase = "calm"
        self.failures = []
        self.is_over = False
        self.lock = threading.Lock()
        self.threads = [threading.Thread(target=self.load, args=(number,)) for number in range(count)]

    def start(self, net, address):
        self.net, self.address = net, address
        for thread in self.threads:
            thread.start()

    def stop(self):
        self.is_over = True
        for thread in self.threads:
            thread.join()

    def load(self, number):
        network_of_clients()
        connection = None
        codings = ["gzip, deflate, br, zstd", "gzip, deflate, br", "gzip, deflate", "identity"]
        field = f"Accept-Encoding: {codings[number % len(codings)]}"
        seen = {}
        while not self.is_over:
            try:
                if connection is None:
                    connection = client.Connection(self.address, timeout=10)
                self.load_page(connection, field, seen)
            except OSError:
                with self.lock:
                    self.counts["connections lost"] += 1
                connection = None
                time.sleep(0.1)
            time.sleep(0.02)

    def ask(self, connection, path, field):
        began = time.monotonic()
        response = connection.ask(path, [field])
        took = time.monotonic() - began
        with self.lock:
            self.times[self.phase].append(took)
            self.counts["requests"] += 1
        return response

    def load_page(self, connection, field, seen):
        page = self.ask(connection, "/", field)
        if page.status != 200:
            with self.lock:
                self.counts[f"pages with {page.status} ({self.phase})"] += 1
            return
        text = page.body.decode()
        release = re.search("<title>(.*?)</title>", text)[1]
        is_mixed = False
        paths = re.findall('(?:href|src)="([^"]+)"', text)
        seen[release] = paths
        before = seen.get(str(int(release) - 1), [])
        for path in paths + before[:-1:4]:
            response = self.ask(connection, path, field)
            with self.lock:
                self.counts["assets"] += 1
                if response.status != 200:
                    kind = "missing" if response.status == 404 else f"assets with {response.status} ({self.phase})"
                    self.counts[kind] += 1
                    self.failures.append(f"{path} {response.status}")
            if response.status == 200 and path.endswith("release.txt"):
                is_mixed = response.body.decode().strip() != release
            elif response.status == 200 and not self.is_right(path, response):
                with self.lock:
                    self.counts["wrong content"] += 1
        with self.lock:
            self.counts["pages"] += 1
            self.counts["mixed pages"] += is_mixed

    @staticmethod
    def is_right(path, response):
        """Whether an uncoded body matches the hash in its name; coded bodies are checked by the mix."""
        if response.fields.get("content-encoding"):
            return True
        return hashlib.md5(response.body).hexdigest()[:12] in path


def network_of_clients():
    """Moves the calling thread to the namespace of the clients: setns(2)."""
    import ctypes
    import os

    descriptor = os.open(f"/run/netns/{network.PREFIX}-clients", os.O_RDONLY)
    try:
        if ctypes.CDLL(None, use_errno=True).setns(descriptor, 0x40000000) != 0:
            raise OSError(ctypes.get_errno(), "setns")
    finally:
        os.close(descriptor)


def percentile(times, share):
    if not times:
        return 0.0
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000


def run(staticd, work, cache_name, client_count, has_peers=True, carries=True):
    """Runs the deploy; returns the counts, and the times by phase.

    Without peers, or without carried-over files, some files must be missing: this shows that the simulation
    detects a missing file.
    """
    with network.Network([*NODES, "balancer", "cache", "clients"]) as net:
        processes = []
        balancer = fronts.HAProxy(net, "balancer", work, NODES)
        processes.append(balancer.process)
        time.sleep(0.5)
        nodes = Nodes(net, balancer, staticd, work, has_peers)
        clients = Clients(client_count)
        start_cache = getattr(fronts, cache_name)
        origin = (net.addresses["balancer"], 8080)
        try:
            root = releases.collect(staticd, work, 1, None)
            for name in NODES[:3]:
                nodes.add(name, root, 1)
            cache = start_cache(net, "cache", work, origin)
            wait_for(net, (net.addresses["cache"], 6081))
            clients.start(net, (net.addresses["cache"], 6081))
            time.sleep(5)
            for release in range(2, 6):
                root = releases.collect(staticd, work, release, root if carries else None)
                free = next(name for name in NODES if name not in nodes.running)
                clients.phase = f"release {release}"
                for step, name in enumerate(list(nodes.running)):
                    if release == 3 and step == 1:
                        clients.phase = "one killed"
                        victim = next(other for other in nodes.running if other != name)
                        nodes.kill(victim)
                        time.sleep(2)
                        nodes.add(victim, root, release)
                    if release == 4 and step == 1:
                        clients.phase = "one slow"
                        slow(net, name, True)
                    if release == 5 and step == 1:
                        clients.phase = "cache restarted"
                        cache.terminate()
                        cache.wait()
                        cache = start_cache(net, "cache", work, origin)
                    if name not in nodes.running or nodes.running[name][2] == release:
                        continue
                    nodes.add(free, root, release)
                    time.sleep(1)
                    nodes.end(name)
                    if release == 4 and step == 1:
                        slow(net, name, False)
                    free = name
                    clients.phase = f"release {release}"
                time.sleep(1)
            clients.phase = "empty cache"
            cache.terminate()
            cache.wait()
            cache = start_cache(net, "cache", work, origin, is_empty=True)
            time.sleep(4)
            clients.phase = "calm"
            time.sleep(4)
            clients.stop()
            processes.append(cache)
        finally:
            clients.is_over = True
            for name in list(nodes.running):
                nodes.kill(name)
            for process in processes:
                process.terminate()
            for process in processes:
                process.wait()
        return clients


def slow(net, name, is_on):
    """Delays each packet of a node by 30 ms; where the kernel has no netem, pauses its processes repeatedly."""
    words = ["tc", "qdisc", "replace" if is_on else "del", "dev", "eth0", "root", "netem"]
    try:
        net.run(name, words + (["delay", "30ms"] if is_on else []))
    except (subprocess.CalledProcessError, FileNotFoundError):
        if is_on:
            pulse(name, net)
        else:
            pulse.is_over = True


def pulse(name, net):
    """Pauses the processes of a node for 30 ms of every 60 ms."""
    pulse.is_over = False
    listed = subprocess.run(
        ["ip", "netns", "pids", f"{network.PREFIX}-{name}"], capture_output=True, text=True, check=True
    )
    pids = [pid for pid in map(int, listed.stdout.split())
            if "staticd" in pathlib.Path(f"/proc/{pid}/comm").read_text()]

    def beat():
        import os

        while not pulse.is_over:
            for number in (signal.SIGSTOP, signal.SIGCONT):
                for pid in pids:
                    try:
                        os.kill(pid, number)
                    except ProcessLookupError:
                        return
                time.sleep(0.03)

    threading.Thread(target=beat, daemon=True).start()


def wait_for(net, address, seconds=30):
    """Waits until `address` responds, seen from the clients."""
    deadline = time.monotonic() + seconds
    done = []

    def look():
        network_of_clients()
        while time.monotonic() < deadline:
            try:
                if client.Connection(address, timeout=2).ask("/static/release.txt").status == 200:
                    done.append(True)
                    return
            except OSError:
                pass
            time.sleep(0.2)

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    if not done:
        sys.exit(f"nothing answers at {address}")
