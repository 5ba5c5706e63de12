"""What helpers may hold in memory; whether `make bench` compares like with like and says misses."""

import inspect
import subprocess
import sys
from functools import partial

import bench
import numpy as np
import pytest
from bench_helpers import KERNEL, LOOP, OWN, ROWS, arguments
from budgets import Cost, cost_of, over_budget

from course_utils import (
    convolution,
    display,
    equalization,
    filtering,
    histograms,
    metrics,
    noise,
    pooling,
    twins,
)

GRAY = np.full((900, 900), 100, np.uint8)
COLOR = np.dstack([GRAY] * 3)


@pytest.mark.parametrize(
    ("function", "image", "limit"),
    [
        (partial(filtering.median_filter, size=17), GRAY[:300, :300], 2.5),
        (partial(filtering.median_filter, size=17), COLOR[:300, :300], 1),  # one channel at a time
        (partial(filtering.filter_image, kernel=KERNEL), GRAY, 3),
        (partial(filtering.filter_image, kernel=KERNEL), COLOR, 1.5),
        (partial(convolution.convolve2d, kernel=KERNEL), GRAY, 1.5),  # the result and a strip
        (partial(convolution.convolve2d, kernel=KERNEL), GRAY.astype(">f4"), 1.5),
        (partial(convolution.convolve2d, kernel=KERNEL), GRAY.astype(float), 2.5),
        (partial(convolution.convolve2d, kernel=np.ones((15, 15))), GRAY, 2),  # and products
        (partial(convolution.convolve2d, kernel=np.ones((2, 300))), GRAY, 2),
        (partial(convolution.convolve_channels, kernels=[KERNEL] * 3), COLOR, 2.5),
        (partial(noise.add_gaussian_noise, sigma=20), GRAY, 3),
        (partial(noise.add_salt_and_pepper_noise, amount=0.5), COLOR, 2),
        (partial(noise.add_speckle_noise, sigma=0.1), GRAY, 3),
        (partial(noise.add_poisson_noise, gain=4), GRAY, 1.5),
        (partial(equalization.compress_contrast), GRAY, 1.5),
    ],
)
def test_extra_memory(function, image, limit):
    """In images of float32: hardly more than now, and at least the result, which is seen, too."""
    assert 0.25 <= bench.extra_memory(function, image) <= limit


@pytest.mark.parametrize(
    ("function", "limit"), [(lambda i: metrics.ssim(i, i), 12), (display.show_images, 6)]
)
def test_extra_memory_for_a_photograph(monkeypatch, function, limit):
    """In photographs of 8 bits: whatever their size, these keep strips of them or averages."""
    monkeypatch.setattr(twins, "display", lambda picture: None)
    photograph = np.resize(GRAY, (2400, 3200))
    assert 4 * bench.extra_memory(function, photograph) <= limit


@pytest.mark.parametrize(
    ("kind", "codes"),
    [pytest.param(kind, codes, id=name) for kind in ROWS for name, codes in ROWS[kind].items()],
)
def test_peers_do_the_same(kind, codes):
    """Up to a factor and to roundings; the noises as far as chance allows."""
    images = arguments(64)[kind]
    results = {code: np.squeeze(np.asarray(call(*images))) for code, call in codes.items()}
    own = results[OWN].astype(float)
    for code, other in results.items():
        if code.startswith("torch") and kind == "rgb":
            other = np.moveaxis(other, 0, -1)  # PyTorch's channels come first
        assert other.shape == own.shape, code
        if own.ndim == 0:
            np.testing.assert_allclose(other, own, rtol=1e-3, err_msg=code)
        else:
            assert np.corrcoef(own.ravel(), other.ravel())[0, 1] > 0.7, code


def test_every_helper_for_images_is_measured():
    measured = {name.split()[0] for group in ROWS.values() for name in group}
    for module in (histograms, equalization, noise, convolution, filtering, pooling, metrics):
        for name, function in inspect.getmembers(module, inspect.isfunction):
            first = next(iter(inspect.signature(function).parameters), "")
            if not name.startswith(("_", "check_")) and first in ("image", "values"):
                assert name in measured, name


def test_a_missed_target_is_said():
    def said(helper, code, small, medium):
        return bench.verdict(helper, code, {bench.SMALL: small, bench.MEDIUM: medium})

    assert said("histogram", "np.histogram", 1, 3) == "met (>= 3 x)"
    assert said("histogram", "np.histogram", 4, 2.9) == "MISSED (>= 3 x)"
    assert said("filter_image 3 x 3", "scipy.ndimage.correlate", 2, 2) == "met (> 1 x at all sizes)"
    assert said("filter_image 3 x 3", "scipy.ndimage.correlate", 1, 2).startswith("MISSED")
    assert said("max_pool 4 x 4", "skimage.measure.block_reduce", 1, 30).startswith("MISSED (>= 20")
    assert said("convolve2d 15 x 15", "scipy.signal.fftconvolve", 0.1, 2).startswith("faster: mult")
    assert said("equalize", "cv2.equalizeHist", 0.1, 0.1).startswith("MISSED (>= 0.2 x); faster: ")
    assert said("mse", "cv2.norm", 0.1, 0.1) == "faster: compiled for this alone, with SIMD"
    assert said("mse", "cv2.norm", 2, 2) == ""


def test_loops_and_slow_peers_are_left_out_at_larger_sizes(monkeypatch):
    monkeypatch.setattr(bench, "best_times", lambda calls: [call() for call in calls])
    codes = {OWN: lambda: 10, LOOP: lambda: 0.1, "cv2.quick": lambda: 0.01, "cv2.slow": lambda: 0.6}
    seconds = bench.measure(codes, dict.fromkeys(bench.SIDES, ()))
    assert [len(taken) for taken in seconds.values()] == [3, 1, 3, 1]


def test_over_budget():
    budget = Cost(seconds=10, megabytes=200)
    assert over_budget(Cost(30, 600), budget) == []
    assert over_budget(Cost(31, 600), budget) == ["seconds: 31, which is more than 3 x 10"]
    assert over_budget(Cost(3, 601), budget) == ["megabytes: 601, which is more than 3 x 200"]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells the peak of others")
def test_cost_of_a_process():
    code = "b'x' * 200_000_000; sum(range(5_000_000)); print('done', flush=True); input()"
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", code], **pipes) as process:
        process.stdout.readline()
        cost = cost_of(process.pid)
        process.communicate(b"\n")
    assert 200 <= cost.megabytes < 300
    assert 0.02 < cost.seconds < 10
