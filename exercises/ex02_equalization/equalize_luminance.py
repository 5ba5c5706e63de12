"""Equalize the luminance.

Equalize the Y of an RGB image; keep Cr and Cb.
"""

from functools import partial

import cv2
import numpy as np

from course_utils import equalization
from exercises import ideas
from exercises.checker.exercise import Exercise, Misconception
from exercises.checker.inputs import arguments, random_image, rgb_images
from exercises.ex02_equalization.shared import OPENCV, rounded_map


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


def one_map_for_all_parts(image):
    ycc = cv2.cvtColor(image, cv2.COLOR_RGB2YCrCb)
    return cv2.cvtColor(one_map_for_all_values(ycc), cv2.COLOR_YCrCb2RGB)


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


def exchanging_colours(image):
    y, cr, cb = cv2.split(cv2.cvtColor(image, cv2.COLOR_RGB2YCrCb))
    return cv2.cvtColor(cv2.merge([equalization.equalize(y), cb, cr]), cv2.COLOR_YCrCb2RGB)


EXERCISE = Exercise(
    section="2.8 Colour: channels or luminance?",
    solution=my_equalize_luminance,
    reference=equalization.equalize_luminance,
    inputs=arguments(image=rgb_images()),
    examples={
        "a single pixel": {"image": np.array([[[10, 20, 30]]], np.uint8)},
        "shades of grey": {"image": np.array([[[50] * 3, [60] * 3, [60] * 3]], np.uint8)},
        "a red and a blue pixel": {"image": np.array([[[99, 0, 0], [0, 0, 99]]], np.uint8)},
    },
    more=({"image": random_image(5, 6, 3)}, {"image": random_image(41, 31, 3)}),
    is_new=True,
    misconceptions=(
        Misconception(
            "equalizes each channel on its own",
            equalization.equalize_channels,
            "Three maps change the proportions of red, green and blue. Equalize Y only.",
        ),
        Misconception(
            "equalizes Y, Cr and Cb with one map",
            one_map_for_all_parts,
            "Cr and Cb hold the colours, and one map of all three changes them. Equalize Y only.",
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
        ideas.uses_opencvs_map(
            partial(ycrcb, equalize=equalization.equalize_full_range),
            "Your map sends the darkest Y to 0. This exercise uses the floor map.",
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
            "The axes are rows, columns, channels, so ycc[0] is the first row. Y is ycc[..., 0].",
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
        ideas.rounds_to_the_nearest_level(partial(ycrcb, equalize=lambda y: rounded_map(y)[y])),
        Misconception(
            "divides by the number of values",
            lambda image: ycrcb(image, equalize=lambda y: equalization.equalization_map(y)[y] // 3),
            "image.size counts three values a pixel. Divide by the number of pixels, y.size.",
        ),
        Misconception(
            "equalizes Cr",
            partial(ycrcb, channels=(1,)),
            "The channels are Y, Cr, Cb, in this order. The luminance is number 0.",
        ),
        Misconception(
            "exchanges Cr and Cb",
            exchanging_colours,
            "OpenCV's order is Y, Cr, Cb. Put the channels back as they came.",
        ),
        Misconception(
            "takes the image for BGR on the way there",
            partial(in_space, there=cv2.COLOR_BGR2YCrCb, back=cv2.COLOR_YCrCb2RGB),
            "Red and blue are exchanged on the way there. This image is RGB: COLOR_RGB2YCrCb.",
        ),
        Misconception(
            "returns a grey image",
            lambda image: equalization.equalize(luminance(image)),
            "The result has three channels again. Put the new Y beside Cr and Cb, and convert "
            "back.",
        ),
    ),
    hints=(
        "Convert, change one channel, convert back.",
        "cv2.split gives Y, Cr and Cb; cv2.merge puts them together again.",
        "cv2.cvtColor(cv2.merge([equalize(y), cr, cb]), cv2.COLOR_YCrCb2RGB)",
    ),
    then="Equalize the L of Lab instead of Y. Where do the pictures differ?",
)
