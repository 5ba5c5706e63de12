"""Answers as students gave them who had not seen the lists of known mistakes: right and wrong ones.

Each wrong one stands with the idea that its card may name; with None, no idea of the list is its
own, and to name one would be untrue. What is right here must be accepted, however it is written.
"""

import math
import statistics
from collections import Counter

import cv2
import numpy as np

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
    (None, starts_at_one),
    (None, first_row),
    (None, square),
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
    (None, lambda image, levels: [int((image == k).sum()) for k in range(levels)]),
    (None, lambda image, levels: np.bincount(image[:4, :4].ravel(), minlength=levels)),
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
    (None, lambda image, share: int(np.quantile(image, share))),
    ("interpolates between levels", lambda image, share: np.percentile(image, 100 * share)),
    (None, lambda image, share: int(round(np.quantile(image, share)))),
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
        None,
        lambda image, share: np.sort(image.ravel())[min(int(share * image.size), image.size - 1)],
    ),
    ("takes a share of 255", lambda image, share: int(share * 255)),
    ("takes a share of the largest level", lambda image, share: int(share * image.max())),
    (None, lambda image, share: np.unique(image)[0]),
    (None, lambda image, share: int(np.median(image))),
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
    (None, lambda image: np.ceil(255 * shares(image)).astype(np.uint8)[image]),
    ("multiplies by 256", lambda image: (256 * shares(image)).astype(np.uint8)[image]),
    ("returns floats", lambda image: np.floor(255 * shares(image))[image]),
    ("returns the map", lambda image: np.floor(255 * shares(image)).astype(np.uint8)),
    (None, lambda image: cv2.normalize(image, None, 0, 255, cv2.NORM_MINMAX)),
    (None, lambda image: shares(image)[image]),
    (
        "takes the brightest level for 255",
        lambda image: (shares(image) * image.max()).astype(np.uint8)[image],
    ),
    (None, lambda image: (255 * shares(image[:4, :4])).astype(np.uint8)[image]),
    (None, lambda image: image),
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
        None,
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
        None,
        lambda image, template: np.searchsorted(shares(template), shares(image)).astype(np.uint8)[
            template
        ],
    ),
    (None, lambda image, template: np.searchsorted(shares(template), shares(image))[image]),
    (None, lambda image, template: template),
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
        None,
        lambda image, sigma, rng: levels_of(
            image.mean() + np.random.default_rng(rng).normal(0, sigma, image.shape)
        ),
    ),
    (
        None,
        lambda image, sigma, rng: levels_of(
            image + np.random.default_rng(rng or 42).normal(0, sigma, image.shape)
        ),
    ),
    (
        None,
        lambda image, sigma, rng: np.clip(
            np.rint(image + np.random.default_rng(rng).normal(0, sigma, image.shape)), 0, 255
        ),
    ),
    (
        None,
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
        "does not clip",
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
    (None, lambda b, v: np.polyfit(b, v, 1)[0]),
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
    (None, median_with("wrap")),
    ("always takes a window of 3 × 3", median_with("edge", 3)),
    (None, median_with("edge", function=np.mean)),
    (None, median_with("edge", function=np.max)),
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
    (None, lambda kernel: (kernel.sum(), kernel.var())),
    (
        "takes the standard deviation of the noise",
        lambda kernel: (kernel.sum(), (kernel**2).sum() ** 0.5),
    ),
    (None, lambda kernel: (int(kernel.sum()), (kernel**2).sum())),
    ("returns the numbers in the other order", lambda kernel: ((kernel**2).sum(), kernel.sum())),
    ("drops the signs", lambda kernel: (np.abs(kernel).sum(), (kernel**2).sum())),
    (None, lambda kernel: (kernel.sum(), 1 / kernel.size)),
    (None, lambda kernel: (1.0, (kernel**2).sum())),
    (
        None,
        lambda kernel: (kernel.astype(np.float16).sum(), (kernel.astype(np.float16) ** 2).sum()),
    ),
    (None, lambda kernel: kernel.sum()),
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
    (None, lambda n_in, n_out, rng: draw(n_out, n_in, rng)),
    (None, lambda n_in, n_out, rng: draw(n_in, n_out, rng or 42)),
    (None, lambda n_in, n_out, rng: np.tile(draw(n_in, 1, rng), (n_out, 1))),
    (None, lambda n_in, n_out, rng: np.clip(draw(n_in, n_out, rng), -0.1, 0.1)),
    (
        "takes the variance for the standard deviation",
        lambda n_in, n_out, rng: np.random.default_rng(rng).normal(0, 2 / n_in, (n_out, n_in)),
    ),
    (
        None,
        lambda n_in, n_out, rng: np.random.default_rng(rng).uniform(
            -np.sqrt(6 / n_in), np.sqrt(6 / n_in), (n_out, n_in)
        ),
    ),
    (None, lambda n_in, n_out, rng: np.abs(draw(n_in, n_out, rng))),
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
        None,
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
        None,
        lambda t, c, n: (
            np.abs(c / 255 - n / 255).mean(),
            np.abs(c / 255 - t.mean(0) / 255).mean(),
        ),
    ),
    (
        None,
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
    (None, negative_places),
    ("does not turn the kernel", lambda image, kernel: correlated(image, np.flip(np.flip(kernel)))),
    ("reverses the rows only", lambda image, kernel: correlated(image, kernel[::-1])),
    ("reverses the columns only", lambda image, kernel: correlated(image, kernel[:, ::-1])),
    ("transposes the kernel", lambda image, kernel: correlated(image, kernel.T)),
    ("turns by 90 degrees", lambda image, kernel: correlated(image, np.rot90(kernel))),
    (None, lambda image, kernel: convolved(image, kernel).astype(np.float32)),
    (None, lambda image, kernel: np.rint(convolved(image, kernel))),
    (None, lambda image, kernel: convolved(image, kernel.astype(int))),
    (None, lambda image, kernel: np.clip(convolved(image, kernel), 0, 255)),
    (None, lambda image, kernel: convolved(np.pad(image, len(kernel) // 2), kernel)),
    (None, lambda image, kernel: convolved(image, kernel.astype(np.float16))),
]

RIGHT["normalize_kernel"] = [
    lambda kernel: kernel / kernel.sum() if kernel.sum() else kernel.astype(float),
    lambda kernel: np.array(kernel, dtype=np.float64) / (np.sum(kernel) or 1),
    lambda kernel: np.divide(kernel, 1 if kernel.sum() == 0 else kernel.sum()),
]
WRONG["normalize_kernel"] = [
    ("divides by a sum of 0", lambda kernel: kernel / kernel.sum()),
    (None, lambda kernel: kernel / np.abs(kernel).sum()),
    (
        "returns whole numbers for a sum of 0",
        lambda kernel: kernel / kernel.sum() if kernel.sum() else kernel,
    ),
    (
        "leaves negative sums alone",
        lambda kernel: kernel / kernel.sum() if kernel.sum() > 0 else kernel.astype(float),
    ),
    ("divides by the absolute value of the sum", lambda kernel: kernel / abs(kernel.sum() or 1)),
    (None, lambda kernel: kernel // kernel.sum() if kernel.sum() else kernel.astype(float)),
    ("divides by the number of weights", lambda kernel: kernel / kernel.size),
    (
        "divides by the largest weight",
        lambda kernel: kernel / kernel.max() if kernel.max() else kernel.astype(float),
    ),
    (None, lambda kernel: kernel / (kernel.sum() + 1e-3)),
    (
        None,
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
    (None, lambda image, size: blocks(image, size).min(axis=(1, 3))),
    ("summarizes over the wrong axes", lambda image, size: blocks(image, size).max(axis=(0, 2))),
    ("returns floats", lambda image, size: blocks(image, size).max(axis=(1, 3)).astype(float)),
    (None, lambda image, size: image if size == 1 else blocks(image, size).max(axis=(1, 3))),
    (None, lambda image, size: blocks(image, size).mean(axis=(1, 3)).astype(np.uint8)),
    (
        None,
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
    (None, lambda image, size: blocks(image, 2).max(axis=(1, 3))),
    (
        None,
        lambda image, size: image[
            : len(image) // size * size : size, : image.shape[1] // size * size : size
        ].copy(),
    ),
    (None, lambda image, size: blocks(image, size).max(axis=(1, 3)).T.copy()),
    (None, lambda image, size: blocks(image[:4, :4], size).max(axis=(1, 3))),
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
    ("pads with zeros", pooled_with(0)),
    ("pads with -1", pooled_with(-1)),
    ("pads with -255", pooled_with(-255)),
    (None, pooled_with(-1e9)),
    (None, pooled_with(-1e12)),
    (
        "mirrors the image in the border",
        lambda image, size, padding: blocks(np.pad(image, padding, mode="reflect"), size).max(
            (1, 3)
        ),
    ),
    ("does not pad", lambda image, size, padding: blocks(image, size).max((1, 3))),
    (
        None,
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
        None,
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
    (None, lambda m, v: 0.5 * (m**2 + np.exp(v / 2) - 1 - v / 2).sum(axis=1)),
    (None, lambda m, v: 0.5 * (m**2 + np.exp(v) - 1 - v).sum(axis=1) / np.log(2)),
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
    (None, lambda logits, u, t: (logits + gumbel(u)) / t),
    (None, lambda logits, u, t: softmax((np.log(logits.clip(1e-9)) + gumbel(u)) / t)),
    (None, lambda logits, u, t: softmax((logits + gumbel(u.clip(0.01, 0.99))) / t)),
]
