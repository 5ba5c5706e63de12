"""Name the noise.

"Gaussian", "Poisson", "speckle" or "salt-and-pepper".
"""

import numpy as np

from course_utils import noise
from course_utils.images import load_image
from exercises import ideas
from exercises.checker import strategies as st
from exercises.checker.exercise import Exercise, Misconception

NAMES = ("Gaussian", "Poisson", "speckle")


def my_name_noise(noisy, original):
    noise = noisy.astype(int) - original
    if (noise == 0).mean() > 0.5:
        return "salt-and-pepper"
    dark, bright = (original > 30) & (original < 80), (original > 120) & (original < 180)
    growth = noise[bright].var() / noise[dark].var()
    brighter = original[bright].mean() / original[dark].mean()
    exponent = np.log(growth) / np.log(brighter)
    return ["Gaussian", "Poisson", "speckle"][round(np.clip(exponent, 0, 2))]


def exponent(strength, original):
    """Exponent with which `strength` of the values in a boolean image grows with the brightness."""
    dark, bright = (original > 30) & (original < 80), (original > 120) & (original < 180)
    growth = strength(bright) / strength(dark)
    return np.log(growth) / np.log(original[bright].mean() / original[dark].mean())


def name_noise(noisy, original):
    """The same by a line through the variances of many brightness levels."""
    if (noisy == original).mean() > 0.5:
        return "salt-and-pepper"
    squares = (noisy.astype(float) - original) ** 2
    steps = [(original >= low) & (original < low + 20) for low in range(30, 180, 20)]
    steps = [step for step in steps if step.sum() > 50]
    levels = [original[step].mean() for step in steps]
    slope, _ = np.polyfit(np.log(levels), np.log([squares[step].mean() for step in steps]), 1)
    return NAMES[round(min(max(slope, 0), 2))]


def by_black_and_white(noisy, original):
    if ((noisy == 0) | (noisy == 255)).any():
        return "salt-and-pepper"
    return name_noise(noisy, original)


def by_deviation(noisy, original):
    noise = noisy.astype(int) - original
    if (noise == 0).mean() > 0.5:
        return "salt-and-pepper"
    slope = exponent(lambda part: noise[part].std(), original)
    return NAMES[round(min(max(slope, 0), 2))]


def without_the_original(noisy, original):
    if (noisy == original).mean() > 0.5:
        return "salt-and-pepper"
    slope = exponent(lambda part: noisy[part].astype(float).var(), original)
    return NAMES[round(min(max(slope, 0), 2))]


def in_uint8(noisy, original):
    noise = noisy - original
    if (noise == 0).mean() > 0.5:
        return "salt-and-pepper"
    slope = exponent(lambda part: noise[part].var(), original)
    return NAMES[round(min(max(slope, 0), 2))]


def instead(**others):
    """Make an answer that gives some names in place of others."""

    def answer(noisy, original):
        name = name_noise(noisy, original)
        return others.get(name.replace("-", "_"), name)

    return answer


def cases():
    """A few photographs with each noise, weak and strong, the smallest first, and their names."""
    cat, cup = load_image("chelsea", gray=True), load_image("coffee", gray=True)
    crops = {
        "a cat": cat[70:134, 150:214],
        "a cup": cup[60:188, 100:228],
        "an astronaut": load_image("astronaut", gray=True)[0:160, 150:310],
    }
    made, names = {}, {}
    for seed, (what, original) in enumerate(crops.items()):
        noises = {
            "weak speckle": noise.add_speckle_noise(original, 0.1, rng=seed),
            "few photons": noise.add_poisson_noise(original, 6, rng=seed),
            "more photons": noise.add_poisson_noise(original, 1.5, rng=seed),
            "strong Gaussian noise": noise.add_gaussian_noise(original, 20, rng=seed),
            "salt and pepper": noise.add_salt_and_pepper_noise(original, 0.1, rng=seed),
            "weak Gaussian noise": noise.add_gaussian_noise(original, 8, rng=seed),
            "strong speckle": noise.add_speckle_noise(original, 0.2, rng=seed),
        }
        for how, noisy in noises.items():
            made[f"{what} with {how}"] = {"noisy": noisy, "original": original}
            names[noisy.tobytes()] = f"{what} with {how}"
    return made, names


CASES, WHAT = cases()


def see_name(value, arguments):
    """Say what an answer says where the right name is another."""
    if value == name_noise(**arguments):
        return "it names the noise"
    return f"on {WHAT[arguments['noisy'].tobytes()]} it says {value!r}"


EXERCISE = Exercise(
    section="3.8 The variance gives them away",
    solution=my_name_noise,
    reference=name_noise,
    inputs=st.sampled_from(list(CASES.values())),
    examples=CASES,
    observe=see_name,
    larger="statistics need many pixels",
    misconceptions=(
        Misconception(
            "takes black and white pixels for salt and pepper",
            by_black_and_white,
            "Other noises reach 0 and 255, too: clipping puts them there. Salt and pepper leaves "
            "most pixels exactly as they are.",
        ),
        Misconception(
            "takes the standard deviation for the variance",
            by_deviation,
            "The exponents 0, 1 and 2 belong to the variance. Those of the standard deviation are "
            "half as large.",
        ),
        Misconception(
            "measures the picture with its noise",
            without_the_original,
            "Your variance holds the differences within the picture. Subtract the original first.",
        ),
        ideas.subtracts_in_uint8(
            in_uint8,
            "A uint8 has no sign: -1 wraps around to 255, and weak noise looks strong. Convert to "
            "int before you subtract.",
        ),
        Misconception(
            "takes all that grows for speckle",
            instead(Poisson="speckle"),
            "Poisson noise grows with the brightness, too, but more slowly: its variance like the "
            "brightness, that of speckle like its square.",
        ),
        Misconception(
            "takes all that grows for Poisson noise",
            instead(speckle="Poisson"),
            "Speckle grows faster: its variance like the square of the brightness.",
        ),
        Misconception(
            "takes noise that does not grow for Poisson noise",
            instead(Gaussian="Poisson"),
            "This noise is as strong in dark parts as in bright ones. Photons make more noise "
            "where there is more light.",
        ),
        Misconception(
            "writes the name another way",
            instead(salt_and_pepper="salt and pepper"),
            'You know the noise. Write its name with hyphens: "salt-and-pepper".',
        ),
        Misconception(
            "does not look for salt and pepper",
            instead(salt_and_pepper="Gaussian"),
            "Here most pixels are exactly as in the original. No other noise of the four leaves "
            "them alone.",
        ),
    ),
    hints=(
        "noise = noisy.astype(int) - original. How many of its values are 0?",
        "Take the noise where the original is dark, 30 to 80, and where it is bright, 120 to 180. "
        "Compare the two variances.",
        "np.log of the ratio of the variances, divided by np.log of the ratio of the mean levels, "
        "is the exponent: 0, 1 or 2.",
    ),
    then="Send the levels through the sRGB curve first. Which noises change their names?",
)
