"""How was it exposed?

Say of a grey photograph whether it is dark, bright, of low or of high contrast.
"""

import numpy as np

from course_utils.images import load_image
from exercises.checker import strategies as st
from exercises.checker.exercise import Exercise, Misconception
from exercises.checker.inputs import arguments, gray
from exercises.ex01_histograms.shared import POINTS

KINDS = ("dark", "bright", "low contrast", "high contrast")
SMALL = {
    "four dark pixels": (gray([4, 9], [12, 7]), "dark"),
    "four bright pixels": (gray([240, 250], [245, 238]), "bright"),
    "four middle greys": (gray([120, 124], [126, 130]), "low contrast"),
    "middle greys a little apart": (gray([105, 120], [135, 150]), "low contrast"),
    "from dark to light": (gray([5, 70], [130, 200]), "high contrast"),
}
PHOTOGRAPHS = {
    "page": "bright",
    "text": "low contrast",
    "coins": "high contrast",
    "coffee": "high contrast",
    "moon": "low contrast",
    "brick": "low contrast",
    "astronaut": "high contrast",
    "ihc": "bright",
    "rocket": "dark",
    "motorcycle_left": "high contrast",
    "hubble_deep_field": "dark",
}
CASES = SMALL | {
    f"the photograph {name}": (load_image(name, gray=True), kind)
    for name, kind in PHOTOGRAPHS.items()
}


def my_exposure(image):
    if image.mean() < 80:
        return "dark"
    if image.mean() > 145:
        return "bright"
    if image.std() < 40:
        return "low contrast"
    return "high contrast"


def judged_by_people(image):
    return next(kind for case, kind in CASES.values() if np.array_equal(case, image))


def compares_with_people(answer, given):
    """Repeat a right answer, or say of which picture it is wrong."""
    name, kind = next(
        (name, kind) for name, (case, kind) in CASES.items() if np.array_equal(case, given["image"])
    )
    if answer not in KINDS:
        return f"it must return one of {', '.join(map(repr, KINDS))}, and returned {answer!r}"
    return kind if answer == kind else f'of {name} it says "{answer}"; people say "{kind}"'


def by_limits(center, spread, *, dark=80, bright=145, limit=40):
    """Make the answer that judges by other measures of brightness and contrast."""

    def answer(image):
        if center(image) < dark:
            return "dark"
        if center(image) > bright:
            return "bright"
        return "low contrast" if spread(image) < limit else "high contrast"

    return answer


def asking_for_the_contrast_first(image):
    if image.std() < 40:
        return "low contrast"
    return my_exposure(image) if not 80 < image.mean() < 145 else "high contrast"


def most_frequent(image):
    return np.bincount(image.ravel()).argmax()


EXERCISE = Exercise(
    section=POINTS,
    solution=my_exposure,
    reference=judged_by_people,
    inputs=arguments(image=st.sampled_from([image for image, _ in CASES.values()])),
    examples={name: {"image": image} for name, (image, _) in CASES.items()},
    observe=compares_with_people,
    larger="they are photographs",
    misconceptions=(
        Misconception(
            "takes the range for the contrast",
            by_limits(np.mean, lambda image: int(image.max()) - int(image.min()), limit=150),
            "You measure from the darkest to the brightest pixel, and a single pixel decides. The "
            "moon holds black and white, but hardly any of either: take the standard deviation.",
        ),
        Misconception(
            "counts the levels in use",
            by_limits(np.mean, lambda image: len(np.unique(image)), limit=175),
            "A level counts for you even if one pixel has it. Ask how far apart most pixels lie: "
            "the standard deviation.",
        ),
        Misconception(
            "asks for the contrast first",
            asking_for_the_contrast_first,
            "A night sky has few bright pixels, and so little contrast. Ask first whether it is "
            "dark or bright.",
        ),
        Misconception(
            "looks at the darkest and at the brightest pixel",
            lambda image: (
                "dark"
                if image.min() < 16
                else "bright"
                if image.max() > 240
                else by_limits(np.mean, np.std)(image)
            ),
            "Nearly every photograph has a dark pixel somewhere. Ask where most of them lie: the "
            "mean.",
        ),
        Misconception(
            "judges by the highest bar alone",
            by_limits(most_frequent, np.std),
            "The most frequent level may belong to a small part, as the black in a colourful "
            "picture. The mean counts all pixels.",
        ),
        Misconception(
            "confuses dark and bright",
            lambda image: by_limits(lambda image: 255 - image.mean(), np.std, dark=110)(image),
            "0 is black and 255 is white: a low mean is dark.",
        ),
        Misconception(
            "leaves no range between dark and bright",
            lambda image: "dark" if image.mean() < 128 else "bright",
            "Most photographs are neither. Leave a range in the middle, and look at the contrast "
            "there.",
        ),
        Misconception(
            "takes the variance for the standard deviation",
            by_limits(np.mean, np.var),
            "You compare the variance with a limit that suits its root. Use std, which is in grey "
            "levels.",
        ),
    ),
    hints=(
        "Print mean and standard deviation of several photographs. Which groups do you see?",
        "Two limits for the mean and one for the standard deviation are enough.",
        "Dark: the mean is below 80. Bright: above 145. Else compare the deviation with 40.",
    ),
    then="Find a photograph of your own that it judges wrongly. Why does it?",
)
