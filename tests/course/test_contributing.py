"""The exercise that CONTRIBUTING.md shows works as it stands there."""

import re

from write_facts import ROOT, read

from exercises.checker.judge import judge


def test_exercise_shown_to_contributors_works():
    page = read(ROOT / "CONTRIBUTING.md")
    module = {"__name__": "exercises.ex01_histograms.negative"}
    exec(re.search(r"```python\n(.*?)```", page, re.S)[1], module)
    exercise = module["EXERCISE"]
    assert judge(exercise, exercise.solution).kind == "correct"
    assert len(exercise.misconceptions) >= 6
    for wrong in exercise.misconceptions:
        assert judge(exercise, wrong.function).misconception is wrong, wrong.name
