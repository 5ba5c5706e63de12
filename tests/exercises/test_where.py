"""What is said of where and when an answer is wrong is true, and is said of no other."""

import cv2
import numpy as np
import pytest

from exercises.checker.catalogue import find
from exercises.checker.judge import judge

pad, convolve2d, max_pool, histogram, equalize, blur, gains, cumulative, shift, gaussian = (
    find(name).solution
    for name in (
        *("pad_reflect", "convolve2d", "max_pool", "histogram", "equalize", "filter_image"),
        *("kernel_gains", "cumulative_distribution", "separable_convolve", "gaussian_kernel"),
    )
)


COLUMNS = "multiplies the result by the number of columns of image"
IN_VALUE_1 = "cuts the decimals off, in value 1"


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
            "is off by one difference in all of the result",
        ),
        (
            "convolve2d",
            lambda im, k: convolve2d(np.pad(im, [(side // 2,) * 2 for side in k.shape]), k),
            "adds something around the result",
        ),
        (
            "filter_image",
            lambda im, k: changed(blur(im, k), (slice(0, len(k) // 2), ...), 0),
            "is wrong only at the top",
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
            "equalize",
            lambda im: equalize(im) // np.uint8(1 + (im.max() < 20)),
            "is wrong only where image holds only numbers below 24",
        ),
        (
            "equalize",
            lambda im: equalize(im) // np.uint8(1 + (im.size > 255)),
            "is wrong only where image has 256 numbers or more",
        ),
        (
            "cumulative_distribution",
            lambda im, n: cumulative(im, n) * (im.size + im.shape[1]),
            "is off by one factor in all of the result",
        ),
        ("histogram", lambda im, n: histogram(im, n) * im.shape[1], COLUMNS),
        ("equalize", lambda im: equalize(im) - im % 2, "is off by one in some places"),
        (
            "equalize",
            lambda im: 255 * cumulative(im, 256)[im],
            "does not make levels of the numbers",
        ),
        (
            "gaussian_kernel",
            lambda n, s: gaussian(n, s) + 1e-4 / n,
            "is nearly right, within a hundredth on all inputs tried",
        ),
        (
            "gaussian_kernel",
            lambda n, s: gaussian(n, s) / gaussian(n, s).sum(axis=1, keepdims=True),
            "is off by a factor in each row",
        ),
        (
            "max_pool",
            lambda im, n: max_pool(im, n)[:, :, None],
            "has the right numbers in a wrong shape",
        ),
        ("max_pool", lambda im, n: max_pool(im, n)[:-1], "leaves out rows or columns at the end"),
        ("max_pool", lambda im, n: np.stack([max_pool(im, n)] * 2), "stops one axis early"),
        ("kernel_gains", lambda k: (int(gains(k)[0]), gains(k)[1]), IN_VALUE_1),
        ("max_pool", lambda im, n: max_pool(im, min(2, *im.shape)), "takes 2 for size"),
        (
            "filter_image",
            lambda im, k: blur(im, np.full((3, 3), 1 / 9)),
            "returns the same whatever kernel holds",
        ),
    ],
)
def test_where_and_when(name, answer, idea):
    found = judge(find(name), answer).misconception
    assert (found and found.name) == idea


EXCHANGED = {"Poisson": "speckle", "speckle": "Poisson"}
JUDGED = {
    name: find(name).solution
    for name in ("name_noise", "valley", "restore", "undo_blur", "brighten", "add_gaussian_noise")
}


@pytest.mark.parametrize(
    ("name", "change", "idea"),
    [
        (
            "name_noise",
            lambda word: EXCHANGED.get(word, word),
            'takes "Poisson" and "speckle" for each other',
        ),
        (
            "name_noise",
            lambda word: word.replace("salt-and-pepper", "Poisson"),
            'says "Poisson" for "salt-and-pepper"',
        ),
        ("name_noise", str.upper, "uses other words, or spells them differently"),
        ("valley", lambda level: level - 99, "gives a number that is too small"),
        ("valley", lambda level: level + 99, "gives a number that is too large"),
        ("restore", lambda image: cv2.blur(image, (9, 9)), "leaves less detail than a good result"),
        (
            "restore",
            lambda image: image + np.arange(image.shape[1], dtype=np.uint8) % 2 * 20,
            "is rougher than a good result, by noise or by seams along edges",
        ),
        (
            "undo_blur",
            lambda image: np.where(image < 9, 255, image),
            "leaves or makes bright what must be dark, or dark what must be bright",
        ),
        ("undo_blur", lambda image: changed(image, (0, ...), 99), "spoils the border"),
        ("restore", lambda image: image // 2, "makes the image too dark"),
        (
            "add_gaussian_noise",
            lambda image: np.minimum(image, 246) + np.uint8(9),
            "makes the mean too large",
        ),
    ],
)
def test_what_is_judged(name, change, idea):
    found = judge(find(name), lambda *given: change(JUDGED[name](*given))).misconception
    assert (found and found.name) == idea


@pytest.mark.parametrize("name", ["convolve2d", "equalize", "pad_reflect", "kl_divergence"])
def test_what_is_wrong_anywhere_has_no_name(name):
    exercise = find(name)

    def spoiled(*arguments):
        result = exercise.solution(*arguments)
        rng = np.random.default_rng(int(np.abs(result).sum()))
        return np.where(rng.random(result.shape) < 0.3, 7, result).astype(result.dtype)

    verdict = judge(exercise, spoiled)
    assert (verdict.kind, verdict.misconception) == ("wrong", None)
