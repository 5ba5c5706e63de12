"""Speed, shown as ratios measured side by side: ``make bench``.

Each row times a helper and its peers in turn, several rounds, one thread each, on a 1024 x 1024
image, and prints the medians. The target says how many times faster (>=) than a peer the helper
should be at least, or how many times slower (<=) at most.
"""

import statistics
import subprocess
import sys
import time

import cv2
import nbformat
import numpy as np
import psutil
import scipy.ndimage
import torch
from bench_autoencoder import benchmark
from execute_notebooks import NOTEBOOKS, client_for
from skimage import exposure, measure, util
from tqdm import tqdm

from course_utils.convolution import convolve2d
from course_utils.equalization import equalize
from course_utils.filtering import median_filter
from course_utils.histograms import histogram
from course_utils.images import load_image
from course_utils.mnist import load_mnist
from course_utils.noise import (
    add_gaussian_noise,
    add_poisson_noise,
    add_salt_and_pepper_noise,
    add_speckle_noise,
)
from course_utils.pooling import max_pool, mean_pool, min_pool

SIDE = 1024
GRAY = cv2.resize(load_image("camera"), (SIDE, SIDE))
RGB = cv2.resize(load_image("astronaut"), (SIDE, SIDE))
FLOATS = GRAY.astype(np.float32)
TENSOR = torch.from_numpy(FLOATS)[None, None]
KERNEL = np.random.default_rng(2022).random((3, 3)).astype(np.float32)


def loop_convolution():
    """Visit every pixel and sum its window: what most people write first."""
    flipped, result = KERNEL[::-1, ::-1], np.zeros((SIDE - 2, SIDE - 2))
    for y in range(SIDE - 2):
        for x in range(SIDE - 2):
            result[y, x] = np.sum(flipped * FLOATS[y : y + 3, x : x + 3])
    return result


def loop_pool(summarize):
    """Visit every block."""
    result = np.zeros((SIDE // 4, SIDE // 4))
    for y in range(SIDE // 4):
        for x in range(SIDE // 4):
            result[y, x] = summarize(GRAY[4 * y : 4 * y + 4, 4 * x : 4 * x + 4])
    return result


def loop_salt_and_pepper():
    """Draw and paint one pixel after the other."""
    noisy, rng = GRAY.copy(), np.random.default_rng(0)
    for level in (0, 255):
        for _ in range(int(0.035 * GRAY.size)):
            noisy[rng.integers(SIDE), rng.integers(SIDE)] = level
    return noisy


def block_reduce(function):
    return lambda: measure.block_reduce(GRAY, (4, 4), function)


def scipy_median(size):
    return lambda: scipy.ndimage.median_filter(GRAY, size, mode="nearest")


# Name, the helper, and its peers: (name, call, target or None).
ROWS = [
    (
        "histogram",
        lambda: histogram(GRAY),
        ("np.histogram", lambda: np.histogram(GRAY, 256, (0, 256)), ">= 3"),
        ("cv2.calcHist", lambda: cv2.calcHist([GRAY], [0], None, [256], [0, 256]), "<= 5"),
    ),
    (
        "equalize",
        lambda: equalize(GRAY),
        ("skimage equalize_hist", lambda: exposure.equalize_hist(GRAY), ">= 5"),
        ("cv2.equalizeHist", lambda: cv2.equalizeHist(GRAY), "<= 5"),
    ),
    (
        "convolve2d 3 x 3, float32",
        lambda: convolve2d(FLOATS, KERNEL),
        ("a loop over pixels", loop_convolution, ">= 300"),
        ("scipy.ndimage.convolve", lambda: scipy.ndimage.convolve(FLOATS, KERNEL), ">= 4"),
        ("cv2.filter2D", lambda: cv2.filter2D(FLOATS, -1, KERNEL), "<= 8"),
        (
            "torch conv2d",
            lambda: torch.nn.functional.conv2d(TENSOR, torch.from_numpy(KERNEL)[None, None]),
            None,
        ),
    ),
    (
        "max_pool 4 x 4",
        lambda: max_pool(GRAY, 4),
        ("a loop over blocks", lambda: loop_pool(np.max), None),
        ("skimage block_reduce", block_reduce(np.max), ">= 20"),
        ("torch max_pool2d", lambda: torch.nn.functional.max_pool2d(TENSOR, 4), ">= 5"),
    ),
    (
        "min_pool 4 x 4",
        lambda: min_pool(GRAY, 4),
        ("a loop over blocks", lambda: loop_pool(np.min), None),
        ("skimage block_reduce", block_reduce(np.min), None),
    ),
    (
        "mean_pool 4 x 4",
        lambda: mean_pool(GRAY, 4),
        ("a loop over blocks", lambda: loop_pool(np.mean), None),
        ("skimage block_reduce", block_reduce(np.mean), ">= 3"),
        ("torch avg_pool2d", lambda: torch.nn.functional.avg_pool2d(TENSOR, 4), None),
    ),
    (
        "median_filter 3 x 3",
        lambda: median_filter(GRAY, 3),
        ("scipy.ndimage.median_filter", scipy_median(3), ">= 2"),
        ("cv2.medianBlur", lambda: cv2.medianBlur(GRAY, 3), None),
    ),
    (
        "median_filter 5 x 5",
        lambda: median_filter(GRAY, 5),
        ("scipy.ndimage.median_filter", scipy_median(5), ">= 4"),
        ("cv2.medianBlur", lambda: cv2.medianBlur(GRAY, 5), None),
    ),
    (
        "add_gaussian_noise, RGB",
        lambda: add_gaussian_noise(RGB, 20, rng=0),
        ("skimage random_noise", lambda: util.random_noise(RGB, "gaussian", rng=0), ">= 1.3"),
    ),
    (
        "add_speckle_noise, RGB",
        lambda: add_speckle_noise(RGB, 0.1, rng=0),
        ("skimage random_noise", lambda: util.random_noise(RGB, "speckle", rng=0), None),
    ),
    (
        "add_poisson_noise, RGB",
        lambda: add_poisson_noise(RGB, 4, rng=0),
        ("skimage random_noise", lambda: util.random_noise(RGB, "poisson", rng=0), None),
    ),
    (
        "add_salt_and_pepper_noise",
        lambda: add_salt_and_pepper_noise(GRAY, 0.07, rng=0),
        ("a loop over pixels", loop_salt_and_pepper, None),
        (
            "skimage random_noise",
            lambda: util.random_noise(GRAY, "s&p", amount=0.07, rng=0),
            ">= 2",
        ),
    ),
]


def seconds(call):
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def medians(calls, rounds=9):
    """Time the calls in turn, so that a busy moment of the machine hits all; the loops once.

    Each turn takes the best of three, so that no call pays for the cache its neighbour emptied.
    """
    warm_up = [seconds(call) for call in calls]
    times = [[] for _ in calls]
    for number in range(rounds):
        for call, first, measured in zip(calls, warm_up, times):
            if first < 0.2:
                measured.append(min(seconds(call) for _ in range(3)))
            elif number == 0:
                measured.append(seconds(call))
    return [statistics.median(measured) for measured in times]


def verdict(ratio, target):
    """Say whether peer / helper meets the target; "<= 5" limits the inverse."""
    if target is None:
        return ""
    relation, limit = target.split()
    met = ratio >= float(limit) if relation == ">=" else 1 / ratio <= float(limit)
    return f"{'met' if met else 'MISSED'} ({target})"


def bench_helpers():
    print(f"{'helper':28}{'ms':>7}  {'peer':28}{'ms':>9}{'peer/helper':>13}  target")
    for name, helper, *peers in tqdm(ROWS, leave=False):
        own, *others = medians([helper, *(call for _, call, _ in peers)])
        for (peer, _, target), other in zip(peers, others):
            ratio = other / own
            figures = f"{own * 1e3:7.2f}  {peer:28}{other * 1e3:9.2f}{ratio:13.2f}"
            tqdm.write(f"{name:28}{figures}  {verdict(ratio, target)}")


def bench_notebooks():
    print(f"\n{'notebook':28}{'seconds':>9}{'kernel, MB':>12}")
    for path in tqdm(sorted(NOTEBOOKS.glob("[0-9]*.ipynb")), leave=False):
        notebook = nbformat.read(path, as_version=4)
        client = client_for(notebook, path)
        start = time.perf_counter()
        with client.setup_kernel():
            for index, cell in enumerate(notebook.cells):
                client.execute_cell(cell, index)
            took = time.perf_counter() - start
            memory = psutil.Process(client.km.provisioner.pid).memory_info().rss
        tqdm.write(f"{path.stem:28}{took:9.1f}{memory / 1e6:12.0f}")


def bench_import():
    rooms = ("mnist", "denoising_autoencoder", "autoencoder_family")
    modules = sorted(path.stem for path in (NOTEBOOKS.parent / "course_utils").glob("[a-z]*.py"))
    names = ", ".join(f"course_utils.{name}" for name in modules if name not in rooms)
    command = [sys.executable, "-c", f"import {names}"]
    took = statistics.median(seconds(lambda: subprocess.run(command, check=True)) for _ in range(5))
    print(f"\nimport of all modules without torch: {took:.2f} s, Python's start included")


if __name__ == "__main__":
    cv2.setNumThreads(1)
    torch.set_num_threads(1)
    bench_helpers()
    bench_notebooks()
    bench_import()
    if load_mnist("test").source == "MNIST":
        benchmark()
