"""Blend two images.

Mean of two grey uint8 images, rounded, as uint8.
"""

import cv2
import numpy as np

from exercises import ideas
from exercises.checker import strategies as st
from exercises.checker.exercise import Exercise, Misconception
from exercises.checker.inputs import arguments, arrays, gray, random_image


def my_blend(first, second):
    mean = (first.astype(float) + second) / 2
    return np.rint(mean).astype(np.uint8)


def halving_the_sum(rounding, adding=np.add):
    """A blend that takes the sum of two uint8 arrays, whatever that is, and then halves it."""
    return lambda first, second: rounding(adding(first, second) / 2).astype(np.uint8)


def rounding_the_mean(rounding):
    """A blend that differs from the right one in how it rounds."""
    return lambda first, second: rounding((first.astype(float) + second) / 2).astype(np.uint8)


def blending_in_place(first, second):
    first[...] = my_blend(first, second)
    return first


def pairs_of_images():
    side = st.integers(1, 3)
    return st.tuples(side, side).flatmap(
        lambda shape: arguments(first=arrays(np.uint8, shape), second=arrays(np.uint8, shape))
    )


EXERCISE = Exercise(
    section="Pitfall: 200 + 100 = 44",
    solution=my_blend,
    reference=lambda first, second: cv2.addWeighted(first, 0.5, second, 0.5, 0),
    inputs=pairs_of_images(),
    examples={
        "black and white": {"first": gray([0]), "second": gray([255])},
        "sums above 255": {"first": gray([200, 255]), "second": gray([100, 254])},
        "halves": {"first": gray([10, 11]), "second": gray([11, 12])},
        "two odd levels": {"first": gray([1, 3]), "second": gray([3, 3])},
    },
    more=({"first": random_image(41, 31), "second": random_image(41, 31, seed=1)},),
    misconceptions=(
        Misconception(
            "adds in uint8 and drops the half",
            halving_the_sum(np.floor),
            "The sum of two uint8 arrays wraps around above 255. Convert one of them first.",
        ),
        Misconception(
            "adds in uint8",
            halving_the_sum(np.rint),
            "The sum of two uint8 arrays wraps around above 255. Convert one of them first.",
        ),
        Misconception(
            "stops the sum at 255",
            halving_the_sum(np.rint, cv2.add),
            "The sum may exceed 255, and is cut off too early. Clip results, not what leads "
            "to them.",
        ),
        Misconception(
            "stops the sum at 255 and drops the half",
            halving_the_sum(np.floor, cv2.add),
            "The sum may exceed 255, and is cut off too early. And astype and // do not round.",
        ),
        Misconception(
            "adds and clips, but does not halve",
            cv2.add,
            "You add the images as two lamps add their light. A mean is half of that sum.",
        ),
        Misconception(
            "halves each image and drops the halves",
            lambda first, second: first // 2 + second // 2,
            "// and astype each drop a half, and two of them make a whole level. Add, then halve.",
        ),
        Misconception(
            "drops the half",
            rounding_the_mean(np.floor),
            "astype and // cut off what follows the point. Round with np.rint first.",
        ),
        Misconception(
            "rounds every half up",
            rounding_the_mean(lambda mean: np.floor(mean + 0.5)),
            "You round 10.5 up to 11. Here halves go to the even neighbour, as with np.rint.",
        ),
        Misconception(
            "returns the mean as float",
            lambda first, second: (first.astype(float) + second) / 2,
            "A mean with decimals is no grey level. Round it and convert it to np.uint8.",
            "1.1 An image is an array",
        ),
        Misconception(
            "averages over all pixels",
            lambda first, second: np.mean([first, second]),
            "np.mean without axis gives one number for everything. Give it axis=0.",
        ),
        ideas.changes_its_argument(
            blending_in_place,
            "You write into an image you were given. Return a new array and leave it alone.",
        ),
        Misconception(
            "rounds each half before it adds",
            lambda first, second: (np.rint(first / 2) + np.rint(second / 2)).astype(np.uint8),
            "Each half is rounded on its own, and two roundings do not make one. Add first, then "
            "halve, then round once.",
        ),
        ideas.subtracts_in_uint8(
            lambda first, second: first + (second - first) // 2,
            "Where the second image is darker, the difference is negative, and a uint8 wraps "
            "around. Convert first.",
        ),
    ),
    hints=(
        "What is the largest sum of two pixels, and does a uint8 have room for it?",
        "first.astype(float) makes a copy in which sums and halves are exact.",
        "np.rint rounds and sends halves to the even neighbour; then .astype(np.uint8).",
    ),
    then="Can you do it in integers only, without a float anywhere?",
)
