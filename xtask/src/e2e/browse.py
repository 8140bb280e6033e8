"""Opens pages in headless Chromium, and tells what a reader would see there.

The task comes as JSON on standard input, the answer goes as JSON to standard output: for each page
the values of JavaScript expressions, and everything that the page did beside showing itself.
"""

import contextlib
import functools
import http.server
import json
import sys
import threading
from pathlib import Path
from urllib.parse import unquote

from playwright.sync_api import Error, Page, sync_playwright

# A browser that looks for nothing on the network but the pages.
QUIET = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MOST_MILLISECONDS = 30_000

# What a hostile text would do if it ran: set `__ran`, or open a dialog.
HOOK = """
    const ran = [];
    Object.defineProperty(window, "__ran", {
        set(value) { ran.push("script " + value); },
        get() { return ran; },
    });
"""


class Files(http.server.SimpleHTTPRequestHandler):
    """The files of a folder, without a word."""

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@contextlib.contextmanager
def served(folder: str | None):
    """Serves a folder while pages are open; gives its address."""
    if folder is None:
        yield None
        return
    files = functools.partial(Files, directory=folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), files) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def visit(page: Page, base: str, wanted: dict) -> dict:
    """Opens one page, waits until it has settled, and reads it."""
    ran: list[str] = []
    outside: list[str] = []
    inside: list[str] = []
    errors: list[str] = []

    def on_request(request) -> None:
        url = unquote(request.url)
        if url.startswith(base):
            inside.append(url.removeprefix(base))
        elif not url.startswith(("data:", "blob:")):
            outside.append(url)

    def on_dialog(dialog) -> None:
        ran.append(f"dialog {dialog.message}")
        dialog.dismiss()

    page.add_init_script(HOOK)
    page.on("request", on_request)
    page.on("dialog", on_dialog)
    page.on("popup", lambda popup: ran.append(f"window {popup.url}"))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(base + wanted["address"])
    settled = True
    try:
        page.wait_for_function(wanted["settled"], timeout=MOST_MILLISECONDS)
        for selector in wanted["clicks"]:
            page.click(selector, timeout=MOST_MILLISECONDS)
        if wanted["keys"]:
            page.keyboard.type(wanted["keys"])
        # Also what comes late is seen: pictures that fail, scripts that wait.
        page.wait_for_load_state("networkidle", timeout=MOST_MILLISECONDS)
        page.wait_for_timeout(wanted["pause"])
    except Error as error:
        settled = False
        errors.append(str(error))
    if wanted["screenshot"]:
        Path(wanted["screenshot"]).parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=wanted["screenshot"])
    values = {}
    for name, expression in wanted["read"].items():
        try:
            values[name] = page.evaluate(expression)
        except Error as error:
            errors.append(f"{name}: {error}")
    ran.extend(page.evaluate("window.__ran || []"))
    return {
        "settled": settled,
        "values": values,
        "ran": ran,
        "inside": inside,
        "outside": outside,
        "errors": errors,
    }


def main() -> None:
    """Reads the task, visits its pages, and prints the answer."""
    task = json.load(sys.stdin)
    seen = []
    with served(task["folder"]) as address, sync_playwright() as playwright:
        base = address or task["address"]
        browser = playwright.chromium.launch(executable_path=task["chromium"], args=QUIET)
        for wanted in task["pages"]:
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            # Nothing but the pages themselves can be reached, whatever a text asks for.
            page.route(lambda url: not url.startswith(base), lambda route: route.abort())
            seen.append(visit(page, base, wanted))
            page.close()
        browser.close()
    json.dump(seen, sys.stdout)


main()
