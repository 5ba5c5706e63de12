"""Two yardsticks.

Errors of doing nothing and of the mean image, on the scale 0…1.
"""

import numpy as np
import torch
from torch.nn import functional

from exercises import ideas
from exercises.checker import strategies as st
from exercises.checker.exercise import Exercise, Misconception
from exercises.checker.inputs import arguments, arrays, gray, random_image
from exercises.ex05_denoising_autoencoder.shared import error


def my_yardsticks(train, clean, noisy):
    doing_nothing = np.mean((noisy / 255 - clean / 255) ** 2)
    mean_image = np.mean((train.mean(axis=0) / 255 - clean / 255) ** 2)
    return doing_nothing, mean_image


def torch_yardsticks(train, clean, noisy):
    train, clean, noisy = (torch.from_numpy(images / 255) for images in (train, clean, noisy))
    mean_images = train.mean(dim=0).expand_as(clean)
    return functional.mse_loss(noisy, clean).item(), functional.mse_loss(mean_images, clean).item()


def yardsticks_with(second):
    """An answer whose first yardstick is right."""
    return lambda train, clean, noisy: (error(noisy, clean), second(train, clean, noisy))


def yardsticks_with_wrap_around(train, clean, noisy):
    return np.mean((noisy - clean) ** 2) / 255**2, error(train.mean(axis=0), clean)


def yardsticks_of_levels(train, clean, noisy):
    return tuple(255**2 * value for value in torch_yardsticks(train, clean, noisy))


def stacks(shape):
    """Strategy: training images, clean test images and noisy ones, all of one shape."""
    counts = st.tuples(st.integers(1, 3), st.integers(1, 2))
    return counts.flatmap(
        lambda count: arguments(
            train=arrays(np.uint8, (count[0], *shape)),
            clean=arrays(np.uint8, (count[1], *shape)),
            noisy=arrays(np.uint8, (count[1], *shape)),
        )
    )


EXERCISE = Exercise(
    section="5.4 Yardsticks",
    solution=my_yardsticks,
    reference=torch_yardsticks,
    inputs=st.tuples(st.integers(1, 2), st.integers(1, 2)).flatmap(stacks),
    examples={
        "images of one pixel": {
            "train": gray([10], [20])[..., None],
            "clean": gray([60])[..., None],
            "noisy": gray([40])[..., None],
        },
        "no noise": {
            "train": gray([10], [21])[..., None],
            "clean": gray([60], [90])[..., None],
            "noisy": gray([60], [90])[..., None],
        },
    },
    more=(
        {
            "train": random_image(7, 5, 6),
            "clean": random_image(4, 5, 6),
            "noisy": random_image(4, 5, 6, seed=1),
        },
    ),
    misconceptions=(
        Misconception(
            "takes the mean of the test images",
            yardsticks_with(lambda train, clean, noisy: error(clean.mean(axis=0), clean)),
            "Whoever may look at the clean test images has an unfair advantage. The mean must"
            " come from the training images.",
        ),
        Misconception(
            "takes the mean of the noisy images",
            yardsticks_with(lambda train, clean, noisy: error(noisy.mean(axis=0), clean)),
            "The mean image is one image, the same for whatever comes. It is the mean of the"
            " training images.",
        ),
        Misconception(
            "averages over the pixels as well",
            yardsticks_with(lambda train, clean, noisy: error(train.mean(), clean)),
            "You compare with one grey level. The mean image has a mean for each pixel: axis=0.",
        ),
        Misconception(
            "cuts the mean image to whole levels",
            yardsticks_with(
                lambda train, clean, noisy: error(train.mean(axis=0).astype(np.uint8), clean)
            ),
            "astype(np.uint8) drops the fraction. The mean need not be a grey level: keep the"
            " floats.",
        ),
        Misconception(
            "swaps the two numbers",
            lambda *stacks: torch_yardsticks(*stacks)[::-1],
            "Both errors are right, in the wrong order. Doing nothing comes first.",
        ),
        Misconception(
            "compares the mean image with the noisy ones",
            yardsticks_with(lambda train, clean, noisy: error(train.mean(axis=0), noisy)),
            "No answer is measured against noise. The reference is the clean image, always.",
        ),
        Misconception(
            "measures the mean image on the training images",
            yardsticks_with(lambda train, clean, noisy: error(train.mean(axis=0), train)),
            "All methods must be measured on the same images. Those are the test images.",
        ),
        ideas.subtracts_uint8_images_which_wrap_around(
            yardsticks_with_wrap_around,
            "The mean is a float, but the noisy images are not: there 40 - 50 is 246. Divide by"
            " 255 before you subtract.",
        ),
        ideas.stays_on_the_scale_0_255(
            yardsticks_of_levels,
            "Your numbers are 255² times too large. Divide all images by 255.",
            "Pitfall: two scales",
        ),
        Misconception(
            "divides by the number of images",
            lambda train, clean, noisy: tuple(
                error(images, clean) * clean[0].size for images in (noisy, train.mean(axis=0))
            ),
            "You add up over the pixels of an image. The error is a mean over all pixels of "
            "all images.",
        ),
        Misconception(
            "takes absolute errors",
            lambda train, clean, noisy: (
                abs(noisy / 255 - clean / 255).mean(),
                abs(train.mean(axis=0) / 255 - clean / 255).mean(),
            ),
            "An error is a mean of squares here. Square the differences before you average.",
        ),
        Misconception(
            "adds up instead of averaging",
            lambda train, clean, noisy: tuple(
                clean.size * value for value in torch_yardsticks(train, clean, noisy)
            ),
            "Your sums grow with the number of pixels. Take means.",
        ),
    ),
    hints=(
        "Write a function for the error first, and call it twice.",
        "The mean image is train.mean(axis=0). It has the shape of one image.",
        "Both errors are against clean: noisy / 255 - clean / 255 in the first.",
    ),
    then="Of all fixed images, which has the least error on the training images? Prove it.",
)
