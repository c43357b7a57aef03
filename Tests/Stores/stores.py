"""Starts object stores on this machine, each in its own directory, without root services: moto, Ceph's radosgw with
one monitor and one OSD in memory, and OpenStack Swift with s3api and tempauth."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from pathlib import Path

SWIFT_LAUNCHER = """\
import sys
from swift.common import utils
# Otherwise they would be those of /etc/swift, which another Swift of this machine may use.
utils.SWIFT_CONF_FILE, utils.HASH_PATH_SUFFIX = sys.argv.pop(1), b"tests"
from swift.common.wsgi import run_wsgi
kind = sys.argv.pop(1)
if kind == "object-server":
    from swift.obj import server
    arguments = {"global_conf_callback": server.global_conf_callback}
else:
    arguments = {}
sys.exit(run_wsgi(sys.argv[1], kind, **arguments))
"""


def free_ports(count):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


class Store:
    """A running store: its port, and the keys of a user."""

    def __init__(self, directory):
        self.directory = Path(directory)
        self.directory.mkdir(parents=True)
        self.processes = []
        begin = time.monotonic()
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        self.seconds = time.monotonic() - begin

    def spawn(self, *command, **options):
        with (self.directory / f"{len(self.processes)}.log").open("wb") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, **options)
        self.processes.append(process)
        return process

    def call(self, *command, **options):
        result = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, **options)
        if result.returncode:
            raise RuntimeError(f"{' '.join(map(str, command))}: {result.stdout}{result.stderr}")
        return result.stdout

    def wait(self, path="/"):
        """Waits until it responds."""
        until = time.monotonic() + 120
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5).close()
                return
            except urllib.error.HTTPError:
                return
            except OSError:
                if time.monotonic() > until or any(process.poll() for process in self.processes):
                    raise RuntimeError(f"{self.name} did not start; see {self.directory}")
                time.sleep(0.05)

    def stop(self):
        for process in reversed(self.processes):
            process.kill()
        for process in self.processes:
            process.wait()


class Moto(Store):
    name, access, secret = "moto", "key", "secret"
    checks_signatures = False

    def start(self):
        script = Path(__file__).resolve().parents[1] / "Support/Store/start_moto.py"
        process = subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.processes.append(process)
        self.port = int(process.stdout.readline())


class Radosgw(Store):
    name, access, secret = "radosgw", "ACCESSKEY", "secret/key+1"
    checks_signatures = True

    def start(self):
        monitor, self.port = free_ports(2)
        fsid, osd = str(uuid.uuid4()), str(uuid.uuid4())
        directory = self.directory
        configuration = directory / "ceph.conf"
        configuration.write_text(f"""\
[global]
fsid = {fsid}
mon host = v1:127.0.0.1:{monitor}
auth cluster required = none
auth service required = none
auth client required = none
ms mon client mode = crc
ms mon cluster mode = crc
ms mon service mode = crc
ms client mode = crc
ms cluster mode = crc
ms service mode = crc
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pgp num = 1
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
osd objectstore = memstore
memstore device bytes = 1073741824
mon allow pool size one = true
mon data avail crit = 1
run dir = {directory}
admin socket =
log file = {directory}/$name.log
mon data = {directory}/monitor
osd data = {directory}/osd
keyring = {directory}/keyring
rgw data = {directory}
pid file =
""")
        options = ("-c", configuration)
        self.call("ceph-authtool", "--create-keyring", directory / "keyring", "--gen-key", "-n", "mon.",
                  "--cap", "mon", "allow *")
        self.call("ceph-authtool", directory / "keyring", "--gen-key", "-n", "client.admin", "--cap", "mon", "allow *",
                  "--cap", "osd", "allow *", "--cap", "mgr", "allow *")
        self.call("monmaptool", "--create", "--addv", "a", f"[v1:127.0.0.1:{monitor}]", "--fsid", fsid,
                  directory / "monmap")
        self.call("ceph-mon", *options, "--mkfs", "-i", "a", "--monmap", directory / "monmap",
                  "--keyring", directory / "keyring")
        self.spawn("ceph-mon", *options, "-f", "-i", "a")
        self.call("ceph", *options, "osd", "new", osd)
        (directory / "osd").mkdir()
        self.call("ceph-osd", *options, "-i", "0", "--mkfs", "--osd-uuid", osd)
        # It exits if it contacts the monitor before the monitor knows the cluster.
        while self.spawn("ceph-osd", *options, "-f", "-i", "0") and not self.is_up(options):
            self.processes.pop()
        self.spawn("radosgw", *options, "-f", "-n", "client.admin",
                   f"--rgw-frontends=beast endpoint=127.0.0.1:{self.port}")
        self.wait()
        self.call("radosgw-admin", *options, "user", "create", "--uid=tests", "--display-name=tests",
                  f"--access-key={self.access}", f"--secret={self.secret}")

    def is_up(self, options):
        """Waits until the last started OSD is up, or has ended."""
        while self.processes[-1].poll() is None:
            if " 1 up" in self.call("ceph", *options, "osd", "stat"):
                return True
        return False


class Swift(Store):
    name, access, secret = "swift", "test:tester", "testing"
    checks_signatures = True

    def start(self):
        directory = self.directory
        memcached, self.port, *ports = free_ports(5)
        (directory / "devices/d1").mkdir(parents=True)
        (directory / "swift.conf").write_text("[swift-hash]\nswift_hash_path_suffix = tests\n")
        (directory / "launch.py").write_text(SWIFT_LAUNCHER)
        self.spawn("memcached", "-u", "nobody", "-l", "127.0.0.1", "-p", str(memcached), "-m", "64")
        common = f"bind_ip = 127.0.0.1\nuser = root\nworkers = 0\nswift_dir = {directory}\nlog_level = ERROR\n"
        for kind, port in zip(("account", "container", "object"), ports):
            builder = directory / f"{kind}.builder"
            self.call("swift-ring-builder", builder, "create", "4", "1", "0")
            self.call("swift-ring-builder", builder, "add", f"r1z1-127.0.0.1:{port}/d1", "1")
            self.call("swift-ring-builder", builder, "rebalance")
            (directory / f"{kind}.conf").write_text(
                f"[DEFAULT]\n{common}bind_port = {port}\ndevices = {directory}/devices\nmount_check = false\n"
                f"disable_fallocate = true\n[pipeline:main]\npipeline = {kind}-server\n"
                f"[app:{kind}-server]\nuse = egg:swift#{kind}\n")
        (directory / "proxy.conf").write_text(f"""\
[DEFAULT]
{common}bind_port = {self.port}
[pipeline:main]
pipeline = catch_errors gatekeeper cache listing_formats bulk s3api tempauth slo proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:gatekeeper]
use = egg:swift#gatekeeper
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:{memcached}
[filter:listing_formats]
use = egg:swift#listing_formats
[filter:bulk]
use = egg:swift#bulk
[filter:s3api]
use = egg:swift#s3api
location = us-east-1
[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = testing .admin
[filter:slo]
use = egg:swift#slo
""")
        for kind in ("account", "container", "object", "proxy"):
            # Debian's Swift needs Debian's Python.
            self.spawn("/usr/bin/python3", directory / "launch.py", directory / "swift.conf", f"{kind}-server",
                       directory / f"{kind}.conf", env={**os.environ, "PYTHONPATH": ""})
        self.wait("/healthcheck")
