"""Draw inputs and shrink those that matter, with hypothesis, the same ones each time."""

from functools import cache
from unittest import mock

import hypothesis
from hypothesis.errors import NoSuchExample
from hypothesis.internal.conjecture import engine, providers

COUNT = 100  # inputs in a sample


class Steady(providers.HypothesisProvider):
    """Makes random choices as hypothesis does, but for its favourite numbers.

    Those are gathered from the source code of all modules that happen to be loaded. Here they are
    the ends of the range: black and white.
    """

    def _maybe_draw_constant(self, choice_type, constraints, *, p=0.05):
        low, high = constraints.get("min_value"), constraints.get("max_value")
        if choice_type != "integer" or low is None or high is None or self._random.random() > p:
            return None
        return self._random.choice([low, high])


providers.AVAILABLE_PROVIDERS["steady"] = Steady

DRAW = hypothesis.settings(
    backend="steady",
    max_examples=COUNT,
    phases=[hypothesis.Phase.generate],
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(hypothesis.HealthCheck),
    verbosity=hypothesis.Verbosity.quiet,
)
SHRINK = hypothesis.settings(DRAW, phases=[hypothesis.Phase.generate, hypothesis.Phase.shrink])


def _find(inputs, condition, settings):
    # what hypothesis draws with while it shrinks, whatever the backend
    with mock.patch.object(engine, "HypothesisProvider", Steady):
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
    _find(inputs, sample.append, DRAW)
    return sample


def find_small(inputs, condition):
    """Try the sample of `draw_all` up to the first input that satisfies the condition; shrink it.

    Parameters
    ----------
    inputs : hypothesis strategy
    condition : function
        Called with each input tried; it takes notes itself.
    """
    _find(inputs, condition, SHRINK)
