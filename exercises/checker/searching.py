"""Draw inputs, the same ones each time, and make those smaller that matter."""

from functools import cache

import numpy as np

from exercises.checker.strategies import Choices, Rejected, simplest

COUNT = 100  # inputs in a sample
STARTS = 3  # inputs of the sample that are made simpler
TRIES = 500  # at inputs simpler than one of them
NEARLY = 5  # the simplest number and the next ones, which are tried first


def _key(choices):
    return tuple((made.shape, made.tobytes()) for made in choices.made)


def _size(choices):
    """Order choices: fewer numbers first, then those nearer to the simplest ones."""
    far = [abs(made - simplest(*ends)).sum() for made, ends in zip(choices.made, choices.ranges)]
    return sum(made.size for made in choices.made), sum(far)


@cache
def _sample(inputs):
    """Draw different inputs, the simplest first: choices, and what came of them."""
    sample = {}
    for seed in range(3 * COUNT):  # some are not allowed, and some come twice
        choices = Choices(np.random.default_rng(seed) if seed else None)
        try:
            arguments = inputs.draw(choices)
        except Rejected:
            continue
        sample.setdefault(_key(choices), (choices, arguments))
        if len(sample) == COUNT:
            break
    return list(sample.values())


def draw_all(inputs):
    """Draw a sample; the same one each time, so that it is drawn once only.

    Parameters
    ----------
    inputs : Strategy

    Returns
    -------
    list
    """
    return [arguments for _, arguments in _sample(inputs)]


def find_small(inputs, condition):
    """Shrink the smallest inputs of the sample that satisfy the condition.

    Parameters
    ----------
    inputs : Strategy
    condition : function
        Called with each input tried; it takes notes itself.
    """
    found = [choices for choices, arguments in _sample(inputs) if condition(arguments)]
    for choices in sorted(found, key=_size)[:STARTS]:
        _Shrinker(inputs, condition, choices).run()


class _Shrinker:
    """Brings one choice after the other nearer to the simplest, while the condition holds."""

    def __init__(self, inputs, condition, choices):
        self.inputs, self.condition, self.best = inputs, condition, choices
        self.tried = {_key(choices)}

    def run(self):
        before = None
        while before != _size(self.best):
            before = _size(self.best)
            for number in range(len(self.best.made)):
                for where in self._places(number):
                    self._lower(number, where)

    def _places(self, number):
        """Yield what is lowered together: all numbers of a choice, those of one level, each."""
        if number < len(self.best.made):
            made = self.best.made[number]
            yield ...
            yield from (self.best.made[number] == level for level in np.unique(made))
            yield from np.ndindex(made.shape)

    def _lower(self, number, where):
        """Lower numbers all the way or nearly so, by half of it, and so on down to 1."""
        far = self.best.made[number][where] - simplest(*self.best.ranges[number])
        steps = [far - left * np.sign(far) for left in range(NEARLY)]
        steps += [np.trunc(far / 2**power).astype(int) for power in range(1, 9)]
        for step in steps:
            lower = self.best.made[number].copy()
            lower[where] -= step
            self._try([*self.best.made[:number], lower, *self.best.made[number + 1 :]])

    def _try(self, given):
        """Take these choices, cut at either end, if they are simpler and the condition holds."""
        for keeps_end in (False, True):
            choices = Choices(None, given, keeps_end)
            try:
                arguments = self.inputs.draw(choices)
            except Rejected:
                continue
            if _key(choices) in self.tried or len(self.tried) == TRIES:
                continue
            self.tried.add(_key(choices))
            if _size(choices) < _size(self.best) and self.condition(arguments):
                self.best = choices
                return


READABLE = 4  # rows and columns that need not become fewer


def smaller(arguments, fails):
    """Make the arrays of an input smaller and their numbers simpler, while the condition holds.

    Only long sides are cut, and those of arrays of one shape together: what fits stays so.

    Parameters
    ----------
    arguments : dict
    fails : function
        The condition, called with each input tried; it takes notes itself.
    """
    while simpler := next(filter(fails, _steps(arguments)), None):
        arguments = simpler


def _steps(arguments):
    """Yield the input with less to read, the largest steps first."""
    arrays = {name: value for name, value in arguments.items() if isinstance(value, np.ndarray)}
    for shape in {value.shape: 0 for value in arrays.values()}:
        alike = [name for name, value in arrays.items() if value.shape == shape]
        for axis, side in enumerate(shape):
            for keep in {max(READABLE, side // 2), max(READABLE, side - 1)} - {side}:
                if keep < side:
                    for part in (slice(keep), slice(side - keep, None)):
                        cut = (slice(None),) * axis + (part,)
                        yield {**arguments, **{n: arrays[n][cut].copy() for n in alike}}
    for name, value in arrays.items():
        rounded = (np.round(value, digits) for digits in range(3))
        for simple in (0 * value,) if value.dtype == np.uint8 else rounded:
            if not np.array_equal(simple, value):
                yield {**arguments, name: simple}
