"""Search the smallest input on which an answer is wrong, and the idea behind the mistake."""

import dis
import numbers
import types
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from course_utils._validation import describe, in_short, is_array
from course_utils.exercises.running import Outcome, contained, run
from course_utils.exercises.searching import draw_all, find_small

SECONDS = 8  # of computing, for all calls of one check


@dataclass(frozen=True)
class Misconception:
    """A wrong idea that people are known to have, as code that follows it.

    Attributes
    ----------
    name : str
        The idea, as what such an answer does: "rounds to the nearest level".
    function : function
        An answer that follows it; its arguments are those of the exercise.
    why : str
        Two sentences: what this code does, and what is right.
    section : str
        Heading in the exercise's notebook where it is explained; empty for the exercise's own.
    """

    name: str
    function: Callable
    why: str
    section: str = ""


def _as_it_is(value, arguments):
    return value


@dataclass(frozen=True)
class Exercise:
    """All that an exercise is: whoever adds one writes one of these.

    Attributes
    ----------
    name, notebook, section : str
        "equalize", "02_equalization", and the heading in that notebook where it is taught.
    solution : function
        Named ``my_<name>``: a good answer, as `solution` shows it.
    reference : function
        What answers are compared with; not the solution. None if `shows` is given.
    shows : str
        The sentence of `observe` that a right answer reaches, if the answer has no arguments.
    inputs : hypothesis strategy or None
        Draws a dict from the name of each argument to its value. None: the answer has no arguments.
        An argument named rng is a seed, and other seeds must give other results.
    examples : dict of str to dict
        Edge cases by name, tried first. The smallest comes first.
    misconceptions : tuple of Misconception
    hints : tuple of three str
    then : str
        What to try next, for who is done.
    observe : function of (value, arguments)
        What is compared instead of the returned value: a dict of statistics, or a sentence that
        says what the value shows.
    tolerance : float
        Of float values, relative and absolute.
    larger : str
        Why its inputs must be larger than 4 x 4; empty if they are not.
    """

    name: str
    notebook: str
    section: str
    solution: Callable
    inputs: Any
    examples: dict[str, dict]
    misconceptions: tuple[Misconception, ...]
    hints: tuple[str, str, str]
    then: str
    reference: Callable | None = None
    shows: str = ""
    observe: Callable = _as_it_is
    tolerance: float = 1e-6
    larger: str = ""


@dataclass(frozen=True)
class Verdict:
    """What was found.

    Attributes
    ----------
    kind : str
        "unwritten", "correct", "wrong", "raised" or "slow".
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


# Comparing --------------------------------------------------------------------------------------


def _sort(value):
    """Sort of number in which an answer must agree: uint8 is one of its own, other sizes not."""
    dtype = np.asarray(value).dtype
    return "uint8" if dtype == np.uint8 else dtype.kind.replace("u", "i")


def _difference_in_kind(expected, got):
    """Say in words what is wrong with type, shape or dtype of `got`; empty if nothing is."""
    if got is None:
        return "it returned nothing; is the return missing?"
    if isinstance(expected, dict) and isinstance(got, str):
        return got
    is_list = isinstance(got, (tuple, list))
    if isinstance(expected, tuple) and not (is_list and len(got) == len(expected)):
        return f"it must return {len(expected)} values, and returned {describe(got)}"
    if isinstance(got, types.GeneratorType):
        return "it returned a generator; is there a yield in place of a return?"
    if isinstance(expected, np.ndarray):
        if not is_array(got):
            is_array_like = is_list or type(got).__name__ == "Tensor"
            cure = "; np.array makes an array of it" if is_array_like else ""
            return f"it must return {describe(expected)}, and returned {describe(got)}{cure}"
        if got.shape != expected.shape:
            return f"its shape is {got.shape}, and must be {expected.shape}"
        if _sort(got) != _sort(expected):
            return f"its dtype is {got.dtype}, and must be {expected.dtype}"
    elif isinstance(expected, numbers.Number):
        if not _is_number(got):
            return f"it must return one number, and returned {describe(got)}"
        if isinstance(expected, numbers.Integral) and _sort(got) == "f":
            return f"it must return an integer, and returned {describe(got)}"
    return ""


def _is_number(value):
    """Whether a value is one number, be it in an array of its own."""
    return isinstance(value, (numbers.Number, np.bool_)) or getattr(value, "shape", None) == ()


def difference(expected, got, tolerance):
    """Say in words how `got` differs from `expected`; empty if it does not.

    Parameters
    ----------
    expected, got
        Arrays, numbers, sentences, tuples of them, or dicts of numbers.
    tolerance : float
        Of float values, relative and absolute.

    Returns
    -------
    str
        Wrong type, shape or dtype come before wrong values.
    """
    fault = _difference_in_kind(expected, got)
    if fault:
        return fault
    if isinstance(expected, str):
        return "" if got == expected else str(got)
    if isinstance(expected, tuple):
        faults = (difference(e, g, tolerance) for e, g in zip(expected, got))
        return next((f"value {n}: {fault}" for n, fault in enumerate(faults, 1) if fault), "")
    if isinstance(expected, dict):
        faults = {name: difference(expected[name], got[name], tolerance) for name in expected}
        return next(
            (f"the {name} is wrong: {fault}" for name, fault in faults.items() if fault), ""
        )
    try:
        is_right = agree(expected, got, tolerance)
    except (TypeError, ValueError, OverflowError):  # no numbers, or lists of other lengths
        return f"it must return numbers, and returned {describe(got)}"
    if np.all(is_right):
        return ""
    if np.ndim(expected) == 0:
        return _expected_and_got(expected, got, tolerance)
    place = tuple(int(k) for k in np.argwhere(~is_right)[0])
    expected, got = np.broadcast_arrays(expected, got)  # they may be lists
    values = _expected_and_got(expected[place], got[place], tolerance)
    return f"first difference at {list(place)}: {values}"


def _expected_and_got(expected, got, tolerance):
    digits = digits_between(expected, got, tolerance)
    return f"expected {brief(expected, digits)}, got {brief(got, digits)}"


def brief(value, digits=4):
    """Write a number, or the numbers of a pixel, with so many digits."""
    if isinstance(value, np.ndarray) and value.ndim:
        return " ".join(brief(number, digits) for number in value)
    is_float = isinstance(value, (float, np.floating))
    return f"{value + 0:.{digits}g}" if is_float else in_short(value, str)  # -0.0 + 0 is 0.0


def digits_between(expected, got, tolerance):
    """How many digits tell two values apart wherever they differ; at least four.

    Parameters
    ----------
    expected, got
        As those of `difference`.
    tolerance : float

    Returns
    -------
    int
    """
    if isinstance(expected, dict) and isinstance(got, dict):
        expected, got = tuple(expected.values()), tuple(got.values())
    if isinstance(expected, tuple) and isinstance(got, tuple):
        pairs = zip(expected, got)
        return max((digits_between(*pair, tolerance) for pair in pairs), default=4)
    floats = (float, np.floating, np.ndarray)
    if not isinstance(expected, floats) or not isinstance(got, floats):
        return 4
    expected, got = np.asarray(expected), np.asarray(got)
    if expected.shape != got.shape or expected.dtype.kind != "f" or got.dtype.kind != "f":
        return 4
    wrong = ~agree(expected, got, tolerance)
    pairs = list(zip(expected[wrong], got[wrong]))
    enough = (d for d in range(4, 17) if all(brief(e, d) != brief(g, d) for e, g in pairs))
    return next(enough, 17)


def agree(expected, got, tolerance):
    """Whether numbers are equal, floats within the tolerance; one answer for each place."""
    if np.asarray(expected).dtype.kind in "biu":
        return np.equal(expected, got)
    return np.isclose(got, expected, rtol=tolerance, atol=tolerance, equal_nan=True)


# Trying -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Call:
    """What an answer did on one input, what is seen of it, and what is wrong with it."""

    arguments: dict
    outcome: Outcome
    seen: Any
    expected: Any
    fault: str


def _seen(exercise, value, arguments):
    """What is compared of a returned value; a sentence if it cannot be observed."""
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings(action="ignore"):
            return None if value is None else exercise.observe(value, arguments)
    except Exception as error:
        return str(error)


def _try(exercise, function, arguments):
    """Call a function on one input; return what it did and what is seen of it."""
    outcome = run(function, arguments)
    return outcome, _seen(exercise, outcome.value, arguments)


def _call(exercise, function, arguments):
    """Try a function on one input, and say what is wrong."""
    outcome, seen = _try(exercise, function, arguments)
    if exercise.shows:  # an image that the reader makes up has any form
        expected, form_fault = exercise.shows, ""
    else:
        right = exercise.reference(*arguments.values())
        expected = _seen(exercise, right, arguments)
        form_fault = _difference_in_kind(right, outcome.value)
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
        self.heeds_seed = False

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
        if self.heeds_seed:
            return False
        others = {**call.arguments, "rng": call.arguments["rng"] + 1}
        right = [self.exercise.reference(*given.values()) for given in (call.arguments, others)]
        if np.array_equal(*right):
            return False
        self.heeds_seed = not np.array_equal(call.outcome.value, run(self.function, others).value)
        return not self.heeds_seed

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


def _is_stub(function):
    """Whether the body is empty: dots, pass, a docstring."""
    if not hasattr(function, "__code__"):
        return False
    steps = [
        step for step in dis.get_instructions(function) if step.opname not in ("RESUME", "NOP")
    ]
    return steps[-1].opname in ("RETURN_CONST", "RETURN_VALUE") and all(
        step.opname in ("LOAD_CONST", "RETURN_CONST", "RETURN_VALUE") and step.argval is None
        for step in steps
    )


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
    if _is_stub(function):
        return Verdict("unwritten")
    with contained():
        return _judge(exercise, function)


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
