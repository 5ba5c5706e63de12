"""The instructor's report: one student's fault costs that student's row, and nothing else."""

import csv
import ctypes
import gc
import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
import zipfile
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import numpy as np
import psutil
import pytest
from awkward import SETUP, notebook

import exercises.__main__ as command_line
from exercises.checker.catalogue import find, names_of
from exercises.grading import confining, judging, report
from exercises.grading.judging import judge_notebook
from exercises.grading.notebooks import code_cells, exercises_in

EQUALIZE = 'def my_equalize(image):\n    {}\n\n\ncheck("equalize", my_equalize)'
RIGHT = (
    "return (255 * np.searchsorted(np.sort(image, axis=None), image, side='right')"
    " // image.size).astype('u1')"
)
needs_copies = pytest.mark.skipif(
    sys.platform != "linux", reason="answers are told apart by copies"
)


def rows_of(*cells, seconds=8):
    rows = judge_notebook(notebook([SETUP, *cells]), seconds)
    return {row.exercise: row for row in rows if row.verdict != "missing"}


def write(path, *cells):
    path.parent.mkdir(exist_ok=True, parents=True)
    path.write_bytes(notebook([SETUP, *cells]))
    return path


# By hand ----------------------------------------------------------------------------------------


def test_right_wrong_and_missing():
    idea = find("histogram").misconceptions[1]
    rows = judge_notebook(
        notebook(
            [
                SETUP,
                "def below(image, level):\n    return (image <= level).sum()",
                EQUALIZE.format("return image"),
                EQUALIZE.format(f"assert below(image, 255)\n    {RIGHT}"),
                EQUALIZE.format("return image[99, 99]").replace("equalize", "blend"),
                "def my_histogram(image, levels):\n    return np.bincount(image.ravel())",
                'check("histogram", my_histogram)\nsolution("blend")',
            ]
        )
    )
    found = {row.exercise: row for row in rows}
    assert found["equalize"].verdict == "correct"
    assert found["equalize"].remarks == ["the best of 2 checks"]
    assert found["histogram"].misconception == idea.name
    assert idea.name in found["histogram"].page
    assert found["histogram"].code.startswith("def my_histogram")
    assert found["blend"].reason.startswith("TypeError")
    assert found["blend"].remarks == ["the notebook shows the solution"]
    both = names_of("01_histograms") + names_of("02_equalization")
    assert sorted(found) == sorted(both)
    assert {row.verdict for row in rows[3:]} == {"missing"}


def test_cell_that_cannot_be_read_and_answer_that_is_not_there():
    rows = rows_of(
        EQUALIZE.format("return image["),
        'check("blend", undefined)',
        "def my_psnr(image, reference, data_range):\n    return 1",
    )
    assert (rows["equalize"].verdict, rows["equalize"].reason[:11]) == (
        "syntax error",
        "SyntaxError",
    )
    assert (rows["blend"].verdict, rows["blend"].reason[:9]) == ("not defined", "NameError")
    assert rows["psnr"].verdict == "wrong here", "it needs no check"


def test_cells_of_the_course_run_only_if_an_answer_needs_them():
    course = Path(__file__).resolve().parents[2] / "notebooks" / "01_histograms.ipynb"
    cells = code_cells(course.read_bytes())
    answer = "def my_find_bin_fault():\n    return levels_of"
    rows = rows_of("levels_of = np.array([[255]], np.uint8)", answer)
    assert rows["find_bin_fault"].verdict == "correct"
    changed = [
        c.replace("    ...", "    return padded_histogram") for c in cells if "bin_fault" in c
    ]
    assert "is not defined" not in rows_of(*changed)["find_bin_fault"].reason, "a deleted cell"


# One student's fault ----------------------------------------------------------------------------

FAULTS = {
    "histogram": ("...", "not written yet"),
    "darkest_share": ("return np.ones(10**11)", "raised an error"),
    "channel_histograms": ("open('f', 'wb').truncate(10**9)", "raised an error"),
    "find_blind_test": ("import os; os._exit(0)", "raised an error"),
    "find_bin_fault": ("import ctypes; ctypes.string_at(0)", "raised an error"),
    "equalization_map": ("import os; [os.write(n, b'{}') for n in (1, 2)]; return 0", "wrong here"),
    "equalize": ("import os; os.closerange(0, 99)", "raised an error"),
    "equalize_full_range": ("raise SystemExit", "raised an error"),
    "match_histogram": ("return sum(iter(int, 1))", "too slow or endless"),
    "equalize_luminance": ("np.argmax = np.ndarray = None; return 1", "raised an error"),
    "compress_contrast": ("import os; os.kill(os.getppid(), 9); os._exit(1)", "raised an error"),
    "find_color_twins": ("raise KeyboardInterrupt", "raised an error"),
    "find_lost_level": ("return np.arange(6, dtype=np.uint8)[None]", "correct"),
}


@needs_copies
@pytest.mark.slow
def test_fault_costs_one_row():
    cells = [
        f"def answer(*image):\n    {body}\n\n\ncheck('{name}', answer)"
        for name, (body, _) in FAULTS.items()
    ]
    found = {name: row.verdict for name, row in rows_of(*cells).items()}
    assert found == {name: verdict for name, (_, verdict) in FAULTS.items()}


@needs_copies
def test_answer_that_writes_to_every_descriptor_costs_its_row():
    body = """import os
    for n in range(99):
        try: os.write(n, b"{}\\n[")
        except OSError: pass"""
    rows = rows_of(EQUALIZE.format(body), EQUALIZE.format("...").replace("equalize", "histogram"))
    assert rows["equalize"].verdict == "raised an error"
    assert rows["histogram"].verdict == "not written yet"


@needs_copies
def test_nothing_that_an_answer_starts_is_left():
    body = """import os, time
    child = os.fork()
    if child == 0:
        os.setsid()
        time.sleep(900)
    open("large", "wb").write(bytes(10**6))
    raise ValueError(f"{child} {os.getcwd()}")"""
    row = rows_of(EQUALIZE.format(body))["equalize"]
    process, folder = row.reason.removeprefix("ValueError: ").split()[:2]
    assert not psutil.pid_exists(int(process))
    assert Path(folder).name.startswith("notebook-")
    assert not Path(folder).exists()


@pytest.mark.parametrize("content", [b"", b'{"cells": [', bytes(range(256)), b"[]", b"[" * 10**5])
def test_damaged_notebook_is_a_row(content):
    (row,) = judge_notebook(content)
    assert (row.exercise, row.verdict) == ("", "unreadable")


def test_cells_of_one_name_are_no_news_for_a_teacher(recwarn):
    made = json.loads(notebook([SETUP, EQUALIZE.format("...")]))
    for cell in made["cells"]:
        cell["id"] = "copied"
    assert len(code_cells(json.dumps(made).encode())) == 2
    assert not recwarn.list


def test_notebook_without_exercises():
    (row,) = judge_notebook(notebook(["x = 1"]))
    assert row.verdict == "no exercises"


# A whole notebook ---------------------------------------------------------------------------------

FOR_EVER = {
    "cells": """import time
end = time.process_time() + 0.9
while time.process_time() < end: pass""",
    "checks": """def f(image):
    import time
    end = time.process_time() + 0.02
    while time.process_time() < end: pass
    return image
for _ in range(99): check('equalize_full_range', f)""",
    "messages": """import gc
(judge,) = [o for o in gc.get_objects() if type(o).__name__ == '_Judge']
while True: judge.socket.sendall(b'{}\\n')""",
}
IDLE = {
    "sleep": "import time\ntime.sleep(1)",
    "drip": """import gc, time
(judge,) = [o for o in gc.get_objects() if type(o).__name__ == '_Judge']
while True:
    judge.socket.sendall(b' ')
    time.sleep(0.1)""",
}
LAST = EQUALIZE.format("...").replace("equalize", "blend")


@needs_copies
@pytest.mark.slow
@pytest.mark.parametrize("kind", FOR_EVER)
def test_notebook_that_computes_for_ever_is_judged_so_far(kind):
    cells = [SETUP, EQUALIZE.format(RIGHT), *[FOR_EVER[kind]] * 40, LAST]
    found = {row.exercise: row for row in judge_notebook(notebook(cells), most=3)}
    assert (found["equalize"].verdict, found["equalize"].remarks) == ("correct", [])
    assert found["blend"].verdict == judging.NOT_JUDGED
    assert found["blend"].reason == "the notebook has used up its 3 seconds"


@needs_copies
@pytest.mark.slow
@pytest.mark.parametrize("cell", IDLE.values(), ids=IDLE)
def test_notebook_that_waits_for_ever_is_given_up(cell, monkeypatch):
    monkeypatch.setattr(judging, "PATIENCE", 0.5)
    found = {
        row.exercise: row for row in judge_notebook(notebook([SETUP, *[cell] * 40, LAST]), most=4)
    }
    assert found["blend"].verdict == judging.NOT_JUDGED


def test_later_answer_that_was_not_judged_is_a_remark(monkeypatch):
    monkeypatch.setattr(judging, "CHECKS", 2)
    cells = [EQUALIZE.format("return image")] * 2 + [EQUALIZE.format(RIGHT)]
    row = rows_of(*cells)["equalize"]
    assert row.verdict == "wrong here"
    assert row.remarks[-1].endswith("the notebook calls check more than 2 times")


@pytest.mark.parametrize("line", ["\n", "check('x{}', 0)\n", "def my_x{}(): pass\n"])
def test_hundred_thousand_lines_are_read_at_once(line):
    text = "".join(line.format(number) for number in range(10**5))
    before = time.thread_time()
    assert exercises_in(text + "def my_blend(): ...") == ["blend"]
    assert time.thread_time() - before < 5, "it took minutes"


@needs_copies
@pytest.mark.slow
def test_program_that_an_answer_has_stopped_is_ended(monkeypatch):
    monkeypatch.setattr(judging, "END_SECONDS", 0.5)
    assert rows_of(EQUALIZE.format("..."))["equalize"].verdict == "not written yet"
    program = judging._runner().program
    program.send_signal(signal.SIGSTOP)
    judging._runner().end()
    assert program.returncode == -signal.SIGKILL
    assert rows_of(EQUALIZE.format("..."))["equalize"].verdict == "not written yet"


# Nobody gets a verdict by reading the source ------------------------------------------------------

FORGERIES = {
    "imports the solution": "from exercises.ex02_equalization.equalize import my_equalize as f",
    "imports it once more": """import sys
for name in [n for n in sys.modules if n.startswith('exercises')]: del sys.modules[name]
from exercises.ex02_equalization.equalize import my_equalize as f""",
    "imports it by its path": f"""import importlib.util
path = {str(Path(report.__file__).parents[1] / "ex02_equalization" / "equalize.py")!r}
spec = importlib.util.spec_from_file_location('x', path)
module = importlib.util.module_from_spec(spec); spec.loader.exec_module(module)
f = module.my_equalize""",
    "asks another Python": """import subprocess, sys
code = 'import inspect, exercises.ex02_equalization.equalize as e; print(inspect.getsource(e))'
space = {}
exec(subprocess.run([sys.executable, '-c', code], capture_output=True, text=True).stdout, space)
f = space['my_equalize']""",
    "patches the judge": """import exercises.checker.judge as j
j._fault = j.difference = j.fault_of_form = lambda *_: ''
f = lambda image: image""",
    "patches what compares": """np.array_equal = np.all = np.equal = np.isclose = lambda *_: True
f = lambda image: image""",
    "walks the frames": """import sys
def f(image):
    frame = sys._getframe()
    while frame:
        for value in [*frame.f_locals.values(), *frame.f_globals.values()]:
            if hasattr(value, 'reference') or hasattr(value, 'EXERCISE'):
                return value.reference(image)
        frame = frame.f_back
    return image""",
    "asks the collector": """import gc
def f(image):
    for thing in gc.get_objects():
        if type(thing).__name__ == 'Exercise': return thing.solution(image)
    return image""",
    "is equal to everything": """class Equal(np.ndarray):
    def __eq__(self, other): return np.ones(np.shape(other), bool)
    def __array_ufunc__(self, *_, **__): return np.True_
    def __array_function__(self, *_): return True
def f(image): return image.view(Equal)""",
    "speaks for the report": """import json, sys
def f(image):
    for word in (b'correct', b'{"done": true}\\n'):
        for n in range(3, 30):
            try: __import__('os').write(n, word)
            except OSError: pass
    return image""",
}


@needs_copies
@pytest.mark.parametrize("code", FORGERIES.values(), ids=FORGERIES)
def test_forged_answer_is_not_correct(code):
    rows = rows_of(code, 'check("equalize", f)', EQUALIZE.format("return image"))
    assert rows["equalize"].verdict != "correct"


SOLUTION = Path(report.__file__).parents[1] / "ex02_equalization" / "equalize.py"
REACHES = {  # what Python's audit hook does not see, or takes for something else
    "the solution, folder by folder": f"""place = os.open("/", os.O_RDONLY)
for part in {SOLUTION.parts[1:]!r}: place = os.open(part, os.O_RDONLY, dir_fd=place)""",
    "the solution by C": f"""assert C.open({bytes(SOLUTION)!r}, 0) >= 0""",
    "the solution by another name": f"""os.link({str(SOLUTION)!r}, "mine"); open("mine").read()""",
    "the solution moved": f"""os.rename({str(SOLUTION)!r}, "mine"); open("mine").read()""",
    "the tests": f"""open({str(Path(__file__).with_name("answers.py"))!r}).read()""",
    "other students' files": """os.listdir(f"/proc/{os.getppid()}/cwd/")""",
    "other students' answers": """os.listdir("..")""",
    "the judge's memory": """open(f"/proc/{JUDGE}/mem", "rb").read(1)""",
    "what the judge hears": """os.open(f"/proc/{os.getppid()}/fd/1", os.O_WRONLY)""",
    "the end of the judge": """os.kill(JUDGE, 0)""",
    "the course": f"""open({str(SOLUTION.parents[2] / "course_utils" / "new.py")!r}, "w")""",
    "the journal": f"""open({str(Path.cwd() / "journal.jsonl")!r}, "a")""",
    "Python": """open(np.__file__, "a")""",
    "a program": """assert C.execv(b"/bin/true", (ctypes.c_char_p * 2)(b"true", None)) == 0""",
}
HAS_LANDLOCK = sys.platform == "linux" and ctypes.CDLL(None).syscall(444, None, 0, 1) >= 6
needs_landlock = pytest.mark.skipif(
    not HAS_LANDLOCK, reason="Linux's Landlock, of version 6, keeps answers to their own files"
)


@needs_landlock
def test_data_that_are_links_are_read(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "data"))
    for name in ("elsewhere/raw/images", "secret"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "MNIST").symlink_to(tmp_path / "elsewhere")
    judging._of_thread.__dict__.clear()  # its process knows another folder
    read = f"raise ValueError(open({str(tmp_path)!r} + '/' + {{!r}}).read())"
    rows = rows_of(
        EQUALIZE.format(read.format("data/MNIST/raw/images")),
        EQUALIZE.format(read.format("secret")).replace("equalize", "equalize_full_range"),
    )
    judging._of_thread.__dict__.clear()
    assert rows["equalize"].reason.startswith("ValueError: elsewhere/raw/images")
    assert rows["equalize_full_range"].reason.startswith("PermissionError")


@needs_landlock
def test_system_keeps_an_answer_to_its_own_files():
    tries = [
        f"try:\n    {code.replace(chr(10), chr(10) + '    ')}\n    done.append({name!r})\n"
        "except (OSError, AssertionError, psutil.AccessDenied): pass"
        for name, code in REACHES.items()
    ]
    own = """from course_utils.images import load_image
open("mine.txt", "w").write("mine")
assert open("mine.txt").read() == "mine" and load_image("coffee").size and os.listdir(".")
answer = lambda image: {}[", ".join(done) or "nothing"]"""
    head = "import ctypes, os, psutil\nC, done = ctypes.CDLL(None), []\n"
    head += "JUDGE = psutil.Process().parents()[1].pid"
    rows = rows_of("\n".join([head, *tries]), own, 'check("equalize", answer)')
    assert rows["equalize"].reason.startswith("KeyError: 'nothing'")


SPEAKS = {
    "of cells that are none": "{'cell': []}\n[",
    "of no cell": "{'unreadable': 10**9, 'reason': 3}",
    "of no check": "{'check': 'blend', 'cell': 'x'}",
    "without end": "[" * 10**5,
}


@needs_copies
@pytest.mark.parametrize("message", SPEAKS.values(), ids=SPEAKS)
def test_notebook_that_speaks_to_the_judge_costs_itself_only(message):
    speak = """import gc
(judge,) = [o for o in gc.get_objects() if type(o).__name__ == '_Judge']
message = {!r}
judge.socket.sendall(message.replace("'", '"').replace("10**9", "999999").encode() + b"\\n")"""
    rows = rows_of(speak.format(message), EQUALIZE.format(RIGHT))
    assert rows["equalize"].verdict == "correct"


def test_folder_that_is_hidden_is_left_out(tmp_path):
    for name in ("a/hidden/x", "a/b", "c"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "a" / "loop").symlink_to(tmp_path)
    hidden = tmp_path / "a" / "hidden"
    found = sorted(confining.without(tmp_path, hidden))
    assert found == [tmp_path / "a" / "b", tmp_path / "c"]
    assert confining.without(tmp_path / "c", hidden) == [tmp_path / "c"]
    assert confining.without(hidden / "x", hidden) == [hidden / "x"]


# Elsewhere than on Linux --------------------------------------------------------------------------

ELSEWHERE = """import os, psutil, runpy, signal, sys, sysconfig
sysconfig.get_config_vars()  # which lie in a file that is named after the system
sys.platform = "darwin"
if {is_windows}:
    del os.fork, os.killpg, signal.setitimer, signal.SIGKILL, signal.SIGALRM
    sys.modules["resource"] = None
runpy.run_path({program!r}, run_name="__main__")
"""
ENDS = {
    "blend": ("import os; os._exit(3)", "raised an error"),
    "histogram": ("return sum(iter(int, 1))", "too slow or endless"),
    "channel_histograms": ("import os; os.write(1, bytes(10**6)); return 0", "wrong here"),
    "cumulative_distribution": ("while True: pass", "too slow or endless"),
    "darkest_share": ("print('x' * 10**7); return input()", "raised an error"),
}


@pytest.mark.slow
@pytest.mark.parametrize("is_windows", [False, True], ids=["macOS", "Windows"])
def test_without_copies(tmp_path, monkeypatch, is_windows):
    """One process runs a notebook, and what ends it costs one answer."""
    program = tmp_path / "student.py"
    program.write_text(ELSEWHERE.format(is_windows=is_windows, program=str(judging.PROGRAM)))
    monkeypatch.setattr(judging, "PROGRAM", program)
    monkeypatch.setattr(judging, "times", lambda process: (0, 0))
    monkeypatch.setattr(sys, "platform", "darwin")
    judging._of_thread.__dict__.clear()
    cells = [
        f"def answer(*image):\n    {body}\n\n\ncheck('{name}', answer)"
        for name, (body, _) in ENDS.items()
    ]
    found = rows_of(*cells, EQUALIZE.format(RIGHT), seconds=3)
    judging._of_thread.__dict__.clear()
    expected = {name: verdict for name, (_, verdict) in ENDS.items()}
    assert {name: row.verdict for name, row in found.items()} == {
        **expected,
        "equalize": "correct",
    }


WINDOWS = """import os, runpy, signal, sys
import exercises.__main__, exercises.grading.judging as judging
sys.platform = "darwin"
for name in ("fork", "forkpty", "killpg", "setsid", "setpgid", "geteuid", "sched_getaffinity"):
    delattr(os, name)
for name in ("SIGALRM", "SIGPROF", "SIGHUP", "setitimer", "getitimer", "pause"):
    delattr(signal, name)
for name in ("resource", "fcntl", "pwd", "termios"):
    sys.modules[name] = None
judging.times = lambda process: (0, 0)
judging.PROGRAM = judging.Path({program!r})
if __name__ == "__main__":
    exercises.__main__.main()
"""


@pytest.mark.slow
def test_report_without_what_unix_has(tmp_path):
    """The report's own processes as well, which begin anew."""
    (tmp_path / "student.py").write_text(
        ELSEWHERE.format(is_windows=True, program=str(judging.PROGRAM))
    )
    (tmp_path / "report.py").write_text(WINDOWS.format(program=str(tmp_path / "student.py")))
    write(tmp_path / "ada.ipynb", EQUALIZE.format(RIGHT))
    write(tmp_path / "ben.ipynb", EQUALIZE.format("return sum(iter(int, 1))"))
    arguments = ["report", "*.ipynb", "--csv", "t.csv", "--timeout", "3", "--html", "page"]
    done = subprocess.run(
        [sys.executable, "report.py", *arguments], cwd=tmp_path, capture_output=True, text=True
    )
    rows = [row for row in table(tmp_path / "t.csv") if row["exercise"] == "equalize"]
    found = {row["student"]: row["verdict"] for row in rows}
    assert found == {"ada": "correct", "ben": "too slow or endless"}, done.stderr
    assert done.returncode == 0, done.stderr


def test_windows_has_fewer_processes(monkeypatch):
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(ValueError, match="61"):
        report.ProcessPoolExecutor(62)
    report.Pool(62).end()


# Journal, Ctrl-C, executors -----------------------------------------------------------------------


def command(*arguments, folder, **options):
    line = [sys.executable, "-m", "exercises", "report", *map(str, arguments)]
    return subprocess.run(line, capture_output=True, text=True, cwd=folder, **options)


def table(path):
    with open(path, newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


@pytest.mark.slow  # two runs of the command
def test_command_in_the_students_folder(tmp_path):
    students = tmp_path / "学生"
    write(students / "ada, the first" / "b.ipynb", EQUALIZE.format(RIGHT))
    write(students / "=ben" / "b.ipynb", EQUALIZE.format("return image["))
    write(students / os.fsdecode(b"not utf-8 \xff") / "b.ipynb", EQUALIZE.format("..."))
    (students / "loop.ipynb").symlink_to("loop.ipynb")
    for name in ("random", "json", "pickle", "numpy"):
        (students / f"{name}.py").write_text("raise SystemExit('a file of a student')")
    outputs = ["--csv", "a.csv", "--wide", "w.csv", "--html", "page", "--feedback", "f.zip"]
    done = command(".", *outputs, "--jobs", "1", folder=students)
    assert done.returncode == 1, done.stderr
    assert "loop.ipynb is unreadable: OSError" in done.stderr
    found = {
        row["student"]: row for row in table(students / "a.csv") if row["verdict"] != "missing"
    }
    assert found["ada, the first"]["verdict"] == "correct"
    assert found["'=ben"]["reason"].startswith("SyntaxError")
    assert found["not utf-8 \N{REPLACEMENT CHARACTER}"]["verdict"] == "not written yet"
    assert found["loop"]["verdict"] == "unreadable"
    page = (students / "page" / "index.html").read_text(encoding="utf-8")
    assert "ada, the first" in page
    assert "http" not in page
    with zipfile.ZipFile(students / "f.zip") as archive:
        assert len(archive.namelist()) == 4

    environment = {"PYTHONIOENCODING": "cp1252", "PYTHONPROFILEIMPORTTIME": "1"}
    printed = command(".", folder=students, env={**os.environ, **environment}, encoding="cp1252")
    assert "ada, the first" in printed.stdout
    assert "import time" in printed.stderr
    assert "torch" not in printed.stderr, "half a gigabyte that the report does not need"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--csv", "nowhere/a.csv"], "nowhere"),
        (["--csv", "c.txt"], "c.txt exists already"),
        (["--student", "("], "regular expression"),
        (["--student", "ada"], "group"),
        (["--roster", "absent.csv"], "absent.csv"),
        (["--journal", "c.txt"], "no journal"),
        (["--weights", "c.txt"], "blend = 2"),
        (["--executor", "nothing:here"], "nothing"),
        (["--jobs", "0"], "at least 1"),
        (["--timeout", "0"], "above 0"),
        (["--notebook-timeout", "nan"], "above 0"),
    ],
)
def test_bad_arguments_are_named_before_anything_runs(
    tmp_path, monkeypatch, capsys, arguments, says
):
    (tmp_path / "c.txt").write_text("no number")
    write(tmp_path / "a.ipynb", EQUALIZE.format(RIGHT))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.setattr(sys, "argv", ["report", "report", "a.ipynb", *arguments])
    monkeypatch.setattr(command_line, "judge_all", lambda *_: pytest.fail("it runs"))
    with pytest.raises(SystemExit) as end:
        command_line.main()
    assert end.value.code
    assert says in f"{capsys.readouterr().err}{end.value.code}"


class Submitted:
    """A submission that counts how often it is read."""

    def __init__(self, name, data=b"{}"):
        self.student = self.path = name
        self.data = data

    def read(self):
        return self.data


def judge_all(submissions, path, function=None, monkeypatch=None, jobs=2):
    if function:
        monkeypatch.setattr(report, "judge_notebook", lambda data, *limits: function(data))
    journal = report.Journal(path, 30, 600)
    return report.judge_all(submissions, journal, lambda: ThreadPoolExecutor(jobs), jobs)


def test_journal_is_continued(tmp_path, monkeypatch):
    judged = []

    def judge(data):
        judged.append(data)
        return [report.Row("blend", "correct")]

    names = [str(number) for number in np.random.default_rng(0).permutation(9)]
    submissions = [Submitted(name, name.encode()) for name in names]
    path = tmp_path / "journal.jsonl"
    judge_all(submissions[:5], path, judge, monkeypatch)
    with path.open("ab") as file:
        file.write(b'{"key": "cut off')
    twin = Submitted("twin", names[8].encode())
    done, is_whole = judge_all([*submissions, twin], path, judge, monkeypatch)
    assert [submission.student for submission, _ in done] == [*names, "twin"]
    assert is_whole
    assert sorted(judged) == sorted(name.encode() for name in names), "each once"
    again, _ = judge_all([*submissions, twin], path, None)
    assert again == done
    keys = {report.Journal(path, 30, most).key(b"1") for most in (600, 900)}
    assert len(keys) == 2, "with more time, a notebook may be judged to its end"


def test_notebook_that_was_not_judged_to_its_end_is_said(tmp_path, monkeypatch, capsys):
    write(tmp_path / "ada.ipynb", EQUALIZE.format(RIGHT))
    rows = [report.Row("blend", "correct"), report.Row("equalize", judging.NOT_JUDGED)]
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["report", "report", "ada.ipynb"])
    monkeypatch.setattr(command_line, "judge_all", lambda found, *_: ([(found[0], rows)], True))
    with pytest.raises(SystemExit) as end:
        command_line.main()
    assert end.value.code == 1
    assert capsys.readouterr().err == "not judged to the end: ada\n"


def test_journal_touches_no_other_file(tmp_path):
    (tmp_path / "essay.txt").write_text("I wrote this.\n")
    with pytest.raises(ValueError, match="no journal"):
        report.Journal(tmp_path / "essay.txt", 30)
    assert (tmp_path / "essay.txt").read_text() == "I wrote this.\n"


@needs_copies
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_who_stops_the_report_keeps_what_is_done(tmp_path, monkeypatch, number):
    is_over = threading.Event()

    def judge(data):
        if data == b"c":
            os.kill(os.getpid(), number)
            is_over.wait()
        return [report.Row("blend", "correct")]

    submissions = [Submitted(name, name.encode()) for name in "abcd"]
    path, before = tmp_path / "journal.jsonl", signal.getsignal(number)
    done, is_whole = judge_all(submissions, path, judge, monkeypatch, jobs=1)
    is_over.set()
    assert ([submission.student for submission, _ in done], is_whole) == (["a", "b"], False)
    assert signal.getsignal(number) is before
    assert len(report.Journal(path).rows) == 2


@needs_copies
@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_nothing_runs_on_when_the_report_is_stopped(tmp_path, number):
    for name in "ab":
        write(tmp_path / f"{name}.ipynb", EQUALIZE.format(f"return image  # {name}"))
    write(tmp_path / "c.ipynb", EQUALIZE.format("import time; time.sleep(900)"))
    line = [sys.executable, "-m", "exercises", "report", "a.ipynb", "b.ipynb", "c.ipynb"]
    process = subprocess.Popen(
        [*line, "--jobs", "1", "--csv", "t.csv"], cwd=tmp_path, stderr=subprocess.PIPE, text=True
    )
    journal = tmp_path / "journal.jsonl"
    while not journal.exists() or journal.read_bytes().count(b'"key"') < 2:
        assert process.poll() is None
        time.sleep(0.1)
    time.sleep(1)  # the third has begun
    started = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(number)
    _, says = process.communicate(timeout=120)
    assert process.returncode == 130
    assert "2 of 3 notebooks are judged" in says
    assert {row["notebook"] for row in table(tmp_path / "t.csv")} == {"a.ipynb", "b.ipynb"}
    assert len(started) >= 3, "the pool's process, the one that runs notebooks, and its copies"
    assert psutil.wait_procs(started, 60)[1] == []


class Breaks(ThreadPoolExecutor):
    """An executor that breaks at one notebook, as processes do that somebody kills."""

    def submit(self, function, data, *limits):
        if data != b"deadly":
            return super().submit(function, data, *limits)
        future = Future()
        future.set_exception(BrokenProcessPool())
        return future


def test_notebook_that_breaks_the_pool_costs_its_row_only(tmp_path, monkeypatch):
    monkeypatch.setattr(report, "judge_notebook", lambda *_: [report.Row("blend", "correct")])
    submissions = [Submitted(name, name.encode()) for name in ("a", "b", "deadly", "c")]
    journal = report.Journal(tmp_path / "journal.jsonl", 30)
    done, is_whole = report.judge_all(submissions, journal, lambda: Breaks(2), 2)
    found = {submission.student: rows[0].verdict for submission, rows in done}
    assert found == {"a": "correct", "b": "correct", "c": "correct", "deadly": report.CRASHED}
    assert is_whole
    assert len(report.Journal(journal.path, 30).rows) == 3, "a crash may pass: it is tried again"


@needs_copies
@pytest.mark.slow
def test_answer_that_ends_the_report_s_own_process_costs_its_row(tmp_path):
    deadly = """import psutil
    for parent in psutil.Process().parents():
        if "spawn_main" in " ".join(parent.cmdline()): parent.kill()
    return image"""
    write(tmp_path / "a.ipynb", EQUALIZE.format(deadly))
    write(tmp_path / "b.ipynb", EQUALIZE.format("return image"))
    done = command("a.ipynb", "b.ipynb", "--csv", "t.csv", "--jobs", "2", folder=tmp_path)
    found = {row["notebook"]: row["verdict"] for row in table(tmp_path / "t.csv")[::-1]}
    assert "wrong here" in [row["verdict"] for row in table(tmp_path / "t.csv")], done.stderr
    assert found["a.ipynb"] == ("raised an error" if HAS_LANDLOCK else report.CRASHED)


EXECUTORS = {
    "concurrent.futures": """from concurrent.futures import ProcessPoolExecutor
def executor():
    return ProcessPoolExecutor(2)
""",
    "dask": """from dask.distributed import Client, LocalCluster
def executor():
    executor.client = Client(LocalCluster(2, threads_per_worker=1, dashboard_address=None))
    return executor.client.get_executor()
""",
}


@needs_copies
@pytest.mark.slow
@pytest.mark.parametrize("engine", EXECUTORS)
def test_executor_of_another_engine(tmp_path, engine):
    if engine == "dask":
        pytest.importorskip("distributed")
    (tmp_path / "cluster.py").write_text(EXECUTORS[engine])
    for name, body in {"a": RIGHT, "b": "return image", "c": "return image[9, 9]"}.items():
        write(tmp_path / f"{name}.ipynb", EQUALIZE.format(body))
    arguments = ["*.ipynb", "--executor", "cluster:executor", "--csv", "t.csv"]
    done = command(*arguments, folder=tmp_path)
    found = [row["verdict"] for row in table(tmp_path / "t.csv") if row["verdict"] != "missing"]
    assert found == ["correct", "wrong here", "raised an error"], done.stderr
    assert done.returncode == 0


def test_processors_of_a_container(tmp_path):
    (tmp_path / "cpu.max").write_text("150000 100000\n")
    assert report._quota(tmp_path) == 1.5
    (tmp_path / "cpu.max").write_text("max 100000\n")
    assert report._quota(tmp_path) is None
    assert 1 <= report.processors() <= os.cpu_count()


def test_rows_are_plain_data():
    (row,) = judge_notebook(b"")
    assert json.loads(json.dumps(vars(row))) == vars(row)
    assert io.StringIO(repr(row))


def test_thread_that_has_judged_leaves_no_program_behind():
    before = set(psutil.Process().children())
    thread = threading.Thread(target=rows_of, args=[EQUALIZE.format("return image")])
    thread.start()
    thread.join()
    gc.collect()
    assert set(psutil.Process().children()) <= before
