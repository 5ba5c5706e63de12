"""Wrong ideas that no exercise lists: one thing is done to an argument or to the right result.

They are named only where the answer does just that for every input that is tried.
"""

from dataclasses import replace
from functools import partial

import numpy as np

from exercises.checker.exercise import Misconception

TO_RESULT = (  # name, what is done to the right result, why
    (
        "swaps rows and columns of the result",
        np.transpose,
        "What you return is the right result, transposed. The first index counts rows.",
    ),
    (
        "turns the result by half a turn",
        lambda right: right[::-1, ::-1],
        "The result is right, but upside down and mirrored. Which turn is one too many, or "
        "missing?",
    ),
    (
        "cuts the result to 0 … 255",
        lambda right: np.clip(right, 0, 255),
        "Numbers beyond 0 … 255 are right here: no level of an image is wanted.",
    ),
    (
        "rounds the result",
        np.round,
        "What you return is the right result, rounded. Leave the decimals.",
    ),
    (
        "cuts the decimals off",
        np.trunc,
        "What you return is the right result without what follows the point. Keep it.",
    ),
    (
        "divides the result by its largest number",
        lambda right: right / right.max(),
        "What you return is the right result, divided by its own largest number. By what should "
        "it be?",
    ),
    (
        "adds the result up",
        np.sum,
        "Your number is the sum of all numbers of the right result. Return them one by one.",
    ),
    *(
        (
            f"rounds the result to {digits} decimals",
            partial(np.round, decimals=digits),
            "What you return is the right result, rounded. Round where you print.",
        )
        for digits in (1, 2, 3, 4)
    ),
    (
        "returns the first part only",
        lambda right: right[0],
        "What you return is right, but there is more to return.",
    ),
    (
        "leaves out the last row and the last column",
        lambda right: right[:-1, :-1],
        "What you return is right, but ends one place too early. Does a range stop too soon?",
    ),
    (
        "returns a list",
        lambda right: right.tolist(),
        "The numbers are right. np.array makes an array of a list.",
    ),
)


TO_INTEGER = (  # name, what is done to an argument that is an integer
    ("doubles {}", lambda number: 2 * number),
    *((f"takes {n} for {{}}", lambda number, n=n: n) for n in (0, 1, 2, 3, 5, 255, 256)),
)
TO_FLOAT = (  # the same for floats
    *((f"takes {n:g} for {{}}", lambda number, n=n: n) for n in (0.0, 0.5, 1.0, 2.0)),
    ("cuts the decimals of {} off", int),
    ("rounds {}", round),
    ("doubles {}", lambda number: 2 * number),
    ("halves {}", lambda number: number / 2),
    ("squares {}", lambda number: number**2),
)
TO_ARRAY = (  # the same for arrays
    ("turns {} by half a turn", lambda array: array[::-1, ::-1]),
    ("looks only at the first row of {}", lambda array: array[:1]),
    ("looks only at the first column of {}", lambda array: array[:, :1]),
    ("looks only at the first 4 rows and columns of {}", lambda array: array[:4, :4]),
    ("moves {} round, forward by one place", lambda a: np.roll(a, 1, tuple(range(a.ndim)))),
    ("moves {} round, back by one place", lambda a: np.roll(a, -1, tuple(range(a.ndim)))),
    ("puts the mean of {} in place of each number", lambda a: np.full_like(a, a.mean())),
    ("takes 0 for {}", np.zeros_like),
    ("takes 1 for {}", np.ones_like),
    ("doubles {}", lambda array: 2 * array),
    ("halves {}", lambda array: array / 2),
    ("changes the signs of {}", np.negative),
    ("cuts the decimals of {} off", np.trunc),
    ("rounds {}", np.round),
    ("takes powers of 10, not of e, with {}", lambda array: array * np.log(10)),
    ("squares {}", np.square),
    ("divides {} by its sum", lambda array: array / (array.sum() or 1)),
)


ALSO = (  # what may be done to the result of a wrong idea
    ("rounds", np.rint),
    ("drops the signs", np.abs),
    ("lets nan_to_num replace what is no number", np.nan_to_num),
)


class Undefined(Exception):
    """What an idea would do on an input cannot be said: the reference takes no such argument."""


def common_ideas(exercise, arguments, right, got):
    """List the ideas that an answer may follow whatever the exercise.

    Parameters
    ----------
    exercise : Exercise
    arguments, right, got
        One input, and the right result and the answer's there; they tell names, types, a factor.

    Returns
    -------
    list of Misconception
    """

    def after(change):
        return lambda *given: change(exercise.reference(*given))

    def with_arguments(changed):
        def function(*given):
            try:
                return exercise.reference(*changed(*given))
            except Exception as error:
                raise Undefined from error

        return function

    def less(place):
        return lambda *given: exercise.reference(*given) - np.asarray(given[place], float)

    def before(place, change):
        return with_arguments(
            lambda *given: (*given[:place], change(given[place]), *given[place + 1 :])
        )

    def exchanged(place, other):
        order = list(range(len(arguments)))
        order[place], order[other] = other, place
        return with_arguments(lambda *given: (given[k] for k in order))

    def in_that_type(value):
        is_whole = value.dtype.kind in "biu" and dtype.kind == "f"
        return value.astype(dtype) if is_whole or dtype != getattr(right, "dtype", None) else value

    dtype = getattr(got, "dtype", None)
    ideas = [Misconception(name, after(change), why) for name, change, why in TO_RESULT]
    for number in range(len(right) if isinstance(right, tuple) else 0):
        ideas += [
            Misconception(f"{name}, in value {number + 1}", after(_part_changed(number, do)), why)
            for name, do, why in TO_RESULT
        ]
    if dtype and dtype != getattr(right, "dtype", dtype):
        why = f"What you return is the right result, but as {dtype}. Make it {right.dtype}."
        if not np.can_cast(right.dtype, dtype):
            why = f"All is right, as far as {dtype} can hold it. Return {right.dtype}."
        function = after(lambda right: right.astype(dtype))
        ideas.append(Misconception(f"makes {dtype} of the result", function, why))
    ideas += [  # those of the exercise, in the answer's type
        replace(m, function=_then(m.function, in_that_type))
        for m in exercise.misconceptions
        if dtype
    ]
    ideas += [
        replace(
            m,
            name=f"{m.name}, and {also}",
            function=_then(m.function, change),
            why="Both together give what you return. Neither belongs there.",
        )
        for m in exercise.misconceptions
        for also, change in ALSO
    ]
    ideas += _scaled(exercise, arguments, right, got)
    for place, (name, value) in enumerate(arguments.items()):
        why = f"What comes back is {name} as it came. Return what you have computed."
        function = lambda *given, place=place: given[place]  # noqa: E731
        ideas.append(Misconception(f"returns {name} itself", function, why))
        if name == "rng":  # another seed gives but other numbers
            continue
        if np.ndim(value) in (0, np.ndim(right)):
            why = f"You return the change of {name}. Return what comes out."
            ideas.append(Misconception(f"subtracts {name} from the result", less(place), why))
        changes = {np.ndarray: TO_ARRAY, int: TO_INTEGER, float: TO_FLOAT}.get(type(value), ())
        why = f"You get what is right for another {name}. What makes another one of it?"
        ideas += [Misconception(do.format(name), before(place, how), why) for do, how in changes]
        for other, name_of_other in enumerate([*arguments][:place]):
            why = "You get what is right if the two are exchanged. Which one comes first?"
            exchanges = f"exchanges {name_of_other} and {name}"
            ideas.append(Misconception(exchanges, exchanged(place, other), why))
    return ideas


def _part_changed(number, change):
    """Make a function that changes one part of a tuple."""
    return lambda right: tuple(
        change(part) if k == number else part for k, part in enumerate(right)
    )


def _then(function, change):
    return lambda *given: change(function(*given))


def _each(function, value):
    """Apply a function to a value, or to each one of a tuple."""
    return tuple(map(function, value)) if isinstance(value, tuple) else function(value)


def _quantities(arguments):
    """List numbers by which a result may be multiplied or divided by mistake."""
    numbers = {}
    for name, value in arguments.items():
        if isinstance(value, np.ndarray) and value.ndim:
            numbers[f"the number of values in {name}"] = value.size
            numbers[f"the number of rows of {name}"] = len(value)
            if value.ndim > 1:
                numbers[f"the number of columns of {name}"] = value.shape[1]
                numbers[f"the number of pixels of {name}"] = len(value) * value.shape[1]
            if value.size:
                numbers[f"the sum of {name}"] = float(value.sum())
                numbers[f"the largest number of {name}"] = float(value.max())
        elif isinstance(value, (int, float)) and name != "rng":
            numbers[name] = value
    squares = {f"the square of {name}": number**2 for name, number in numbers.items()}
    return {**numbers, **squares}


def _scaled(exercise, arguments, right, got):
    """List what multiplies the right result, or adds to it, and does just that on one input."""

    def by(name, power):
        def function(*given):
            factor = float(_quantities(dict(zip(arguments, given)))[name]) ** power
            return _each(times(factor), exercise.reference(*given))

        return function

    def times(factor):
        return lambda number: _like(number, np.multiply(number, factor))

    def done(change):
        return lambda *given: _each(change, exercise.reference(*given))

    ideas = []
    factor = _factor(right, got)
    if factor:
        text = f"1/{1 / factor:.6g}" if abs(factor) < 1 else f"{factor:.6g}"
        why = "Wherever it is wrong, it is by that factor. Which one is missing, or one too many?"
        ideas.append(Misconception(f"multiplies the result by {text}", done(times(factor)), why))
        for name, number in _quantities(arguments).items():
            if np.isclose(factor, number):
                ideas.append(Misconception(f"multiplies the result by {name}", by(name, 1), why))
            elif np.isclose(factor * number, 1):
                ideas.append(Misconception(f"divides the result by {name}", by(name, -1), why))
    step = _difference(right, got)
    if step:
        why = "Wherever it is wrong, it is by that. What is added or subtracted too often?"
        function = done(lambda number: _like(number, np.add(number, step, dtype=float)))
        does = f"adds {step:.4g} to" if step > 0 else f"subtracts {-step:.4g} from"
        ideas.append(Misconception(f"{does} the result", function, why))
    return ideas


def _like(number, result):
    """Make whole numbers of a result that has come of whole numbers, if it holds no others."""
    is_whole = np.asarray(number).dtype.kind in "iu" and np.all(result % 1 == 0)
    return result.astype(np.int64) if is_whole else result


def _floats(right, got):
    """Make arrays of floats of two results; None if they are no numbers of one shape."""
    try:
        right, got = np.asarray(right, float), np.asarray(got, float)
    except (TypeError, ValueError):
        return None
    return (right, got) if right.shape == got.shape and right.size else None


def _difference(right, got):
    """Return what all numbers are too large by; None if that differs."""
    numbers = _floats(right, got)
    steps = np.subtract(*numbers[::-1]).ravel() if numbers else np.array([np.nan])
    return float(steps[0]) if np.allclose(steps, steps[0]) else None


def _factor(right, got):
    """Return the factor by which all numbers are too large; None if there is none."""
    numbers = _floats(right, got)
    if not numbers:
        return None
    right, got = numbers
    is_finite = np.isfinite(right) & (right != 0)
    if not is_finite.any():
        return None
    factors = got[is_finite] / right[is_finite]
    is_one = np.isfinite(factors).all() and np.allclose(factors, factors[0])
    return float(factors[0]) if is_one and factors[0] else None
