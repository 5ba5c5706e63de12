"""Count each channel.

Histograms of red, green and blue: integers, shape (3, 256).
"""

import cv2
import numpy as np

from course_utils import histograms
from exercises import ideas
from exercises.checker.exercise import Exercise, Misconception
from exercises.checker.inputs import arguments, gray, random_image, rgb_images
from exercises.ex01_histograms.shared import FITTING_BINS


def my_channel_histograms(image):
    channels = [image[..., 0], image[..., 1], image[..., 2]]
    return np.stack([np.bincount(channel.ravel(), minlength=256) for channel in channels])


def counting_each(channels):
    """Three histograms of whatever `channels` takes for the channels."""
    return lambda image: np.stack(
        [np.bincount(channel.ravel(), minlength=256) for channel in channels(image)]
    )


def counting_each_value_once(image):
    counts = np.zeros((3, 256), int)
    for channel in range(3):
        counts[channel, image[..., channel]] += 1
    return counts


EXERCISE = Exercise(
    section="1.5 Colour histograms",
    solution=my_channel_histograms,
    reference=histograms.channel_histograms,
    inputs=arguments(image=rgb_images()),
    examples={
        "a black pixel": {"image": gray([[0, 0, 0]])},
        "a pixel of three levels": {"image": gray([[2, 1, 0]])},
        "white": {"image": np.full((2, 2, 3), 255, np.uint8)},
        "three pixels in a row": {"image": gray([[0, 1, 2], [0, 3, 2], [4, 1, 2]])},
        "three rows": {"image": gray([[0, 1, 2]], [[0, 3, 2]], [[4, 1, 2]])},
    },
    more=({"image": random_image(41, 31, 3)}, {"image": np.full((257, 257, 3), 3, np.uint8)}),
    misconceptions=(
        Misconception(
            "puts blue first",
            counting_each(lambda image: [image[..., 2], image[..., 1], image[..., 0]]),
            "Only OpenCV's own reader returns BGR. This image is RGB, and red comes first.",
            "To go deeper: OpenCV reads blue first",
        ),
        Misconception(
            "puts the channels in columns",
            lambda image: my_channel_histograms(image).T,
            "Your result has 256 rows, one a level. Each channel gets a row: axis 0.",
        ),
        Misconception(
            "takes rows for channels",
            counting_each(lambda image: [image[0], image[1], image[2]]),
            "image[0] is the top row with all its channels. Red is image[..., 0].",
            "1.1 An image is an array",
        ),
        Misconception(
            "takes columns for channels",
            counting_each(lambda image: [image[:, 0], image[:, 1], image[:, 2]]),
            "image[:, 0] is the left column with all its channels. Red is image[..., 0].",
            "1.1 An image is an array",
        ),
        Misconception(
            "cuts the image in three with reshape",
            counting_each(lambda image: image.reshape(3, -1)),
            "reshape(3, -1) cuts the list of all values in three: the channels stay mixed. "
            "Use reshape(-1, 3), and take its columns.",
        ),
        Misconception(
            "counts all channels together",
            lambda image: np.bincount(image.ravel(), minlength=256),
            "You count the values of all three channels in one histogram. "
            "Each channel has its own.",
        ),
        Misconception(
            "turns the image grey first",
            lambda image: histograms.histogram(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)),
            "The grey level mixes the three channels, and cannot be taken apart again. "
            "Count each channel.",
        ),
        Misconception(
            "returns fractions",
            lambda image: my_channel_histograms(image) / (image.shape[0] * image.shape[1]),
            "You divide by the number of pixels. This exercise wants the counts.",
            "1.3 What a histogram counts",
        ),
        ideas.returns_the_counts_as_floats(
            lambda image: my_channel_histograms(image).astype(float),
            "np.zeros makes floats unless you tell it otherwise, and cv2.calcHist always. "
            "Counts are integers: np.zeros((3, 256), dtype=int), or .astype(int).",
            "1.3 What a histogram counts",
        ),
        Misconception(
            "stops at the brightest value",
            lambda image: np.stack([np.bincount(channel.ravel()) for channel in image.T]),
            "np.bincount ends at the largest value of its channel, so the rows differ in "
            "length. Give it minlength=256.",
            "1.3 What a histogram counts",
        ),
        ideas.lets_np_histogram_choose_the_range(
            lambda image: np.stack([np.histogram(c, bins=256)[0] for c in image.T]),
            "The bins run from the smallest to the largest value of the channel. "
            "Give range=(0, 256).",
            FITTING_BINS,
        ),
        Misconception(
            "gives np.histogram 256 edges",
            lambda image: np.stack([np.histogram(c, range(256))[0] for c in image.T]),
            "256 edges make 255 bins, and the last one holds two levels. Use range(257).",
            FITTING_BINS,
        ),
        Misconception(
            "returns three arrays",
            lambda image: tuple(my_channel_histograms(image)),
            "The result is one array with three rows. np.stack or np.array makes it of the three.",
        ),
        Misconception(
            "puts all counts in one row",
            lambda image: np.concatenate(my_channel_histograms(image)),
            "np.concatenate and np.hstack set one histogram behind the other. np.stack gives each "
            "a row.",
        ),
        Misconception(
            "returns within the loop",
            lambda image: np.bincount(image[..., 0].ravel(), minlength=256),
            "A return ends the function, and so the loop, after the first channel. Gather all "
            "three, and return them below the loop.",
        ),
        Misconception(
            "counts each value once",
            counting_each_value_once,
            "counts[channel, values] += 1 adds 1 to a value, however many pixels have it. "
            "np.bincount and np.add.at count them all.",
            "1.3 What a histogram counts",
        ),
    ),
    hints=(
        "Write it for one channel first, say red.",
        "image[..., 0], image[..., 1] and image[..., 2] are the three channels, each a grey image.",
        "np.stack of three arrays of 256 counts has the shape (3, 256).",
    ),
    then="How do your three histograms change when you swap two pixels?",
)
