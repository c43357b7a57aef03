"""Opens a page twice in headless Chromium and prints as JSON what it loaded.

Usage: browser.py CHROMIUM URL PID   kills the process PID between the two visits
Output: {"visits": [[{"url", "status", "encoding", "server", "cached"}...], [...]], "errors": [...]}
"""

import json
import os
import signal
import sys
import tempfile

from chromium import Browser, errors, loads

program, url, pid = sys.argv[1:]
with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
    browser = Browser(program, profile)
    browser.attach()
    visits = [browser.visit(url)]
    os.kill(int(pid), signal.SIGKILL)
    visits.append(browser.visit(url))
    browser.session = {}
    browser.call("Browser.close")
    browser.process.wait()
print(
    json.dumps(
        {
            "visits": [loads(visit) for visit in visits],
            "errors": [error for visit in visits for error in errors(visit)],
        }
    )
)
