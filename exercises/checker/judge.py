"""Search the smallest input on which an answer is wrong, and the idea behind the mistake."""

import warnings
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from course_utils._validation import describe
from exercises.checker.comparing import difference, fault_of_form
from exercises.checker.exercise import Misconception
from exercises.checker.running import Outcome, contained, run
from exercises.checker.searching import draw_all, find_small

SECONDS = 8  # of computing, for all calls of one check


@dataclass(frozen=True)
class Verdict:
    """What was found.

    Attributes
    ----------
    kind : str
        "unwritten", "correct", "wrong", "raised" or "slow"; "broken" if the check itself failed.
    says : str
        What is wrong, in words.
    tried : int
        Number of inputs.
    arguments, expected, got
        The smallest input found on which the answer is wrong, and the two results there.
    misconception : Misconception or None
        The one that behaves like the answer on all inputs tried.
    """

    kind: str
    says: str = ""
    tried: int = 0
    arguments: dict = field(default_factory=dict)
    expected: Any = None
    got: Any = None
    misconception: Misconception | None = None


@dataclass(frozen=True)
class _Call:
    """What an answer did on one input, what is seen of it, and what is wrong with it."""

    arguments: dict
    outcome: Outcome
    seen: Any
    expected: Any
    fault: str


def _observed(exercise, value, arguments):
    """What is compared of a returned value."""
    with np.errstate(all="ignore"), warnings.catch_warnings(action="ignore"):
        return exercise.observe(value, arguments)


def _try(exercise, function, arguments):
    """Call a function on one input; return what it did and what is seen of it.

    That is a sentence where the value cannot be observed.
    """
    outcome, seen = run(function, arguments), None
    if outcome.value is not None:
        try:
            seen = _observed(exercise, outcome.value, arguments)
        except Exception as error:
            seen = str(error)
    return outcome, seen


def _call(exercise, function, arguments):
    """Try a function on one input, and say what is wrong."""
    outcome, seen = _try(exercise, function, arguments)
    if exercise.shows:  # an image that the reader makes up has any form
        expected, form_fault = exercise.shows, ""
    else:
        right = exercise.reference(*arguments.values())
        expected = _observed(exercise, right, arguments)
        form_fault = fault_of_form(right, outcome.value)
    fault = _fault(outcome) or form_fault or difference(expected, seen, exercise.tolerance)
    if not fault and outcome.changed:
        fault = f"the result is right, but it changed its argument '{outcome.changed}'"
    return _Call(arguments, outcome, seen, expected, fault)


def _fault(outcome):
    """Say why an outcome has no value; empty if it has one."""
    if outcome.is_slow:
        return "it was stopped after a few seconds; does every loop come to an end?"
    if outcome.error is not None:
        return f"{type(outcome.error).__name__}: {outcome.error}"
    return ""


def _are_alike(call, outcome, seen, tolerance):
    """Whether a call did the same as another function: a like error, or the same value."""
    if call.outcome.error is not None or outcome.error is not None:
        return type(call.outcome.error) is type(outcome.error)
    if call.seen is None or seen is None:
        return call.seen is seen and call.outcome.is_slow == outcome.is_slow
    return call.outcome.changed == outcome.changed and not difference(seen, call.seen, tolerance)


def _is_same(value, other):
    """Whether two returned values are equal, and not None."""
    try:
        return value is not None and bool(np.array_equal(value, other))
    except Exception:  # such as dicts of arrays, which have no one answer
        return False


class _Enough(BaseException):
    """Ends a search; hypothesis catches no BaseException."""


def _key(arguments):
    """Make a hashable twin of the arguments."""
    values = [np.asarray(value) for value in arguments.values()]
    return tuple((value.shape, value.dtype.str, value.tobytes()) for value in values)


def _size(call):
    """Order inputs by what there is to read: fewer numbers first, then smaller ones."""
    values = [np.asarray(value) for value in call.arguments.values()]
    values = [np.abs(value.astype(float)) for value in values if value.dtype.kind in "biuf"]
    return sum(value.size for value in values), sum(value.sum() for value in values)


class _Trial:
    """All calls of one answer, each input once, so that the same code gets the same answer."""

    def __init__(self, exercise, function):
        self.exercise, self.function = exercise, function
        self.calls = {}
        self.seconds = 0.0
        self.uses_seed = False

    def fails(self, arguments):
        key = _key(arguments)
        if key not in self.calls:
            if self.seconds > SECONDS:
                raise _Enough
            call = _call(self.exercise, self.function, arguments)
            if not call.fault and "rng" in arguments and self._is_deaf_to_seed(call):
                call = replace(call, fault="another seed gives the same result; does it use rng?")
            self.calls[key] = call
            self.seconds += call.outcome.seconds
            if call.outcome.is_slow:
                raise _Enough
        return bool(self.calls[key].fault)

    def _is_deaf_to_seed(self, call):
        """Whether the next seed changes nothing that it changes in the reference."""
        if self.uses_seed:
            return False
        others = {**call.arguments, "rng": call.arguments["rng"] + 1}
        right = [self.exercise.reference(*given.values()) for given in (call.arguments, others)]
        if np.array_equal(*right):
            return False
        self.uses_seed = not np.array_equal(call.outcome.value, run(self.function, others).value)
        return not self.uses_seed

    def search(self):
        """Try the edge cases and a sample, which tell ideas apart; then find a small failure."""
        inputs, examples = self.exercise.inputs, self.exercise.examples.values()
        try:
            for arguments in examples if inputs is None else (*examples, *draw_all(inputs)):
                self.fails(arguments)
            if inputs is not None and any(call.fault for call in self.calls.values()):
                find_small(inputs, self.fails)
        except _Enough:
            pass
        return list(self.calls.values())

    def behaves_like(self, function):
        """Whether the answer and `function` did the same on every input tried.

        Where nothing but errors came, their sort says too little: they must have the same words.
        """
        calls = self.calls.values()
        has_value = any(call.outcome.error is None for call in calls)
        for call in calls:
            outcome, seen = _try(self.exercise, function, call.arguments)
            if not _are_alike(call, outcome, seen, self.exercise.tolerance):
                return False
            if not has_value and str(call.outcome.error) != str(outcome.error):
                return False
        return True

    def ignores_arguments(self):
        """Whether the answer returned the same value for all inputs, several in number."""
        first, *others = (call.outcome.value for call in self.calls.values())
        return bool(others) and all(_is_same(first, other) for other in others)


# fmt: off
def _dots(): ...
def _words(): """..."""
def _words_and_dots():
    """..."""
    ...
def _passes(): pass
def _words_and_pass():
    """..."""
    pass
# fmt: on


def _compiled(function):
    """What a function compiles to, and which of its constants are None: all but its docstring."""
    code = getattr(function, "__code__", None)
    return code and (code.co_code, tuple(constant is None for constant in code.co_consts))


_STUBS = set(map(_compiled, (_dots, _words, _words_and_dots, _passes, _words_and_pass)))


def is_stub(function):
    """Whether the body of a function is dots, pass, a docstring or ``return None``."""
    return _compiled(function) in _STUBS


def fault_of_ours(error):
    """Make the verdict that says: the check itself failed, and the answer may be right.

    Parameters
    ----------
    error : Exception

    Returns
    -------
    Verdict
    """
    return Verdict("broken", f"{type(error).__name__}: {error}")


def judge(exercise, function):
    """Try an answer on many inputs and say what is found.

    Parameters
    ----------
    exercise : Exercise
    function : function

    Returns
    -------
    Verdict
    """
    if not callable(function):
        says = f"pass the function itself, without parentheses, not {describe(function)}"
        return Verdict("wrong", says)
    if is_stub(function):
        return Verdict("unwritten")
    try:
        with contained():
            return _judge(exercise, function)
    except Exception as error:
        return fault_of_ours(error)


def _judge(exercise, function):
    trial = _Trial(exercise, function)
    calls = trial.search()
    failures = [call for call in calls if call.fault]
    if not failures:
        return Verdict("correct", tried=len(calls))
    worst = min(failures, key=_size)
    known = next((m for m in exercise.misconceptions if trial.behaves_like(m.function)), None)
    says = f"{worst.fault} ({worst.outcome.line})" if worst.outcome.line else worst.fault
    if not known and trial.ignores_arguments():
        says += ". It returns the same for all inputs: does it use its arguments?"
    return Verdict(
        "slow" if worst.outcome.is_slow else "raised" if worst.outcome.error else "wrong",
        says,
        len(calls),
        worst.arguments,
        worst.expected,
        worst.outcome.value if exercise.inputs is None else worst.seen,
        known,
    )
