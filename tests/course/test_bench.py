"""What helpers may cost in memory; and whether `make bench` and the budgets judge rightly."""

import inspect
import subprocess
import sys
import tracemalloc

import bench
import bench_helpers
import bench_notebooks
import numpy as np
import pytest
from bench_helpers import LOOP, MEMORY_LIMIT, ROWS
from budgets import Cost, cost_of, over_budget

from course_utils import (
    convolution,
    equalization,
    filtering,
    histograms,
    metrics,
    noise,
    pooling,
)

# Memory -----------------------------------------------------------------------------------------

KERNEL = np.random.default_rng(0).random((3, 5))
GREEDY = np.lib.stride_tricks.sliding_window_view


def extra_memory(function, image):
    """Most memory that the function holds at a time, in images of float32; NumPy's arrays only."""
    tracemalloc.start()
    try:
        function(image)
        return tracemalloc.get_traced_memory()[1] / (4 * image.size)
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("side", [300, 900])
@pytest.mark.parametrize("kind", ["gray", "RGB"])
@pytest.mark.parametrize(
    "function",
    [
        pytest.param(lambda image: filtering.median_filter(image, 3), id="median_filter, 3"),
        pytest.param(lambda image: filtering.median_filter(image, 17), id="median_filter, 17"),
        pytest.param(lambda image: filtering.filter_image(image, KERNEL), id="filter_image"),
        pytest.param(lambda image: noise.add_gaussian_noise(image, 20), id="add_gaussian_noise"),
        pytest.param(
            lambda image: noise.add_salt_and_pepper_noise(image, 0.5),
            id="add_salt_and_pepper_noise",
        ),
        pytest.param(lambda image: noise.add_speckle_noise(image, 0.1), id="add_speckle_noise"),
        pytest.param(lambda image: noise.add_poisson_noise(image, 4), id="add_poisson_noise"),
    ],
)
def test_extra_memory(function, kind, side):
    shape = (side, side) if kind == "gray" else (side, side, 3)
    assert extra_memory(function, np.full(shape, 100, np.uint8)) <= MEMORY_LIMIT


@pytest.mark.parametrize("side", [300, 900])
@pytest.mark.parametrize("dtype", ["uint8", "float32", "float64", ">f4"])
@pytest.mark.parametrize("function", [convolution.correlate2d, convolution.convolve2d])
def test_extra_memory_of_convolution(function, dtype, side):
    image = np.full((side, side), 100, dtype)
    assert extra_memory(lambda image: function(image, KERNEL), image) <= MEMORY_LIMIT


def test_extra_memory_of_convolve_channels():
    image = np.full((900, 900, 3), 100, np.uint8)
    assert (
        extra_memory(lambda i: convolution.convolve_channels(i, [KERNEL] * 3), image)
        <= MEMORY_LIMIT
    )


@pytest.mark.parametrize(
    "greedy",
    [
        lambda image: np.median(GREEDY(image, (7, 7)), axis=(2, 3)),
        lambda image: np.tensordot(GREEDY(image.astype(np.float32), KERNEL.shape), KERNEL),
        lambda image: np.rint(4.0 * image + np.random.default_rng(0).poisson(image / 4.0)),
    ],
    ids=["every window copied", "every product kept", "one array too many"],
)
def test_greedy_functions_are_found(greedy):
    assert extra_memory(greedy, np.full((300, 300), 100, np.uint8)) > MEMORY_LIMIT


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot fork")
def test_memory_of_other_libraries_is_seen():
    size = 50_000_000
    extra = bench_helpers.extra_memory(lambda: bytearray(size), lambda: None)
    assert 0.95 * size < extra < 1.2 * size
    assert bench_helpers.extra_memory(lambda: None, lambda: None) < 0.1 * size


# The table of make bench ------------------------------------------------------------------------


def test_every_helper_for_images_is_measured():
    measured = {name.split()[0] for name in ROWS}
    for module in (histograms, equalization, noise, convolution, filtering, pooling, metrics):
        for name, function in inspect.getmembers(module, inspect.isfunction):
            first = next(iter(inspect.signature(function).parameters), "")
            if not name.startswith(("_", "check_")) and first in ("image", "values"):
                assert name in measured, name


@pytest.mark.parametrize("operation", ROWS)
def test_peers_do_the_same(operation):
    """Up to a factor and to roundings; the noises as far as chance allows."""
    pictures = bench_helpers.pictures(32)
    helper, *peers = ROWS[operation]
    own = np.asarray(helper(pictures), float)
    for name, call, *_ in peers:
        other = np.asarray(call(pictures), float)
        if other.ndim == 4:  # PyTorch's channels come first
            other = np.moveaxis(other[0], 0, -1)
        assert other.size == own.size, name
        if own.size == 1:
            np.testing.assert_allclose(other, own, rtol=1e-3, err_msg=name)
        else:
            likeness = np.corrcoef(own.ravel(), other.ravel())[0, 1]
            assert likeness > (0.7 if operation.endswith("noise") else 0.95), name


@pytest.mark.parametrize(
    ("code", "note", "ratios", "said"),
    [
        ("np.histogram", ">= 3", {256: 1, 1024: 3, 4096: 1}, "met (>= 3)"),
        ("np.histogram", ">= 3", {256: 9, 1024: 2.9, 4096: 9}, "MISSED (>= 3)"),
        ("cv2.calcHist", "<= 5", {256: 0.1, 1024: 0.2}, "met (<= 5)"),
        ("cv2.calcHist", "<= 5", {256: 1, 1024: 0.19}, "MISSED (<= 5)"),
        (LOOP, ">= 300", {256: 299}, "MISSED (>= 300)"),
        ("cv2.filter2D", "", {256: 0.1, 1024: 0.1}, ""),
        ("skimage.x", "", {256: 1, 1024: 0.9, 4096: 2}, ""),
        ("skimage.x", "", {256: 1, 1024: 1, 4096: 0.7}, "MISSED (>= 1)"),
        ("scipy.x", "sorts nothing", {256: 1, 1024: 0.5}, "faster: it sorts nothing"),
        ("scipy.x", "sorts nothing", {256: 1, 1024: 2}, ""),
    ],
)
def test_verdict(code, note, ratios, said):
    assert bench_helpers.verdict(code, note, ratios) == said


def test_memory_verdict():
    assert bench_helpers.memory_verdict("convolve2d 3 x 3", 6) == "met (<= 6 x memory)"
    assert bench_helpers.memory_verdict("add_poisson_noise", 6.1) == "MISSED (<= 6 x memory)"
    assert bench_helpers.memory_verdict("ssim", 32) == ""


def test_slow_peers_and_loops_are_left_out_at_large_sizes(monkeypatch):
    monkeypatch.setattr(bench_helpers, "medians", lambda calls, rounds: [c() for c in calls])
    codes = {"helper": 10, LOOP: 0.1, "cv2.quick": 0.01, "cv2.slow": 0.6}
    codes = {name: lambda image, took=took: took for name, took in codes.items()}
    times = bench_helpers.timed(codes, dict.fromkeys(bench_helpers.SIDES))
    assert {name: len(took) for name, took in times.items()} == {
        "helper": 3,
        LOOP: 1,
        "cv2.quick": 3,
        "cv2.slow": 1,
    }


def test_first_below():
    history = {"seconds": [1, 2, 3, 4], "held_out": [0.5, 0.3, 0.4, 0.1]}
    assert bench_notebooks.first_below(0.35, history) == 2
    assert bench_notebooks.first_below(0.05, history) == float("inf")


def test_markdown():
    table = "| a   | b  |\n| --- | -- |\n| one | 22 |"
    assert bench.markdown(("a", "b"), [("one", 22)]) == table
    assert bench.judged(3, 3, "s") == "met (<= 3 s)"
    assert bench.judged(3.1, 3) == "MISSED (<= 3)"


# Budgets of notebooks; test_notebooks.py tries them on notebooks --------------------------------


def test_over_budget():
    budget = Cost(seconds=10, megabytes=200)
    assert over_budget(Cost(30, 600), budget) == []
    assert over_budget(Cost(31, 600), budget) == ["seconds: 31, which is more than 3 x 10"]
    assert over_budget(Cost(3, 601), budget) == ["megabytes: 601, which is more than 3 x 200"]
    assert len(over_budget(Cost(31, 601), budget)) == 2


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
