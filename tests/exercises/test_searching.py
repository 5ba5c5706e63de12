"""The same inputs come each time, and what is wrong with an answer shows on a small one."""

import numpy as np
import pytest
from answers import EQUALIZE

from exercises.checker import searching
from exercises.checker import strategies as st
from exercises.checker.catalogue import all_names, find
from exercises.checker.inputs import arguments, gray_images
from exercises.checker.searching import COUNT, draw_all, find_small, smaller
from exercises.checker.strategies import Choices


def test_sample_is_the_same_each_time():
    first, second = (draw_all(arguments(image=gray_images())) for _ in range(2))
    assert [case["image"].tolist() for case in first] == [case["image"].tolist() for case in second]
    assert first[0]["image"].tolist() == [[0]], "the simplest comes first"
    assert len({case["image"].tobytes() + bytes(case["image"].shape) for case in first}) == COUNT


def test_sample_reaches_the_ends():
    images = [case["image"] for case in draw_all(EQUALIZE.inputs)]
    assert {0, 255} <= {level for image in images for level in image.ravel().tolist()}
    assert {image.shape for image in images} == {(h, w) for h in range(1, 5) for w in range(1, 5)}
    assert any(image.size == 16 and len(np.unique(image)) < 4 for image in images)


@pytest.mark.parametrize("name", [name for name in all_names() if find(name).inputs])
def test_sample_of_an_exercise_reaches_the_ends_of_its_strategies(name):
    """Each number is the least allowed in some input, and the largest in another."""
    drawn = {}
    for choices, _ in searching._sample(find(name).inputs):
        for made, ends in zip(choices.made, choices.ranges):
            drawn.setdefault(ends, set()).update(made.ravel().tolist())
    missed = [ends for ends, numbers in drawn.items() if (min(numbers), max(numbers)) != ends]
    assert not missed


def test_all_of_a_few_inputs_are_drawn():
    drawn = draw_all(arguments(down=st.integers(-1, 1), kind=st.sampled_from("ab")))
    assert sorted((case["down"], case["kind"]) for case in drawn) == [
        (down, kind) for down in (-1, 0, 1) for kind in "ab"
    ]


def least(inputs, condition):
    """The last input that the search for a small one takes."""
    found = []
    find_small(inputs, lambda given: condition(**given) and (found.append(given) or True))
    return found[-1]


@pytest.mark.parametrize(
    ("condition", "smallest"),
    [
        (lambda image: (image > 100).any(), [[101]]),
        (lambda image: len(image) > 2 and image[-1, 0] > image[0, 0], [[0], [0], [1]]),
        (lambda image: np.ptp(image) > 1 and image.min() > 4, [[5, 7]]),
        (lambda image: len(np.unique(image)) > 3, [[0, 1, 2, 3]]),
        (lambda image: image[-1, -1] == image.max() >= image.size > 1, [[0, 2]]),
    ],
)
def test_shrinking_ends_at_the_smallest(condition, smallest):
    image = least(arguments(image=gray_images()), condition)["image"]
    assert sorted(image.ravel().tolist()) == sorted(np.ravel(smallest).tolist())


@st.composite
def cuts(draw):
    image = draw(gray_images())
    return {"image": image, "size": draw(st.integers(1, min(image.shape)))}


def test_what_is_made_smaller_is_still_allowed():
    tried = []

    def is_wide(image, size):
        tried.append((image, size))
        return size > 1

    case = least(cuts(), is_wide)
    assert (case["image"].tolist(), case["size"]) == ([[0, 0], [0, 0]], 2)
    assert all(1 <= size <= min(image.shape) for image, size in tried)


def test_what_is_not_allowed_is_never_drawn():
    odd = st.integers(0, 99).filter(lambda number: number % 2)
    assert {case["n"] for case in draw_all(arguments(n=odd))} <= set(range(1, 100, 2))
    assert least(arguments(n=odd), lambda n: n > 50)["n"] % 2


def test_strategies_combine():
    strategy = st.one_of(
        st.builds(divmod, st.integers(7, 9), st.just(2)),
        st.tuples(
            st.sampled_from("ab"), st.arrays(float, 2, st.integers(-4, -2).map(lambda k: k / 2))
        ),
    )
    assert strategy.draw(Choices()) == (3, 1)
    letter, numbers = strategy.draw(Choices(given=np.array([1])))
    assert (letter, numbers.tolist()) == ("a", [-1.0, -1.0]), "nearest to 0"


def test_large_input_is_cut_and_made_simple():
    tried = []

    def fails(arguments):
        tried.append(arguments)
        return arguments["image"].shape[1] > 6

    image = np.arange(40 * 30, dtype=np.uint8).reshape(40, 30)
    smaller({"image": image, "kernel": np.full((3, 3), 1.26)}, fails)
    least = min((case for case in list(tried) if fails(case)), key=lambda case: case["image"].size)
    assert least["image"].shape == (4, 7), "short sides are read as they are"
    assert all(case["kernel"].shape == (3, 3) for case in tried)
    assert any(not case["image"].any() and (case["kernel"] == 1).all() for case in tried)


def test_arrays_of_one_shape_are_cut_together():
    pairs = []
    smaller({"a": np.ones(9), "b": np.ones(9)}, lambda case: pairs.append(case) or True)
    assert {case["a"].shape == case["b"].shape for case in pairs} == {True}
    assert pairs[-1]["a"].size == 4
