"""The stored pictures are what `images/render_images.py` draws, and fit for what they teach."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

FOLDER = Path(__file__).resolve().parents[2] / "images"
# NumPy's sin, cos, exp and power may differ in the last bit from one processor to the next, and a
# value that then falls on the other side of a rounding limit is one grey level off. Such values
# are very rare; whatever is more than that is another picture.
MOST_LEVELS = 1
MOST_VALUES = 0.001


def load_script():
    spec = importlib.util.spec_from_file_location("render_images", FOLDER / "render_images.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


render_images = load_script()


def stored(name):
    with Image.open(FOLDER / f"{name}.png") as file:
        return np.array(file)


# The files are the drawings ---------------------------------------------------------------------


@pytest.mark.parametrize("name", render_images.PICTURES)
def test_drawing_again_gives_the_stored_picture(name):
    drawn, kept = render_images.PICTURES[name](), stored(name)
    assert drawn.dtype == np.uint8
    assert drawn.shape == kept.shape
    difference = np.abs(drawn.astype(int) - kept.astype(int))
    assert difference.max() <= MOST_LEVELS
    assert np.mean(difference > 0) <= MOST_VALUES


def test_saving_replaces_the_file_and_leaves_nothing_else(tmp_path):
    path = tmp_path / "picture.png"
    path.write_bytes(b"something old")
    render_images.save(stored("card"), path)
    assert list(tmp_path.iterdir()) == [path]
    with Image.open(path) as file:
        np.testing.assert_array_equal(np.array(file), stored("card"))


# The pictures are fit for what they teach -------------------------------------------------------


def grey(name):
    return np.rint(stored(name) @ [0.299, 0.587, 0.114]).astype(int)


def test_meadow_uses_nearly_the_whole_grey_range_evenly():
    meadow = grey("meadow")
    counts = np.bincount(meadow.ravel(), minlength=256)
    low, high = np.percentile(meadow, [1, 99])
    assert low < 20
    assert high > 235
    assert 110 <= meadow.mean() <= 130
    assert np.count_nonzero(counts) > 240
    assert counts.max() < 0.03 * meadow.size  # no level stands out


def test_meadow_is_colorful():
    meadow = stored("meadow").astype(int)
    assert np.mean(np.ptp(meadow, axis=2) > 60) > 0.5


def test_city_has_strong_edges_both_ways():
    city = grey("city")[:300]  # above the water
    for axis in (0, 1):
        assert np.mean(np.abs(np.diff(city, axis=axis)) > 40) > 0.02


def test_card_has_flat_areas():
    card = grey("card")
    flat = (np.diff(card, axis=1)[1:] == 0) & (np.diff(card, axis=0)[:, 1:] == 0)
    assert flat.mean() > 0.7


def blocks(image, size):
    """One row for each block of size x size pixels."""
    height, width = (length // size for length in image.shape)
    cut = image[: height * size, : width * size].reshape(height, size, width, size)
    return cut.swapaxes(1, 2).reshape(-1, size * size).astype(float)


@pytest.mark.parametrize("size", [4, 8])
@pytest.mark.parametrize("name", ["web_dark_on_light", "web_light_on_dark"])
def test_extreme_pooling_keeps_the_threads_and_mean_pooling_loses_them(name, size):
    image = stored(name)
    if name == "web_light_on_dark":
        image = 255 - image  # turns its light threads dark, and the maximum into the minimum
    pooled = blocks(image, size)
    background = pooled.max(axis=1)
    threads = background - pooled.min(axis=1) > 80
    assert 0.1 < threads.mean() < 0.6  # a web, and the gaps in it
    extreme = np.median((background - pooled.min(axis=1))[threads])
    mean = np.median((background - pooled.mean(axis=1))[threads])
    assert extreme > 120
    assert mean < extreme * {4: 0.5, 8: 0.3}[size]
