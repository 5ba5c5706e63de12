"""Run students' notebooks: this process holds no solutions, no references and no judge.

`judging` starts this file as a program and sends it a line for each notebook. On Linux each
notebook gets a copy of this process, which has the libraries loaded already, and each answer a
copy of that one, as it was when the notebook called `check`. The copy gets inputs and gives back
values. Elsewhere a process runs one notebook, answers included.
"""

import ast
import asyncio
import contextlib
import ctypes
import dis
import inspect
import json
import os
import re
import select
import signal
import socket
import sys
import tempfile
import types
from collections import Counter
from pathlib import Path

import psutil

FOLDER = Path(__file__).resolve().parent.parent
FORKS = sys.platform == "linux"  # elsewhere copies are not safe, or do not exist
CELL_SECONDS = 10  # of computing, for the cells of one notebook: each, and all
NOTEBOOK_SECONDS = 60
UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError)
SUBREAPER = 36  # option of prctl: orphans become children of this process
SYSTEM = ("/bin", "/lib", "/lib64", "/usr", "/opt", "/nix", "/etc", "/proc", "/sys")
DEVICES = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom", "/dev/shm")
CALLS = 100  # of `check` in one statement; later ones are not judged
PROGRAMS = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn")
OTHER_COPY = re.compile(r"/exercises/(checker|ideas|ex\d\d_)")
LOADS = ("LOAD_GLOBAL", "LOAD_NAME")
STORES = ("STORE_GLOBAL", "STORE_NAME")
CHANGES = ("STORE_SUBSCR", "STORE_ATTR", "STORE_SLICE")


# What notebooks find in place of the exercises ----------------------------------------------------


def _load():
    """Load what runs answers, and leave a package `exercises` that holds nothing else."""
    sys.path.insert(0, str(FOLDER.parent))
    package = types.ModuleType("exercises", "What a notebook finds in place of the exercises.")
    package.__path__ = [str(FOLDER)]
    sys.modules["exercises"] = package
    import course_utils.display  # noqa: F401  what most notebooks import, so that copies have it
    from exercises.checker import apart, running
    from exercises.grading import confining, wire

    for name in [name for name in sys.modules if name.startswith("exercises.")]:
        sys.modules.pop(name)
    for name in ("checker", "grading"):
        delattr(package, name)
    del package.__path__
    package.__all__ = ["check", "hint", "quiz", "solution", "submit"]
    sys.path.remove(str(FOLDER.parent))
    return package, apart, running, confining, wire


def _confine(folder):
    """Let the system keep this process from files of others, the exercises' among them.

    Only Linux does, since 5.13; what an answer runs is not always Python, nor always ours.
    """
    course = FOLDER.parent
    hidden = course if (course / "notebooks").is_dir() else FOLDER
    roots = [*SYSTEM, sys.prefix, sys.base_prefix, *filter(None, sys.path)]
    library = Path(psutil.__file__).resolve()
    if not any(library.is_relative_to(Path(root).resolve()) for root in roots):
        return  # libraries that are links to elsewhere, where they could not be read
    readable = [path for root in roots for path in CONFINING.without(root, hidden)]
    data = course / (os.environ.get("COURSE_DATA") or "data")
    readable += [course / "course_utils", course / "images", data]
    links = ("*", "MNIST/*", "MNIST/raw/*")  # a class may share its data and pictures by links
    readable += [path for places in links for path in data.glob(places)]
    readable += (course / "images").glob("*")
    CONFINING.confine(readable, [folder, *DEVICES])


def _refuse(event, arguments):
    """Audit hook: neither the files of the exercises are read nor other programs started.

    It stops Python code only, and is no replacement for a container.
    """
    if event == "import" and arguments[0].split(".")[0] == "exercises":
        raise ModuleNotFoundError("the exercises are not here while notebooks are judged")
    if event in PROGRAMS:
        raise PermissionError("no program is started while notebooks are judged")
    if event == "open" and isinstance(arguments[0], (str, bytes, os.PathLike)):
        path = Path(os.fsdecode(arguments[0])).resolve()
        if path.is_relative_to(FOLDER) or OTHER_COPY.search(path.as_posix()):
            raise PermissionError(
                "the exercises' own files are not read while notebooks are judged"
            )


def _make_shell():
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    class Shell(InteractiveShell):
        """IPython without a kernel, without a history, and without other programs."""

        def enable_gui(self, gui=None):
            pass

        def system(self, command):
            pass

        system_raw = system_piped = system

        def getoutput(self, command, split=True, depth=0):
            return [] if split else ""

    config = Config()
    config.HistoryManager.enabled = False
    shell = Shell.instance(config=config)
    for name in ("pip", "conda", "mamba", "uv", "micromamba", "run", "bash", "sh", "script"):
        for kind in ("line", "cell"):
            shell.register_magic_function(lambda *_: None, kind, name)
    return shell


# Which cells are run ------------------------------------------------------------------------------


def _instructions(code):
    """Yield the instructions of a code object, those of its functions included."""
    yield from dis.get_instructions(code)
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _instructions(constant)


def _names(code, operations):
    return {step.argval for step in _instructions(code) if step.opname in operations}


def _used(code):
    """Global names that code uses; of magics, which hold code as text, every word."""
    names = _names(code, LOADS)
    if "get_ipython" in names:
        texts = [step.argval for step in _instructions(code) if isinstance(step.argval, str)]
        names |= {word for text in texts for word in re.findall(r"\w+", text)}
    return names


def _bound(code):
    """Global names that code gives a value, or may change."""
    operations = {step.opname for step in _instructions(code)}
    return _names(code, STORES) | (_names(code, LOADS) if operations & set(CHANGES) else set())


def needed(cells):
    """List the numbers of the cells to run: the student's, and those of the course that they need.

    A cell of the course may train a network for minutes, or draw for a second; most bind no name
    that an answer uses.

    Parameters
    ----------
    cells : list of (code or None, bool)
        What the cell compiles to, and whether it stands in the course as it is.

    Returns
    -------
    list of int
    """
    wanted = set().union(*(_used(code) for code, is_ours in cells if code and not is_ours))
    numbers = []
    for number, (code, is_ours) in reversed(list(enumerate(cells))):
        if code and (not is_ours or _bound(code) & wanted):
            numbers.append(number)
            wanted |= _used(code)
    return numbers[::-1]


# Running a notebook -------------------------------------------------------------------------------


class Notebook:
    """A notebook while it runs, in a process of its own.

    Parameters
    ----------
    judge : _Judge
    task : dict
        cells: source, and whether it is the course's, of each. names: of the exercises.
        deadly: numbers of cells that ended an earlier process. judged: calls of `check`, as
        "number of the cell:count", that were judged in one.
    """

    def __init__(self, judge, task):
        self.judge, self.task, self.sources = judge, task, []
        self.called, self.last, self.counts, self.seconds = [], {}, Counter(), 0.0
        self.space = SHELL.user_ns
        stand_ins = {"check": self.check, "hint": _nothing, "quiz": _nothing, "submit": _nothing}
        stand_ins["solution"] = lambda name: self.tell(solution=str(name))
        vars(EXERCISES).update(stand_ins)
        self.space.update(stand_ins)

    def check(self, name, answer):
        """Note a call of `check`; it is judged when the line that calls it is done."""
        if len(self.called) < CALLS:
            self.called.append((name, answer))

    def tell(self, **message):
        self.judge.tell(message)

    def run(self):
        """Run the cells that matter; then what failed, which may need what stands below."""
        self.tell(started=os.getpid())
        cells = []
        for number, (text, is_ours) in enumerate(self.task["cells"]):
            source = _as_python(text)
            self.sources.append(source)
            try:
                tree = ast.parse(source, "cell")
                cells.append((_compiled(tree, "cell"), is_ours))
            except UNREADABLE as error:
                cells.append((None, is_ours))
                self.tell(unreadable=number, reason=f"{type(error).__name__}: {error}")
        late = []
        for number in needed(cells):
            if number not in self.task["deadly"]:
                self.tell(cell=number)
                late += self.run_cell(number)
        for number, node, name in late:
            self.tell(cell=number)
            self.run_statement(number, node, name, CELL_SECONDS, is_late=True)
        for name in self.task["names"]:  # a function that no cell checks, or a later one
            answer, last = self.space.get(f"my_{name}"), self.last.get(name)
            if callable(answer) and answer is not last:
                self.serve(name, answer, None)
            elif last is not None:  # it may need what stands below its check
                self.serve(name, last, None, is_again=True)
        self.tell(done=True)

    def run_cell(self, number):
        """Run a cell statement by statement; return those that called `check` and failed."""
        source, late = self.sources[number], []
        file = SHELL.compile.cache(source, number)
        left = min(CELL_SECONDS, max(NOTEBOOK_SECONDS - self.seconds, 1))
        for node in ast.parse(source).body:
            outcome = self.run_statement(number, node, file, left)
            left -= outcome.seconds
            self.seconds += outcome.seconds
            text = ast.get_source_segment(source, node)
            if outcome.error is not None and text and "check" in text:
                late.append((number, node, file))
            if left <= 0:
                break
        return late

    def run_statement(self, number, node, file, seconds, *, is_late=False):
        code = _compiled(ast.Module([node], []), file)
        outcome = _run(lambda: _execute(code, self.space), {}, seconds)
        called, self.called = self.called, []
        for name, answer in called:
            self.serve(name, answer, number)
        if is_late and outcome.error is not None:
            self.tell(failed=number, reason=f"{type(outcome.error).__name__}: {outcome.error}")
        return outcome

    def serve(self, name, answer, number, *, is_again=False):
        """Let the judge try an answer, in a copy of this process if there are copies."""
        if not isinstance(name, str) or name not in self.task["names"]:
            return
        self.last[name] = answer
        self.counts[number] += 1
        place = f"{number}:{self.counts[number]}"
        if place in self.task["judged"]:
            return
        head = {"check": name, "cell": number, "place": place, "is_again": is_again}
        if not FORKS:
            _serve(self.judge, answer, head)
            self.tell(ended=0)
            return
        process = os.fork()
        if process == 0:
            try:
                os.setpgid(0, 0)
                _serve(self.judge, answer, head)
            finally:
                os._exit(0)
        try:
            status = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
        except ChildProcessError:  # the notebook has told the system not to keep it
            status = 0
        with contextlib.suppress(OSError):  # there is none left, in general
            os.killpg(process, signal.SIGKILL)
        self.tell(ended=status)


def _as_python(source):
    """Make calls of IPython's commands. It is done here, since it may take as long as a cell."""
    try:
        return SHELL.input_transformer_manager.transform_cell(source)
    except (SyntaxError, RuntimeError):  # a line that ends in a backslash; hundreds of commands
        return source


def _nothing(*_, **__):
    pass


def _compiled(tree, file):
    with SHELL.compile.extra_flags(ast.PyCF_ALLOW_TOP_LEVEL_AWAIT):
        return SHELL.compile(tree, file, "exec")


def _execute(code, space):
    value = eval(code, space)
    if inspect.iscoroutine(value):
        asyncio.run(value)


# Running an answer --------------------------------------------------------------------------------


def _description(answer):
    """What the judge must know of an answer: its source, and what tells a stub."""
    try:
        source = inspect.getsource(answer)
    except Exception:  # an answer may be anything
        source = ""
    code = getattr(answer, "__code__", None) if inspect.isfunction(answer) else None
    return {
        "source": source[:20_000],
        "value": None if callable(answer) else WIRE.to_bytes(answer).decode(),
        "code": code and [code.co_code.hex(), [c is None for c in code.co_consts]],
        "process": os.getpid(),
    }


def _run(function, arguments, seconds):
    """Run a function as `running` does; nobody is there to press stop."""
    try:
        return RUNNING.run(function, arguments, seconds)
    except KeyboardInterrupt as error:
        return RUNNING.Outcome(error=error)


def _serve(judge, answer, head):
    """Call the answer on what the judge sends, until it says that this is enough."""
    judge.tell({**head, **_description(answer)})
    process = os.getpid()
    with RUNNING.contained():
        while request := judge.hear(head["place"]):
            arguments = {}
            for name, kind, text in request["arguments"]:
                is_function = kind == "function"
                read = judge.function(name, text) if is_function else WIRE.from_bytes(text)
                arguments[name] = read
            outcome = _run(answer, arguments, request["seconds"])
            if os.getpid() != process:  # the answer has made a copy of its own
                os._exit(0)
            reply = {
                **vars(outcome),
                "value": WIRE.to_bytes(outcome.value).decode(),
                "error": WIRE.encoded_error(outcome.error),
            }
            judge.tell(reply)


class _Judge:
    """The other end: messages are lines of JSON."""

    def __init__(self, port, key):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.lines = self.socket.makefile("rb")
        self.place = ""
        self.tell({"key": key})

    def tell(self, message):
        self.socket.sendall(json.dumps(message).encode() + b"\n")

    def hear(self, place=""):
        """Read what is meant for the check at `place`; None if that is over."""
        self.place = place
        while line := self.lines.readline():
            message = json.loads(line)
            if message.get("place", "") == place:
                return None if message.get("is_enough") else message
        return None

    def function(self, name, text):
        """Make an argument that is a function of the judge's: to call it is to ask there."""

        class Elsewhere:
            def __call__(_, value):
                self.tell({"call": name, "value": WIRE.to_bytes(value).decode()})
                reply = self.hear(self.place)
                if reply["error"]:
                    raise WIRE.decoded_error(reply["error"])
                return WIRE.from_bytes(reply["value"])

            def __repr__(_):
                return text

            def __deepcopy__(self, memo):
                return self

        return Elsewhere()


# The program --------------------------------------------------------------------------------------


def _run_notebook(port, key, folder):
    """Run one notebook in this process, in a folder of its own."""
    for stream in (0, 1):  # nobody types there, and nobody reads
        os.dup2(os.open(os.devnull, os.O_RDWR), stream)
    os.chdir(folder)
    os.environ.update(TMPDIR=folder, TEMP=folder, TMP=folder, HOME=folder)
    tempfile.tempdir = None
    judge = _Judge(port, key)
    notebook = Notebook(judge, judge.hear())
    APART.be_expendable()
    if FORKS:
        _confine(folder)
    sys.addaudithook(_refuse)
    with RUNNING.contained(), SHELL.builtin_trap, SHELL.display_trap:
        notebook.run()


def _end_all_that_is_left():
    """End what the notebook has started; on Linux its orphans are children of this process."""
    while left := psutil.Process().children(recursive=True):
        for process in left:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(left, timeout=5)


def _run_copy(request):
    """Run a notebook in a copy of this process; end it when the judge writes or is gone."""
    copy = os.fork()
    if copy == 0:
        try:
            os.setsid()
            _run_notebook(**request)
        finally:
            os._exit(0)
    is_done = False
    while not is_done:
        is_done = bool(select.select([0], [], [], 0.02)[0])
        is_done = is_done or os.waitpid(copy, os.WNOHANG)[0] == copy
    _end_all_that_is_left()


def main():
    """Take requests from standard input, a line each, until it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if FORKS:
        ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, 0, 0)
    while lines := os.read(0, 65536).splitlines():
        request = json.loads(lines[-1])  # "end" may stand before it
        if request == "end":
            continue
        if request.pop("needs_torch"):
            with contextlib.suppress(ImportError):
                import torch

                torch.set_num_threads(1)
        if FORKS:
            _run_copy(request)
            os.write(1, b"ended\n")
        else:
            _run_notebook(**request)
            return


if __name__ == "__main__":
    os.environ["MPLBACKEND"] = "agg"
    EXERCISES, APART, RUNNING, CONFINING, WIRE = _load()
    SHELL = _make_shell()
    main()
