"""Pool what is noisy.

Small copy of a noisy photograph, in floats.
"""

from functools import cache

import numpy as np

from course_utils import noise
from course_utils.images import load_image
from course_utils.pooling import mean_pool, min_pool
from exercises import ideas
from exercises.checker import strategies as st
from exercises.checker.exercise import Exercise, Misconception
from exercises.ex07_pooling.median_pool import my_median_pool

PIECES = {  # of photographs: where they begin, the noise, and the size of the blocks
    "a cat, Gaussian": ("chelsea", 200, 60, "Gaussian", 4),
    "a cat, salt and pepper": ("chelsea", 200, 60, "salt and pepper", 4),
    "gravel, Gaussian": ("gravel", 100, 100, "Gaussian", 3),
    "gravel, salt and pepper": ("gravel", 100, 100, "salt and pepper", 3),
    "bricks, Gaussian": ("brick", 40, 200, "Gaussian", 5),
    "bricks, salt and pepper": ("brick", 40, 200, "salt and pepper", 5),
    "the moon, Gaussian": ("moon", 200, 300, "Gaussian", 4),
    "an astronaut, Gaussian": ("astronaut", 36, 134, "Gaussian", 4),  # some black and white
    "the moon, salt and pepper": ("moon", 200, 300, "salt and pepper", 4),
}
MOST = 1.1  # times the error of the better one


def my_pool_noisy(image, size):
    black_or_white = (image == 0) | (image == 255)
    height, width = image.shape[0] // size, image.shape[1] // size
    whole = image[: height * size, : width * size]
    blocks = whole.reshape(height, size, width, size)
    if black_or_white.mean() > 0.02:
        return np.median(blocks, axis=(1, 3))
    return blocks.mean(axis=(1, 3))


@cache
def clean(name):
    file, row, column, _, _ = PIECES[name]
    return load_image(file, gray=True)[row : row + 62, column : column + 62]


@cache
def noisy(name):
    *_, kind, size = PIECES[name]
    if kind == "Gaussian":
        image = noise.add_gaussian_noise(clean(name), 20, rng=1)
    else:
        image = noise.add_salt_and_pepper_noise(clean(name), 0.1, rng=1)
    return {"image": image, "size": size}


def compares_with_the_better_one(small, arguments):
    """Say how the error of a small copy compares with that of mean and median."""
    image, size = arguments.values()
    name = next(name for name in PIECES if np.array_equal(noisy(name)["image"], image))
    wanted = mean_pool(clean(name), size)
    answers = {"the mean": mean_pool(image, size), "the median": my_median_pool(image, size)}
    errors = {way: np.mean((answer - wanted) ** 2) for way, answer in answers.items()}
    best = min(errors, key=errors.get)
    ratio = np.mean((small - wanted) ** 2) / errors[best]
    if ratio <= MOST:
        return f"its error is at most {MOST} times that of the better one"
    return f"on {name}, its error is {ratio:.2f} times that of {best}; it must be at most {MOST}"


def wrong_way_round(image, size):
    is_spotted = np.mean((image == 0) | (image == 255)) > 0.02
    return mean_pool(image, size) if is_spotted else my_median_pool(image, size)


def midrange(image, size):
    return (min_pool(image, size) + 255.0 - min_pool(255 - image, size)) / 2


def skipped(image, size):
    height, width = (side // size for side in image.shape)
    return image[::size, ::size][:height, :width].astype(float)


def without_extremes(image, size):
    """Mean of the pixels of each block that are neither black nor white."""
    is_good = ((image > 0) & (image < 255)).astype(float)
    return mean_pool(image * is_good, size) / np.maximum(mean_pool(is_good, size), 1e-9)


def black_left_in(image, size):
    return mean_pool(np.where((image == 0) | (image == 255), np.uint8(0), image), size)


EXERCISE = Exercise(
    section="7.1 One number for each block",
    solution=my_pool_noisy,
    reference=without_extremes,
    inputs=st.sampled_from(list(PIECES)).map(noisy),
    examples={name: noisy(name) for name in PIECES},
    observe=compares_with_the_better_one,
    larger="an error of a photograph needs a piece of a photograph",
    misconceptions=(
        Misconception(
            "takes the mean of every piece tried",
            mean_pool,
            "Salt and pepper pull a mean along: one white pixel in sixteen moves it by many "
            "levels. Do you look for pixels that are 0 or 255, and is your limit reached?",
        ),
        Misconception(
            "takes the median of every piece tried",
            my_median_pool,
            "Under Gaussian noise the mean of the same pixels is less noisy than their median. "
            "Look for pixels that are 0 or 255: where they are few, take the mean.",
        ),
        Misconception(
            "decides the wrong way round",
            wrong_way_round,
            "You recognize the noise, and take the mean where there are outliers. It is the median "
            "that they cannot move far.",
        ),
        Misconception(
            "takes the middle between minimum and maximum",
            midrange,
            "Two pixels decide in your code, and they are the noisiest of the block.",
        ),
        Misconception(
            "keeps one pixel of each block",
            skipped,
            "You keep the full noise of that pixel. A summary of all pixels averages it out.",
            "7.6 Pooling is not skipping",
        ),
        Misconception(
            "takes the minimum",
            lambda image, size: min_pool(image, size).astype(float),
            "The minimum collects the errors that go down, and all the pepper.",
        ),
        Misconception(
            "replaces salt by black",
            black_left_in,
            "You set the noisy pixels to 0, and the mean counts them as black. Leave them out of "
            "the count as well.",
        ),
        Misconception(
            "rounds to whole levels",
            lambda image, size: np.rint(my_pool_noisy(image, size)),
            "A mean lies between two levels, and rounding adds an error of its own. Return floats.",
            "7.5 Pitfall: a mean is not an integer",
        ),
        ideas.cuts_the_fraction_off(
            lambda image, size: my_pool_noisy(image, size).astype(np.uint8),
            "You cut the result to whole levels. Return floats.",
            "7.5 Pitfall: a mean is not an integer",
        ),
    ),
    hints=(
        "What does salt and pepper do to a pixel, and how often does an unspoilt photograph have "
        "such pixels?",
        "np.mean((image == 0) | (image == 255)) is the fraction of black and white pixels. Salt "
        "and pepper here hit one pixel in ten.",
        "If that fraction is above 0.02, return the median of each block, as in exercise 7.5, and "
        "mean_pool(image, size) otherwise.",
    ),
    then="Leave out black and white pixels, and take the mean of the others. Does it beat both?",
)
