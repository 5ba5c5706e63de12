"""The students' version: it has no outputs, and of an exam's exercises nothing but the text."""

import inspect
import subprocess
import sys

import nbformat
import pytest

from exercises.checker.catalogue import find
from exercises.grading.release import release

TRY = """from exercises import check, hint, solution
from exercises.checker.catalogue import find_questions
def f(image, share): return 3
for show in (hint, solution): show("darkest_share")
check("darkest_share", f)
check("blend", lambda first, second: first)
print(len(find_questions("01_histograms", "after")))
"""


@pytest.mark.slow
def test_exam_is_released_without_its_answers(tmp_path):
    exercise = find("darkest_share")
    assert release(tmp_path / "course", ["darkest_share"]) == []
    secrets = [inspect.getsource(exercise.solution), inspect.getsource(exercise.reference)]
    secrets += exercise.hints
    files = [p for p in (tmp_path / "course").rglob("*") if p.suffix in (".py", ".ipynb", ".md")]
    text = "\n".join(path.read_text("utf-8") for path in files)
    assert not [secret for secret in secrets if secret.strip() in text]
    assert find("blend").hints[0] in text, "the others are as they were"
    done = subprocess.run(
        [sys.executable, "-P", "-c", TRY],
        env={"PYTHONPATH": str(tmp_path / "course"), "PATH": ""},
        capture_output=True,
        text=True,
    )
    lines = done.stdout.splitlines()
    assert lines[0].startswith("darkest_share belongs to the exam"), done.stderr
    assert lines[:3] == lines[:1] * 3
    assert lines[3].startswith("blend: wrong here")
    assert lines[-1] == "5"
    book = nbformat.read(tmp_path / "course" / "notebooks" / "01_histograms.ipynb", 4)
    assert not any(cell.get("outputs") for cell in book.cells)
    assert any('check("darkest_share"' in cell.source for cell in book.cells)


def test_release_refuses_what_would_be_a_lie_or_a_loss(tmp_path):
    with pytest.raises(ValueError, match="'blnd' is none"):
        release(tmp_path / "a", ["blnd"])
    with pytest.raises(ValueError, match="cumulative_distribution uses its answer"):
        release(tmp_path / "a", ["histogram"])
    assert list(tmp_path.iterdir()) == [], "nothing half written"
    with pytest.raises(FileExistsError, match="remove it"):
        release(tmp_path)
