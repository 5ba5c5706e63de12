"""Answers as students gave them who had not seen the lists of known mistakes: right and wrong ones.

Each wrong one stands with the idea that its card may name; with None, no idea of the list is its
own, and to name one would be untrue. What is right here must be accepted, however it is written.
"""

import math
import statistics
from collections import Counter

import cv2
import numpy as np
from scipy.signal import find_peaks

from course_utils.filtering import filter_image

RIGHT, WRONG = {}, {}


# 01 ---------------------------------------------------------------------------------------------


def counted(image, levels):
    counter = Counter(image.ravel().tolist())
    return np.array([counter[k] for k in range(levels)])


def looped(image, levels):
    h = np.zeros(levels, dtype=int)
    for row in image:
        for k in row:
            h[k] += 1
    return h


def starts_at_one(image, levels):
    h = np.zeros(levels, int)
    for k in range(1, levels):
        h[k] = np.sum(image == k)
    return h


def first_row(image, levels):
    h = np.zeros(levels, int)
    for k in image[0]:
        h[k] += 1
    return h


def square(image, levels):
    h = np.zeros(levels, int)
    for i in range(image.shape[0]):
        for j in range(image.shape[0]):
            h[image[i % image.shape[0], j % image.shape[1]]] += 1
    return h


def small_counter(image, levels):
    h = np.zeros(levels, np.uint8)
    for k in image.ravel():
        h[k] += 1
    return h


def fancy(image, levels):
    h = np.zeros(levels, int)
    h[image] += 1
    return h


RIGHT["histogram"] = [
    counted,
    looped,
    lambda image, levels: np.array([(image == k).sum() for k in range(levels)], np.int32),
    lambda image, levels: np.bincount(image.flatten(), minlength=levels),
    lambda image, levels: np.histogram(image, bins=np.arange(levels + 1))[0],
]
WRONG["histogram"] = [
    ("is wrong only at the start", starts_at_one),
    ("looks only at the first row of image", first_row),
    ("is wrong only where image is not square", square),
    ("counts in uint8", small_counter),
    ("counts each level once", fancy),
    ("stops at the brightest pixel", lambda image, levels: np.bincount(image.ravel())),
    ("always returns 256 counts", lambda image, levels: np.bincount(image.ravel(), minlength=256)),
    (
        "lets np.histogram choose the range",
        lambda image, levels: np.histogram(image, bins=levels)[0],
    ),
    ("leaves out the empty levels", lambda image, levels: np.unique(image, return_counts=True)[1]),
    (
        "divides by the number of pixels",
        lambda image, levels: np.bincount(image.ravel(), minlength=levels) / image.size,
    ),
    ("returns a list", lambda image, levels: [int((image == k).sum()) for k in range(levels)]),
    (
        "looks only at the first 4 rows and columns of image",
        lambda image, levels: np.bincount(image[:4, :4].ravel(), minlength=levels),
    ),
    (
        "gives np.histogram an edge too few",
        lambda image, levels: np.histogram(image, bins=range(levels))[0],
    ),
]


def sorted_share(image, share):
    pixels = np.sort(image, axis=None)
    return pixels[math.ceil(round(share * pixels.size, 9)) - 1]


def walked(image, share):
    n = 0
    for k in range(256):
        n += int((image == k).sum())
        if n / image.size >= share:
            return k


RIGHT["darkest_share"] = [
    walked,
    lambda image, share: int(
        np.argmax(np.cumsum(np.bincount(image.ravel())) / image.size >= share)
    ),
    lambda image, share: int(
        np.searchsorted(np.cumsum(np.bincount(image.ravel(), minlength=256)) / image.size, share)
    ),
]
WRONG["darkest_share"] = [
    ("interpolates and drops the decimals", lambda image, share: int(np.quantile(image, share))),
    ("interpolates between levels", lambda image, share: np.percentile(image, 100 * share)),
    (
        "interpolates between levels, and rounds",
        lambda image, share: int(round(np.quantile(image, share))),
    ),
    (
        "asks for more than the share",
        lambda image, share: int(
            np.argmax(np.cumsum(np.bincount(image.ravel())) / image.size > share)
        ),
    ),
    (
        "adds up rounded shares",
        lambda image, share: int(
            np.argmax(np.cumsum(np.bincount(image.ravel()) / image.size) >= share)
        ),
    ),
    ("counts places from 1", lambda image, share: np.sort(image.ravel())[int(share * image.size)]),
    (
        "goes one pixel too far",
        lambda image, share: np.sort(image.ravel())[min(int(share * image.size), image.size - 1)],
    ),
    ("takes a share of 255", lambda image, share: int(share * 255)),
    ("takes a share of the largest level", lambda image, share: int(share * image.max())),
    ("takes 0 for share", lambda image, share: np.unique(image)[0]),
    ("returns the same whatever share is", lambda image, share: int(np.median(image))),
]


# 02 ---------------------------------------------------------------------------------------------


def equalized_by_loop(image):
    out = np.zeros_like(image)
    for k in range(256):
        out[image == k] = 255 * int((image <= k).sum()) // image.size
    return out


def equalized_by_ranks(image):
    ranks = np.searchsorted(np.sort(image.ravel()), image.ravel(), side="right")
    return (255 * ranks // image.size).reshape(image.shape).astype(np.uint8)


RIGHT["equalize"] = [
    equalized_by_loop,
    equalized_by_ranks,
    lambda image: (255 * np.cumsum(np.bincount(image.ravel(), minlength=256)) // image.size).astype(
        "uint8"
    )[image],
]


def equalized_in_place(image):
    table = (255 * np.cumsum(np.bincount(image.ravel(), minlength=256)) // image.size).astype(
        np.uint8
    )
    image[:] = table[image]
    return image


def shares(image, levels=256):
    return np.cumsum(np.bincount(image.ravel(), minlength=levels)) / image.size


WRONG["equalize"] = [
    ("changes its argument", equalized_in_place),
    ("uses OpenCV's map", lambda image: cv2.equalizeHist(image)),
    (
        "rounds to the nearest level",
        lambda image: np.round(255 * shares(image)).astype(np.uint8)[image],
    ),
    ("rounds up", lambda image: np.ceil(255 * shares(image)).astype(np.uint8)[image]),
    ("multiplies by 256", lambda image: (256 * shares(image)).astype(np.uint8)[image]),
    ("returns floats", lambda image: np.floor(255 * shares(image))[image]),
    ("returns the map", lambda image: np.floor(255 * shares(image)).astype(np.uint8)),
    (
        "stretches instead of equalizing",
        lambda image: cv2.normalize(image, None, 0, 255, cv2.NORM_MINMAX),
    ),
    ("returns fractions", lambda image: shares(image)[image]),
    (
        "takes the brightest level for 255",
        lambda image: (shares(image) * image.max()).astype(np.uint8)[image],
    ),
    (
        "is wrong only where image has more than 4 rows or columns",
        lambda image: (255 * shares(image[:4, :4])).astype(np.uint8)[image],
    ),
    ("returns image itself", lambda image: image),
]

RIGHT["match_histogram"] = [
    lambda image, template: np.array(
        [
            [
                next(
                    j
                    for j in range(256)
                    if (template <= j).sum() * image.size >= (image <= k).sum() * template.size
                )
                for k in row
            ]
            for row in image
        ],
        np.uint8,
    ),
    lambda image, template: np.searchsorted(
        np.cumsum(np.bincount(template.ravel(), minlength=256)) * image.size,
        np.cumsum(np.bincount(image.ravel(), minlength=256)) * template.size,
    ).astype(np.uint8)[image],
    lambda image, template: np.array(
        [np.argmax(shares(template) >= share) for share in shares(image)], np.uint8
    )[image],
]
WRONG["match_histogram"] = [
    (
        None,
        lambda image, template: np.searchsorted(
            shares(template), shares(image), side="right"
        ).astype(np.uint8)[image],
    ),
    (
        "takes the nearest fraction",
        lambda image, template: np.array(
            [np.argmin(np.abs(shares(template) - share)) for share in shares(image)], np.uint8
        )[image],
    ),
    (
        "takes the last level whose fraction is not larger",
        lambda image, template: np.interp(shares(image), shares(template), np.arange(256)).astype(
            np.uint8
        )[image],
    ),
    (
        "looks the template up in the image",
        lambda image, template: np.searchsorted(shares(image), shares(template)).astype(np.uint8)[
            image
        ],
    ),
    (
        "compares counts instead of fractions",
        lambda image, template: (
            np.searchsorted(
                np.cumsum(np.bincount(template.ravel(), minlength=256)),
                np.cumsum(np.bincount(image.ravel(), minlength=256)),
            )
            .clip(0, 255)
            .astype(np.uint8)[image]
        ),
    ),
    (
        "goes through the maps of equalize",
        lambda image, template: np.searchsorted(
            np.floor(255 * shares(template)), np.floor(255 * shares(image))
        ).astype(np.uint8)[image],
    ),
    (
        "applies the map to the template",
        lambda image, template: np.searchsorted(shares(template), shares(image)).astype(np.uint8)[
            template
        ],
    ),
    (
        "makes int64 of the result",
        lambda image, template: np.searchsorted(shares(template), shares(image))[image],
    ),
    ("returns template itself", lambda image, template: template),
]

# 03 ---------------------------------------------------------------------------------------------


def levels_of(values):
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)


def legacy(image, sigma, rng):
    rng = np.random.RandomState(rng)
    return levels_of(image + rng.normal(0, sigma, image.shape))


RIGHT["add_gaussian_noise"] = [
    legacy,
    lambda image, sigma, rng: levels_of(
        image + np.random.default_rng(rng).normal(scale=sigma, size=image.shape)
    ),
    lambda image, sigma, rng: levels_of(
        np.reshape(
            [
                v + sigma * n
                for v, n in zip(image.flat, np.random.default_rng(rng).standard_normal(image.size))
            ],
            image.shape,
        )
    ),
]
WRONG["add_gaussian_noise"] = [
    (
        "puts the mean of image in place of each number",
        lambda image, sigma, rng: levels_of(
            image.mean() + np.random.default_rng(rng).normal(0, sigma, image.shape)
        ),
    ),
    (
        "takes the seed 0 for none",
        lambda image, sigma, rng: levels_of(
            image + np.random.default_rng(rng or 42).normal(0, sigma, image.shape)
        ),
    ),
    (
        "makes float64 of the result",
        lambda image, sigma, rng: np.clip(
            np.rint(image + np.random.default_rng(rng).normal(0, sigma, image.shape)), 0, 255
        ),
    ),
    (
        "cuts the noise off at sigma",
        lambda image, sigma, rng: levels_of(
            image + np.clip(np.random.default_rng(rng).normal(0, sigma, image.shape), -sigma, sigma)
        ),
    ),
    (
        "draws one row of noise for all rows",
        lambda image, sigma, rng: levels_of(
            image + np.random.default_rng(rng).normal(0, sigma, image.shape[1])
        ),
    ),
    (
        "does not use rng",
        lambda image, sigma, rng: levels_of(
            image + np.random.default_rng(42).normal(0, sigma, image.shape)
        ),
    ),
    (
        "cuts the decimals off",
        lambda image, sigma, rng: np.clip(
            image + np.random.default_rng(rng).normal(0, sigma, image.shape), 0, 255
        ).astype(np.uint8),
    ),
    (
        "does not clip before it converts",
        lambda image, sigma, rng: (
            image + np.rint(np.random.default_rng(rng).normal(0, sigma, image.shape))
        ).astype(np.uint8),
    ),
    (
        "takes sigma for the variance",
        lambda image, sigma, rng: levels_of(
            image + np.random.default_rng(rng).normal(0, sigma**0.5, image.shape)
        ),
    ),
    (
        None,
        lambda image, sigma, rng: levels_of(
            image * (1 + np.random.default_rng(rng).normal(0, sigma, image.shape) / 255)
        ),
    ),
    (
        "adds only positive noise",
        lambda image, sigma, rng: levels_of(
            image + np.abs(np.random.default_rng(rng).normal(0, sigma, image.shape))
        ),
    ),
]


RIGHT["gain_and_sigma"] = [
    lambda b, v: (lambda p: (p[0], math.sqrt(p[1])))(np.polyfit(b, v, 1)),
    lambda b, v: [
        ((b - b.mean()) * (v - v.mean())).sum() / ((b - b.mean()) ** 2).sum(),
        (
            v.mean()
            - ((b - b.mean()) * (v - v.mean())).sum() / ((b - b.mean()) ** 2).sum() * b.mean()
        )
        ** 0.5,
    ],
    lambda b, v: (lambda s: np.array([s.slope, s.intercept**0.5]))(
        statistics.linear_regression(b.tolist(), v.tolist())
    ),
]
WRONG["gain_and_sigma"] = [
    ("returns the variance instead of sigma", lambda b, v: tuple(np.polyfit(b, v, 1))),
    ("swaps gain and sigma", lambda b, v: (np.polyfit(b, v, 1)[1] ** 0.5, np.polyfit(b, v, 1)[0])),
    (None, lambda b, v: ((v / b).mean(), 0.0)),
    (
        "uses the first and the last patch only",
        lambda b, v: (
            (v[-1] - v[0]) / (b[-1] - b[0]),
            abs(v[0] - b[0] * (v[-1] - v[0]) / (b[-1] - b[0])) ** 0.5,
        ),
    ),
    (None, lambda b, v: (np.polyfit(v, b, 1)[0], abs(np.polyfit(v, b, 1)[1]) ** 0.5)),
    (
        "fits the standard deviation",
        lambda b, v: (np.polyfit(b, np.sqrt(v), 1)[0], np.polyfit(b, np.sqrt(v), 1)[1]),
    ),
    ("returns the first part only", lambda b, v: np.polyfit(b, v, 1)[0]),
    ("draws the line through the origin", lambda b, v: ((b * v).sum() / (b * b).sum(), 0.0)),
    ("takes the darkest patch for black", lambda b, v: (np.polyfit(b, v, 1)[0], v[0] ** 0.5)),
    (
        "takes the square root of the slope",
        lambda b, v: (np.polyfit(b, v, 1)[0] ** 0.5, np.polyfit(b, v, 1)[1] ** 0.5),
    ),
]

# 04 ---------------------------------------------------------------------------------------------


def median_by_loop(image, size):
    k = size // 2
    padded = np.pad(image, k, mode="edge")
    out = np.empty_like(image)
    for i in range(image.shape[0]):
        for j in range(image.shape[1]):
            out[i, j] = sorted(padded[i : i + size, j : j + size].ravel())[size * size // 2]
    return out


def median_inner(image, size):
    k = size // 2
    out = image.copy()
    for i in range(k, image.shape[0] - k):
        for j in range(k, image.shape[1] - k):
            out[i, j] = np.median(image[i - k : i + k + 1, j - k : j + k + 1])
    return out


def median_cut_window(image, size):
    k = size // 2
    out = np.empty_like(image)
    for i, j in np.ndindex(image.shape):
        out[i, j] = np.median(image[max(0, i - k) : i + k + 1, max(0, j - k) : j + k + 1])
    return out


def median_with(mode, size=None, function=np.median):
    def answer(image, s):
        s = size or s
        windows = np.lib.stride_tricks.sliding_window_view(np.pad(image, s // 2, mode=mode), (s, s))
        return function(windows, axis=(2, 3)).astype(np.uint8)

    return answer


RIGHT["median_filter"] = [
    median_by_loop,
    median_with("edge"),
    lambda image, size: cv2.medianBlur(image, size) if size > 1 else image.copy(),
]
WRONG["median_filter"] = [
    ("leaves the border as it was", median_inner),
    ("cuts the window off at the border", median_cut_window),
    ("mirrors the image at the border", median_with("reflect")),
    ("puts zeros around the image", median_with("constant")),
    ("mirrors the image with its edge", median_with("symmetric")),
    ("continues at the other side", median_with("wrap")),
    ("always takes a window of 3 × 3", median_with("edge", 3)),
    ("takes the mean and drops the decimals", median_with("edge", function=np.mean)),
    ("takes the largest level", median_with("edge", function=np.max)),
    (
        "takes the mean",
        lambda image, size: cv2.blur(image, (size, size), borderType=cv2.BORDER_REPLICATE),
    ),
    (
        None,
        lambda image, size: (
            np.median(
                np.lib.stride_tricks.sliding_window_view(image, (size, size)), axis=(2, 3)
            ).astype(np.uint8)
            if min(image.shape) >= size
            else image
        ),
    ),
    (
        None,
        lambda image, size: np.median(
            [
                np.pad(image, size // 2, mode="edge")[
                    i : i + image.shape[0], i : i + image.shape[1]
                ]
                for i in range(size)
            ],
            axis=0,
        ).astype(np.uint8),
    ),
]

RIGHT["kernel_gains"] = [
    lambda kernel: (kernel.sum(), (kernel**2).sum()),
    lambda kernel: np.array([kernel.sum(), np.square(kernel).sum()]),
    lambda kernel: [sum(kernel.ravel().tolist()), sum(w * w for w in kernel.ravel().tolist())],
]
WRONG["kernel_gains"] = [
    ("squares the sum", lambda kernel: (kernel.sum(), kernel.sum() ** 2)),
    ("divides by the number of weights", lambda kernel: (kernel.mean(), (kernel**2).mean())),
    ("takes the variance of the weights", lambda kernel: (kernel.sum(), kernel.var())),
    (
        "takes the standard deviation of the noise",
        lambda kernel: (kernel.sum(), (kernel**2).sum() ** 0.5),
    ),
    ("cuts the decimals off, in value 1", lambda kernel: (int(kernel.sum()), (kernel**2).sum())),
    ("returns the numbers in the other order", lambda kernel: ((kernel**2).sum(), kernel.sum())),
    ("drops the signs", lambda kernel: (np.abs(kernel).sum(), (kernel**2).sum())),
    ("takes 1/n for the second number", lambda kernel: (kernel.sum(), 1 / kernel.size)),
    ("expects the brightness to stay", lambda kernel: (1.0, (kernel**2).sum())),
    (
        "is nearly right, within a hundredth on all inputs tried",
        lambda kernel: (kernel.astype(np.float16).sum(), (kernel.astype(np.float16) ** 2).sum()),
    ),
    ("returns the first part only", lambda kernel: kernel.sum()),
]

# 05 ---------------------------------------------------------------------------------------------


def draw(n_in, n_out, rng, spread=2.0):
    return np.random.default_rng(rng).normal(0, np.sqrt(spread / n_in), (n_out, n_in))


RIGHT["kaiming_weights"] = [
    draw,
    lambda n_in, n_out, rng: np.random.RandomState(rng).randn(n_out, n_in) * math.sqrt(2 / n_in),
    lambda n_in, n_out, rng: draw(n_in, n_out, rng).astype(np.float32),
]
WRONG["kaiming_weights"] = [
    ("forgets the 2", lambda n_in, n_out, rng: draw(n_in, n_out, rng, 1.0)),
    ("exchanges n_in and n_out", lambda n_in, n_out, rng: draw(n_out, n_in, rng)),
    ("takes the seed 0 for none", lambda n_in, n_out, rng: draw(n_in, n_out, rng or 42)),
    (
        "gives all units the same weights",
        lambda n_in, n_out, rng: np.tile(draw(n_in, 1, rng), (n_out, 1)),
    ),
    (None, lambda n_in, n_out, rng: np.clip(draw(n_in, n_out, rng), -0.1, 0.1)),
    (
        "takes the variance for the standard deviation",
        lambda n_in, n_out, rng: np.random.default_rng(rng).normal(0, 2 / n_in, (n_out, n_in)),
    ),
    (
        "draws uniformly with the right spread",
        lambda n_in, n_out, rng: np.random.default_rng(rng).uniform(
            -np.sqrt(6 / n_in), np.sqrt(6 / n_in), (n_out, n_in)
        ),
    ),
    ("drops the signs of the weights", lambda n_in, n_out, rng: np.abs(draw(n_in, n_out, rng))),
    ("does not use rng", lambda n_in, n_out, rng: np.random.randn(n_out, n_in) * np.sqrt(2 / n_in)),
    (
        "counts inputs and outputs",
        lambda n_in, n_out, rng: np.random.default_rng(rng).normal(
            0, np.sqrt(2 / (n_in + n_out)), (n_out, n_in)
        ),
    ),
    (
        "counts the outputs instead of the inputs",
        lambda n_in, n_out, rng: np.random.default_rng(rng).normal(
            0, np.sqrt(2 / n_out), (n_out, n_in)
        ),
    ),
]

RIGHT["yardsticks"] = [
    lambda train, clean, noisy: (
        ((clean / 255 - noisy / 255) ** 2).mean(),
        ((clean / 255 - train.mean(axis=0) / 255) ** 2).mean(),
    ),
    lambda train, clean, noisy: np.array(
        [
            np.mean((noisy.astype(float) - clean) ** 2) / 255**2,
            np.mean((np.mean(train, 0)[None] - clean) ** 2) / 255**2,
        ]
    ),
    lambda train, clean, noisy: [
        float(np.square(noisy / 255.0 - clean / 255.0).mean()),
        float(np.mean([np.square(train.mean(0) - c).mean() for c in clean])) / 65025,
    ],
]
WRONG["yardsticks"] = [
    (
        "subtracts uint8 images, which wrap around",
        lambda t, c, n: (((c - n) ** 2).mean() / 255**2, ((c - t.mean(0)) ** 2).mean() / 255**2),
    ),
    (
        "takes the mean of the test images",
        lambda t, c, n: (
            ((c / 255 - n / 255) ** 2).mean(),
            ((c / 255 - c.mean(0) / 255) ** 2).mean(),
        ),
    ),
    (
        "takes the mean of the noisy images",
        lambda t, c, n: (
            ((c / 255 - n / 255) ** 2).mean(),
            ((c / 255 - n.mean(0) / 255) ** 2).mean(),
        ),
    ),
    (
        "averages over the pixels as well",
        lambda t, c, n: (
            ((c / 255 - n / 255) ** 2).mean(),
            ((c / 255 - t.mean() / 255) ** 2).mean(),
        ),
    ),
    (
        "stays on the scale 0…255",
        lambda t, c, n: (((c * 1.0 - n) ** 2).mean(), ((c - t.mean(0)) ** 2).mean()),
    ),
    (
        "multiplies the result by 255",
        lambda t, c, n: (((c * 1.0 - n) ** 2).mean() / 255, ((c - t.mean(0)) ** 2).mean() / 255),
    ),
    (
        "cuts the mean image to whole levels",
        lambda t, c, n: (
            ((c / 255 - n / 255) ** 2).mean(),
            ((c / 255 - t.mean(0).astype(np.uint8) / 255) ** 2).mean(),
        ),
    ),
    (
        "compares the mean image with the noisy ones",
        lambda t, c, n: (
            ((c / 255 - n / 255) ** 2).mean(),
            ((n / 255 - t.mean(0) / 255) ** 2).mean(),
        ),
    ),
    (
        "swaps the two numbers",
        lambda t, c, n: (
            ((c / 255 - t.mean(0) / 255) ** 2).mean(),
            ((c / 255 - n / 255) ** 2).mean(),
        ),
    ),
    (
        "takes absolute errors",
        lambda t, c, n: (
            np.abs(c / 255 - n / 255).mean(),
            np.abs(c / 255 - t.mean(0) / 255).mean(),
        ),
    ),
    (
        "adds up instead of averaging",
        lambda t, c, n: (
            ((c / 255 - n / 255) ** 2).sum(),
            ((c / 255 - t.mean(0) / 255) ** 2).sum(),
        ),
    ),
]

# 06 ---------------------------------------------------------------------------------------------


def convolved(image, kernel):
    k = len(kernel)
    out = np.zeros((image.shape[0] - k + 1, image.shape[1] - k + 1))
    for y, x in np.ndindex(out.shape):
        for i, j in np.ndindex(kernel.shape):
            out[y, x] += kernel[i, j] * float(image[y + k - 1 - i, x + k - 1 - j])
    return out


def correlated(image, kernel):
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return np.einsum("yxij,ij->yx", windows, kernel)


def negative_places(image, kernel):
    h, w = kernel.shape
    return correlated(image, np.array([[kernel[-i, -j] for j in range(w)] for i in range(h)]))


RIGHT["convolve2d"] = [
    convolved,
    lambda image, kernel: correlated(image.astype(float), np.rot90(kernel, 2)),
    lambda image, kernel: correlated(image * 1.0, kernel[::-1, ::-1]),
]
WRONG["convolve2d"] = [
    ("does not turn the kernel", correlated),
    ("moves kernel round, back by one place", negative_places),
    ("does not turn the kernel", lambda image, kernel: correlated(image, np.flip(np.flip(kernel)))),
    ("reverses the rows only", lambda image, kernel: correlated(image, kernel[::-1])),
    ("reverses the columns only", lambda image, kernel: correlated(image, kernel[:, ::-1])),
    ("transposes the kernel", lambda image, kernel: correlated(image, kernel.T)),
    ("turns by 90 degrees", lambda image, kernel: correlated(image, np.rot90(kernel))),
    (
        "makes float32 of the result",
        lambda image, kernel: convolved(image, kernel).astype(np.float32),
    ),
    ("rounds the result", lambda image, kernel: np.rint(convolved(image, kernel))),
    ("cuts the decimals of kernel off", lambda image, kernel: convolved(image, kernel.astype(int))),
    ("cuts the result to 0 … 255", lambda image, kernel: np.clip(convolved(image, kernel), 0, 255)),
    (
        "adds something around the result",
        lambda image, kernel: convolved(np.pad(image, len(kernel) // 2), kernel),
    ),
    (
        "is nearly right, within a hundredth on all inputs tried",
        lambda image, kernel: convolved(image, kernel.astype(np.float16)),
    ),
]

RIGHT["normalize_kernel"] = [
    lambda kernel: kernel / kernel.sum() if kernel.sum() else kernel.astype(float),
    lambda kernel: np.array(kernel, dtype=np.float64) / (np.sum(kernel) or 1),
    lambda kernel: np.divide(kernel, 1 if kernel.sum() == 0 else kernel.sum()),
]
WRONG["normalize_kernel"] = [
    ("divides by a sum of 0", lambda kernel: kernel / kernel.sum()),
    ("divides by the sum of the absolute values", lambda kernel: kernel / np.abs(kernel).sum()),
    (
        "returns whole numbers for a sum of 0",
        lambda kernel: kernel / kernel.sum() if kernel.sum() else kernel,
    ),
    (
        "leaves negative sums alone",
        lambda kernel: kernel / kernel.sum() if kernel.sum() > 0 else kernel.astype(float),
    ),
    ("divides by the absolute value of the sum", lambda kernel: kernel / abs(kernel.sum() or 1)),
    (
        "divides in integers",
        lambda kernel: kernel // kernel.sum() if kernel.sum() else kernel.astype(float),
    ),
    ("divides by the number of weights", lambda kernel: kernel / kernel.size),
    (
        "divides by the largest weight",
        lambda kernel: kernel / kernel.max() if kernel.max() else kernel.astype(float),
    ),
    ("is off by one factor in all of the result", lambda kernel: kernel / (kernel.sum() + 1e-3)),
    (
        "makes float32 of the result",
        lambda kernel: (kernel / kernel.sum()).astype(np.float32) if kernel.sum() else kernel * 1.0,
    ),
    (
        "returns zeros for a sum of 0",
        lambda kernel: kernel / kernel.sum() if kernel.sum() else np.zeros(kernel.shape),
    ),
]

# 07 ---------------------------------------------------------------------------------------------


def blocks(image, size):
    h, w = image.shape[0] // size, image.shape[1] // size
    return image[: h * size, : w * size].reshape(h, size, w, size)


RIGHT["max_pool"] = [
    lambda image, size: blocks(image, size).max(axis=(1, 3)),
    lambda image, size: np.array(
        [
            [
                image[i : i + size, j : j + size].max()
                for j in range(0, image.shape[1] - size + 1, size)
            ]
            for i in range(0, image.shape[0] - size + 1, size)
        ],
        np.uint8,
    ),
    lambda image, size: np.lib.stride_tricks.sliding_window_view(image, (size, size))[
        ::size, ::size
    ].max((2, 3)),
]
WRONG["max_pool"] = [
    ("takes the smallest level", lambda image, size: blocks(image, size).min(axis=(1, 3))),
    ("summarizes over the wrong axes", lambda image, size: blocks(image, size).max(axis=(0, 2))),
    ("returns floats", lambda image, size: blocks(image, size).max(axis=(1, 3)).astype(float)),
    (
        "returns its argument, or a part of it, on some inputs",
        lambda image, size: image if size == 1 else blocks(image, size).max(axis=(1, 3)),
    ),
    ("takes the mean", lambda image, size: blocks(image, size).mean(axis=(1, 3)).astype(np.uint8)),
    (
        "slides its window by one pixel",
        lambda image, size: np.lib.stride_tricks.sliding_window_view(image, (size, size)).max(
            (2, 3)
        ),
    ),
    (
        "keeps the incomplete blocks",
        lambda image, size: np.array(
            [
                [image[i : i + size, j : j + size].max() for j in range(0, image.shape[1], size)]
                for i in range(0, image.shape[0], size)
            ],
            np.uint8,
        ),
    ),
    ("returns the same whatever size is", lambda image, size: blocks(image, 2).max(axis=(1, 3))),
    (
        "keeps the first pixel of each block",
        lambda image, size: image[
            : len(image) // size * size : size, : image.shape[1] // size * size : size
        ].copy(),
    ),
    (
        "swaps rows and columns of the result",
        lambda image, size: blocks(image, size).max(axis=(1, 3)).T.copy(),
    ),
    (
        "looks only at the first 4 rows and columns of image",
        lambda image, size: blocks(image[:4, :4], size).max(axis=(1, 3)),
    ),
]


def pooled_with(border):
    def answer(image, size, padding):
        padded = np.pad(image, padding, constant_values=border)
        return blocks(padded, size).max(axis=(1, 3))

    return answer


RIGHT["pad_and_max_pool"] = [
    pooled_with(-np.inf),
    lambda image, size, padding: blocks(
        np.pad(image, padding, constant_values=image.min()), size
    ).max(axis=(1, 3)),
    lambda image, size, padding: np.nanmax(
        blocks(np.pad(image, padding, constant_values=np.nan), size), axis=(1, 3)
    ),
]
WRONG["pad_and_max_pool"] = [
    ("pads with 0, or nearly 0", pooled_with(0)),
    ("pads with -1", pooled_with(-1)),
    ("pads with -255", pooled_with(-255)),
    ("is wrong only where the right number is negative", pooled_with(-1e9)),
    ("is wrong only where the right number is negative", pooled_with(-1e12)),
    (
        "mirrors the image in the border",
        lambda image, size, padding: blocks(np.pad(image, padding, mode="reflect"), size).max(
            (1, 3)
        ),
    ),
    ("does not pad", lambda image, size, padding: blocks(image, size).max((1, 3))),
    (
        "takes 1 for padding",
        lambda image, size, padding: blocks(np.pad(image, 1, constant_values=-np.inf), size).max(
            (1, 3)
        ),
    ),
    (
        None,
        lambda image, size, padding: blocks(
            np.pad(image, ((0, padding), (0, padding)), constant_values=-np.inf), size
        ).max((1, 3)),
    ),
    (
        "makes float32 of the result",
        lambda image, size, padding: blocks(
            np.pad(image, padding, constant_values=-np.inf).astype(np.float32), size
        ).max((1, 3)),
    ),
]

# 08 ---------------------------------------------------------------------------------------------

RIGHT["kl_divergence"] = [
    lambda m, v: 0.5 * (m**2 + np.exp(v) - 1 - v).sum(axis=1),
    lambda m, v: np.array(
        [sum((a * a + math.exp(b) - 1 - b) / 2 for a, b in zip(*row)) for row in zip(m, v)]
    ),
    lambda m, v: -0.5 * np.sum(1 + v - np.square(m) - np.exp(v), axis=-1),
]
WRONG["kl_divergence"] = [
    ("returns one number for all codes", lambda m, v: 0.5 * (m**2 + np.exp(v) - 1 - v).sum()),
    (
        "takes the mean over the dimensions",
        lambda m, v: 0.5 * (m**2 + np.exp(v) - 1 - v).mean(axis=1),
    ),
    ("adds up over the codes", lambda m, v: 0.5 * (m**2 + np.exp(v) - 1 - v).sum(axis=0)),
    ("forgets the one half", lambda m, v: (m**2 + np.exp(v) - 1 - v).sum(axis=1)),
    (
        "takes the log-variance for the logarithm of the standard deviation",
        lambda m, v: 0.5 * (m**2 + np.exp(2 * v) - 1 - 2 * v).sum(axis=1),
    ),
    (None, lambda m, v: 0.5 * (m**2 + v - 1 - np.log(np.abs(v) + 1e-9)).sum(axis=1)),
    ("adds the log-variance", lambda m, v: 0.5 * (m**2 + np.exp(v) - 1 + v).sum(axis=1)),
    ("does not square the mean", lambda m, v: 0.5 * (m + np.exp(v) - 1 - v).sum(axis=1)),
    ("forgets the 1", lambda m, v: 0.5 * (m**2 + np.exp(v) - v).sum(axis=1)),
    ("has the opposite sign", lambda m, v: -0.5 * (m**2 + np.exp(v) - 1 - v).sum(axis=1)),
    (None, lambda m, v: 0.5 * (m**2 + np.exp(np.clip(v, -5, 5)) - 1 - v).sum(axis=1)),
    (
        "halves log_variance",
        lambda m, v: 0.5 * (m**2 + np.exp(v / 2) - 1 - v / 2).sum(axis=1),
    ),
    (
        "multiplies the result by 1.4427",
        lambda m, v: 0.5 * (m**2 + np.exp(v) - 1 - v).sum(axis=1) / np.log(2),
    ),
]


def softmax(x):
    weights = np.exp(x - x.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True)


def gumbel(u):
    return -np.log(-np.log(u))


RIGHT["relaxed_choice"] = [
    lambda logits, u, t: softmax((logits + gumbel(u)) / t),
    lambda logits, u, t: np.array([softmax(row[None])[0] for row in (logits + gumbel(u)) / t]),
    lambda logits, u, t: np.exp(
        (logits + gumbel(u)) / t
        - np.logaddexp.reduce((logits + gumbel(u)) / t, axis=1, keepdims=True)
    ),
]
WRONG["relaxed_choice"] = [
    ("leaves the noise out of the division", lambda logits, u, t: softmax(logits / t + gumbel(u))),
    ("multiplies by the temperature", lambda logits, u, t: softmax((logits + gumbel(u)) * t)),
    (
        "has the wrong sign in the Gumbel noise",
        lambda logits, u, t: softmax((logits - gumbel(u)) / t),
    ),
    (
        "has the wrong sign in the Gumbel noise",
        lambda logits, u, t: softmax((logits + np.log(-np.log(u))) / t),
    ),
    ("adds the uniform numbers themselves", lambda logits, u, t: softmax((logits + u) / t)),
    (
        "takes the softmax down the columns",
        lambda logits, u, t: softmax(((logits + gumbel(u)) / t).T).T,
    ),
    (
        "takes the softmax of all rows together",
        lambda logits, u, t: (
            np.exp((logits + gumbel(u)) / t) / np.exp((logits + gumbel(u)) / t).sum()
        ),
    ),
    (
        "makes a hard choice",
        lambda logits, u, t: np.eye(logits.shape[1])[(logits + gumbel(u)).argmax(1)],
    ),
    ("forgets the temperature", lambda logits, u, t: softmax(logits + gumbel(u))),
    ("adds no noise", lambda logits, u, t: softmax(logits / t)),
    ("forgets the softmax", lambda logits, u, t: (logits + gumbel(u)) / t),
    (None, lambda logits, u, t: softmax((np.log(logits.clip(1e-9)) + gumbel(u)) / t)),
    (None, lambda logits, u, t: softmax((logits + gumbel(u.clip(0.01, 0.99))) / t)),
]


# Ten more exercises, written before their lists were read ----------------------------------------


# 01 blend
def blend_loop(first, second):
    out = np.empty_like(first)
    for i in range(first.shape[0]):
        for j in range(first.shape[1]):
            out[i, j] = round((int(first[i, j]) + int(second[i, j])) / 2)
    return out


RIGHT["blend"] = [
    lambda first, second: np.rint((first.astype(float) + second) / 2).astype(np.uint8),
    lambda a, b: np.round(np.mean([a, b], axis=0)).astype(np.uint8),
    blend_loop,
    lambda a, b: np.rint(a * 0.5 + b * 0.5).astype("uint8"),
]
WRONG["blend"] = [
    ("adds in uint8 and drops the half", lambda a, b: (a + b) // 2),
    ("halves each image and drops the halves", lambda a, b: a // 2 + b // 2),
    ("adds in uint8", lambda a, b: np.rint((a + b) / 2).astype(np.uint8)),
    ("drops the half", lambda a, b: ((a.astype(int) + b) / 2).astype(np.uint8)),
    ("returns the mean as float", lambda a, b: (a.astype(float) + b) / 2),
    ("makes float64 of the result", lambda a, b: np.rint((a.astype(int) + b) / 2)),
    ("rounds every half up", lambda a, b: np.floor((a.astype(int) + b) / 2 + 0.5).astype(np.uint8)),
    ("rounds every half up", lambda a, b: (a.astype(np.uint16) + b + 1) // 2),
    ("rounds every half up", lambda a, b: ((a.astype(np.uint16) + b + 1) // 2).astype(np.uint8)),
    ("stops the sum at 255 and drops the half", lambda a, b: cv2.add(a, b) // 2),
    ("rounds every half up", lambda a, b: np.ceil((a.astype(float) + b) / 2).astype(np.uint8)),
    (None, lambda a, b: np.mean((a + b) / 2).astype(np.uint8)),
    (
        "rounds each half before it adds",
        lambda a, b: np.round(a / 2).astype(np.uint8) + np.round(b / 2).astype(np.uint8),
    ),
    (
        "adds and clips, but does not halve",
        lambda a, b: np.clip(a.astype(int) + b, 0, 255).astype(np.uint8),
    ),
    (None, lambda a, b: np.sqrt(a.astype(float) * b).round().astype(np.uint8)),
]


# 01 cumulative_distribution
def cd_loop(image, levels):
    out = np.zeros(levels)
    for k in range(levels):
        out[k] = (image <= k).mean()
    return out


def cd_running(image, levels):
    h = np.bincount(image.ravel(), minlength=levels)
    total, out = 0, []
    for k in range(levels):
        total += h[k]
        out.append(total / image.size)
    return np.array(out)


def cd_running_wrong(image, levels):
    h = np.bincount(image.ravel(), minlength=levels) / image.size
    p = np.zeros(levels)
    for k in range(1, levels):
        p[k] = p[k - 1] + h[k]
    return p


def cd_neighbours(image, levels):
    h = np.bincount(image.ravel(), minlength=levels) / image.size
    p = h.copy()
    for k in range(1, levels):
        p[k] = h[k - 1] + h[k]
    return p


def cd_list(image, levels):
    return [float((image <= k).mean()) for k in range(levels)]


RIGHT["cumulative_distribution"] = [
    lambda image, levels: np.bincount(image.ravel(), minlength=levels).cumsum() / image.size,
    cd_loop,
    cd_running,
    lambda image, levels: np.cumsum(np.bincount(image.flatten(), minlength=levels) / image.size),
]
WRONG["cumulative_distribution"] = [
    (
        "does not divide",
        lambda image, levels: np.bincount(image.ravel(), minlength=levels).cumsum(),
    ),
    (
        "does not add up",
        lambda image, levels: np.bincount(image.ravel(), minlength=levels) / image.size,
    ),
    (
        "stops at the brightest pixel",
        lambda image, levels: np.bincount(image.ravel()).cumsum() / image.size,
    ),
    (
        "counts only the pixels below",
        lambda image, levels: np.array([(image < k).mean() for k in range(levels)]),
    ),
    (
        "adds up from the bright end",
        lambda image, levels: np.array([(image >= k).mean() for k in range(levels)]),
    ),
    (
        "makes integers of the fractions",
        lambda image, levels: np.bincount(image.ravel(), minlength=levels).cumsum() // image.size,
    ),
    (
        "takes 256 for levels",
        lambda image, levels: np.bincount(image.ravel(), minlength=256).cumsum() / image.size,
    ),
    (
        "lets np.histogram choose the range",
        lambda image, levels: np.histogram(image, bins=levels)[0].cumsum() / image.size,
    ),
    (
        "spreads the bins over 0 … 255",
        lambda image, levels: (
            np.histogram(image, bins=levels, range=(0, 255))[0].cumsum() / image.size
        ),
    ),
    (
        "divides by the number of rows",
        lambda image, levels: np.bincount(image.ravel(), minlength=levels).cumsum() / len(image),
    ),
    ("starts at level 1", cd_running_wrong),
    ("adds only two neighbours", cd_neighbours),
    (
        "divides by the brightest level",
        lambda image, levels: np.bincount(image.ravel(), minlength=levels).cumsum() / image.max(),
    ),
    (
        "divides by the number of levels",
        lambda image, levels: np.bincount(image.ravel(), minlength=levels).cumsum() / levels,
    ),
    (
        "multiplies the result by the square of the number of columns of image",
        lambda image, levels: (
            np.array([(image == k).sum() for k in range(levels)]).cumsum()
            / image.shape[0]
            * image.shape[1]
        ),
    ),
    (None, lambda image, levels: np.cumsum(image) / image.sum()),
    (
        "gives np.histogram an edge too few",
        lambda image, levels: np.histogram(image, bins=np.arange(levels))[0].cumsum() / image.size,
    ),
    ("returns a list", cd_list),
]


# 02 equalize_luminance
def emap(y):
    return (255 * np.bincount(y.ravel(), minlength=256).cumsum() // y.size).astype(np.uint8)


def el(to, back, channel=0):
    def answer(image):
        parts = cv2.cvtColor(image, to)
        parts[..., channel] = emap(parts[..., channel])[parts[..., channel]]
        return cv2.cvtColor(parts, back)

    return answer


def el_split(image):
    y, cr, cb = cv2.split(cv2.cvtColor(image, cv2.COLOR_RGB2YCrCb))
    c = np.cumsum(np.bincount(y.flatten(), minlength=256))
    t = np.floor(255 * c / y.size).astype(np.uint8)
    return cv2.cvtColor(cv2.merge([t[y], cr, cb]), cv2.COLOR_YCrCb2RGB)


def el_loop(image):
    ycc = cv2.cvtColor(image, cv2.COLOR_RGB2YCrCb)
    y = ycc[:, :, 0].copy()
    n = y.size
    for i in range(y.shape[0]):
        for j in range(y.shape[1]):
            ycc[i, j, 0] = 255 * int((y <= y[i, j]).sum()) // n
    return cv2.cvtColor(ycc, cv2.COLOR_YCrCb2RGB)


def el_cv(image):
    p = cv2.cvtColor(image, cv2.COLOR_RGB2YCrCb)
    p[..., 0] = cv2.equalizeHist(p[..., 0])
    return cv2.cvtColor(p, cv2.COLOR_YCrCb2RGB)


def el_channels(image):
    return np.stack([emap(image[..., c])[image[..., c]] for c in range(3)], axis=-1)


def el_all_ycc(image):
    p = cv2.cvtColor(image, cv2.COLOR_RGB2YCrCb)
    for c in range(3):
        p[..., c] = emap(p[..., c])[p[..., c]]
    return cv2.cvtColor(p, cv2.COLOR_YCrCb2RGB)


def el_no_back(image):
    p = cv2.cvtColor(image, cv2.COLOR_RGB2YCrCb)
    p[..., 0] = emap(p[..., 0])[p[..., 0]]
    return p


def el_gray(image):
    y = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    return emap(y)[y]


def el_round(image):
    p = cv2.cvtColor(image, cv2.COLOR_RGB2YCrCb)
    y = p[..., 0]
    p[..., 0] = np.rint(255 * np.bincount(y.ravel(), minlength=256).cumsum() / y.size).astype(
        np.uint8
    )[y]
    return cv2.cvtColor(p, cv2.COLOR_YCrCb2RGB)


def el_whole_count(image):
    p = cv2.cvtColor(image, cv2.COLOR_RGB2YCrCb)
    y = p[..., 0]
    p[..., 0] = (255 * np.bincount(y.ravel(), minlength=256).cumsum() / image.size).astype(
        np.uint8
    )[y]
    return cv2.cvtColor(p, cv2.COLOR_YCrCb2RGB)


def el_forgot(image):
    p = cv2.cvtColor(image, cv2.COLOR_RGB2YCrCb)
    y = p[..., 0]
    y = emap(y)[y]
    return cv2.cvtColor(p, cv2.COLOR_YCrCb2RGB)


def el_wrong_order(image):
    y, cr, cb = cv2.split(cv2.cvtColor(image, cv2.COLOR_RGB2YCrCb))
    return cv2.cvtColor(cv2.merge([emap(y)[y], cb, cr]), cv2.COLOR_YCrCb2RGB)


def el_ratio(image):
    y = cv2.cvtColor(image, cv2.COLOR_RGB2YCrCb)[..., 0]
    new = emap(y)[y]
    return np.clip(np.rint(image * (new / np.maximum(y, 1))[..., None]), 0, 255).astype(np.uint8)


def el_map_of_image(image):
    p = cv2.cvtColor(image, cv2.COLOR_RGB2YCrCb)
    p[..., 0] = emap(image)[p[..., 0]]
    return cv2.cvtColor(p, cv2.COLOR_YCrCb2RGB)


RIGHT["equalize_luminance"] = [el(cv2.COLOR_RGB2YCrCb, cv2.COLOR_YCrCb2RGB), el_split, el_loop]
WRONG["equalize_luminance"] = [
    ("uses OpenCV's map", el_cv),
    ("equalizes each channel on its own", el_channels),
    ("equalizes Cr and Cb as well", el_all_ycc),
    ("does not convert back", el_no_back),
    ("returns a grey image", el_gray),
    ("rounds to the nearest level", el_round),
    ("divides by the number of values", el_whole_count),
    ("throws the equalized Y away", el_forgot),
    ("exchanges Cr and Cb", el_wrong_order),
    ("scales the colours by Y'/Y", el_ratio),
    (None, el_map_of_image),
    ("takes the image for BGR", el(cv2.COLOR_BGR2YCrCb, cv2.COLOR_YCrCb2BGR)),
    ("converts back to BGR", el(cv2.COLOR_RGB2YCrCb, cv2.COLOR_YCrCb2BGR)),
    ("takes the image for BGR on the way there", el(cv2.COLOR_BGR2YCrCb, cv2.COLOR_YCrCb2RGB)),
    ("equalizes the V of HSV", el(cv2.COLOR_RGB2HSV, cv2.COLOR_HSV2RGB, 2)),
    ("equalizes the L of Lab", el(cv2.COLOR_RGB2LAB, cv2.COLOR_LAB2RGB)),
    ("equalizes Cr", el(cv2.COLOR_RGB2YCrCb, cv2.COLOR_YCrCb2RGB, 1)),
    (None, el(cv2.COLOR_RGB2YUV, cv2.COLOR_YUV2RGB)),
]

# 03 psnr
RIGHT["psnr"] = [
    lambda a, b, r: (
        np.inf
        if np.array_equal(a, b)
        else 10 * np.log10(r**2 / np.mean((a.astype(float) - b) ** 2))
    ),
    lambda a, b, r: (
        math.inf
        if ((a.astype(float) - b.astype(float)) ** 2).mean() == 0
        else 20 * math.log10(r) - 10 * math.log10(((a.astype(float) - b.astype(float)) ** 2).mean())
    ),
    lambda a, b, r: 10 * math.log10(r**2 / fl(a, b)),
    lambda a, b, r: float(
        10 * np.log10(np.float64(r) ** 2 / np.square(np.subtract(a, b, dtype=float)).mean())
    ),
]


def p(mse, top=lambda r: r**2, log=lambda v: 10 * np.log10(v), same=np.inf):
    def answer(a, b, r):
        m = mse(a, b)
        return same if m == 0 else log(top(r) / m)

    return answer


def fl(a, b):
    return np.mean((a.astype(float) - b) ** 2)


WRONG["psnr"] = [
    ("squares uint8 numbers", p(lambda a, b: np.mean((a - b) ** 2))),
    ("does not square the range", p(fl, top=lambda r: r)),
    ("takes 255 for every range", p(fl, top=lambda r: 255**2)),
    ("takes the natural logarithm", p(fl, log=lambda v: 10 * np.log(v))),
    ("multiplies by 20 instead of 10", p(fl, log=lambda v: 20 * np.log10(v))),
    ("takes the root of the error", p(lambda a, b: np.sqrt(fl(a, b)))),
    ("sums instead of averaging", p(lambda a, b: np.sum((a.astype(float) - b) ** 2))),
    ("takes absolute errors", p(lambda a, b: np.mean(np.abs(a.astype(float) - b)))),
    ("turns the fraction round", p(fl, log=lambda v: -10 * np.log10(v))),
    ("returns 0 for identical images", p(fl, same=0)),
    ("returns 100 for identical images", p(fl, same=100)),
    ("adds a tiny number to the error", lambda a, b, r: 10 * np.log10(r**2 / (fl(a, b) + 1e-10))),
    (
        "returns the same whatever data_range is",
        lambda a, b, r: 10 * np.log10(np.max(a) ** 2 / fl(a, b)),
    ),
    ("does not average", lambda a, b, r: 10 * np.log10(r**2 / (a.astype(float) - b) ** 2)),
    ("multiplies the result by 1/10", p(fl, log=lambda v: np.log10(v))),
    (None, lambda a, b, r: np.inf if (a == b).all() else 10 * np.log10(r**2) / fl(a, b)),
    (
        "rounds to two decimals",
        lambda a, b, r: np.inf if (a == b).all() else round(10 * np.log10(r**2 / fl(a, b)), 2),
    ),
    (
        "divides uint8 and floats by 255",
        lambda a, b, r: (
            np.inf
            if (a == b).all()
            else 10 * np.log10(r**2 / np.mean(((a / 255.0) - (b / 255.0)) ** 2))
        ),
    ),
]


# 03 add_salt_and_pepper_noise
def sp(image, amount, salt_fraction, rng):
    rng = np.random.default_rng(rng)
    out = image.copy()
    hit = rng.random(image.shape[:2]) < amount
    salt = rng.random(image.shape[:2]) < salt_fraction
    out[hit & salt] = 255
    out[hit & ~salt] = 0
    return out


def sp_loop(image, amount, salt_fraction, rng):
    rng = np.random.default_rng(rng)
    out = image.copy()
    for i in range(image.shape[0]):
        for j in range(image.shape[1]):
            if rng.random() < amount:
                out[i, j] = 255 if rng.random() < salt_fraction else 0
    return out


def sp_choice(image, amount, salt_fraction, rng):
    rng = np.random.default_rng(rng)
    out = image.copy()
    n = image.shape[0] * image.shape[1]
    where = rng.choice(n, size=round(amount * n), replace=False)
    y, x = np.unravel_index(where, image.shape[:2])
    out[y, x] = (
        np.where(rng.random(len(where)) < salt_fraction, 255, 0)
        .astype(np.uint8)
        .reshape(-1, *([1] * (image.ndim - 2)))
    )
    return out


def sp_in_place(image, amount, salt_fraction, rng):
    rng = np.random.default_rng(rng)
    hit = rng.random(image.shape[:2]) < amount
    salt = rng.random(image.shape[:2]) < salt_fraction
    image[hit & salt] = 255
    image[hit & ~salt] = 0
    return image


def sp_per_channel(image, amount, salt_fraction, rng):
    rng = np.random.default_rng(rng)
    out = image.copy()
    hit = rng.random(image.shape) < amount
    salt = rng.random(image.shape) < salt_fraction
    out[hit & salt] = 255
    out[hit & ~salt] = 0
    return out


def sp_swapped(image, amount, salt_fraction, rng):
    return sp(image, amount, 1 - salt_fraction, rng)


def sp_same_draw(image, amount, salt_fraction, rng):
    rng = np.random.default_rng(rng)
    out = image.copy()
    u = rng.random(image.shape[:2])
    out[u < amount] = 0
    out[u < salt_fraction] = 255
    return out


def sp_both_full(image, amount, salt_fraction, rng):
    rng = np.random.default_rng(rng)
    out = image.copy()
    out[rng.random(image.shape[:2]) < amount * salt_fraction] = 255
    out[rng.random(image.shape[:2]) < amount * (1 - salt_fraction)] = 0
    return out


def sp_half(image, amount, salt_fraction, rng):
    return sp(image, amount, 0.5, rng)


def sp_twice(image, amount, salt_fraction, rng):
    rng = np.random.default_rng(rng)
    out = image.copy()
    out[rng.random(image.shape[:2]) < amount] = 255
    out[rng.random(image.shape[:2]) < amount] = 0
    return out


def sp_seed0(image, amount, salt_fraction, rng):
    return sp(image, amount, salt_fraction, 0)


def sp_replace(image, amount, salt_fraction, rng):
    rng = np.random.default_rng(rng)
    out = image.copy()
    h, w = image.shape[:2]
    n = int(amount * h * w)
    y, x = rng.integers(0, h, n), rng.integers(0, w, n)
    k = int(n * salt_fraction)
    out[y[:k], x[:k]] = 255
    out[y[k:], x[k:]] = 0
    return out


def sp_white1(image, amount, salt_fraction, rng):
    rng = np.random.default_rng(rng)
    out = image.copy()
    hit = rng.random(image.shape[:2]) < amount
    salt = rng.random(image.shape[:2]) < salt_fraction
    out[hit & salt] = 1
    out[hit & ~salt] = 0
    return out


def sp_extreme(image, amount, salt_fraction, rng):
    rng = np.random.default_rng(rng)
    out = image.copy()
    hit = rng.random(image.shape[:2]) < amount
    salt = rng.random(image.shape[:2]) < salt_fraction
    out[hit & salt] = image.max()
    out[hit & ~salt] = image.min()
    return out


def sp_rest_black(image, amount, salt_fraction, rng):
    rng = np.random.default_rng(rng)
    hit = rng.random(image.shape[:2]) < amount
    salt = rng.random(image.shape[:2]) < salt_fraction
    out = np.zeros_like(image)
    out[hit & salt] = 255
    return out


def sp_unseeded(image, amount, salt_fraction, rng):
    out = image.copy()
    hit = np.random.rand(*image.shape[:2]) < amount
    salt = np.random.rand(*image.shape[:2]) < salt_fraction
    out[hit & salt] = 255
    out[hit & ~salt] = 0
    return out


def sp_one_salt(image, amount, salt_fraction, rng):
    rng = np.random.default_rng(rng)
    out = image.copy()
    hit = rng.random(image.shape[:2]) < amount
    out[hit] = 255 if rng.random() < salt_fraction else 0
    return out


def sp_le(image, amount, salt_fraction, rng):
    rng = np.random.default_rng(rng)
    out = image.copy()
    out[rng.random(image.shape[:2]) < amount] = 255 * salt_fraction
    return out


def sp_strip(image, amount, salt_fraction, rng):
    return sp(image.astype(float), amount, salt_fraction, rng)


def sp_sequential(image, amount, salt_fraction, rng):
    rng = np.random.default_rng(rng)
    out = image.copy()
    u = rng.random(image.shape[:2])
    out[u < salt_fraction] = 255
    out[u > 1 - amount] = 0
    return out


def sp_rng_method(image, amount, salt_fraction, rng):
    out = image.copy()
    hit = rng.random(image.shape[:2]) < amount
    salt = rng.random(image.shape[:2]) < salt_fraction
    out[hit & salt] = 255
    out[hit & ~salt] = 0
    return out


def sp_salt_amount(image, amount, salt_fraction, rng):
    rng = np.random.default_rng(rng)
    out = image.copy()
    u = rng.random(image.shape[:2])
    out[u < amount / 2] = 0
    out[u > 1 - amount / 2] = 255
    return out


RIGHT["add_salt_and_pepper_noise"] = [sp, sp_loop, sp_choice]
WRONG["add_salt_and_pepper_noise"] = [
    ("changes its argument", sp_in_place),
    ("hits values instead of pixels", sp_per_channel),
    ("swaps salt and pepper", sp_swapped),
    ("compares the draw with salt_fraction itself", sp_same_draw),
    ("hits some pixels twice", sp_both_full),
    ("ignores the fraction of salt", sp_half),
    ("draws for salt and again for pepper, each with the whole amount", sp_twice),
    ("does not use rng", sp_seed0),
    ("draws places with replacement", sp_replace),
    ("makes salt 1 instead of 255", sp_white1),
    ("takes the brightest and the darkest pixel for white and black", sp_extreme),
    ("makes all other pixels black", sp_rest_black),
    ("does not use rng", sp_unseeded),
    (None, sp_one_salt),
    (
        "makes the percentage of white pixels too small and the percentage of black pixels too small",
        sp_le,
    ),
    ("makes float64 of the result", sp_strip),
    ("makes the percentage of black pixels too large", sp_sequential),
    ("takes the seed for a generator", sp_rng_method),
    ("ignores the fraction of salt", sp_salt_amount),
]


# 04 unsharp_mask
def blurred(image, kernel):
    r, c = kernel.shape[0] // 2, kernel.shape[1] // 2
    padded = np.pad(image.astype(float), ((r, r), (c, c)), mode="reflect")
    out = np.zeros(image.shape)
    for i in range(kernel.shape[0]):
        for j in range(kernel.shape[1]):
            out += kernel[i, j] * padded[i : i + image.shape[0], j : j + image.shape[1]]
    return np.clip(np.rint(out), 0, 255)


def um(image, kernel, amount):
    b = blurred(image, kernel)
    return np.clip(np.rint(image + amount * (image - b)), 0, 255).astype(np.uint8)


def um_f(f):
    def answer(image, kernel, amount):
        b = blurred(image, kernel).astype(np.uint8)
        return f(image, b, amount)

    return answer


to8 = lambda v: np.clip(np.rint(v), 0, 255).astype(np.uint8)
RIGHT["unsharp_mask"] = [
    um,
    lambda image, kernel, amount: to8(
        (1 + amount) * image.astype(float) - amount * filter_image(image, kernel)
    ),
    lambda image, kernel, amount: np.rint(
        np.clip(image + amount * (image.astype(int) - filter_image(image, kernel)), 0, 255)
    ).astype(np.uint8),
]
WRONG["unsharp_mask"] = [
    ("subtracts in uint8", um_f(lambda f, b, a: to8(f + a * (f - b)))),
    ("starts from the blurred image", um_f(lambda f, b, a: to8(b + a * (f.astype(float) - b)))),
    (
        "subtracts the detail instead of adding it",
        um_f(lambda f, b, a: to8(f + a * (b.astype(float) - f))),
    ),
    ("returns the detail alone", um_f(lambda f, b, a: to8(a * (f.astype(float) - b)))),
    ("does not use the amount", um_f(lambda f, b, a: to8(f + (f.astype(float) - b)))),
    ("adds the blurred image", um_f(lambda f, b, a: to8(f + a * b.astype(float)))),
    (
        "cuts the fraction off",
        um_f(lambda f, b, a: np.clip(f + a * (f.astype(float) - b), 0, 255).astype(np.uint8)),
    ),
    (
        "lets large values wrap around",
        um_f(lambda f, b, a: np.rint(f + a * (f.astype(float) - b)).astype(np.uint8)),
    ),
    (
        "makes float64 of the result",
        um_f(lambda f, b, a: np.clip(np.rint(f + a * (f.astype(float) - b)), 0, 255)),
    ),
    (None, um_f(lambda f, b, a: (f + a * (f.astype(float) - b)).astype(np.uint8))),
    ("does not make levels of the numbers", um_f(lambda f, b, a: f + a * (f.astype(float) - b))),
    ("returns the same whatever amount is", um_f(lambda f, b, a: b)),
    (
        "cuts the decimals of amount off",
        um_f(lambda f, b, a: to8(f + int(a) * (f.astype(int) - b))),
    ),
    (
        "drops the signs of the detail",
        um_f(lambda f, b, a: to8(f + a * np.abs(f.astype(float) - b))),
    ),
    ("loses the negative differences", um_f(lambda f, b, a: to8(f + a * cv2.subtract(f, b)))),
    (
        "loses the negative differences",
        um_f(lambda f, b, a: to8(f + np.clip(a * (f.astype(float) - b), 0, 255))),
    ),
    (None, um_f(lambda f, b, a: to8((1 + a) * f.astype(float) - b))),
    (
        "blurs without rounding",
        lambda image, kernel, amount: to8(
            image + amount * (image - cv2.filter2D(image.astype(float), -1, kernel))
        ),
    ),
    (
        "turns kernel by half a turn",
        lambda image, kernel, amount: to8(
            image
            + amount * (image.astype(float) - cv2.filter2D(image, -1, kernel[::-1, ::-1].copy()))
        ),
    ),
    (
        "is wrong only at the border",
        lambda image, kernel, amount: to8(
            image
            + amount
            * (
                image.astype(float)
                - cv2.filter2D(image, -1, kernel, borderType=cv2.BORDER_REPLICATE)
            )
        ),
    ),
    (
        "returns the same whatever kernel holds",
        lambda image, kernel, amount: to8(
            image + amount * (image.astype(float) - cv2.GaussianBlur(image, (3, 3), 0))
        ),
    ),
    (
        "divides kernel by its sum",
        lambda image, kernel, amount: to8(
            image
            + amount * (image.astype(float) - filter_image(image, kernel / (kernel.sum() or 1)))
        ),
    ),
]


# 05 pixel_unshuffle
def pu(image):
    out = np.empty((4, image.shape[0] // 2, image.shape[1] // 2), np.uint8)
    for i in range(2):
        for j in range(2):
            out[2 * i + j] = image[i::2, j::2]
    return out


def pu_loops(image):
    H, W = image.shape
    out = np.zeros((4, H // 2, W // 2), dtype=np.uint8)
    for r in range(H // 2):
        for c in range(W // 2):
            for i in range(2):
                for j in range(2):
                    out[2 * i + j, r, c] = image[2 * r + i, 2 * c + j]
    return out


def pu_n(f):
    return lambda image: f(image, image.shape[0] // 2, image.shape[1] // 2)


RIGHT["pixel_unshuffle"] = [
    pu,
    pu_loops,
    pu_n(lambda im, h, w: im.reshape(h, 2, w, 2).transpose(1, 3, 0, 2).reshape(4, h, w)),
    lambda im: np.stack([im[::2, ::2], im[::2, 1::2], im[1::2, ::2], im[1::2, 1::2]]),
]


def pu_float(image):
    out = np.zeros((4, image.shape[0] // 2, image.shape[1] // 2))
    for i in range(2):
        for j in range(2):
            out[2 * i + j] = image[i::2, j::2]
    return out


def pu_transposed(image):
    out = np.empty((4, image.shape[0] // 2, image.shape[1] // 2), np.uint8)
    for i in range(2):
        for j in range(2):
            out[2 * i + j] = image[j::2, i::2]
    return out


WRONG["pixel_unshuffle"] = [
    ("only reshapes", pu_n(lambda im, h, w: im.reshape(4, h, w))),
    ("only reshapes", pu_n(lambda im, h, w: im.reshape(h, 2, w, 2).reshape(4, h, w))),
    (
        "cuts the image into four quarters",
        pu_n(lambda im, h, w: im.reshape(2, h, 2, w).transpose(0, 2, 1, 3).reshape(4, h, w)),
    ),
    (
        "goes down the columns first",
        pu_n(lambda im, h, w: im.reshape(h, 2, w, 2).transpose(3, 1, 0, 2).reshape(4, h, w)),
    ),
    (
        "puts the right numbers in other places",
        pu_n(lambda im, h, w: im.reshape(h, 2, w, 2).transpose(0, 2, 1, 3).reshape(4, h, w)),
    ),
    (
        "has the right numbers in a wrong shape",
        pu_n(lambda im, h, w: im.reshape(h, 2, w, 2).transpose(1, 3, 0, 2)),
    ),
    (
        "puts the channels last",
        lambda im: np.stack([im[::2, ::2], im[::2, 1::2], im[1::2, ::2], im[1::2, 1::2]], axis=-1),
    ),
    (
        "cuts the image into four quarters",
        lambda im: np.stack(
            [
                im[: im.shape[0] // 2, : im.shape[1] // 2],
                im[: im.shape[0] // 2, im.shape[1] // 2 :],
                im[im.shape[0] // 2 :, : im.shape[1] // 2],
                im[im.shape[0] // 2 :, im.shape[1] // 2 :],
            ]
        ),
    ),
    ("goes down the columns first", pu_transposed),
    ("makes float64 of the result", pu_float),
    (
        "returns four images",
        lambda im: [im[::2, ::2], im[::2, 1::2], im[1::2, ::2], im[1::2, 1::2]],
    ),
    (
        "takes every other pixel from the wrong end",
        lambda im: np.stack([im[1::2, 1::2], im[1::2, ::2], im[::2, 1::2], im[::2, ::2]]),
    ),
    ("keeps the first pixel of each block only", lambda im: np.stack([im[::2, ::2]] * 4)),
    (
        "has the right numbers in a wrong shape",
        lambda im: np.concatenate([im[::2, ::2], im[::2, 1::2], im[1::2, ::2], im[1::2, 1::2]]),
    ),
    (
        "returns float64 in place of uint8",
        lambda im: np.stack([im[::2, ::2], im[1::2, ::2], im[::2, 1::2], im[1::2, 1::2]]) / 255,
    ),
]

# 06 sobel_magnitude
KX = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], float)


def corr(f, k):
    h, w = k.shape
    out = np.zeros((f.shape[0] - h + 1, f.shape[1] - w + 1))
    for i in range(h):
        for j in range(w):
            out += k[i, j] * f[i : i + out.shape[0], j : j + out.shape[1]]
    return out


def sm(f):
    return lambda image: f(corr(image, KX), corr(image, KX.T))


def sm_uint8(image):
    h, w = image.shape
    gx = (
        image[:-2, 2:]
        + 2 * image[1:-1, 2:]
        + image[2:, 2:]
        - image[:-2, :-2]
        - 2 * image[1:-1, :-2]
        - image[2:, :-2]
    )
    gy = (
        image[2:, :-2]
        + 2 * image[2:, 1:-1]
        + image[2:, 2:]
        - image[:-2, :-2]
        - 2 * image[:-2, 1:-1]
        - image[:-2, 2:]
    )
    return np.sqrt(gx.astype(float) ** 2 + gy.astype(float) ** 2)


RIGHT["sobel_magnitude"] = [
    sm(lambda x, y: np.sqrt(x**2 + y**2)),
    sm(np.hypot),
    lambda image: np.hypot(cv2.Sobel(image, cv2.CV_64F, 1, 0), cv2.Sobel(image, cv2.CV_64F, 0, 1))[
        1:-1, 1:-1
    ],
    sm(lambda x, y: abs(x + 1j * y)),
]
WRONG["sobel_magnitude"] = [
    ("adds the absolute values", sm(lambda x, y: np.abs(x) + np.abs(y))),
    ("forgets the root", sm(lambda x, y: x**2 + y**2)),
    ("forgets to square", sm(lambda x, y: np.sqrt(x + y))),
    (None, sm(lambda x, y: np.sqrt(np.abs(x + y)))),
    ("cuts the result to 0 … 255", sm(lambda x, y: np.clip(np.sqrt(x**2 + y**2), 0, 255))),
    ("rounds the result", sm(lambda x, y: np.rint(np.sqrt(x**2 + y**2)))),
    (
        "cuts the result to 0 … 255",
        sm(lambda x, y: np.clip(np.rint(np.sqrt(x**2 + y**2)), 0, 255).astype(np.uint8)),
    ),
    ("makes uint8 of the result", sm(lambda x, y: np.sqrt(x**2 + y**2).astype(np.uint8))),
    ("looks in one direction: gx only", sm(lambda x, y: np.abs(x))),
    ("takes the larger one of gx and gy", sm(lambda x, y: np.maximum(np.abs(x), np.abs(y)))),
    ("adds gx and gy", sm(lambda x, y: x + y)),
    ("divides by 8", sm(lambda x, y: np.sqrt(x**2 + y**2) / 8)),
    (None, sm(lambda x, y: np.arctan2(y, x))),
    (
        "cuts gx and gy to 0 … 255",
        sm(lambda x, y: np.sqrt(np.clip(x, 0, 255) ** 2 + np.clip(y, 0, 255) ** 2)),
    ),
    ("takes gx for gy", sm(lambda x, y: np.sqrt(x**2 + x**2))),
    ("multiplies the result by 1/2", sm(lambda x, y: np.sqrt(x**2 + y**2) / 2)),
    (None, sm(lambda x, y: np.sqrt(x**2 - y**2))),
    (None, sm_uint8),
    (
        "keeps the size of the image",
        lambda image: np.hypot(
            cv2.Sobel(image, cv2.CV_64F, 1, 0), cv2.Sobel(image, cv2.CV_64F, 0, 1)
        ),
    ),
    (
        "cuts gx and gy to 0 … 255",
        lambda image: np.hypot(
            cv2.Sobel(image, -1, 1, 0).astype(float), cv2.Sobel(image, -1, 0, 1)
        )[1:-1, 1:-1],
    ),
    (
        "multiplies the result by 1/4",
        lambda image: np.hypot(corr(image, KX / 4), corr(image, KX.T / 4)),
    ),
    (
        "takes the weights 1, 1, 1 of Prewitt",
        lambda image: np.hypot(
            corr(image, np.array([[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]])),
            corr(image, np.array([[-1, -1, -1], [0, 0, 0], [1, 1, 1]])),
        ),
    ),
    (
        "adds something around the result",
        lambda image: np.hypot(corr(np.pad(image, 1), KX), corr(np.pad(image, 1), KX.T)),
    ),
    ("adds the result up", lambda image: np.hypot(corr(image, KX), corr(image, KX.T)).sum()),
    ("filters what is filtered already", lambda image: corr(corr(np.pad(image, 1), KX), KX.T)),
]


# 07 max_pool_stride
def mps(image, size, stride):
    v = np.lib.stride_tricks.sliding_window_view(image, (size, size))[::stride, ::stride]
    return v.max(axis=(2, 3))


def mps_loop(image, size, stride):
    H, W = image.shape
    h, w = (H - size) // stride + 1, (W - size) // stride + 1
    out = np.zeros((h, w), np.uint8)
    for i in range(h):
        for j in range(w):
            out[i, j] = image[i * stride : i * stride + size, j * stride : j * stride + size].max()
    return out


def mps_max(image, size, stride):
    h, w = [(n - size) // stride + 1 for n in image.shape]
    parts = [
        image[i : i + (h - 1) * stride + 1 : stride, j : j + (w - 1) * stride + 1 : stride]
        for i in range(size)
        for j in range(size)
    ]
    return np.maximum.reduce(parts)


RIGHT["max_pool_stride"] = [mps, mps_loop, mps_max]


def mps_g(shape, block, dtype=np.uint8, start=np.zeros, f=np.max):
    def answer(image, size, stride):
        h, w = shape(image.shape[0], size, stride), shape(image.shape[1], size, stride)
        out = start((h, w), dtype)
        for i in range(h):
            for j in range(w):
                out[i, j] = f(block(image, i, j, size, stride))
        return out

    return answer


ok = lambda n, s, t: (n - s) // t + 1
blk = lambda im, i, j, s, t: im[i * t : i * t + s, j * t : j * t + s]
WRONG["max_pool_stride"] = [
    (
        "takes the size for the stride",
        mps_g(
            lambda n, s, t: n // s, lambda im, i, j, s, t: im[i * s : i * s + s, j * s : j * s + s]
        ),
    ),
    ("forgets the + 1", mps_g(lambda n, s, t: (n - s) // t, blk)),
    ("forgets the size when it counts the blocks", mps_g(lambda n, s, t: n // t, blk)),
    ("leaves out rows or columns at the end", mps_g(lambda n, s, t: (n - s + 1) // t, blk)),
    ("lets blocks hang over the edge", mps_g(lambda n, s, t: -(-n // t), blk)),
    ("is wrong only where stride is 2 or more", mps_g(lambda n, s, t: -(-(n - s) // t) + 1, blk)),
    (
        None,
        mps_g(ok, lambda im, i, j, s, t: im[i : i + s, j : j + s]),
    ),
    (
        "takes the stride for the size",
        mps_g(ok, lambda im, i, j, s, t: im[i * t : (i + 1) * t, j * t : (j + 1) * t]),
    ),
    (None, mps_g(ok, lambda im, i, j, s, t: im[i * s : i * s + s, j * s : j * s + s])),
    ("makes float64 of the result", mps_g(ok, blk, dtype=float)),
    ("takes the smallest level", mps_g(ok, blk, f=np.min)),
    ("takes the mean", mps_g(ok, blk, f=np.mean)),
    (None, mps_g(ok, lambda im, i, j, s, t: im[j * t : j * t + s, i * t : i * t + s])),
    (None, mps_g(ok, lambda im, i, j, s, t: im[i * t : i * t + s + 1, j * t : j * t + s + 1])),
    (
        "looks at the first row of each block",
        mps_g(ok, lambda im, i, j, s, t: im[i * t : i * t + s, j * t : j * t + s][0]),
    ),
    (
        "moves on by one pixel",
        lambda image, size, stride: np.lib.stride_tricks.sliding_window_view(
            image, (size, size)
        ).max(axis=(2, 3)),
    ),
    (
        None,
        lambda image, size, stride: np.lib.stride_tricks.sliding_window_view(image, (size, size))[
            ::stride, ::stride
        ].max(axis=(0, 1)),
    ),
    (
        "stops one axis early",
        lambda image, size, stride: np.lib.stride_tricks.sliding_window_view(image, (size, size))[
            ::stride, ::stride
        ].max(axis=3),
    ),
    (
        "is wrong only where stride is 2 or more",
        lambda image, size, stride: np.lib.stride_tricks.sliding_window_view(image, (size, size))[
            :, ::stride
        ].max(axis=(2, 3)),
    ),
    (
        "lets blocks hang over the edge",
        lambda image, size, stride: np.array(
            [
                [image[i : i + size, j : j + size].max() for j in range(0, image.shape[1], stride)]
                for i in range(0, image.shape[0], stride)
            ]
        ),
    ),
    (
        "leaves out rows or columns at the end",
        lambda image, size, stride: np.array(
            [
                [
                    image[i : i + size, j : j + size].max()
                    for j in range(0, image.shape[1] - size, stride)
                ]
                for i in range(0, image.shape[0] - size, stride)
            ]
        ),
    ),
    (
        "returns a list",
        lambda image, size, stride: [
            [
                image[i : i + size, j : j + size].max()
                for j in range(0, image.shape[1] - size + 1, stride)
            ]
            for i in range(0, image.shape[0] - size + 1, stride)
        ],
    ),
]


# 08 log_evidence
def le_lse(log_joint, log_q):
    w = log_joint - log_q
    m = w.max()
    return m + np.log(np.mean(np.exp(w - m)))


RIGHT["log_evidence"] = [
    le_lse,
    lambda a, b: np.logaddexp.reduce(a - b) - np.log(len(a)),
    lambda a, b: float(np.logaddexp.reduce(np.subtract(a, b))) - math.log(a.size),
]
WRONG["log_evidence"] = [
    ("lets exp run out of range", lambda a, b: np.log(np.mean(np.exp(a - b)))),
    ("lets exp run out of range", lambda a, b: np.log(np.mean(np.exp(a) / np.exp(b)))),
    ("takes the mean of the logarithms", lambda a, b: np.mean(a - b)),
    ("adds up instead of taking the mean", lambda a, b: np.logaddexp.reduce(a - b)),
    ("divides by q the wrong way", lambda a, b: np.logaddexp.reduce(a + b) - np.log(len(a))),
    ("turns the fraction round", lambda a, b: np.logaddexp.reduce(b - a) - np.log(len(a))),
    ("divides the means", lambda a, b: np.logaddexp.reduce(a) - np.logaddexp.reduce(b)),
    ("forgets to divide by q", lambda a, b: np.logaddexp.reduce(a) - np.log(len(a))),
    ("keeps the largest only", lambda a, b: np.max(a - b)),
    ("divides the logarithms", lambda a, b: np.log(np.mean(a / b))),
    ("does not add the largest back", lambda a, b: np.log(np.mean(np.exp(a - b - (a - b).max())))),
    ("divides by K after the logarithm", lambda a, b: np.logaddexp.reduce(a - b) / len(a)),
    ("adds log K", lambda a, b: np.logaddexp.reduce(a - b) + np.log(len(a))),
    ("adds up and lets exp run out of range", lambda a, b: np.log(np.sum(np.exp(a - b)))),
    (None, lambda a, b: a - b),
    ("forgets the logarithm", lambda a, b: np.exp(a - b).mean()),
    (
        "takes the logarithm to the base 10",
        lambda a, b: np.log10(np.mean(np.exp(a - b - (a - b).max()))) + (a - b).max(),
    ),
    (None, lambda a, b: np.max(a - b) - np.log(len(a))),
    (None, lambda a, b: np.log(np.mean(np.exp(a - b)) + 1e-300)),
    (None, lambda a, b: np.mean(a) - np.log(np.mean(np.exp(b)))),
]


# Eight more, as far as their ideas are on no list -------------------------------------------------
# channel_histograms
def ch_wrong_last_level_missing(image):
    hist = np.zeros((3, 256), dtype=int)
    for c in range(3):
        for k in range(255):
            hist[c, k] = np.sum(image[:, :, c] == k)
    return hist


def ch_wrong_uint8_counters(image):
    hist = np.zeros((3, 256), dtype=np.uint8)
    for c in range(3):
        hist[c] = np.bincount(image[..., c].ravel(), minlength=256)
    return hist


WRONG["channel_histograms"] = [
    ("is wrong only at index 255 of axis 1", ch_wrong_last_level_missing),
    ("makes uint8 of the result", ch_wrong_uint8_counters),
]


# equalization_map
def em_wrong_rounded_scale(image):
    cumulative = np.bincount(image.ravel(), minlength=256).cumsum()
    scale = 255 / image.size
    return np.floor(scale * cumulative).astype(np.uint8)


def em_wrong_crude_epsilon(image):
    fractions = np.bincount(image.ravel(), minlength=256) / image.size
    return np.floor(np.minimum(255 * np.cumsum(fractions) + 0.01, 255)).astype(np.uint8)


def em_wrong_only_levels_in_use(image):
    T = np.zeros(256, np.uint8)
    for k in np.unique(image):
        T[k] = 255 * int((image <= k).sum()) // image.size
    return T


def em_wrong_type(image):
    counts = np.bincount(image.ravel(), minlength=256)
    return 255 * counts.cumsum() // image.size


def em_wrong_only_last_mended(image):
    fractions = np.bincount(image.ravel(), minlength=256) / image.size
    total = np.cumsum(fractions)
    total[255] = 1
    return np.floor(255 * total).astype(np.uint8)


WRONG["equalization_map"] = [
    ("is off by one in some places", em_wrong_rounded_scale),
    (None, em_wrong_crude_epsilon),
    ("leaves 0 in some places", em_wrong_only_levels_in_use),
    ("makes int64 of the result", em_wrong_type),
    ("is off by one in some places", em_wrong_only_last_mended),
]


# add_poisson_noise
def pn_wrong_photons_uint8(image, gain, rng):
    rng = np.random.default_rng(rng)
    photons = rng.poisson(image.astype(float) / gain).astype(np.uint8)
    return np.clip(np.rint(float(gain) * photons), 0, 255).astype(np.uint8)


WRONG["add_poisson_noise"] = [(None, pn_wrong_photons_uint8)]


# gaussian_kernel
def gk_wrong_negative_index(size, sigma):
    k = size // 2
    w = np.zeros((size, size))
    for i in range(-k, k + 1):
        for j in range(-k, k + 1):
            w[i, j] = np.exp(-(i**2 + j**2) / (2 * sigma**2))
    return w / w.sum()


def gk_wrong_sum_per_column(size, sigma):
    x = np.arange(size) - size // 2
    w = np.exp(-(x[:, None] ** 2 + x**2) / (2 * sigma**2))
    return w / w.sum(axis=0)


def gk_wrong_grid_minus_one_to_one(size, sigma):
    x = np.linspace(-1, 1, size) if size > 1 else np.zeros(1)
    i, j = np.meshgrid(x, x)
    w = np.exp(-(i**2 + j**2) / (2 * sigma**2))
    return w / w.sum()


WRONG["gaussian_kernel"] = [
    ("moves the result round", gk_wrong_negative_index),
    ("is off by a factor in each column", gk_wrong_sum_per_column),
    ("is wrong only where size is more than 3", gk_wrong_grid_minus_one_to_one),
]


# corrupt
def co_wrong_own_noise(image, kind, n):
    n = np.random.default_rng().standard_normal(image.shape)
    noisy = image + 42 * n if kind == "Gaussian" else image * (1 + 0.42 * n)
    return np.clip(np.rint(noisy), 0, 255).astype(np.uint8)


def co_wrong_float_result(image, kind, n):
    noisy = image + 42 * n if kind == "Gaussian" else image * (1 + 0.42 * n)
    return np.clip(np.rint(noisy), 0, 255)


def co_wrong_noise_cut_first(image, kind, n):
    x = image.astype(int)
    if kind == "Gaussian":
        noise = (42 * n).astype(int)
    else:
        noise = (0.42 * n * x).astype(int)
    return np.clip(x + noise, 0, 255).astype(np.uint8)


WRONG["corrupt"] = [
    ("returns the same whatever n holds", co_wrong_own_noise),
    ("makes float64 of the result", co_wrong_float_result),
    ("is off by one in some places", co_wrong_noise_cut_first),
]


# pad_reflect
def pr_wrong_floats(image, amount):
    h, w = image.shape
    result = np.zeros((h + 2 * amount, w + 2 * amount))
    for y in range(h + 2 * amount):
        for x in range(w + 2 * amount):
            i, j = abs(y - amount), abs(x - amount)
            if i > h - 1:
                i = 2 * (h - 1) - i
            if j > w - 1:
                j = 2 * (w - 1) - j
            result[y, x] = image[i, j]
    return result


def pr_wrong_far_end_off_by_one(image, amount):
    def mirror(length):
        index = []
        for i in range(-amount, length + amount):
            if i < 0:
                i = -i
            elif i >= length:
                i = 2 * length - 1 - i
            index.append(i)
        return np.array(index)

    return image[mirror(image.shape[0])][:, mirror(image.shape[1])]


def pr_wrong_amount_zero(image, amount):
    left = image[:, 1 : amount + 1][:, ::-1]
    right = image[:, :-1][:, -amount:][:, ::-1]
    wide = np.concatenate((left, image, right), axis=1)
    top = wide[1 : amount + 1][::-1]
    bottom = wide[:-1][-amount:][::-1]
    return np.concatenate((top, wide, bottom), axis=0)


def pr_wrong_square_only(image, amount):
    n = image.shape[0]
    index = np.abs(np.arange(-amount, n + amount))
    index = np.where(index >= n, 2 * n - 2 - index, index)
    return image[index][:, index]


def pr_wrong_one_pixel_at_a_time(image, amount):
    result = image.copy()
    for _ in range(amount):
        result = np.hstack([result[:, 1:2], result, result[:, -2:-1]])
        result = np.vstack([result[1:2], result, result[-2:-1]])
    return result


def pr_wrong_corner_pixel(image, amount):
    h, w = image.shape
    a = amount
    top, bottom = image[1 : a + 1][::-1], image[::-1][1 : a + 1]
    left, right = image[:, 1 : a + 1][:, ::-1], image[:, ::-1][:, 1 : a + 1]

    def corner(level):
        return np.full((a, a), level, np.uint8)

    return np.block(
        [
            [corner(image[0, 0]), top, corner(image[0, -1])],
            [left, image, right],
            [corner(image[-1, 0]), bottom, corner(image[-1, -1])],
        ]
    )


WRONG["pad_reflect"] = [
    ("makes float64 of the result", pr_wrong_floats),
    ("is wrong only at the bottom and at the right (amount wide)", pr_wrong_far_end_off_by_one),
    ("is wrong only where amount is 0", pr_wrong_amount_zero),
    ("is wrong only where image is not square", pr_wrong_square_only),
    ("is wrong only at the border (amount wide)", pr_wrong_one_pixel_at_a_time),
    ("is wrong only in the corners (amount wide)", pr_wrong_corner_pixel),
]


# mean_pool
def mp_wrong_last_block_lost(image, size):
    H, W = image.shape
    rows = [
        [image[y : y + size, x : x + size].mean() for x in range(0, W - size, size)]
        for y in range(0, H - size, size)
    ]
    return np.array(rows, dtype=float)


def mp_wrong_square_only(image, size):
    n = min(image.shape) // size
    pooled = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            block = image[i * size : (i + 1) * size, j * size : (j + 1) * size]
            pooled[i, j] = block.sum() / size**2
    return pooled


WRONG["mean_pool"] = [
    ("leaves out rows or columns at the end", mp_wrong_last_block_lost),
    ("is wrong only where image is not square", mp_wrong_square_only),
]


# reparametrize
def rp_wrong_log_s(mean, log_variance, noise):
    s = 0.5 * log_variance
    return mean + s * noise


def rp_wrong_base_ten(mean, log_variance, noise):
    variance = 10.0**log_variance
    return mean + np.sqrt(variance) * noise


def rp_wrong_own_draw(mean, log_variance, noise):
    epsilon = np.random.default_rng(2022).standard_normal(mean.shape)
    return mean + np.exp(log_variance / 2) * epsilon


def rp_wrong_one_noise_per_row(mean, log_variance, noise):
    z = np.zeros(mean.shape)
    for i in range(len(mean)):
        z[i] = mean[i] + np.exp(log_variance[i] / 2) * noise[i, 0]
    return z


WRONG["reparametrize"] = [
    (None, rp_wrong_log_s),
    ("takes powers of 10, not of e, with log_variance", rp_wrong_base_ten),
    ("returns the same whatever noise holds", rp_wrong_own_draw),
    ("looks only at the first column of noise", rp_wrong_one_noise_per_row),
]


# undo_blur: both are right wherever a photograph is neither nearly black nor nearly white
def mirrored_blur(image):
    return cv2.GaussianBlur(image.astype(float), (3, 3), 0, borderType=cv2.BORDER_REFLECT_101)


def ub_wrong_not_clipped(blurred):
    guess = blurred.astype(float)
    for _ in range(8):
        guess = guess + (blurred - mirrored_blur(guess))
    return np.rint(guess).astype(np.int64).astype(np.uint8)


def ub_wrong_all_in_uint8(blurred):
    guess = blurred.copy()
    for _ in range(5):
        guess = guess + (blurred - np.rint(mirrored_blur(guess)).astype(np.uint8))
    return guess


WRONG["undo_blur"] = [
    (None, ub_wrong_not_clipped),
    (None, ub_wrong_all_in_uint8),
]


# Each of these was once let through, refused, or given a name that was not its own --------------


def add(name, idea, answer):
    WRONG.setdefault(name, []).append((idea, answer))


def top_by_prominence(image):
    smooth = np.convolve(np.bincount(image.ravel(), minlength=256), np.ones(15) / 15)
    smooth = np.convolve(smooth, np.ones(15) / 15)
    tops, about = find_peaks(np.concatenate([[0], smooth, [0]]), prominence=0)
    low, high = np.sort(tops[np.argsort(about["prominences"])[-2:]]) - 1
    between = smooth[low : high + 1]
    lowest = np.flatnonzero(np.isclose(between, between.min()))
    return int(low + lowest[len(lowest) // 2] - 14)


RIGHT.setdefault("valley", []).append(top_by_prominence)


def nearly_identical(image, reference, data_range):
    error = np.mean((image.astype(float) - reference) ** 2)
    return math.inf if error < 1e-10 else 10 * math.log10(data_range**2 / error)


def mean_by_uint16(image, size):
    height, width = (side // size for side in image.shape)
    whole = image[: height * size, : width * size].astype(np.uint16)
    blocks = whole.reshape(height, size, width, size)
    return blocks.sum(axis=(1, 3), dtype=np.uint16) / size**2


def any_black_or_white(image, size):
    height, width = (side // size for side in image.shape)
    blocks = image[: height * size, : width * size].reshape(height, size, width, size)
    is_hit = (image == 0).any() or (image == 255).any()
    return (np.median if is_hit else np.mean)(blocks, axis=(1, 3))


def sums_of_255ths(image):
    counts = np.bincount(image.ravel(), minlength=256)
    return np.floor(np.cumsum(255 * (counts / image.size))).astype(np.uint8)


def largest_joint_only(log_joint, log_q):
    top = log_joint.max()
    return top + np.log(np.mean(np.exp(log_joint - top) / np.exp(log_q)))


def uniform_factor(image, sigma, rng):
    rng = np.random.default_rng(rng)
    return np.clip(np.rint(image * (1 + sigma * rng.random(image.shape))), 0, 255).astype(np.uint8)


def nearest_in_whole_numbers(image, template):
    counts = (np.bincount(im.ravel(), minlength=256).cumsum() for im in (image, template))
    needed, reached = (c * n for c, n in zip(counts, (template.size, image.size)))
    return np.abs(reached - needed[:, None]).argmin(axis=1).astype(np.uint8)[image]


def sign_of_the_bias(weight, bias, x):
    h = 1 / (1 + np.exp(-weight @ x + bias))
    return np.sum(((h * (1 - h))[:, None] * weight) ** 2)


def one_place_without_padding(size, kernel, stride, padding):
    return 1 if kernel >= size else (size + 2 * padding - kernel) // stride + 1


def stride_of_the_size_at_most(image, size, stride):
    stride = min(size, stride)
    windows = np.lib.stride_tricks.sliding_window_view(image, (size, size))
    return windows[::stride, ::stride].max(axis=(2, 3))


WRAPS_RIGHT = np.array([[10]], np.uint8), np.array([[-266]])
ROWS_MEET = np.array([[0, 0, 1], [1, 1, 1], [255] * 3], np.uint8)
add("psnr", None, nearly_identical)
add("output_size", None, one_place_without_padding)
add("max_pool_stride", "is wrong only where stride is larger than size", stride_of_the_size_at_most)
add("mean_pool", None, mean_by_uint16)
add("pool_noisy", None, any_black_or_white)
add("equalization_map", "is off by one in some places", sums_of_255ths)
add("log_evidence", None, largest_joint_only)
add("add_speckle_noise", None, uniform_factor)
add("match_histogram", "takes the nearest fraction", nearest_in_whole_numbers)
add("jacobian_penalty", "changes the signs of weight or bias or x", sign_of_the_bias)
add(
    "exposure",
    "uses other words, or spells them differently",
    lambda image: "Dark" if image.mean() < 80 else "Bright",
)
add("find_turn_fault", "makes an image of int64", lambda: (np.eye(3, dtype=int), np.eye(2)[:1]))
add("find_kl_fault", None, lambda: (0.0, 2.0))
add("find_wrapped_pixel", "wraps around to the level that clipping gives", lambda: WRAPS_RIGHT)
add("find_median_fault", "lets both medians agree", lambda: ROWS_MEET)
add(
    "find_lost_level",
    "takes counts whose fractions come out well",
    lambda: np.arange(12, dtype=np.uint8).reshape(3, 4) % 7,
)


def crops_by_a_negative_rest(image, size):
    height, width = image.shape
    image = image[: -(height % size), : -(width % size)]
    rows, columns = (side // size for side in image.shape)
    return image.reshape(rows, size, columns, size).min(axis=(1, 3))


def one_move_only(down, right):
    kernel = np.zeros((3, 3))
    kernel[1 + down, 1 if down else 1 + right] = 1
    return kernel


def rounding_both_steps(image, column, row):
    step = np.rint([np.convolve(line, column, "valid") for line in image.T.astype(float)]).T
    return np.rint([np.convolve(line, row, "valid") for line in step])


def floor_map_stretched(image):
    counts = np.bincount(image.ravel(), minlength=256).cumsum()
    levels = (255 * counts // image.size)[image]
    low, high = levels.min(), levels.max()
    return (
        image.copy()
        if low == high
        else np.rint(255 * (levels - low) / (high - low)).astype(np.uint8)
    )


def offsets_of_eight_bits(size, sigma):
    offsets = np.arange(-(size // 2), size // 2 + 1, dtype=np.int8)
    bell = np.exp(-(offsets**2) / (2 * sigma**2))
    return np.outer(bell, bell) / bell.sum() ** 2


def a_comb_is_poisson(noisy, original):
    noise = noisy.astype(float) - original
    if np.isin(noisy[noise != 0], (0, 255)).all():
        return "salt-and-pepper"
    if len(np.unique(noisy)) < 128:
        return "Poisson"
    dark, bright = (original < 60), (original > 140) & (original < 200)
    return "Gaussian" if noise[bright].std() < 1.7 * noise[dark].std() else "speckle"


def pepper_counts_below_0(level, amount, salt_fraction):
    return (1 - amount) * level + amount * 255 * (2 * salt_fraction - 1)


def shifted_above_0(image, size, padding):
    low = image.min() - 1
    padded = np.pad(image - low, padding)
    rows, columns = (side // size for side in padded.shape)
    blocks = padded[: rows * size, : columns * size].reshape(rows, size, columns, size)
    return blocks.max(axis=(1, 3)) + low


add("min_pool", "returns an empty array where it is wrong", crops_by_a_negative_rest)
add("shift_kernel", "is wrong only where neither down nor right is 0", one_move_only)
add("separable_convolve", None, rounding_both_steps)
add("equalize_full_range", None, floor_map_stretched)
add("gaussian_kernel", None, offsets_of_eight_bits)
add("name_noise", 'says "speckle" for some that are "Poisson"', a_comb_is_poisson)
add(
    "salt_and_pepper_mean",
    "is wrong only where salt_fraction is less than 1",
    pepper_counts_below_0,
)
add("pad_and_max_pool", "is nearly right, within a hundredth on all inputs tried", shifted_above_0)
add(
    "unit_scale",
    "is off by one factor in all of the result",
    lambda image: image / 255 if isinstance(image, np.uint8) else image.astype(float),
)
add(
    "denoising_loss",
    "divides by the number of rows, not of pixels",
    lambda clean, noisy, restored: np.sum((restored / 255 - clean / 255) ** 2) / len(clean),
)
add("box_kernel", "divides whole numbers", lambda size: np.full((size, size), 1 // size**2, float))
add("do_no_harm", "hardly changes the image", lambda noisy, sigma: cv2.fastNlMeansDenoising(noisy))
