"""Sliders: what they change, where they start, and the pictures that stand in for them."""

import io

import ipywidgets
import numpy as np
import pytest
from matplotlib.layout_engine import ConstrainedLayoutEngine
from PIL import Image

from course_utils import explorers, twins
from course_utils.display import show_histograms, show_images
from course_utils.explorers import explore
from course_utils.twins import digest

pytestmark = pytest.mark.filterwarnings("error")  # a warning would be stored in the notebook


def picture_of(function, *arguments, **options):
    """Return what a call hands to Jupyter."""
    shown = []
    with pytest.MonkeyPatch.context() as patch:
        for module in (explorers, twins):
            patch.setattr(module, "display", shown.append)
        function(*arguments, **options)
    (picture,) = shown
    return picture


def pixels_of(png):
    with Image.open(io.BytesIO(png)) as file:
        return np.array(file)


def gray(level=100):
    show_images(np.full((2, 3), level, np.uint8), f"<level {level}>")


def two(level=100, kind="dark", part=0.5):
    show_images(np.full((2, 3), level, np.uint8), f"{kind} {part:g}")


def captions(explorer):
    return [line for line in repr(explorer).splitlines() if " = " in line]


# The pictures -----------------------------------------------------------------------------------


def test_three_settings_stand_one_below_the_other():
    explorer = picture_of(explore, gray, level=(0, 200), units={"level": "grey levels"})
    assert repr(explorer).splitlines() == [
        line
        for level in (0, 100, 200)
        for line in [
            f"level (grey levels) = {level}",
            f"[<level {level}>]",
            f"image 2 × 3 (gray 0…255): {level} to {level}, mean {level}, "
            f"#{digest(np.full((2, 3), level, np.uint8))}",
        ]
    ]
    png, _ = explorer._repr_png_()
    for level, part in zip((0, 100, 200), np.array_split(pixels_of(png), 3), strict=True):
        assert (part == level).sum() > 5000


@pytest.mark.parametrize(
    ("controls", "expected"),
    [
        ({"level": (0, 200, 50)}, ["level = 0", "level = 100", "level = 200"]),
        ({"part": (0, 0.3, 0.05)}, ["part = 0", "part = 0.15", "part = 0.3"]),
        ({"kind": list("abcde")}, ["kind = a", "kind = c", "kind = e"]),
        ({"kind": [("one", 1), ("two", 2)]}, ["kind = one", "kind = two"]),
        ({"level": ipywidgets.IntSlider(7, 0, 9)}, ["level = 0", "level = 4", "level = 9"]),
        ({"level": ipywidgets.IntText(7, description="grey")}, ["grey = 7"]),
    ],
)
def test_the_settings_by_default(controls, expected):
    assert captions(picture_of(explore, lambda **settings: gray(), **controls)) == expected


def test_settings_can_be_chosen():
    examples = [{"level": 3}, {"kind": "b", "level": 4}, {}]
    explorer = picture_of(explore, two, examples=examples, level=(0, 200), kind=["dark", "b"])
    assert captions(explorer) == [
        "level = 3, kind = dark",
        "level = 4, kind = b",
        "level = 100, kind = dark",
    ]
    assert [control.value for control in explorer.controls.values()] == [100, "dark"]


def test_jupyter_gets_pictures_and_widget_in_one_output():
    explorer = picture_of(explore, gray, level=(0, 200), examples=[{}])
    view = explorer._repr_mimebundle_()
    assert list(view) == ["application/vnd.jupyter.widget-view+json"]
    assert view[explorers.WIDGET]["model_id"] == explorer.box.model_id
    assert explorer._repr_png_()[0].startswith(b"\x89PNG")


# The controls -----------------------------------------------------------------------------------


def test_controls_start_at_the_defaults_of_the_function():
    controls = {"level": (0, 200, 5), "kind": ["bright", "dark"], "part": (0.0, 2.0)}
    explorer = picture_of(explore, two, examples=[{}], **controls)
    assert [control.value for control in explorer.controls.values()] == [100, "dark", 0.5]
    explorer = picture_of(explore, lambda level: gray(level), level=(0, 200, 5), examples=[{}])
    assert explorer.controls["level"].value == 100  # no default: the middle
    mine = ipywidgets.IntSlider(7, 0, 9)
    assert picture_of(explore, gray, level=mine, examples=[{}]).controls == {"level": mine}
    assert mine.value == 7


def test_controls_are_labelled():
    controls = {"level": (0, 200), "part": (0, 0.5, 0.025), "kind": ["dark", "b"]}
    units = {"level": "grey levels"}
    explorer = picture_of(explore, two, units=units, examples=[{}], **controls)
    level, part, kind = explorer.controls.values()
    for control, label in [(level, "level (grey levels)"), (part, "part"), (kind, "kind")]:
        assert control.description == control.tooltip == label
        assert control.style.description_width == "initial"  # nothing is cut off
    assert part.readout_format == ".3f"  # 0.025, not 0.03


def test_a_moved_slider_changes_the_picture():
    explorer = picture_of(explore, gray, level=(0, 200), examples=[{}])
    shown = (explorer.controls["level"], explorer.image, explorer.words, explorer.names)
    assert explorer.box.children == shown
    before = explorer.image.value
    assert (pixels_of(before) == 100).all(axis=2).sum() > 5000
    explorer.controls["level"].value = 50
    assert (pixels_of(explorer.image.value) == 50).all(axis=2).sum() > 5000
    assert ">&lt;level 50&gt;</p>" in explorer.words.value  # for who cannot see the picture
    explorer.controls["level"].value = 100
    assert explorer.image.value == before


def column(height=2):
    show_images(np.zeros((height, 2), np.uint8))


def histograms(height=9):
    show_histograms([np.full((4, 6), height, np.uint8)] * 2, ["one", "two"])


@pytest.mark.parametrize("function", [column, histograms])
def test_a_moved_slider_gives_what_a_new_figure_gives(function):
    """Whether the panels stay where they are, or the figure has another size."""
    explorer = picture_of(explore, function, height=(1, 9), examples=[{}])
    explorer.controls["height"].value = 4
    slow = twins.render(explorers._figure_of(lambda: function(height=4), {}))
    np.testing.assert_array_equal(pixels_of(explorer.image.value), slow)


def test_a_move_lays_nothing_out(monkeypatch):
    """That takes as long as to draw."""
    laid_out = []
    monkeypatch.setattr(ConstrainedLayoutEngine, "execute", lambda *_: laid_out.append(1))
    explorer = picture_of(explore, gray, level=(0, 200), examples=[{}])
    assert laid_out
    laid_out.clear()
    explorer.controls["level"].value = 50
    assert not laid_out


# Faults in the function -------------------------------------------------------------------------


def fails_at_seven(level=1):
    if level == 7:
        raise ZeroDivisionError("seven <b> is too much")
    gray(level)


def test_a_fault_in_the_function_is_shown_and_raised_and_left_behind():
    explorer = picture_of(explore, fails_at_seven, level=(0, 9), examples=[{}])
    slider, before = explorer.controls["level"], explorer.image.value
    with pytest.raises(ZeroDivisionError, match="seven <b> is too much"):
        slider.value = 7
    _, message, _ = explorer.box.children
    assert 'role="alert"' in message.value  # a screen reader says it, a test can look for it
    assert "ZeroDivisionError: seven &lt;b&gt; is too much" in message.value
    slider.value = 1
    assert explorer.box.children == (slider, explorer.image, explorer.words, explorer.names)
    assert explorer.image.value == before


def test_a_fault_in_a_picture_for_paper_fails_the_cell_and_no_other_one():
    with pytest.raises(ZeroDivisionError):
        explore(fails_at_seven, level=(1, 7))
    assert "[<level 100>]" in repr(picture_of(gray))


# Bad input: controls that do not fit together or the function -----------------------------------


def shows(count):
    return lambda level=1: [gray(level) for _ in range(count)]


@pytest.mark.parametrize(
    ("function", "options", "message"),
    [
        (gray, {"sigma": (0, 9)}, "function must take the controls sigma, but"),
        (lambda a, b: None, {"a": (0, 9)}, "function must take the controls a, but"),
        (gray, {"level": (5, 5)}, r"level must be .*, not \(5, 5\)"),
        (gray, {"level": (0, 200, 0)}, r"level must be .*, not \(0, 200, 0\)"),
        (gray, {"level": (0, 2, 3)}, r"level must be .*, not \(0, 2, 3\)"),
        (gray, {"level": [7]}, "level must be a list of at least two options"),
        (gray, {"level": (0, 50)}, "level cannot be set to 100"),
        (gray, {"level": [1, 2]}, "level cannot be set to 100"),
        (gray, {"level": (0, 200), "units": {"x": "m"}}, "units must be a dict"),
        (gray, {"level": (0, 200), "examples": [{"s": 1}]}, "examples must set controls, level, "),
        (shows(0), {"level": (0, 9)}, "function must show one figure, .* showed 0"),
        (shows(2), {"level": (0, 9)}, "function must show one figure, .* showed 2"),
    ],
)
def test_what_cannot_be_explored_is_refused(function, options, message):
    with pytest.raises((TypeError, ValueError), match=f"^{message}"):
        explore(function, **options)
