"""A class server as a class meets it: two students, their teacher, and what goes wrong."""

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
import pytest
from test_lab import MINUTES, clone, git
from websocket import WebSocketException, WebSocketTimeoutException

pytest.importorskip("jupyterhub", reason="the extra named class is not installed")

import students
from load import COURSE, PASSWORD, RIGHT, STEPS, WRONG, Hub, Student, play, text_of

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root makes accounts")
if not (COURSE / "class" / "node_modules").exists():
    pytest.skip("npm ci in class/ brings the proxy", allow_module_level=True)


@pytest.fixture(scope="module", autouse=True)
def python():
    """Students' servers run under accounts of their own, if the hub is root's."""
    if os.geteuid() == 0:
        try:
            students.check_python()
        except SystemExit as error:
            pytest.skip(str(error))


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


def test_who_does_nothing_has_no_server_and_finds_the_work_again():
    """A kernel that computes is not idle; a terminal that was forgotten is."""
    with Hub(IDLE="0.01") as hub:
        ada, ben = Student(hub.address, "ada-i"), Student(hub.address, "ben-i")
        for somebody in (ada, ben):
            somebody.open_login()
            somebody.log_in(hub.code())
            somebody.path, _ = somebody.load_lab(somebody.wait_for_server())
            somebody.start_kernel(somebody.path)
        notebook = ada.api("GET", f"contents/{ada.path}").json()["content"]
        notebook["cells"][1]["source"] = "my work"
        assert ada.api("PUT", f"contents/{ada.path}", type="notebook", content=notebook).ok
        assert ada.api("POST", "terminals").ok
        ben.socket.settimeout(5)
        with pytest.raises(WebSocketTimeoutException):
            ben.run("import time; time.sleep(3600)")
        began = time.monotonic()
        while "ada-i" in (working := {name for name, _ in hub.processes()}):
            assert time.monotonic() < began + 360  # two minutes on an idle machine
            time.sleep(2)
        assert "ben-i" in working
        assert ben.api("GET", "kernels").json()[0]["execution_state"] == "busy"
        while ada.session.get(f"{ada.base}/").status_code == 503:  # until the hub has noticed
            assert time.monotonic() < began + 360
            time.sleep(1)
        ada.load_lab(ada.wait_for_server())
        again = ada.api("GET", f"contents/{ada.path}").json()["content"]
        assert again["cells"][1]["source"] == "my work"


def test_a_small_class_clicks_at_once():
    """What make class-load does with thirty."""
    row, failures = play(2)
    assert not failures
    assert all(f"{step}, s (of 2)" in row for step in STEPS)


@needs_root
def test_a_full_disk_is_named_and_spoils_nothing():
    disk = Path(tempfile.mkdtemp(prefix="class-"))
    mount = ["mount", "-t", "tmpfs", "-o", "size=300m,mode=755", "tmpfs", str(disk)]
    if subprocess.run(mount, stderr=subprocess.DEVNULL).returncode:
        pytest.skip("no file system can be mounted here")
    try:
        with Hub(disk) as hub:
            fay = Student(hub.address, "fay")
            fay.open_login()
            fay.log_in(hub.code())
            path, _ = fay.load_lab(fay.wait_for_server())
            file = hub.homes / "student-fay" / "course" / path
            before = file.read_bytes()
            content = fay.api("GET", f"contents/{path}").json()["content"]
            with (hub.homes / "large").open("wb") as large:
                os.posix_fallocate(large.fileno(), 0, shutil.disk_usage(hub.homes).free)
            refused = fay.api("PUT", f"contents/{path}", type="notebook", content=content)
            assert not refused.ok
            assert "No space left" in refused.text
            assert file.read_bytes() == before
            gus = Student(hub.address, "gus")
            gus.open_login()
            page = gus.log_in(hub.code())
            while "spawn-pending" in page.url and page.ok:
                page = gus.session.get(page.url)
            assert "The disk of the class server is full" in page.text, page.url
    finally:
        subprocess.run(["umount", str(disk)], check=True)
        disk.rmdir()


# An evening ---------------------------------------------------------------------------------------

NOTEBOOK = "01_histograms.ipynb"


class Browser:
    """Somebody's browser, at the class server."""

    def __init__(self, browser, hub, name):
        self.hub, self.name = hub, name
        self.page = browser.new_context().new_page()
        self.page.set_default_timeout(2 * MINUTES)

    def log_in(self, code=""):
        self.page.goto(self.hub.address)
        self.page.fill("#username_input", self.name)
        self.page.fill("#password_input", PASSWORD)
        self.page.fill("#code_input", code)
        self.page.click("#login_submit")

    def wait_for_notebook(self):
        self.page.wait_for_url(f"**/user/{self.name}/lab/tree/my_notebooks/{NOTEBOOK}")
        self.page.get_by_text("Python 3 | Idle").wait_for()

    def run_first_cell(self):
        self.page.locator(".jp-Notebook .jp-CodeCell .cm-content").first.click()
        self.page.keyboard.press("Shift+Enter")
        self.page.get_by_text("[1]:").first.wait_for()

    def run(self, source, answer):
        """Write a cell below the one in hand and run it; wait for its answer."""
        for key in ("Escape", "b", "Enter"):
            self.page.keyboard.press(key)
        self.page.keyboard.insert_text(source)
        self.page.keyboard.press("Control+Enter")
        self.page.locator(".jp-Notebook .jp-mod-active .jp-OutputArea").get_by_text(
            answer
        ).first.wait_for()

    def save(self):
        self.page.keyboard.press("Control+s")
        self.page.wait_for_selector(
            ".jp-mod-current[data-type='document-title']:not(.jp-mod-dirty)"
        )

    def open_board(self, page=""):
        self.page.goto(f"{self.hub.address}/services/board/{page}")


def test_an_evening(hub, browser):
    """Log in, edit, a wrong answer, the board, hand in, an update of the course, grade."""
    ada, ben, ann = (Browser(browser, hub, name) for name in ("ada-l", "ben-f", "ann"))
    ann.log_in(hub.code("instructors_code"))
    ann.open_board()
    ann.page.get_by_text("Nobody has checked an exercise yet").wait_for()
    for somebody in (ada, ben):
        somebody.log_in(hub.code())
        somebody.wait_for_notebook()
        somebody.run_first_cell()
    ada.run(WRONG, "stops at the brightest pixel")
    begin = time.monotonic()
    ann.page.get_by_text("stops at the brightest pixel").wait_for()
    print(f"the board shows it {time.monotonic() - begin:.1f} s later")
    ben.run(RIGHT[0], "correct")
    ann.page.get_by_text("1 of 2 correct").wait_for()
    assert not {"ada", "ben"} & set(re.findall(r"\w+", ann.page.inner_text("body")))
    ann.open_board("names")
    ann.page.get_by_text("ada-l").first.wait_for()
    # Hand in, twice; the teacher alone sees names.
    for version in (1, 2):
        ada.save()
        ada.run("from exercises import submit\nsubmit()", f"is version {version}")
    refused = ben.page.request.get(f"{hub.address}/services/board/names")
    assert refused.status == 403

    # The course is updated; servers start anew, and nothing is lost.
    for path in (hub.course / "notebooks").glob("0[12]_*.ipynb"):
        path.write_text(path.read_text().replace("After this notebook you can", "You will"))
    git(hub.course, "commit", "--quiet", "--all", "--message", "An update")
    ada.save()
    ada.page.goto(f"{hub.address}/hub/home")
    ada.page.click("#stop")
    ada.page.wait_for_selector("#stop", state="hidden")
    ada.page.goto(hub.address)
    ada.wait_for_notebook()
    mine = next(hub.homes.glob("*ada-l/course/my_notebooks"))
    assert WRONG in sources(mine / NOTEBOOK)
    for name in ("01_histograms_new.ipynb", "02_equalization.ipynb"):
        assert "You will" in (mine / name).read_text()

    # The report judges what was handed in.
    report = [sys.executable, "-m", "exercises", "report", str(hub.folder / "board/handed_in")]
    rows = subprocess.run(
        [*report, "--csv", str(hub.folder / "rows.csv")], cwd=hub.folder, env=hub.environment
    )
    assert rows.returncode == 0
    rows = (hub.folder / "rows.csv").read_text()
    assert re.search("ada-l,.*histogram,wrong here,stops at the brightest pixel", rows), rows


def sources(path):
    """The cells of a notebook, as one text."""
    return "\n".join(cell.source for cell in nbformat.read(path, as_version=4).cells)
