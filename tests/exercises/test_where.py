"""What is said of where and when an answer is wrong is true, and is said of no other."""

import numpy as np
import pytest

from exercises.checker.catalogue import find
from exercises.checker.judge import judge

pad, convolve2d, max_pool, mean_pool, histogram, equalize, box, blur, gains, cumulative, kl = (
    find(name).solution
    for name in (
        *("pad_reflect", "convolve2d", "max_pool", "mean_pool", "histogram", "equalize"),
        *("box_kernel", "filter_image", "kernel_gains", "cumulative_distribution"),
        "kl_divergence",
    )
)


def changed(result, where, value):
    """A copy of a result with another value at some places."""
    result = result.copy()
    result[where] = value
    return result


@pytest.mark.parametrize(
    ("name", "answer", "idea"),
    [
        (
            "pad_reflect",
            lambda im, n: pad(im, n) if n else im[:0],
            "is wrong only where amount is 0",
        ),
        (
            "pad_reflect",
            lambda im, n: pad(im[: min(im.shape), : min(im.shape)], min(n, min(im.shape) - 1)),
            "is wrong only where image is not square",
        ),
        (
            "convolve2d",
            lambda im, k: np.roll(convolve2d(im, k), 1, axis=(0, 1)),
            "moves the result round",
        ),
        (
            "convolve2d",
            lambda im, k: convolve2d(im, k) - convolve2d(im, k).max(),
            "adds one number to all of the result",
        ),
        (
            "convolve2d",
            lambda im, k: convolve2d(np.pad(im, [(side // 2,) * 2 for side in k.shape]), k),
            "adds something around the result",
        ),
        (
            "filter_image",
            lambda im, k: changed(blur(im, k), (slice(0, len(k) // 2), ...), 0),
            "is wrong only at the top (half of kernel wide)",
        ),
        ("histogram", lambda im, n: changed(histogram(im, n), 0, 0), "is wrong only at the start"),
        (
            "equalize",
            lambda im: changed(equalize(im), im == 255, 0),
            "is wrong only where image is 255",
        ),
        (
            "equalize",
            lambda im: equalize(im) * (im.max() < 128),
            "is wrong only where image holds 128 or more",
        ),
        (
            "cumulative_distribution",
            lambda im, n: cumulative(im, n) * (im.size + im.shape[1]),
            "multiplies all of the result by one number",
        ),
    ],
)
def test_where_and_when(name, answer, idea):
    found = judge(find(name), answer).misconception
    assert (found and found.name) == idea
