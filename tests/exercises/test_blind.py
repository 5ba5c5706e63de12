"""Answers written blind: the right ones are accepted, wrong ones refused, and no name is false."""

import pytest
from blind_answers import RIGHT, WRONG

from exercises.checker.cards import Card
from exercises.checker.catalogue import find
from exercises.checker.judge import judge


@pytest.mark.slow
@pytest.mark.parametrize("name", RIGHT)
def test_right_answers_are_accepted(name):
    exercise = find(name)
    for number, answer in enumerate(RIGHT[name]):
        verdict = judge(exercise, answer)
        assert verdict.kind == "correct", f"{number}: {Card(exercise, verdict)}"


@pytest.mark.slow
@pytest.mark.parametrize("name", WRONG)
def test_wrong_answers_are_refused_and_named_rightly(name):
    exercise = find(name)
    for number, (idea, answer) in enumerate(WRONG[name]):
        verdict = judge(exercise, answer)
        named = verdict.misconception and verdict.misconception.name
        assert verdict.kind != "correct", f"{name} {number} passes"
        assert named == idea, f"{name} {number}: {Card(exercise, verdict)}"
