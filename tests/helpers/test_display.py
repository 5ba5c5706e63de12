"""Figures: what they show, on which scale, and what a wrong call is told."""

import math
import subprocess
import sys
from pathlib import Path

import matplotlib
import numpy as np
import pytest

from course_utils import display
from course_utils.display import (
    panels,
    plot_curves,
    show_arrays,
    show_histograms,
    show_images,
    show_signed,
)
from course_utils.twins import digest, render, summarize

pytestmark = pytest.mark.filterwarnings("error")  # a warning would be stored in the notebook

RNG = np.random.default_rng(2022)
GRAY = RNG.integers(0, 256, (20, 30), dtype=np.uint8)
RGB = RNG.integers(0, 256, (20, 30, 3), dtype=np.uint8)
NAN, INF = float("nan"), float("inf")
COURSE = Path(display.__file__).parent


def figure_of(function, *arguments, **options):
    """Return the figure that a call would show."""
    shown = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(display, "show_figure", shown.append)
        function(*arguments, **options)
    (figure,) = shown
    return figure


def twin(function, *arguments, **options):
    return summarize(figure_of(function, *arguments, **options))


# The twin holds all that is shown ---------------------------------------------------------------


def test_the_twin_of_a_histogram():
    image = np.array([[7, 7, 255]], np.uint8)
    counts = np.bincount([7, 7, 255], minlength=256)
    assert twin(show_histograms, image, "h").splitlines() == [
        "[h]",
        f"image 1 × 3 (gray 0…255): 7 to 255, mean 89.7, #{digest(image)}",
        "[untitled] x: grey level, y: pixels",
        f"histogram 'gray', 256 bins from -0.5 to 255.5: 0 to 2, mean 0.012, #{digest(counts)}",
    ]


@pytest.mark.parametrize("show", [show_images, show_arrays, show_signed, show_histograms])
def test_one_pixel_by_one_level_changes_the_twin(show):
    changed = GRAY[:9, :9].copy()
    changed[7, 8] ^= 1
    assert twin(show, changed) != twin(show, GRAY[:9, :9])
    if show in (show_images, show_histograms):
        changed = RGB.copy()
        changed[7, 9, 2] ^= 1
        assert twin(show, changed) != twin(show, RGB)


def test_another_scale_changes_the_twin():
    twins = [twin(show_images, GRAY, vmin=low, vmax=high) for low, high in [(0, 255), (1, 255)]]
    twins += [twin(show_images, GRAY, vmax=254), twin(show_signed, GRAY)]
    assert len(set(twins)) == 4


# Images -----------------------------------------------------------------------------------------


def limits(figure):
    """Values shown black and white, of each image in the figure."""
    return [axes.images[0].get_clim() for axes in figure.axes if axes.images]


def test_all_grey_images_are_shown_from_0_to_255():
    dull = np.full((4, 4), 100, np.uint8)
    assert limits(figure_of(show_images, [dull, GRAY, dull.astype(float)])) == [(0, 255)] * 3
    assert limits(figure_of(show_histograms, [dull, GRAY])) == [(0, 255)] * 2


def test_a_mask_is_shown_black_and_white_and_none_takes_the_extremes():
    figure = figure_of(show_images, [np.array([[True, False]]), GRAY])
    assert limits(figure) == [(0, 1), (0, 255)]
    figure = figure_of(show_images, np.array([[3.0, 9.0]]), vmin=None, vmax=None)
    assert limits(figure) == [(3, 9)]  # what it holds


def test_the_shade_on_the_screen_is_the_grey_level():
    pixels = render(figure_of(show_images, np.array([[100, 110]], np.uint8)))
    is_gray = (pixels == pixels[..., :1]).all(axis=2)
    counts = np.bincount(pixels[is_gray][:, 0], minlength=256)
    assert counts[100] > 5000
    assert counts[110] > 5000


@pytest.mark.parametrize(
    ("show", "shape"),
    [
        (show_images, (2, 9)),
        (show_images, (9, 2)),
        (show_arrays, (2, 9)),
        (show_signed, (9, 2)),
        (show_histograms, (1, 1)),
    ],
)
def test_pixels_are_square_and_inside_the_figure(show, shape):
    with matplotlib.rc_context({"image.aspect": "auto", "image.origin": "lower"}):
        figure = figure_of(show, [np.zeros(shape, np.uint8)] * 2, ["first", "second"])
    figure.draw_without_rendering()  # lays it out
    for axes in [axes for axes in figure.axes if axes.images]:
        box = axes.get_window_extent()
        assert math.isclose(box.height / box.width, shape[0] / shape[1], rel_tol=0.01)
        assert 0 <= box.x0 <= box.x1 <= figure.bbox.width
        assert 0 <= box.y0 <= box.y1 <= figure.bbox.height
        assert axes.yaxis_inverted()  # row 0 is at the top


@pytest.mark.parametrize("collect", [list, tuple, iter])
def test_images_come_alone_or_in_a_row(collect):
    assert twin(show_images, collect([GRAY])) == twin(show_images, GRAY)
    assert "20 × 30 × 3" in twin(show_images, collect([GRAY, RGB]))


@pytest.mark.parametrize(
    ("shapes", "size"),
    [
        ([(10, 10)], (9, 4.85)),  # two columns, so that it is not huge
        ([(10, 20)] * 6, (9, 2 * 1.475)),  # four columns at most
        ([(10, 40), (10, 10)], (9, 4.85)),  # the tallest decides
        ([(50, 10)] * 2, (9, 5.75)),  # but for a tower
        ([(1, 90)], (9, 0.85)),
    ],
)
def test_the_figure_is_as_high_as_its_images(shapes, size):
    figure = figure_of(show_images, [np.zeros(shape, np.uint8) for shape in shapes])
    assert figure.get_size_inches() == pytest.approx(size)


@pytest.mark.parametrize(
    ("shape", "beside", "height"),
    [((20, 10), False, 2 * 3.3), ((10, 90), False, 2 * 1.8), ((20, 10), True, 2.6)],
)
def test_the_figure_of_histograms_is_as_high_as_they_need(shape, beside, height):
    figure = figure_of(show_histograms, np.zeros(shape, np.uint8), beside=beside)
    assert figure.get_size_inches() == pytest.approx((9, height))


def test_few_pixels_stay_squares_and_many_are_averaged():
    for side, how in [(10, "nearest"), (2000, "antialiased")]:
        (axes,) = figure_of(show_images, np.zeros((side, side), np.uint8)).axes
        assert axes.images[0].get_interpolation() == how


def test_a_large_image_is_drawn_from_averages_and_told_whole(monkeypatch):
    rng = np.random.default_rng(1)
    coarse = rng.integers(0, 256, (6, 8, 3), dtype=np.uint8)
    large = np.kron(coarse, np.ones((120, 120, 1), np.uint8))  # 720 x 960
    large += rng.integers(0, 2, large.shape, dtype=np.uint8) * np.uint8(large.max() < 255)
    gray = large[..., 0]
    for image in (large, gray, gray / 7, gray > 99, gray.astype(int)):
        options = {"vmin": None, "vmax": None, "ticks": True}
        figures = []
        for limit in (10**9, 10**5):
            monkeypatch.setattr(display, "LARGE", limit)
            figures.append(figure_of(show_images, image, **options))
        whole, shrunk = figures
        assert shrunk.axes[0].images[0].get_array().shape[1] < 900
        assert summarize(shrunk) == summarize(whole)
        assert shrunk.axes[0].axis() == whole.axes[0].axis()
        difference = np.abs(render(shrunk).astype(int) - render(whole))
        assert difference.mean() < 1


def test_an_image_from_0_to_1_gets_a_hint():
    with pytest.warns(UserWarning, match=r"^images\[1\] lies in 0 … 1, .* pass vmax=1$"):
        figure_of(show_images, [GRAY, GRAY / 255])
    figure_of(show_images, [GRAY / 255], vmax=1)  # no warning, and none for these:
    figure_of(show_images, [GRAY > 9, GRAY // 255, GRAY * 0.0, GRAY / 254, GRAY * NAN])


# Grids of numbers -------------------------------------------------------------------------------


def test_each_number_stands_in_its_pixel():
    array = np.array([[0, 1, 2], [3, 4, 255]], np.uint8)
    texts = figure_of(show_arrays, array).axes[0].texts
    shown = {text.get_position()[::-1]: text.get_text() for text in texts}
    assert shown == {index: str(value) for index, value in np.ndenumerate(array)}
    assert len(twin(show_arrays, array).splitlines()) == 2  # they do not swell it
    for digits, words in [(1, "0.3"), (5, "0.33333")]:
        (text,) = figure_of(show_arrays, np.array([[1 / 3]]), digits=digits).axes[0].texts
        assert text.get_text() == words


def luminance(color):
    """Return the relative luminance of a colour, as the Web Content Accessibility Guidelines do."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in color[:3]]
    return np.dot([0.2126, 0.7152, 0.0722], linear)


@pytest.mark.parametrize(
    "array", [np.arange(256, dtype=np.uint8).reshape(16, 16), np.array([[-50.0, 300, NAN]])]
)
def test_numbers_can_be_read_on_every_shade(array):
    (axes,) = figure_of(show_arrays, array).axes
    (image,) = axes.images
    for text, value in zip(axes.texts, array.ravel()):
        shade = (1, 1, 1) if np.isnan(value) else image.cmap(image.norm(value))
        ink = matplotlib.colors.to_rgb(text.get_color())
        dark, light = sorted([luminance(shade), luminance(ink)])
        assert (light + 0.05) / (dark + 0.05) >= 4.5  # what the guidelines ask for


def test_boxes_frame_whole_pixels():
    (axes,) = figure_of(show_arrays, np.zeros((4, 5)), boxes=[(1, 2, 2, 3)]).axes
    (box,) = axes.patches
    assert box.get_bbox().extents.tolist() == [1.5, 0.5, 4.5, 2.5]


def test_boxes_that_touch_or_overlap_can_be_told_apart():
    """Each has a colour of its own, and its line lies within it."""
    (axes,) = figure_of(show_arrays, np.zeros((4, 4)), boxes=[(0, 0, 2, 2), (0, 1, 2, 2)]).axes
    first, second = axes.patches
    assert first.get_edgecolor() != second.get_edgecolor()
    for box in (first, second):
        assert box.clipbox.extents == pytest.approx(box.get_window_extent().extents)


def test_equal_cells_are_told_apart_by_lines():
    axes, single = figure_of(show_arrays, [np.zeros((2, 3)), np.zeros((1, 1))]).axes
    assert axes.get_xticks(minor=True).tolist() == [0.5, 1.5]
    assert axes.get_yticks(minor=True).tolist() == [0.5]
    assert axes.xaxis.get_minor_ticks()[0].gridline.get_visible()
    assert len(single.get_xticks(minor=True)) == 0


# Negative and positive --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arrays", "limit", "expected"),
    [
        ([[[-3.0, 1.0]], [[0.0, 5.0]]], None, 5),
        ([[[-3.0, 1.0]]], 0.5, 0.5),
        ([[[-3.0, 1.0]]], np.uint8(2), 2),
        ([[[0.0, 0.0]]], None, 1),
        ([[[NAN, -2.0]]], None, 2),
        ([[[NAN, INF]]], 3, 3),
        ([np.array([[-128, 127]], np.int8)], None, 128),
    ],
)
def test_the_signed_scale_is_symmetric_and_zero_is_white(arrays, limit, expected):
    figure = figure_of(show_signed, [np.asarray(array) for array in arrays], limit=limit)
    for axes in figure.axes[: len(arrays)]:
        (image,) = axes.images
        assert image.get_clim() == (-expected, expected)
        assert min(image.cmap(image.norm(0))) > 0.95
        red, _, blue, _ = image.cmap(image.norm(expected))
        assert red > 2 * blue


# Histograms and curves --------------------------------------------------------------------------


def test_histograms_hold_the_counts():
    gray, rgb = figure_of(show_histograms, [GRAY, RGB]).axes[2:]
    (steps,) = gray.patches
    np.testing.assert_array_equal(steps.get_data().values, np.bincount(GRAY.ravel(), minlength=256))
    np.testing.assert_array_equal(steps.get_data().edges, np.arange(257) - 0.5)
    assert [steps.get_label() for steps in rgb.patches] == ["red", "green", "blue"]
    for channel, steps in enumerate(rgb.patches):
        counts = np.bincount(RGB[..., channel].ravel(), minlength=256)
        np.testing.assert_array_equal(steps.get_data().values, counts)


def test_the_bar_of_a_single_level_can_be_seen():
    """Though it is thinner than a pixel of the screen."""
    levels = [np.full((4, 4), level, np.uint8) for level in range(100, 104)]
    pixels = render(figure_of(show_histograms, levels)).astype(int)
    is_blue = pixels[..., 2] - pixels[..., 0] > 20  # all else is grey
    assert np.count_nonzero(is_blue.any(axis=0)) >= len(levels)


def test_the_cumulative_distribution_lies_over_the_histogram():
    figure = figure_of(show_histograms, [GRAY, GRAY // 2], cdf=True)
    shares = [axes.lines[0].get_ydata() for axes in figure.axes if axes.lines]
    for share, image in zip(shares, [GRAY, GRAY // 2], strict=True):
        np.testing.assert_allclose(share, [np.mean(image <= level) for level in range(256)])


def test_histograms_on_one_scale():
    images = [GRAY, np.zeros_like(GRAY)]
    apart = [axes.get_ylim() for axes in figure_of(show_histograms, images).axes[2:]]
    figure = figure_of(show_histograms, images, sharey=True)
    assert apart[0] != apart[1]
    assert [axes.get_ylim() for axes in figure.axes[2:]] == [(0, max(apart)[1])] * 2


def test_histograms_beside_their_images():
    figure = figure_of(show_histograms, [GRAY, GRAY // 2], ["a", "b"], beside=True)
    first, steps, second, more = figure.axes
    assert [first.get_title(), second.get_title()] == ["a", "b"]
    for panel, image in [(steps, GRAY), (more, GRAY // 2)]:
        counts = np.bincount(image.ravel(), minlength=256)
        np.testing.assert_array_equal(panel.patches[0].get_data().values, counts)
    figure.draw_without_rendering()  # lays it out
    assert first.get_window_extent().x1 < steps.get_window_extent().x0
    assert second.get_window_extent().y1 < first.get_window_extent().y0


def test_curves_are_named_and_labelled():
    curves = {"a": [1, 2, 3], "b": [3, 2, 1]}
    (axes,) = figure_of(plot_curves, [4, 5, 6], curves, xlabel="x", ylabel="y", title="t").axes
    assert {line.get_label(): list(line.get_ydata()) for line in axes.lines} == curves
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["a", "b"]
    assert (axes.get_title(), axes.get_xlabel(), axes.get_ylabel()) == ("t", "x", "y")


@pytest.mark.parametrize(("count", "columns", "rows"), [(3, None, 1), (5, 3, 2), (6, 3, 2)])
def test_panels(count, columns, rows):
    figure, axes = panels(count, columns=columns, height=2)
    assert axes == figure.axes
    assert len(axes) == count
    assert figure.get_size_inches().tolist() == [display.WIDTH, 2 * rows]


# Bad input: what is wrong only beside another argument ------------------------------------------


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: show_histograms(RGB, cdf=True), r"images\[0\] must have shape"),
        (lambda: show_images(GRAY, vmin=9, vmax=8), "vmin must be at most vmax"),
        (lambda: show_arrays(np.zeros((2, 21))), "arrays must be at most 20 x 20, .* is 21"),
        (lambda: show_signed([GRAY, np.array([[INF]])]), r"arrays\[1\] must .* it holds infinity"),
        (lambda: show_signed(np.array([[NAN]])), r"arrays\[0\] must .* it holds NaN only"),
        (lambda: show_images([GRAY] * 101), "images must be at most 100 arrays, not 101"),
        (lambda: show_histograms([GRAY] * 51), "images must be at most 50 arrays, not 51"),
        (
            lambda: plot_curves([1, 2], {"a": [1, 2], "b": [1]}),
            r"curves\['b'\] must have shape \(2,\) as x, not \(1,\)",
        ),
    ],
)
def test_what_does_not_fit_together_is_refused(call, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        call()


# Start-up ---------------------------------------------------------------------------------------

SOURCES = {path.stem: path.read_text("utf-8") for path in COURSE.glob("[!_]*.py")}
WITH_TORCH = sorted(name for name, source in SOURCES.items() if "import torch" in source)
WITHOUT_TORCH = sorted(SOURCES.keys() - WITH_TORCH)
IMPORT = f"""
import importlib, sys
import matplotlib, numpy

def state():
    names = set(matplotlib.rcParams) - {{"backend"}}  # a look at the backend loads pyplot
    settings = {{name: matplotlib.rcParams[name] for name in names}}
    return settings, numpy.random.get_state()[1].tolist()

before = state()
for name in {WITHOUT_TORCH}:
    importlib.import_module("course_utils." + name)
assert not {{"torch", "torchvision"}} & set(sys.modules), "torch was imported"
for name in {WITH_TORCH}:
    importlib.import_module("course_utils." + name)
assert "matplotlib.pyplot" not in sys.modules, "pyplot was imported"
assert state() == before, "rcParams were changed, or the global generator was used"
"""


def test_importing_only_defines_names(tmp_path):
    assert {"display", "mnist", "drawn_digits"} <= set(WITHOUT_TORCH)
    command = [sys.executable, "-c", IMPORT]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
    assert list(tmp_path.iterdir()) == []
