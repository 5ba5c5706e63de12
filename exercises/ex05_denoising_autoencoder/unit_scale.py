"""One scale, without a guess.

The image on the scale 0…1, as floats.
"""

import numpy as np
from skimage.util import img_as_float

from exercises import ideas
from exercises.checker import strategies as st
from exercises.checker.exercise import Exercise, Misconception
from exercises.checker.inputs import (
    arguments,
    arrays,
    gray,
    gray_images,
    random_floats,
    random_image,
)
from exercises.ex05_denoising_autoencoder.shared import guessing_scale


def my_unit_scale(image):
    return image / 255 if image.dtype == np.uint8 else image.copy()


def scale_uint8(rule):
    """An answer with another rule for uint8 images."""
    return lambda image: rule(image) if image.dtype == np.uint8 else image.copy()


def stretch(image):
    low, high = int(image.min()), int(image.max())
    return (image - float(low)) / max(high - low, 1)


def float_images():
    """Strategy: small images of floats on the scale 0 … 1, in quarters."""
    shapes = st.tuples(st.integers(1, 4), st.integers(1, 4))
    quarters = shapes.flatmap(lambda shape: arrays(np.int64, shape, elements=st.integers(0, 4)))
    return quarters.map(lambda values: values / 4)


EXERCISE = Exercise(
    section="Pitfall: two scales",
    solution=my_unit_scale,
    reference=img_as_float,
    inputs=arguments(image=st.one_of(gray_images(), float_images())),
    examples={
        "a dark image": {"image": gray([1])},
        "floats": {"image": np.array([[0.0, 0.5]])},
        "black floats": {"image": np.zeros((1, 1))},
        "a white image": {"image": gray([255, 255])},
    },
    more=(
        {"image": random_image(41, 31)},
        {"image": random_floats(41, 31, low=0)},
        {"image": random_floats(2, 3, low=0).astype(np.float32)},
        {"image": np.array([[-0.25, 1.25]])},  # with noise they leave 0 … 1
    ),
    misconceptions=(
        Misconception(
            "guesses the scale from the values",
            guessing_scale,
            "An image whose brightest level is 1 becomes white. The dtype says what the scale is.",
        ),
        Misconception(
            "divides by the brightest level",
            scale_uint8(lambda image: image / max(image.max(), 1)),
            "Each image gets a scale of its own: input and target no longer fit. White is 255,"
            " whether the image has a white pixel or not.",
        ),
        Misconception(
            "stretches from the darkest to the brightest level",
            scale_uint8(stretch),
            "This changes the contrast, and each image's in another way. Only divide by 255.",
        ),
        ideas.divides_by_256(
            scale_uint8(lambda image: image / 256),
            "There are 256 levels, but the largest is 255. White must become 1.",
        ),
        Misconception(
            "divides floats as well",
            lambda image: image / 255,
            "Floats are on the scale 0…1 already, and would become almost black. Look at the"
            " dtype.",
        ),
        Misconception(
            "takes only float64 for floats",
            lambda image: image.copy() if image.dtype == np.float64 else image / 255,
            "float32 is a float as well, and becomes almost black. Ask whether it is np.uint8.",
        ),
        Misconception(
            "divides in whole numbers",
            scale_uint8(lambda image: (image // 255).astype(float)),
            "// drops the fraction, and only white is left. Divide with /.",
        ),
        Misconception(
            "makes uint8 of everything first",
            lambda image: image.astype(np.uint8) / 255,
            "Of floats between 0 and 1, uint8 leaves zeros and ones. Leave floats alone.",
        ),
    ),
    hints=(
        "Do not look at the values at all.",
        "image.dtype == np.uint8 tells you which of the two cases you have.",
        "return image / 255 if ... else image",
    ),
    then="to_tensor of torchvision does the same. What does it do to floats that run to 255?",
)
