"""The darkest pixels.

First level at or below which at least this share of the pixels lies.
"""

import numpy as np

from course_utils import histograms
from exercises import ideas
from exercises.checker import strategies as st
from exercises.checker.exercise import Exercise, Misconception
from exercises.checker.inputs import arguments, gray, gray_images, large_images
from exercises.ex01_histograms.shared import adding_brightness


def my_darkest_share(image, share):
    counts = np.bincount(image.ravel(), minlength=256)
    is_enough = counts.cumsum() / image.size >= share
    return np.argmax(is_enough)


def distribution(image):
    return histograms.cumulative_distribution(image)


def adding_rounded_shares(image, share):
    shares = np.bincount(image.ravel(), minlength=256) / image.size
    return np.argmax(shares.cumsum() >= share)


def listing_the_levels_in_use(image, share):
    _, counts = np.unique(image, return_counts=True)
    return np.argmax(counts.cumsum() / image.size >= share)


def adding_brightness_up_to(image, share):
    light = adding_brightness(image, 256)
    return np.argmax(light >= share)


def rounding_the_place_down(image, share):
    pixels = np.sort(image.ravel())
    return pixels[max(int(share * image.size) - 1, 0)]


def starting_at_one(image, share):
    pixels = np.sort(image.ravel())
    return pixels[int(share * image.size)]


EXERCISE = Exercise(
    section="1.7 The cumulative distribution",
    solution=my_darkest_share,
    # a float, so that a level is right as a float, too
    reference=lambda image, share: float(np.quantile(image, share, method="inverted_cdf")),
    inputs=arguments(
        image=gray_images(),
        # Halves, quarters and eighths: exact in binary, so that "at least" is never in doubt.
        share=st.integers(1, 8).map(lambda eighths: eighths / 8),
    ),
    examples={
        "a single pixel": {"image": gray([7]), "share": 0.5},
        "exactly the share": {"image": gray([1, 3]), "share": 0.5},
        "the next pixel needed": {"image": gray([1, 2, 4]), "share": 0.5},
        "all pixels": {"image": gray([3, 200]), "share": 1.0},
        "all of six levels": {"image": gray([1, 2, 3], [4, 5, 6]), "share": 1.0},
        "a common level": {"image": gray([9, 9, 9], [9, 1, 2]), "share": 0.5},
    },
    more=tuple(case for share in (1e-3, 0.37, 0.998) for case in large_images(share=share)),
    misconceptions=(
        Misconception(
            "asks for more than the share",
            lambda image, share: np.argmax(distribution(image) > share),
            "You ask for more than the share; exactly the share is enough. Use >=.",
        ),
        Misconception(
            "stops before the share is exceeded",
            lambda image, share: np.sum(distribution(image) <= share) - 1,
            "You take the last level at which at most the share is reached. "
            "Take the first at which at least the share is.",
        ),
        Misconception(
            "stops before the share is reached",
            lambda image, share: np.sum(distribution(image) < share) - 1,
            "You take the last level at which the share is not reached. Take the next one.",
        ),
        ideas.interpolates_between_levels(
            lambda image, share: np.quantile(image, share),
            "np.quantile and np.percentile interpolate between two pixels by default. "
            'Level and pixel must exist: method="inverted_cdf".',
        ),
        Misconception(
            "takes the share for a percentage",
            lambda image, share: np.percentile(image, share, method="inverted_cdf"),
            "A share of 0.5 is half of the pixels, not half a percent. np.percentile counts in "
            "percent, 0 … 100, and np.quantile in shares.",
        ),
        Misconception(
            "takes a share of the largest level",
            lambda image, share: int(share * image.max()),
            "Half of the brightest level says nothing about how many pixels are darker. "
            "Count pixels.",
        ),
        Misconception(
            "takes a share of 255",
            lambda image, share: int(share * 255),
            "Your level does not depend on the image. Count its pixels.",
        ),
        Misconception(
            "starts at the bright end",
            lambda image, share: 255 - np.argmax(distribution(255 - image) >= share),
            "You gather the brightest pixels. Add the counts up from black.",
        ),
        Misconception(
            "looks at each level alone",
            lambda image, share: np.argmax(
                np.bincount(image.ravel(), minlength=256) / image.size >= share
            ),
            "You look for a level that holds the share by itself. Add up the darker ones, too.",
        ),
        Misconception(
            "returns the place among the levels in use",
            listing_the_levels_in_use,
            "np.unique drops the empty levels, so that place 0 is not level 0. "
            "Return the level that lies there.",
        ),
        ideas.adds_up_brightness(adding_brightness_up_to),
        Misconception(
            "adds up rounded shares",
            adding_rounded_shares,
            "Sixths have no exact binary form: six of them add up to 0.9999999999999999. "
            "Add up the counts, which are integers, then divide.",
        ),
        Misconception(
            "takes one pixel too few",
            rounding_the_place_down,
            "int rounds the number of pixels down, and fewer than the share are left. "
            "Round up: np.ceil.",
        ),
        Misconception(
            "counts places from 1",
            starting_at_one,
            "Where share * N is a whole number you look one pixel too far. The place in a sorted "
            "array is ceil(share * N) - 1.",
        ),
        Misconception(
            "goes one pixel too far",
            lambda image, share: np.sort(image.ravel())[
                min(int(share * image.size), image.size - 1)
            ],
            "Where exactly the share is reached, that pixel is enough: counts are compared by >=, "
            "and in a sorted array the place is ceil(share * N) - 1.",
        ),
        Misconception(
            "never looks at level 255",
            lambda image, share: next(
                (k for k in range(255) if distribution(image)[k] >= share), None
            ),
            "range(255) ends at 254, and your loop ends without a return. range(256) holds all "
            "levels.",
        ),
        Misconception(
            "goes past a level that holds exactly the share",
            lambda image, share: np.searchsorted(distribution(image), share, side="right"),
            "At least the share means P(k) >= share, so a level that holds exactly the share "
            "is enough. That is side='left'.",
        ),
        Misconception(
            "returns all such levels",
            lambda image, share: np.where(distribution(image) >= share),
            "np.where lists every level that holds the share, in a tuple. The first of them is "
            "asked for: np.argmax of the comparison.",
        ),
        Misconception(
            "takes the next pixel up of np.quantile",
            lambda image, share: np.quantile(image, share, method="higher"),
            "np.quantile spreads the shares over the gaps between the pixels, and there is one "
            "gap less. Only its method 'inverted_cdf' counts pixels.",
        ),
        Misconception(
            "interpolates and drops the decimals",
            lambda image, share: int(np.quantile(image, share)),
            "np.quantile goes between two levels, and int takes the one below. Count pixels "
            "instead.",
        ),
    ),
    hints=(
        "Draw the curve P of the image [[1, 2, 4]]. Where does it first reach one half?",
        "P(k) >= share is False for the first levels and True from some level on.",
        "np.argmax returns the place of the first True. Divide after adding up, not before.",
    ),
    then="What does np.median give for [[1, 3]], and you for a share of 0.5? Why?",
)
