"""Exercises of notebook 02."""

import math
from functools import partial

import cv2
import numpy as np
from hypothesis import strategies as st

from course_utils import equalization
from course_utils.exercises.checking import Exercise, Misconception
from course_utils.exercises.inputs import arguments, gray_images, rgb_images
from course_utils.exercises.quizzes import Question

NOTEBOOK = "02_equalization"
SUM_OF_FRACTIONS = "Pitfall: a sum of fractions that misses 1"
OPENCV = "2.7 Pitfall: OpenCV's map is another map"

LOW_CONTRAST = np.array([[100, 101], [101, 103]], np.uint8)
SIX_LEVELS = np.array([[0, 1, 2], [3, 4, 5]], np.uint8)
GRAY_IMAGES = {
    "a single pixel": {"image": np.array([[7]], np.uint8)},
    "a constant image": {"image": np.full((2, 2), 9, np.uint8)},
    "low contrast": {"image": LOW_CONTRAST},
    "black and white": {"image": np.array([[0, 255, 0, 0]], np.uint8)},
    "six levels": {"image": SIX_LEVELS},
}


# Maps, and their faults -------------------------------------------------------------------------


def cumulative_counts(image):
    return np.bincount(image.ravel(), minlength=256).cumsum()


def fractions_map(image):
    shares = np.bincount(image.ravel(), minlength=256) / image.size
    return np.floor(255 * np.cumsum(shares)).astype(np.uint8)


def rounded_map(image):
    return np.rint(255 * cumulative_counts(image) / image.size).astype(np.uint8)


def map_of_256(image):
    return (256 * cumulative_counts(image) // image.size).astype(np.uint8)


def map_counting_below(image):
    below = cumulative_counts(image) - np.bincount(image.ravel(), minlength=256)
    return (255 * below // image.size).astype(np.uint8)


def map_without_sum(image):
    return (255 * np.bincount(image.ravel(), minlength=256) // image.size).astype(np.uint8)


def map_dividing_first(image):
    return (255 * (cumulative_counts(image) // image.size)).astype(np.uint8)


def map_of_used_levels(image):
    counts = np.unique(image, return_counts=True)[1]
    return (255 * counts.cumsum() // image.size).astype(np.uint8)


def opencv_map(image):
    above = (cumulative_counts(image) - np.count_nonzero(image == image.min())).clip(0)
    return np.rint(255 * above / max(above[255], 1)).astype(np.uint8)


def applied(level_map):
    """Make the answer that gives each pixel its new level."""
    return lambda image: level_map(image)[image]


# equalize: T applied to a grey image ------------------------------------------------------------


def my_equalize(image):
    counts = np.bincount(image.ravel(), minlength=256)
    levels = 255 * counts.cumsum() // image.size
    return levels[image].astype(np.uint8)


def stretching(image):
    low, high = int(image.min()), int(image.max())
    return (255 * (image.astype(int) - low) // max(high - low, 1)).astype(np.uint8)


def moving_pixels_again(image):
    result, level_map = image.copy(), equalization.equalization_map(image)
    for level in range(256):
        result[result == level] = level_map[level]
    return result


def in_place(image):
    image[...] = equalization.equalize(image)
    return image


# find_lost_level: find the fault of fractions_map -----------------------------------------------


def shows_lost_level(image, arguments):
    """Say what an image shows about `fractions_map`."""
    right = equalization.equalization_map(image)[image]
    if not np.array_equal(fractions_map(image)[image], right):
        return "a pixel gets a wrong level"
    if np.ptp(image) == 0:
        return "no pixel gets a wrong level: with one level there is nothing to add up"
    if image.size in 2 ** np.arange(24):
        return "no pixel gets a wrong level: the shares are exact in binary"
    if len(np.unique(image)) == 2:
        return "no pixel gets a wrong level: there are only two shares to add up"
    return f"no pixel gets a wrong level: with {image.size} pixels these sums come out well"


def my_find_lost_level():
    return np.array([[0, 1, 2, 3, 4, 5]], np.uint8)


# equalization_map: mend it ----------------------------------------------------------------------


def my_equalization_map(image):
    counts = np.bincount(image.ravel(), minlength=256)
    return (255 * counts.cumsum() // image.size).astype(np.uint8)


# equalize_full_range: OpenCV's map --------------------------------------------------------------


def my_equalize_full_range(image):
    counts = np.bincount(image.ravel(), minlength=256)
    darkest = counts[image.min()]
    if darkest == image.size:
        return image.copy()
    levels = 255 * (counts.cumsum() - darkest) / (image.size - darkest)
    return np.rint(levels.clip(0)).astype(np.uint8)[image]


def full_range(image, rounding=np.rint, constant=None, all_pixels=False, black=False):
    """OpenCV's map with one detail changed."""
    if np.ptp(image) == 0:
        return image.copy() if constant is None else np.full_like(image, constant)
    darkest = np.count_nonzero(image == (0 if black else image.min()))
    pixels = image.size if all_pixels else image.size - darkest
    levels = 255 * (cumulative_counts(image) - darkest) / pixels
    return rounding(levels.clip(0)).astype(np.uint8)[image]


def scaled_from(image, lowest):
    """OpenCV's map with another C_min, and without its exception for a constant image."""
    counts = cumulative_counts(image)
    with np.errstate(all="ignore"):
        levels = np.rint(255 * (counts - float(lowest)) / (image.size - float(lowest)))
        return levels[image].astype(np.uint8)


# find_largest_gap: where the two maps differ most -----------------------------------------------


def shows_largest_gap(image, arguments):
    """Say how far apart the two maps are."""
    textbook = equalization.equalize(image).astype(int)
    gap = np.abs(textbook - equalization.equalize_full_range(image)).max()
    if gap == 255:
        return "the gap is 255"
    share = f"{np.count_nonzero(image == image.min())} of {image.size} pixels"
    return f"the largest gap is {gap}; the darkest level is {image.min()}, with {share}"


def my_find_largest_gap():
    return np.zeros((2, 2), np.uint8)


# find_second_change: equalize_full_range twice --------------------------------------------------


def shows_second_change(image, arguments):
    """Say whether equalizing a second time changes the image, or why not."""
    once = equalization.equalize_full_range(image)
    if not np.array_equal(equalization.equalize_full_range(once), once):
        return "the second time changes a pixel"
    if np.ptp(image) == 0:
        return "the second time changes nothing: a constant image always comes back as it is"
    if len(np.unique(image)) == 2:
        return "the second time changes nothing: two levels become black and white and stay so"
    if image.size < 511:
        return "the second time changes nothing: there are too few pixels for levels to merge"
    if np.count_nonzero(once == 0) == np.count_nonzero(image == image.min()):
        return "the second time changes nothing: black has the pixels of the darkest level only"
    return "the second time changes nothing: black has gained pixels, but rounding hides it"


def runs(*counts):
    """Make an image of one row: so many pixels of level 0, so many of level 1, …"""
    return np.repeat(np.arange(len(counts), dtype=np.uint8), counts)[None]


def my_find_second_change():
    # 255 · 1 / 511 rounds to 0: level 1 becomes black, and black then counts two pixels.
    levels = np.repeat([0, 1, 2, 3], [1, 1, 1, 509])
    return levels.astype(np.uint8)[None]


# equalize_luminance: colour ---------------------------------------------------------------------


def my_equalize_luminance(image):
    y, cr, cb = cv2.split(cv2.cvtColor(image, cv2.COLOR_RGB2YCrCb))
    counts = np.bincount(y.ravel(), minlength=256)
    levels = (255 * counts.cumsum() // y.size).astype(np.uint8)
    return cv2.cvtColor(cv2.merge([levels[y], cr, cb]), cv2.COLOR_YCrCb2RGB)


def in_space(image, there, back, channels=(0,), equalize=equalization.equalize):
    """Convert, equalize some channels, convert back."""
    converted = cv2.cvtColor(image, there)
    for channel in channels:
        converted[..., channel] = equalize(converted[..., channel])
    return converted if back is None else cv2.cvtColor(converted, back)


ycrcb = partial(in_space, there=cv2.COLOR_RGB2YCrCb, back=cv2.COLOR_YCrCb2RGB)


def equalizing_the_first_row(image):
    ycc = cv2.cvtColor(image, cv2.COLOR_RGB2YCrCb)
    ycc[0] = equalization.equalize(ycc[0])
    return cv2.cvtColor(ycc, cv2.COLOR_YCrCb2RGB)


def luminance(image):
    return cv2.cvtColor(image, cv2.COLOR_RGB2YCrCb)[..., 0]


def one_map_for_all_values(image):
    return equalization.equalize(image.reshape(len(image), -1)).reshape(image.shape)


def mean_of_channels(image):
    mean = image.mean(axis=2).astype(np.uint8)
    change = equalization.equalize(mean).astype(int) - mean
    return (image + change[..., None]).clip(0, 255).astype(np.uint8)


def adding_change(image):
    old = luminance(image)
    change = equalization.equalize(old).astype(int) - old
    return (image + change[..., None]).clip(0, 255).astype(np.uint8)


def scaling_colours(image):
    old = luminance(image)
    factor = equalization.equalize(old) / np.maximum(old, 1)
    return np.rint(image * factor[..., None]).clip(0, 255).astype(np.uint8)


def dropping_colour(image):
    return np.dstack([equalization.equalize(luminance(image))] * 3)


# compress_contrast: judged by its statistics ----------------------------------------------------

TWO_LEVELS = np.tile(np.array([10, 10, 10, 50], np.uint8), (200, 50))  # the mean is 20
CONSTANT = np.full((200, 220), 7, np.uint8)


def my_compress_contrast(image, low, high, rng):
    rates = np.random.default_rng(rng).uniform(low, high, image.shape)
    return np.rint(rates * image.mean() + (1 - rates) * image).astype(np.uint8)


def compress(image, low, high, rng):
    return equalization.compress_contrast(image, pull=(low, high), rng=rng)


def compression_statistics(value, arguments):
    image = arguments["image"]
    dark, bright = value[image == image.min()], value[image == image.max()]
    return {
        "mean where it was dark": dark.mean(),
        "standard deviation where it was dark": dark.std(),
        "smallest level where it was dark": int(dark.min()),
        "largest level where it was dark": int(dark.max()),
        "mean where it was bright": bright.mean(),
        "share of pixels equal to the next in the row": (value[:, 1:] == value[:, :-1]).mean(),
        "share of pixels equal to the next in the column": (value[1:] == value[:-1]).mean(),
    }


def pull(image, rates, target=None, rounding=np.rint):
    """Compress, with rates and target as given."""
    target = image.mean() if target is None else target
    return rounding(rates * target + (1 - rates) * image).clip(0, 255).astype(np.uint8)


def uniform(low, high, rng, shape):
    return np.random.default_rng(rng).uniform(low, high, shape)


def gaussian_rates(image, low, high, rng):
    rates = np.random.default_rng(rng).normal((low + high) / 2, (high - low) / 4, image.shape)
    return pull(image, rates)


# match_histogram: the hard one ------------------------------------------------------------------


def my_match_histogram(image, template):
    share = np.bincount(image.ravel(), minlength=256).cumsum() / image.size
    wanted = np.bincount(template.ravel(), minlength=256).cumsum() / template.size
    levels = np.searchsorted(wanted, share)  # the first j with wanted[j] >= share
    return levels.astype(np.uint8)[image]


def match_by_sorting(image, template):
    """Match without histograms: C(k) M / N, rounded up, is a place in the sorted template."""
    at_or_below = (image.reshape(-1, 1) >= image.reshape(1, -1)).sum(axis=1)
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


# The exercises ----------------------------------------------------------------------------------

STRETCHES = "You stretch the levels linearly to 0 … 255. Equalizing follows C(k), the counts."
WRITES = "You write into the image you were given. Return a new array and leave it alone."
ROUNDS = "Your map rounds 255 C(k) / N. The map of this exercise takes the floor."
BELOW = "C(k) counts the pixels at level k or below. You left out those at level k."
TIMES_256 = "With 256 levels the largest is 255 = L - 1. Your 256 wraps around to 0."
DARKEST_TO_0 = "Your map sends the darkest level to 0. The textbook's counts it like any other."
FRACTIONS = (
    "You add up rounded shares h(k) / N, and the sum ends below its true value. "
    "Count in integers, multiply by 255, and divide once."
)

EXERCISES = [
    Exercise(
        name="equalize",
        notebook=NOTEBOOK,
        section="2.1 A map for grey levels",
        solution=my_equalize,
        reference=equalization.equalize,
        inputs=arguments(image=gray_images()),
        examples=GRAY_IMAGES,
        misconceptions=(
            Misconception("rounds to the nearest level", applied(rounded_map), ROUNDS),
            Misconception(
                "uses OpenCV's map", equalization.equalize_full_range, DARKEST_TO_0, OPENCV
            ),
            Misconception("counts only the pixels below", applied(map_counting_below), BELOW),
            Misconception("multiplies by 256", applied(map_of_256), TIMES_256),
            Misconception(
                "adds up float fractions", applied(fractions_map), FRACTIONS, SUM_OF_FRACTIONS
            ),
            Misconception("stretches instead of equalizing", stretching, STRETCHES),
            Misconception("changes its argument", in_place, WRITES),
            Misconception(
                "divides before it multiplies",
                lambda image: map_dividing_first(image)[image],
                "C(k) // N is 0 but for the brightest level. Multiply first: 255 * C(k) // N.",
            ),
            Misconception(
                "forgets to add up the counts",
                lambda image: map_without_sum(image)[image],
                "h(k) counts the pixels at level k. C(k) counts those at k or darker: np.cumsum.",
            ),
            Misconception(
                "takes the brightest level for 255",
                lambda image: (
                    cumulative_counts(image)[image] * int(image.max()) // image.size
                ).astype(np.uint8),
                "255 is the largest level that a uint8 can have, not the largest in the image. So "
                "a dark image becomes bright.",
            ),
            Misconception(
                "counts pixels in uint8",
                lambda image: (
                    255 * cumulative_counts(image).astype(np.uint8)[image] / image.size
                ).astype(np.uint8),
                "255 times a uint8 wraps around above 255, and so does a count. Keep counts in "
                "integers of 64 bits.",
            ),
            Misconception(
                "returns floats",
                lambda image: np.floor(255 * cumulative_counts(image)[image] / image.size),
                "np.floor leaves floats, and levels are uint8. End with .astype(np.uint8).",
            ),
            Misconception(
                "returns the map",
                equalization.equalization_map,
                "You return the new level of each of the 256 levels. The image looks its pixels up "
                "in it: T[image].",
            ),
            Misconception(
                "moves pixels that it has moved already",
                moving_pixels_again,
                "Your loop writes into the array that it compares with the level: a pixel that has "
                "become brighter is found again. Compare with the image that came in.",
            ),
        ),
        hints=(
            "Count the levels first, then add the counts up.",
            "np.bincount(image.ravel(), minlength=256).cumsum() is C(k) for all k.",
            "Compute the map T for all 256 levels, in integers. Then index it: T[image].",
        ),
        then="Equalize the result once more. Why does nothing change?",
    ),
    Exercise(
        name="find_lost_level",
        notebook=NOTEBOOK,
        section=SUM_OF_FRACTIONS,
        solution=my_find_lost_level,
        shows="a pixel gets a wrong level",
        inputs=None,
        examples={"your image": {}},
        observe=shows_lost_level,
        misconceptions=(
            Misconception(
                "takes a constant image",
                lambda: np.full((3, 5), 7, np.uint8),
                "One level has the share 1, and no sum can go wrong. Use several levels.",
            ),
            Misconception(
                "takes a power of two",
                lambda: np.arange(16, dtype=np.uint8).reshape(4, 4),
                "Halves, quarters and eighths have an exact binary form. Sixths have none.",
            ),
            Misconception(
                "takes two levels",
                lambda: np.array([[0, 0, 255]], np.uint8),
                "Two rounding errors rarely make a wrong sum. Use more levels.",
            ),
            Misconception(
                "takes three pixels",
                lambda: np.array([[0, 1, 2]], np.uint8),
                "Three thirds happen to add up to 1. Take more pixels, all different.",
            ),
            Misconception(
                "returns the map",
                lambda: fractions_map(SIX_LEVELS),
                "The check wants the image. It computes both maps itself.",
            ),
            Misconception(
                "returns floats",
                lambda: np.linspace(0, 1, 6)[None],
                "An image is an array of uint8. Give np.uint8 to np.array.",
            ),
        ),
        hints=(
            "Which fractions can a computer not store exactly? Think of 0.1.",
            "If all pixels differ, each level has the share 1 / N. Try several N.",
            "np.arange(N, dtype=np.uint8)[None] has N levels. Some N below 10 does it.",
        ),
        then="Which other numbers of pixels do it? Is there one for which white survives?",
    ),
    Exercise(
        name="equalization_map",
        notebook=NOTEBOOK,
        section="2.1 A map for grey levels",
        solution=my_equalization_map,
        reference=equalization.equalization_map,
        inputs=arguments(image=gray_images()),
        examples=GRAY_IMAGES,
        misconceptions=(
            Misconception("adds up float fractions", fractions_map, FRACTIONS, SUM_OF_FRACTIONS),
            Misconception("rounds to the nearest level", rounded_map, ROUNDS),
            Misconception("counts only the pixels below", map_counting_below, BELOW),
            Misconception("multiplies by 256", map_of_256, TIMES_256),
            Misconception("computes OpenCV's map", opencv_map, DARKEST_TO_0, OPENCV),
            Misconception(
                "forgets to add up the counts",
                map_without_sum,
                "You map k to its own share h(k) / N. C(k) counts the darker pixels as well.",
            ),
            Misconception(
                "divides before it multiplies",
                map_dividing_first,
                "C(k) // N is 0 until C(k) reaches N. Multiply by 255 first, then divide.",
            ),
            Misconception(
                "maps only the levels in use",
                map_of_used_levels,
                "Your map has one entry for each level in use. T[image] needs all 256.",
            ),
            Misconception(
                "applies the map",
                equalization.equalize,
                "You return the equalized image. Return the map itself, T[0] to T[255].",
            ),
        ),
        hints=(
            "The faulty function divides each count by N. When should it divide?",
            "Add up the counts themselves: integers have no rounding error.",
            "255 * counts.cumsum() // image.size, as uint8.",
        ),
        then="Compare your map with the faulty one on `meadow`: at how many levels do they differ?",
    ),
    Exercise(
        name="equalize_full_range",
        notebook=NOTEBOOK,
        section=OPENCV,
        solution=my_equalize_full_range,
        reference=equalization.equalize_full_range,
        # OpenCV multiplies in single precision; from 16 pixels on, that can move a half.
        inputs=arguments(image=gray_images(max_side=3)),
        examples={
            **GRAY_IMAGES,
            "halves": {"image": np.array([[0, 0, 1, 2], [2, 2, 2, 2]], np.uint8)},
        },
        misconceptions=(
            Misconception(
                "uses the textbook's map",
                equalization.equalize,
                "Your map counts the darkest level like any other. OpenCV's leaves it out.",
                "2.1 A map for grey levels",
            ),
            Misconception(
                "takes the floor",
                partial(full_range, rounding=np.floor),
                "You cut off the decimals. OpenCV's map rounds to the nearest level.",
            ),
            Misconception(
                "rounds halves up",
                partial(full_range, rounding=lambda levels: np.floor(levels + 0.5)),
                "You round 42.5 to 43. OpenCV and np.rint send a half to the even level, 42.",
            ),
            Misconception(
                "subtracts nothing from the counts",
                applied(rounded_map),
                "Your darkest level does not become 0. Subtract C_min, above and below; "
                "counts.min() is 0, because it heeds levels that are not in use.",
            ),
            Misconception(
                "divides by the number of all pixels",
                partial(full_range, all_pixels=True),
                "You divide by N, and the brightest level misses 255. Divide by N - C_min.",
            ),
            Misconception(
                "takes the count of level 0 for the darkest",
                partial(full_range, black=True),
                "C_min belongs to the darkest level in use. If no pixel is black, C(0) is 0.",
            ),
            Misconception(
                "makes a constant image black",
                partial(full_range, constant=0),
                "With a constant image N - C_min is 0, and you divide 0 by 0. Return a copy.",
            ),
            Misconception(
                "makes a constant image white",
                partial(full_range, constant=255),
                "So does the textbook's map. OpenCV leaves a constant image as it is.",
            ),
            Misconception("stretches instead of equalizing", stretching, STRETCHES),
            Misconception(
                "changes its argument", lambda image: cv2.equalizeHist(image, image), WRITES
            ),
            Misconception(
                "takes the darkest level for its count",
                lambda image: scaled_from(image, image.min()),
                "image.min() is a level, and C_min a number of pixels. It is C at that level.",
            ),
            Misconception(
                "takes the smallest of all 256 sums",
                lambda image: scaled_from(image, cumulative_counts(image).min()),
                "Below the darkest level of the image all C(k) are 0, so the smallest is 0. And a "
                "constant image comes back as it is.",
            ),
        ),
        hints=(
            "Two numbers change: what you subtract from C(k), and what you divide by.",
            "C_min is counts[image.min()]. When is N - C_min zero? Return a copy then.",
            "np.rint(255 * (C - C_min) / (N - C_min)); clip below at 0, then as uint8.",
        ),
        then="Compare it with cv2.equalizeHist on your photographs.",
    ),
    Exercise(
        name="find_largest_gap",
        notebook=NOTEBOOK,
        section=OPENCV,
        solution=my_find_largest_gap,
        shows="the gap is 255",
        inputs=None,
        examples={"your image": {}},
        observe=shows_largest_gap,
        misconceptions=(
            Misconception(
                "takes a constant image that is white",
                lambda: np.full((2, 2), 255, np.uint8),
                "The textbook's map makes it white, and OpenCV's leaves it white. Darken it.",
            ),
            Misconception(
                "takes a constant image that is grey",
                lambda: np.full((2, 2), 100, np.uint8),
                "The textbook's map makes it white, OpenCV's leaves it at 100. Darken it.",
            ),
            Misconception(
                "takes an image that is half black",
                lambda: np.array([[0, 1]], np.uint8),
                "Black becomes floor(255 / 2) and 0. Make more of the image black.",
            ),
            Misconception(
                "leaves one pixel that is not black",
                lambda: np.array([[0, 0, 0], [0, 0, 0], [0, 0, 1]], np.uint8),
                "Black becomes floor(255 · 8 / 9) and 0. Must any pixel be bright?",
            ),
            Misconception(
                "takes every level once",
                lambda: np.arange(256, dtype=np.uint8).reshape(16, 16),
                "The darkest level is rare, and the maps agree nearly. Make it frequent.",
            ),
            Misconception(
                "returns the gap",
                lambda: 255,
                "The check wants the image. It computes both results itself.",
            ),
        ),
        hints=(
            "OpenCV sends the darkest level to 0. Where does the textbook's map send it?",
            "The more pixels have the darkest level, the brighter the textbook's map makes it.",
            "Let all pixels have the darkest level. Which level should that be?",
        ),
        then="Now without a constant image. How many pixels do you need for 254?",
    ),
    Exercise(
        name="find_second_change",
        notebook=NOTEBOOK,
        section=OPENCV,
        solution=my_find_second_change,
        shows="the second time changes a pixel",
        inputs=None,
        examples={"your image": {}},
        observe=shows_second_change,
        misconceptions=(
            Misconception(
                "takes a constant image",
                lambda: np.full((2, 2), 100, np.uint8),
                "OpenCV leaves a constant image as it is. Take at least three levels.",
            ),
            Misconception(
                "takes two levels",
                lambda: runs(600, 1),
                "Two levels become 0 and 255, and those stay. Take at least three.",
            ),
            Misconception(
                "takes too few pixels",
                lambda: np.arange(16, dtype=np.uint8).reshape(4, 4),
                "A level joins black when 255 (C - C_min) / (N - C_min) is at most 1/2. "
                "That needs N - C_min of at least 510.",
            ),
            Misconception(
                "keeps black apart",
                lambda: np.tile(np.arange(256, dtype=np.uint8), (8, 1)),
                "The second darkest level has too many pixels to join black. Give it one pixel.",
            ),
            Misconception(
                "lets rounding hide the change",
                lambda: runs(1, 1, 100, 410),
                "Black has more pixels now, and C_min is larger the second time. "
                "Try other counts for the levels between.",
            ),
            Misconception(
                "returns floats",
                lambda: np.linspace(0, 1, 512)[None],
                "An image is an array of uint8. Use astype(np.uint8).",
            ),
        ),
        hints=(
            "The map depends on the counts only. Which count can be another the second time?",
            "C_min grows if a second level joins black. That needs 510 pixels or more for each.",
            "Levels 0 and 1 with one pixel each, 510 pixels above. Vary the count of level 2.",
        ),
        then="Can a third time change it again? Why does the textbook's map never do this?",
    ),
    Exercise(
        name="equalize_luminance",
        notebook=NOTEBOOK,
        section="2.8 Colour: channels or luminance?",
        solution=my_equalize_luminance,
        reference=equalization.equalize_luminance,
        inputs=arguments(image=rgb_images()),
        examples={
            "a single pixel": {"image": np.array([[[10, 20, 30]]], np.uint8)},
            "shades of grey": {"image": np.array([[[50] * 3, [60] * 3, [60] * 3]], np.uint8)},
            "a red and a blue pixel": {"image": np.array([[[99, 0, 0], [0, 0, 99]]], np.uint8)},
        },
        misconceptions=(
            Misconception(
                "equalizes each channel on its own",
                equalization.equalize_channels,
                "Three maps change the proportions of red, green and blue. Equalize Y only.",
            ),
            Misconception(
                "takes the image for BGR",
                partial(in_space, there=cv2.COLOR_BGR2YCrCb, back=cv2.COLOR_YCrCb2BGR),
                "Your Y weights blue as red and red as blue. The course's images are RGB.",
            ),
            Misconception(
                "converts back to BGR",
                partial(in_space, there=cv2.COLOR_RGB2YCrCb, back=cv2.COLOR_YCrCb2BGR),
                "Your result has red and blue exchanged. Convert back with COLOR_YCrCb2RGB.",
            ),
            Misconception(
                "does not convert back",
                partial(ycrcb, back=None),
                "You return Y, Cr and Cb. The result must be red, green and blue again.",
            ),
            Misconception(
                "equalizes Cr and Cb as well",
                partial(ycrcb, channels=(0, 1, 2)),
                "Cr and Cb hold the colour, and you changed it. Equalize Y only.",
            ),
            Misconception(
                "equalizes the V of HSV",
                partial(in_space, there=cv2.COLOR_RGB2HSV, back=cv2.COLOR_HSV2RGB, channels=(2,)),
                "V is the largest of the three channels. Luminance weights all three.",
            ),
            Misconception(
                "takes the mean of the channels",
                mean_of_channels,
                "The eye takes green for brighter than blue. Y weights the channels for that.",
            ),
            Misconception(
                "adds the change of Y to each channel",
                adding_change,
                "On paper that is the same, but Cr and Cb are rounded on the way. "
                "Convert with cv2.cvtColor to agree exactly.",
            ),
            Misconception(
                "scales the colours by Y'/Y",
                scaling_colours,
                "You multiply each channel by the gain. Here Cr and Cb are kept as they are.",
            ),
            Misconception(
                "uses OpenCV's map",
                partial(ycrcb, equalize=equalization.equalize_full_range),
                "Your map sends the darkest Y to 0. This exercise uses the textbook's map.",
                OPENCV,
            ),
            Misconception(
                "uses one map for the values of all channels",
                one_map_for_all_values,
                "You count red, green and blue values together. Count those of Y.",
            ),
            Misconception(
                "drops the colour",
                dropping_colour,
                "You return Y three times, a grey picture. Put Cr and Cb back beside Y.",
            ),
            Misconception(
                "takes the first row for Y",
                equalizing_the_first_row,
                "The axes are rows, columns, channels, so ycc[0] is the first row. Y is ycc[..., "
                "0].",
            ),
            Misconception(
                "throws the equalized Y away",
                partial(ycrcb, channels=()),
                "equalize returns a new array and changes nothing. Put what it returns in the "
                "place of Y.",
            ),
            Misconception(
                "equalizes the L of Lab",
                partial(in_space, there=cv2.COLOR_RGB2LAB, back=cv2.COLOR_LAB2RGB),
                "L is a lightness, too, but not the Y of YCrCb. The task names the conversion.",
            ),
        ),
        hints=(
            "Convert, change one channel, convert back.",
            "cv2.split gives Y, Cr and Cb; cv2.merge puts them together again.",
            "cv2.cvtColor(cv2.merge([equalize(y), cr, cb]), cv2.COLOR_YCrCb2RGB)",
        ),
        then="Equalize the L of Lab instead of Y. Where do the pictures differ?",
    ),
    Exercise(
        name="compress_contrast",
        notebook=NOTEBOOK,
        section="2.6 Take the contrast away and win it back",
        solution=my_compress_contrast,
        reference=compress,
        inputs=arguments(
            image=st.just(TWO_LEVELS),
            low=st.sampled_from([0.2, 0.5]),
            high=st.sampled_from([0.6, 1.0]),
            rng=st.just(0),
        ),
        examples={
            "a constant image": {"image": CONSTANT, "low": 0.2, "high": 0.6, "rng": 0},
            "one fixed rate": {"image": TWO_LEVELS, "low": 0.9, "high": 0.9, "rng": 0},
            "the rate 0": {"image": TWO_LEVELS, "low": 0.0, "high": 0.0, "rng": 0},
        },
        observe=compression_statistics,
        tolerance=0.02,
        larger="statistics need many pixels",
        misconceptions=(
            Misconception(
                "draws one rate for the whole picture",
                lambda image, low, high, rng: pull(image, uniform(low, high, rng, ())),
                "All pixels are pulled alike. Draw as many rates as there are pixels.",
            ),
            Misconception(
                "draws one rate for each row",
                lambda image, low, high, rng: pull(image, uniform(low, high, rng, (len(image), 1))),
                "The pixels of a row are pulled alike. Draw a rate for each pixel.",
            ),
            Misconception(
                "draws one rate for each column",
                lambda image, low, high, rng: pull(image, uniform(low, high, rng, image.shape[1])),
                "The pixels of a column are pulled alike. Draw a rate for each pixel.",
            ),
            Misconception(
                "exchanges r and 1 - r",
                lambda image, low, high, rng: pull(image, 1 - uniform(low, high, rng, image.shape)),
                "Your rate 0 makes every pixel the mean. The rate 0 leaves it as it is.",
            ),
            Misconception(
                "cuts off the decimals",
                lambda image, low, high, rng: pull(
                    image, uniform(low, high, rng, image.shape), rounding=np.floor
                ),
                "A cut darkens by half a level on average. Round first, then convert to uint8.",
            ),
            Misconception(
                "pulls toward 128",
                lambda image, low, high, rng: pull(
                    image, uniform(low, high, rng, image.shape), target=128
                ),
                "128 is the middle of all grey levels. Pull toward the mean of the picture.",
            ),
            Misconception(
                "pulls toward the middle between darkest and brightest",
                lambda image, low, high, rng: pull(
                    image,
                    uniform(low, high, rng, image.shape),
                    target=(int(image.min()) + int(image.max())) / 2,
                ),
                "The mean depends on how many pixels are dark. Use image.mean().",
            ),
            Misconception(
                "draws Gaussian rates",
                gaussian_rates,
                "Some of your rates lie outside low … high. Draw them evenly, with uniform.",
            ),
            Misconception(
                "draws rates between 0 and 1",
                lambda image, low, high, rng: pull(image, uniform(0, 1, rng, image.shape)),
                "Your rates do not heed low and high. Use uniform(low, high, image.shape).",
            ),
            Misconception(
                "exchanges height and width",
                lambda image, low, high, rng: pull(
                    image, uniform(low, high, rng, image.shape[::-1])
                ),
                "image.shape is (height, width), in this order. Draw rates of exactly that shape.",
            ),
            Misconception(
                "does not use rng",
                lambda image, low, high, rng: compress(image, low, high, 0),
                "Every seed gives you the same. Begin with rng = np.random.default_rng(rng), and "
                "draw with methods of rng, not with functions of np.random.",
            ),
        ),
        hints=(
            "An array of rates has the shape of the image.",
            "np.random.default_rng(rng).uniform(low, high, image.shape) draws them all.",
            "np.rint(rates * image.mean() + (1 - rates) * image), as uint8.",
        ),
        then="Compress `camera` and equalize it. How does the noise grow from low to high?",
    ),
    Exercise(
        name="match_histogram",
        notebook=NOTEBOOK,
        section="Without assumption 2: a gap",
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
            "nearly equal shares, 1/16 and 1/17": {
                "image": np.array([[0] + 3 * [1]] + 3 * [4 * [1]], np.uint8),
                "template": np.array([[2] + 16 * [3]], np.uint8),
            },
        },
        larger="a floor in between does harm only from 16 and 17 pixels on",
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
                "The template's map leads from its levels to shares. You need its inverse.",
            ),
            Misconception(
                "takes the nearest share",
                nearest_share,
                "Your level may have a smaller share than asked for. "
                "The generalized inverse takes the first that reaches it.",
            ),
            Misconception(
                "takes the first larger share",
                partial(search, side="right"),
                "A level with exactly the share asked for will do. Search for ≥, not for >.",
            ),
            Misconception(
                "takes the last level whose share is not larger",
                last_level,
                "Empty levels have the share of the level before, and you take the last of them. "
                "The generalized inverse takes the first level that reaches the share.",
            ),
            Misconception(
                "compares counts instead of shares",
                partial(search, share=cumulative_counts, wanted=cumulative_counts),
                "The images have different numbers of pixels. Divide each C by its own.",
            ),
            Misconception(
                "counts only the pixels below",
                partial(search, share=shares_below),
                "The share of k counts the pixels at k as well. You left them out.",
            ),
            Misconception(
                "goes through the maps of equalize",
                partial(
                    search,
                    share=equalization.equalization_map,
                    wanted=equalization.equalization_map,
                ),
                "Their floor makes different shares equal. Compare the shares themselves.",
            ),
            Misconception(
                "adds up float fractions",
                partial(search, share=sums_of_shares, wanted=sums_of_shares),
                "A sum of rounded shares may miss the share it should reach. Count first.",
                SUM_OF_FRACTIONS,
            ),
            Misconception(
                "interpolates between levels",
                interpolating,
                "So does scikit-image. Here a pixel gets a level that the template has.",
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
                "A linear map cannot change the form of a histogram. Match the shares.",
            ),
        ),
        hints=(
            "First by hand: image 5, 6, 6 and template 10, 20, 30. Which share has each level?",
            "Compute C(k) / N for both images. For each share, find where the other reaches it.",
            "np.searchsorted(wanted, share) finds the first j with wanted[j] >= share.",
        ),
        then="Match `moon` to `camera`, and compare the cumulative distributions.",
    ),
]


# The quizzes ------------------------------------------------------------------------------------

BROWN = np.array([[[40, 20, 10], [80, 40, 20], [120, 60, 30], [160, 80, 40]]], np.uint8)
COLORS = np.array([[[9, 80, 30], [200, 7, 90]], [[50, 60, 200], [120, 3, 40]]], np.uint8)
EIGHT_PIXELS = np.array([[10, 10, 10, 10], [11, 11, 200, 200]], np.uint8)
EVENLY = (np.arange(1000) + 0.5) / 1000  # spread evenly between 0 and 1


def levels_in_use(image):
    return len(np.unique(image))


def counts_after_any_table():
    """Try all tables for four levels; list how many pixels may join those of level 1."""
    image = np.array([0, 1, 1, 2, 3])
    tables = np.indices((4, 4, 4, 4)).reshape(4, -1).T
    return {int(np.count_nonzero(table[image] == table[1])) for table in tables}


def is_right(formula):
    """Whether a formula for the map, given counts and N, is right on six pixels."""
    counts = np.bincount(SIX_LEVELS.ravel(), minlength=256)
    return np.array_equal(formula(counts, 6), equalization.equalization_map(SIX_LEVELS))


def keeps_result(equalize):
    """Whether 20 more levels of blue leave the result as it was."""
    return np.array_equal(equalize(COLORS + np.array([0, 0, 20], np.uint8)), equalize(COLORS))


QUIZ_BEFORE = (
    Question(
        "A table gives every grey level a new one. An image has 40 pixels of level 7, and the "
        "table sends 7 to 90. How many pixels of level 90 can the result have?",
        right=("40 or more", "All 40 move together, and other levels may be sent to 90 as well."),
        wrong=(
            ("exactly 40", "The table may send other levels to 90, too: levels can merge."),
            ("40 or fewer", "No pixel of level 7 can stay behind: a table never splits a level."),
            ("any number", "Fewer than 40 is impossible: equal pixels get equal new levels."),
        ),
        proof=lambda: counts_after_any_table() == {2, 3, 4, 5},
    ),
    Question(
        "Numbers x are spread evenly between 0 and 1. What share of their squares x² lies "
        "below 1/4?",
        right=("one half", "x² lies below 1/4 exactly when x lies below 1/2."),
        wrong=(
            ("one quarter", "That would be so if the squares were spread evenly. They crowd at 0."),
            ("one sixteenth", "This squares the bound. It is x that is squared: take the root."),
            (
                "three quarters",
                "Three quarters of the x lie below 3/4, and their squares below 9/16.",
            ),
        ),
        proof=lambda: np.mean(EVENLY**2 < 1 / 4) == 1 / 2,
    ),
    Question(
        "In Python, `s` adds up `1 / 6` six times, starting at 0. What is `math.floor(255 * s)`?",
        right=("254", "The sum ends just below 1, because 1/6 is stored with a rounding error."),
        wrong=(
            ("255", "So it is on paper. A computer cannot store 1/6 exactly."),
            ("256", "`s` does not exceed 1, and 255 levels are not 256."),
            ("0", "`1 / 6` is not cut to an integer; that is what `1 // 6` does."),
        ),
        proof=lambda: math.floor(255 * (1 / 6 + 1 / 6 + 1 / 6 + 1 / 6 + 1 / 6 + 1 / 6)) == 254,
    ),
    Question(
        "Half of a photograph is a black frame; nothing else in it is black. Each pixel gets a "
        "new level: 255 times the share of pixels that are as dark or darker, decimals cut off. "
        "What becomes of black?",
        right=("127", "Half of the pixels are black, and 255 / 2 is 127.5."),
        wrong=(
            ("0", "No pixel is darker, but black pixels are as dark as black: they count, too."),
            ("128", "255 / 2 is 127.5. The decimals are cut off, not rounded."),
            ("255", "Only the brightest level gets 255: all pixels are as dark or darker."),
        ),
        proof=lambda: equalization.equalize(np.array([[0, 0, 9, 30]], np.uint8))[0, 0] == 127,
    ),
    Question(
        "Four shades of brown: (40, 20, 10), (80, 40, 20), (120, 60, 30), (160, 80, 40). In each "
        "channel the smallest value becomes 63, the next 127, then 191, then 255. What do you see?",
        right=("four greys", "Red, green and blue have the same order, and become equal."),
        wrong=(
            ("four stronger browns", "Red was twice as much as green. Now both are the same."),
            ("four bright reds", "The channels get the same four values: red has no advantage."),
            ("four whites", "Only the brightest shade becomes (255, 255, 255)."),
        ),
        proof=lambda: np.ptp(equalization.equalize_channels(BROWN), axis=2).max() == 0,
    ),
)
QUIZ_AFTER = (
    Question(
        "An image has eight pixels: four of level 10, two of 11, two of 200. Where does OpenCV's "
        "map send level 11?",
        right=("128", "255 · (6 - 4) / (8 - 4) is 127.5, and the half goes to the even level."),
        wrong=(
            ("127", "255 · 2 / 4 is 127.5. OpenCV's map rounds; it does not take the floor."),
            ("191", "So does the textbook's map: floor(255 · 6 / 8)."),
            ("64", "This divides by 8. The four darkest pixels do not count: divide by 4."),
        ),
        proof=lambda: equalization.equalize_full_range(EIGHT_PIXELS)[1, 0] == 128,
    ),
    Question(
        "An image uses 100 grey levels. How many can its equalized image use?",
        right=("at most 100", "Levels can merge, but a map of levels never splits one."),
        wrong=(
            ("exactly 100", "Levels with few pixels may merge, because the map takes the floor."),
            ("at least 100", "New levels would need pixels of one level to get different ones."),
            ("all 256", "The levels spread over the range, with gaps between them."),
        ),
        proof=lambda: (
            levels_in_use(equalization.equalize(runs(*[1] * 100))) == 100
            and levels_in_use(equalization.equalize(runs(*[1] * 99, 901))) < 100
        ),
    ),
    Question(
        "X lies between 0 and 1, with P(X ≤ x) = x². Which of these is spread evenly between "
        "0 and 1?",
        right=("X²", "Put X into its own cumulative distribution, and the result is uniform."),
        wrong=(
            ("√X", "This is the inverse of the map: it crowds the values at 1 even more."),
            ("X / 2", "Halving only scales the values. They stay crowded at the upper end."),
            ("X itself", "X is crowded at 1: only a quarter of it lies below 1/2."),
        ),
        proof=lambda: all(
            # √ of an even spread has P(X ≤ x) = x².
            (np.abs(np.sort(f(np.sqrt(EVENLY))) - EVENLY).max() < 1e-9) == even
            for f, even in [
                (np.square, True),
                (np.sqrt, False),
                (lambda x: x / 2, False),
                (lambda x: x, False),
            ]
        ),
    ),
    Question(
        "`counts` is the histogram of an image of N pixels. Which formula gives the textbook's "
        "map for every image?",
        right=("`255 * counts.cumsum() // N`", "Integers throughout, and the division comes last."),
        wrong=(
            ("`255 * (counts.cumsum() // N)`", "The division comes first and leaves 0 or 1."),
            (
                "`255 * (counts // N).cumsum()`",
                "Each count is divided alone, and nearly all are 0.",
            ),
            (
                "`np.floor(255 * (counts / N).cumsum())`",
                "The sum of rounded shares may end below 1, and white becomes 254.",
            ),
        ),
        proof=lambda: (
            is_right(lambda counts, N: 255 * counts.cumsum() // N)
            and not is_right(lambda counts, N: 255 * (counts.cumsum() // N))
            and not is_right(lambda counts, N: 255 * (counts // N).cumsum())
            and not is_right(lambda counts, N: np.floor(255 * (counts / N).cumsum()))
        ),
    ),
    Question(
        "You add 20 to the blue of every pixel of an RGB image; no value exceeds 235 before. "
        "Which result is sure to stay exactly as it was?",
        right=(
            "that of `equalize_channels`",
            "The order of the blue values is the same, and equalization heeds nothing else.",
        ),
        wrong=(
            (
                "that of `equalize_luminance`",
                "The change in blue is in Cb, which `equalize_luminance` keeps.",
            ),
            ("that of both", "`equalize_luminance` keeps the blue tint: it is in Cb."),
            ("that of neither", "`equalize_channels` heeds only the order of the blue values."),
        ),
        proof=lambda: (
            keeps_result(equalization.equalize_channels)
            and not keeps_result(equalization.equalize_luminance)
        ),
    ),
)
