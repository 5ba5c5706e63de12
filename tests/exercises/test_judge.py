"""The judge finds what is wrong, on the smallest input, and the idea behind it."""

import sys
from dataclasses import replace

import numpy as np
import pytest
from answers import EQUALIZE, endless_and_deaf, largest_side

from exercises.checker import judge as judging
from exercises.checker import running
from exercises.checker.cards import Card
from exercises.checker.catalogue import find
from exercises.checker.exercise import Misconception
from exercises.checker.judge import is_stub, judge

NOISE, GAINS, POOL = map(find, ("add_gaussian_noise", "kernel_gains", "max_pool"))


# fmt: off
def dots(image): ...
def passes(image, size: int = 3) -> int: pass
def words(image):
    """What it does."""
def words_and_dots(image):
    """What it does."""
    ...
def words_and_pass(image):
    """What it does."""
    pass
def none(image): return None
def text(image): return "text"
def words_and_text(image):
    """What it does."""
    return "What it does."
def itself(image): return image
def black(image): return 0
# fmt: on


def test_stubs_are_not_written_yet():
    stubs = (dots, passes, words, words_and_dots, words_and_pass, none, lambda *_: None)
    assert all(judge(EQUALIZE, stub).kind == "unwritten" for stub in stubs)
    assert not any(map(is_stub, (text, words_and_text, itself, black, np.sum)))


def test_function_called_by_mistake():
    assert "without parentheses" in judge(EQUALIZE, np.zeros((2, 2), np.uint8)).says


def test_endless_answer_is_stopped_at_its_first_input(monkeypatch):
    monkeypatch.setattr(running, "SECONDS", 0.5)
    verdict = judge(EQUALIZE, endless_and_deaf)
    assert (verdict.kind, verdict.tried) == ("slow", 1)


def test_all_calls_share_a_limit(monkeypatch):
    monkeypatch.setattr(judging, "SECONDS", 0)
    assert judge(EQUALIZE, EQUALIZE.solution).tried == 1


def for_ever_deeper(image):
    return for_ever_deeper(image)


def test_seed_taken_for_a_generator_is_told_how_to_become_one():
    begin = "rng = np.random.default_rng(rng)"
    assert begin in judge(NOISE, lambda image, sigma, rng: rng.normal(image, sigma)).says
    assert begin not in judge(NOISE, lambda image, sigma, rng: image.normal(sigma)).says


@pytest.mark.parametrize(
    ("function", "says"),
    [
        (for_ever_deeper, "RecursionError"),
        (lambda image: sys.exit(3), "SystemExit"),
        (lambda image: image[9, 9], "IndexError"),
        (lambda image: input(), "RuntimeError: input"),
        (lambda image, more: image, "TypeError"),
    ],
)
def test_error_is_shown_on_the_smallest_input(function, says):
    verdict = judge(EQUALIZE, function)
    assert verdict.kind == "raised"
    assert verdict.says.startswith(says)
    assert largest_side(verdict.arguments) == 1


def test_fewer_pixels_are_smaller_than_darker_ones():
    def fails_on_pairs_and_on_a_gray_pixel(image):
        is_wrong = image.shape == (1, 2) or (image.size == 1 and image.max() > 0)
        return image if is_wrong else EQUALIZE.reference(image)

    verdict = judge(EQUALIZE, fails_on_pairs_and_on_a_gray_pixel)
    assert verdict.kind == "wrong"
    assert verdict.arguments["image"].shape == (1, 1), "though a black pair is darker"


def test_darkest_of_the_smallest_images_is_shown():
    def forgets_bright_ones(image):
        return 0 * image if image.max() > 100 else EQUALIZE.reference(image)

    verdict = judge(EQUALIZE, forgets_bright_ones)
    assert verdict.arguments["image"].tolist() == [[101]]
    assert verdict.misconception.name == "is wrong only where image holds 101 or more"


def test_answer_that_changes_its_argument_is_wrong():
    def in_place(image):
        result = EQUALIZE.reference(image)
        image[:] = 0
        return result

    says = judge(EQUALIZE, in_place).says
    assert says == "the result is right, but it changed its argument 'image'"


def test_answer_that_looks_at_another_image_is_told_so():
    other = judge(EQUALIZE, lambda image: np.zeros((5, 5), np.uint8)).misconception
    assert other.name == "returns the same for all inputs"
    dark = judge(EQUALIZE, lambda image: np.zeros_like(image)).misconception
    assert dark.name == "returns the same whatever image holds", "not the same shape each time"
    unknown = replace(find("find_lost_level"), misconceptions=())
    lost = judge(unknown, lambda: np.full((9, 9), 7, np.uint8))
    assert lost.kind == "wrong"
    assert lost.misconception is None, "one call, without arguments"


def test_noise_must_heed_its_seed():
    def deaf(image, sigma, rng):
        drawn = np.random.normal(0, sigma, image.shape)  # noqa: NPY002
        return np.clip(np.rint(image + drawn), 0, 255).astype(np.uint8)

    card = repr(Card(NOISE, judge(NOISE, deaf)))
    assert "The result does not follow the seed; does it use rng?" in card
    assert "code does not use rng" in card
    assert "expected" not in card, "the statistics are right"


def test_error_without_any_value_is_known_by_its_words_only():
    known = judge(GAINS, lambda kernel: (kernel.sum(), sum(kernel.ravel() ^ 2))).misconception
    assert known.name == "writes ^ for a power"
    assert judge(GAINS, lambda kernel: len(3)).misconception is None, "a TypeError, too"


def test_error_of_another_sort_is_another_idea():
    def black(image, error=ZeroDivisionError):
        if image.shape == (2, 2):
            raise error
        return 0 * image

    idea = Misconception("divides by zero", black, "")
    exercise = replace(EQUALIZE, misconceptions=(idea,))
    assert judge(exercise, lambda image: black(image)).misconception == idea
    assert judge(exercise, lambda image: black(image, IndexError)).misconception != idea


def test_fault_must_be_shown_in_the_words_of_the_exercise():
    """A sentence that the solution happens to give is not enough."""
    exercise = find("find_lost_level")
    assert judge(replace(exercise, shows="all is well"), exercise.solution).kind == "wrong"


def test_same_code_gets_same_answer():
    def by_chance(image):
        noise = np.random.default_rng().integers(0, 2, image.shape) + np.random.randint(2)  # noqa: NPY002
        return (EQUALIZE.reference(image) + noise).astype(np.uint8)

    cards = [repr(Card(EQUALIZE, judge(EQUALIZE, by_chance))) for _ in range(2)]
    assert cards[0] == cards[1]


def fails(*arguments):
    raise ZeroDivisionError("in the course")


@pytest.mark.parametrize("part", ["reference", "observe"])
def test_fault_of_the_course_is_no_verdict(part):
    verdict = judge(replace(EQUALIZE, **{part: fails}), EQUALIZE.solution)
    assert (verdict.kind, verdict.says) == ("broken", "ZeroDivisionError: in the course")


# Names ------------------------------------------------------------------------------------------


def named(exercise, function):
    idea = judge(exercise, function).misconception
    return idea and idea.name


def add_noise(image, sigma, rng):
    noisy = image + np.random.default_rng(rng).normal(0, sigma, image.shape)
    return np.clip(np.rint(noisy), 0, 255)


def test_fault_of_form_is_said_before_any_name():
    verdict = judge(NOISE, add_noise)  # right, but for the dtype
    assert verdict.says == "its dtype is float64, but must be uint8"
    assert verdict.misconception.name == "makes float64 of the result"


def test_harmless_extra_does_not_cost_the_name():
    rounded = next(m for m in EQUALIZE.misconceptions if m.name == "rounds to the nearest level")

    def treats_one_pixel_apart(image):
        return image * 0 + 255 if image.size == 1 else rounded.function(image)

    def converts(image):
        return rounded.function(image).astype(int).astype(np.uint8)

    assert named(EQUALIZE, treats_one_pixel_apart) == named(EQUALIZE, converts) == rounded.name


def test_one_hit_is_no_idea():
    """An answer that is wrong on one input only agrees there with many ideas by chance."""
    idea = Misconception("makes all white", lambda image: 0 * image + 255, "")

    def white_for_one(image):
        white = image.shape == (2, 2) and image[0, 0] == 100
        return 0 * image + 255 if white else EQUALIZE.reference(image)

    assert named(replace(EQUALIZE, misconceptions=(idea,)), white_for_one) is None


def test_two_ideas_are_none():
    """Both do the same as the answer where it is wrong, and one of them would be untrue."""

    def wrong_at_one(image, also):
        wrong = image.shape in ((1, 1), (1, 2), (1, 3), also)
        return 0 * image if wrong else EQUALIZE.reference(image)

    ideas = [
        Misconception(str(also), lambda image, also=also: wrong_at_one(image, also), "")
        for also in ((1, 4), (4, 1))
    ]
    exercise = replace(EQUALIZE, misconceptions=tuple(ideas))
    assert named(exercise, ideas[1].function) == "(4, 1)"
    assert named(exercise, lambda image: wrong_at_one(image, (1, 3))) is None


def test_one_of_two_choices_is_no_idea():
    """Who always takes the maximum does the same as who chooses wrongly, wherever that is wrong."""
    exercise = find("keep_detail")
    known = {idea.name: idea for idea in exercise.misconceptions}
    always = known.pop("takes the maximum of every image tried")
    others = replace(exercise, misconceptions=tuple(known.values()))
    assert named(others, always.function) is None


def test_finding_has_a_name_whatever_the_size():
    gap, guess = find("find_largest_gap"), find("find_wrong_guess")
    assert named(gap, lambda: np.full((3, 5), 9, np.uint8)) == "takes a constant image that is grey"
    assert named(gap, lambda: np.array([[0, 9, 0, 9]], np.uint8)).startswith("takes an image that")
    brighter = named(gap, lambda: np.array([[0, 0, 0, 9, 9]], np.uint8))
    assert brighter == "leaves many pixels that are not black"
    assert named(gap, lambda: np.array([[3, 3, 3, 9, 9]], np.uint8)) is None
    assert named(guess, lambda: np.array([[1, 7]], np.uint8)).startswith("puts one bright pixel")
    assert named(guess, lambda: np.array([[0, 99]], np.uint8)) == "takes a level above 2"


def test_seed_0_is_a_seed():
    says = judge(NOISE, lambda image, sigma, rng: levels(add_noise(image, sigma, rng or 42))).says
    assert says.startswith("the seeds 0 and 42 give the same result")


def levels(values):
    return values.astype(np.uint8)


# Wrong answers that used to pass ----------------------------------------------------------------


def test_argument_is_no_new_array():
    says = judge(POOL, lambda image, size: image if size == 1 else POOL.reference(image, size)).says
    assert says.startswith("the result must be a new array, and is 'image' itself")


def test_fault_of_large_images_is_made_small():
    verdict = judge(EQUALIZE, lambda image: EQUALIZE.reference(image[:4, :4])[:1, :1] + 0 * image)
    assert verdict.kind == "wrong"
    cut = judge(EQUALIZE, lambda image: np.pad(EQUALIZE.reference(image)[:4, :4], fill(image)))
    assert max(cut.arguments["image"].shape) == 5, "the first that is more than 4"


def fill(image):
    return [(0, max(side - 4, 0)) for side in image.shape]


def test_large_inputs_may_take_long(monkeypatch):
    """The text promises nothing about speed; right answers may look at all pixels for each one."""

    def slow_if_large(image):
        while image.size > 1000:
            pass
        return EQUALIZE.reference(image)

    monkeypatch.setattr(judging, "LARGE", 0.2)
    assert judge(EQUALIZE, slow_if_large).kind == "correct"


def test_large_inputs_may_take_more_memory_than_there_is():
    """Such as a table of all pairs of pixels."""

    def pairs(image):
        if image.size > 1000:
            raise MemoryError
        return EQUALIZE.solution(image)

    def always(image):
        raise MemoryError

    assert judge(EQUALIZE, pairs).kind == "correct"
    assert judge(EQUALIZE, always).kind == "raised"


# Ideas of any exercise --------------------------------------------------------------------------


FIRST = "looks only at the first 4 rows and columns of image"
convolve2d, max_pool, histogram, pepper_mean = (
    find(name).solution for name in ("convolve2d", "max_pool", "histogram", "salt_and_pepper_mean")
)


@pytest.mark.parametrize(
    ("name", "answer", "idea"),
    [
        ("convolve2d", lambda im, k: convolve2d(im, k).round(), "rounds the result"),
        ("convolve2d", lambda im, k: convolve2d(im, k) / 4, "multiplies the result by 1/4"),
        (
            "convolve2d",
            lambda im, k: convolve2d(im, k.astype(int)),
            "cuts the decimals of kernel off",
        ),
        ("convolve2d", lambda im, k: list(map(list, convolve2d(im, k))), "returns a list"),
        ("max_pool", lambda im, n: max_pool(im, n).T, "swaps rows and columns of the result"),
        ("max_pool", lambda im, n: max_pool(im, n).astype(np.int64), "makes int64 of the result"),
        ("max_pool", lambda im, n: im, "returns image itself"),
        ("kernel_gains", lambda kernel: kernel.sum(), "returns the first part only"),
        ("histogram", lambda im, levels: histogram(im[:4, :4], levels), FIRST),
        ("salt_and_pepper_mean", lambda k, a, s: pepper_mean(k, a, 1), "takes 1 for salt_fraction"),
    ],
)
def test_what_is_done_to_a_result_or_an_argument_is_named(name, answer, idea):
    assert named(find(name), answer) == idea


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("convolve2d", lambda im, k: convolve2d(im, k) * (1 + im)[0, 0] - k.max()),
        ("max_pool", lambda im, n: max_pool(im, n).T if n > 1 else 255 - im),
    ],
)
def test_what_is_done_here_and_not_there_has_no_name(name, answer):
    assert named(find(name), answer) is None


def test_array_is_no_list_of_arrays():
    """They hold the same numbers, and so were called `returns four images`."""
    exercise = find("pixel_unshuffle")
    name = named(exercise, lambda image: exercise.solution(image).astype(float))
    assert name == "makes float64 of the result"
