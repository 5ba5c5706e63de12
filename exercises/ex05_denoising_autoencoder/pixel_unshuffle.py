"""Blocks to channels.

Four channels: the pixels at the four places of each block of 2 x 2.
"""

import numpy as np
import torch
from torch.nn import functional

from exercises.checker import strategies as st
from exercises.checker.exercise import Exercise, Misconception
from exercises.checker.inputs import arguments, arrays, gray, random_image


def my_pixel_unshuffle(image):
    return np.stack([image[i::2, j::2] for i in (0, 1) for j in (0, 1)])


def torch_unshuffle(image):
    return functional.pixel_unshuffle(torch.from_numpy(image.copy())[None], 2).numpy()


def columns_first(image):
    return np.stack([image[i::2, j::2] for j in (0, 1) for i in (0, 1)])


def only_reshaping(image):
    return image.reshape(4, image.shape[0] // 2, image.shape[1] // 2)


def quarters(image):
    height, width = np.array(image.shape) // 2
    top, bottom = image[:height], image[height:]
    return np.stack([top[:, :width], top[:, width:], bottom[:, :width], bottom[:, width:]])


def first_pixels(image):
    return np.stack([image[::2, ::2]] * 4)


def means_of_blocks(image):
    return np.stack([torch_unshuffle(image).mean(axis=0)] * 4)


def channels_last(image):
    return np.moveaxis(torch_unshuffle(image), 0, -1)


EXERCISE = Exercise(
    section="5.7 A network that looks at neighbours",
    solution=my_pixel_unshuffle,
    reference=torch_unshuffle,
    inputs=st.tuples(st.sampled_from([2, 4]), st.sampled_from([2, 4])).flatmap(
        lambda shape: arguments(image=arrays(np.uint8, shape))
    ),
    examples={
        "a single block": {"image": gray([1, 2], [3, 4])},
        "two blocks": {"image": gray([1, 2, 5, 6], [3, 4, 7, 8])},
        "four blocks": {"image": np.arange(16, dtype=np.uint8).reshape(4, 4)},
    },
    more=({"image": random_image(6, 10)}, {"image": random_image(40, 62)}),
    misconceptions=(
        Misconception(
            "goes down the columns first",
            columns_first,
            "Your channels 1 and 2 are swapped. Channel 1 is the pixel to the right of the"
            " first, channel 2 the one below it.",
        ),
        Misconception(
            "only reshapes",
            only_reshaping,
            "reshape keeps the order of the pixels, so a channel gets pixels that follow one"
            " another. A channel takes one pixel of each block.",
        ),
        Misconception(
            "cuts the image into four quarters",
            quarters,
            "Your channels are pieces of the image. Each must be the whole image, with every"
            " second pixel.",
        ),
        Misconception(
            "keeps the first pixel of each block only",
            first_pixels,
            "All four channels are the same, and three quarters of the pixels are lost. Start"
            " the other channels one pixel later.",
        ),
        Misconception(
            "averages the blocks",
            means_of_blocks,
            "That is mean pooling, which loses what is inside a block. Here nothing is lost.",
        ),
        Misconception(
            "puts the channels last",
            channels_last,
            "PyTorch has the channels first, before the rows. Stack along axis 0.",
        ),
        Misconception(
            "takes every other pixel from the wrong end",
            lambda image: torch_unshuffle(image)[::-1],
            "Your channels run backward: the first holds the lower right pixels. Channel 0"
            " holds the upper left pixel of each block.",
        ),
        Misconception(
            "returns four images",
            lambda image: list(my_pixel_unshuffle(image)),
            "The result is one array with four channels. np.stack makes it of the four images.",
        ),
    ),
    hints=(
        "Write down by hand where each pixel of a 4 x 4 image goes.",
        "image[::2, ::2] is channel 0. The others start at another pixel.",
        "np.stack of image[i::2, j::2], for i, j = 0, 0 then 0, 1 then 1, 0 then 1, 1.",
    ),
    then="Write the way back. Then do both with reshape and transpose, without a loop.",
)
