"""Blocks that overlap.

Largest level of each block of a grey uint8 image, blocks `stride` apart.
"""

import numpy as np

from course_utils import pooling
from exercises import ideas
from exercises.checker import strategies as st
from exercises.checker.exercise import Exercise, Misconception
from exercises.checker.inputs import gray_images, random_image
from exercises.ex07_pooling.shared import INSIDE, PIXEL, RAGGED, TALL, TINY, WIDE, windows


def my_max_pool_stride(image, size, stride):
    rows, columns = ((n - size) // stride + 1 for n in image.shape)
    pooled = np.zeros((rows, columns), np.uint8)
    for a in range(size):
        for b in range(size):
            shifted = image[a::stride, b::stride][:rows, :columns]
            pooled = np.maximum(pooled, shifted)
    return pooled


def max_of_windows(image, size, stride):
    return windows(image, size, stride).max(INSIDE)


def windows_over_the_edge(image, size, stride, count):
    """Place as many windows as `count` says; what lies outside the image is left out."""
    rows, columns = (count(n, size, stride) for n in image.shape)
    border = [(0, size * stride * n) for n in (rows, columns)]
    return max_of_windows(np.pad(image, border), size, stride)[:rows, :columns]


def stride_as_size(image, size, stride):
    rows, columns = ((n - size) // stride + 1 for n in image.shape)
    pooled = np.zeros((rows, columns), np.uint8)
    for i, j in np.ndindex(pooled.shape):
        y, x = i * stride, j * stride
        pooled[i, j] = image[y : y + stride, x : x + stride].max()
    return pooled


def rows_of_windows_only(image, size, stride):
    return windows(image, size, 1)[::stride].max(INSIDE)


def stride_inputs(drawn):
    """Name an image, a size that fits, and a stride that is no larger than the image."""
    image, size, stride = drawn
    side = min(image.shape)
    return {"image": image, "size": min(size, side), "stride": min(stride, side)}


EXERCISE = Exercise(
    section="To go deeper: Blocks that overlap",
    solution=my_max_pool_stride,
    reference=max_of_windows,
    inputs=st.tuples(gray_images(), st.integers(1, 3), st.integers(1, 3)).map(stride_inputs),
    examples={
        "a single pixel": {"image": PIXEL, "size": 1, "stride": 1},
        "a single block": {
            "image": np.array([[1, 2], [3, 4]], np.uint8),
            "size": 2,
            "stride": 1,
        },
        "a stride of one": {"image": RAGGED, "size": 2, "stride": 1},
        "blocks that touch": {"image": WIDE, "size": 2, "stride": 2},
        "gaps between the blocks": {"image": TINY, "size": 1, "stride": 2},
        "a column too many": {"image": TINY, "size": 3, "stride": 2},
        "a tall image": {"image": TALL, "size": 2, "stride": 1},
        "large gaps": {"image": TINY, "size": 1, "stride": 3},
    },
    more=tuple(
        {"image": random_image(41, 31), "size": size, "stride": stride}
        for size, stride in ((5, 2), (2, 7), (1, 1), (6, 6), (31, 4))
    ),
    misconceptions=(
        Misconception(
            "takes the size for the stride",
            lambda image, size, stride: pooling.max_pool(image, size),
            "Your blocks always touch. Start them `stride` pixels apart.",
        ),
        Misconception(
            "moves on by one pixel",
            lambda image, size, stride: max_of_windows(image, size, 1),
            "Your blocks start at every pixel. Start them `stride` pixels apart.",
        ),
        Misconception(
            "confuses size and stride",
            lambda image, size, stride: max_of_windows(image, stride, size),
            "The size says how large a block is. The stride says how far the next one is away.",
        ),
        Misconception(
            "forgets the size when it counts the blocks",
            lambda image, size, stride: windows_over_the_edge(
                image, size, stride, lambda n, size, stride: n // stride
            ),
            "n // stride takes no notice of how large a block is. "
            "The last one starts at n - size at the latest: (n - size) // stride + 1.",
        ),
        Misconception(
            "lets blocks hang over the edge",
            lambda image, size, stride: windows_over_the_edge(
                image, size, stride, lambda n, size, stride: -(-n // stride)
            ),
            "range(0, H, stride) starts blocks that do not end within the image. "
            "Write range(0, H - size + 1, stride).",
            "7.4 Edges that do not fit",
        ),
        ideas.forgets_the_plus_1(
            lambda image, size, stride: windows_over_the_edge(
                image, size, stride, lambda n, size, stride: (n - size) // stride
            ),
            "(n - size) // stride counts the steps. There is one block more than steps.",
        ),
        Misconception(
            "rounds the number of blocks up",
            lambda image, size, stride: windows_over_the_edge(
                image, size, stride, lambda n, size, stride: -((size - n) // stride) + 1
            ),
            "Your last block hangs over the edge. Round down, as the formula says.",
            "7.4 Edges that do not fit",
        ),
        Misconception(
            "pools first and skips then",
            lambda image, size, stride: pooling.max_pool(image, size)[::stride, ::stride],
            "You skip whole blocks: yours start size * stride pixels apart. "
            "The stride counts pixels of the image.",
        ),
        Misconception(
            "uses the stride for the rows only",
            rows_of_windows_only,
            "Down the image you go by the stride, across it by one pixel. Use it for both.",
        ),
        Misconception(
            "takes the stride for the size",
            stride_as_size,
            "Blocks start stride pixels apart, but each is size pixels wide and high.",
        ),
        Misconception(
            "takes the smallest level",
            lambda *given: windows(*given).min(INSIDE),
            "Your block gets its darkest pixel. Here it gets the brightest.",
        ),
        Misconception(
            "takes the mean",
            lambda *given: windows(*given).mean(INSIDE).astype(np.uint8),
            "Your block gets the mean of its pixels. Here it gets the brightest one.",
        ),
        Misconception(
            "looks at the first row of each block",
            lambda *given: windows(*given)[:, :, :1].max(INSIDE),
            "A block has size rows as well as size columns. Take the maximum over both.",
        ),
    ),
    hints=(
        "At which rows do the blocks start? Which of them still fit?",
        "image[a::stride] takes row a of every block, whether the blocks overlap or not.",
        "Cut all image[a::stride, b::stride] to the same number of rows and columns, "
        "and combine them with np.maximum.",
    ),
    then="Compare it with torch.nn.MaxPool2d(size, stride=stride) on a photograph.",
)
