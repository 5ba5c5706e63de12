"""A class of students who all click at once, by real requests to a real hub: ``make class-load``.

Each logs in for the first time, opens a notebook, runs its first cell and asks for a check; then
all run all cells and check two exercises more. The hub is one of its own, in a temporary folder;
at the end it is gone, with all accounts. Prints a row of a table for each size of the class.
"""

import argparse
import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit
from uuid import uuid4

import psutil
import requests
import websocket
from students import inner_port

COURSE = Path(__file__).resolve().parent.parent
PREFIX = "student-"  # of accounts, as in students.py
PATIENCE = 300  # seconds that anybody waits for anything
PASSWORD = "quite secret"
WRONG = """def my_histogram(image, levels):
    return np.bincount(image.ravel())

check("histogram", my_histogram)"""
RIGHT = [
    WRONG.replace("ravel())", "ravel(), minlength=levels)"),
    """def my_channel_histograms(image):
    return np.stack([np.bincount(image[..., k].ravel(), minlength=256) for k in range(3)])

check("channel_histograms", my_channel_histograms)""",
]


# A hub ------------------------------------------------------------------------------------------


def free_port():
    """A port such that those which the hub takes along with it are free, too."""
    while True:
        with contextlib.ExitStack() as stack, contextlib.suppress(OSError):
            first = stack.enter_context(socket.socket())
            first.bind(("127.0.0.1", 0))
            port = first.getsockname()[1]
            for other in (1, 2, 81):
                place = ("127.0.0.1", inner_port(port) + other)
                stack.enter_context(socket.socket()).bind(place)
            return port


class Hub:
    """A class server in a temporary folder.

    Parameters
    ----------
    homes : path, optional
        Where homes are made; by default in the same folder.
    settings : str
        Settings of jupyterhub_config.py, such as INSTRUCTORS="ann".
    """

    def __init__(self, homes=None, **settings):
        self.folder, self.course = Path(tempfile.mkdtemp(prefix="class-")), COURSE
        self.folder.chmod(0o755)  # accounts of students go through it
        self.homes = homes or self.folder / "homes"
        self.address = f"http://127.0.0.1:{free_port()}"
        own = {"CLASS_DATA": str(self.folder), "HOMES": str(self.homes), "BIND": self.address}
        self.environment = os.environ | own | settings
        self.process = None

    def start(self):
        """Start it, or start it again, and wait until it answers."""
        command = [sys.executable, "-m", "jupyterhub", "--config", "class/jupyterhub_config.py"]
        where = {"cwd": self.course, "env": self.environment | {"PYTHONPATH": str(self.course)}}
        with (self.folder / "log").open("a") as log:
            self.process = subprocess.Popen(command, **where, stdout=log, stderr=log)
        for _ in range(5 * PATIENCE):
            with contextlib.suppress(requests.RequestException):
                if requests.get(f"{self.address}/hub/login", timeout=PATIENCE).ok:
                    return self
            if self.process.poll() is not None:
                break
            time.sleep(0.2)
        raise RuntimeError(f"the hub does not start:\n{self.log()}")

    def log(self):
        return (self.folder / "log").read_text()

    def code(self, name="code"):
        return (self.folder / "hub" / name).read_text()

    def proxy(self):
        """The process of the proxy."""
        return psutil.Process(int((self.folder / "hub" / "proxy.pid").read_text()))

    def processes(self):
        """All processes of students, as pairs of a student's name and a process."""
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                environment = process.environ()
                if environment.get("HOME", "").startswith(f"{self.homes}/"):
                    yield environment["USER"].removeprefix(PREFIX), process

    def end(self):
        """End the hub, its proxy and all servers, and remove the accounts."""
        if self.process:
            self.process.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(30)
            self.process.kill()
        with contextlib.suppress(psutil.Error, OSError, ValueError):
            self.proxy().kill()
        ended = [process for _, process in self.processes()]
        for process in ended:
            with contextlib.suppress(psutil.Error):
                process.kill()
        psutil.wait_procs(ended, 10)
        if os.geteuid() == 0:
            for home in self.homes.glob(f"{PREFIX}*"):
                subprocess.run(["userdel", home.name], check=True, stderr=subprocess.DEVNULL)
        shutil.rmtree(self.folder)

    def __enter__(self):
        try:
            return self.start()
        except BaseException:  # stopped by Ctrl-C, too
            self.end()
            raise

    def __exit__(self, *_):
        self.end()


# A student ----------------------------------------------------------------------------------------


class Student:
    """Somebody with a browser, who knows the code of the class."""

    def __init__(self, address, name):
        self.address, self.name = address, name
        self.base = f"{address}/user/{name}"
        self.session = requests.Session()
        self.seconds = {}  # to each step, for the load test

    def get(self, url):
        answer = self.session.get(url, timeout=PATIENCE)
        answer.raise_for_status()
        return answer

    def open_login(self):
        self.form = self.get(f"{self.address}/hub/login").text

    def log_in(self, code="", password=PASSWORD):
        """Fill in the form, and return the page that comes."""
        (xsrf,) = set(re.findall(r'name="_xsrf" value="([^"]*)"', self.form))
        fields = {"username": self.name, "password": password, "code": code, "_xsrf": xsrf}
        return self.session.post(f"{self.address}/hub/login", fields, timeout=PATIENCE)

    def wait_for_server(self):
        """Wait for the own server as the hub's page does; return the page that is shown then."""
        page = self.get(f"{self.address}/hub/spawn")
        for _ in range(2 * PATIENCE):
            if page.url.startswith(self.base):
                return page
            time.sleep(0.5)
            page = self.get(f"{self.address}/user/{self.name}/")
        raise TimeoutError(f"{self.name} has no server: {page.url}")

    def load_lab(self, page, notebook=1):
        """Load what JupyterLab loads at first; return a notebook's path and its cells of code."""
        for path in re.findall(r'(?:src|href)="(/[^"]*\.(?:js|css)[^"]*)"', page.text):
            self.get(self.address + path)
        for path in ("lab/api/settings", "api/kernelspecs", "api/sessions"):
            self.get(f"{self.base}/{path}")
        path = urlsplit(page.url).path.partition("/lab/tree/")[2]
        if notebook != 1:
            folder = self.get(f"{self.base}/api/contents/my_notebooks").json()["content"]
            (path,) = [it["path"] for it in folder if it["name"].startswith(f"0{notebook}_")]
        cells = self.get(f"{self.base}/api/contents/{path}").json()["content"]["cells"]
        return path, [cell["source"] for cell in cells if cell["cell_type"] == "code"]

    def api(self, method, place, **content):
        """Ask the own server for something; return its answer."""
        tokens = {c.path: c.value for c in self.session.cookies if c.name == "_xsrf"}
        return self.session.request(
            method,
            f"{self.base}/api/{place}",
            json=content,
            headers={"X-XSRFToken": tokens[f"/user/{self.name}/"]},
            timeout=PATIENCE,
        )

    def start_kernel(self, path):
        kernel = {"name": "python3"}
        made = self.api("POST", "sessions", path=path, type="notebook", name="", kernel=kernel)
        self.kernel = made.json()["kernel"]["id"]
        self.connect()

    def connect(self):
        """Connect to the kernel, as JupyterLab does again when a connection is lost."""
        url = f"{self.base}/api/kernels/{self.kernel}/channels"
        prepared = self.session.prepare_request(requests.Request("GET", url))
        self.socket = websocket.create_connection(
            url.replace("http", "ws", 1),
            timeout=PATIENCE,
            cookie=prepared.headers["Cookie"],
            origin=self.address,
        )

    def run(self, source):
        """Run a cell; return its outputs."""
        header = {"msg_id": uuid4().hex, "msg_type": "execute_request", "version": "5.3"}
        header |= {"username": self.name, "session": "load"}
        content = {"code": source, "stop_on_error": False}
        message = {"header": header, "parent_header": {}, "metadata": {}, "content": content}
        self.socket.send(json.dumps(message | {"channel": "shell"}))
        outputs, is_answered, is_idle = [], False, False
        while not (is_answered and is_idle):
            received = self.socket.recv()
            if isinstance(received, bytes):  # pictures of sliders
                continue
            message = json.loads(received)
            if message["parent_header"].get("msg_id") != header["msg_id"]:
                continue
            kind, content = message["msg_type"], message["content"]
            is_answered |= kind == "execute_reply"
            is_idle |= kind == "status" and content["execution_state"] == "idle"
            if kind in ("stream", "display_data", "execute_result", "error"):
                outputs.append(content)
        return outputs


def text_of(outputs):
    """What outputs say, as a text."""
    parts = [output.get("text") or output.get("evalue") or output["data"] for output in outputs]
    return "\n".join(part if isinstance(part, str) else part["text/plain"] for part in parts)


# A class ------------------------------------------------------------------------------------------

STEPS = ("server", "first cell", "first check", "all cells", "two more checks")


def evening(student, code, notebook, click, together):
    """What one student does, who notes the seconds to each step: at first from the click."""
    student.open_login()
    click.wait()
    begin = time.perf_counter()

    def reached(step):
        student.seconds[step] = time.perf_counter() - begin

    student.log_in(code)
    path, cells = student.load_lab(student.wait_for_server(), notebook)
    reached("server")
    student.start_kernel(path)
    student.run(cells[0])
    reached("first cell")
    expect("stops at the brightest pixel", student, WRONG)
    reached("first check")
    with contextlib.suppress(threading.BrokenBarrierError):  # somebody has failed
        together.wait(PATIENCE)
    student.connect()  # while it waited it answered no ping, and the server may have hung up
    begin = time.perf_counter()
    for source in cells:
        for output in student.run(source):
            if "ename" in output:
                raise RuntimeError(f"{student.name}: {output['ename']}: {output['evalue']}")
    reached("all cells")
    for source in RIGHT:
        expect("correct", student, source)
    reached("two more checks")


def expect(words, student, source):
    """Let a student run a cell, whose output must hold these words."""
    answer = text_of(student.run(source))
    if words not in answer:
        raise RuntimeError(f"{student.name} expected {words!r} and got: {answer[:1000]}")


def costs(hub, count):
    """What a student costs, of so many: MB, where what is shared is counted once; seconds."""
    started = psutil.Process(hub.process.pid)
    kinds = {process: "hub" for process in (started, hub.proxy(), *started.children())}
    for _, process in hub.processes():  # servers are children of the hub as well
        with contextlib.suppress(psutil.Error):
            kernel = "ipykernel" in " ".join(process.cmdline())
            kinds[process] = "kernels" if kernel else "servers"
    total = Counter()
    for process, kind in kinds.items():
        with contextlib.suppress(psutil.Error):
            total[f"{kind}, MB"] += process.memory_full_info().pss / 1e6 / count
            total["processor, s"] += sum(process.cpu_times()[:4]) / count
    return total


def play(count, notebook=1):
    """Let a class of that size play its evening; return its row, a dict, and what failed.

    Ctrl-C ends it; what has been reached is in the row.
    """
    row, failures, click = {"students": count}, [], threading.Barrier(count)
    with ThreadPoolExecutor(count) as pool, Hub() as hub:
        row["processor, s until the click"] = costs(hub, count)["processor, s"]

        def note(when):
            row.update({f"{cost} {when}": value for cost, value in costs(hub, count).items()})

        together = threading.Barrier(count, action=lambda: note("after the first check"))
        names = [f"load{os.getpid()}-{number}" for number in range(count)]  # of this run alone
        students = [Student(hub.address, name) for name in names]
        told = (hub.code(), notebook, click, together)
        evenings = [pool.submit(evening, student, *told) for student in students]
        try:
            failures = [str(error) for done in evenings if (error := done.exception())]
        except KeyboardInterrupt:
            together.abort()
            failures = ["stopped"]
        note("at the end")
    for step in STEPS:
        if seconds := sorted(each.seconds[step] for each in students if step in each.seconds):
            last = seconds[int(0.95 * (len(seconds) - 1) + 0.5)]
            row[f"{step}, s (of {len(seconds)})"] = (
                f"{median(seconds):.0f} / {last:.0f} / {seconds[-1]:.0f}"
            )
    return row | {"failed": len(failures)}, failures


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("students", type=int, nargs="*", default=[30], help="sizes of classes")
    parser.add_argument("--notebook", type=int, default=1, help="that all run")
    wanted = parser.parse_args()
    for count in wanted.students:
        row, failures = play(count, wanted.notebook)
        for name, value in row.items():
            print(f"{name:40}{round(value, 1) if isinstance(value, float) else value}")
        print(*failures[:3], sep="\n", file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
