"""The board of a class in a process of its own, behind a hub that knows tokens and nothing else."""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PREFIX = "/services/board/"
ACCESS = ["access:services!service=board"]
SCRIPT = "<script>alert(1)</script>"
USERS = {
    "token-of-ada": {"kind": "user", "name": "ada"},
    "token-of-ben": {"kind": "user", "name": "ben"},
    "token-of-eve": {"kind": "user", "name": "eve"},
    "token-of-flood": {"kind": "user", "name": "flood"},
    "token-of-script": {"kind": "user", "name": SCRIPT},
    "token-of-dots": {"kind": "user", "name": "../../.dots"},
    "token-of-teacher": {"kind": "user", "name": "teacher", "groups": ["instructors"]},
    "token-of-admin": {"kind": "user", "name": "root", "admin": True},
    "token-of-service": {"kind": "service", "name": "another"},
    "token-of-guest": {"kind": "user", "name": "guest", "scopes": []},
}


class Hub(BaseHTTPRequestHandler):
    """All that the board asks a hub: whose token is it?"""

    def do_GET(self):
        token = self.headers.get("Authorization", "").removeprefix("token ")
        user = USERS.get(token)
        data = json.dumps({"groups": [], "admin": False, "scopes": ACCESS} | (user or {})).encode()
        self.send_response(200 if user else 403)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def serving(handler):
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


class Board:
    """The service in a process of its own, as a hub starts it."""

    def __init__(self, hub, folder, **environment):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.address = f"http://127.0.0.1:{probe.getsockname()[1]}"
        environment |= {
            "JUPYTERHUB_API_URL": hub,
            "JUPYTERHUB_API_TOKEN": "token-of-board",
            "JUPYTERHUB_CLIENT_ID": "service-board",
            "JUPYTERHUB_SERVICE_NAME": "board",
            "JUPYTERHUB_SERVICE_PREFIX": PREFIX,
            "JUPYTERHUB_SERVICE_URL": self.address,
            "BOARD_DATA": str(folder),
        }
        command = [sys.executable, str(ROOT / "class" / "board.py")]
        pipes = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self.process = subprocess.Popen(command, env=os.environ | environment, **pipes)
        while self.process.poll() is None:
            with contextlib.suppress(OSError):
                self.ask("board.css")
                return
            time.sleep(0.05)
        raise RuntimeError("the board did not start")

    def ask(self, page, token="token-of-ada", data=None):
        """Ask for a page, or post data; return status and text."""
        with contextlib.closing(HTTPConnection(self.address[7:], timeout=120)) as connection:
            method = "GET" if data is None else "POST"
            connection.request(method, PREFIX + page, data, {"Authorization": f"token {token}"})
            answer = connection.getresponse()
            text = answer.read()
            with contextlib.suppress(UnicodeDecodeError):
                text = text.decode()
            return answer.status, text

    def tell(self, token, verdict="correct", idea=None, exercise="histogram", **more):
        """Post a verdict; return the status and what is said."""
        sent = {"exercise": exercise, "verdict": verdict, "idea": idea, **more}
        return self.ask("verdicts", token, json.dumps(sent).encode())

    def numbers(self, exercise="histogram"):
        """What the wall shows: how many are correct of how many, and how many have which idea."""
        _, text = self.ask(f"wall?exercise={exercise}")
        counts = re.findall(r"<b>(\d+)</b>", text.partition("<ol")[0])
        ideas = re.findall(r"<li><b>(\d+)</b> <a [^>]*>(.*?)</a>", text)
        return tuple(map(int, counts)), {name: int(number) for number, name in ideas}

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
