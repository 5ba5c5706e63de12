"""Exercises of notebook 01."""

from itertools import permutations

import cv2
import numpy as np
from hypothesis import strategies as st

from course_utils import histograms
from course_utils.exercises.checking import Exercise, Misconception
from course_utils.exercises.inputs import arguments, arrays, gray, gray_images, rgb_images
from course_utils.exercises.quizzes import Question

NOTEBOOK = "01_histograms"

FITTING_BINS = "1.6 Pitfall: bins that do not fit"


# Blend two images


def my_blend(first, second):
    mean = (first.astype(float) + second) / 2
    return np.rint(mean).astype(np.uint8)


def halving_the_sum(rounding, adding=np.add):
    """A blend that takes the sum of two uint8 arrays, whatever that is, and then halves it."""
    return lambda first, second: rounding(adding(first, second) / 2).astype(np.uint8)


def rounding_the_mean(rounding):
    """A blend that differs from the right one in how it rounds."""
    return lambda first, second: rounding((first.astype(float) + second) / 2).astype(np.uint8)


def blending_in_place(first, second):
    first[...] = my_blend(first, second)
    return first


def pairs_of_images():
    side = st.integers(1, 3)
    return st.tuples(side, side).flatmap(
        lambda shape: arguments(first=arrays(np.uint8, shape), second=arrays(np.uint8, shape))
    )


# Count the levels


def my_histogram(image, levels):
    return np.bincount(image.ravel(), minlength=levels)


def counting_each_level_once(image, levels):
    counts = np.zeros(levels, dtype=int)
    counts[image] += 1
    return counts


def counting_each_level_once_a_row(image, levels):
    counts = np.zeros(levels, dtype=int)
    for row in image:
        counts[row] += 1
    return counts


def swapping_rows_and_columns(image, levels):
    height, width = image.shape
    pixels = [image[x, y] for x in range(width) for y in range(height)]
    return np.bincount(pixels, minlength=levels)


def stopping_one_level_early(image, levels):
    counts = np.zeros(levels, dtype=int)
    for level in range(levels - 1):
        counts[level] = np.sum(image == level)
    return counts


def images_with_levels():
    """Images of one to six grey levels, together with that number."""
    return st.integers(1, 6).flatmap(
        lambda levels: arguments(image=gray_images(max_level=levels - 1), levels=st.just(levels))
    )


# Add the counts up


def my_cumulative_distribution(image, levels):
    counts = np.bincount(image.ravel(), minlength=levels)
    return counts.cumsum() / image.size


def dividing_by(divisor):
    """A cumulative distribution that divides by something else."""

    def answer(image, levels):
        counts = my_histogram(image, levels)
        return counts.cumsum() / divisor(image, counts)

    return answer


def counting_below(image, levels):
    counts = my_histogram(image, levels)
    return (counts.cumsum() - counts) / image.size


def adding_from_the_bright_end(image, levels):
    counts = my_histogram(image, levels)
    return counts[::-1].cumsum()[::-1] / image.size


def scaled_between_extremes(image, levels):
    sums = my_histogram(image, levels).cumsum()
    return (sums - sums.min()) / (sums.max() - sums.min())


def adding_brightness(image, levels):
    light = my_histogram(image, levels) * np.arange(levels)
    return light.cumsum() / light.sum()


# Count each channel


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


# Find the fault: 256 edges


def padded_histogram(image):
    counts, _ = np.histogram(image, bins=range(256))
    return np.append(counts, 0)  # 255 counts came back: add the missing one


def shows_padding(image, arguments):
    """Say what an image shows about `padded_histogram`."""
    if not np.array_equal(padded_histogram(image), histograms.histogram(image)):
        return "a level is counted wrongly"
    if image.max() == 254:
        return "no level is counted wrongly: 254 has the last bin to itself in this image"
    if image.max() == 0:
        return "no level is counted wrongly: black has a bin of its own"
    if np.ptp(image) == 0:
        return "no level is counted wrongly: this one level has a bin of its own"
    if image.min() == 0:
        return "no level is counted wrongly: from black up to here, each level has its own bin"
    return "no level is counted wrongly: each level of this image has a bin of its own"


def my_find_bin_fault():
    return np.array([[255]], np.uint8)


# Colour twins


def shows_color_twins(images, arguments):
    """Say what two images have in common."""
    if not isinstance(images, (tuple, list)) or len(images) != 2:
        return "return two images: return first, second"
    first, second = map(histograms.channel_histograms, images)
    first_is_gray, second_is_gray = ((image == image[..., :1]).all(axis=2) for image in images)
    if not first_is_gray.all():
        return "the first image holds a pixel that is not grey"
    if second_is_gray.all():
        return "the second image is grey all over"
    if second_is_gray.any():
        return "the second image still holds a grey pixel"
    if first.sum() != second.sum():
        return "the two images do not have the same number of pixels"
    if np.ptp(images[0]) == 0:
        return "the first image has one level only: nothing can change places"
    if not np.array_equal(first, second):
        return "the channel histograms differ"
    return "one is grey, one is colourful, and the channel histograms are the same"


def my_find_color_twins():
    black, white = [0, 0, 0], [255, 255, 255]
    red, cyan = [255, 0, 0], [0, 255, 255]
    return np.array([[black, white]], np.uint8), np.array([[red, cyan]], np.uint8)


BLACK_WHITE, RED_CYAN = my_find_color_twins()


# A test that is blind


def unranged_histogram(image):
    counts, _ = np.histogram(image, bins=256)
    return counts


def hides_missing_range(image, arguments):
    """Say what an image shows about `unranged_histogram`."""
    if np.array_equal(unranged_histogram(image), histograms.histogram(image)):
        return "all counts are right, although the bins have no range"
    if np.ptp(image) == 0:
        return "the fault shows: a single level always lands in bin 128, the middle one"
    if image.min() == 0:
        return "the fault shows: the brightest level lands in bin 255, and is not 255"
    if image.max() == 255:
        return "the fault shows: the darkest level lands in bin 0, and is not 0"
    return "the fault shows: the darkest level lands in bin 0, the brightest in bin 255"


def my_find_blind_test():
    return np.array([[0, 255]], np.uint8)


# The darkest pixels


def my_darkest_share(image, share):
    counts = np.bincount(image.ravel(), minlength=256)
    is_enough = counts.cumsum() / image.size >= share
    return np.argmax(is_enough)


def distribution(image):
    return histograms.cumulative_distribution(image)


def adding_rounded_shares(image, share):
    shares = np.bincount(image.ravel(), minlength=256) / image.size
    return np.argmax(shares.cumsum() >= share)


def listing_the_levels_in_use(image, share):
    _, counts = np.unique(image, return_counts=True)
    return np.argmax(counts.cumsum() / image.size >= share)


def adding_brightness_up_to(image, share):
    light = adding_brightness(image, 256)
    return np.argmax(light >= share)


def rounding_the_place_down(image, share):
    pixels = np.sort(image.ravel())
    return pixels[max(int(share * image.size) - 1, 0)]


def starting_at_one(image, share):
    pixels = np.sort(image.ravel())
    return pixels[int(share * image.size)]


EXERCISES = [
    Exercise(
        name="blend",
        notebook=NOTEBOOK,
        section="Pitfall: 200 + 100 = 44",
        solution=my_blend,
        reference=lambda first, second: cv2.addWeighted(first, 0.5, second, 0.5, 0),
        inputs=pairs_of_images(),
        examples={
            "black and white": {"first": gray([0]), "second": gray([255])},
            "sums above 255": {"first": gray([200, 255]), "second": gray([100, 254])},
            "halves": {"first": gray([10, 11]), "second": gray([11, 12])},
            "two odd levels": {"first": gray([1, 3]), "second": gray([3, 3])},
        },
        misconceptions=(
            Misconception(
                "adds in uint8 and drops the half",
                halving_the_sum(np.floor),
                "The sum of two uint8 arrays wraps around above 255. Convert one of them first.",
            ),
            Misconception(
                "adds in uint8",
                halving_the_sum(np.rint),
                "The sum of two uint8 arrays wraps around above 255. Convert one of them first.",
            ),
            Misconception(
                "stops the sum at 255",
                halving_the_sum(np.rint, cv2.add),
                "The sum may exceed 255, and is cut off too early. Clip results, not what leads "
                "to them.",
            ),
            Misconception(
                "stops the sum at 255 and drops the half",
                halving_the_sum(np.floor, cv2.add),
                "The sum may exceed 255, and is cut off too early. And astype and // do not round.",
            ),
            Misconception(
                "adds and clips, but does not halve",
                cv2.add,
                "You add the images as two lamps add their light. A mean is half of that sum.",
            ),
            Misconception(
                "halves each image and drops the halves",
                lambda first, second: first // 2 + second // 2,
                "// and astype each drop a half, and two of them make a whole level. Add, then "
                "halve.",
            ),
            Misconception(
                "drops the half",
                rounding_the_mean(np.floor),
                "astype and // cut off what follows the point. Round with np.rint first.",
            ),
            Misconception(
                "rounds every half up",
                rounding_the_mean(lambda mean: np.floor(mean + 0.5)),
                "You round 10.5 up to 11. Here halves go to the even neighbour, as with np.rint.",
            ),
            Misconception(
                "returns the mean as float",
                lambda first, second: (first.astype(float) + second) / 2,
                "A mean with decimals is no grey level. Round it and convert it to np.uint8.",
                "1.1 An image is an array",
            ),
            Misconception(
                "averages over all pixels",
                lambda first, second: np.mean([first, second]),
                "np.mean without axis gives one number for everything. Give it axis=0.",
            ),
            Misconception(
                "changes its argument",
                blending_in_place,
                "You write into an image you were given. Return a new array and leave it alone.",
            ),
            Misconception(
                "rounds each half before it adds",
                lambda first, second: (np.rint(first / 2) + np.rint(second / 2)).astype(np.uint8),
                "Two halves make a whole level, and you have rounded both away. Add first, then "
                "halve, then round once.",
            ),
            Misconception(
                "subtracts in uint8",
                lambda first, second: first + (second - first) // 2,
                "Where the second image is darker, the difference is negative, and a uint8 wraps "
                "around. Convert first.",
            ),
        ),
        hints=(
            "What is the largest sum of two pixels, and does a uint8 have room for it?",
            "first.astype(float) makes a copy in which sums and halves are exact.",
            "np.rint rounds and sends halves to the even neighbour; then .astype(np.uint8).",
        ),
        then="Can you do it in integers only, without a float anywhere?",
    ),
    Exercise(
        name="histogram",
        notebook=NOTEBOOK,
        section="1.3 What a histogram counts",
        solution=my_histogram,
        reference=histograms.histogram,
        inputs=images_with_levels(),
        examples={
            "a single pixel": {"image": gray([0]), "levels": 1},
            "an empty level": {"image": gray([0, 2]), "levels": 4},
            "more rows than columns": {"image": gray([0], [1], [1]), "levels": 2},
            "256 pixels of one level": {"image": np.zeros((16, 16), np.uint8), "levels": 2},
            "256 levels": {"image": gray(range(0, 256, 5)), "levels": 256},
        },
        misconceptions=(
            Misconception(
                "leaves out the empty levels",
                lambda image, levels: np.unique(image, return_counts=True)[1],
                "np.unique lists only levels that occur. Entry k must belong to level k, even if "
                "it is 0.",
            ),
            Misconception(
                "stops at the brightest pixel",
                lambda image, levels: np.bincount(image.ravel()),
                "np.bincount ends at the largest value it meets. Give it minlength=levels.",
            ),
            Misconception(
                "counts each level once",
                counting_each_level_once,
                "counts[image] += 1 adds 1 to a level once, however many pixels have it. "
                "Use np.bincount, np.add.at or a loop.",
            ),
            Misconception(
                "takes rows for columns",
                swapping_rows_and_columns,
                "The shape is (rows, columns), and so is the index: image[row, column]. "
                "You run out of the image unless it is square.",
                "1.1 An image is an array",
            ),
            Misconception(
                "stops one level early",
                stopping_one_level_early,
                "range(levels - 1) leaves out its end, and so the brightest level. "
                "range(levels) is 0 … levels - 1.",
            ),
            Misconception(
                "divides by the number of pixels",
                lambda image, levels: my_histogram(image, levels) / image.size,
                "These are shares, the normalized histogram. A histogram counts.",
            ),
            Misconception(
                "adds the counts up",
                lambda image, levels: my_histogram(image, levels).cumsum(),
                "Entry k counts the pixels at level k or darker. Here it is level k alone.",
            ),
            Misconception(
                "lets np.histogram choose the range",
                lambda image, levels: np.histogram(image, bins=levels)[0],
                "The bins run from the darkest to the brightest pixel. Give range=(0, levels).",
                FITTING_BINS,
            ),
            Misconception(
                "gives np.histogram an edge too few",
                lambda image, levels: np.histogram(image, bins=range(levels))[0],
                "As many edges as levels make one bin too few. Use range(levels + 1).",
                FITTING_BINS,
            ),
            Misconception(
                "returns the edges, too",
                lambda image, levels: np.histogram(image, bins=levels, range=(0, levels)),
                "np.histogram returns counts and edges. Return the first of them only.",
                FITTING_BINS,
            ),
            Misconception(
                "counts in uint8",
                lambda image, levels: my_histogram(image, levels).astype(np.uint8),
                "There can be more than 255 pixels of a level, and a uint8 would start again at 0. "
                "Count with dtype=int.",
                "Pitfall: 200 + 100 = 44",
            ),
            Misconception(
                "returns the counts as floats",
                lambda image, levels: my_histogram(image, levels).astype(float),
                "np.zeros makes floats unless you tell it otherwise, and cv2.calcHist always. "
                "Counts are integers: np.zeros(levels, dtype=int), or .astype(int).",
            ),
            Misconception(
                "always returns 256 counts",
                lambda image, levels: np.bincount(image.ravel(), minlength=256),
                "The image has the levels 0 … levels - 1. The result has as many entries.",
            ),
            Misconception(
                "counts each level once a row",
                counting_each_level_once_a_row,
                "counts[row] += 1 adds 1 to a level, however often it stands in the row. np.add.at "
                "or a second loop adds them all.",
            ),
            Misconception(
                "starts at level 1",
                lambda image, levels: np.array([np.sum(image == k) for k in range(1, levels + 1)]),
                "The darkest level is 0, not 1. range(levels) runs from 0 to levels - 1.",
            ),
            Misconception(
                "spreads the bins over 0 … 255",
                lambda image, levels: np.histogram(image, levels, (0, 255))[0],
                "These bins are 255 / levels wide, so several levels share one. The range is (0, "
                "levels).",
                FITTING_BINS,
            ),
            Misconception(
                "forgets to flatten the image",
                lambda image, levels: np.bincount(image, minlength=levels),
                "np.bincount takes one row of numbers, and an image has two axes. image.ravel() is "
                "that row.",
            ),
        ),
        hints=(
            "How many entries has the result, and what do they add up to?",
            "A loop over the levels will do: np.sum(image == level) counts one of them.",
            "np.bincount counts a flat array: image.ravel(). What does minlength do?",
        ),
        then="Without bincount, can you get all counts from one comparison? "
        "Compare image[..., None] with np.arange(levels).",
    ),
    Exercise(
        name="cumulative_distribution",
        notebook=NOTEBOOK,
        section="1.7 The cumulative distribution",
        solution=my_cumulative_distribution,
        reference=histograms.cumulative_distribution,
        inputs=images_with_levels(),
        examples={
            "a single pixel": {"image": gray([0]), "levels": 1},
            "an empty level": {"image": gray([0, 2]), "levels": 4},
            "no black pixel": {"image": gray([1, 2], [2, 3]), "levels": 4},
            "256 levels": {"image": gray(range(0, 256, 5)), "levels": 256},
        },
        misconceptions=(
            Misconception(
                "does not divide",
                lambda image, levels: my_histogram(image, levels).cumsum(),
                "C(k) is a number of pixels. The share P(k) is C(k) / N.",
            ),
            Misconception(
                "makes integers of the shares",
                lambda image, levels: my_histogram(image, levels).cumsum() // image.size,
                "// drops the remainder, and so does an array of integers: a share below 1 becomes "
                "0. Divide with /, and keep floats.",
            ),
            Misconception(
                "does not add up",
                lambda image, levels: my_histogram(image, levels) / image.size,
                "This is the share at level k alone, the normalized histogram. P(k) adds those up.",
            ),
            Misconception(
                "counts only the pixels below",
                counting_below,
                "C(k) counts the pixels at level k or below. You left out those at k.",
            ),
            Misconception(
                "adds up from the bright end",
                adding_from_the_bright_end,
                "You count the pixels at level k or brighter. The sum starts at black.",
            ),
            Misconception(
                "divides by the number of levels",
                dividing_by(lambda image, counts: len(counts)),
                "N is the number of pixels, and L the number of levels. "
                "Divide by N, and the curve ends at 1.",
            ),
            Misconception(
                "divides by the largest count",
                dividing_by(lambda image, counts: counts.max()),
                "The highest bar is not the number of pixels. Divide by the sum of all counts.",
            ),
            Misconception(
                "divides by the number of rows",
                dividing_by(lambda image, counts: len(image)),
                "len(image) is the number of rows. The number of pixels is image.size.",
                "1.1 An image is an array",
            ),
            Misconception(
                "returns percentages",
                dividing_by(lambda image, counts: image.size / 100),
                "A share lies in 0 … 1. Do not multiply it by 100.",
            ),
            Misconception(
                "stops at the brightest pixel",
                lambda image, levels: np.bincount(image.ravel()).cumsum() / image.size,
                "The brighter levels are missing, where the curve stays at 1. "
                "np.bincount takes minlength=levels.",
            ),
            Misconception(
                "leaves out the empty levels",
                lambda image, levels: np.unique(image, return_counts=True)[1].cumsum() / image.size,
                "np.unique lists only levels that occur. At an empty level the curve stays at the "
                "height it has.",
            ),
            Misconception(
                "adds up brightness",
                adding_brightness,
                "You weigh each pixel with its level. Every pixel counts the same, black ones too.",
            ),
            Misconception(
                "scales from the smallest to the largest value",
                scaled_between_extremes,
                "P(0) is the share of the black pixels, and need not be 0. Divide by the number of "
                "pixels, and subtract nothing.",
            ),
        ),
        hints=(
            "You need the counts of all levels first. What is the last entry of the result?",
            "np.cumsum adds up from the left: entry k is the sum of the entries 0 … k.",
            "np.bincount(image.ravel(), minlength=levels).cumsum() is C. What is N?",
        ),
        then="How do you get the histogram back from the curve? Look at np.diff and its prepend.",
    ),
    Exercise(
        name="channel_histograms",
        notebook=NOTEBOOK,
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
        misconceptions=(
            Misconception(
                "puts blue first",
                counting_each(lambda image: [image[..., 2], image[..., 1], image[..., 0]]),
                "Only OpenCV's own reader returns BGR. This image is RGB, and red comes first.",
                "Pitfall: OpenCV reads blue first",
            ),
            Misconception(
                "puts the channels in columns",
                lambda image: my_channel_histograms(image).T,
                "Your result has 256 rows, one a level. Each channel gets a row: np.stack does it.",
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
                "returns shares",
                lambda image: my_channel_histograms(image) / (image.shape[0] * image.shape[1]),
                "You divide by the number of pixels. This exercise wants the counts.",
                "1.3 What a histogram counts",
            ),
            Misconception(
                "returns the counts as floats",
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
            Misconception(
                "lets np.histogram choose the range",
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
                "The result is one array with three rows. np.stack or np.array makes it of the "
                "three.",
            ),
            Misconception(
                "puts all counts in one row",
                lambda image: np.concatenate(my_channel_histograms(image)),
                "np.concatenate sets one histogram behind the other. np.stack sets one below the "
                "other.",
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
            "image[..., 0], image[..., 1] and image[..., 2] are the three channels, each a grey "
            "image.",
            "np.stack of three arrays of 256 counts has the shape (3, 256).",
        ),
        then="How do your three histograms change when you swap two pixels?",
    ),
    Exercise(
        name="find_bin_fault",
        notebook=NOTEBOOK,
        section=FITTING_BINS,
        solution=my_find_bin_fault,
        shows="a level is counted wrongly",
        inputs=None,
        examples={"your image": {}},
        observe=shows_padding,
        misconceptions=(
            Misconception(
                "looks at the dark end",
                lambda: gray([0, 0], [0, 0]),
                "Bin 0 runs from edge 0 to edge 1, and holds black alone. Look at the other end.",
            ),
            Misconception(
                "tries one level between",
                lambda: gray([100, 100]),
                "Between two edges of a range lies one level. Where does the list of edges end?",
            ),
            Misconception(
                "starts at black and stops short",
                lambda: np.arange(16, dtype=np.uint8).reshape(4, 4),
                "Many levels are not enough if all have a bin. Which level has no edge of its own?",
            ),
            Misconception(
                "tries levels between",
                lambda: gray([100, 101], [102, 103]),
                "Low contrast harms bins without a range. These edges are fixed.",
            ),
            Misconception(
                "stops one level short",
                lambda: gray([253, 254]),
                "The last bin is for 254 and one more level. With 254 alone its count is right.",
            ),
            Misconception(
                "takes white for 1.0",
                lambda: np.ones((2, 2)),
                "In a uint8 image white is 255. Give np.uint8 to np.array.",
                "1.1 An image is an array",
            ),
            Misconception(
                "forgets the dtype",
                lambda: np.array([[254, 255]]),
                "NumPy makes 64-bit integers of a list. Give np.uint8 to np.array.",
                "1.1 An image is an array",
            ),
            Misconception(
                "returns a row instead of an image",
                lambda: gray(254, 255),
                "An image has rows and columns. Write two pairs of brackets: [[…]].",
                "1.1 An image is an array",
            ),
        ),
        hints=(
            "range(256) ends at 255. How many bins lie between 256 edges?",
            "The 0 at the end is appended whatever the image holds. Which level is it meant for?",
            "A single pixel is enough. Compare its count in the last and the last but one entry.",
        ),
        then="Which fault stays if you leave out the line with np.append?",
    ),
    Exercise(
        name="find_color_twins",
        notebook=NOTEBOOK,
        section="1.5 Colour histograms",
        solution=my_find_color_twins,
        shows="one is grey, one is colourful, and the channel histograms are the same",
        inputs=None,
        examples={"your images": {}},
        observe=shows_color_twins,
        misconceptions=(
            Misconception(
                "moves whole pixels",
                lambda: (BLACK_WHITE, BLACK_WHITE[:, ::-1]),
                "A grey pixel stays grey wherever it goes. Move the values of one channel only.",
                "Pitfall: the histogram forgets the place",
            ),
            Misconception(
                "starts from colours",
                lambda: (gray([[255, 255, 0], [0, 0, 0]]), gray([[255, 0, 0], [0, 255, 0]])),
                "A pixel is grey where its three values are equal. Start with black and white.",
                "1.1 An image is an array",
            ),
            Misconception(
                "paints new colours",
                lambda: (BLACK_WHITE, gray([[255, 0, 0], [0, 0, 255]])),
                "Each channel must keep its values. Only their places may change.",
            ),
            Misconception(
                "leaves a pixel as it is",
                lambda: (
                    gray([[0] * 3, [9] * 3, [5] * 3]),
                    gray([[9, 0, 0], [0, 9, 9], [5] * 3]),
                ),
                "You exchanged values between some pixels, and one stayed grey. "
                "Every pixel needs a partner.",
            ),
            Misconception(
                "starts from one level",
                lambda: (
                    np.full((1, 2, 3), 128, np.uint8),
                    gray([[127, 128, 128], [129, 128, 128]]),
                ),
                "Where all values are equal, exchanging them changes nothing. Take two levels.",
            ),
            Misconception(
                "makes images of different size",
                lambda: (BLACK_WHITE, RED_CYAN[:, :1]),
                "Each histogram adds up to the number of pixels. Make both images the same size.",
                "1.3 What a histogram counts",
            ),
            Misconception(
                "leaves out the third axis",
                lambda: (gray([0, 255]), RED_CYAN),
                "A grey RGB image has three channels, too, and they are equal. "
                "Write each pixel as [level, level, level].",
                "1.1 An image is an array",
            ),
            Misconception(
                "returns one image",
                lambda: RED_CYAN,
                "The check compares two images. Return both, with a comma between.",
            ),
        ),
        hints=(
            "What is the red histogram of one black and one white pixel?",
            "Exchange the red values of the two pixels, and leave green and blue as they are.",
            "Black with the red of white is [255, 0, 0]. What is white with the red of black?",
        ),
        then="Exchange one channel at random in a photograph of yours, and show it.",
    ),
    Exercise(
        name="find_blind_test",
        notebook=NOTEBOOK,
        section=FITTING_BINS,
        solution=my_find_blind_test,
        shows="all counts are right, although the bins have no range",
        inputs=None,
        examples={"your image": {}},
        observe=hides_missing_range,
        misconceptions=(
            Misconception(
                "tests a single level",
                lambda: gray([0, 0], [0, 0]),
                "NumPy takes half a level to each side of a single one, and puts it in the middle. "
                "Take two levels or more.",
            ),
            Misconception(
                "starts at black and stops short",
                lambda: np.arange(16, dtype=np.uint8).reshape(4, 4),
                "256 bins share the levels from black to your brightest one. "
                "How bright must that be?",
            ),
            Misconception(
                "ends at white and starts too late",
                lambda: gray([240, 245], [250, 255]),
                "White is where it should be, and the darker levels are too far left. "
                "How dark must the darkest be?",
            ),
            Misconception(
                "has neither black nor white",
                lambda: gray([100, 101], [102, 103]),
                "256 bins share the few levels between your darkest and your brightest. "
                "Move both: where do 256 bins fit?",
            ),
            Misconception(
                "forgets the dtype",
                lambda: np.array([[0, 255]]),
                "NumPy makes 64-bit integers of a list. Give np.uint8 to np.array.",
                "1.1 An image is an array",
            ),
            Misconception(
                "takes white for 1.0",
                lambda: np.array([[0.0, 1.0]]),
                "In a uint8 image white is 255. Give np.uint8 to np.array.",
                "1.1 An image is an array",
            ),
            Misconception(
                "returns a row of whole numbers",
                lambda: unranged_histogram(gray([0, 255])),
                "The check wants an image, with rows, columns and the dtype uint8. It makes the "
                "counts itself.",
            ),
        ),
        hints=(
            "Without a range, where does the first bin start, and where does the last one end?",
            "The darkest level always lands in bin 0. For which level is that right?",
            "The brightest level always lands in bin 255. Two pixels are enough.",
        ),
        then="There is an image of one level that hides the fault, too. Which level is it?",
    ),
    Exercise(
        name="darkest_share",
        notebook=NOTEBOOK,
        section="1.7 The cumulative distribution",
        solution=my_darkest_share,
        # a float, so that a level is right as a float, too
        reference=lambda image, share: float(np.quantile(image, share, method="inverted_cdf")),
        inputs=arguments(
            image=gray_images(),
            # Halves, quarters and eighths: exact in binary, so that "at least" is never in doubt.
            share=st.integers(1, 8).map(lambda eighths: eighths / 8),
        ),
        examples={
            "a single pixel": {"image": gray([7]), "share": 0.5},
            "exactly the share": {"image": gray([1, 3]), "share": 0.5},
            "the next pixel needed": {"image": gray([1, 2, 4]), "share": 0.5},
            "all pixels": {"image": gray([3, 200]), "share": 1.0},
            "all of six levels": {"image": gray([1, 2, 3], [4, 5, 6]), "share": 1.0},
            "a common level": {"image": gray([9, 9, 9], [9, 1, 2]), "share": 0.5},
        },
        misconceptions=(
            Misconception(
                "asks for more than the share",
                lambda image, share: np.argmax(distribution(image) > share),
                "You ask for more than the share; exactly the share is enough. Use >=.",
            ),
            Misconception(
                "stops before the share is exceeded",
                lambda image, share: np.sum(distribution(image) <= share) - 1,
                "You take the last level at which at most the share is reached. "
                "Take the first at which at least the share is.",
            ),
            Misconception(
                "stops before the share is reached",
                lambda image, share: np.sum(distribution(image) < share) - 1,
                "You take the last level at which the share is not reached. Take the next one.",
            ),
            Misconception(
                "interpolates between levels",
                lambda image, share: np.quantile(image, share),
                "np.quantile and np.percentile interpolate between two pixels by default. "
                'Level and pixel must exist: method="inverted_cdf".',
            ),
            Misconception(
                "takes the share for a percentage",
                lambda image, share: np.percentile(image, share, method="inverted_cdf"),
                "A share of 0.5 is half of the pixels, not half a percent. np.percentile counts in "
                "percent, 0 … 100, and np.quantile in shares.",
            ),
            Misconception(
                "takes a share of the largest level",
                lambda image, share: int(share * image.max()),
                "Half of the brightest level says nothing about how many pixels are darker. "
                "Count pixels.",
            ),
            Misconception(
                "takes a share of 255",
                lambda image, share: int(share * 255),
                "Your level does not depend on the image. Count its pixels.",
            ),
            Misconception(
                "starts at the bright end",
                lambda image, share: 255 - np.argmax(distribution(255 - image) >= share),
                "You gather the brightest pixels. Add the counts up from black.",
            ),
            Misconception(
                "looks at each level alone",
                lambda image, share: np.argmax(
                    np.bincount(image.ravel(), minlength=256) / image.size >= share
                ),
                "You look for a level that holds the share by itself. Add up the darker ones, too.",
            ),
            Misconception(
                "returns the place among the levels in use",
                listing_the_levels_in_use,
                "np.unique drops the empty levels, so that place 0 is not level 0. "
                "Return the level that lies there.",
            ),
            Misconception(
                "adds up brightness",
                adding_brightness_up_to,
                "You weigh each pixel with its level. Every pixel counts the same, black ones too.",
            ),
            Misconception(
                "adds up rounded shares",
                adding_rounded_shares,
                "Sixths have no exact binary form: six of them add up to 0.9999999999999999. "
                "Add up the counts, which are integers, then divide.",
            ),
            Misconception(
                "takes one pixel too few",
                rounding_the_place_down,
                "int rounds the number of pixels down, and fewer than the share are left. "
                "Round up: np.ceil.",
            ),
            Misconception(
                "counts places from 1",
                starting_at_one,
                "Place n in a sorted array is its pixel number n + 1. "
                "You look one pixel too far, and for all of them beyond the end.",
            ),
            Misconception(
                "never looks at level 255",
                lambda image, share: next(
                    (k for k in range(255) if distribution(image)[k] >= share), None
                ),
                "range(255) ends at 254, and your loop ends without a return. range(256) holds all "
                "levels.",
            ),
            Misconception(
                "goes past a level that holds exactly the share",
                lambda image, share: np.searchsorted(distribution(image), share, side="right"),
                "At least the share means P(k) >= share, so a level that holds exactly the share "
                "is enough. That is side='left'.",
            ),
            Misconception(
                "returns all such levels",
                lambda image, share: np.where(distribution(image) >= share),
                "np.where lists every level that holds the share, in a tuple. The first of them is "
                "asked for: np.argmax of the comparison.",
            ),
            Misconception(
                "takes the next pixel up of np.quantile",
                lambda image, share: np.quantile(image, share, method="higher"),
                "np.quantile spreads the shares over the gaps between the pixels, and there is one "
                "gap less. Only its method 'inverted_cdf' counts pixels.",
            ),
        ),
        hints=(
            "Draw the curve P of the image [[1, 2, 4]]. Where does it first reach one half?",
            "P(k) >= share is False for the first levels and True from some level on.",
            "np.argmax returns the place of the first True. Divide after adding up, not before.",
        ),
        then="What does np.median give for [[1, 3]], and you for a share of 0.5? Why?",
    ),
]

# Quizzes

TEN_PIXELS = np.repeat([99, 100, 101], [2, 5, 3]).astype(np.uint8)[None]
COLUMN = TEN_PIXELS.T

QUIZ_BEFORE = (
    Question(
        "Each number of an image array is stored in 8 bits, which hold 0 to 255. "
        "All pixels of `image` are 200. Which value have the pixels of `image + image`?",
        right=("144", "400 does not fit. NumPy keeps the remainder after dividing by 256."),
        wrong=(
            ("255", "255 is the largest number that fits, but NumPy does not stop there."),
            ("400", "400 needs 9 bits. The sum of two such arrays still has 8 for each number."),
            ("200", "This would be the mean. It is a sum, and the sum does not fit."),
        ),
        proof=lambda: (gray([200]) + gray([200]))[0, 0] == 144,
    ),
    Question(
        "You count how many pixels of a photograph have each grey level. Then you turn the "
        "photograph upside down and count again. What happens to the counts?",
        right=("All of them stay the same", "You move the pixels, and each keeps its level."),
        wrong=(
            (
                "They come in reverse order",
                "Exchanging dark and bright does that, not exchanging top and bottom.",
            ),
            (
                "Those of sky and ground swap",
                "The sky has moved, but it has as many pixels as before, and they are as bright.",
            ),
            (
                "Only the largest stays the same",
                "Counting does not depend on where the pixels are, whether they are many or few.",
            ),
        ),
        proof=lambda: np.array_equal(*map(histograms.histogram, (COLUMN, COLUMN[::-1]))),
    ),
    Question(
        "A pixel on your screen shines with full red, full green and no blue. What do you see?",
        right=("Yellow", "Light adds up: the eye takes red and green together for yellow."),
        wrong=(
            ("Brown", "Paints mix to brown, since each swallows light. On a screen light adds up."),
            ("Orange", "Orange has less green than red. Here both are full."),
            ("White", "White needs blue as well, and as much of it."),
        ),
        proof=lambda: 2 * cv2.cvtColor(gray([[255, 255, 0]]), cv2.COLOR_RGB2HSV)[0, 0, 0] == 60,
    ),
    Question(
        "The grey levels 0, 1, …, 255 are sorted into 100 boxes of equal width. How many levels "
        "land in each box?",
        right=(
            "Two in some, three in others",
            "256 levels cannot be shared out evenly: 44 boxes get two, and 56 get three.",
        ),
        wrong=(
            ("2.56 in every one of them", "Each box is 2.56 wide, but levels are whole numbers."),
            (
                "Two, and 56 levels are left over",
                "The boxes cover the whole range, so each level lands in one of them.",
            ),
            (
                "Three, and fewer in the last ones",
                "The boxes are 2.56 wide, too narrow for three each; those with two lie all over.",
            ),
        ),
        proof=lambda: (
            np.bincount(np.histogram(range(256), bins=100, range=(0, 256))[0]).tolist()
            == [0, 0, 44, 56]
        ),
    ),
    Question(
        "A quarter of the pixels has level 10, a quarter level 20, and half of them level 200. "
        "You collect pixels, the darkest first, until you have at least half of all. "
        "Which level has the last one?",
        right=("20", "With the levels 10 and 20 you have exactly half, and that is enough."),
        wrong=(
            ("105", "This lies midway between 10 and 200, however many pixels there are of each."),
            ("110", "This lies midway between 20 and 200, and no pixel has this level."),
            ("200", "You have half of the pixels before you come to the first of these."),
        ),
        proof=lambda: np.quantile([10, 20, 200, 200], 0.5, method="inverted_cdf") == 20,
    ),
)

QUIZ_AFTER = (
    Question(
        "All pixels of the uint8 image `a` are 10, and those of `b` are 20. What is in `a - b`?",
        right=("246", "-10 does not fit into a uint8. NumPy starts again at the top: 256 - 10."),
        wrong=(
            ("-10", "A uint8 has no sign. Convert to int16 before you subtract."),
            ("0", "OpenCV's `subtract` stops at 0. NumPy wraps around."),
            ("10", "This is the distance between the two. OpenCV's `absdiff` computes it."),
        ),
        proof=lambda: (gray([10]) - gray([20]))[0, 0] == 246,
    ),
    Question(
        "How many different images of 2 × 3 pixels have the histogram [2, 2, 2]?",
        right=("90", "6! = 720 orders of six pixels; divide by 2 for each pair that looks alike."),
        wrong=(
            ("1", "The histogram does not say where the pixels are. Move them, and it stays."),
            ("6", "You exchange whole levels. But each pixel can move by itself."),
            ("720", "Exchanging two pixels of the same level makes no other image."),
        ),
        proof=lambda: len(set(permutations([0, 0, 1, 1, 2, 2]))) == 90,
    ),
    Question(
        "An RGB image has one black and one white pixel. Which of these has the same three "
        "channel histograms?",
        right=(
            "One red and one cyan pixel",
            "Cyan is [0, 255, 255]. So each channel has one 0 and one 255, as before.",
        ),
        wrong=(
            ("One red and one green pixel", "Blue would be 0 twice, and 255 is missing there."),
            ("One yellow and one cyan pixel", "Green would be 255 twice, and 0 is missing there."),
            ("Two pixels of middle grey", "The means are the same, but the levels are not."),
        ),
        proof=lambda: np.array_equal(*map(histograms.channel_histograms, my_find_color_twins())),
    ),
    Question(
        "How many counts does `np.histogram(image, bins=range(0, 256, 4))` return?",
        right=("63", "The edges 0, 4, …, 252 are 64, and between them lie 63 bins."),
        wrong=(
            ("64", "There are 64 edges, and one bin less. Levels above 252 are not even counted."),
            ("65", "There is one bin less than there are edges, not one more."),
            ("256", "The step is 4, so that a bin holds four levels."),
        ),
        proof=lambda: len(np.histogram(TEN_PIXELS, bins=range(0, 256, 4))[0]) == 63,
    ),
    Question(
        "The cumulative distribution of an image is 0.2 at level 99 and 0.7 at level 100. "
        "Which share of the pixels has level 100 or more?",
        right=("0.8", "0.2 of the pixels are at level 99 or below, and all others are not."),
        wrong=(
            ("0.7", "This is the share at level 100 or less."),
            ("0.5", "This is the share at level 100 alone, the difference of the two."),
            ("0.3", "This is the share above level 100. Those at 100 belong to it, too."),
        ),
        proof=lambda: (
            distribution(TEN_PIXELS)[[99, 100]].tolist() == [0.2, 0.7]
            and np.mean(TEN_PIXELS >= 100) == 0.8
        ),
    ),
)
