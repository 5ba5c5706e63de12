"""The board of a class, behind a hub that knows tokens and nothing else."""

import asyncio
import contextlib
import errno
import importlib
import json
import math
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import zipfile
from http.client import HTTPConnection
from io import BytesIO
from types import SimpleNamespace

import nbformat
import psutil
import pytest

pytest.importorskip("jupyterhub")

import board as service
import kept
import sqlalchemy
from boards import PREFIX, ROOT, SCRIPT, Board, Hub, serving

import exercises
from exercises import check, submit

BRIGHTEST, ROWS = "stops at the brightest pixel", "takes rows for columns"
NOTEBOOK = nbformat.v4.new_notebook(
    cells=[nbformat.v4.new_code_cell('check("histogram", my_histogram)')]
)


@pytest.fixture(scope="module")
def hub():
    with serving(Hub) as port:
        yield f"http://127.0.0.1:{port}/hub/api"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("board")


@pytest.fixture(scope="module")
def board(hub, folder):
    running = Board(hub, folder)
    yield running
    running.kill()


# What students see of it --------------------------------------------------------------------------


def stops_at_brightest(image, levels):
    import numpy as np

    return np.bincount(image.ravel())


def without_board():
    """The exercises as a new kernel has them."""
    sys.modules.pop("exercises.board", None)
    vars(exercises).pop("board", None)


@pytest.fixture
def kernel(board, monkeypatch):
    """A kernel of ada's."""
    address = board.address + PREFIX.rstrip("/")
    monkeypatch.setenv("COURSE_BOARD", address)
    monkeypatch.setenv("JUPYTERHUB_API_TOKEN", "token-of-ada")
    monkeypatch.setattr(exercises, "_first_address", address)  # as if imported now
    without_board()
    yield monkeypatch
    without_board()


def wait_for(is_so):
    for _ in range(600):
        if is_so():
            return
        time.sleep(0.1)
    raise AssertionError("it has not happened within a minute")


def test_check_tells_the_board_and_says_so_once(board, kernel, capsys):
    check("histogram", stops_at_brightest)
    assert capsys.readouterr().out.count("Your class has a board") == 1
    wait_for(lambda: board.numbers()[1].get(BRIGHTEST))
    check("histogram", lambda image, levels: image[0, 0])
    assert "Your class has a board" not in capsys.readouterr().out


def test_board_that_hangs_holds_up_no_check_and_waits_for_no_end(kernel, capsys):
    """A hundred verdicts, where each would take five seconds of waiting."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        kernel.setenv("COURSE_BOARD", f"http://127.0.0.1:{silent.getsockname()[1]}")
        from exercises import board as client

        began = time.monotonic()
        for _ in range(100):
            client.report(os.environ["COURSE_BOARD"], "histogram", "correct", None)
        assert time.monotonic() - began < 2.5
        assert client._waiting.qsize() <= client.WAITING
    assert "Error" not in capsys.readouterr().err


def test_board_that_is_away_or_misspelt_is_not_heard_of(kernel, capfd):
    for address in ("http://127.0.0.1:9", "http://", "nonsense", "http://[", "http://a:b"):
        kernel.setenv("COURSE_BOARD", address)
        check("histogram", ...)
    client = importlib.import_module("exercises.board")
    wait_for(client._waiting.empty)
    time.sleep(0.1)
    assert "Error" not in "".join(capfd.readouterr())


SILENT = """
import sys
def refuse(event, arguments):
    if event.startswith(("socket.connect", "socket.getaddrinfo")):
        raise RuntimeError(event)
sys.addaudithook(refuse)
import threading
from exercises import check, submit
check("histogram", lambda image, levels: 1)
assert "exercises.board" not in sys.modules
assert "board" not in [thread.name for thread in threading.enumerate()]
"""


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"COURSE_BOARD": "http://127.0.0.1:9/"},
        {"JUPYTERHUB_API_TOKEN": "1"},
        {"COURSE_BOARD": "off", "JUPYTERHUB_API_TOKEN": "1"},
    ],
    ids=["nothing", "no token", "no board", "off"],
)
def test_nothing_is_sent_without_both(environment):
    names = ("COURSE_BOARD", "JUPYTERHUB_API_TOKEN")
    clean = {name: text for name, text in os.environ.items() if name not in names}
    done = subprocess.run(
        [sys.executable, "-c", SILENT], cwd=ROOT, env=clean | environment, capture_output=True
    )
    assert done.returncode == 0, done.stderr.decode()
    assert b"board" not in done.stdout


# Who may do what ----------------------------------------------------------------------------------


def test_latest_verdict_of_each_student_counts(board):
    """Counted by hand: ben 1 idea then correct, eve an idea, ada unwritten, the teacher wrong."""
    for owner, verdict, idea in (
        ("ben", "wrong", "takes the mean"),
        ("eve", "wrong", "takes the mean"),
        ("ben", "correct", None),
        ("ada", "unwritten", None),
        ("teacher", "wrong", None),
    ):
        assert board.tell(f"token-of-{owner}", verdict, idea, "valley")[0] == 200
    assert board.numbers("valley") == ((1, 3), {"takes the mean": 1})


def test_owner_of_the_token_is_the_student_whatever_is_sent(board):
    forged = {"student": "ben", "name": "ben", "user": "ben", "time": 0}
    assert board.tell("token-of-eve", exercise="exposure", **forged)[0] == 200
    _, names = board.ask("names/now?exercise=exposure", "token-of-teacher")
    correct = names.partition("correct</h2>")[2].partition("</section>")[0]
    assert "eve" in correct
    assert "ben" not in correct


@pytest.mark.parametrize("owner", ["nobody", "service", "guest", ""])
def test_others_cannot_write(board, owner):
    before = board.numbers("exposure")
    assert board.tell(f"token-of-{owner}", exercise="exposure")[0] == 403
    assert board.ask("handed_in", f"token-of-{owner}", b"{}")[0] == 403
    assert board.numbers("exposure") == before


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"exercise": "nonsense", "verdict": "correct", "idea": None}, "exercise must be"),
        ({"exercise": ["histogram"], "verdict": "correct", "idea": None}, "exercise must be"),
        ({"exercise": "histogram", "verdict": "great", "idea": None}, "verdict must be"),
        ({"exercise": "histogram", "verdict": "wrong", "idea": SCRIPT}, "idea must be"),
        ({"exercise": "histogram", "verdict": "wrong", "idea": 1}, "idea must be"),
        ({"exercise": "histogram", "verdict": "correct", "idea": ROWS}, "idea must be"),
        ({"exercise": "histogram", "verdict": "wrong"}, "must be JSON"),
        ([1], "must be JSON"),
        ("[" * 50_000, "must be JSON"),
        ("\N{SNOWMAN}", "must be JSON"),
    ],
)
def test_nothing_but_what_the_course_knows_comes_on_the_wall(board, sent, says):
    data = sent if isinstance(sent, str) else json.dumps(sent)
    status, text = board.ask("verdicts", "token-of-dots", data.encode())
    assert (status, text[: len(says)]) == (400, says) or says in text
    assert "alert" not in board.ask("wall?exercise=histogram")[1]


def test_large_request_is_refused(board):
    with contextlib.suppress(ConnectionError):
        assert board.ask("verdicts", data=b" " * 2**17)[0] in (400, 413)


def test_names_are_escaped_and_for_instructors(board):
    assert board.tell("token-of-script", exercise="darkest_share")[0] == 200
    for token in ("teacher", "admin"):
        status, text = board.ask("names/now?exercise=darkest_share", f"token-of-{token}")
        assert status == 200
        assert "&lt;script&gt;" in text
        assert "<script>alert" not in text
        assert board.ask("names", f"token-of-{token}")[0] == 200
    for page in ("names", "names/now", "handed_in.zip"):
        assert board.ask(page, "token-of-ada")[0] == 403
    for page in ("", "wall", "wall?exercise=darkest_share"):
        status, text = board.ask(page, "token-of-ada")
        assert status == 200
        assert "script&gt;" not in text


def test_pages_lead_to_the_login_and_scripts_are_told(board):
    for page, status in (("", 302), ("names", 302), ("wall", 403), ("names/now", 403)):
        assert board.ask(page, "token-of-nobody")[0] == status


def test_flood_of_one_student_is_stopped_and_holds_up_no_other(board):
    answers = [board.tell("token-of-dots")[0] for _ in range(service.VERDICTS + 1)]
    assert answers[-1] == 429
    assert board.tell("token-of-ben")[0] == 200


def test_flood_of_notebooks_does_not_fill_the_memory(board):
    """Twenty at a time, of 15 MB each, which never come to an end."""
    process, large = psutil.Process(board.process.pid), bytes(15 * 2**20)
    before = process.memory_info().rss
    with contextlib.ExitStack() as stack:
        for _ in range(20):
            connection = HTTPConnection(board.address.removeprefix("http://"))
            stack.enter_context(contextlib.closing(connection))
            connection.putrequest("POST", f"{PREFIX}handed_in")
            connection.putheader("Authorization", "token token-of-flood")
            connection.putheader("Content-Length", str(len(large) + 1))
            connection.endheaders(large)
        assert process.memory_info().rss - before < (service.NOTEBOOKS + 6) * len(large)
    assert board.ask("handed_in", "token-of-flood", b"{}")[0] == 429


def test_idea_leads_to_its_section(board):
    idea = ROWS.replace(" ", "+")
    status, text = board.ask(f"idea?exercise=histogram&idea={idea}")
    assert status == 200
    assert "1.1 An image is an array" in text
    assert "user-redirect/lab/tree/my_notebooks/01_histograms.ipynb" in text
    assert "What value do the pixels of <code>image + image</code> have?" in text
    assert board.ask("idea?exercise=histogram&idea=nonsense")[0] == 404
    assert board.ask("wall?exercise=nonsense")[0] == 404


# Handing in ---------------------------------------------------------------------------------------


def stored(path, *more):
    """Write a notebook as a student saves it."""
    cells = [*NOTEBOOK.cells, *map(nbformat.v4.new_code_cell, more)]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


def test_every_version_is_kept_and_acknowledged(board, folder, kernel, tmp_path, capsys):
    path = stored(tmp_path / "renamed.ipynb", "1")
    kernel.setenv("JPY_SESSION_NAME", str(path))
    kernel.setattr("exercises.board.get_ipython", lambda: shell([]))
    submit()
    first = path.read_bytes()
    stored(path, "2")
    kernel.setenv("COURSE_BOARD", "off")  # ends the telling, and not the handing in
    submit()
    submit()  # the same again
    said = re.findall(r"is version (\d+) of your notebook (\w+),", capsys.readouterr().out)
    assert said == [(str(version), "01_histograms") for version in (1, 2, 3)]
    files = sorted((folder / "handed_in" / "ada" / "01_histograms").iterdir())
    assert [file.read_bytes() for file in files] == [first, *[path.read_bytes()] * 2]
    _, names = board.ask("names/now", "token-of-teacher")
    (row,) = re.findall(r'<th scope="row">ada</th>.*', names)
    assert "<td>01_histograms</td>" in row
    assert "<td>3</td>" in row
    _, packed = board.ask("handed_in.zip", "token-of-teacher")
    with zipfile.ZipFile(BytesIO(packed)) as archive:
        assert archive.namelist() == [f"ada/01_histograms/{files[-1].name}"]
        assert archive.read(*archive.namelist()) == path.read_bytes()


def shell(sources):
    return SimpleNamespace(history_manager=SimpleNamespace(input_hist_raw=["", *sources]))


def test_code_that_ran_and_was_not_saved_is_missed(kernel, tmp_path, capsys):
    path = stored(tmp_path / "01_histograms.ipynb")
    kernel.setenv("JPY_SESSION_NAME", str(path))
    ran = [NOTEBOOK.cells[0].source, 'my_blend = 1\ncheck("blend", my_blend)']
    kernel.setattr("exercises.board.get_ipython", lambda: shell(ran))
    submit()
    assert "LACKS WHAT YOU RAN LAST for blend." in capsys.readouterr().out


def test_what_cannot_be_handed_in_is_said_in_a_sentence(kernel, tmp_path):
    client = importlib.import_module("exercises.board")
    other = tmp_path / "other.ipynb"
    nbformat.write(nbformat.v4.new_notebook(), other)
    broken, large = tmp_path / "broken.ipynb", tmp_path / "large.ipynb"
    broken.write_text("{}")
    with large.open("wb") as file:
        file.truncate(client.LARGEST + 1)
    kernel.setenv("JUPYTERHUB_API_TOKEN", "token-of-eve")
    for path, says in (
        (tmp_path / "absent.ipynb", "Was the notebook renamed?"),
        (other, "has no exercise"),
        (broken, "is not a notebook"),
        (large, "at most 20 are taken"),
    ):
        with pytest.raises(client.NotHandedIn, match=re.escape(says)):
            submit(path)
    kernel.setenv("COURSE_BOARD", "http://127.0.0.1:9/")
    with pytest.raises(client.NotHandedIn, match="does not answer"):
        submit(stored(tmp_path / "1.ipynb"))


def test_name_of_a_student_is_no_path(board, folder):
    data = nbformat.writes(NOTEBOOK).encode()
    assert board.ask("handed_in", "token-of-dots", data)[0] == 200
    assert board.ask("handed_in", "token-of-script", data)[0] == 200
    names = [path.name for path in (folder / "handed_in").iterdir()]
    assert "%2E.%2F..%2F.dots" in names
    assert "%3Cscript%3Ealert(1)%3C%2Fscript%3E" in names
    assert not any(path.name.startswith(".dots") for path in folder.rglob("*"))


# Nothing acknowledged is lost ---------------------------------------------------------------------


def test_killed_board_has_kept_what_it_acknowledged(hub, tmp_path):
    """Killed while three students write; what stood there is whole, and the wall shows it again."""
    board = Board(hub, tmp_path)
    acknowledged, data = [], nbformat.writes(NOTEBOOK).encode()

    def write(name):
        with contextlib.suppress(Exception):
            for number in range(1000):
                exercise = ("histogram", "blend", "valley")[number % 3]
                if number % 10 == 0 and board.ask("handed_in", f"token-of-{name}", data)[0] == 200:
                    acknowledged.append((name, "notebook"))
                if board.tell(f"token-of-{name}", exercise=exercise)[0] == 200:
                    acknowledged.append((name, exercise))

    writers = [threading.Thread(target=write, args=(name,)) for name in ("ada", "ben", "eve")]
    for writer in writers:
        writer.start()
    wait_for(lambda: len(acknowledged) > 30)
    board.kill()
    for writer in writers:
        writer.join()
    checks = kept.Checks(f"sqlite:///{tmp_path / 'checks.sqlite'}")
    with checks.engine.connect() as connection:
        rows = connection.execute(sqlalchemy.select(kept.CHECKS)).all()
    found = [(row.student, row.exercise) for row in rows]
    files = list((tmp_path / "handed_in").glob("*/*/*.ipynb"))
    found += [(file.parts[-3], "notebook") for file in files]
    for entry in set(acknowledged):
        assert found.count(entry) >= acknowledged.count(entry)
    assert all(file.read_bytes() == data for file in files)
    assert {check.student for check in checks.of("histogram")} == {"ada", "ben", "eve"}


@pytest.mark.slow
def test_nothing_lives_on_when_the_board_is_killed(hub, tmp_path):
    """As soon as it has answered, while a process of its own still loads notebooks."""
    board = Board(hub, tmp_path)
    started = psutil.Process(board.process.pid).children(recursive=True)
    assert any("spawn_main" in " ".join(process.cmdline()) for process in started)
    board.kill()
    assert not psutil.wait_procs(started, 60)[1]


@pytest.mark.slow
def test_the_end_of_the_hub_ends_the_board_at_once(hub, tmp_path):
    """It waits for nothing that it loads, and shows no traceback."""
    board = Board(hub, tmp_path)
    board.process.send_signal(signal.SIGINT)
    assert board.process.wait(60) == -signal.SIGINT


def test_exercise_that_the_course_no_longer_has_is_passed_over(tmp_path):
    url = f"sqlite:///{tmp_path / 'checks.sqlite'}"
    checks = kept.Checks(url)
    for number, exercise in enumerate(("blend", "gone", "gone")):
        checks.add(kept.Check(f"student {number}", exercise, "correct", None, number))
    again = kept.Checks(url)
    assert again.in_hand() == "blend"
    assert set(again.last) == {"student 0"}


def test_later_check_counts_even_if_it_is_written_first(tmp_path):
    url = f"sqlite:///{tmp_path / 'checks.sqlite'}"
    checks = kept.Checks(url)
    for verdict, moment in (("wrong", 1), ("correct", 3), ("wrong", 2)):
        checks.add(kept.Check("ada", "blend", verdict, None, moment))
    for one in (checks, kept.Checks(url)):
        assert [check.verdict for check in one.of("blend")] == ["correct"]


@pytest.fixture
def disk(tmp_path):
    """A folder on a disk of 2 MB."""
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(tmp_path)]
    if subprocess.run(mount, stderr=subprocess.DEVNULL).returncode:
        pytest.skip("no file system can be mounted here")
    yield tmp_path
    subprocess.run(["umount", str(tmp_path)], check=True)


@pytest.mark.slow
def test_board_on_a_full_disk_says_so_and_goes_on_when_there_is_room(hub, disk):
    data, names = nbformat.writes(NOTEBOOK).encode(), ("ada", "ben", "eve")
    board = Board(hub, disk)
    try:
        assert board.tell("token-of-ada")[0] == board.ask("handed_in", data=data)[0] == 200
        with contextlib.suppress(OSError), (disk / "large").open("wb", buffering=0) as large:
            while large.write(bytes(2**12)):
                pass
        answers = [board.tell(f"token-of-{name}") for name in names]
        answers.append(board.ask("handed_in", data=data))
        assert {status for status, _ in answers} == {507}
        assert all("no room left" in text for _, text in answers)
        assert board.numbers() == ((1, 1), {}), "it still shows what it has"
        (disk / "large").unlink()
        assert [board.tell(f"token-of-{name}")[0] for name in names] == [200] * 3
        assert "version" in board.ask("handed_in", data=data)[1]
    finally:
        board.kill()
    checks = kept.Checks(f"sqlite:///{disk / 'checks.sqlite'}")
    checks.engine.dispose()
    assert len(checks.of("histogram")) == 3
    assert len(list(disk.rglob("*.ipynb"))) == 2
    assert not list(disk.rglob("*.part"))


def test_newer_course_is_loaded_where_an_idea_is_not_known(tmp_path, monkeypatch):
    async def ask():
        board, loads = service.Board(tmp_path), []

        def load(names):
            found = asyncio.get_running_loop().create_future()
            found.set_result({"blend": {"ideas": {"old": {}} | ({"new": {}} if loads else {})}})
            loads.extend(names)
            board.courses["01_histograms"], board.loaded["01_histograms"] = found, -math.inf

        monkeypatch.setattr(board, "load", load)
        load(["01_histograms"])
        assert "old" in (await board.known("blend", "old"))["ideas"]
        assert len(loads) == 1
        assert "new" in (await board.known("blend", "new"))["ideas"]
        assert len(loads) == 2
        board.loaded["01_histograms"] = time.monotonic()
        assert "newest" not in (await board.known("blend", "newest"))["ideas"]
        assert len(loads) == 2

    monkeypatch.setattr(service.Board, "load", lambda *_: None)
    asyncio.run(ask())


def test_full_disk_loses_nothing_and_says_so(tmp_path, monkeypatch):
    checks = kept.Checks(f"sqlite:///{tmp_path / 'checks.sqlite'}")
    sqlalchemy.event.listen(
        checks.engine, "connect", lambda one, _: one.execute("PRAGMA max_page_count = 8")
    )
    checks.engine.dispose()
    count, is_full = 0, False
    while not is_full and count < 10_000:
        try:
            checks.add(kept.Check(f"student {count}", "histogram", "correct", None, count))
            count += 1
        except kept.DiskFull:
            is_full = True
    assert is_full
    again = kept.Checks(f"sqlite:///{tmp_path / 'checks.sqlite'}")
    assert len(again.of("histogram")) == len(checks.of("histogram")) == count > 50

    def full(path, data):
        raise OSError(errno.ENOSPC, "No space left on device")

    notebooks = kept.Notebooks(tmp_path / "handed_in")
    data = nbformat.writes(NOTEBOOK).encode()
    assert notebooks.add("ada", data)[2] == 1
    monkeypatch.setattr(kept, "write_atomically", full)
    with pytest.raises(kept.DiskFull):
        notebooks.add("ada", data)
    monkeypatch.undo()
    assert notebooks.add("ada", data)[2] == 2
    monkeypatch.setattr(kept, "QUOTA", 3 * len(data) - 1)
    with pytest.raises(kept.DiskFull):
        notebooks.add("ada", data)
