"""Draw digits that look like handwriting, for where there is no MNIST."""

from functools import cache
from typing import NamedTuple

import numpy as np
from scipy.interpolate import CubicSpline
from scipy.linalg import block_diag

from course_utils._validation import check_integer, random_generator
from course_utils.convolution import to_uint8


class Digits(NamedTuple):
    """Handwritten digits, and where they come from."""

    images: np.ndarray  # uint8, shape (count, 28, 28): light ink on black
    labels: np.ndarray  # int64, shape (count,): 0 … 9
    source: str  # "MNIST" or "drawn"


# Each class has several skeletons, all equally likely. A skeleton is one or more strokes, parted
# by "|"; a stroke is a smooth curve through points "x,y" of a box of 20 x 20, y down. Where the
# pen turns sharply, one stroke ends and the next begins.
SKELETONS = {
    0: [
        "10,0 4,3 2,10 4,17 10,20 16,17 18,10 16,3 10,0",
        "13,1 8,0 3,5 2,13 6,19 12,20 17,14 17,6 13,1 8,2",
        "7,2 3,8 3,15 8,20 14,18 17,10 14,3 8,0 5,2",
        "9,3 3,6 1,12 6,19 13,19 19,12 16,4 10,1 6,3 8,6",
    ],
    1: [
        "10,0 10,10 10,20",
        "10,0 10,10 10,20",
        "10,0 10,10 10,20",
        "10,0 10,10 10,20",
        "9,0 11,10 10,20",
        "5,5 10,0 | 10,0 10,10 10,20",
        "5,5 10,0 | 10,0 10,20 | 4,20 16,20",
    ],
    2: [
        "3,5 7,1 13,1 15,6 11,12 3,20 | 3,20 10,19 17,20",
        "3,4 8,0 14,2 14,8 9,14 4,19 2,17 5,15 11,18 18,18",
        "2,2 8,0 15,1 13,7 3,19 | 3,19 10,18 18,19",
        "3,5 6,0 12,1 14,7 11,14 6,19 1,18 2,13 8,14 13,18 18,16",
        "4,6 9,1 14,4 12,11 2,18 | 2,18 12,17 20,19",
        "2,7 4,1 11,0 15,5 11,13 5,18 | 5,18 2,17 6,15 11,18 18,19",
        "4,5 8,0 14,3 12,9 7,15 3,19 3,16 8,16 13,19 18,17",
    ],
    3: [
        "3,2 9,0 14,3 12,7 7,9 | 7,9 13,11 15,15 10,20 2,18",
        "3,0 9,1 15,0 | 15,0 8,8 | 8,8 14,10 15,15 10,20 2,18",
        "2,2 9,0 14,3 11,8 7,9 6,10 9,10 14,12 15,17 9,20 2,17",
        "5,2 10,0 13,4 9,9 | 9,9 14,13 11,19 5,19",
        "4,3 9,0 13,4 8,9 | 8,9 16,12 14,19 6,20 2,17 5,15",
        "2,3 8,0 15,2 14,7 7,10 | 7,10 15,10 17,15 11,20 3,19",
    ],
    4: [
        "5,0 3,6 3,11 | 3,11 9,11 17,10 | 14,1 13,10 12,20",
        "4,1 3,7 5,11 10,10 15,6 | 16,0 14,8 12,20",
        "12,0 7,6 2,13 | 2,13 17,13 | 12,0 12,10 12,20",
        "6,0 3,10 | 3,10 10,10 18,9 | 12,4 11,12 10,20",
        "5,0 4,5 5,9 9,10 14,8 | 15,0 14,10 14,20",
        "5,0 2,12 | 2,12 10,12 19,11 | 14,6 12,13 11,20",
    ],
    5: [
        "16,0 5,0 | 5,0 4,8 | 4,8 10,7 15,11 13,18 7,20 2,18",
        "16,1 7,1 5,6 11,9 14,14 10,19 3,18",
        "4,2 4,9 | 4,9 10,8 14,12 11,18 3,19 | 4,2 11,2 19,0",
        "17,0 8,1 | 8,1 5,8 | 5,8 11,8 13,13 9,19 1,19",
        "15,0 6,0 | 6,0 5,9 | 5,9 11,7 17,12 14,19 6,20 2,16",
        "19,0 9,2 | 9,2 7,9 | 7,9 12,10 13,15 8,20 2,18 4,15",
        "16,1 6,2 | 6,2 5,10 | 5,10 11,8 15,12 13,17 8,20 3,16",
        "18,1 8,1 | 6,2 5,8 | 5,8 12,9 15,15 11,20 3,19",
    ],
    6: [
        "13,0 7,5 3,12 4,18 9,20 14,17 13,12 8,11 4,15",
        "8,0 5,6 4,13 6,19 11,19 14,15 11,11 6,14 6,18",
        "11,0 6,4 3,10 3,16 8,20 15,18 18,13 14,9 8,11 5,16",
        "8,0 4,6 2,13 5,19 12,20 17,16 16,11 10,10 5,14 5,18",
        "15,1 11,0 6,5 3,13 6,19 12,18 13,13 9,11 4,14",
        "6,0 4,8 3,15 6,19 13,18 16,13 12,10 6,13 4,17",
        "9,0 4,6 2,13 6,19 13,18 17,12 14,7 8,9 6,14 8,17",
        "7,0 3,6 1,14 6,20 13,19 18,14 14,10 8,12 5,17",
    ],
    7: [
        "3,1 9,1 16,0 | 16,0 11,9 8,20",
        "3,1 9,1 16,0 | 16,0 11,9 8,20 | 6,10 11,10 16,9",
        "3,4 4,1 | 4,1 16,1 | 16,1 12,9 10,20",
        "2,3 8,0 15,1 15,6 10,13 8,20",
        "3,6 4,1 9,1 15,1 | 15,1 14,8 13,20",
        "2,2 9,2 16,0 | 16,0 12,9 9,20 | 5,11 10,11 17,9",
        "3,3 9,3 15,0 | 15,0 10,10 4,20",
        "4,6 5,2 10,1 14,2 14,8 13,20",
    ],
    8: [
        "14,3 10,0 6,2 7,7 12,11 14,16 10,20 6,17 8,12 13,7 14,2",
        "10,0 6,4 10,9 14,4 10,0 | 10,9 5,14 10,20 15,14 10,9",
        "17,2 11,0 6,3 8,8 13,12 14,17 9,20 5,17 8,12 15,6 18,1",
        "12,0 8,3 10,8 14,14 10,20 4,17 6,11 12,7 15,2 12,0",
        "15,3 9,0 4,4 7,9 13,13 12,18 8,20 5,17 8,12 15,7 15,3",
        "15,4 10,0 4,3 6,8 14,11 17,16 11,20 4,17 5,12 13,9 16,5",
        "18,4 11,0 4,3 7,8 12,12 11,18 7,20 4,17 8,11 14,7 17,2",
        "17,0 13,4 8,9 4,15 8,20 13,16 10,10 6,5 10,1 15,3",
        "18,3 12,0 6,4 9,9 12,13 10,18 6,20 3,17 7,12 17,5",
    ],
    9: [
        "14,4 10,0 5,3 5,8 9,10 13,7 14,3 | 14,3 14,10 13,20",
        "14,4 10,0 5,3 5,8 9,10 13,7 14,3 14,11 12,18 6,20",
        "13,2 8,1 5,5 8,9 13,6 13,2 | 13,2 12,11 12,20",
        "14,3 9,1 5,5 7,9 12,8 15,3 | 15,3 13,11 9,20",
        "15,3 9,0 3,5 5,10 11,9 15,3 | 15,3 15,11 11,20",
        "13,5 9,0 4,4 6,9 12,8 14,3 14,12 10,20 5,18",
        "14,2 8,0 3,4 4,9 9,9 14,4 | 15,1 13,9 8,20",
        "13,1 8,1 3,6 4,11 8,11 13,5 14,1 | 13,3 12,11 9,20",
        "12,1 6,3 4,9 8,10 12,6 14,1 | 14,1 12,11 11,20",
        "17,2 11,0 4,5 6,10 12,8 17,1 | 17,1 13,10 8,20",
    ],
}
DOTS = 60  # of ink along each digit
BATCH = 128  # digits drawn at once: their arrays fit into a processor's cache
MELT = 0.8  # pixels squared within which the dots melt into a stroke

# Habits of the writers: mean and standard deviation, in half the height of a digit or in radians.
BEND = 0, 0.1  # of the whole digit
SHAKE = 0, 0.06  # of each point of the skeleton
WIDTH = 0.05, 0.2  # logarithm
SLANT = 0.12, 0.27
TURN = 0, 0.15
TREMOR = 0, 0.012  # of each dot
# Their pens, in pixels.
RADIUS = 1.47, 0.35
EDGE = 0.8, 1.5  # least and largest width of the grey edge


def draw_digits(count, *, rng=None):
    """Draw handwriting-like digits: no network, no files.

    Parameters
    ----------
    count : int, 1 … 1 000 000
    rng : int, numpy.random.Generator or None
        Seed or generator of the writers' habits.

    Returns
    -------
    Digits
        As in MNIST, a digit fills a box of 20 x 20 pixels, and the ink's centre of mass lies in
        the middle of the image. The ten classes are equally frequent (up to one), in random order.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as above.

    Examples
    --------
    >>> digits = draw_digits(20, rng=0)
    >>> np.bincount(digits.labels)
    array([2, 2, 2, 2, 2, 2, 2, 2, 2, 2])
    """
    check_integer(count, "count", minimum=1, maximum=1_000_000)
    count = int(count)  # a NumPy integer would set the type of the labels
    rng = random_generator(rng)
    labels = rng.permutation(np.arange(count) % 10)
    variants = rng.integers([len(SKELETONS[label]) for label in labels])
    images = np.empty((count, 28, 28), np.uint8)
    for label, skeletons in SKELETONS.items():
        for variant, skeleton in enumerate(skeletons):
            (places,) = np.nonzero((labels == label) & (variants == variant))
            for start in range(0, len(places), BATCH):
                batch = places[start : start + BATCH]
                images[batch] = _ink(*_pen(*_write(skeleton, len(batch), rng), rng))
    return Digits(images, labels, "drawn")


@cache
def _spline(skeleton):
    """Points of a skeleton in -1 … 1, the matrix that makes dots of them, and the strokes' ends."""
    strokes = [[point.split(",") for point in stroke.split()] for stroke in skeleton.split("|")]
    strokes = [np.array(stroke, float) / 10 - 1 for stroke in strokes]
    knots = [np.append(0, np.hypot(*np.diff(stroke, axis=0).T).cumsum()) for stroke in strokes]
    length = sum(knot[-1] for knot in knots)
    blocks = []
    for knot in knots:
        dots = np.linspace(0, knot[-1], max(3, round(DOTS * knot[-1] / length)))
        blocks.append(CubicSpline(knot, np.eye(len(knot)), bc_type="natural")(dots))
    ends = np.cumsum([len(block) for block in blocks]) - 1
    return np.concatenate(strokes), block_diag(*blocks), ends


def _write(skeleton, count, rng):
    """Write a skeleton `count` times, each in another hand.

    Returns x and y of the dots, shape (2, count, dots), and the numbers of those that end a stroke.
    """
    points, matrix, ends = _spline(skeleton)
    x, y = points.T
    terms = np.stack([x * x, x * y, y * y, x**3, x * x * y, x * y * y, y**3])
    bend = rng.normal(*BEND, (2, count, len(terms))) @ terms
    x, y = points.T[:, None] + bend + rng.normal(*SHAKE, bend.shape)
    width = np.exp(rng.normal(*WIDTH, (count, 1)))
    slant, turn = rng.normal(*SLANT, (count, 1)), rng.normal(*TURN, (count, 1))
    dots = np.stack([width * x - slant * y, turn * x + y]) @ matrix.T
    return dots + rng.normal(*TREMOR, dots.shape), ends


def _pen(dots, ends, rng):
    """Fit dots into MNIST's box and choose a pen.

    Returns the dots in pixels, the way of the pen at each, its radius there, and the edge's width.
    """
    count = dots.shape[1]
    radius = np.clip(rng.normal(*RADIUS, (count, 1)), 0.8, 2.6)
    edge = rng.uniform(*EDGE, (count, 1))
    margin = 1.05 * radius + edge / 2 - 0.1
    dots = dots - dots.min(axis=2, keepdims=True)
    dots *= (20 - 2 * margin) / dots.max(axis=(0, 2))[:, None]
    dots += margin
    moves = np.diff(dots)
    moves[:, :, ends[:-1]] = 0  # the pen is up
    dots = dots[:, :, 1:] - moves / 2
    way = np.hypot(*moves)
    tilt, broad = rng.uniform(0, np.pi, (count, 1)), rng.uniform(0, 0.3, (count, 1))
    across = np.abs(moves[0] * np.cos(tilt) + moves[1] * np.sin(tilt)) / (way + 1e-3)
    radii = radius * (0.9 + broad * (across - 0.5) + rng.normal(0, 0.05, way.shape))
    ink = way * radii
    centre = (dots * ink).sum(axis=2, keepdims=True) / ink.sum(axis=1, keepdims=True)
    room = 28 - np.ceil(dots.max(axis=2, keepdims=True) + margin)
    dots += np.clip(np.rint(14.5 - centre), 0, room)  # whole pixels: the box keeps to the grid
    return dots, way, radii, edge


def _ink(dots, way, radii, edge):
    """Ink the dots: uint8 images, shape (count, 28, 28).

    Each dot glows like exp(-distance² / MELT), which is a product of a factor of x and one of y:
    the glow of all dots is one matrix product. Its logarithm is a smooth distance to the pen's way.
    """
    dots, way, radii, edge = (np.float32(array) for array in (dots, way, radii, edge))
    apart = dots[..., None] - np.arange(0.5, 28, dtype=np.float32)
    apart *= apart
    x, y = np.exp(np.maximum(apart / np.float32(-MELT), -40))  # smaller numbers are slow
    weight = way / np.float32(np.sqrt(np.pi * MELT)) * np.exp(radii**2 / np.float32(MELT))
    glow = y.transpose(0, 2, 1) @ (x * weight[..., None])
    radius = radii.mean(axis=1)[:, None, None]
    distance = np.sqrt(np.maximum(radius**2 - np.float32(MELT) * np.log(glow + 1e-9), 0))
    return to_uint8(255 * (0.5 + (radius - distance) / edge[..., None]))
