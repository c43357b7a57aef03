"""Signs in to Django's admin in headless Chromium and prints as JSON what was loaded.

Usage: login.py CHROMIUM URL NAME PASSWORD   URL is that of the admin
Output: {"loads": [{"url", "status", "encoding", "server", "cached"}...], "errors": [...], "title"}
"""

import json
import sys
import tempfile

from chromium import Browser, errors, loads

program, url, name, password = sys.argv[1:]
_SUBMIT = """
document.querySelector("#id_username").value = %s;
document.querySelector("#id_password").value = %s;
document.querySelector("#login-form").submit();
""" % (json.dumps(name), json.dumps(password))

with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
    browser = Browser(program, profile)
    browser.attach()
    events = list(browser.visit(url))
    browser.seen = []
    browser.call("Runtime.evaluate", expression=_SUBMIT)
    events += browser.settle()
    title = browser.call("Runtime.evaluate", expression="document.title")["result"]["value"]
    browser.session = {}
    browser.call("Browser.close")
    browser.process.wait()
print(json.dumps({"loads": loads(events), "errors": list(errors(events)), "title": title}))
