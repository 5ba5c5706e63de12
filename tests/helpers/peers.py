"""Pytest plugin: runs other libraries' own tests against this course's helpers.

``test_peers.py`` loads it (``-p peers``). Each adapter below takes the place of the library's
function and calls ours. A test that asks for what ours does not offer is skipped with the reason;
so is a test that calls none of the adapters, since it says nothing about us.
"""

import functools
import importlib
from collections import Counter

import numpy as np
import pytest
import skimage

from course_utils import convolution, equalization, filtering, histograms, metrics, noise, pooling

PAD = {"reflect": "symmetric", "mirror": "reflect", "nearest": "edge", "constant": "constant"}
PAD |= {
    "wrap": "wrap",
    "grid-wrap": "wrap",
    "grid-mirror": "symmetric",
    "grid-constant": "constant",
}
calls = []  # adapters that the running test has called
passed = Counter()  # tests that each adapter has passed


def need(condition, reason):
    """Skip a test that asks for something that ours means otherwise, or does not offer."""
    if not condition:
        pytest.skip(reason)


# SciPy: scipy.ndimage --------------------------------------------------------------------------


def _filter(image, kernel, output, mode, cval, before, apply):
    """Pad as SciPy does, apply ours, and return what SciPy would."""
    after = [size - 1 - left for size, left in zip(kernel.shape, before)]
    need(min(before + after) >= 0, "a kernel whose centre lies outside it")
    plane, weights = np.atleast_2d(image.astype(float), kernel.astype(float))
    widths = [(0, 0)] * (2 - image.ndim) + list(zip(before, after))
    extra = {"constant_values": cval} if PAD[mode] == "constant" else {}
    result = apply(np.pad(plane, widths, PAD[mode], **extra), weights).reshape(image.shape)
    if isinstance(output, np.ndarray):
        output[...] = result
        return output
    return result.astype(image.dtype if output is None else output)


def _arguments(image, kernel, mode, origin, axes):
    image, kernel = np.asarray(image), np.asarray(kernel)
    need(image.ndim in (1, 2) and image.ndim == kernel.ndim, "ours filters planes only")
    need(image.size and kernel.size, "ours needs at least one pixel")
    need(not np.iscomplexobj(image) and not np.iscomplexobj(kernel), "ours takes real numbers")
    need(axes is None and isinstance(mode, str), "ours has one border and both axes")
    return image, kernel, np.broadcast_to(origin, image.ndim).tolist()


def correlate(input, weights, output=None, mode="reflect", cval=0.0, origin=0, *, axes=None):
    image, kernel, origin = _arguments(input, weights, mode, origin, axes)
    before = [size // 2 + shift for size, shift in zip(kernel.shape, origin)]
    return _filter(image, kernel, output, mode, cval, before, convolution.correlate2d)


def convolve(input, weights, output=None, mode="reflect", cval=0.0, origin=0, *, axes=None):
    image, kernel, origin = _arguments(input, weights, mode, origin, axes)
    before = [(size - 1) // 2 - shift for size, shift in zip(kernel.shape, origin)]
    return _filter(image, kernel, output, mode, cval, before, convolution.convolve2d)


# scikit-image ----------------------------------------------------------------------------------


def block_reduce(image, block_size=2, func=np.sum, cval=0, func_kwargs=None):
    image, block = np.asarray(image), np.unique(block_size)
    ours = {np.min: pooling.min_pool, np.max: pooling.max_pool, np.mean: pooling.mean_pool}
    need(func in ours and not func_kwargs, "ours pools minimum, maximum and mean")
    need(len(block) == 1, "our blocks are squares")
    need(not np.any(np.mod(image.shape, block)), "ours drops ragged edges, theirs pads with zeros")
    return ours[func](image.astype(float), int(block[0]))


def peak_signal_noise_ratio(image_true, image_test, *, data_range=None):
    need(image_true.dtype == image_test.dtype == np.uint8, "ours compares images of 8 bits")
    return metrics.psnr(image_test, image_true)


def random_noise(image, mode="gaussian", rng=None, clip=True, **settings):
    need(clip, "ours always clips")
    need(np.min(image) >= 0, "an image has no negative levels")
    need(not settings.get("mean"), "our noise has the mean 0")
    gray = image if image.dtype == np.uint8 else convolution.to_uint8(255 * image.astype(float))
    need(image.dtype == np.uint8 or np.allclose(gray / 255, image), "ours needs levels of 8 bits")
    if mode == "gaussian":
        deviation = 255 * settings.get("var", 0.01) ** 0.5
        noisy = noise.add_gaussian_noise(gray, deviation, rng=rng)
    else:
        need(mode in ("salt", "pepper", "s&p"), "the other draws are from their own random numbers")
        salt = {"salt": 1, "pepper": 0, "s&p": settings.get("salt_vs_pepper", 0.5)}[mode]
        amount = settings.get("amount", 0.05)
        noisy = noise.add_salt_and_pepper_noise(gray, amount, salt_fraction=salt, rng=rng)
    return skimage.util.img_as_float(noisy)


def equalize_hist(image, nbins=256, mask=None):
    need(image.dtype == np.uint8 and mask is None, "ours equalizes whole images of 8 bits")
    return equalization.equalize(image)


def cumulative_distribution(image, nbins=256):
    need(image.dtype == np.uint8, "ours takes images of 8 bits")
    return histograms.cumulative_distribution(image), np.arange(256)


def median(image, footprint=None, out=None, mode="nearest", cval=0.0, behavior="ndimage"):
    need(image.dtype == np.uint8 and image.ndim == 2, "ours takes images of 8 bits")
    need(behavior == "ndimage" and mode == "nearest", "ours repeats the border")
    need(footprint is None, "our windows are squares")
    return filtering.median_filter(image, 3)


ADAPTERS = {
    "scipy.ndimage": {"correlate": correlate, "convolve": convolve},
    "skimage.measure": {"block_reduce": block_reduce},
    "skimage.metrics": {"peak_signal_noise_ratio": peak_signal_noise_ratio},
    "skimage.util": {"random_noise": random_noise},
    "skimage.exposure": {
        function.__name__: function for function in (equalize_hist, cumulative_distribution)
    },
    "skimage.filters": {"median": median},
}


def _counted(adapter):
    @functools.wraps(adapter)
    def call(*arguments, **settings):
        result = adapter(*arguments, **settings)
        calls.append(adapter.__name__)
        return result

    return call


def pytest_collection_finish(session):
    """Put the adapters in place once the tests are read: their decorators want the originals."""
    for path, adapters in ADAPTERS.items():
        library = importlib.import_module(path)
        ours = {id(getattr(library, name)): _counted(adapter) for name, adapter in adapters.items()}
        places = [vars(module) for module in {library, *(item.module for item in session.items)}]
        places += [item.callspec.params for item in session.items if hasattr(item, "callspec")]
        for place in places:
            place |= {key: ours[id(value)] for key, value in place.items() if id(value) in ours}


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem):
    calls.clear()
    result = yield
    need(calls, "calls nothing of ours")
    passed.update(set(calls))
    return result


def pytest_terminal_summary(terminalreporter):
    for name, count in sorted(passed.items()):
        terminalreporter.write_line(f"ours: {name} passed {count}")
