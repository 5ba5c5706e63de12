"""What is true of all wrong results that are judged, and not compared number by number.

Where many answers are right, a photograph is told from a good one by what everyone sees in it, a
word by what it is mistaken for, and a statistic by the side on which it is wrong.
"""

import re
from collections import defaultdict

import numpy as np

from exercises.checker.comparing import agree, is_number
from exercises.checker.exercise import fact

ENOUGH = 2  # inputs that are wrong, for a sentence about them
MOST = 0.75  # of them, where a statistic is wrong on the same side
CLEAR = 1.15  # times as much detail or contrast as is right
DISTANCES = "dB", "error"  # what is said of images that a good result is compared with
SHIFT = 4  # levels by which a mean is clearly another
DARK, BRIGHT = 64, 192  # levels, that nothing but a fault takes for each other


def signs(wrong, others, exercise):
    """Yield what is true of all wrong results, the most telling first.

    Parameters
    ----------
    wrong, others : list
        What the answer did where it is wrong, and where it is right: calls of `judge`.
    exercise : Exercise

    Yields
    ------
    Misconception
    """
    if len(wrong) < ENOUGH or any(call.outcome.value is None for call in wrong):
        return
    if all(isinstance(call.expected, dict) and isinstance(call.seen, dict) for call in wrong):
        yield from _of_statistics(wrong, exercise.tolerance)
    elif all(isinstance(call.right, str) for call in wrong):
        yield from _of_words(wrong, others)
    elif all(is_number(call.right) and is_number(call.outcome.value) for call in wrong):
        yield from _of_numbers(wrong)
    elif all(
        any(unit in str(call.seen) for unit in DISTANCES)
        and _is_image(call.right)
        and _is_like(call.outcome.value, call.right)
        for call in wrong
    ):
        yield from _of_images(wrong)


def _is_image(value):
    return isinstance(value, np.ndarray) and value.ndim in (2, 3) and value.dtype.kind in "uif"


def _is_like(value, right):
    return _is_image(value) and value.shape == right.shape and value.dtype.kind in "uif"


def _of_statistics(wrong, tolerance):
    """Yield which statistics are wrong on most inputs, and always on one side."""
    found = defaultdict(list)
    for call in wrong:
        for key, right in call.expected.items():
            name = re.sub(r" where .*\d.*", " of some equal pixels", key)
            if not agree(float(right), call.seen[key], tolerance):
                found[name].append((id(call), call.seen[key] > right))
    names = []
    for name, cases in found.items():
        calls, sides = zip(*cases)
        if len(set(calls)) >= MOST * len(wrong) and len(set(sides)) == 1:
            name = re.sub(r" \(.*\)", "", name)  # such as a unit
            names.append(f"the {name} too {'large' if sides[0] else 'small'}")
    spread = [name for name in names if "standard deviation" in name]
    names = spread or names  # a mean is uncertain by that, and other powers say the same
    if names:
        why = "It is so on most inputs that went wrong, and never the other way. What does it?"
        yield fact(f"makes {' and '.join(names[:2])}", why)


def _of_words(wrong, others):
    """Yield which word is never said, or said in place of another one."""
    pairs = {(str(call.right), str(call.outcome.value)) for call in wrong}
    right = {str(call.right) for call in wrong + others}
    said = {str(call.outcome.value) for call in wrong + others}
    mistaken, instead = ({pair[k] for pair in pairs} for k in (0, 1))
    if instead - right:
        why = f"The check knows {', '.join(sorted(right))}, spelled like this."
        yield fact("uses other words, or spells them differently", why)
    elif len(pairs) == 1:
        (name, other), *_ = pairs
        some = "some that are " * any(call.right == name for call in others)
        why = "All else is right. What tells these two apart?"
        yield fact(f'says "{other}" for {some}"{name}"', why)
    elif mistaken == instead and len(pairs) == 2:
        first, second = sorted(mistaken)
        if any(str(call.right) in mistaken for call in others):
            why = "Some of them it tells apart, and all else is right. By what?"
            yield fact(f'mixes up "{first}" and "{second}"', why)
        else:
            why = "All else is right. Which comparison is the wrong way round, or which measure?"
            yield fact(f'takes "{first}" and "{second}" for each other', why)
    elif right - said:
        names = " or ".join(f'"{name}"' for name in sorted(right - said))
        why = "Nothing that was tried reaches that word. What keeps it out, or is it missing?"
        yield fact(f"says {names} of none of the inputs", why)
    elif len(instead) == 1:
        why = "It is said of others, too, and all else is right. Which condition lets them in?"
        yield fact(f'says "{next(iter(instead))}" too often', why)
    elif len(mistaken) == 1:
        why = "All else is right. Which condition is too strict, or asked too late?"
        yield fact(f'takes "{next(iter(mistaken))}" for something else', why)


def _of_numbers(wrong):
    """Yield on which side of the right ones all numbers are."""
    for is_so, size in ((np.greater, "large"), (np.less, "small")):
        if all(is_so(call.outcome.value, call.right) for call in wrong):
            why = "Wherever your number is wrong, it is on this side. What draws it there?"
            yield fact(f"gives a number that is too {size}", why)


def _of_images(wrong):
    """Yield what everyone would see in all images, beside the right ones."""
    pairs = [(call.outcome.value.astype(float), call.right.astype(float)) for call in wrong]
    for name, is_so, why in SEEN:
        if all(is_so(got, right) for got, right in pairs):
            yield fact(name, why)


def _detail(image):
    """Mean size of the steps between neighbours."""
    return sum(np.abs(np.diff(image, axis=axis)).mean() for axis in (0, 1))


def _wraps(got, right):
    is_dark, is_bright = (got < DARK) & (right > BRIGHT), (got > BRIGHT) & (right < DARK)
    return (is_dark | is_bright).mean() > 0.003


def _is_bad_at_the_border(got, right):
    squares = np.square(got - right)
    inside = squares[2:-2, 2:-2].mean()
    return min(right.shape[:2]) > 8 and squares.mean() > 2 * max(inside, 1)


SEEN = (  # name, test of the result and of a right one, why
    (
        "leaves or makes bright what must be dark, or dark what must be bright",
        _wraps,
        "Some pixels end at the other end of the range. Are they left so, do they wrap around, or "
        "does an error grow, such as by dividing by almost 0?",
    ),
    (
        "spoils the border",
        _is_bad_at_the_border,
        "Most of the error is within two pixels of the edge. What lies beyond it for your code?",
    ),
    (
        "makes the image too bright",
        lambda got, right: got.mean() > right.mean() + SHIFT,
        "The mean of your result is higher than that of a good one, wherever it is wrong.",
    ),
    (
        "makes the image too dark",
        lambda got, right: got.mean() < right.mean() - SHIFT,
        "The mean of your result is lower than that of a good one, wherever it is wrong.",
    ),
    (
        "leaves less detail than a good result",
        lambda got, right: CLEAR * _detail(got) < _detail(right),
        "Neighbours differ less, wherever it is wrong. What takes detail away, or does not bring "
        "it out?",
    ),
    (
        "is rougher than a good result, by noise or by seams along edges",
        lambda got, right: _detail(got) > CLEAR * _detail(right),
        "Neighbours differ more, wherever it is wrong: noise, or edges made too strong.",
    ),
)
