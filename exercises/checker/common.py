"""Wrong ideas that no exercise lists: one thing is done to an argument or to the right result.

They are named only where the answer does just that for every input that is tried.
"""

from dataclasses import replace
from functools import partial

import numpy as np

from course_utils.convolution import to_uint8
from exercises.checker.exercise import Misconception

TO_RESULT = (  # name, what is done to the right result, why
    (
        "gives the numbers the opposite sign",
        np.negative,
        "They are right but for their sign. Which difference do you take the other way round?",
    ),
    (
        "swaps rows and columns of the result",
        np.transpose,
        "What you return is the right result, transposed. The first index counts rows.",
    ),
    (
        "returns the result in the opposite order",
        lambda right: right[::-1],
        "All of it is right, but what should come first comes last.",
    ),
    (
        "mirrors the result",
        lambda right: right[:, ::-1],
        "Each row of the result is right, but runs from right to left.",
    ),
    (
        "makes an image of the result",
        to_uint8,
        "You round the right result, clip it to 0 … 255, and make it uint8. Return it as it is.",
    ),
    (
        "cuts the result to 0 … 255",
        lambda right: np.clip(right, 0, 255),
        "Numbers below 0 and above 255 are right here: no level of an image is wanted.",
    ),
    ("rounds the result", np.round, "The numbers are right until you round them. Do not."),
    (
        "cuts the decimals off",
        np.trunc,
        "The numbers are right until you drop what follows the point. Keep it.",
    ),
    ("rounds the result down", np.floor, "The numbers are right until you round them. Do not."),
    (
        "squares the result",
        np.square,
        "Your numbers are the squares of the right ones. Is there a root to take?",
    ),
    (
        "takes the root of the result",
        np.sqrt,
        "Your numbers are the square roots of the right ones. There is a root too many.",
    ),
    (
        "takes the absolute value of the result",
        np.abs,
        "The numbers are right until you drop their sign. Keep it.",
    ),
    (
        "adds the result up",
        np.sum,
        "Your number is the sum of all numbers of the right result. Return them one by one.",
    ),
    (
        "takes the mean of the result",
        np.mean,
        "Your number is the mean of all numbers of the right result. Return them one by one.",
    ),
    (
        "adds up each row of the result",
        lambda right: right.sum(axis=1),
        "The numbers are right, but you return their sums along axis 1. Return them one by one.",
    ),
    (
        "adds up each column of the result",
        lambda right: right.sum(axis=0),
        "The numbers are right, but you return their sums along axis 0. Return them one by one.",
    ),
    *(
        (
            f"rounds the result to {digits} decimals",
            partial(np.round, decimals=digits),
            "The numbers are right until you round them. Round where you print.",
        )
        for digits in (1, 2, 3, 4)
    ),
    (
        "returns the first part only",
        lambda right: right[0],
        "What you return is right, but there is more to return.",
    ),
    (
        "leaves out the last part",
        lambda right: right[:-1],
        "What you return is right, but ends one place too early. Does a range stop too soon?",
    ),
    (
        "leaves out the last row and the last column",
        lambda right: right[:-1, :-1],
        "What you return is right, but ends one place too early. Does a range stop too soon?",
    ),
    (
        "returns one long row",
        np.ravel,
        "The numbers are right, but have lost their shape. Is there a ravel or a flatten?",
    ),
    (
        "returns a list",
        lambda right: right.tolist(),
        "The numbers are right. np.array makes an array of a list.",
    ),
)


TO_INTEGER = (  # name, what is done to an argument that is an integer
    ("adds 1 to {}", lambda number: number + 1),
    ("subtracts 1 from {}", lambda number: number - 1),
    ("takes half of {}, rounded down", lambda number: number // 2),
    *((f"takes {n} for {{}}", lambda number, n=n: n) for n in (0, 1, 2, 3, 5, 255, 256)),
)
TO_FLOAT = (  # the same for floats
    *((f"takes {n:g} for {{}}", lambda number, n=n: n) for n in (0.0, 0.5, 1.0, 2.0)),
    ("cuts the decimals of {} off", int),
    ("doubles {}", lambda number: 2 * number),
    ("halves {}", lambda number: number / 2),
    ("squares {}", lambda number: number**2),
    ("takes the root of {}", np.sqrt),
    ("takes 1 / {0} for {0}", lambda number: 1 / number),
)
TO_ARRAY = (  # the same for arrays
    ("swaps rows and columns of {}", np.transpose),
    ("turns {} upside down", lambda array: array[::-1]),
    ("mirrors {}", lambda array: array[:, ::-1]),
    ("turns {} by half a turn", lambda array: array[::-1, ::-1]),
    ("looks only at the first row of {}", lambda array: array[:1]),
    ("looks only at the first column of {}", lambda array: array[:, :1]),
    ("looks only at the first 4 rows and columns of {}", lambda array: array[:4, :4]),
    ("leaves out the last number of {}", lambda array: array[:-1]),
    ("leaves out the last row and column of {}", lambda array: array[:-1, :-1]),
    ("puts the mean of {} in place of each number", lambda a: np.full_like(a, a.mean())),
    ("takes 0 for {}", np.zeros_like),
    ("takes 1 for {}", np.ones_like),
    ("doubles {}", lambda array: 2 * array),
    ("halves {}", lambda array: array / 2),
    ("drops the signs of {}", np.abs),
    ("changes the signs of {}", np.negative),
    ("cuts the decimals of {} off", np.trunc),
    ("squares {}", np.square),
    ("divides {} by its sum", lambda array: array / (array.sum() or 1)),
)


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

    def before(place, change):
        return lambda *given: exercise.reference(
            *given[:place], change(given[place]), *given[place + 1 :]
        )

    def exchanged(place, other):
        order = list(range(len(arguments)))
        order[place], order[other] = other, place
        return lambda *given: exercise.reference(*(given[k] for k in order))

    ideas = [Misconception(name, after(change), why) for name, change, why in TO_RESULT]
    dtype = getattr(got, "dtype", None)
    if dtype and dtype != getattr(right, "dtype", dtype):
        why = f"What you return is the right result, but as {dtype}. It must be {right.dtype}."
        function = after(lambda right: right.astype(dtype))
        ideas.append(Misconception(f"makes {dtype} of the result", function, why))
        ideas += [  # those of the exercise, in that type
            replace(m, function=lambda *given, m=m: m.function(*given).astype(dtype))
            for m in exercise.misconceptions
        ]
    factor = _factor(right, got)
    if factor:
        times = f"1/{1 / factor:.4g}" if abs(factor) < 1 else f"{factor:.4g}"
        why = "All numbers are right but for that factor. Which one is missing, or one too many?"
        function = after(lambda right: _each(lambda number: factor * number, right))
        ideas.append(Misconception(f"multiplies the result by {times}", function, why))
    for place, (name, value) in enumerate(arguments.items()):
        why = f"What comes back is {name} as it came. Return what you have computed."
        function = lambda *given, place=place: given[place]  # noqa: E731
        ideas.append(Misconception(f"returns {name} itself", function, why))
        changes = {np.ndarray: TO_ARRAY, int: TO_INTEGER, float: TO_FLOAT}.get(type(value), ())
        why = f"You get what is right for another {name}. Use {name} as it is given."
        ideas += [Misconception(do.format(name), before(place, how), why) for do, how in changes]
        for other, name_of_other in enumerate([*arguments][:place]):
            why = "You get what is right if the two are exchanged. Which one comes first?"
            exchanges = f"exchanges {name_of_other} and {name}"
            ideas.append(Misconception(exchanges, exchanged(place, other), why))
    return ideas


def _each(function, value):
    """Apply a function to a value, or to each one of a tuple."""
    return tuple(map(function, value)) if isinstance(value, tuple) else function(value)


def _factor(right, got):
    """Return the factor by which all numbers are too large; None if there is none."""
    try:
        right, got = np.asarray(right, float), np.asarray(got, float)
    except (TypeError, ValueError):
        return None
    is_finite = np.isfinite(right) & (right != 0)
    if right.shape != got.shape or not is_finite.any():
        return None
    factors = got[is_finite] / right[is_finite]
    is_one = np.isfinite(factors).all() and np.allclose(factors, factors[0])
    return float(factors[0]) if is_one and factors[0] else None
