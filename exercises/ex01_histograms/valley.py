"""Cut between two hills.

Find a level in the valley between the two hills of a histogram.
"""

import cv2
import numpy as np
import scipy.stats

from course_utils.images import load_image
from exercises.checker import strategies as st
from exercises.checker.exercise import Exercise, Misconception
from exercises.checker.inputs import arguments

BELL = scipy.stats.norm.ppf(np.arange(0.5, 25) / 25)  # so that a smoothed hill has one top


def hills(dark, bright, *, widths=(9, 9), counts=(8, 8)):
    """Draw an image whose histogram has a hill at each of two levels."""
    rows = [
        np.rint(level + width * BELL)
        for level, width, count in zip((dark, bright), widths, counts)
        for _ in range(count)
    ]
    return np.array(rows).clip(0, 255).astype(np.uint8)


DRAWN = {
    "two hills": hills(60, 190),
    "two dark hills": hills(20, 90, widths=(6, 8)),
    "two bright hills": hills(170, 240, widths=(8, 6)),
    "a small dark hill": hills(50, 200, widths=(8, 20), counts=(2, 14)),
    "a small bright hill": hills(70, 220, widths=(18, 5), counts=(13, 3)),
    "a wide dark hill": hills(70, 185, widths=(30, 4), counts=(14, 2)),
}
PHOTOGRAPHS = {  # where the valley lies was read off their histograms
    "the upper half of camera": (load_image("camera")[:256], 60, 140),
    "the photograph brick": (load_image("brick"), 115, 150),
    "the photograph ihc": (load_image("ihc", gray=True), 165, 205),
    "the photograph retina": (load_image("retina", gray=True)[300:900, :600], 12, 75),
}
EXAMPLES = DRAWN | {name: image for name, (image, *_) in PHOTOGRAPHS.items()}


def my_valley(image):
    counts = np.bincount(image.ravel(), minlength=256)
    smooth = np.convolve(counts, np.ones(15) / 15, mode="same")
    first = smooth.argmax()
    distance = np.abs(np.arange(256) - first)
    second = (smooth * distance**2).argmax()  # high, and far from the first
    low, high = min(first, second), max(first, second)
    return low + smooth[low : high + 1].argmin()


def otsu(image):
    return int(cv2.threshold(image, 0, 255, cv2.THRESH_OTSU)[0])


def valley_of(image):
    """First and last level between the hills."""
    for photograph, low, high in PHOTOGRAPHS.values():
        if np.array_equal(photograph, image):
            return low, high
    levels = np.unique(image).astype(int)
    last = np.diff(levels).argmax()  # before the widest gap
    return levels[last], levels[last + 1] - 1


def says_where(level, given):
    """Say on which hill a level lies, or that it lies between them."""
    if np.ndim(level) or not np.isreal(level):
        return f"it must return one level, and returned {type(level).__name__}"
    low, high = valley_of(given["image"])
    if low <= level <= high:
        return "the level lies in the valley"
    where = "dark" if level < low else "bright"
    beyond = ", or beyond it" if not given["image"].min() < level < given["image"].max() else ""
    return f"the level {int(level)} lies on the {where} hill{beyond}: the valley is {low} to {high}"


def between_the_two_highest_bars(image):
    return np.argsort(np.bincount(image.ravel(), minlength=256))[-2:].mean()


def between_the_two_highest_tops(image):
    smooth = np.convolve(np.bincount(image.ravel(), minlength=256), np.ones(15) / 15, mode="same")
    tops = [k for k in range(1, 255) if smooth[k - 1] < smooth[k] >= smooth[k + 1]]
    low, high = sorted(sorted(tops, key=lambda k: smooth[k])[-2:])
    return low + smooth[low : high + 1].argmin()


EXERCISE = Exercise(
    section="1.3 What a histogram counts",
    solution=my_valley,
    # a float, so that a level is right as a float, too
    reference=lambda image: float(sum(map(int, valley_of(image))) // 2),
    inputs=arguments(
        image=st.builds(
            lambda dark, gap, widths, part: hills(
                dark, dark + gap, widths=widths, counts=(part, 16 - part)
            ),
            st.integers(25, 90),
            st.integers(90, 140),
            st.tuples(st.integers(5, 12), st.integers(5, 12)),
            st.integers(3, 13),
        )
    ),
    examples={name: {"image": image} for name, image in EXAMPLES.items()},
    observe=says_where,
    larger="a histogram with two hills needs more pixels",
    misconceptions=(
        Misconception(
            "cuts in the middle of the range",
            lambda image: 128,
            "128 is in the valley of some pictures only. Look where the hills of this one are.",
        ),
        Misconception(
            "takes the mean",
            lambda image: image.mean(),
            "A large hill draws the mean toward itself, onto its slope or top. Look for the "
            "lowest place between two hills.",
        ),
        Misconception(
            "takes the median",
            lambda image: np.median(image),
            "Half of the pixels lie below the median: where one hill is larger, it lies on that "
            "one.",
            "1.7 The cumulative distribution",
        ),
        Misconception(
            "takes the middle between the darkest and the brightest pixel",
            lambda image: (int(image.min()) + int(image.max())) // 2,
            "A single dark or bright pixel moves your level. The hills are made of many.",
        ),
        Misconception(
            "takes Otsu's level",
            otsu,
            "Otsu's level lies midway between the means of the two parts. A hill that is much "
            "wider than the other reaches beyond it. Look for the lowest place between the tops.",
        ),
        Misconception(
            "takes the most frequent level",
            lambda image: np.bincount(image.ravel()).argmax(),
            "This is the top of the higher hill. The valley is where few pixels are.",
        ),
        Misconception(
            "takes the first level with the fewest pixels",
            lambda image: np.bincount(image.ravel(), minlength=256).argmin(),
            "The fewest pixels are often at the end of the range, outside both hills. Look only "
            "between the two tops.",
        ),
        Misconception(
            "goes between the two highest bars",
            between_the_two_highest_bars,
            "The two highest bars mostly belong to the same hill. Smooth the counts, and take the "
            "second top far away from the first.",
        ),
        Misconception(
            "goes between the two highest tops",
            between_the_two_highest_tops,
            "A smoothed hill still has ripples, and the two highest tops may belong to one hill. "
            "Take the second top far away from the first.",
        ),
        Misconception(
            "returns the black-and-white picture",
            lambda image: image > my_valley(image),
            "This is what the level is for. Return the level itself, a number.",
        ),
    ),
    hints=(
        "Where do the two tops lie? The valley is the lowest place between them.",
        "The highest smoothed count is one top. The other is high, too, and far from the first.",
        "second = (smooth * distance**2).argmax(), with the distance of each level from the first.",
    ),
    then="Otsu's method does without hills: cv2.threshold with THRESH_OTSU. Do the two agree?",
)
