"""Draw inputs and shrink those that matter, with hypothesis, the same ones each time."""

from functools import cache

import hypothesis
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
