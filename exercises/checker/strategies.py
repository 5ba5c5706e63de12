"""What draws inputs, with the names that hypothesis gives to its strategies.

All that is drawn comes of integers and arrays of integers, and these choices are noted. To make an
input simpler, it is drawn once more from simpler choices, so that it stays one that is allowed: a
kernel still fits on its image.
"""

import functools

import numpy as np

ENDS = 0.1  # part of the numbers that are the least or the largest allowed: black and white


class Rejected(Exception):
    """What was drawn is not allowed."""


def simplest(low, high):
    """Return the integer nearest to 0."""
    return min(max(low, 0), high)


class Choices:
    """Draws integers and notes them.

    Parameters
    ----------
    rng : numpy.random.Generator or None
        None: all numbers are the simplest.
    given : sequence of arrays
        Choices to take instead, cut and filled up to the shape that is wanted.
    keeps_end : bool
        Whether the last rows and columns are kept where they are cut, or the first.
    """

    def __init__(self, rng=None, given=(), keeps_end=False):
        self.rng, self.given, self.keeps_end = rng, given, keeps_end
        self.made, self.ranges = [], []  # what was drawn, and between which numbers

    def integers(self, low, high, shape=()):
        """Draw an array of integers from low to high."""
        if len(self.made) < len(self.given):
            numbers = self._fitted(self.given[len(self.made)], simplest(low, high), shape)
        elif self.rng is None:
            numbers = np.full(shape, simplest(low, high))
        else:
            numbers = self._drawn(low, high, shape)
        self.made.append(np.array(np.minimum(np.maximum(numbers, low), high)))
        self.ranges.append((low, high))
        return self.made[-1]

    def _fitted(self, numbers, fill, shape):
        result = np.full(shape, fill)
        if numbers.ndim == len(shape):
            sides = map(min, numbers.shape, shape)
            ends = [(slice(-n, None) if self.keeps_end else slice(n)) for n in sides]
            result[tuple(ends)] = numbers[tuple(ends)]
        return result

    def _drawn(self, low, high, shape):
        """Draw any numbers; in half of all arrays a few different ones, or neighbours of one."""
        numbers = self.rng.integers(low, high, shape, endpoint=True)
        is_end = self.rng.random(shape) < ENDS
        numbers = np.where(is_end, self.rng.choice([low, high], shape), numbers)
        kind = self.rng.integers(4) if numbers.size > 1 else 0
        if kind == 1:
            return self.rng.choice(numbers.ravel()[:3], shape)
        if kind == 2:
            return numbers.flat[0] + self.rng.integers(0, 3, shape)
        return numbers


class Strategy:
    """Draws values of one kind.

    Parameters
    ----------
    draw : function of Choices
    """

    def __init__(self, draw):
        self.draw = draw

    def map(self, function):
        """Strategy: what the function makes of a value."""
        return Strategy(lambda choices: function(self.draw(choices)))

    def flatmap(self, function):
        """Strategy: draws from the strategy that the function makes of a value."""
        return Strategy(lambda choices: function(self.draw(choices)).draw(choices))

    def filter(self, is_allowed):
        """Strategy: the values for which the function is true."""

        def draw(choices):
            value = self.draw(choices)
            if not is_allowed(value):
                raise Rejected
            return value

        return Strategy(draw)


class Numbers(Strategy):
    """Draws what a function makes of one integer, and so what arrays may hold."""

    def __init__(self, low, high, function=lambda number: number):
        super().__init__(lambda choices: function(choices.integers(low, high).item()))
        self.low, self.high, self.function = low, high, function

    def map(self, function):
        """Strategy: what the function makes of a number."""
        return Numbers(self.low, self.high, lambda number: function(self.function(number)))


def integers(low, high):
    """Strategy: integers from low to high."""
    return Numbers(low, high)


def sampled_from(values):
    """Strategy: one of the values; the simplest stands first."""
    return Numbers(0, len(values) - 1, values.__getitem__)


def just(value):
    """Strategy: this value."""
    return sampled_from([value])


def builds(function, *strategies, **by_name):
    """Strategy: what the function makes of a value of each strategy."""

    def draw(choices):
        values = [strategy.draw(choices) for strategy in strategies]
        return function(*values, **{name: s.draw(choices) for name, s in by_name.items()})

    return Strategy(draw)


def tuples(*strategies):
    """Strategy: a value of each."""
    return builds(lambda *values: values, *strategies)


def one_of(*strategies):
    """Strategy: a value of one of them."""
    return sampled_from(strategies).flatmap(lambda strategy: strategy)


def composite(function):
    """Make a strategy of a function whose first argument draws from other strategies."""

    @functools.wraps(function)
    def strategy(*arguments, **options):
        def draw(choices):
            return function(lambda part: part.draw(choices), *arguments, **options)

        return Strategy(draw)

    return strategy


LEVELS = integers(0, 255)


def arrays(dtype, shape, elements=LEVELS):
    """Strategy: arrays of one dtype and shape.

    Parameters
    ----------
    dtype : type
    shape : int or tuple of int
    elements : Numbers
    """

    def draw(choices):
        numbers = choices.integers(elements.low, elements.high, np.broadcast_shapes(shape))
        values = [elements.function(number) for number in numbers.ravel().tolist()]
        return np.array(values, dtype).reshape(shape)

    return Strategy(draw)
