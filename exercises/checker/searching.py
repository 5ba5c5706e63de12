"""Draw inputs and shrink those that matter, with hypothesis, the same ones each time."""

from functools import cache

import hypothesis
import numpy as np
from hypothesis.errors import NoSuchExample

from exercises.checker.internals import steady_provider, steady_while_shrinking

COUNT = 100  # inputs in a sample


def _find(inputs, condition, phases):
    backend = {"backend": "steady"} if steady_provider() else {}
    settings = hypothesis.settings(
        max_examples=COUNT,
        phases=phases,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(hypothesis.HealthCheck),
        verbosity=hypothesis.Verbosity.quiet,
        **backend,
    )
    with steady_while_shrinking():
        try:
            hypothesis.find(inputs, condition, settings=settings)
        except NoSuchExample:
            pass


@cache
def draw_all(inputs):
    """Draw a sample; the same one each time, so that it is drawn once only.

    Parameters
    ----------
    inputs : hypothesis strategy

    Returns
    -------
    list
    """
    sample = []
    _find(inputs, sample.append, [hypothesis.Phase.generate])
    return sample


def find_small(inputs, condition):
    """Try the sample of `draw_all` up to the first input that satisfies the condition; shrink it.

    Parameters
    ----------
    inputs : hypothesis strategy
    condition : function
        Called with each input tried; it takes notes itself.
    """
    _find(inputs, condition, [hypothesis.Phase.generate, hypothesis.Phase.shrink])


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
