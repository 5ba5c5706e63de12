"""Names lead to exercises and quizzes, and load no more than these need."""

import subprocess
import sys

import pytest

from exercises import check, hint, quiz, solution
from exercises.checker.catalogue import all_names, find, names_of, notebooks


def test_names_are_those_of_the_files():
    assert notebooks()[1] == "02_equalization"
    assert "equalize" in names_of("02_equalization")
    assert not {"quiz", "shared", "__init__"} & set(all_names())


def test_only_notebooks_with_networks_wait_for_torch():
    lines = ["import sys", "from exercises import check, hint, quiz, solution"]
    for notebook in notebooks():
        if notebook[:2] not in ("05", "08"):
            last = names_of(notebook)[-1]
            lines.append(f"check({last!r}, lambda *_: None), hint({last!r})")
            lines.append(f"quiz({notebook!r}, 'after')")
            lines.append(f"assert 'torch' not in sys.modules, {notebook!r}")
    done = subprocess.run([sys.executable, "-c", "\n".join(lines)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_hints_come_in_steps(capsys):
    for number in (1, 2, 3, 3):
        hint("equalize")
        assert capsys.readouterr().out.startswith(f"Hint {number} of 3: ")


def test_solution_is_shown(capsys):
    solution("equalize")
    assert "def my_equalize" in capsys.readouterr().out


@pytest.mark.parametrize("show", [hint, solution, lambda name: check(name, None)])
def test_unknown_name_is_answered(show):
    with pytest.raises(ValueError, match="such as equalize, not 'equalise'"):
        show("equalise")
    with pytest.raises(ValueError, match=f"such as {', '.join(all_names())}, not 'x'"):
        show("x")
    with pytest.raises(TypeError, match="name"):
        show(7)


@pytest.mark.parametrize(
    ("notebook", "when", "says"),
    [
        ("02", "after", "one of 01_histograms"),
        ("02_equalization", "now", '"before" or "after"'),
    ],
)
def test_unknown_quiz_is_answered(notebook, when, says):
    with pytest.raises(ValueError, match=says):
        quiz(notebook, when)


def test_exercise_is_named_by_its_file_and_its_folder():
    exercise = find("equalize")
    assert (exercise.name, exercise.notebook) == ("equalize", "02_equalization")
