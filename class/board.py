"""The board of a class: what its checks find, live, and what it hands in. JupyterHub starts it.

The wall is for the projector: how many are correct, and which wrong ideas are alive; no names.
The page of names is for instructors. What is answered with "yes" lies on the disk: verdicts in a
database, notebooks as files, every version of them.

Set by JupyterHub: JUPYTERHUB_SERVICE_URL, where this listens, and what jupyterhub.services.auth
reads. Set by jupyterhub_config.py: BOARD_DATA, the folder for all that is kept; BOARD_DATABASE, to
keep the verdicts in another database than SQLite there; BOARD_INSTRUCTORS, the name of their group.
"""

import asyncio
import json
import multiprocessing
import os
import secrets
import signal
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict, deque
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import jinja2
import sqlalchemy as sql
from jupyterhub.services.auth import (
    HubAuth,
    HubAuthenticated,
    HubOAuth,
    HubOAuthCallbackHandler,
    HubOAuthenticated,
)
from kept import Check, Checks, DiskFull, Notebooks
from markupsafe import Markup
from tornado import web
from tornado.httpserver import HTTPServer
from tornado.log import app_log

from course_utils.lab import FOLDER
from exercises.board import LARGEST, LONG
from exercises.checker.cards import TITLES, plain
from exercises.checker.catalogue import all_names, notebooks
from exercises.checker.quizzes import markup
from exercises.grading.lecture import lessons
from exercises.grading.pages import COLORS

HERE = Path(__file__).resolve().parent

SMALL = 2**16  # bytes of any other request than a notebook
VERDICTS, NOTEBOOKS = 60, 6  # that a student may send in a minute
SHOWN = 5  # ideas on the wall
AGAIN = 300  # seconds after which a notebook may be loaded again
LIGHT = 4  # notebooks without PyTorch: what they know is loaded at once, and that of others later
WRONG = ("wrong", "raised", "slow")  # verdicts that may have an idea behind them
UNTRIED = ("unwritten", "broken")  # verdicts that say nothing about an answer
TEMPLATES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(HERE / "pages"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
)
TEMPLATES.filters |= {"plain": plain, "markup": lambda text: Markup(markup(text))}
POLICY = "default-src 'self'; img-src 'self' data:; frame-ancestors 'self'; base-uri 'none'"
SAFE = {  # nothing but this service's own files runs or shows in its pages
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}


# The service ------------------------------------------------------------------------------------


class Board:
    """What all requests share.

    Parameters
    ----------
    folder : path
        For all that is kept.
    database : str
        Its URL; empty for SQLite in the folder.
    """

    def __init__(self, folder, database=""):
        folder.mkdir(parents=True, exist_ok=True)
        own = sql.URL.create("sqlite", database=str(folder.absolute() / "checks.sqlite"))
        self.checks = Checks(database or own)
        self.notebooks = Notebooks(folder / "handed_in")
        self.writer = ThreadPoolExecutor(1)  # one after the other, beside the requests
        self.posts = defaultdict(deque)  # student, kind of request: times of the last minute
        self.courses, self.loaded = {}, {}  # notebook: future of what is known, time of the try
        self.load(notebooks()[:LIGHT])

    def load(self, names):
        """Begin to load what is known of notebooks, in a process that is gone afterwards.

        PyTorch is loaded along, for the last ones.
        """
        loader = ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), _end_with_board)
        for name in names:
            self.loaded[name] = time.monotonic()
            self.courses[name] = asyncio.wrap_future(loader.submit(lessons, name))
        loader.shutdown(wait=False)

    async def known(self, exercise, idea=None):
        """What the course knows of an exercise, and best of a certain idea.

        Where that failed, or lacks the idea, it is loaded again after a while: there may be more
        memory by then, and kernels may have a newer course than this service.
        """
        notebook, known = all_names()[exercise], None
        if notebook not in self.courses:
            self.load([notebook])
        try:
            known = (await asyncio.shield(self.courses[notebook]))[exercise]
        except Exception:  # such as PyTorch missing
            app_log.exception("notebook %s cannot be loaded", notebook)
        if known and (idea is None or idea in known["ideas"]):
            return known
        if self.loaded[notebook] < time.monotonic() - AGAIN:
            self.load([notebook])
            return await self.known(exercise, idea)
        if not known:
            raise web.HTTPError(503, f"notebook {notebook} cannot be loaded on the class server")
        return known

    async def write(self, function, *arguments):
        """Do what waits for the disk; what it raises becomes an answer."""
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self.writer, function, *arguments)
        except DiskFull:
            says = "there is no room left for it on the class server; tell your teacher"
            raise web.HTTPError(507, says) from None
        except ValueError as error:
            raise web.HTTPError(400, str(error)) from None
        except (OSError, sql.exc.SQLAlchemyError) as error:
            app_log.exception("nothing was kept")
            says = f"the class server cannot keep it ({type(error).__name__})"
            raise web.HTTPError(503, says) from None

    def is_flood(self, student, kind, most):
        """Note a request; whether the student has sent too many of its kind in a minute."""
        times, now = self.posts[student, kind], time.monotonic()
        while times and times[0] < now - 60:
            times.popleft()
        times.append(now)
        if len(times) > most:
            times.pop()
            return True
        return False


def _end_with_board():
    """Let this process, which loads notebooks, end when the board does, even if that is killed."""

    def watch():
        multiprocessing.parent_process().join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


class _Handler(web.RequestHandler):
    """What pages and posts share."""

    @property
    def board(self):
        return self.application.settings["board"]

    async def prepare(self):
        await self.hub_auth.get_user(self, sync=False)  # kept: nobody waits while the hub is asked

    def set_default_headers(self):
        for name, value in SAFE.items():
            self.set_header(name, value)

    def write_error(self, status, exc_info=None, **_):
        """Answer in a sentence."""
        error = exc_info and exc_info[1]
        says = isinstance(error, web.HTTPError) and (error.log_message or "") % error.args
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(says or f"{status} {self._reason}")


class _Post(HubAuthenticated, _Handler):
    """Students' kernels post with their own token: whose it is, the hub says, and nobody else."""

    def initialize(self):
        self.hub_auth = self.application.settings["tokens"]

    def student(self, kind, most):
        """Name of the token's owner; an error if it is no student's, or in a flood."""
        user = self.current_user
        if not user or user["kind"] != "user":
            raise web.HTTPError(403, "only students of this class can write to its board")
        if self.board.is_flood(user["name"], kind, most):
            self.set_header("Retry-After", "60")
            raise web.HTTPError(429, f"at most {most} in a minute; try again in a minute")
        return user["name"]


class PostVerdict(_Post):
    async def post(self):
        student = self.student("verdict", VERDICTS)
        exercise, verdict, idea = self._sent()
        if exercise not in all_names():
            raise web.HTTPError(400, "exercise must be one of the course")
        if verdict not in TITLES:
            raise web.HTTPError(400, f"verdict must be one of {', '.join(TITLES)}")
        check = Check(student, exercise, verdict, idea, time.time())
        if idea is not None:
            known = await self.board.known(exercise, idea)
            if idea not in known["ideas"] or verdict not in WRONG:
                raise web.HTTPError(400, "idea must be a wrong idea of the exercise, or null")
        await self.board.write(self.board.checks.add, check)

    def _sent(self):
        """Exercise, verdict and idea; all other fields, such as a name, are ignored."""
        try:
            sent = json.loads(self.request.body)
            exercise, verdict, idea = sent["exercise"], sent["verdict"], sent["idea"]
        except (ValueError, KeyError, TypeError, RecursionError):
            raise web.HTTPError(400, "a verdict must be JSON: exercise, verdict, idea") from None
        for name, part in (("exercise", exercise), ("verdict", verdict), ("idea", idea or "")):
            if not isinstance(part, str):
                raise web.HTTPError(400, f"{name} must be a string")
        return exercise, verdict, idea


@web.stream_request_body
class PostNotebook(_Post):
    """A notebook is let come whole before it is refused, unread: who still sends does not hear."""

    async def prepare(self):
        self.request.connection.set_max_body_size(LARGEST)
        await super().prepare()
        self.parts, self.refusal = [], None
        try:
            self.owner = self.student("notebook", NOTEBOOKS)
        except web.HTTPError as refusal:
            self.refusal = refusal

    def data_received(self, chunk):
        if not self.refusal:
            self.parts.append(chunk)

    async def post(self):
        if self.refusal:
            raise self.refusal
        data = b"".join(self.parts)
        kept = await self.board.write(self.board.notebooks.add, self.owner, data)
        notebook, moment, versions = kept
        self.write({"notebook": notebook, "time": moment.isoformat(), "versions": versions})


# Pages ------------------------------------------------------------------------------------------


class _Page(HubOAuthenticated, _Handler):
    """A page for who has logged in to the hub."""

    def initialize(self):
        self.hub_auth = self.application.settings["logins"]

    def check_instructor(self):
        user, group = self.current_user, self.application.settings["instructors"]
        if not user.get("admin") and group not in user.get("groups", []):
            raise web.HTTPError(403, "names are for the instructors of this class")

    def exercise(self):
        """Name of the exercise to show: the chosen one, or else the one in hand."""
        chosen = self.get_query_argument("exercise", "")
        if chosen and chosen not in all_names():
            raise web.HTTPError(404, "exercise must be one of the course")
        return chosen or self.board.checks.in_hand()

    def show(self, template, **values):
        self.write(
            TEMPLATES.get_template(template).render(
                token=self.xsrf_token.decode(),
                query=self.request.query,
                chosen=self.get_query_argument("exercise", ""),
                names=all_names(),
                address=self.address,
                clock=clock,
                colors=COLORS,
                **values,
            )
        )

    def address(self, page, **query):
        """Address of a page of the board."""
        return self.application.settings["prefix"] + page + ("?" + urlencode(query)) * bool(query)


class Frame(_Page):
    """A page whose inside a script renews all the time."""

    def initialize(self, inside):
        super().initialize()
        self.inside = inside

    @web.authenticated
    async def get(self):
        if self.inside == "names/now":
            self.check_instructor()
        self.exercise()
        self.show("frame.html.j2", inside=self.inside)


class _Inside(_Page):
    """The inside of a page. A script asks for it, so it says 403 where a page leads to a login."""

    async def prepare(self):
        await super().prepare()
        if not self.current_user:
            raise web.HTTPError(403, "please log in")


class Wall(_Inside):
    async def get(self):
        name = self.exercise()  # None before the first check
        known = name and await self.board.known(name)
        tried = [check for check in self.board.checks.of(name) if check.verdict not in UNTRIED]
        self.show(
            "wall.html.j2",
            name=name,
            known=known,
            tried=len(tried),
            correct=sum(check.verdict == "correct" for check in tried),
            ideas=Counter(check.idea for check in tried if check.idea).most_common(),
            most=SHOWN,
        )


class Names(_Inside):
    async def get(self):
        self.check_instructor()
        name, groups = self.exercise(), defaultdict(list)
        known = name and await self.board.known(name)
        for check in sorted(self.board.checks.of(name), key=lambda check: check.time):
            groups[check.verdict, check.idea].append(check)
        students = {check.student for checks in groups.values() for check in checks}
        self.show(
            "names.html.j2",
            name=name,
            known=known,
            groups=sorted(groups.items(), key=lambda group: -len(group[1])),
            absent=sorted(set(self.board.checks.last) - students),
            handed_in=list(self.board.notebooks.newest()),
            titles=TITLES,
        )


class Idea(_Page):
    """An idea, for the next two minutes of the lecture."""

    @web.authenticated
    async def get(self):
        name, idea = self.exercise(), self.get_query_argument("idea", "")
        known = name and await self.board.known(name)
        if not known or idea not in known["ideas"]:
            raise web.HTTPError(404, "idea must be a wrong idea of the exercise")
        self.show(
            "idea.html.j2",
            known=known,
            idea=idea,
            folder=FOLDER,
            hub=self.hub_auth.hub_prefix,
            **known["ideas"][idea],
        )


class HandedIn(_Page):
    """The newest version of what was handed in, as a zip for ``python -m exercises report``."""

    @web.authenticated
    async def get(self):
        self.check_instructor()
        self.set_header("Content-Type", "application/zip")
        self.set_header("Content-Disposition", 'attachment; filename="handed_in.zip"')
        with tempfile.TemporaryFile() as file:
            await asyncio.to_thread(self.board.notebooks.pack, file)
            file.seek(0)
            while data := file.read(2**20):
                self.write(data)
                await self.flush()


def clock(moment):
    """Time of the day, and the day unless it is today."""
    then = datetime.fromtimestamp(moment)
    is_today = then.date() == datetime.now().date()
    return f"{then:%H:%M:%S}" if is_today else f"{then:%d %b %H:%M}"


def application(board, prefix, instructors="instructors"):
    """The tornado application.

    Parameters
    ----------
    board : Board
    prefix : str
        Path under which the hub serves this, with slashes around.
    instructors : str
        Name of their group.
    """
    return web.Application(
        [
            (prefix, Frame, {"inside": "wall"}),
            (prefix + "wall", Wall),
            (prefix + "idea", Idea),
            (prefix + "names", Frame, {"inside": "names/now"}),
            (prefix + "names/now", Names),
            (prefix + "handed_in.zip", HandedIn),
            (prefix + "verdicts", PostVerdict),
            (prefix + "handed_in", PostNotebook),
            (prefix + "oauth_callback", HubOAuthCallbackHandler),
            (prefix + r"(board\.(?:css|js))", web.StaticFileHandler, {"path": HERE / "pages"}),
        ],
        board=board,
        prefix=prefix,
        instructors=instructors,
        tokens=HubAuth(),
        logins=HubOAuth.instance(),
        cookie_secret=secrets.token_bytes(32),
    )


async def main():
    """Serve until the hub ends this."""
    if "JUPYTERHUB_SERVICE_URL" not in os.environ:
        sys.exit("JupyterHub starts the board: run make class")
    board = Board(Path(os.environ["BOARD_DATA"]), os.environ.get("BOARD_DATABASE", ""))
    prefix = os.environ["JUPYTERHUB_SERVICE_PREFIX"]
    group = os.environ.get("BOARD_INSTRUCTORS", "instructors")
    address = urlsplit(os.environ["JUPYTERHUB_SERVICE_URL"])
    limits = {"max_body_size": SMALL, "body_timeout": LONG}  # who sends slowly fills the memory
    server = HTTPServer(application(board, prefix, group), **limits)
    server.listen(address.port, address.hostname)
    await asyncio.Event().wait()


if __name__ == "__main__":
    # The hub ends this with SIGINT: at once, since what was acknowledged lies on the disk.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    asyncio.run(main())
