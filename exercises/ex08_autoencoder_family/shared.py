"""What several exercises of notebook 08 use."""

from exercises.checker import strategies as st
from exercises.checker.inputs import arguments, arrays, random_floats

SPARSE = "8.2 Sparse: few units at a time"
LONG_ATOMS = "Pitfall: long atoms cheat"
VARIATIONAL = "8.5 Variational: where do digits come from?"
MEAN_OVER_PIXELS = "Pitfall: the mean over pixels"
WHOLE = st.integers(-3, 3).map(float)
POSITIVE = st.sampled_from([1.0, 0.5, 2.0])
SIDE = st.integers(1, 3)
FLOAT32 = 1e-5  # tolerance: an answer may compute in float32, as PyTorch does


def floats(*shape, elements=WHOLE):
    return arrays(float, shape, elements=elements)


def same_shape(*names):
    """Strategy: arrays of whole numbers by name, all of one shape (count, dimensions)."""
    return st.tuples(SIDE, SIDE).flatmap(
        lambda shape: arguments(**{name: floats(*shape) for name in names})
    )


def more_of_one_shape(*names):
    """Inputs of one shape with numbers that are not round, and some that are large."""
    wide = {name: random_floats(9, 7, low=-19, high=19, seed=n) for n, name in enumerate(names)}
    few = {name: random_floats(1, 2, seed=n) for n, name in enumerate(names)}
    return few, wide


def kl_terms(mean, variance, log_variance):
    return (mean**2 + variance - 1 - log_variance) / 2
