"""What several exercises of notebook 03 use."""

import numpy as np

from course_utils.convolution import to_uint8

WRAPS = "Pitfall: without clipping, values wrap around"
CUTS_OFF = "Pitfall: without rounding, the image grows darker"


def cut_off(values):
    return np.clip(values, 0, 255).astype(np.uint8)


def wrap(values):
    return np.rint(values).astype(int).astype(np.uint8)


def cut_off_and_wrap(values):
    return values.astype(int).astype(np.uint8)


def normal(rng, sigma, shape):
    return rng.normal(0, sigma, shape)


def of_that_variance(rng, sigma, shape):
    return rng.normal(0, np.sqrt(sigma), shape)


def uniform(rng, width, shape):
    return rng.uniform(-width, width, shape)


def positive(draw):
    return lambda rng, strength, shape: abs(draw(rng, strength, shape))


def one_number(draw):
    return lambda rng, strength, shape: draw(rng, strength, 1)


def add(draw, to_levels=to_uint8):
    """Make an answer that adds what `draw` draws."""

    def answer(image, strength, rng):
        return to_levels(image + draw(np.random.default_rng(rng), strength, image.shape))

    return answer


def in_place(add_noise):
    """Make an answer that writes the noise into the image it was given."""

    def answer(image, *parameters):
        image[...] = add_noise(image, *parameters)
        return image

    return answer


def from_a_table(add_noise):
    """Make an answer that draws once for each of the 256 levels."""

    def answer(image, *parameters):
        return add_noise(np.arange(256, dtype=np.uint8)[None], *parameters)[0][image]

    return answer


def deaf(add_noise):
    """Make an answer that draws from one seed, whatever the argument says."""
    return lambda *parameters: add_noise(*parameters[:-1], 0)


def flat(shape, level):
    return np.full(shape, level, np.uint8)


def halves(dark, bright):
    """An image of two levels, so that its mean is no level of it."""
    return np.repeat(np.array([[dark, bright]], np.uint8), 200, axis=1).repeat(400, axis=0)


def spread(value, arguments):
    """Mean and spread along each axis, or of each level if the image has several.

    It is a sentence if pixels do not differ although they should.
    """
    image, strength, _ = arguments.values()
    if strength > 0 and image.any():
        if np.ptp(value) == 0:
            return "all pixels have the same level, but noise differs from pixel to pixel"
        if _is_from_a_table(value, image):
            return "all pixels of a level change alike, but noise differs from pixel to pixel"
        if (value == value[:1]).all():
            return "all rows are the same, but noise differs from pixel to pixel"
    if np.ptp(image) > 0:
        measures = {"mean": np.mean, "standard deviation": np.std}
        levels = [int(level) for level in np.unique(image)]
        return {
            f"{name} where the level was {level}": measure(value[image == level])
            for level in levels
            for name, measure in measures.items()
        }
    return {
        "mean": value.mean(),
        "standard deviation along a row": value.std(axis=1).mean(),
        "standard deviation along a column": value.std(axis=0).mean(),
    }


def _is_from_a_table(value, image):
    """Whether each level has become one other, though not all by one sum or by one factor."""
    changes = value - image.astype(float), value - value.sum() / image.sum() * image
    is_one = [np.ptp(value[image == level]) == 0 for level in np.unique(image)]
    return all(is_one) and min(map(np.ptp, changes)) > 1


def see_noise(value, arguments):
    """Mean, spread, and the mean change, which differs between distributions of the same spread."""
    seen = spread(value, arguments)
    if isinstance(seen, str):
        return seen
    change = value - arguments["image"].astype(float)
    return {
        **seen,
        "percentage of black pixels, in tens": 10 * round(10 * (value == 0).mean()),
        "percentage of white pixels, in tens": 10 * round(10 * (value == 255).mean()),
        "mean size of the change": abs(change).mean(),
        "fourth root of the mean fourth power of the change": ((change**2) ** 2).mean() ** (1 / 4),
    }
