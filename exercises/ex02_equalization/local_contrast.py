"""Set the clip limit.

Raise the contrast region by region with CLAHE, and leave the noise alone.
"""

import cv2
import numpy as np

from course_utils import equalization
from course_utils.images import load_image
from course_utils.pooling import mean_pool
from exercises.checker import strategies as st
from exercises.checker.exercise import Exercise, Misconception
from exercises.checker.inputs import arguments

ONE_MAP = "2.1 A map for grey levels"
IMAGES = {
    "page": load_image("page"),
    "cell": load_image("cell")[100:612, 38:550],
    "the green channel of the retina": np.rint(mean_pool(load_image("retina")[..., 1], 2)).astype(
        np.uint8
    ),
}
WINDOWS = {  # something to see, nothing to see: the first row and column, and the side
    "page": ((30, 5, 90), (0, 300, 24)),
    "cell": ((245, 355, 60), (396, 72, 24)),
    "the green channel of the retina": ((330, 500, 100), (180, 612, 24)),
}


def my_local_contrast(image):
    return cv2.createCLAHE(clipLimit=2.5, tileGridSize=(8, 8)).apply(image)


def gains(image, result):
    """How many times as large the deviation is in the two windows, and the name of the image."""
    name = next(name for name, known in IMAGES.items() if np.array_equal(known, image))
    windows = [
        np.s_[row : row + side, column : column + side] for row, column, side in WINDOWS[name]
    ]
    return *(result[window].std() / image[window].std() for window in windows), name


def judges_the_result(result, given):
    """Say whether detail was gained, and noise kept down."""
    if result.shape != given["image"].shape or result.dtype != np.uint8:
        return "it must return a uint8 image of the same shape"
    detail, noise, name = gains(given["image"], result)
    if detail < 1.3:
        return (
            f"in {name}, where there is something to see, the standard deviation has become "
            f"{detail:.2f} times as large; it must be at least 1.3 times"
        )
    if noise > 4:
        return (
            f"in {name}, where there is nothing to see, the standard deviation has become "
            f"{noise:.1f} times as large; it may be at most 4 times"
        )
    return "there is more to see, and little more noise"


def clahe(limit, tiles=8):
    """Make the answer with this clip limit and so many tiles along each side."""
    return lambda image: cv2.createCLAHE(clipLimit=limit, tileGridSize=(tiles, tiles)).apply(image)


def stretched(image):
    low, high = np.percentile(image, [1, 99])
    return np.rint(255 * (image - low) / (high - low)).clip(0, 255).astype(np.uint8)


EXERCISE = Exercise(
    section="2.9 One map for each region",
    solution=my_local_contrast,
    reference=clahe(2),
    inputs=arguments(image=st.sampled_from(list(IMAGES.values()))),
    examples={name: {"image": image} for name, image in IMAGES.items()},
    observe=judges_the_result,
    larger="they are photographs",
    misconceptions=(
        Misconception(
            "has a clip limit of 40",
            lambda image: cv2.createCLAHE().apply(image),
            "40 is what OpenCV takes unless you say clipLimit=…, and hardly a limit. Empty paper "
            "and the background turn into grain.",
        ),
        Misconception(
            "takes the clip limit of section 2.9",
            clahe(4),
            "4 shows the vessels of the retina, and grain between them. Lower the limit until "
            "empty paper stays smooth.",
        ),
        Misconception(
            "sets the clip limit to 8",
            clahe(8),
            "Where there is nothing to see, noise grows to more than 4 times. Lower the limit.",
            "To go deeper: CLAHE amplifies noise, too",
        ),
        Misconception(
            "sets the clip limit to 1",
            clahe(1),
            "The maps are held so flat that two of the three gain too little. Raise the limit.",
        ),
        Misconception(
            "sets the clip limit below 1",
            clahe(0.01),
            "scikit-image's clip_limit is a fraction of the pixels, such as 0.01. OpenCV's is a "
            "multiple of the mean count, and must be above 1.",
        ),
        Misconception(
            "takes one map for the whole picture",
            equalization.equalize,
            "This is what CLAHE is to improve on: one map serves the levels that are frequent in "
            "the whole picture, and the cell becomes a white disc.",
            ONE_MAP,
        ),
        Misconception(
            "takes a single tile",
            clahe(3, tiles=1),
            "With a grid of 1 × 1 there is one map for the whole picture again. Use more tiles.",
        ),
        Misconception(
            "takes too few tiles",
            clahe(3, tiles=2),
            "A quarter of the picture shares one map, and the cell still loses to its background. "
            "Use more tiles.",
        ),
        Misconception(
            "takes too many tiles",
            clahe(2.5, tiles=32),
            "Tiles of a few pixels hold no detail but noise, and spread it. Use fewer tiles.",
        ),
        Misconception(
            "stretches",
            stretched,
            "A stretch has the same slope everywhere, set by the brightest and darkest regions. "
            "CLAHE chooses it for each.",
            "2.2 Why not simply stretch?",
        ),
    ),
    hints=(
        "Try the limits 1, 2, 4 and 8 with 8 × 8 tiles, and look at paper and background.",
        "Print the deviation in two windows before and after, as section 2.9 does for `cell`.",
        "With 8 × 8 tiles, limits between 2 and 3 are enough for all three photographs.",
    ),
    then="Set the limit for a photograph of your own. By which window do you decide?",
)
