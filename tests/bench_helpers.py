"""What `make bench` compares: each helper, the loop it replaces, and other libraries.

All of one row do the same to the same images, up to roundings and chance; test_bench.py tries it.
"""

from functools import partial

import cv2
import numpy as np
import torch
from scipy import ndimage, signal
from skimage import exposure, filters, measure, metrics, util
from torch.nn import functional

from course_utils import convolution, equalization, filtering, histograms, noise, pooling
from course_utils.images import load_image
from course_utils.metrics import mse, psnr, ssim

OWN, LOOP = "course_utils", "a loop"
RNG = np.random.default_rng(2022)
KERNEL, LARGE_KERNEL = (RNG.random((n, n), np.float32) / n**2 for n in (3, 15))
TURNED, LARGE_TURNED = KERNEL[::-1, ::-1].copy(), LARGE_KERNEL[::-1, ::-1].copy()


def arguments(side):
    """What the codes are called with, by the name of their group in ROWS."""
    gray = cv2.resize(load_image("camera"), (side, side))
    gray[0, :2] = 0, 255  # so that every histogram has 256 bins
    rgb = cv2.resize(load_image("astronaut"), (side, side))
    noisy = noise.add_gaussian_noise(gray, 20, rng=2022)
    return {"gray": [gray], "floats": [gray.astype(np.float32)], "rgb": [rgb], "two": [noisy, gray]}


# The lecture's way: visit one place after the other ---------------------------------------------


def count(image):
    counts = np.zeros(256, int)
    for level in image.flat:
        counts[level] += 1
    return counts


def each_pixel(image, function):
    return np.array([function(value) for value in image.flat]).reshape(image.shape)


def each_window(image, size, function, step=1):
    rows, columns = ((side - size) // step + 1 for side in image.shape)
    result = np.zeros((rows, columns))
    for y, x in np.ndindex(rows, columns):
        result[y, x] = function(image[y * step : y * step + size, x * step : x * step + size])
    return result


def look_up(image):
    table = 255 * count(image).cumsum() // image.size
    return each_pixel(image, lambda level: table[level])


def squared_error(noisy, gray):
    return sum((int(a) - int(b)) ** 2 for a, b in zip(noisy.flat, gray.flat)) / gray.size


# Other libraries, where one call is not enough --------------------------------------------------


def opencv_histogram(image, channel=0):
    return cv2.calcHist([image], [channel], None, [256], [0, 256])


def opencv_equalize_luminance(rgb):
    luma, *chroma = cv2.split(cv2.cvtColor(rgb, cv2.COLOR_RGB2YCrCb))
    return cv2.cvtColor(cv2.merge([cv2.equalizeHist(luma), *chroma]), cv2.COLOR_YCrCb2RGB)


def opencv_gaussian_noise(image):
    return cv2.add(image, cv2.randn(np.empty(image.shape, np.int16), 0, 20), dtype=cv2.CV_8U)


def tensor(image):
    """The image as PyTorch wants it: channels first, in a batch of one, float32."""
    image = torch.from_numpy(image).float()
    return (image[None] if image.ndim == 2 else image.permute(2, 0, 1))[None]


def torch_convolve(image):
    image, weights = tensor(image), torch.from_numpy(TURNED)[None, None]
    channels = image.shape[1]
    return functional.conv2d(image, weights.expand(channels, 1, -1, -1), groups=channels)


def medians(n):
    return {
        OWN: partial(filtering.median_filter, size=n),
        LOOP: lambda i: each_window(np.pad(i, n // 2, "edge"), n, np.median),
        "scipy.ndimage.median_filter": partial(ndimage.median_filter, size=n, mode="nearest"),
        "skimage.filters.rank.median": lambda i: filters.rank.median(i, np.ones((n, n))),
        "cv2.medianBlur": lambda i: cv2.medianBlur(i, n),
    }


# Arguments: helper: code: how it is called.
ROWS = {
    "gray": {
        "histogram": {
            OWN: histograms.histogram,
            LOOP: count,
            "np.histogram": lambda i: np.histogram(i, 256, (0, 256))[0],
            "skimage.exposure.histogram": lambda i: exposure.histogram(i, source_range="dtype")[0],
            "cv2.calcHist": opencv_histogram,
        },
        "normalized_histogram": {OWN: histograms.normalized_histogram},
        "cumulative_distribution": {OWN: histograms.cumulative_distribution},
        "equalization_map": {OWN: equalization.equalization_map},
        "equalize": {
            OWN: equalization.equalize,
            LOOP: look_up,
            "skimage.exposure.equalize_hist": exposure.equalize_hist,
            "cv2.equalizeHist": cv2.equalizeHist,
        },
        "equalize_full_range": {
            OWN: equalization.equalize_full_range,
            "cv2.equalizeHist": cv2.equalizeHist,
        },
        "compress_contrast": {OWN: equalization.compress_contrast},
        "add_gaussian_noise": {
            OWN: partial(noise.add_gaussian_noise, sigma=20),
            LOOP: lambda i: each_pixel(i, lambda v: np.clip(v + RNG.normal(0, 20), 0, 255)),
            "skimage.util.random_noise": partial(util.random_noise, mode="gaussian"),
            "cv2.randn": opencv_gaussian_noise,
        },
        "add_salt_and_pepper_noise": {
            OWN: partial(noise.add_salt_and_pepper_noise, amount=0.07),
            "skimage.util.random_noise": partial(util.random_noise, mode="s&p", amount=0.07),
        },
        "add_speckle_noise": {
            OWN: partial(noise.add_speckle_noise, sigma=0.1),
            "skimage.util.random_noise": partial(util.random_noise, mode="speckle"),
        },
        "add_poisson_noise": {  # as many photons as scikit-image's: few are drawn otherwise
            OWN: partial(noise.add_poisson_noise, gain=255 / 256),
            "skimage.util.random_noise": partial(util.random_noise, mode="poisson"),
        },
        "filter_image 3 x 3": {
            OWN: partial(filtering.filter_image, kernel=KERNEL),
            "scipy.ndimage.correlate": lambda i: ndimage.correlate(i, KERNEL, mode="mirror"),
            "cv2.filter2D": lambda i: cv2.filter2D(i, -1, KERNEL),
        },
        "median_filter 3 x 3": medians(3),
        "median_filter 5 x 5": medians(5),
        "median_filter 15 x 15": medians(15),
        "min_pool 4 x 4": {OWN: partial(pooling.min_pool, size=4)},
        "max_pool 4 x 4": {
            OWN: partial(pooling.max_pool, size=4),
            LOOP: lambda i: each_window(i, 4, np.max, step=4),
            "skimage.measure.block_reduce": lambda i: measure.block_reduce(i, (4, 4), np.max),
            "torch max_pool2d": lambda i: functional.max_pool2d(tensor(i), 4),
        },
        "mean_pool 4 x 4": {
            OWN: partial(pooling.mean_pool, size=4),
            LOOP: lambda i: each_window(i, 4, np.mean, step=4),
            "skimage.measure.block_reduce": lambda i: measure.block_reduce(i, (4, 4), np.mean),
            "cv2.resize": lambda i: cv2.resize(
                i, None, fx=1 / 4, fy=1 / 4, interpolation=cv2.INTER_AREA
            ),
            "torch avg_pool2d": lambda i: functional.avg_pool2d(tensor(i), 4),
        },
    },
    "floats": {
        "to_uint8": {
            OWN: convolution.to_uint8,
            LOOP: lambda i: each_pixel(i, lambda value: min(max(round(value), 0), 255)),
            "cv2.add": lambda i: cv2.add(i, 0, dtype=cv2.CV_8U),
        },
        "correlate2d 3 x 3": {OWN: partial(convolution.correlate2d, kernel=KERNEL)},
        "convolve2d 3 x 3": {
            OWN: partial(convolution.convolve2d, kernel=KERNEL),
            LOOP: lambda i: each_window(i, 3, lambda window: np.sum(window * TURNED)),
            "scipy.ndimage.convolve": lambda i: ndimage.convolve(i, KERNEL)[1:-1, 1:-1],
            "scipy.signal.convolve2d": lambda i: signal.convolve2d(i, KERNEL, "valid"),
            "cv2.filter2D": lambda i: cv2.filter2D(i, -1, TURNED)[1:-1, 1:-1],
            "torch conv2d": torch_convolve,
        },
        "convolve2d 15 x 15": {
            OWN: partial(convolution.convolve2d, kernel=LARGE_KERNEL),
            "scipy.ndimage.convolve": lambda i: ndimage.convolve(i, LARGE_KERNEL)[7:-7, 7:-7],
            "scipy.signal.fftconvolve": lambda i: signal.fftconvolve(i, LARGE_KERNEL, "valid"),
            "cv2.filter2D": lambda i: cv2.filter2D(i, -1, LARGE_TURNED)[7:-7, 7:-7],
        },
    },
    "rgb": {
        "channel_histograms": {
            OWN: histograms.channel_histograms,
            "cv2.calcHist": lambda i: [opencv_histogram(i, channel) for channel in range(3)],
        },
        "equalize_channels": {
            OWN: equalization.equalize_channels,
            "cv2.equalizeHist": lambda i: cv2.merge([cv2.equalizeHist(c) for c in cv2.split(i)]),
        },
        "equalize_luminance": {
            OWN: equalization.equalize_luminance,
            "cv2.equalizeHist": opencv_equalize_luminance,
        },
        "convolve_channels 3 x 3": {
            OWN: partial(convolution.convolve_channels, kernels=[KERNEL] * 3),
            "cv2.filter2D": lambda i: cv2.filter2D(i, cv2.CV_32F, TURNED)[1:-1, 1:-1],
            "torch conv2d": torch_convolve,
        },
    },
    "two": {
        "mse": {
            OWN: mse,
            LOOP: squared_error,
            "skimage.metrics.mean_squared_error": metrics.mean_squared_error,
            "cv2.norm": lambda i, j: cv2.norm(i, j, cv2.NORM_L2SQR) / i.size,
        },
        "psnr": {
            OWN: psnr,
            "skimage.metrics.peak_signal_noise_ratio": metrics.peak_signal_noise_ratio,
            "cv2.PSNR": cv2.PSNR,
        },
        "ssim": {OWN: ssim},  # calls scikit-image
    },
}

# At 1024 x 1024, a peer should take at least so many times as long as the helper.
AT_LEAST = {
    ("histogram", "np.histogram"): 3,
    ("histogram", "cv2.calcHist"): 1 / 5,
    ("equalize", "skimage.exposure.equalize_hist"): 5,
    ("equalize", "cv2.equalizeHist"): 1 / 5,
    ("add_gaussian_noise", "skimage.util.random_noise"): 1.3,
    ("add_salt_and_pepper_noise", "skimage.util.random_noise"): 2,
    ("convolve2d 3 x 3", LOOP): 300,
    ("convolve2d 3 x 3", "scipy.ndimage.convolve"): 1.5,
    ("convolve2d 3 x 3", "cv2.filter2D"): 1 / 10,
    ("convolve2d 15 x 15", "scipy.ndimage.convolve"): 2,
    ("median_filter 3 x 3", "scipy.ndimage.median_filter"): 2,
    ("median_filter 3 x 3", "cv2.medianBlur"): 1 / 10,
    ("median_filter 5 x 5", "scipy.ndimage.median_filter"): 4,
    ("median_filter 5 x 5", "cv2.medianBlur"): 1 / 10,
    ("max_pool 4 x 4", "skimage.measure.block_reduce"): 20,
    ("max_pool 4 x 4", "torch max_pool2d"): 5,
    ("mean_pool 4 x 4", "skimage.measure.block_reduce"): 3,
}

# Why a peer is faster, or as fast: by its code, or by its library.
WHY = {
    ("histogram", "skimage.exposure.histogram"): "the same np.bincount",
    ("median_filter 15 x 15", "skimage.filters.rank.median"): "updates one histogram along a row",
    ("convolve2d 15 x 15", "scipy.signal.fftconvolve"): "multiplies spectra, whatever the kernel",
    "cv2": "compiled for this alone, with SIMD",
    "torch": "compiled for this alone, with SIMD",
}
