"""The helpers beside the lecture's loops and other libraries: seconds and memory, for `make bench`.

Each helper and its peers are timed in turn, several rounds, one thread each, on images of three
sizes. A note says how many times faster (>=) than a peer the helper should be at least, or how many
times slower (<=) at most, at 1024 x 1024; or why it is slower. Loops run at 256 x 256 only.
"""

import math
import multiprocessing
import statistics
import sys
import time
from functools import partial
from typing import NamedTuple

import cv2
import numpy as np
import scipy.ndimage
import scipy.signal
import torch
from skimage import exposure, filters, measure, metrics, util
from torch.nn import functional
from torchvision.transforms.v2 import functional as vision
from tqdm import tqdm

from course_utils.convolution import convolve2d, convolve_channels, correlate2d, to_uint8
from course_utils.equalization import (
    compress_contrast,
    equalization_map,
    equalize,
    equalize_channels,
    equalize_full_range,
    equalize_luminance,
)
from course_utils.filtering import filter_image, median_filter
from course_utils.histograms import (
    channel_histograms,
    cumulative_distribution,
    histogram,
    normalized_histogram,
)
from course_utils.images import load_image
from course_utils.metrics import mse, psnr, ssim
from course_utils.noise import (
    add_gaussian_noise,
    add_poisson_noise,
    add_salt_and_pepper_noise,
    add_speckle_noise,
)
from course_utils.pooling import max_pool, mean_pool, min_pool

SIDES = {256: 9, 1024: 9, 4096: 3}  # side of the image: rounds
LOOP_SIDE, TARGET_SIDE, MEMORY_SIDE = SIDES
SAME = 0.8  # a ratio from here to 1 counts as equally fast: that much, measurements vary
GROWTH = 16  # how many times as many pixels the next size has
LONGEST = 8  # seconds; a peer that would take longer is left out
LOOP = "a loop"
MEMORY_LIMIT = 6  # times the image as float32, for those with one of these in their names:
FRUGAL = ("median", "convol", "correl", "filter", "noise")
LIBRARIES = {
    "np": "NumPy",
    "scipy": "SciPy",
    "skimage": "scikit-image",
    "cv2": "OpenCV",
    "torch": "PyTorch",
    "torchvision": "PyTorch",
}
KERNEL, LARGE_KERNEL = (
    np.random.default_rng(2022).random((size, size), np.float32) / size**2 for size in (3, 15)
)


class Pictures(NamedTuple):
    """What the helpers work on, at one size."""

    gray: np.ndarray
    rgb: np.ndarray
    floats: np.ndarray
    noisy: np.ndarray


def pictures(side):
    gray = cv2.resize(load_image("camera"), (side, side))
    gray[0, :2] = 0, 255  # so that every histogram has 256 bins
    rgb = cv2.resize(load_image("astronaut"), (side, side))
    noisy = add_gaussian_noise(gray, 20, rng=2022)
    return Pictures(gray, rgb, gray.astype(np.float32), noisy)


# The lecture's way: visit one place after the other ---------------------------------------------


def each_pixel(image, function):
    result = np.zeros(image.shape)
    for place in np.ndindex(image.shape):
        result[place] = function(image[place])
    return result


def each_window(image, size, function):
    result = np.zeros((image.shape[0] - size + 1, image.shape[1] - size + 1))
    for y, x in np.ndindex(result.shape):
        result[y, x] = function(image[y : y + size, x : x + size])
    return result


def convolve_places(image):
    return each_window(image, 3, lambda window: np.sum(window * KERNEL[::-1, ::-1]))


def each_block(image, size, function):
    result = np.zeros((image.shape[0] // size, image.shape[1] // size))
    for y, x in np.ndindex(result.shape):
        result[y, x] = function(image[y * size : (y + 1) * size, x * size : (x + 1) * size])
    return result


def count(image):
    counts = np.zeros(256, int)
    for place in np.ndindex(image.shape):
        counts[image[place]] += 1
    return counts


def look_up(image, *, full_range=False):
    cumulative = count(image).cumsum()
    darkest = cumulative[image.min()] if full_range else 0
    table = 255 * (cumulative - darkest) // (image.size - darkest)
    return each_pixel(image, lambda level: table[level])


def equalize_brightness(rgb):
    luma = each_block(rgb, 1, lambda pixel: pixel[0, 0] @ (0.299, 0.587, 0.114)).astype(np.uint8)
    return np.clip(rgb + (look_up(luma) - luma)[..., None], 0, 255)


def squared_error(image, reference):
    total = 0.0
    for place in np.ndindex(image.shape):
        total += (float(image[place]) - float(reference[place])) ** 2
    return total / image.size


def structural_similarity(image, reference, size=7):
    total, places = 0.0, list(np.ndindex(*(side - size + 1 for side in image.shape)))
    for y, x in places:
        a, b = (i[y : y + size, x : x + size].ravel() for i in (image, reference))
        means, covariance = np.array([a.mean(), b.mean()]), np.cov(a, b)
        c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
        luminance = (2 * means.prod() + c1) / ((means**2).sum() + c1)
        total += luminance * (2 * covariance[0, 1] + c2) / (covariance.trace() + c2)
    return total / len(places)


def paint_salt_and_pepper(image, amount):
    noisy, rng = image.copy(), np.random.default_rng(0)
    for level in (0, 255):
        for _ in range(int(amount / 2 * image.size)):
            noisy[rng.integers(image.shape[0]), rng.integers(image.shape[1])] = level
    return noisy


def noisy_pixels(image, noisy_value):
    rng = np.random.default_rng(0)
    return each_pixel(image, lambda value: np.clip(noisy_value(rng, value), 0, 255))


def pull_pixels(image):
    mean, rng = image.mean(), np.random.default_rng(0)
    return each_pixel(image, lambda value: value + rng.uniform(0.875, 0.925) * (mean - value))


# Other libraries, where one call is not enough --------------------------------------------------


def tensor(image):
    """View of the image as PyTorch wants it: channels first, in a batch of one."""
    image = torch.from_numpy(image)
    return (image[None] if image.ndim == 2 else image.permute(2, 0, 1))[None]


def torch_uint8(values):
    return values.round().clamp(0, 255).to(torch.uint8)


def torch_correlate(image, kernel):
    weights = torch.from_numpy(kernel)[None, None].expand(image.shape[1], 1, -1, -1)
    return functional.conv2d(image, weights, groups=image.shape[1])


def per_channel(function, rgb):
    return np.dstack([function(rgb[..., c]) for c in range(3)])


def opencv_gaussian_noise(image):
    noise = np.empty(image.shape, np.int16)
    return cv2.add(image, cv2.randn(noise, 0, 20), dtype=cv2.CV_8U)


def opencv_equalize_luminance(rgb):
    luma, *chroma = cv2.split(cv2.cvtColor(rgb, cv2.COLOR_RGB2YCrCb))
    return cv2.cvtColor(cv2.merge([cv2.equalizeHist(luma), *chroma]), cv2.COLOR_YCrCb2RGB)


def random_noise(mode, **settings):
    return lambda p: util.random_noise(p.gray, mode, rng=0, **settings)


def block_reduce(function):
    return lambda p: measure.block_reduce(p.gray, (4, 4), function)


def medians_by(size):
    """The peers of a median filter of any size."""
    return (
        (LOOP, lambda p: each_window(np.pad(p.gray, size // 2, "edge"), size, np.median)),
        (
            "scipy.ndimage.median_filter",
            lambda p: scipy.ndimage.median_filter(p.gray, size, mode="nearest"),
            {3: ">= 2", 5: ">= 4"}.get(size, ""),
        ),
        (
            "skimage.filters.rank.median",
            lambda p: filters.rank.median(p.gray, np.ones((size, size))),
            "updates one histogram per row, compiled: the window's size costs little"
            if size > 5
            else "",
        ),
        ("cv2.medianBlur", lambda p: cv2.medianBlur(p.gray, size)),
    )


# Helper: how it is called, and its peers.
ROWS = {
    "histogram": (
        lambda p: histogram(p.gray),
        (LOOP, lambda p: count(p.gray)),
        ("np.histogram", lambda p: np.histogram(p.gray, 256, (0, 256))[0], ">= 3"),
        ("scipy.ndimage.histogram", lambda p: scipy.ndimage.histogram(p.gray, 0, 256, 256)),
        (
            "skimage.exposure.histogram",
            lambda p: exposure.histogram(p.gray, source_range="dtype")[0],
            "calls np.bincount, too",
        ),
        ("cv2.calcHist", lambda p: cv2.calcHist([p.gray], [0], None, [256], [0, 256]), "<= 5"),
        ("torch.bincount", lambda p: torch.bincount(tensor(p.gray).flatten(), minlength=256)),
    ),
    "channel_histograms": (
        lambda p: channel_histograms(p.rgb),
        (LOOP, lambda p: [count(p.rgb[..., c]) for c in range(3)]),
        (
            "skimage.exposure.histogram",
            lambda p: exposure.histogram(p.rgb, source_range="dtype", channel_axis=2)[0],
            "calls np.bincount, too",
        ),
        (
            "cv2.calcHist",
            lambda p: [cv2.calcHist([p.rgb], [c], None, [256], [0, 256]) for c in range(3)],
        ),
    ),
    "normalized_histogram": (
        lambda p: normalized_histogram(p.gray),
        (LOOP, lambda p: count(p.gray) / p.gray.size),
        ("np.histogram", lambda p: np.histogram(p.gray, 256, (0, 256), density=True)[0]),
        (
            "skimage.exposure.histogram",
            lambda p: exposure.histogram(p.gray, source_range="dtype", normalize=True)[0],
            "calls np.bincount, too",
        ),
    ),
    "cumulative_distribution": (
        lambda p: cumulative_distribution(p.gray),
        (LOOP, lambda p: count(p.gray).cumsum() / p.gray.size),
        (
            "skimage.exposure.cumulative_distribution",
            lambda p: exposure.cumulative_distribution(p.gray)[0],
            "calls np.bincount, too",
        ),
    ),
    "equalization_map": (
        lambda p: equalization_map(p.gray),
        (LOOP, lambda p: 255 * count(p.gray).cumsum() // p.gray.size),
    ),
    "equalize": (
        lambda p: equalize(p.gray),
        (LOOP, lambda p: look_up(p.gray)),
        ("skimage.exposure.equalize_hist", lambda p: exposure.equalize_hist(p.gray), ">= 5"),
        ("cv2.equalizeHist", lambda p: cv2.equalizeHist(p.gray), "<= 5"),
        ("torchvision equalize", lambda p: vision.equalize(tensor(p.gray))),
    ),
    "equalize_full_range": (
        lambda p: equalize_full_range(p.gray),
        (LOOP, lambda p: look_up(p.gray, full_range=True)),
        ("cv2.equalizeHist", lambda p: cv2.equalizeHist(p.gray)),
    ),
    "equalize_channels": (
        lambda p: equalize_channels(p.rgb),
        (LOOP, lambda p: per_channel(look_up, p.rgb)),
        (
            "skimage.exposure.equalize_hist",
            lambda p: per_channel(exposure.equalize_hist, p.rgb),
        ),
        ("cv2.equalizeHist", lambda p: per_channel(cv2.equalizeHist, p.rgb)),
        ("torchvision equalize", lambda p: vision.equalize(tensor(p.rgb))),
    ),
    "equalize_luminance": (
        lambda p: equalize_luminance(p.rgb),
        (LOOP, lambda p: equalize_brightness(p.rgb)),
        ("cv2.equalizeHist", lambda p: opencv_equalize_luminance(p.rgb)),
    ),
    "compress_contrast": (
        lambda p: compress_contrast(p.gray, rng=0),
        (LOOP, lambda p: pull_pixels(p.gray)),
    ),
    "add_gaussian_noise": (
        lambda p: add_gaussian_noise(p.gray, 20, rng=0),
        (LOOP, lambda p: noisy_pixels(p.gray, lambda rng, v: v + rng.normal(0, 20))),
        ("skimage.util.random_noise", random_noise("gaussian"), ">= 1.3"),
        ("cv2.randn", lambda p: opencv_gaussian_noise(p.gray)),
        (
            "torch.randn_like",
            lambda p: torch_uint8(tensor(p.gray) + 20 * torch.randn_like(tensor(p.floats))),
        ),
    ),
    "add_salt_and_pepper_noise": (
        lambda p: add_salt_and_pepper_noise(p.gray, 0.07, rng=0),
        (LOOP, lambda p: paint_salt_and_pepper(p.gray, 0.07)),
        ("skimage.util.random_noise", random_noise("s&p", amount=0.07), ">= 2"),
    ),
    "add_speckle_noise": (
        lambda p: add_speckle_noise(p.gray, 0.1, rng=0),
        (LOOP, lambda p: noisy_pixels(p.gray, lambda rng, v: v * (1 + rng.normal(0, 0.1)))),
        ("skimage.util.random_noise", random_noise("speckle")),
        (
            "torch.randn_like",
            lambda p: torch_uint8(tensor(p.gray) * (1 + 0.1 * torch.randn_like(tensor(p.floats)))),
        ),
    ),
    "add_poisson_noise": (
        lambda p: add_poisson_noise(p.gray, 4, rng=0),
        (LOOP, lambda p: noisy_pixels(p.gray, lambda rng, v: 4 * rng.poisson(v / 4))),
        ("skimage.util.random_noise", random_noise("poisson")),
        ("torch.poisson", lambda p: torch_uint8(4 * torch.poisson(tensor(p.gray) / 4))),
    ),
    "correlate2d 3 x 3": (
        lambda p: correlate2d(p.floats, KERNEL),
        (LOOP, lambda p: each_window(p.floats, 3, lambda window: (window * KERNEL).sum())),
        (
            "scipy.ndimage.correlate",
            lambda p: scipy.ndimage.correlate(p.floats, KERNEL)[1:-1, 1:-1],
        ),
        (
            "skimage.filters.correlate_sparse",
            lambda p: filters.correlate_sparse(p.floats, KERNEL, mode="valid"),
        ),
        ("cv2.filter2D", lambda p: cv2.filter2D(p.floats, -1, KERNEL)[1:-1, 1:-1]),
        ("torch conv2d", lambda p: torch_correlate(tensor(p.floats), KERNEL)),
    ),
    "convolve2d 3 x 3": (
        lambda p: convolve2d(p.floats, KERNEL),
        (LOOP, lambda p: convolve_places(p.floats), ">= 300"),
        (
            "scipy.ndimage.convolve",
            lambda p: scipy.ndimage.convolve(p.floats, KERNEL)[1:-1, 1:-1],
            ">= 4",
        ),
        (
            "scipy.signal.convolve2d",
            lambda p: scipy.signal.convolve2d(p.floats, KERNEL, "valid"),
        ),
        (
            "cv2.filter2D",
            lambda p: cv2.filter2D(p.floats, -1, KERNEL[::-1, ::-1])[1:-1, 1:-1],
            "<= 8",
        ),
        ("torch conv2d", lambda p: torch_correlate(tensor(p.floats), KERNEL[::-1, ::-1].copy())),
    ),
    "convolve2d 15 x 15": (
        lambda p: convolve2d(p.floats, LARGE_KERNEL),
        (
            "scipy.ndimage.convolve",
            lambda p: scipy.ndimage.convolve(p.floats, LARGE_KERNEL)[7:-7, 7:-7],
        ),
        (
            "scipy.signal.fftconvolve",
            lambda p: scipy.signal.fftconvolve(p.floats, LARGE_KERNEL, "valid"),
            "multiplies spectra: the kernel's size costs nothing",
        ),
        (
            "cv2.filter2D",
            lambda p: cv2.filter2D(p.floats, -1, LARGE_KERNEL[::-1, ::-1])[7:-7, 7:-7],
        ),
    ),
    "convolve_channels 3 x 3": (
        lambda p: convolve_channels(p.rgb, [KERNEL] * 3),
        (LOOP, lambda p: per_channel(convolve_places, p.rgb)),
        (
            "scipy.ndimage.convolve",
            lambda p: per_channel(
                lambda c: scipy.ndimage.convolve(c, KERNEL, np.float32)[1:-1, 1:-1], p.rgb
            ),
        ),
        (
            "cv2.filter2D",
            lambda p: cv2.filter2D(p.rgb, cv2.CV_32F, KERNEL[::-1, ::-1])[1:-1, 1:-1],
        ),
        (
            "torch conv2d",
            lambda p: torch_correlate(tensor(p.rgb).float(), KERNEL[::-1, ::-1].copy()),
        ),
    ),
    "to_uint8": (
        lambda p: to_uint8(p.floats),
        (LOOP, lambda p: each_pixel(p.floats, lambda value: min(max(round(value), 0), 255))),
        ("cv2.add", lambda p: cv2.add(p.floats, 0, dtype=cv2.CV_8U)),
        ("torch.round", lambda p: torch_uint8(tensor(p.floats))),
    ),
    "filter_image 3 x 3": (
        lambda p: filter_image(p.gray, KERNEL),
        (
            LOOP,
            lambda p: each_window(
                np.pad(p.gray, 1, "reflect"), 3, lambda w: min(round((w * KERNEL).sum()), 255)
            ),
        ),
        (
            "scipy.ndimage.correlate",
            lambda p: scipy.ndimage.correlate(p.gray, KERNEL, np.float32, "mirror").clip(0, 255),
        ),
        ("cv2.filter2D", lambda p: cv2.filter2D(p.gray, -1, KERNEL)),
        (
            "torch conv2d",
            lambda p: torch_uint8(
                torch_correlate(functional.pad(tensor(p.floats), (1, 1, 1, 1), "reflect"), KERNEL)
            ),
        ),
    ),
    "median_filter 3 x 3": (lambda p: median_filter(p.gray, 3), *medians_by(3)),
    "median_filter 5 x 5": (lambda p: median_filter(p.gray, 5), *medians_by(5)),
    "median_filter 15 x 15": (lambda p: median_filter(p.gray, 15), *medians_by(15)),
    "min_pool 4 x 4": (
        lambda p: min_pool(p.gray, 4),
        (LOOP, lambda p: each_block(p.gray, 4, np.min)),
        ("skimage.measure.block_reduce", block_reduce(np.min)),
        ("torch max_pool2d", lambda p: -functional.max_pool2d(-tensor(p.floats), 4)),
    ),
    "max_pool 4 x 4": (
        lambda p: max_pool(p.gray, 4),
        (LOOP, lambda p: each_block(p.gray, 4, np.max)),
        ("skimage.measure.block_reduce", block_reduce(np.max), ">= 20"),
        ("torch max_pool2d", lambda p: functional.max_pool2d(tensor(p.floats), 4), ">= 5"),
    ),
    "mean_pool 4 x 4": (
        lambda p: mean_pool(p.gray, 4),
        (LOOP, lambda p: each_block(p.gray, 4, np.mean)),
        ("skimage.measure.block_reduce", block_reduce(np.mean), ">= 3"),
        (
            "cv2.resize",
            lambda p: cv2.resize(p.floats, None, fx=1 / 4, fy=1 / 4, interpolation=cv2.INTER_AREA),
        ),
        ("torch avg_pool2d", lambda p: functional.avg_pool2d(tensor(p.floats), 4)),
    ),
    "mse": (
        lambda p: mse(p.noisy, p.gray),
        (LOOP, lambda p: squared_error(p.noisy, p.gray)),
        (
            "skimage.metrics.mean_squared_error",
            lambda p: metrics.mean_squared_error(p.noisy, p.gray),
        ),
        ("cv2.norm", lambda p: cv2.norm(p.noisy, p.gray, cv2.NORM_L2SQR) / p.gray.size),
        (
            "torch mse_loss",
            lambda p: functional.mse_loss(1.0 * tensor(p.noisy), tensor(p.floats)),
        ),
    ),
    "psnr": (
        lambda p: psnr(p.noisy, p.gray),
        (LOOP, lambda p: 10 * np.log10(255**2 / squared_error(p.noisy, p.gray))),
        (
            "skimage.metrics.peak_signal_noise_ratio",
            lambda p: metrics.peak_signal_noise_ratio(p.gray, p.noisy),
        ),
        ("cv2.PSNR", lambda p: cv2.PSNR(p.noisy, p.gray)),
    ),
    "ssim": (
        lambda p: ssim(p.noisy, p.gray),
        (LOOP, lambda p: structural_similarity(p.noisy, p.gray)),
        (
            "skimage.metrics.structural_similarity",
            lambda p: metrics.structural_similarity(p.noisy, p.gray, data_range=255),
            "is the same function",
        ),
    ),
}

COLOR = {"channel_histograms", "equalize_channels", "equalize_luminance", "convolve_channels 3 x 3"}


# Measuring --------------------------------------------------------------------------------------


def seconds(call):
    """Processor time, since each call has one thread: a busy machine hardly stretches that."""
    start = time.process_time()
    call()
    return time.process_time() - start


def medians(calls, rounds=9):
    """Time the calls in turn, so that a busy moment of the machine hits all; slow ones once.

    Each turn takes the best of three, so that no call pays for the cache its neighbour emptied.
    """
    warm_up = [seconds(call) for call in calls]
    times = [[] for _ in calls]
    for number in range(rounds):
        for call, first, measured in zip(calls, warm_up, times):
            if first < 0.2:
                measured.append(min(seconds(call) for _ in range(3)))
            elif number == 0:
                measured.append(first if first > 1 else seconds(call))
    return [statistics.median(measured) for measured in times]


def most_memory():
    """Bytes that this process has held at most."""
    import resource  # Windows has none

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else 1024 * peak


def extra_memory(call, warm_up):
    """Bytes that a call needs at most beyond what is there, in a process of its own.

    This sees what OpenCV and PyTorch allocate, too. The warm-up, a small call, loads libraries.
    """
    fork = multiprocessing.get_context("fork")
    receive, send = fork.Pipe(duplex=False)

    def child():
        warm_up()
        before = most_memory()
        call()
        send.send(most_memory() - before)

    process = fork.Process(target=child)
    process.start()
    send.close()  # so that a child that dies ends the wait
    try:
        return receive.recv()
    finally:
        process.join()


class Row(NamedTuple):
    """A helper or one of its peers, measured."""

    operation: str
    code: str
    seconds: dict  # by side
    ratios: dict  # how many times as long as the helper, by side
    memory: float  # extra memory of a helper, in images of float32
    verdict: str


def library_of(code):
    """Whose code it is, from the first word of its name."""
    return LIBRARIES.get(code.replace(".", " ").split()[0], code)


def verdict(code, note, ratios):
    """Say whether the ratios peer / helper are as the note demands; "<= 5" limits the inverse.

    SciPy and scikit-image must not be faster than the helper, or the note says why.
    """
    if note[:2] in (">=", "<="):
        limit, ratio = float(note[3:]), ratios.get(TARGET_SIDE, ratios[LOOP_SIDE])
        met = ratio >= limit if note[0] == ">" else 1 / ratio <= limit
        return f"{'met' if met else 'MISSED'} ({note})"
    if library_of(code) in ("SciPy", "scikit-image") and min(ratios.values()) < SAME:
        return f"faster: it {note}" if note else "MISSED (>= 1)"
    return ""


def memory_verdict(name, memory):
    """Say whether a helper for which there is a limit needs at most that much extra memory."""
    if not any(part in name for part in FRUGAL):
        return ""
    return f"{'met' if memory <= MEMORY_LIMIT else 'MISSED'} (<= {MEMORY_LIMIT} x memory)"


def timed(codes, images):
    """Seconds of each code by side: loops at the first only, and no peer that takes too long."""
    helper, *_ = codes
    times = {code: {} for code in codes}
    expected = dict.fromkeys(codes, 0)
    for side, rounds in SIDES.items():
        chosen = [code for code in codes if code == helper or expected[code] < LONGEST]
        calls = [partial(codes[code], images[side]) for code in chosen]
        for code, took in zip(chosen, medians(calls, rounds)):
            times[code][side] = took
            expected[code] = math.inf if code == LOOP else took * GROWTH
    return times


def measure_helpers(rows=ROWS):
    """Measure all helpers and their peers: first memory, while the process is fresh; then time."""
    images = {side: pictures(side) for side in SIDES}
    small, large = images[LOOP_SIDE], images[MEMORY_SIDE]
    memory, measured = {}, []
    for name, (helper, *_) in tqdm(rows.items(), desc="memory", leave=False):
        size = large.rgb.nbytes if name in COLOR else large.gray.nbytes
        extra = extra_memory(partial(helper, large), partial(helper, small))
        memory[name] = extra / (4 * size)
    for name, (helper, *peers) in tqdm(rows.items(), desc="time", leave=False):
        times = timed({name: helper} | {code: call for code, call, *_ in peers}, images)
        notes = {code: "".join(note) for code, _, *note in peers}
        for code, took in times.items():
            ratios = {side: took[side] / times[name][side] for side in took}
            if code == name:
                said = memory_verdict(name, memory[name])
            else:
                said = verdict(code, notes[code], ratios)
            measured.append(Row(name, code, took, ratios, memory.get(code), said))
    return measured
