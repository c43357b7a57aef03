"""The proxies and caches in front of staticd, with the configurations of scripts/deploy/caches."""

import pathlib
import re
import shutil
import socket
import subprocess

# Traffic Server refuses to run as root; Debian's package creates a user for it.
USER = "trafficserver"
DEPLOY = pathlib.Path(__file__).resolve().parents[2] / "scripts" / "deploy" / "caches"


def varnish(network, node, work, origin, port=6081, is_empty=False):
    """Starts Varnish with an empty cache in front of `origin`, an address and a port."""
    text = (DEPLOY / "varnish.vcl").read_text()
    text = text.replace('"127.0.0.1"', f'"{origin[0]}"').replace('"8000"', f'"{origin[1]}"')
    directory = work / f"varnish-{node}"
    directory.mkdir(exist_ok=True)
    (directory / "site.vcl").write_text(text)
    return network.start(
        node,
        ["varnishd", "-F", "-n", directory / "state", "-a", f":{port}", "-f", directory / "site.vcl",
         "-s", "malloc,256m", "-p", "http_gzip_support=off"],
        directory / "log",
    )


def trafficserver(network, node, work, origin, port=6081, is_empty=False):
    """Starts Traffic Server in front of `origin`, an address and a port; `is_empty` clears its cache first."""
    directory = work / f"trafficserver-{node}"
    if is_empty:
        shutil.rmtree(directory, ignore_errors=True)
    if not directory.exists():
        settings = {
            "proxy.config.admin.user_id": ("STRING", USER),
            "proxy.config.exec_thread.autoconfig": ("INT", "0"),
            "proxy.config.exec_thread.limit": ("INT", "2"),
            "proxy.config.log.logging_enabled": ("INT", "0"),
        }
        ours = (DEPLOY / "trafficserver.records.config").read_text()
        for line in ours.splitlines():
            if line.startswith("CONFIG "):
                _, name, kind, value = line.split()
                settings[name] = (kind, value)
        remap = (DEPLOY / "trafficserver.remap.config").read_text()
        remap = remap.replace("127.0.0.1:8000", f"{origin[0]}:{origin[1]}")
        configure_trafficserver(directory, port, settings, remap)
        for path in [directory, *directory.rglob("*")]:
            shutil.chown(path, USER)
    return network.start(
        node,
        ["traffic_server", f"--run-root={directory / 'runroot.yaml'}"],
        directory / "output",
    )


def configure_trafficserver(directory, port, settings, remap):
    """Makes the configuration and the empty directories of a Traffic Server; `--run-root` is its `runroot.yaml`.

    `settings` has a type and a value for each name; Debian's defaults stay for the others.
    """
    configuration = directory / "etc"
    shutil.copytree("/etc/trafficserver", configuration)
    for name in ("var", "cache", "log"):
        (directory / name).mkdir()
    settings = {"proxy.config.http.server_ports": ("STRING", str(port)), **settings}
    records = (configuration / "records.config").read_text()
    for name in settings:
        records = re.sub(rf"^CONFIG {re.escape(name)} .*\n", "", records, flags=re.M)
    records += "".join(f"CONFIG {name} {kind} {value}\n" for name, (kind, value) in settings.items())
    (configuration / "records.config").write_text(records)
    (configuration / "remap.config").write_text(remap)
    (configuration / "storage.config").write_text(f"{directory / 'cache'} 256M\n")
    layout = {
        "prefix": "/usr", "exec_prefix": "/usr", "bindir": "/usr/bin", "sbindir": "/usr/bin",
        "sysconfdir": configuration, "datadir": directory / "cache", "includedir": "/usr/include",
        "libdir": "/usr/lib", "libexecdir": "/usr/lib/trafficserver/modules",
        "localstatedir": directory / "var", "runtimedir": directory / "var",
        "logdir": directory / "log", "cachedir": directory / "cache",
    }
    (directory / "runroot.yaml").write_text("".join(f"{key}: {value}\n" for key, value in layout.items()))


def nginx(network, node, work, origin, port=6081):
    """Starts nginx in front of `origin`, an address and a port."""
    directory = work / f"nginx-{node}"
    (directory / "cache").mkdir(parents=True, exist_ok=True)
    text = (DEPLOY / "nginx.conf").read_text()
    text = text.replace("127.0.0.1:8000", f"{origin[0]}:{origin[1]}").replace("listen 80;", f"listen {port};")
    text = text.replace("/var/cache/nginx/staticd", str(directory / "cache"))
    (directory / "site.conf").write_text(text)
    (directory / "nginx.conf").write_text(f"""user root;
daemon off;
pid {directory}/pid;
error_log {directory}/errors;
events {{}}
http {{
  access_log off;
  client_body_temp_path {directory}/body;
  proxy_temp_path {directory}/proxy;
  fastcgi_temp_path {directory}/fastcgi;
  uwsgi_temp_path {directory}/uwsgi;
  scgi_temp_path {directory}/scgi;
  include {directory}/site.conf;
}}
""")
    return network.start(
        node, ["nginx", "-c", directory / "nginx.conf", "-p", directory], directory / "output"
    )


class HAProxy:
    """HAProxy with a server slot for each node, changed through its runtime API."""

    def __init__(self, network, node, work, nodes, port=8080):
        self.socket = work / "haproxy.sock"
        servers = "".join(
            f"  server {name} {network.addresses[name]}:8000 check port 9090 inter 500ms fall 2 rise 1 disabled\n"
            for name in nodes
        )
        (work / "haproxy.cfg").write_text(f"""global
  stats socket {self.socket} mode 600 level admin
defaults
  mode http
  timeout connect 2s
  timeout client 30s
  timeout server 30s
  timeout check 2s
  retries 3
  option redispatch
  retry-on conn-failure empty-response response-timeout 502 503
frontend site
  bind :{port}
  default_backend replicas
backend replicas
  balance roundrobin
  option httpchk GET /readyz
{servers}""")
        self.process = network.start(node, ["haproxy", "-f", work / "haproxy.cfg"], work / "haproxy.log")

    def tell(self, command):
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(str(self.socket))
            client.sendall(f"{command}\n".encode())
            text = b""
            while part := client.recv(65536):
                text += part
            return text.decode()

    def set_state(self, name, state):
        """Sets the state: `ready`, `drain` or `maint`."""
        self.tell(f"set server replicas/{name} state {state}")

    def is_up(self, name):
        for line in self.tell("show servers state replicas").splitlines():
            words = line.split()
            if len(words) > 6 and words[3] == name:
                # Bit 4 is "disabled in the configuration", which the runtime state overrides.
                return words[5] == "2" and int(words[6]) & ~4 == 0
        return False


def missing():
    """The required programs that are not installed."""
    names = ["ip", "varnishd", "traffic_server", "haproxy"]
    return [name for name in names if shutil.which(name) is None]


def version(*command):
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    found = re.search(r"\d+\.\d+(\.\d+)?", result.stdout + result.stderr)
    return found[0] if found else "?"
