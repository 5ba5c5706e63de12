"""Text twins: they change with all that a figure shows, and with nothing else."""

import io

import matplotlib
import numpy as np
import pytest
from conftest import gray_images
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from matplotlib.patches import Rectangle
from PIL import Image

from course_utils import display, twins
from course_utils.display import DPI, WIDTH, panels, plot_curves, show_histograms, show_images
from course_utils.images import load_image
from course_utils.twins import digest, summarize

pytestmark = pytest.mark.filterwarnings("error")  # a warning would be stored in the notebook

RNG = np.random.default_rng(2022)
GRAY = RNG.integers(0, 256, (20, 30), dtype=np.uint8)
RGB = RNG.integers(0, 256, (20, 30, 3), dtype=np.uint8)
NAN, INF = float("nan"), float("inf")


def twin(draw):
    """Lines about a figure with one panel, into which `draw` draws."""
    figure, (axes,) = panels()
    draw(axes)
    return summarize(figure).splitlines()


def line(values):
    """What a twin says of the values of a line."""
    return twin(lambda axes: axes.plot(np.array(values)))[1].partition(", y ")[2]


@pytest.fixture
def picture_of(monkeypatch):
    """Function that returns what a call hands to Jupyter."""

    def call(function, *arguments, **options):
        shown = []
        monkeypatch.setattr(twins, "display", shown.append)
        function(*arguments, **options)
        (picture,) = shown
        return picture

    return call


# By hand ----------------------------------------------------------------------------------------


def test_the_twin_of_two_images(picture_of):
    left, right = np.array([[0, 255]], np.uint8), np.zeros((2, 1, 3), np.uint8)
    assert repr(picture_of(show_images, [left, right], ["left", "right"])).splitlines() == [
        "[left]",
        f"image 1 × 2 (gray 0…255): 0 to 255, mean 127.5, #{digest(left)}",
        "[right]",
        f"image 2 × 1 × 3 (RGB): 0 to 0, mean 0, #{digest(right)}",
    ]


def test_the_twin_of_a_line():
    x, y = np.arange(3), np.array([0.5, 1 / 3, NAN])

    def draw(axes):
        axes.plot(x, y, label="loss")
        axes.set(title="t", xlabel="step", ylabel="MSE")

    assert twin(draw) == [
        "[t] x: step, y: MSE",
        f"line 'loss', 3 points: x 0 to 2, mean 1, #{digest(x)}, "
        f"y 0.3333 to 0.5, mean 0.4167, 1 not finite, #{digest(y)}",
    ]


def test_only_a_label_that_somebody_gave_is_named():
    figure, (axes,) = panels()
    axes.plot([0, 1], [0, 1])
    axes.plot([0, 1], [1, 0], label="falling")
    bare, named = summarize(figure).splitlines()[1:]
    assert bare.startswith("line, 2 points")
    assert named.startswith("line 'falling', 2 points")


def test_the_twin_of_bars():
    heights = digest(np.array([3.5, 0.5]))
    assert twin(lambda axes: axes.bar(["noisy", "clean"], [3.5, 0.5], label="MSE")) == [
        "[untitled]",
        f"bars 'MSE', 2: 0.5 to 3.5, mean 2, #{heights}",
    ]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([0.1, 255.0], "0.1 to 255, mean 127.6,"),  # 127.55: a tie goes up
        ([-0.0, 1e-17], "0 to 1e-17, mean 5e-18,"),
        ([-1e-17, 1.0], "0 to 1, mean 0.5,"),
        ([12345.678, 0.0], "0 to 1.235e+04, mean 6170,"),
        ([12345, 0], "0 to 12345, mean 6170,"),
        ([NAN, 2.0, INF], "2 to 2, mean 2, 2 not finite,"),
        ([NAN], "no finite number among 1"),
    ],
)
def test_numbers_in_the_twin(values, words):
    assert line(values).startswith(words)


@pytest.mark.parametrize("draw", ["plot", "scatter", "bar", "stairs"])
def test_an_empty_artist_has_a_twin(draw):
    nothing = [[]] if draw == "stairs" else [[], []]
    assert len(twin(lambda axes: getattr(axes, draw)(*nothing))) == 2


# Properties: the digest -------------------------------------------------------------------------

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
    for values in (halves, halves / 255, ties, RNG.random((256, 256))):
        assert digest(with_noise(values)) == digest(values)


@pytest.mark.parametrize("noise", [-1e-12, 1e-12])
def test_numbers_in_the_twin_mind_no_last_bits(noise):
    values = np.array([127.55, 1000 - 127.55]) * (1 + noise)
    assert line(values).startswith("127.6 to 872.5, mean 500,")
    values = np.array([0.12345, 1]) * (1 + noise)  # just below 1 there are no more digits
    assert line(values).startswith("0.123 to 1, mean 0.562,")


@pytest.mark.parametrize(("low", "width"), [(0, 1), (-7, 3), (100, 0.01)])
def test_a_float_digest_minds_more_than_a_thousandth_of_the_range(low, width):
    for share in np.linspace(0.001, 0.998, 300):
        one, other = ([0, middle, 1] for middle in (share, share + 0.0011))
        assert digest(low + width * np.array(one)) != digest(low + width * np.array(other))


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
    assert {len(digest(array)) for array in arrays_} == {6}


def test_a_digest_is_what_it_has_been():
    """Stored notebooks hold digests."""
    assert digest(np.arange(12, dtype=np.uint8).reshape(3, 4)) == "e3f04a"
    assert digest(np.array([[0.0, 1 / 3, NAN], [INF, -INF, 2.0]])) == "92a73c"


def test_strips_leave_no_seam(monkeypatch):
    arrays_ = [GRAY, RGB, GRAY.T / 7, np.float32(RGB) / 7, np.array(3.0), np.zeros((0, 2))]
    whole = [digest(array) for array in arrays_]
    monkeypatch.setattr(twins, "STRIP", 7)
    assert [digest(array) for array in arrays_] == whole


def test_a_digest_minds_the_values_not_their_layout():
    for layout in (GRAY.copy("F"), np.repeat(GRAY, 2, axis=1)[:, ::2], GRAY.astype(np.int64)):
        assert digest(layout) == digest(GRAY)


# Properties: the twin changes with all that is shown, and with nothing else ---------------------


def plain_chart(axes):
    """Draw one artist of each kind."""
    axes.set(title="chart", xlabel="x", ylabel="y")
    axes.plot([1, 2, 3], [0.5, 0.25, 0.125], label="line")
    axes.stairs([1, 2, 3], [0, 1, 2, 3])
    axes.bar([0, 1], [1.5, 2.5])
    axes.barh([0, 1], [3.5, 4.5])
    axes.scatter([0, 100, 200], [0.1, 0.2, 0.3], c=[1, 2, 3])
    axes.fill_between([0, 1, 2], [1, 2, 3])
    axes.hlines(0.5, 0, 1)
    axes.axvspan(1, 2)
    axes.add_patch(Rectangle((0, 0), 1, 1, fill=False))
    axes.text(0, 0, "here")
    axes.annotate("there", (0, 0), (1, 1), arrowprops={})
    axes.figure.suptitle("all")


CHANGES = {
    "figure's title": lambda axes: axes.figure.suptitle("All"),
    "title": lambda axes: axes.set_title("Chart"),
    "x label": lambda axes: axes.set_xlabel("X"),
    "y label": lambda axes: axes.set_ylabel("Y"),
    "scale": lambda axes: axes.set_yscale("log"),
    "line": lambda axes: axes.lines[0].set_ydata([0.5, 0.252, 0.125]),
    "x of a line": lambda axes: axes.lines[0].set_xdata([1, 2, 4]),
    "name of a line": lambda axes: axes.lines[0].set_label("Line"),
    "counts": lambda axes: axes.patches[0].set_data([1, 3, 2]),
    "edges": lambda axes: axes.patches[0].set_data(edges=[0, 1, 2, 4]),
    "bars": lambda axes: setattr(axes.containers[0], "datavalues", np.array([1.5, 2.6])),
    "points": lambda axes: axes.collections[0].set_offsets([[0, 0.1], [100, 0.202], [200, 0.3]]),
    "colours": lambda axes: axes.collections[0].set_array([1, 3, 2]),
    "area": lambda axes: axes.collections[1].set_verts([[(0, 0), (1, 2.1), (2, 3)]]),
    "level": lambda axes: axes.collections[2].set_segments([[[0, 0.51], [1, 0.51]]]),
    "span": lambda axes: axes.patches[5].set_width(1.1),
    "box": lambda axes: axes.patches[6].set_y(0.1),
    "text": lambda axes: axes.texts[0].set_text("Here"),
    "note": lambda axes: axes.texts[1].set_text("There"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_changes_the_twin(change):
    assert twin(lambda axes: (plain_chart(axes), change(axes))) != twin(plain_chart)


def test_another_look_leaves_the_twin():
    style = {"font.family": "DejaVu Serif", "font.size": 20, "text.color": "red"}
    with matplotlib.rc_context(style | {"lines.linewidth": 5, "patch.facecolor": "red"}):
        assert twin(plain_chart) == twin(lambda axes: (plain_chart(axes), axes.legend()))


# The picture ------------------------------------------------------------------------------------


def stored(picture):
    """What a picture stores, as a Pillow image, and the size at which it is shown."""
    png, size = picture._repr_png_()
    with Image.open(io.BytesIO(png)) as image:
        image.load()
    return image, size


def test_the_png_carries_its_twin_and_its_digest(picture_of):
    titles = ["größer als 0", "RGB"]
    picture = picture_of(show_images, [GRAY, RGB], titles)
    image, _ = stored(picture)
    assert picture._repr_png_() == picture_of(show_images, [GRAY, RGB], titles)._repr_png_()
    digest_of_pixels = digest(np.array(image.convert("RGB")))
    assert image.text == {"Description": repr(picture), "Digest": digest_of_pixels}
    assert "[größer als 0]" in repr(picture)


@pytest.mark.parametrize(
    ("show", "scale"),
    [
        (lambda: plot_curves([0, 1], {"a": [1, 0]}), 2),
        (lambda: show_images([GRAY, RGB]), 2),  # squares, as fine as lettering
        (lambda: show_images([GRAY, np.zeros((450, 450), np.uint8)]), 1),  # more than are drawn
    ],
)
def test_a_picture_has_twice_the_pixels_that_are_shown_but_a_photograph(picture_of, show, scale):
    image, size = stored(picture_of(show))
    assert image.width == scale * WIDTH * DPI
    assert size == {"width": image.width // scale, "height": image.height // scale}


def drawn_and_stored(show):
    """Pixels of a figure as they are drawn, and the image that is stored."""
    figures = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(display, "show_figure", figures.append)
        show()
    image, _ = stored(twins.Picture(*figures))
    return twins.render(*figures, image.width // (WIDTH * DPI)), image


@pytest.mark.parametrize(
    ("image", "mode", "largest", "mean"),
    [
        (GRAY, "L", 0, 0),
        (np.uint8([[[255, 0, 0], [0, 0, 254]]]), "P", 0, 0),
        (load_image("camera"), "L", 1, 0.7),
        (load_image("astronaut"), "P", 60, 1.5),
    ],
)
def test_what_is_stored_looks_as_what_is_drawn(image, mode, largest, mean):
    """Grey stays grey, few colours stay exact; of a photograph's greys, none is off by over 1."""
    drawn, kept = drawn_and_stored(lambda: show_images(image))
    difference = np.abs(np.asarray(kept.convert("RGB")) - drawn.astype(int))
    assert kept.mode == mode
    assert difference.max() <= largest
    assert difference.mean() <= mean


def test_black_and_white_stay_so_beside_colours():
    drawn, kept = drawn_and_stored(lambda: show_histograms(load_image("camera")))
    is_end = (drawn == 0).all(axis=2) | (drawn == 255).all(axis=2)
    np.testing.assert_array_equal(np.asarray(kept.convert("RGB"))[is_end], drawn[is_end])
