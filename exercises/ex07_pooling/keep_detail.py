"""Keep the detail.

The image pooled by 4, with the minimum or the maximum.
"""

from functools import cache

import cv2
import numpy as np

from course_utils.convolution import to_uint8
from course_utils.images import load_image
from course_utils.pooling import max_pool, mean_pool, min_pool
from exercises import ideas
from exercises.checker import strategies as st
from exercises.checker.exercise import Exercise, Misconception

SIDE = 40  # pixels of a piece
PIECES = {  # of photographs: where they begin, and whether the detail is dark in what is shown
    "veins of an eye": ("retina", 580, 140, "dark"),
    "print": ("page", 28, 20, "dark"),
    "threads of a dark web": ("web_dark_on_light", 200, 440, "dark"),
    "threads of a light web": ("web_light_on_dark", 300, 500, "light"),
    "stars": ("hubble_deep_field", 120, 300, "light"),
    "handwriting": ("text", 20, 160, "dark"),
    "veins in negative": ("retina", 580, 140, "light"),
    "print in negative": ("page", 28, 20, "light"),
    "veins on a bright ground": ("retina", 560, 240, "dark"),
    "threads against the light": ("web_dark_on_light", 240, 340, "dark"),
    "print on a shaded page": ("page", 144, 16, "dark"),
    "print on a shaded page, in negative": ("page", 144, 16, "light"),
    "more print": ("page", 64, 0, "dark"),
    "more print, in negative": ("page", 48, 64, "light"),
    "another handwriting": ("text", 80, 320, "dark"),
    "a line beside a tower": ("camera", 140, 380, "dark"),
    "a fine vein on a dark ground": ("retina", 610, 60, "dark"),
    "handwriting and a hot pixel": ("text", 20, 160, "dark"),
}


def my_keep_detail(image):
    background = cv2.medianBlur(image, 15)
    difference = image - background.astype(float)
    darker = np.sum(difference[difference < 0] ** 2)
    lighter = np.sum(difference[difference > 0] ** 2)
    if darker > lighter:
        return min_pool(image, 4)
    return max_pool(image, 4)


@cache
def piece(name):
    file, row, column, _ = PIECES[name]
    image = load_image(file)
    image = image[..., 1] if image.ndim == 3 else image  # veins are seen best in green
    image = image[row : row + SIDE, column : column + SIDE].copy()
    if "hot" in name:
        image[9, 6] = 255
    return {"image": 255 - image if "negative" in name else image}


def keep_detail(image):
    """Look up what is known about the piece."""
    name = next(name for name in PIECES if np.array_equal(piece(name)["image"], image))
    return min_pool(image, 4) if PIECES[name][-1] == "dark" else max_pool(image, 4)


def by_extremes(image):
    """Decide by the two extreme pixels."""
    mean = image.mean()
    return min_pool(image, 4) if mean - image.min() > image.max() - mean else max_pool(image, 4)


def by_brightness(image):
    return min_pool(image, 4) if image.mean() > 127 else max_pool(image, 4)


def by_mean_and_median(image):
    """Decide by the longer tail of the histogram."""
    return min_pool(image, 4) if image.mean() < np.median(image) else max_pool(image, 4)


def by_threshold(image):
    """Decide by the smaller class of Otsu's threshold."""
    threshold, _ = cv2.threshold(image, 0, 255, cv2.THRESH_OTSU)
    return min_pool(image, 4) if (image > threshold).mean() > 0.5 else max_pool(image, 4)


def by_spread(image):
    low, high = min_pool(image, 4), max_pool(image, 4)
    return low if low.std() > high.std() else high


def block_by_block(image):
    low, high, mean = min_pool(image, 4), max_pool(image, 4), mean_pool(image, 4)
    return np.where(mean - low > high - mean, low, high)


def the_other_one(image):
    low = min_pool(image, 4)
    return max_pool(image, 4) if np.array_equal(keep_detail(image), low) else low


EXERCISE = Exercise(
    section="7.3 Two webs: what has to survive?",
    solution=my_keep_detail,
    reference=keep_detail,
    inputs=st.sampled_from(list(PIECES)).map(piece),
    examples={name: piece(name) for name in PIECES},
    larger="detail shows only where there is a background",
    misconceptions=(
        Misconception(
            "takes the minimum of every image tried",
            lambda image: min_pool(image, 4),
            "The minimum wipes out detail that is lighter than its background. What decides, if "
            "anything does?",
        ),
        Misconception(
            "takes the maximum of every image tried",
            lambda image: max_pool(image, 4),
            "The maximum wipes out detail that is darker than its background. What decides, if "
            "anything does?",
        ),
        Misconception(
            "goes by the brightness",
            by_brightness,
            "A bright picture may hold detail that is brighter still, and veins are dark on a dark "
            "ground. Compare each pixel with what surrounds it, not with a fixed level.",
        ),
        Misconception(
            "compares mean and median of the whole image",
            by_mean_and_median,
            "A shadow over a page draws the mean along as well as its print does. Compare each "
            "pixel with what surrounds it.",
        ),
        Misconception(
            "takes the smaller class of a threshold for the detail",
            by_threshold,
            "One level for the whole image takes the shadow over a page for its print. Compare "
            "each pixel with what surrounds it.",
        ),
        Misconception(
            "keeps the copy whose levels spread more",
            by_spread,
            "The standard deviation counts the slope of the background as well. Compare each pixel "
            "with what surrounds it.",
        ),
        Misconception(
            "chooses the wrong one",
            the_other_one,
            "You have found out which detail there is, and keep the other. The minimum keeps what "
            "is dark.",
        ),
        ideas.takes_the_mean(
            lambda image: to_uint8(mean_pool(image, 4)),
            "The mean keeps the brightness, and thin detail fades. Here it must survive.",
        ),
        Misconception(
            "keeps every fourth pixel",
            lambda image: image[::4, ::4].copy(),
            "You skip fifteen pixels of sixteen, and thin detail with them.",
            "7.6 Pooling is not skipping",
        ),
        Misconception(
            "decides block by block",
            block_by_block,
            "In a block without detail you take noise for it, and half of the blocks get darker, "
            "half lighter. Decide once, for the whole image.",
        ),
        Misconception(
            "goes by the two extreme pixels",
            by_extremes,
            "A single hot pixel decides in your code. Compare all pixels with their surroundings.",
        ),
    ),
    hints=(
        "What is detail? Something that differs from what surrounds it. Darker or lighter?",
        "A median over a window much wider than the detail gives the background. Subtract it, in "
        "floats. Which differences are larger, the negative or the positive ones?",
        "Subtract background = cv2.medianBlur(image, 15). Add up the squares of the negative "
        "differences, and those of the positive ones. Take the minimum if the first sum is larger.",
    ),
    then="Try it on coffee and on astronaut. Is there a right answer for every photograph?",
)
