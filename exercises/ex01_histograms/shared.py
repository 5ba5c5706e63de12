"""What several exercises of notebook 01 use."""

import numpy as np

from course_utils import histograms
from exercises.checker import strategies as st
from exercises.checker.inputs import arguments, gray_images

FITTING_BINS = "1.6 To go deeper: Bins that do not fit"
POINTS = "1.4 Dark, bright, low contrast, high contrast"


def images_with_levels():
    """Images of one to six grey levels, together with that number."""
    return st.integers(1, 6).flatmap(
        lambda levels: arguments(image=gray_images(max_level=levels - 1), levels=st.just(levels))
    )


def adding_brightness(image, levels):
    light = histograms.histogram(image, levels) * np.arange(levels)
    return light.cumsum() / light.sum()
