"""The digits that the course draws: balanced, all different, and like handwriting."""

import cv2
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from course_utils import drawn_digits
from course_utils.drawn_digits import Digits, draw_digits
from course_utils.mnist import FILES, data_root, load_mnist

REAL = data_root(None) / "MNIST" / "raw"
needs_mnist = pytest.mark.skipif(
    not all((REAL / name).exists() for name in FILES), reason="MNIST is not in the data folder"
)


# By hand ----------------------------------------------------------------------------------------


def test_the_pen_is_up_between_strokes():
    """Two upright strokes with nothing between them, and the same points as one stroke.

    A slant may carry ink of the two to the middle, but not in most images.
    """
    apart, as_one = "0,0 0,20 | 20,0 20,20", "0,0 0,20 20,0 20,20"
    inked = []
    for skeleton in (apart, as_one):
        rng = np.random.default_rng(0)
        dots, ends = drawn_digits._write(skeleton, 100, rng)
        middle = drawn_digits._ink(*drawn_digits._pen(dots, ends, rng))[:, 9:19, 13:15]
        inked.append(np.mean(middle.max(axis=(1, 2)) > 100))
    assert inked[0] < 0.3 < 0.9 < inked[1]


def test_the_hand_trembles_by_a_quarter_of_a_pixel_at_most():
    """Fourth differences of the dots: nothing of a smooth curve, and sqrt(70) times a tremor."""
    dots, _ = drawn_digits._write("10,0 10,10 10,20", 200, np.random.default_rng(0))
    tremor = np.diff(dots, n=4).std() / np.sqrt(70)  # in half the height of a digit: 10 pixels
    assert 0.05 < 10 * tremor < 0.25


@pytest.mark.parametrize(
    "habit", ["BEND", "SHAKE", "WIDTH", "SLANT", "TURN", "TREMOR", "RADIUS", "EDGE"]
)
def test_every_habit_shows(habit, monkeypatch):
    """The same seed draws other digits once all writers have the same habit."""
    plain = draw_digits(20, rng=0).images
    mean = getattr(drawn_digits, habit)[0]
    monkeypatch.setattr(drawn_digits, habit, (mean, mean if habit == "EDGE" else 0))
    assert not np.array_equal(draw_digits(20, rng=0).images, plain)


# Properties -------------------------------------------------------------------------------------


@given(st.integers(1, 60), st.integers(0, 2**32))
@settings(max_examples=10)
def test_drawn_digits_are_balanced_and_reproducible(count, seed):
    digits = draw_digits(np.uint64(count), rng=seed)
    assert digits.images.shape == (count, 28, 28)
    assert digits.images.dtype == np.uint8
    assert digits.labels.dtype == np.int64
    assert digits.source == "drawn"
    assert np.ptp(np.bincount(digits.labels, minlength=10)) <= 1
    again = draw_digits(count, rng=np.random.default_rng(seed))
    np.testing.assert_array_equal(digits.images, again.images)
    np.testing.assert_array_equal(digits.labels, again.labels)


@pytest.fixture(scope="module")
def drawn():
    return draw_digits(4000, rng=7)


def test_drawn_digits_are_all_different(drawn):
    assert len({image.tobytes() for image in drawn.images}) == len(drawn.images)
    assert not np.array_equal(draw_digits(9).images, draw_digits(9).images)


def test_drawn_digits_come_in_random_order(drawn):
    """Classes of neighbours agree one time in ten: 400 of 3999, give or take four times 19."""
    assert abs(np.sum(drawn.labels[1:] == drawn.labels[:-1]) - 400) < 76


def test_drawn_digits_fill_the_box(drawn):
    for image in drawn.images:
        rows, columns = np.nonzero(image)
        assert 18 <= max(np.ptp(rows), np.ptp(columns)) + 1 <= 20


def test_drawn_digits_have_their_mass_in_the_middle(drawn):
    """In the middle of pixel 14, as in MNIST, which places whole pixels: half a pixel off or less.

    Here the centre is that of the pen's way, which is not quite that of the ink.
    """
    weights = drawn.images / drawn.images.sum(axis=(1, 2), keepdims=True, dtype=float)
    for axis in (1, 2):
        centres = weights.sum(axis=3 - axis) @ np.arange(28)
        assert abs(centres.mean() - 14) < 0.1
        assert np.percentile(abs(centres - 14), 95) < 0.75
        assert abs(centres - 14).max() < 2


def test_drawn_digits_vary_in_width_slant_and_thickness(drawn):
    """The spread is a good part of that of a class of MNIST: 2 to 3 pixels; 0.2 to 0.3; 0.03."""
    pixels = np.arange(28) - 13.5
    for label in range(10):
        images = drawn.images[drawn.labels == label] / 255
        width = images.any(axis=1).sum(axis=1)
        assert width.std() > 1.9
        mass = images.sum(axis=(1, 2))
        x, y = images.sum(axis=1) @ pixels / mass, images.sum(axis=2) @ pixels / mass
        xy = np.einsum("nyx,y,x->n", images, pixels, pixels) / mass - x * y
        yy = images.sum(axis=2) @ pixels**2 / mass - y**2
        assert (xy / yy).std() > 0.15
        assert images.mean(axis=(1, 2)).std() > 0.015


def test_every_skeleton_is_drawn(monkeypatch):
    drawn, write = [], drawn_digits._write
    monkeypatch.setattr(drawn_digits, "_write", lambda *a: (drawn.append(a[0]), write(*a))[1])
    draw_digits(3000, rng=0)
    assert set(drawn) == {k for skeletons in drawn_digits.SKELETONS.values() for k in skeletons}


# Agreement with independent references ----------------------------------------------------------


@pytest.mark.parametrize("radius", [0.8, 1.5, 2.5])
def test_ink_agrees_with_opencv(radius):
    """OpenCV draws the same stroke 32 times as large, black and white; area averages shrink it.

    Its grey edge is the pixel itself, ours a ramp; their mean absolute difference on the edge's
    pixels stays below a tenth of the range.
    """
    start, end = np.array([6.3, 8.1]), np.array([20.2, 19.4])
    dots = np.linspace(start, end, 60).T[:, None]
    way = np.full((1, 60), np.hypot(*(end - start)) / 59)
    image = drawn_digits._ink(dots, way, np.full_like(way, radius), np.ones((1, 1)))[0]
    large = np.zeros((28 * 32, 28 * 32), np.uint8)
    ends = [tuple(int(v) for v in np.rint(32 * point - 0.5)) for point in (start, end)]
    cv2.line(large, *ends, 255, round(2 * 32 * radius))
    reference = cv2.resize(large, (28, 28), interpolation=cv2.INTER_AREA)
    edge = (reference > 0) & (reference < 255) | (image > 0) & (image < 255)
    assert np.abs(image.astype(int) - reference)[edge].mean() < 25.5
    assert np.abs(image.astype(int) - reference)[~edge].max() == 0


def nearest_neighbours(train, test):
    """Share of `test` whose nearest neighbour in `train` (PyTorch's distances) has its label."""
    blurred = []
    for images in (train.images, test.images):
        blurred.append(np.stack([cv2.GaussianBlur(image, (5, 5), 1.2) for image in images]))
    vectors = [torch.tensor(images, dtype=torch.float32).flatten(1) for images in blurred]
    nearest = torch.cdist(vectors[1], vectors[0]).argmin(dim=1).numpy()
    return np.mean(train.labels[nearest] == test.labels)


def test_labels_belong_to_the_images(drawn):
    """Guessing finds one in ten."""
    train = Digits(drawn.images[500:], drawn.labels[500:], "drawn")
    test = Digits(drawn.images[:500], drawn.labels[:500], "drawn")
    assert nearest_neighbours(train, test) > 0.9


def test_drawn_digits_have_the_brightness_of_mnist(drawn):
    """Mean and standard deviation of MNIST's training set, as published: 0.1307 and 0.3081."""
    assert abs(drawn.images.mean() / 255 - 0.1307) < 0.006
    assert abs(drawn.images.std() / 255 - 0.3081) < 0.01


@needs_mnist
def test_drawn_digits_are_near_real_ones(drawn):
    real = load_mnist("test")
    assert nearest_neighbours(drawn, Digits(real.images[:500], real.labels[:500], "")) > 0.8
