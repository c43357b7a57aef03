"""Headless Chromium over the DevTools protocol, through two pipes: its descriptors 3 and 4."""

import fcntl
import json
import os
import subprocess
import sys
import tempfile


class Browser:
    def __init__(self, program, profile):
        # Above the two descriptors that they become in the browser.
        ours = [fcntl.fcntl(end, fcntl.F_DUPFD, 10) for end in os.pipe() + os.pipe()]
        commands, self.commands, self.events, events = ours
        options = (
            "--headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage --no-first-run "
            "--disable-background-networking --disable-component-update --disable-sync "
            f"--disable-extensions --remote-debugging-pipe --user-data-dir={profile}"
        )

        def connect_pipes():
            os.dup2(commands, 3)
            os.dup2(events, 4)

        self.process = subprocess.Popen(
            [program, *options.split(), "about:blank"],
            preexec_fn=connect_pipes,
            pass_fds=(3, 4),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(commands)
        os.close(events)
        self.received = b""
        self.number = 0
        self.session = {}
        self.seen = []
        self.loader = ""

    def next_message(self):
        while b"\0" not in self.received:
            part = os.read(self.events, 65536)
            if not part:
                sys.exit("the browser has ended")
            self.received += part
        message, _, self.received = self.received.partition(b"\0")
        return json.loads(message)

    def call(self, method, **parameters):
        self.number += 1
        call = {"id": self.number, "method": method, "params": parameters, **self.session}
        os.write(self.commands, json.dumps(call).encode() + b"\0")
        while True:
            message = self.next_message()
            if message.get("id") == self.number:
                if "error" in message:
                    sys.exit(f"{method}: {message['error']}")
                return message["result"]
            self.seen.append(message)

    def attach(self, is_private=False):
        """Opens a window, or a private window that shares nothing with the others."""
        self.session = {}
        context = {}
        if is_private:
            context = {"browserContextId": self.call("Target.createBrowserContext")["browserContextId"]}
        target = self.call("Target.createTarget", url="about:blank", **context)["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.session = {"sessionId": session}
        for domain in ["Network", "Runtime", "Log", "Page"]:
            self.call(f"{domain}.enable")
        self.call("Page.setLifecycleEventsEnabled", enabled=True)

    def visit(self, url):
        """Opens a page and returns all events until its network is idle."""
        self.seen = []
        self.loader = self.call("Page.navigate", url=url)["loaderId"]
        return self._wait(lambda loader: loader == self.loader)

    def reload(self):
        """Reloads the page without the cache, and returns all events as `visit` does."""
        self.seen = []
        self.call("Page.reload", ignoreCache=True)
        return self.settle()

    def evaluate(self, expression):
        """The value of an expression in the page."""
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        return result["result"].get("value")

    def settle(self):
        """Returns all events until the next page has an idle network."""
        return self._wait(lambda loader: loader != self.loader)

    def _wait(self, is_wanted):
        while not any(
            event["method"] == "Page.lifecycleEvent"
            and event["params"]["name"] == "networkIdle"
            and is_wanted(event["params"]["loaderId"])
            for event in self.seen
        ):
            self.seen.append(self.next_message())
        return self.seen


def loads(events):
    """The responses among `events`."""
    cached = {
        event["params"]["requestId"]
        for event in events
        if event["method"] == "Network.requestServedFromCache"
    }
    result = []
    for event in events:
        if event["method"] == "Network.responseReceived":
            response = event["params"]["response"]
            fields = {name.lower(): value for name, value in response["headers"].items()}
            from_disk = response.get("fromDiskCache", False)
            result.append(
                {
                    "url": response["url"],
                    "status": response["status"],
                    "encoding": fields.get("content-encoding", ""),
                    "server": fields.get("server", ""),
                    "cached": from_disk or event["params"]["requestId"] in cached,
                }
            )
    return result


def errors(events):
    """The page's error messages, and the resources that failed to load."""
    for event in events:
        method, parameters = event["method"], event["params"]
        if method in ("Runtime.exceptionThrown", "Network.loadingFailed"):
            yield f"{method}: {json.dumps(parameters)}"
        elif method == "Runtime.consoleAPICalled" and parameters["type"] == "error":
            yield f"console: {json.dumps(parameters['args'])}"
        elif method == "Log.entryAdded" and parameters["entry"]["level"] == "error":
            yield f"log: {parameters['entry']['text']} {parameters['entry'].get('url')}"
