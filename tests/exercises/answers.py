"""What the tests of exercises share."""

import sys
from pathlib import Path

import numpy as np
import pytest

from exercises.checker.cards import Card
from exercises.checker.catalogue import find
from exercises.checker.comparing import difference
from exercises.checker.judge import Verdict

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
EQUALIZE = find("equalize")
only_where_processes_fork = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux")


def endless_and_deaf(image):
    while True:
        try:
            image = image.copy()
        except:  # noqa: E722
            pass


def largest_side(arguments):
    return max((max(np.shape(value), default=0) for value in arguments.values()), default=0)


def card_of(expected, got, **arguments):
    verdict = Verdict("wrong", difference(expected, got, 1e-6), 1, arguments, expected, got)
    return Card(EQUALIZE, verdict)
