"""A headless Chromium for `make test-browser`; it reaches this machine only."""

import contextlib
import functools
import http.server
import shutil
import threading

import pytest
from playwright.sync_api import sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
WIDE, NARROW = {"width": 1280, "height": 720}, {"width": 390, "height": 844}


@pytest.fixture(scope="session")
def browser():
    """Debian's Chromium; the tests are skipped where there is none."""
    if CHROMIUM is None:
        pytest.skip("chromium is not installed")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser):
    """An empty page; ``page.elsewhere`` lists the addresses that it wanted from other hosts."""
    context = browser.new_context(viewport=WIDE)
    page = context.new_page()
    page.elsewhere = []

    def stay_here(route):
        page.elsewhere.append(route.request.url)
        route.abort()

    own = ("http://127.0.0.1", "file:", "data:", "blob:")
    context.route(lambda url: not url.startswith(own), stay_here)
    yield page
    context.close()


class _Silent(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@contextlib.contextmanager
def _serve(folder):
    handler = functools.partial(_Silent, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="session")
def serve():
    """Function that serves a folder and returns its address."""
    with contextlib.ExitStack() as stack:
        yield lambda folder: stack.enter_context(_serve(folder))
