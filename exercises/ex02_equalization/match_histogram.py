"""Match a histogram.

Give image the histogram of template, as nearly as a map can.
"""

from functools import partial

import numpy as np

from course_utils import equalization
from exercises import ideas
from exercises.checker.exercise import Exercise, Misconception
from exercises.checker.inputs import arguments, gray_images, random_image
from exercises.ex02_equalization.shared import (
    LOW_CONTRAST,
    SIX_LEVELS,
    SUM_OF_FRACTIONS,
    cumulative_counts,
)


def my_match_histogram(image, template):
    needed = template.size * np.bincount(image.ravel(), minlength=256).cumsum()
    reached = image.size * np.bincount(template.ravel(), minlength=256).cumsum()
    levels = [np.argmax(reached >= need) for need in needed]  # the first level that is enough
    return np.array(levels, np.uint8)[image]


def match_by_sorting(image, template):
    """Match without histograms: C(k) M / N, rounded up, is a place in the sorted template."""
    at_or_below = np.searchsorted(np.sort(image, axis=None), image.ravel(), side="right")
    place = -(-at_or_below * template.size // image.size)  # // of the negative rounds up
    return np.sort(template, axis=None)[place - 1].reshape(image.shape)


def shares(image):
    return cumulative_counts(image) / image.size


def sums_of_shares(image):
    return np.cumsum(np.bincount(image.ravel(), minlength=256) / image.size)


def shares_below(image):
    return shares(image) - np.bincount(image.ravel(), minlength=256) / image.size


def search(image, template, share=shares, wanted=shares, side="left"):
    """Match with other shares, or another side of the step."""
    levels = np.searchsorted(wanted(template), share(image), side=side)
    return levels.clip(0, 255).astype(np.uint8)[image]


def last_level(image, template):
    levels = np.searchsorted(shares(template), shares(image), side="right") - 1
    return levels.clip(0).astype(np.uint8)[image]


def nearest_share(image, template):
    distance = np.abs(shares(image)[:, None] - shares(template))
    return distance.argmin(axis=1).astype(np.uint8)[image]


def interpolating(image, template):  # as skimage.exposure.match_histograms does
    used = np.unique(template)
    return np.interp(shares(image), shares(template)[used], used).astype(np.uint8)[image]


def positions(image, template):
    used = np.unique(template)
    return np.searchsorted(shares(template)[used], shares(image)).astype(np.uint8)[image]


def splitting_levels(image, template):
    places = np.arange(1, image.size + 1) * template.size
    result = np.empty(image.size, np.uint8)
    result[image.argsort(axis=None, kind="stable")] = np.sort(template, axis=None)[
        -(-places // image.size) - 1
    ]
    return result.reshape(image.shape)


def matching_mean_and_spread(image, template):
    standard = (image - image.mean()) / (image.std() or 1)
    return np.rint(template.mean() + template.std() * standard).clip(0, 255).astype(np.uint8)


EXERCISE = Exercise(
    section="Match another histogram",
    solution=my_match_histogram,
    reference=match_by_sorting,
    inputs=arguments(image=gray_images(max_side=3), template=gray_images(max_side=3)),
    examples={
        "single pixels": {
            "image": np.array([[7]], np.uint8),
            "template": np.array([[9]], np.uint8),
        },
        "a constant image": {
            "image": np.full((2, 2), 9, np.uint8),
            "template": np.array([[3, 4]], np.uint8),
        },
        "a constant template": {
            "image": np.array([[0, 1, 2]], np.uint8),
            "template": np.full((1, 1), 9, np.uint8),
        },
        "images of different size": {"image": SIX_LEVELS, "template": LOW_CONTRAST},
        "nearly equal fractions, 1/16 and 1/17": {
            "image": np.array([[0] + 3 * [1]] + 3 * [4 * [1]], np.uint8),
            "template": np.array([[2] + 16 * [3]], np.uint8),
        },
    },
    larger="a floor in between does harm only from 16 and 17 pixels on",
    more=(
        {"image": random_image(5, 6), "template": random_image(7, 3)},
        {"image": random_image(41, 31), "template": random_image(29, 17)},
        {"image": random_image(260, 250), "template": random_image(240, 250)},  # 2**31 < N · M
    ),
    is_new=True,
    misconceptions=(
        Misconception(
            "exchanges the two images",
            lambda image, template: match_by_sorting(template, image),
            "You change the template. Change `image`, and read levels off the template.",
        ),
        Misconception(
            "equalizes only",
            lambda image, template: equalization.equalize(image),
            "You go to the uniform histogram and stop there. The inverse leads on.",
        ),
        Misconception(
            "maps forward with the template's map",
            lambda image, template: equalization.equalization_map(template)[image],
            "The template's map leads from its levels to fractions. You need its inverse.",
        ),
        Misconception(
            "takes the nearest fraction",
            nearest_share,
            "The fraction at your level may be smaller than asked for. "
            "Take the first level that reaches it.",
        ),
        Misconception(
            "takes the first larger fraction",
            partial(search, side="right"),
            "A level with exactly the fraction asked for will do. Search for ≥, not for >.",
        ),
        Misconception(
            "takes the last level whose fraction is not larger",
            last_level,
            "That level may fall short of the fraction; and of empty levels with one fraction you "
            "take the last. Take the first level that reaches the fraction.",
        ),
        Misconception(
            "compares counts instead of fractions",
            partial(search, share=cumulative_counts, wanted=cumulative_counts),
            "The images have different numbers of pixels. Divide each C by its own, or multiply it "
            "by the other.",
        ),
        ideas.counts_only_the_pixels_below(
            partial(search, share=shares_below),
            "The fraction of k counts the pixels at k as well. You left them out.",
        ),
        Misconception(
            "goes through the maps of equalize",
            partial(
                search,
                share=equalization.equalization_map,
                wanted=equalization.equalization_map,
            ),
            "Their floor makes different fractions equal. Compare the fractions themselves.",
        ),
        ideas.adds_up_float_fractions(
            partial(search, share=sums_of_shares, wanted=sums_of_shares),
            "A sum of rounded fractions may miss the one it should reach. Count first.",
            SUM_OF_FRACTIONS,
        ),
        ideas.interpolates_between_levels(
            interpolating, "So does scikit-image. Here a pixel gets a level that the template has."
        ),
        Misconception(
            "returns places among the levels in use",
            positions,
            "You return which of the used levels it is. Look the level itself up.",
        ),
        Misconception(
            "splits a level",
            splitting_levels,
            "Pixels of one level come out different. A map gives them one new level.",
            "2.5 A digital picture comes out nearly flat",
        ),
        Misconception(
            "matches mean and standard deviation",
            matching_mean_and_spread,
            "A linear map cannot change the form of a histogram. Match the fractions.",
        ),
        Misconception(
            "looks the template up in the image",
            lambda image, template: np.searchsorted(shares(image), shares(template)).astype(
                np.uint8
            )[image],
            "For each level of the image you need one of the template: look the image's fractions "
            "up in the template's.",
        ),
        Misconception(
            "applies the map to the template",
            lambda image, template: np.searchsorted(shares(template), shares(image)).astype(
                np.uint8
            )[template],
            "The map is right, but it belongs to the levels of image.",
        ),
    ),
    hints=(
        "First by hand: image 5, 6, 6 and template 10, 20, 30. What is P(k) for each?",
        "For each level k, find the first j at which N times the template's C(j) reaches M C(k).",
        "np.argmax(reached >= need) finds the first j. Call it for each of the 256 levels.",
    ),
    then="Match `moon` to `camera`, and compare the cumulative distributions.",
)
