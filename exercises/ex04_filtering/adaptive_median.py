"""A median that spares clean pixels.

Replace 0 and 255 by the median of the clean levels around.
"""

from functools import partial

import numpy as np

from course_utils import filtering
from exercises import ideas
from exercises.checker import strategies as st
from exercises.checker.exercise import Exercise, Misconception
from exercises.checker.inputs import arguments, arrays, random_image
from exercises.ex04_filtering.shared import SALT, STEP, windows


def my_adaptive_median(image):
    result = image.copy()
    for y, x in np.argwhere((image == 0) | (image == 255)):
        window = image[max(y - 1, 0) : y + 2, max(x - 1, 0) : x + 2]
        clean = np.sort(window[(window > 0) & (window < 255)])
        if clean.size:
            result[y, x] = clean[(clean.size - 1) // 2]
    return result


def adaptive_median(image):
    """No loop over pixels. The zeros beyond the border count as pepper, so they drop out."""
    levels = windows(image, 3, "constant").reshape(*image.shape, 9)
    is_clean = (levels > 0) & (levels < 255)
    clean_first = np.sort(np.where(is_clean, levels, 255), axis=2)
    count = is_clean.sum(axis=2)
    middle = np.maximum(count - 1, 0) // 2
    medians = np.take_along_axis(clean_first, middle[..., None], axis=2)[..., 0]
    is_hit = (image == 0) | (image == 255)
    return np.where(is_hit & (count > 0), medians, image)


def noisy_images():
    """Strategy: grey images in which every other pixel, on average, is black or white."""
    side, pixels = st.integers(1, 4), st.sampled_from([0, 255] * 127 + list(range(1, 255)))
    return st.tuples(side, side).flatmap(lambda shape: arrays(np.uint8, shape, elements=pixels))


def lower_middle(values):
    return np.sort(values)[(values.size - 1) // 2]


def upper_middle(values):
    return np.sort(values)[values.size // 2]


def replace(image, *, hit=(0, 255), left_out=(0, 255), by=lower_middle, pad=0, if_empty=None):
    """Replace the levels `hit` by what `by` makes of the window without the levels `left_out`."""
    result, padded = image.copy(), np.pad(image, pad, mode="edge")
    for y, x in np.argwhere(np.isin(image, hit)):
        window = padded[max(y + pad - 1, 0) : y + pad + 2, max(x + pad - 1, 0) : x + pad + 2]
        values = window[~np.isin(window, left_out)]
        if values.size:
            result[y, x] = by(values)
        elif if_empty is not None:
            result[y, x] = if_empty
    return result


def replace_by_plain_median(image):
    is_hit = (image == 0) | (image == 255)
    return np.where(is_hit, filtering.median_filter(image, 3), image)


def replace_with_negative_indices(image):
    result = image.copy()
    for y, x in np.argwhere((image == 0) | (image == 255)):
        window = image[y - 1 : y + 2, x - 1 : x + 2]
        clean = window[(window > 0) & (window < 255)]
        if clean.size:
            result[y, x] = lower_middle(clean)
    return result


def replace_in_place(image):
    result = image.copy()
    for y, x in np.argwhere((image == 0) | (image == 255)):
        result[y, x] = adaptive_median(result)[y, x]
    return result


def replace_in_the_argument(image):
    image[...] = adaptive_median(image)
    return image


EXERCISE = Exercise(
    section="4.4 The median filter",
    solution=my_adaptive_median,
    reference=adaptive_median,
    inputs=arguments(image=noisy_images()),
    examples={
        "a single black pixel": {"image": np.array([[0]], np.uint8)},
        "an image without noise": {"image": STEP},
        "a pixel of salt": {"image": SALT},
        "only salt and pepper": {"image": np.array([[0, 255], [255, 0]], np.uint8)},
    },
    more=({"image": random_image(41, 31) // 3 * 3}, {"image": random_image(41, 31) // 128 * 255}),
    is_new=True,
    misconceptions=(
        Misconception(
            "replaces every pixel",
            partial(replace, hit=np.arange(256)),
            "You filter pixels that were not hit. They keep their level, and so the detail.",
            "Pitfall: thin lines and corners",
        ),
        Misconception(
            "counts salt and pepper in the median",
            partial(replace, left_out=()),
            "Your window holds the levels 0 and 255. Take the median of the others.",
        ),
        Misconception(
            "takes the plain median for them",
            replace_by_plain_median,
            "The plain median counts salt and pepper, too. Take the median of the clean pixels of "
            "the window, which ends at the border.",
        ),
        Misconception(
            "replaces salt only",
            partial(replace, hit=(255,)),
            "You leave the pixels of level 0. Pepper is replaced, too.",
        ),
        Misconception(
            "replaces pepper only",
            partial(replace, hit=(0,)),
            "You leave the pixels of level 255. Salt is replaced, too.",
        ),
        ideas.takes_the_mean(
            partial(replace, by=np.mean),
            "You take the mean of the clean pixels. Take their median.",
        ),
        Misconception(
            "averages the two in the middle",
            partial(replace, by=np.median),
            "np.median averages when the number of values is even. Here the lower one counts.",
        ),
        Misconception(
            "takes the upper one of two",
            partial(replace, by=upper_middle),
            "values[n // 2] is the upper one when n is even. The lower one has index (n - 1) // 2.",
        ),
        Misconception(
            "makes pixels without clean neighbours black",
            partial(replace, if_empty=0),
            "Without a clean pixel in the window you write 0. The pixel keeps its level.",
        ),
        ideas.repeats_the_edge(
            partial(replace, pad=1),
            "Edge pixels count twice or more in your window. Here it ends at the border.",
            "4.7 What lies beyond the border?",
        ),
        Misconception(
            "lets indices become negative",
            replace_with_negative_indices,
            "In the first row the slice -1 : 2 starts at the last row, and holds nothing or too "
            "little. Start it at max(y - 1, 0).",
            "4.7 What lies beyond the border?",
        ),
        Misconception(
            "reads pixels that it has replaced",
            replace_in_place,
            "You write into the array that you read, and later windows hold new levels. "
            "Read the image, write into a copy.",
        ),
        ideas.changes_its_argument(replace_in_the_argument),
    ),
    hints=(
        "np.argwhere((image == 0) | (image == 255)) lists the pixels to replace.",
        "image[max(y - 1, 0) : y + 2, max(x - 1, 0) : x + 2] is the window within the image.",
        "Sort the n clean values of the window. If n > 0, the answer has index (n - 1) // 2.",
    ),
    then="Add 40 % salt and pepper to camera. By how much does this filter beat median_filter?",
)
