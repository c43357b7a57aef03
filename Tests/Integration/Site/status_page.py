"""Opens a page in headless Chromium in light and dark, wide and narrow, and prints the styles found as JSON."""

import json
import sys
import tempfile

from chromium import Browser, errors

_QUERY = """
(() => {
  const style = element => getComputedStyle(element);
  const row = document.querySelector("dd");
  return JSON.stringify({
    page: style(document.body).backgroundColor,
    text: style(document.body).color,
    soft: style(document.querySelector("dt")).color,
    card: style(document.querySelector("section")).backgroundColor,
    scripts: document.scripts.length,
    sections: [...document.querySelectorAll("h2")].map(head => head.textContent),
    overflows: document.documentElement.scrollWidth > innerWidth,
    value: row.textContent,
  });
})()
"""


def main(program, url):
    found = []
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        browser = Browser(program, profile)
        browser.attach()
        for scheme in ("light", "dark"):
            for width in (1060, 360):
                browser.call(
                    "Emulation.setEmulatedMedia",
                    features=[{"name": "prefers-color-scheme", "value": scheme}],
                )
                browser.call(
                    "Emulation.setDeviceMetricsOverride",
                    width=width, height=800, deviceScaleFactor=1, mobile=False,
                )
                events = browser.visit(url)
                result = browser.call("Runtime.evaluate", expression=_QUERY)
                page = json.loads(result["result"]["value"])
                found.append({"scheme": scheme, "width": width, "errors": list(errors(events)), **page})
        browser.process.kill()
        browser.process.wait()
    print(json.dumps(found))


main(*sys.argv[1:])
