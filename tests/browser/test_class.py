"""A class server as a class meets it: two students, their teacher, and what goes wrong."""

import contextlib
import json
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import pytest
from test_lab import MINUTES, clone
from websocket import WebSocketException

pytest.importorskip("jupyterhub", reason="the extra named class is not installed")

from load import COURSE, PASSWORD, RIGHT, WRONG, Hub, Student, text_of

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root makes accounts")
if not (COURSE / "class" / "node_modules").exists():
    pytest.skip("npm ci in class/ brings the proxy", allow_module_level=True)


@pytest.fixture(scope="module")
def hub():
    """A class server on a clone of the course; ann is the teacher."""
    server = Hub(INSTRUCTORS="ann")
    server.course = clone(server.folder)
    (server.course / "class" / "node_modules").symlink_to(COURSE / "class" / "node_modules")
    with server:
        yield server


@pytest.fixture
def student(hub):
    """Function that lets a student log in, up to a kernel for the own notebook 01."""

    def arrive(name):
        somebody = Student(hub.address, name)
        somebody.open_login()
        somebody.log_in(hub.code())
        somebody.path, _ = somebody.load_lab(somebody.wait_for_server())
        somebody.start_kernel(somebody.path)
        return somebody

    return arrive


# What goes wrong ----------------------------------------------------------------------------------

SPY = """
import os, pathlib, subprocess
home = pathlib.Path.home().parent / "student-ada"
def tries(what):
    try:
        return what()
    except PermissionError:
        return "refused"
print(tries(lambda: os.listdir(home)), tries(lambda: (home / "x").write_text("")))
print(tries(lambda: os.kill({pid}, 9)), tries(lambda: open("/proc/{pid}/environ").read()))
"""
TOO_MUCH = "import numpy as np; np.ones(2**30)"


@needs_root
def test_nobody_reads_or_spoils_anothers_work(hub, student):
    ada, ben = student("ada"), student("ben")
    pid = int(text_of(ada.run("import os; print(os.getpid())")))
    assert text_of(ben.run(SPY.format(pid=pid))).split() == ["refused"] * 4
    # What a kernel shows goes through sockets of the home; by TCP everybody could listen.
    (connection,) = (hub.homes / "student-ada" / ".run").glob("kernel-*.json")
    assert json.loads(connection.read_text())["transport"] == "ipc"
    # Cookies of one do not open the server of another.
    answer = ben.session.get(f"{hub.address}/user/ada/api/contents")
    assert answer.status_code == 403


def test_limits(student):
    ada = student("ada")
    assert "Unable to allocate" in text_of(ada.run(TOO_MUCH))
    assert text_of(ada.run("print(1 + 1)")).strip() == "2"


def connect_again(somebody):
    """Try it until it works, for a minute, as JupyterLab does."""
    for _ in range(120):
        with contextlib.suppress(OSError, WebSocketException):
            return somebody.connect()
        time.sleep(0.5)
    raise TimeoutError("the kernel cannot be reached")


def test_hub_and_proxy_are_killed_and_no_kernel_is_lost(hub, student):
    ada = student("ada")
    ada.run("kept = 42")
    hub.process.kill()
    hub.process.wait()
    assert text_of(ada.run("print(kept)")).strip() == "42"  # nobody has noticed
    hub.start()
    connect_again(ada)
    assert text_of(ada.run("print(kept)")).strip() == "42"
    hub.proxy().kill()
    connect_again(ada)
    assert text_of(ada.run("print(kept)")).strip() == "42"
    # The hub knows the server again: it can be stopped.
    page = ada.get(f"{hub.address}/hub/home").text
    assert "Stop My Server" in page


@needs_root
def test_a_full_disk_is_named_and_spoils_nothing():
    disk = Path(tempfile.mkdtemp(prefix="class-"))
    mount = ["mount", "-t", "tmpfs", "-o", "size=300m,mode=755", "tmpfs", str(disk)]
    if subprocess.run(mount, stderr=subprocess.DEVNULL).returncode:
        pytest.skip("no file system can be mounted here")
    try:
        with Hub(disk) as hub:
            ada = Student(hub.address, "ada")
            ada.open_login()
            ada.log_in(hub.code())
            path, _ = ada.load_lab(ada.wait_for_server())
            file = hub.homes / "student-ada" / "course" / path
            before = file.read_bytes()
            with (hub.homes / "large").open("wb") as large:
                os.posix_fallocate(large.fileno(), 0, shutil.disk_usage(hub.homes).free)
            content = ada.api("GET", f"contents/{path}").json()["content"]
            refused = ada.api("PUT", f"contents/{path}", type="notebook", content=content)
            assert not refused.ok
            assert "No space left" in refused.text
            assert file.read_bytes() == before
            ben = Student(hub.address, "ben")
            ben.open_login()
            ben.log_in(hub.code())
            page = ben.session.get(f"{hub.address}/hub/spawn")
            assert "The disk of the class server is full" in page.text
    finally:
        subprocess.run(["umount", str(disk)], check=True)
        disk.rmdir()


# An evening ---------------------------------------------------------------------------------------


class Browser:
    """Somebody's browser, at the class server."""

    def __init__(self, browser, hub, name):
        self.hub, self.name = hub, name
        self.page = browser.new_context().new_page()

    def log_in(self, code=""):
        self.page.goto(self.hub.address)
        self.page.fill("#username_input", self.name)
        self.page.fill("#password_input", PASSWORD)
        self.page.fill("#code_input", code)
        self.page.click("#login_submit")

    def wait_for_notebook(self, name):
        self.page.wait_for_url(f"**/user/{self.name}/lab/tree/my_notebooks/{name}", timeout=MINUTES)
        self.page.wait_for_selector(".jp-NotebookPanel .jp-Cell", timeout=MINUTES)
        self.page.wait_for_selector("[data-status=idle]", timeout=2 * MINUTES)

    def run_first_cell(self):
        self.page.locator(".jp-Notebook .jp-CodeCell .cm-content").first.click()
        self.page.keyboard.press("Shift+Enter")

    def run(self, source, answer):
        """Write and run a new cell at the end; wait for its answer."""
        self.page.keyboard.press("Escape")
        self.page.keyboard.press("b")
        self.page.keyboard.press("Enter")
        self.page.keyboard.insert_text(source)
        self.page.keyboard.press("Control+Enter")
        output = self.page.locator(".jp-OutputArea").filter(has_text=answer)
        output.last.wait_for(timeout=MINUTES)


def test_an_evening(hub, browser, tmp_path):
    ada, ben, ann = (Browser(browser, hub, name) for name in ("ada", "ben", "ann"))
    notebook = "01_histograms.ipynb"
    for somebody in (ada, ben):
        somebody.log_in(hub.code())
        somebody.wait_for_notebook(notebook)
        somebody.run_first_cell()
    ada.run(WRONG, "stops at the brightest pixel")
    ben.run(RIGHT[0], "correct")
    ada.page.keyboard.press("Control+s")
