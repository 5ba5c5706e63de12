"""Back to grey levels.

From floats to uint8 levels 0…255.
"""

import numpy as np

from course_utils.convolution import to_uint8
from exercises import ideas
from exercises.checker import strategies as st
from exercises.checker.exercise import Exercise, Misconception
from exercises.checker.inputs import arguments, arrays, random_floats
from exercises.ex03_noise.shared import CUTS_OFF, WRAPS, cut_off, cut_off_and_wrap, wrap


def my_round_and_clip(values):
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)


def round_half_up(values):
    return np.clip(np.floor(values + 0.5), 0, 255).astype(np.uint8)


def round_up(values):
    return np.clip(np.ceil(values), 0, 255).astype(np.uint8)


def wrap_below(values):
    return wrap(np.minimum(values, 255))


def wrap_above(values):
    return wrap(np.maximum(values, 0))


def rescale(values):
    low, high = values.min(), values.max()
    return np.rint(255 * (values - low) / max(high - low, 1e-9)).astype(np.uint8)


def drop_the_sign(values):
    return to_uint8(abs(values))


def return_floats(values):
    return np.clip(np.rint(values), 0, 255)


def clip_in_place(values):
    return to_uint8(np.clip(values, 0, 255, out=values))


def value_arrays():
    """Strategy: whole numbers and quarters, below, within and above 0 … 255."""
    quarters = st.integers(-400, 2000).map(lambda number: number / 4)
    sides = st.tuples(st.integers(1, 3), st.integers(1, 3))
    return sides.flatmap(lambda shape: arrays(np.float64, shape, elements=quarters))


EXERCISE = Exercise(
    section="3.3 To go deeper: Back to grey levels",
    solution=my_round_and_clip,
    reference=to_uint8,
    inputs=arguments(values=value_arrays()),
    examples={
        "a half": {"values": np.array([[0.5]])},
        "a value below 0": {"values": np.array([[-1.0]])},
        "a value above 255": {"values": np.array([[256.0]])},
        "one of each": {"values": np.array([[-20.0, 99.4, 99.6, 270.0]])},
    },
    more=(
        {"values": random_floats(41, 31, low=-900, high=900)},
        {"values": random_floats(5, low=-1e6, high=1e6)},
        {"values": random_floats(2, 3, 3, low=-99, high=400).astype(np.float32)},
    ),
    is_new=True,
    misconceptions=(
        ideas.cuts_the_decimals_off(
            cut_off, "astype turns 99.6 into 99. Round with np.rint first.", CUTS_OFF
        ),
        ideas.rounds_halves_up(
            round_half_up,
            "You send 0.5 to 1 and 2.5 to 3. A half goes to the even neighbour: to 0 and 2.",
        ),
        ideas.rounds_up(round_up, "np.ceil turns 99.1 into 100. Take the nearest level instead."),
        ideas.does_not_clip(
            wrap,
            "256 wraps around to 0, and -1 to 255. Clip to 0 … 255 before the conversion.",
            WRAPS,
        ),
        ideas.neither_rounds_nor_clips(
            cut_off_and_wrap,
            "astype alone cuts decimals off, and 256 wraps around to 0. Round, clip, convert.",
            WRAPS,
        ),
        Misconception(
            "clips at 255 only",
            wrap_below,
            "Negative values wrap around to bright ones. Clip at 0 as well.",
            WRAPS,
        ),
        Misconception(
            "clips at 0 only",
            wrap_above,
            "Values above 255 wrap around to dark ones. Clip at 255 as well.",
            WRAPS,
        ),
        Misconception(
            "stretches the values to 0 … 255",
            rescale,
            "Levels inside 0 … 255 change as well. Only what lies outside may move, to the end.",
        ),
        Misconception(
            "drops the minus sign",
            drop_the_sign,
            "-20 is darker than black and becomes 0. You made it 20.",
        ),
        ideas.returns_floats(
            return_floats,
            "The values are right, but an image is an array of uint8. Convert it with astype.",
        ),
        ideas.changes_its_argument(
            clip_in_place,
            "You write into the array that you were given. Leave it alone; return a new one.",
        ),
        Misconception(
            "makes black of what is above 255",
            lambda values: np.clip(np.rint(values), 0, 256).astype(int).astype(np.uint8),
            "What is brighter than white becomes 255 as well, the last of the 256 levels. A 256 "
            "wraps around to black.",
        ),
    ),
    hints=(
        "Three steps: to the nearest whole number, into 0 … 255, to uint8.",
        "np.rint rounds, np.clip(…, 0, 255) clips, and .astype(np.uint8) converts.",
        "return np.clip(np.rint(values), 0, 255).astype(…)",
    ),
    then="Does it matter whether you round first or clip first? Try it, and say why.",
)
