"""Figures: what they show, the text twin that CI compares, and what a wrong call is told."""

import io
import math
import subprocess
import sys
import time
from pathlib import Path

import ipywidgets
import matplotlib
import numpy as np
import pytest
from conftest import gray_images
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from matplotlib.patches import Rectangle
from PIL import Image

from course_utils import display as module
from course_utils.display import (
    digest,
    explore,
    panels,
    plot_curves,
    show_arrays,
    show_histograms,
    show_images,
    show_signed,
    summarize,
)

pytestmark = pytest.mark.filterwarnings("error")  # a warning would be stored in the notebook

RNG = np.random.default_rng(2022)
GRAY = RNG.integers(0, 256, (20, 30), dtype=np.uint8)
RGB = RNG.integers(0, 256, (20, 30, 3), dtype=np.uint8)
NAN, INF = float("nan"), float("inf")
ON_IMAGES = [show_images, show_histograms]
ON_ARRAYS = [show_arrays, show_signed]


def figure_of(function, *arguments, **options):
    """Return the figure that a call would show."""
    shown = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "show_figure", shown.append)
        function(*arguments, **options)
    (figure,) = shown
    return figure


def picture_of(function, *arguments, **options):
    """Return what a call hands to Jupyter."""
    shown = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "display", shown.append)
        function(*arguments, **options)
    (picture,) = shown
    return picture


def twin(function, *arguments, **options):
    return summarize(figure_of(function, *arguments, **options))


def pixels_of(picture):
    with Image.open(io.BytesIO(picture._repr_png_())) as file:
        return np.array(file), file.text


# --- by hand ------------------------------------------------------------------------------------


def test_the_twin_of_two_images():
    left, right = np.array([[0, 255]], np.uint8), np.zeros((2, 1, 3), np.uint8)
    assert twin(show_images, [left, right], ["left", "right"]).splitlines() == [
        "[left]",
        f"image 1 × 2 (gray 0…255): 0 to 255, mean 127.5, #{digest(left)}",
        "[right]",
        f"image 2 × 1 × 3 (RGB): 0 to 0, mean 0, #{digest(right)}",
    ]


def test_the_twin_of_curves():
    x, y = np.arange(3), np.array([0.5, 1 / 3, NAN])
    lines = twin(plot_curves, x, {"loss": y}, title="t", xlabel="step", ylabel="MSE").splitlines()
    assert lines == [
        "[t] x: step, y: MSE",
        f"line 'loss', 3 points: x 0 to 2, mean 1, #{digest(x)}, "
        f"y 0.3333 to 0.5, mean 0.4167, 1 not finite, #{digest(y)}",
    ]


def test_the_twin_of_a_histogram():
    image = np.array([[7, 7, 255]], np.uint8)
    counts = np.bincount([7, 7, 255], minlength=256)
    assert twin(show_histograms, image, "h").splitlines()[2:] == [
        "[untitled] x: grey level, y: pixels",
        f"histogram 'gray', 256 bins from -0.5 to 255.5: 0 to 2, mean 0.012, #{digest(counts)}",
    ]


def test_the_twin_of_bars():
    figure, (axes,) = panels()
    axes.bar(["noisy", "clean"], [3.5, 0.5], label="MSE")
    axes.set(title="t", ylabel="MSE")
    heights = digest(np.array([3.5, 0.5]))
    assert summarize(figure).splitlines() == [
        "[t] y: MSE",
        f"bars 'MSE', 2: 0.5 to 3.5, mean 2, #{heights}",
    ]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([1.0, 1.0], "1 to 1, mean 1,"),
        ([0.1, 255.0], "0.1 to 255, mean 127.6,"),  # 127.55: a tie goes up
        ([-0.0, 1e-17], "0 to 1e-17, mean 5e-18,"),
        ([-1e-17, 1.0], "0 to 1, mean 0.5,"),
        ([-2.5, 2.5], "-2.5 to 2.5, mean 0,"),
        ([12345.678, 0.0], "0 to 1.235e+04, mean 6170,"),
        ([NAN, 2.0, INF], "2 to 2, mean 2, 2 not finite,"),
        ([NAN], "no finite number among 1"),
        ([12345, 0], "0 to 12345, mean 6170,"),
    ],
)
def test_numbers_in_the_twin(values, words):
    assert f"y {words}" in twin(plot_curves, range(len(values)), {"a": np.array(values)})


@pytest.mark.parametrize("draw", ["plot", "scatter", "bar", "stairs"])
def test_an_empty_artist_has_a_twin(draw):
    figure, (axes,) = panels()
    getattr(axes, draw)(*([[]] if draw == "stairs" else [[], []]))
    assert summarize(figure)


def test_categories_have_a_twin():
    assert "line 'a', 2 points: x 0 to 1" in twin(plot_curves, ["u", "v"], {"a": [1, 2]})


# --- properties: the digest ---------------------------------------------------------------------

NICE = st.integers(-2000, 2000).flatmap(lambda k: st.sampled_from([k / 2, k / 8, k / 10, k / 300]))
FLOATS = arrays(np.float64, (4, 5), elements=st.floats(-1e3, 1e3) | NICE)
CONSTANT = st.floats(-1e3, 1e3).map(lambda value: np.full((4, 5), value))


def with_noise(values):
    """Return values that differ as on another processor: by 1e-12 of their size."""
    return values * (1 + RNG.uniform(-1e-12, 1e-12, values.shape))


@given(FLOATS | CONSTANT)
def test_a_float_digest_minds_no_last_bits(values):
    assert digest(with_noise(values)) == digest(values)


def test_a_float_digest_minds_no_last_bits_of_large_images():
    halves = np.arange(256 * 256).reshape(256, 256) % 511 / 2
    ties = np.arange(2001) / 2000  # every other one lies halfway between two thousandths
    constant = np.full((256, 256), 1 / 3)
    for values in (halves, halves / 255, ties, constant, RNG.random((256, 256))):
        assert digest(with_noise(values)) == digest(values)


@pytest.mark.parametrize("noise", [-1e-12, 0, 1e-12])
def test_numbers_in_the_twin_mind_no_last_bits(noise):
    values = np.array([127.55, 1000 - 127.55]) * (1 + noise)
    assert "y 127.6 to 872.5, mean 500" in twin(plot_curves, [0, 1], {"a": values})
    values = np.array([0.12345, 1]) * (1 + noise)  # just below 1 there are no more digits
    assert "y 0.123 to 1, mean 0.562" in twin(plot_curves, [0, 1], {"a": values})
    assert "-2.13…2.13" in twin(show_signed, np.array([[0, 2.125 * (1 + noise)]]))


@given(FLOATS, st.integers(0, 19), st.booleans())
def test_a_float_digest_minds_one_per_cent_of_the_range(values, place, up):
    low, high = values.min(), values.max()
    changed = values.copy()
    changed.flat[place] += (1 if up else -1) * (0.01 * (high - low) + 1e-3 * abs(high) + 1e-9)
    if low < changed.flat[place] < high and low < values.flat[place] < high:
        assert digest(changed) != digest(values)


@given(gray_images(), st.data())
def test_an_integer_digest_is_exact(image, data):
    place = data.draw(st.integers(0, image.size - 1))
    changed = image.copy()
    changed.flat[place] ^= 1
    assert digest(changed) != digest(image)
    assert digest(changed.astype(np.int64) * 10**9) != digest(image.astype(np.int64) * 10**9)


def test_a_digest_minds_the_shape_and_what_is_not_finite():
    arrays_ = [np.zeros((2, 3)), np.zeros((3, 2)), np.zeros(6)]
    for value in (NAN, INF, -INF):
        arrays_.append(np.array([0, value, 1, 2, 3, 4]))
    assert len({digest(array) for array in arrays_}) == len(arrays_)


def test_a_digest_minds_the_values_not_their_layout():
    for layout in (GRAY.copy("F"), np.repeat(GRAY, 2, axis=1)[:, ::2], GRAY.astype(np.int64)):
        assert digest(layout) == digest(GRAY)


# --- properties: the twin changes with all that is shown, and with nothing else -----------------


def chart(**changes):
    """Twin of a figure with one artist of each kind; `changes` replaces one of its parts."""
    part = {
        "suptitle": "all",
        "title": "chart",
        "xlabel": "x",
        "ylabel": "y",
        "scale": "linear",
        "line": [0.5, 0.25, 0.125],
        "line_x": [1, 2, 3],
        "line_label": "line",
        "counts": [1, 2, 3],
        "edges": [0, 1, 2, 3],
        "bars": [1.5, 2.5],
        "lying_bars": [3.5, 4.5],
        "points_x": [0, 100, 200],
        "points_y": [0.1, 0.2, 0.3],
        "points_color": [1, 2, 3],
        "area": [1, 2, 3],
        "level": 0.5,
        "span": 2,
        "box": (0, 0),
        "text": "here",
        "note": "there",
        "font": 10,
        "color": "black",
        "width": 1,
    }
    assert set(changes) <= set(part)
    part |= changes
    figure, (axes,) = panels()
    figure.suptitle(part["suptitle"], fontsize=part["font"])
    axes.set_title(part["title"], fontsize=part["font"])
    axes.set(xlabel=part["xlabel"], ylabel=part["ylabel"], yscale=part["scale"])
    style = {"color": part["color"], "lw": part["width"]}
    axes.plot(part["line_x"], part["line"], label=part["line_label"], **style)
    axes.stairs(part["counts"], part["edges"])
    axes.bar([0, 1], part["bars"])
    axes.barh([0, 1], part["lying_bars"])
    axes.scatter(part["points_x"], part["points_y"], c=part["points_color"])
    axes.fill_between([0, 1, 2], part["area"])
    axes.hlines(part["level"], 0, 1)
    axes.axvspan(1, part["span"])
    axes.add_patch(Rectangle(part["box"], 1, 1, fill=False))
    axes.text(0, 0, part["text"], fontsize=part["font"])
    axes.annotate(part["note"], (0, 0), (1, 1), arrowprops={})
    axes.legend(fontsize=part["font"])
    return summarize(figure)


@pytest.mark.parametrize(
    "change",
    [
        {"suptitle": "All"},
        {"title": "Chart"},
        {"xlabel": "X"},
        {"ylabel": "Y"},
        {"scale": "log"},
        {"line": [0.5, 0.252, 0.125]},
        {"line": [0.505, 0.25, 0.125]},
        {"line_x": [1, 2, 4]},
        {"line_label": "Line"},
        {"counts": [1, 2, 4]},
        {"counts": [1, 3, 2]},
        {"edges": [0, 1, 2, 4]},
        {"bars": [1.5, 2.6]},
        {"lying_bars": [3.6, 4.5]},
        {"points_x": [0, 101, 200]},
        {"points_y": [0.1, 0.202, 0.3]},
        {"points_color": [1, 3, 2]},
        {"area": [1, 2.1, 3]},
        {"level": 0.51},
        {"span": 2.1},
        {"box": (0, 0.1)},
        {"text": "Here"},
        {"note": "There"},
    ],
    ids=lambda change: "-".join(change),
)
def test_a_change_changes_the_twin(change):
    assert chart(**change) != chart()


@pytest.mark.parametrize("change", [{"font": 20}, {"color": "red"}, {"width": 5}])
def test_another_look_leaves_the_twin(change):
    assert chart(**change) == chart()


def test_another_font_leaves_the_twin_and_changes_the_picture():
    with matplotlib.rc_context({"font.family": "DejaVu Serif"}):
        other = picture_of(show_images, GRAY, "title")
    picture = picture_of(show_images, GRAY, "title")
    assert repr(other) == repr(picture)
    assert not np.array_equal(pixels_of(other)[0], pixels_of(picture)[0])


@settings(max_examples=10)  # each draws eight figures
@given(gray_images(max_side=4), st.data())
def test_one_pixel_by_one_level_changes_the_twin(image, data):
    place = data.draw(st.integers(0, image.size - 1))
    changed = image.copy()
    changed.flat[place] ^= 1
    for show in (show_images, show_arrays, show_signed, show_histograms):
        assert twin(show, changed) != twin(show, image)


@pytest.mark.parametrize("channel", [0, 1, 2])
@pytest.mark.parametrize("show", ON_IMAGES)
def test_one_channel_of_one_pixel_changes_the_twin(show, channel):
    changed = RGB.copy()
    changed[7, 9, channel] ^= 1
    assert twin(show, [GRAY, changed]) != twin(show, [GRAY, RGB])


def test_a_changed_scale_changes_the_twin():
    twins = [twin(show_images, GRAY, vmin=low, vmax=high) for low, high in [(0, 255), (1, 255)]]
    twins += [
        twin(show_images, GRAY, vmax=254),
        twin(show_signed, GRAY),
        twin(show_images, GRAY > 9),
    ]
    assert len(set(twins)) == len(twins)


# --- the picture --------------------------------------------------------------------------------


def test_the_png_carries_its_twin_and_its_digest():
    picture = picture_of(show_images, [GRAY, RGB], ["größer als 0", "RGB"])
    pixels, notes = pixels_of(picture)
    assert pixels.dtype == np.uint8
    assert pixels.shape[1:] == (module.WIDTH * module.DPI, 3)
    assert notes["Description"] == repr(picture)
    assert "[größer als 0]" in repr(picture)
    assert notes["Digest"] == digest(pixels)
    pixels[3, 3] ^= 1
    assert notes["Digest"] != digest(pixels)


def test_the_same_figure_gives_the_same_bytes():
    first, second = (picture_of(show_images, GRAY, "title")._repr_png_() for _ in range(2))
    assert first == second


# --- images -------------------------------------------------------------------------------------


def test_all_grey_images_are_shown_from_0_to_255():
    dull = np.full((4, 4), 100, np.uint8)
    figure = figure_of(show_images, [dull, GRAY, dull.astype(float), RGB])
    assert [axes.images[0].get_clim() for axes in figure.axes[:3]] == [(0, 255)] * 3
    figure = figure_of(show_histograms, [dull, GRAY])
    assert [axes.images[0].get_clim() for axes in figure.axes[:2]] == [(0, 255)] * 2


def test_the_shade_on_the_screen_is_the_grey_level():
    pixels, _ = pixels_of(picture_of(show_images, np.array([[100, 110]], np.uint8)))
    is_gray = (pixels == pixels[..., :1]).all(axis=2)
    counts = np.bincount(pixels[is_gray][:, 0], minlength=256)
    assert counts[100] > 5000
    assert counts[110] > 5000


def test_a_mask_is_shown_black_and_white():
    figure = figure_of(show_images, [np.array([[True, False]]), GRAY])
    assert [axes.images[0].get_clim() for axes in figure.axes] == [(0, 1), (0, 255)]


def test_none_takes_the_extremes():
    figure = figure_of(show_images, np.array([[3.0, 9.0]]), vmin=None, vmax=None)
    assert figure.axes[0].images[0].get_clim() == (3, 9)


@pytest.mark.parametrize("show", [show_images, show_arrays, show_signed, show_histograms])
@pytest.mark.parametrize("shape", [(2, 9), (9, 2), (1, 1)])
def test_pixels_are_square_and_inside_the_figure(show, shape):
    with matplotlib.rc_context({"image.aspect": "auto", "image.origin": "lower"}):
        figure = figure_of(show, [np.zeros(shape, np.uint8)] * 2, ["first", "second"])
    module.Picture(figure)  # lays it out
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


@pytest.mark.parametrize("show", [show_images, show_arrays, show_signed, show_histograms])
def test_images_are_left_alone(show):
    image = np.arange(12, dtype=np.uint8).reshape(3, 4)
    image.flags.writeable = False
    assert twin(show, [image, image.copy("F"), np.repeat(image, 2, axis=0)[::2]]) == twin(
        show, [image] * 3
    )


# --- grids of numbers ---------------------------------------------------------------------------


def test_each_number_stands_in_its_pixel():
    array = np.array([[0, 1, 2], [3, 4, 255]], np.uint8)
    texts = figure_of(show_arrays, array).axes[0].texts
    shown = {text.get_position()[::-1]: text.get_text() for text in texts}
    assert shown == {index: str(value) for index, value in np.ndenumerate(array)}


@pytest.mark.parametrize(("digits", "words"), [(1, "0.3"), (3, "0.333"), (5, "0.33333")])
def test_digits(digits, words):
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


def test_numbers_do_not_swell_the_twin():
    assert len(twin(show_arrays, np.zeros((20, 20), np.uint8)).splitlines()) == 2


def test_boxes_frame_whole_pixels():
    (axes,) = figure_of(show_arrays, np.zeros((4, 5)), boxes=[(1, 2, 2, 3)]).axes
    (box,) = axes.patches
    assert box.get_bbox().extents.tolist() == [1.5, 0.5, 4.5, 2.5]


def test_too_many_numbers_are_refused():
    with pytest.raises(ValueError, match="^arrays must be at most 20 x 20, but a side is 21"):
        show_arrays(np.zeros((2, 21)))


# --- negative and positive ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arrays_", "limit", "expected"),
    [
        ([[[-3.0, 1.0]]], None, 3),
        ([[[-3.0, 1.0]], [[0.0, 5.0]]], None, 5),
        ([[[-3.0, 1.0]]], 0.5, 0.5),
        ([[[0.0, 0.0]]], None, 1),
        ([[[NAN, -2.0]]], None, 2),
        ([np.array([[-128, 127]], np.int8)], None, 128),
    ],
)
def test_the_signed_scale_is_symmetric_and_zero_is_white(arrays_, limit, expected):
    arrays_ = [np.asarray(array) for array in arrays_]
    figure = figure_of(show_signed, arrays_, limit=limit)
    for axes in figure.axes[: len(arrays_)]:
        (image,) = axes.images
        assert image.get_clim() == (-expected, expected)
        assert min(image.cmap(image.norm(0))) > 0.95
        red, _, blue, _ = image.cmap(image.norm(expected))
        assert red > 2 * blue


# --- histograms and curves ----------------------------------------------------------------------


def test_histograms_hold_the_counts():
    figure = figure_of(show_histograms, [GRAY, RGB])
    gray, rgb = figure.axes[2:]
    (steps,) = gray.patches
    np.testing.assert_array_equal(steps.get_data().values, np.bincount(GRAY.ravel(), minlength=256))
    np.testing.assert_array_equal(steps.get_data().edges, np.arange(257) - 0.5)
    assert [steps.get_label() for steps in rgb.patches] == ["red", "green", "blue"]
    for channel, steps in enumerate(rgb.patches):
        counts = np.bincount(RGB[..., channel].ravel(), minlength=256)
        np.testing.assert_array_equal(steps.get_data().values, counts)


def test_the_cumulative_distribution_lies_over_the_histogram():
    figure = figure_of(show_histograms, [GRAY, GRAY // 2], cdf=True)
    shares = [axes.lines[0].get_ydata() for axes in figure.axes if axes.lines]
    for share, image in zip(shares, [GRAY, GRAY // 2], strict=True):
        np.testing.assert_allclose(share, [np.mean(image <= level) for level in range(256)])


def test_histograms_on_one_scale():
    images = [GRAY, np.zeros_like(GRAY)]
    apart = [axes.get_ylim() for axes in figure_of(show_histograms, images).axes[2:]]
    together = [
        axes.get_ylim() for axes in figure_of(show_histograms, images, sharey=True).axes[2:]
    ]
    assert apart[0] != apart[1]
    assert together[0] == together[1] == (0, max(apart)[1])


def test_histograms_beside_their_images():
    figure = figure_of(show_histograms, [GRAY, GRAY // 2], ["a", "b"], beside=True)
    first, steps, second, more = figure.axes
    assert [first.get_title(), second.get_title()] == ["a", "b"]
    for panel, image in [(steps, GRAY), (more, GRAY // 2)]:
        counts = np.bincount(image.ravel(), minlength=256)
        np.testing.assert_array_equal(panel.patches[0].get_data().values, counts)
    module.Picture(figure)  # lays it out
    assert first.get_window_extent().x1 < steps.get_window_extent().x0
    assert second.get_window_extent().y1 < first.get_window_extent().y0


def test_curves_are_named_and_labelled():
    curves = {"a": [1, 2, 3], "b": [3, 2, 1]}
    (axes,) = figure_of(plot_curves, [4, 5, 6], curves, xlabel="x", ylabel="y", title="t").axes
    assert {line.get_label(): list(line.get_ydata()) for line in axes.lines} == curves
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["a", "b"]
    assert (axes.get_title(), axes.get_xlabel(), axes.get_ylabel()) == ("t", "x", "y")


# --- sliders ------------------------------------------------------------------------------------


def gray(level=100):
    show_images(np.full((2, 3), level, np.uint8), f"level {level}")


def two(level=100, kind="dark", part=0.5):
    show_images(np.full((2, 3), level, np.uint8), f"{kind} {part:g}")


def lines_of(picture, start):
    return [line for line in repr(picture).splitlines() if line.startswith(start)]


def live_pixels(explorer):
    with Image.open(io.BytesIO(explorer.image.value)) as file:
        return np.array(file)


def test_three_settings_stand_one_below_the_other():
    explorer = picture_of(explore, gray, level=(0, 200), units={"level": "grey levels"})
    assert repr(explorer).splitlines() == [
        line
        for level in (0, 100, 200)
        for line in [
            f"level (grey levels) = {level}",
            f"[level {level}]",
            f"image 2 × 3 (gray 0…255): {level} to {level}, mean {level}, "
            f"#{digest(np.full((2, 3), level, np.uint8))}",
        ]
    ]
    pixels, notes = pixels_of(explorer)
    assert notes == {"Description": repr(explorer), "Digest": digest(pixels)}
    third = np.array_split(pixels, 3)
    for level, part in zip((0, 100, 200), third, strict=True):
        assert (part == level).all(axis=2).sum() > 5000


@pytest.mark.parametrize(
    ("controls", "captions"),
    [
        ({"level": (0, 5)}, ["level = 0", "level = 2", "level = 5"]),
        ({"level": (0, 200, 50)}, ["level = 0", "level = 100", "level = 200"]),
        ({"part": (0.0, 1.0)}, ["part = 0", "part = 0.5", "part = 1"]),
        ({"part": (0, 0.3, 0.05)}, ["part = 0", "part = 0.15", "part = 0.3"]),
        ({"kind": list("abcde")}, ["kind = a", "kind = c", "kind = e"]),
        ({"kind": ["a", "b"]}, ["kind = a", "kind = b"]),
        ({"kind": [("one", 1), ("two", 2)]}, ["kind = one", "kind = two"]),
        ({"level": ipywidgets.IntSlider(7, 0, 9)}, ["level = 0", "level = 4", "level = 9"]),
        ({"level": ipywidgets.IntText(7, description="grey")}, ["grey = 7"]),
    ],
)
def test_the_settings_by_default(controls, captions):
    explorer = picture_of(explore, lambda **settings: gray(), **controls)
    assert [line for line in repr(explorer).splitlines() if " = " in line] == captions


def test_settings_can_be_chosen():
    examples = [{}, {"level": 3}, {"kind": "b", "level": 4}]
    controls = {"level": (0, 200), "kind": ["dark", "b"]}
    explorer = picture_of(explore, two, examples=examples, **controls)
    captions = ["level = 100, kind = dark", "level = 3, kind = dark", "level = 4, kind = b"]
    assert lines_of(explorer, "level") == captions
    assert [control.value for control in explorer.controls.values()] == [100, "dark"]


def test_controls_start_at_the_defaults_of_the_function():
    controls = {"level": (0, 200, 5), "kind": ["bright", "dark"], "part": (0.0, 2.0)}
    explorer = picture_of(explore, two, **controls)
    assert [control.value for control in explorer.controls.values()] == [100, "dark", 0.5]
    explorer = picture_of(explore, lambda level: gray(level), level=(0, 200, 5))
    assert explorer.controls["level"].value == 100  # no default: the middle
    mine = ipywidgets.IntSlider(7, 0, 9)
    assert picture_of(explore, gray, level=mine).controls == {"level": mine}
    assert mine.value == 7


def test_controls_are_labelled():
    controls = {"level": (0, 200), "part": (0, 0.5, 0.025), "kind": ["dark", "b"]}
    explorer = picture_of(explore, two, units={"level": "grey levels"}, **controls)
    level, part, kind = explorer.controls.values()
    labels = [control.description for control in (level, part, kind)]
    assert labels == ["level (grey levels)", "part", "kind"]
    assert part.readout_format == ".3f"  # 0.025, not 0.03
    assert all(control.style.description_width == "initial" for control in (level, part, kind))


def test_a_moved_slider_changes_the_picture():
    explorer = picture_of(explore, gray, level=(0, 200))
    assert explorer.box.children == (explorer.controls["level"], explorer.image, explorer.words)
    assert (live_pixels(explorer) == 100).all(axis=2).sum() > 5000
    before = explorer.image.value
    explorer.controls["level"].value = 50
    assert explorer.image.value != before
    assert (live_pixels(explorer) == 50).all(axis=2).sum() > 5000
    assert ">level 50</p>" in explorer.words.value  # for who cannot see the picture
    explorer.controls["level"].value = 100
    assert explorer.image.value == before


@pytest.mark.parametrize("show", [show_images, show_signed, show_histograms])
def test_the_panels_stay_where_they_are(show):
    def two_panels(limit=9):
        show([np.full((4, 6), limit, np.uint8)] * 2, ["one", "two"])

    explorer = picture_of(explore, two_panels, limit=(1, 9))
    explorer.controls["limit"].value = 4
    quick = live_pixels(explorer)
    slow, _ = pixels_of(picture_of(two_panels, limit=4))
    assert quick.shape == slow.shape
    if show is not show_signed:  # whose numbers take other room
        np.testing.assert_array_equal(quick, slow)


def test_a_figure_of_another_size_is_laid_out_anew():
    def column(height=2):
        show_images(np.zeros((height, 2), np.uint8))

    explorer = picture_of(explore, column, height=(1, 4))
    explorer.controls["height"].value = 1
    slow, _ = pixels_of(picture_of(column, height=1))
    np.testing.assert_array_equal(live_pixels(explorer), slow)


def fails_at_seven(level=1):
    if level == 7:
        raise ZeroDivisionError("seven <b> is too much")
    gray(level)


def test_a_fault_in_the_function_is_shown_and_raised_and_left_behind():
    explorer = picture_of(explore, fails_at_seven, level=(0, 9), examples=[{}])
    slider, before = explorer.controls["level"], explorer.image.value
    with pytest.raises(ZeroDivisionError, match="seven <b> is too much"):
        slider.value = 7
    _, message = explorer.box.children
    assert 'role="alert"' in message.value  # a screen reader says it, a test can look for it
    assert "ZeroDivisionError: seven &lt;b&gt; is too much" in message.value
    assert explorer.image not in explorer.box.children
    slider.value = 1
    assert explorer.box.children == (slider, explorer.image, explorer.words)
    assert explorer.image.value == before


@pytest.mark.parametrize("examples", [[{}, {"level": 7}], None])
def test_a_fault_in_a_picture_for_paper_fails_the_cell(examples):
    with pytest.raises(ZeroDivisionError):
        explore(fails_at_seven, level=(1, 7), examples=examples)


def test_a_fault_leaves_other_figures_alone():
    with pytest.raises(ZeroDivisionError):
        explore(fails_at_seven, level=(1, 7))
    assert lines_of(picture_of(gray), "[level 100]")


def test_jupyter_gets_pictures_and_widget_in_one_output():
    explorer = picture_of(explore, gray, level=(0, 200))
    view = explorer._repr_mimebundle_()
    assert list(view) == [module.WIDGET]
    assert view[module.WIDGET]["model_id"] == explorer.box.model_id
    assert explorer._repr_png_().startswith(b"\x89PNG")


def test_a_move_costs_less_than_a_new_figure():
    """In CPU time, which other programs disturb less; the smallest of some, for the same reason."""

    def noisy(sigma=20):
        rng = np.random.default_rng(2022)
        image = rng.normal(128, sigma, (128, 128)).clip(0, 255).astype(np.uint8)
        show_histograms(image, f"sigma {sigma}", beside=True)

    def cheapest(call):
        times = []
        for sigma in range(30, 39):
            start = time.process_time()
            call(sigma)
            times.append(time.process_time() - start)
        return min(times)

    explorer = picture_of(explore, noisy, sigma=(1, 60))
    move = cheapest(lambda sigma: explorer.controls["sigma"].set_trait("value", sigma))
    afresh = cheapest(lambda sigma: picture_of(noisy, sigma))
    print(f"CPU time of a move {1000 * move:.0f} ms, {move / afresh:.2f} of that of a new figure")
    assert move < 0.85 * afresh


# --- panels -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "columns", "rows"), [(1, None, 1), (3, None, 1), (5, 3, 2), (2, 4, 1)]
)
def test_panels(count, columns, rows):
    figure, axes = panels(count, columns=columns, height=2)
    assert isinstance(axes, list)
    assert axes == figure.axes
    assert len(axes) == count
    assert figure.get_size_inches().tolist() == [module.WIDTH, 2 * rows]


# --- bad input ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("image", "options", "error"), [(GRAY / 255, {}, TypeError), (RGB, {"cdf": True}, ValueError)]
)
def test_histograms_need_grey_levels(image, options, error):
    with pytest.raises(error, match=r"^images\[0\] must"):
        show_histograms(image, **options)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: panels(0), ValueError, "count must be"),
        (lambda: panels(1.0), TypeError, "count must be"),
        (lambda: panels(height=0), ValueError, "height must be"),
        (lambda: panels(height="3"), TypeError, "height must be"),
        (lambda: show_arrays(np.eye(3), digits=0), ValueError, "digits must be"),
        (lambda: show_signed(np.eye(3), limit=0), ValueError, "limit must be"),
        (lambda: show_signed(np.eye(3), limit=-1), ValueError, "limit must be"),
        (lambda: show_signed(np.eye(3), limit="1"), TypeError, "limit must be"),
        (lambda: show_signed(np.array([[INF]])), ValueError, "limit must be"),
        (lambda: plot_curves([1, 2], {}), TypeError, "curves must be a dict"),
        (lambda: plot_curves([1, 2], [3, 4]), TypeError, "curves must be a dict"),
        (
            lambda: plot_curves([1, 2], {"a": [1, 2], "b": [1]}),
            ValueError,
            r"curves\['b'\] must have shape \(2,\) as x, not \(1,\)",
        ),
    ],
)
def test_bad_calls_are_refused(call, error, message):
    with pytest.raises(error, match=f"^{message}"):
        call()


def shows(count):
    return lambda level=1: [gray(level) for _ in range(count)]


@pytest.mark.parametrize(
    ("arguments", "options", "error", "message"),
    [
        (("gray",), {"level": (0, 9)}, TypeError, "function must be callable, not 'gray'"),
        ((gray,), {}, ValueError, "controls must name at least one argument"),
        ((gray,), {"sigma": (0, 9)}, TypeError, "function must take the controls sigma, but"),
        ((lambda a, b: None,), {"a": (0, 9)}, TypeError, "function must take the controls a, but"),
        ((gray,), {"level": 7}, TypeError, r"level must be \(min, max\), .* or a widget, not 7"),
        ((gray,), {"level": "ab"}, TypeError, r"level must be \(min, max\), .*, not 'ab'"),
        ((gray,), {"level": (1, 2, 3, 4)}, TypeError, r"level must be \(min, max\),"),
        ((gray,), {"level": (1,)}, TypeError, r"level must be \(min, max\),"),
        ((gray,), {"level": ("a", "b")}, TypeError, "each number of level must be a number"),
        ((gray,), {"level": (False, True)}, TypeError, "each number of level must be a number"),
        ((gray,), {"level": (0, NAN)}, ValueError, "each number of level must be a number"),
        ((gray,), {"level": (200, 0)}, ValueError, r"level must be .*, not \(200, 0\)"),
        ((gray,), {"level": (0, 200, 0)}, ValueError, r"level must be .*, not \(0, 200, 0\)"),
        ((gray,), {"level": (0, 2, 3)}, ValueError, r"level must be .*, not \(0, 2, 3\)"),
        ((gray,), {"level": [7]}, ValueError, "level must be a list of at least two options"),
        ((gray,), {"level": (0, 50)}, ValueError, "level cannot be set to 100"),
        ((gray,), {"level": [1, 2]}, ValueError, "level cannot be set to 100"),
        ((gray,), {"level": (0, 200), "units": "m"}, ValueError, "units must be a dict"),
        ((gray,), {"level": (0, 200), "units": {"x": "m"}}, ValueError, "units must be a dict"),
        ((gray,), {"level": (0, 200), "examples": 7}, TypeError, "examples must be a list of"),
        ((gray,), {"level": (0, 200), "examples": [7]}, TypeError, "examples must be a list of"),
        ((gray,), {"level": (0, 200), "examples": []}, ValueError, "examples must hold at least"),
        (
            (gray,),
            {"level": (0, 200), "examples": [{"sigma": 1}]},
            ValueError,
            "examples must set controls, level, not 'sigma'",
        ),
        (
            (gray,),
            {"level": (0, 200), "examples": [{"level": 201}]},
            ValueError,
            "level cannot be set to 201",
        ),
        ((shows(0),), {"level": (0, 9)}, ValueError, "function must show one figure, .* showed 0"),
        ((shows(2),), {"level": (0, 9)}, ValueError, "function must show one figure, .* showed 2"),
    ],
)
def test_what_cannot_be_explored_is_refused(arguments, options, error, message):
    with pytest.raises(error, match=f"^{message}"):
        explore(*arguments, **options)


# --- start-up -----------------------------------------------------------------------------------

SOURCES = sorted(path for path in Path(module.__file__).parent.glob("[!_]*.py"))
WITH_TORCH = [path.stem for path in SOURCES if "import torch" in path.read_text(encoding="utf-8")]
WITHOUT_TORCH = [path.stem for path in SOURCES if path.stem not in WITH_TORCH]
IMPORT = f"""
import importlib, sys
import matplotlib, numpy

def settings():
    names = set(matplotlib.rcParams) - {{"backend"}}  # a look at the backend loads pyplot
    return {{name: matplotlib.rcParams[name] for name in names}}

before = settings()
state = numpy.random.get_state()[1].tolist()
for name in {WITHOUT_TORCH}:
    importlib.import_module("course_utils." + name)
assert not {{"torch", "torchvision"}} & set(sys.modules), "torch was imported"
for name in {WITH_TORCH}:
    importlib.import_module("course_utils." + name)
assert "matplotlib.pyplot" not in sys.modules, "pyplot was imported"
assert settings() == before, "rcParams were changed"
assert numpy.random.get_state()[1].tolist() == state, "the global generator was used"
"""


def test_importing_only_defines_names(tmp_path):
    assert {"display", "histograms", "filtering"} <= set(WITHOUT_TORCH)
    ran = subprocess.run(
        [sys.executable, "-c", IMPORT], cwd=tmp_path, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout + ran.stderr == ""
    assert list(tmp_path.iterdir()) == []
