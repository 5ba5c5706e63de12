"""Search the smallest input on which an answer is wrong, and the idea behind the mistake."""

import copy
import itertools
import re
import warnings
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from course_utils._validation import describe, in_short, is_array
from exercises.checker import running
from exercises.checker.common import Undefined, common_ideas
from exercises.checker.comparing import difference, fault_of_form
from exercises.checker.exercise import Exercise, Misconception, fact
from exercises.checker.judging import signs
from exercises.checker.running import Outcome, contained, run
from exercises.checker.searching import draw_all, find_small, smaller
from exercises.checker.where import facts

SECONDS = 8  # of computing, for all calls of one check
LARGE = 1  # seconds for an input that students do not read: right answers may be slow there
ENOUGH = 5  # inputs, for an idea that shows only where the answer is wrong
NEARLY_ALL = 0.87  # of the inputs on which an answer or an idea is wrong
HARDLY = 1  # level, by which two images differ in the mean
FEW = 40  # inputs that are tried with an argument of another one
SEEDS = (1, 42, 123, 2022)  # what an answer may put in the place of the seed 0, which is falsy


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
        The one that does the same as the answer wherever that is wrong.
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
    right: Any
    expected: Any
    fault: str
    deaf_to: tuple = ()  # two seeds that give the same


def _observed(exercise, value, arguments):
    """What is compared of a returned value."""
    with np.errstate(all="ignore"), warnings.catch_warnings(action="ignore"):
        return exercise.observe(value, arguments)


def _try(exercise, function, arguments, seconds=running.SECONDS):
    """Call a function on one input; return what it did and what is seen of it.

    That is a sentence where the value cannot be observed.
    """
    outcome, seen = run(function, arguments, seconds), None
    if outcome.value is not None:
        try:
            seen = _observed(exercise, outcome.value, arguments)
        except Exception as error:
            seen = str(error)
    return outcome, seen


def _right(exercise, arguments):
    """Return the right value for one input, and what is seen of it."""
    if exercise.shows:  # an image that the reader makes up has any form
        return None, exercise.shows
    right = exercise.reference(*arguments.values())
    return right, _observed(exercise, right, arguments)


def _call(exercise, function, arguments, right, expected):
    """Try a function on one input, and say what is wrong."""
    is_large = any(arguments is large for large in exercise.more)
    outcome, seen = _try(exercise, function, arguments, LARGE if is_large else running.SECONDS)
    fault = _fault(outcome, arguments)
    if not fault and not exercise.shows:
        fault = fault_of_form(right, outcome.value, exercise.is_exact)
    fault = fault or difference(expected, seen, exercise.tolerance)
    if not fault and outcome.changed:
        fault = f"the result is right, but it changed its argument '{outcome.changed}'"
    if not fault and outcome.shared and exercise.is_new:
        fault = f"the result must be a new array, and is '{outcome.shared}' itself or a part of it"
    return _Call(arguments, outcome, seen, right, expected, fault)


def _fault(outcome, arguments):
    """Say why an outcome has no value; empty if it has one."""
    if outcome.is_slow:
        return "it was stopped after a few seconds; does every loop come to an end?"
    if outcome.error is not None:
        says = f"{type(outcome.error).__name__}: {in_short(outcome.error, str)}".rstrip(": ")
        if "rng" in arguments and type(getattr(outcome.error, "obj", None)) is int:
            says += "; rng is a seed: begin with rng = np.random.default_rng(rng)"
        return says
    return ""


def _sort_of_number(value):
    """Whether an array holds integers or floats; None for all else."""
    return {"u": "i", "i": "i", "f": "f"}.get(getattr(value, "dtype", np.dtype("O")).kind)


def _finding(sentence):
    """What a sentence finds, without the details in the brackets at its end, such as a size."""
    return re.sub(r" \([^()]*[a-z][^()]*\)$", "", str(sentence))


def _are_alike(call, outcome, seen, exercise):
    """Whether a call did the same as another function: a like error, or the same value."""
    if call.outcome.error is not None or outcome.error is not None:
        return type(call.outcome.error) is type(outcome.error)
    if call.seen is None or seen is None:
        return call.seen is seen and call.outcome.is_slow == outcome.is_slow
    if call.outcome.changed != outcome.changed:
        return False
    if exercise.shows:  # the same is found, whatever the size of the image
        return _finding(call.seen) == _finding(seen)
    if outcome.shared != call.outcome.shared and exercise.is_new:
        return False
    if is_array(outcome.value) != is_array(call.outcome.value):
        return False
    if fault_of_form(outcome.value, call.outcome.value, exercise.is_exact):
        if fault_of_form(call.right, call.outcome.value, exercise.is_exact):
            return False
        sort = _sort_of_number(outcome.value)
        if sort is None or sort != _sort_of_number(call.right):
            return False
        value = outcome.value.astype(call.right.dtype)  # as the answer may have done at its end
        try:
            seen = _observed(exercise, value, call.arguments)
        except Exception:
            return False
    if difference(seen, call.seen, exercise.tolerance):
        return False
    return not isinstance(seen, str) or _look_alike(outcome.value, call.outcome.value)


def _look_alike(value, other):
    """Whether two results of which the same is said are images that hardly differ, or no images."""
    if not (is_array(value) and is_array(other)) or np.shape(value) != np.shape(other):
        return True
    return bool(abs(np.subtract(value, other, dtype=float)).mean() <= HARDLY)


def _is_same(value, other):
    """Whether two returned values are equal, and not None."""
    try:
        return value is not None and bool(np.array_equal(value, other))
    except Exception:  # such as dicts of arrays, which have no one answer
        return False


def _is_exchangeable(value, other):
    """Whether two arguments differ, but not in their form."""
    forms = [(type(v), np.shape(v), getattr(v, "dtype", None)) for v in (value, other)]
    return forms[0] == forms[1] and not _is_same(value, other)


def _are_near(value, other):
    """Whether two results hold whole numbers that differ by 1 at most."""
    are_whole = all(getattr(v, "dtype", np.dtype(float)).kind in "iu" for v in (value, other))
    if not are_whole or value.shape != other.shape:
        return False
    return bool((abs(np.subtract(value, other, dtype=float)) <= 1).all())


CHANGES = fact(
    "changes its argument",
    "You write into an array you were given. Work on a copy.",
)
FAULTS = (  # what all faults of an answer say, and the idea that it then has
    ("the result is right, but it changed its argument", CHANGES.name, CHANGES.why),
    (
        "the result must be a new array",
        "returns its argument, or a part of it, on some inputs",
        "Who writes into such a result changes the argument as well. Return a copy: .copy().",
    ),
    (
        "rng is a seed",
        "takes the seed for a generator",
        "An integer draws nothing. np.random.default_rng(rng) makes a generator of it.",
    ),
    (
        "the seeds 0 and",
        "takes the seed 0 for none",
        "In a condition, 0 counts as no: `rng or 42` is 42. Give rng to default_rng as it is.",
    ),
)
FORMS = (  # the same of what says less: it counts if nothing else is found
    (
        r"its dtype is (\w+), but must be (\w+)$",
        "returns {0} in place of {1}",
        "The type is looked at before the numbers, which may be wrong as well.",
    ),
    (
        r"must be a uint8 array.*, not an? (\w+) array",
        "makes an image of {0}",
        "An image here holds uint8: np.array(…, np.uint8).",
    ),
    (
        r"must be a uint8 array .*\(list\)",
        "makes a list and no array",
        "np.array(…, np.uint8) makes an image of a list.",
    ),
    (
        r"must have shape .* not \(\d+,\)",
        "makes an image of one axis",
        "An image has rows and columns: two pairs of brackets, as in [[…]].",
    ),
    (
        r"must (?:be|have) .*shape.* not \(",
        "makes an array of another shape",
        "Print the shape of what you return, and compare it with what is asked for.",
    ),
)


def _by_fault(wrong, faults):
    """Return the idea of answers with no other fault than one of those, or None."""
    for text, name, why in faults:
        found = [re.search(text, call.fault) for call in wrong]
        names = {match and name.format(*match.groups()) for match in found}
        if len(names) == 1 and None not in names:
            return fact(*names, why)
    return None


def _either(ideas, names):
    """Return the first of some ideas; its name says of which other arguments it may be as well."""
    if not ideas:
        return None
    first, *others = ideas
    own = next((name for name in names if first.name.endswith(f" {name}")), None)
    if own is None:
        return first
    stem = first.name.removesuffix(own)
    also = [name for name in names if any(m.name == stem + name for m in others)]
    why = first.why.replace(f"another {own}", f"another {' or another '.join([own, *also])}")
    return replace(first, name=f"{first.name}{''.join(f' or {name}' for name in also)}", why=why)


class _Enough(BaseException):
    """Ends a search."""


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
        self.telling = {}
        drawn = () if exercise.inputs is None else draw_all(exercise.inputs)
        inputs = [*exercise.examples.values(), *drawn, *exercise.more]
        inputs = {_key(given): given for given in inputs}  # some are drawn twice
        self.inputs = list(inputs.values())
        # before the first call: an answer may change what the reference calls
        self.rights = {key: _right(exercise, given) for key, given in inputs.items()}

    def fails(self, arguments):
        key = _key(arguments)
        if key not in self.calls:
            if self.seconds > SECONDS:
                raise _Enough
            try:
                right = self.rights.get(key) or _right(self.exercise, arguments)
            except Exception:  # the answer has changed what the reference calls
                return False
            call = _call(self.exercise, self.function, arguments, *right)
            self.seconds += call.outcome.seconds
            is_costly = call.outcome.is_slow or isinstance(call.outcome.error, MemoryError)
            if is_costly and any(arguments is large for large in self.exercise.more):
                return False
            self.calls[key] = call
            if call.outcome.is_slow:
                raise _Enough
        return bool(self.calls[key].fault)

    def fails_smaller(self, arguments):
        """Whether an input that was made smaller is allowed, and the answer wrong on it."""
        try:
            _right(self.exercise, arguments)
        except Exception:  # such as an image smaller than the kernel
            return False
        return self.fails(arguments)

    def search(self):
        """Try all inputs, which tell ideas apart; then find a small failure."""
        try:
            for arguments in self.inputs:
                self.fails(arguments)
            if all("rng" in call.arguments for call in self.calls.values()):
                self._heed_seeds()
            read = {_key(given) for given in self.inputs} - set(map(_key, self.exercise.more))
            if self.exercise.inputs is None or not self._failures():
                return list(self.calls.values())
            if any(_key(call.arguments) in read for call in self._failures()):
                find_small(self.exercise.inputs, self.fails)
            else:  # nothing that is small enough to be read shows the fault
                smaller(min(self._failures(), key=_size).arguments, self.fails_smaller)
        except _Enough:
            pass
        return list(self.calls.values())

    def _failures(self):
        return [call for call in self.calls.values() if call.fault]

    def _heed_seeds(self):
        """Note a fault if no other seed gives another result, or if 0 stands for another one."""
        deaf = {}
        for call in [call for call in self.calls.values() if not call.fault]:
            seed = call.arguments["rng"]
            is_deaf = self._is_deaf(self.function, call, (seed, seed + 1))
            if is_deaf:
                deaf[_key(call.arguments)] = seed, seed + 1
            elif is_deaf is False:  # it heeds some seeds: is 0 one of them?
                alike = [n for n in SEEDS if self._is_deaf(self.function, call, (0, n))]
                deaf = {_key(call.arguments): (0, n) for n in alike[:1]}
                break
        for key, seeds in deaf.items():
            fault = "the result does not follow the seed; does it use rng?"
            if 0 in seeds and seeds[1] in SEEDS[1:]:
                fault = f"the seeds 0 and {seeds[1]} give the same result; 0 is a seed like others"
            self.calls[key] = replace(self.calls[key], fault=fault, deaf_to=seeds)

    def _is_deaf(self, function, call, seeds):
        """Whether two seeds give the same; None if they do for the reference, too."""
        given = [{**call.arguments, "rng": seed} for seed in seeds]
        if np.array_equal(*(self.exercise.reference(*arguments.values()) for arguments in given)):
            return None
        outcomes = [run(function, arguments) for arguments in given]
        self.seconds += sum(outcome.seconds for outcome in outcomes)
        return _is_same(*(outcome.value for outcome in outcomes))

    def idea(self):
        """Return the misconception that does the same wherever the answer is wrong, or None.

        One that does the same everywhere comes first. Another one must be the only one, and wrong
        on few inputs more: what treats a size of 1 apart is still the idea, one hit is none.
        """
        wrong = self._failures()
        others = [call for call in self.calls.values() if not call.fault]
        alike = [m for m in self.exercise.misconceptions if self._agrees(m.function, wrong)]
        same = [m for m in alike if self._agrees(m.function, wrong + others)]
        if same:  # before those that do it but for a conversion
            return next((m for m in same if self._returns_the_same(m.function, wrong)), same[0])
        if not all(call.outcome.error for call in wrong):  # else their words must be the same
            alike = [m for m in alike if self._is_right_on_most(m.function, others, wrong)]
        are_words = all(isinstance(call.outcome.value, str) for call in wrong)  # alike by chance
        if len(alike) == 1 and others and not are_words:
            return replace(alike[0], is_near=True)
        return _by_fault(wrong, FAULTS) or self._found(wrong, others) or _by_fault(wrong, FORMS)

    def _found(self, wrong, others):
        """Return what an answer does that follows no idea of the list, or None."""
        if self._ignores_arguments():
            why = "It did for all that were tried. Are its arguments used, and each branch reached?"
            return fact("returns the same for all inputs", why)
        try:
            found = self._common_idea(wrong, others) or self._nearly_listed(wrong, others)
            found = found or (
                2 * sum(bool(c.outcome.changed) for c in wrong) > len(wrong) and CHANGES
            )
            return found or self._ignored() or next(self._facts(wrong, others), None)
        except Exception:  # of values as nobody thought of; the verdict stands without a name
            return None

    def _common_idea(self, wrong, others):
        """Return what the answer does to the right result wherever it was tried, or None.

        What it does wherever it is wrong counts if nothing else does it.
        """
        valued = [call for call in wrong if call.outcome.value is not None]
        first = max(valued, key=lambda call: np.size(call.right), default=None)
        if first is None or self.exercise.shows or isinstance(first.expected, str):
            return None
        exercise = replace(self.exercise, reference=self._known_reference)
        ideas = common_ideas(exercise, first.arguments, first.right, first.outcome.value)
        alike = [m for m in ideas if self._agrees(m.function, wrong)]
        same = _either([m for m in alike if self._agrees(m.function, others)], first.arguments)
        few = [m for m in alike if self._is_right_on_most(m.function, others, wrong)]
        is_one = len(few) == 1 and len(wrong) >= ENOUGH
        return same or (replace(few[0], is_near=True) if is_one else None)

    def _known_reference(self, *given):
        """Return what is right, as it was found before if it was."""
        call = self.calls.get(_key(dict(enumerate(given))))
        return copy.deepcopy(call.right) if call else self.exercise.reference(*given)

    def _nearly_listed(self, wrong, others):
        """Return the only listed idea that does the same nearly everywhere, or None.

        That is on nearly all inputs, or with whole numbers that differ by 1 at most on all.
        """
        for is_near in (self._agrees_nearly, self._is_near):
            near = [m for m in self.exercise.misconceptions if is_near(m.function, wrong, others)]
            if len(near) == 1:
                return replace(near[0], is_near=True)
        return None

    def _agrees_nearly(self, function, wrong, others):
        """Whether a function does the same on nearly all inputs where one of the two is wrong."""
        alike, apart = 0, 0
        for call in wrong + others:
            given = call.arguments, call.right, call.expected
            other = _call(self.exercise, function, *given)
            if call.fault or other.fault:
                value = call.outcome.value
                if value is None or isinstance(value, str):  # an error or a word says too little
                    return False
                is_alike = _are_alike(call, other.outcome, other.seen, self.exercise)
                if isinstance(call.seen, str):  # what is said of a value says less than the value
                    is_alike = _is_same(value, other.outcome.value)
                is_alike = is_alike and bool(call.fault) == bool(other.fault)
                alike, apart = alike + is_alike, apart + (not is_alike)
        return alike >= max(ENOUGH, NEARLY_ALL * (alike + apart))

    def _is_near(self, function, wrong, others):
        far = 0
        for call in wrong + others:
            got, value = call.outcome.value, _try(self.exercise, function, call.arguments)[0].value
            if not _are_near(got, value):
                return False
            far += not _are_near(call.right, value)
        return 2 * far > len(wrong) >= ENOUGH

    def _ignored(self):
        """Return the idea that an argument changes nothing, if others in its place do not."""
        calls = [call for call in self.calls.values() if call.outcome.value is not None][:FEW]
        for name in calls[0].arguments if calls and not self.exercise.shows else ():
            if name != "rng" and self._ignores(name, calls):
                is_held = is_array(calls[0].arguments[name])
                verb, what = ("holds", "what it holds") if is_held else ("is", name)
                why = f"In no trial did the result change with {what}. How should it?"
                return fact(f"returns the same whatever {name} {verb}", why)
        return None

    def _ignores(self, name, calls):
        """Whether the value that another input has for an argument never changes anything."""
        found = 0
        for call in calls:
            value = call.arguments[name]
            alike = (c.arguments[name] for c in calls if _is_exchangeable(c.arguments[name], value))
            for other in itertools.islice(alike, 2):
                given = {**call.arguments, name: other}
                try:
                    right = self.exercise.reference(*given.values())
                except Exception:  # an argument that does not fit the others
                    continue
                if _is_same(right, call.right):
                    continue
                if self._differs(call.arguments, given):
                    return False
                found += np.size(call.outcome.value) > 0
        return found >= ENOUGH

    def _differs(self, given, other):
        """Whether the answer differs between two inputs, for one of several seeds."""
        for seed in SEEDS if "rng" in given else SEEDS[:1]:
            both = [{**arguments, "rng": seed} for arguments in (given, other)]
            both = both if "rng" in given else [given, other]
            if not _is_same(*(run(self.function, arguments).value for arguments in both)):
                return True
        return False

    def _facts(self, wrong, others):
        """Yield where and when the answer is wrong, as far as it can be told."""
        if self.exercise.shows:
            return
        if self.exercise.observe is not Exercise.observe:
            yield from signs(wrong, others, self.exercise)
        else:
            keys = {_key(given) for given in self.inputs}
            number = sum(_key(call.arguments) in keys for call in wrong)  # these come first
            tried = wrong + others
            others = [call for call in others if _key(call.arguments) in keys]
            if number > 1:
                yield from facts(wrong, number, others, tried, self._is_telling, self.exercise)

    def _is_telling(self, call):
        """Whether most of the listed ideas are wrong on an input."""
        if id(call) not in self.telling:
            parts = call.arguments, call.right, call.expected
            ideas = self.exercise.misconceptions
            faults = [_call(self.exercise, m.function, *parts).fault for m in ideas]
            self.telling[id(call)] = 4 * sum(map(bool, faults)) >= 3 * len(faults)
        return self.telling[id(call)]

    def _agrees(self, function, calls):
        """Whether a function does the same as the answer on the inputs of some calls.

        Where nothing but errors came, their sort says too little: they must have the same words.
        """
        has_value = any(call.outcome.error is None for call in calls)
        compared = 0
        for call in calls:
            outcome, seen = _try(self.exercise, function, call.arguments)
            if isinstance(outcome.error, Undefined):
                continue
            compared += 1
            if not has_value and str(call.outcome.error) != str(outcome.error):
                return False
            if not _are_alike(call, outcome, seen, self.exercise):
                return False
            pairs = (call.deaf_to, (1, 2)) if call.deaf_to else ()
            answers = (self.function, function)
            if any(len({self._is_deaf(f, call, pair) for f in answers}) > 1 for pair in pairs):
                return False
        return 2 * compared >= len(calls)

    def _returns_the_same(self, function, calls):
        """Whether a function returns the very values that the answer returned in some calls."""
        outcomes = [_try(self.exercise, function, call.arguments)[0] for call in calls]
        return all(_is_same(o.value, call.outcome.value) for o, call in zip(outcomes, calls))

    def _is_right_on_most(self, function, calls, wrong):
        """Whether a function is wrong on few of these inputs: a quarter as many as `wrong` at most.

        Where there are two results to choose from, any wrong answer does what another one does. An
        answer may avoid errors of the function.
        """
        given = [(call.arguments, call.right, call.expected) for call in calls]
        tried = [_call(self.exercise, function, *parts) for parts in given]
        faults = sum(bool(c.fault) for c in tried if not c.outcome.error)
        return faults <= len(wrong) / 4

    def _ignores_arguments(self):
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
    try:
        return _verdict(exercise, trial)
    except Exception as error:  # none came up before the answer was called
        says = f"after your code was called, the check itself failed, with {type(error).__name__}"
        return Verdict("raised", f"{says}: {error}. Does it change NumPy or another module?")


def _verdict(exercise, trial):
    calls = trial.search()
    failures = [call for call in calls if call.fault]
    if not failures:
        return Verdict("correct", tried=len(calls))
    worst = min(failures, key=_size)
    known = trial.idea()
    says = f"{worst.fault} ({worst.outcome.line})" if worst.outcome.line else worst.fault
    return Verdict(
        "slow" if worst.outcome.is_slow else "raised" if worst.outcome.error else "wrong",
        says,
        len(calls),
        worst.arguments,
        worst.expected,
        worst.outcome.value if exercise.inputs is None else worst.seen,
        known,
    )
