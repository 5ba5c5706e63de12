"""What a card shows, of any value that may come."""

import html

import numpy as np
import pytest
from answers import EQUALIZE, card_of

from course_utils._validation import describe
from exercises.checker.cards import Card
from exercises.checker.catalogue import find
from exercises.checker.inputs import gray, spans
from exercises.checker.judge import judge


def test_card_shows_input_expected_and_answer():
    wrong = EQUALIZE.misconceptions[0]
    card = Card(EQUALIZE, judge(EQUALIZE, wrong.function))
    for shown in (repr(card), card._repr_html_()):
        assert "expected" in shown
        assert wrong.name in shown
    assert card._repr_html_().count("<table") == 3
    assert 'href="#' in card._repr_html_()


def test_board_hears_of_ideas_that_the_exercise_lists():
    """It refuses others, such as those of any exercise."""
    wrong = EQUALIZE.misconceptions[0]
    assert Card(EQUALIZE, judge(EQUALIZE, wrong.function)).found == ("wrong", wrong.name)
    listed = Card(EQUALIZE, judge(EQUALIZE, lambda image: EQUALIZE.solution(image).tolist()))
    assert "returns a list" in repr(listed)
    assert listed.found == ("wrong", None)


def test_card_says_how_surely_an_idea_is_followed():
    wrong = next(m for m in EQUALIZE.misconceptions if m.name == "uses OpenCV's map").function

    def seldom_another(image):
        return wrong(image)[::-1, ::-1] if image.shape == (2, 3) else wrong(image)

    for answer, says in (
        (wrong, "This is what happens when code uses OpenCV's map."),
        (seldom_another, "This is nearly what happens when code uses OpenCV's map."),
        (
            lambda image: EQUALIZE.solution(image)[:2],
            "Your code leaves out rows or columns at the end.",
        ),
    ):
        assert says in repr(Card(EQUALIZE, judge(EQUALIZE, answer)))


def test_who_is_right_reads_what_was_tried():
    text = repr(Card(find("max_pool"), judge(find("max_pool"), find("max_pool").solution)))
    assert "Tried were image uint8, 1 × 1 to 41 × 31, from 0 to 255; size from 1 to 20." in text


def test_spans_of_arguments():
    cases = [{"kind": k, "n": np.array(n), "rng": 1} for k, n in (("a", [1.5]), ("b", [-2.0, 3]))]
    assert spans(cases) == "kind 'a' or 'b'; n float64, 1 to 2 long, from -2 to 3"


def test_statistics_stand_side_by_side():
    noise = find("add_gaussian_noise")
    page = Card(noise, judge(noise, noise.misconceptions[0].function))._repr_html_()
    assert page.count(">standard deviation along a column</td>") == 1
    assert page.count("outline:") == 8  # of four numbers and what they should be


def test_as_many_digits_as_tell_numbers_apart():
    text = repr(card_of(1.41421, 1.41444))
    assert "expected = 1.4142\nyours = 1.4144" in text
    assert "yours =\n  1.41421 1.41423" in repr(
        card_of(np.array([1.41421, 1.41421]), np.array([1.41421, 1.41423]))
    )
    assert "expected = 1.414\n" in repr(card_of(1.41421, 2.0))


def test_values_within_the_tolerance_get_no_frame():
    page = card_of(np.array([1.0, 2.0]), np.array([1.0 + 1e-9, 2.0001]))._repr_html_()
    assert page.count("outline:") == 2  # of expected and yours


@pytest.mark.parametrize("shape", [(40, 5, 5), (40, 1, 5, 5)])
def test_stack_of_images_is_shown_in_part(shape):
    expected, got = np.zeros((2, *shape), np.uint8)
    got[30, ..., 0, 0] = 7  # wrong in one pixel
    card = card_of(expected, got, images=expected)
    assert len(repr(card).splitlines()) < 45
    place = [30] + [0] * (len(shape) - 3)
    assert f"yours =\n{place} of " in repr(card)
    assert card._repr_html_().count("<table") == 6


def test_large_image_is_shown_in_part():
    flat, steps = np.zeros((20, 20), np.uint8), np.arange(400.0).reshape(20, 20)
    card = card_of(steps, steps + 1, image=flat)
    assert "image = 20 × 20, all 0\n" in repr(card)
    assert "expected =\n20 × 20, of which you see 12 × 12\n" in repr(card)
    page = card._repr_html_()
    assert page.count("<td") == 2 * 12 * 12
    assert page.count("20 × 20, of which you see 12 × 12") == 2


def test_who_finds_a_fault_is_told_what_to_try_next():
    exercise = find("find_lost_level")
    card = Card(exercise, judge(exercise, exercise.solution))
    assert repr(card).splitlines() == ["find_lost_level: correct", exercise.then]


def back_and_ink(page):
    """Colours of the cells of a page, the ink as a level."""
    cells = [cell.split(";")[:2] for cell in page.split('style="background:rgb(')[1:]]
    for back, ink in cells:
        level = {"color:black": 0, "color:white": 255}[ink]
        yield [int(number) for number in back.rstrip(")").split(",")], [level] * 3


def contrast(color, other):
    """Contrast of two colours after WCAG 2.2."""
    shares = np.array([color, other]) / 255
    linear = np.where(shares <= 0.04045, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4)
    dark, light = sorted(linear @ [0.2126, 0.7152, 0.0722])
    return (light + 0.05) / (dark + 0.05)


def test_ink_can_be_read_on_every_gray_and_color():
    levels = np.arange(256, dtype=np.uint8).reshape(-1, 1, 8)
    for image in levels:
        pairs = list(back_and_ink(card_of(image, 255 - image)._repr_html_()))
        assert len(pairs) == 16
        assert min(contrast(*pair) for pair in pairs) > 4.4
    primaries = gray([255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 0])[None]
    pairs = list(back_and_ink(card_of(primaries, 255 - primaries)._repr_html_()))
    assert min(contrast(*pair) for pair in pairs) > 3


def test_equal_numbers_look_equal_in_both_arrays():
    """Those of images as in the image, others from the least to the largest of both."""
    page = card_of(np.array([0.0, 1.0]), np.array([0.0, 4.0]))._repr_html_()
    assert [back[0] for back, _ in back_and_ink(page)] == [0, 63, 0, 255]
    page = card_of(gray([10, 20]), gray([10, 30]))._repr_html_()
    assert [back[0] for back, _ in back_and_ink(page)] == [10, 20, 10, 30]


@pytest.mark.parametrize(
    "got",
    [
        np.array(["a"]),
        np.array([None, 1], object),
        np.array([1j]),
        np.array([True, False]),
        np.array([np.nan, np.inf]),
        np.zeros((0, 3)),
        np.array(7),
        np.ma.array([1], mask=[True]),
        [[1], [2, 3]],
        [np.zeros(2), np.zeros(3)],
        (np.zeros(2), "two"),
        list(range(9999)),
        10**5000,
        {1: 2},
        np,
    ],
    ids=lambda got: getattr(got, "dtype", type(got)),
)
@pytest.mark.parametrize("expected", [np.ones(1), 1, (1.0, 1.0)], ids=["array", "number", "tuple"])
def test_any_value_can_be_shown_in_short(expected, got):
    card = card_of(expected, got)
    text, page = repr(card), html.unescape(card._repr_html_())
    assert "yours" in text or describe(got) in text
    assert "yours" in page or describe(got) in page
    assert len(text) < 500


def test_card_escapes_what_the_answer_says():
    def says(image):
        raise ValueError("<script>alert(1)</script>")

    assert "<script" not in Card(EQUALIZE, judge(EQUALIZE, says))._repr_html_()


def test_large_arrays_are_described_and_no_sentence_comes_twice():
    better = find("better_denoiser")
    text = repr(Card(better, judge(better, lambda network, noisy: network(noisy))))
    assert "noisy = a uint8 array of shape (30, 28, 28)" in text
    assert text.count("the network's own answer") == 1
