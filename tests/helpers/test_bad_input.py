"""Whatever is passed to a helper: a right result, or an error that names the argument.

Every argument of every public function has a kind, and a kind is two tables: values that are wrong,
with their errors, and values that are odd but legal, which must give what a plain one gives. The
cases are all of these. An argument without a row makes a test fail.
"""

import contextlib
import copy
import dataclasses
import datetime
import decimal
import fractions
import importlib
import inspect
import io
import os
import random
import re
import time
import warnings
import zlib
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import pytest
import torch
from conftest import bad_images, layouts
from matplotlib.figure import Figure
from PIL import Image

from course_utils import _validation, display, exercises, mnist, pooling
from course_utils.autoencoder_family import SigmoidAutoencoder
from course_utils.images import save_image

NAN, INF = float("nan"), float("inf")
HUGE = 10**5000  # Python refuses to write it


@dataclasses.dataclass(frozen=True)
class Kind:
    """What an argument may be.

    Attributes
    ----------
    good
        What is passed while other arguments are tried.
    wrong : dict of str to (value, error)
    odd : dict of str to value, or (value, plain value)
        Legal, and to be treated as the plain value, which is `good` if it is not given.
    """

    good: Any
    wrong: dict
    odd: dict = dataclasses.field(default_factory=dict)


# Kinds of arguments -----------------------------------------------------------------------------

GRAY = np.random.default_rng(1).integers(0, 256, (9, 8), np.uint8)
RGB = np.random.default_rng(2).integers(0, 256, (9, 8, 3), np.uint8)
DIGITS = np.random.default_rng(3).integers(0, 256, (4, 28, 28), np.uint8)


def without_addresses(text):
    """Text that is the same in every process."""
    return re.sub(" at 0x[0-9a-fA-F]+", "", text)


def all_raise(error, *wrong):
    """The same error for each of the values, named by what they are."""
    labels = [without_addresses(_validation.describe(value))[:40] for value in wrong]
    return {f"{number} {labels[number]}": (value, error) for number, value in enumerate(wrong)}


def odd_layouts(*arrays):
    """Each array, laid out in memory in every way."""
    return {
        f"{name} {array.shape} {array.dtype}": (odd, array)
        for array in arrays
        for name, odd in layouts(array).items()
    }


def image(kind, *, pair=False):
    odd = {"gray": [GRAY], "RGB": [RGB], "gray or RGB": [GRAY, RGB]}[kind]
    wrong = {case.id: case.values for case in bad_images(kind)}
    if pair:  # the other image is grey
        odd, shapes = [GRAY], [(8, 9), (9, 7), (1, 8), (9, 8, 3)]
        wrong |= {str(shape): (np.zeros(shape, np.uint8), ValueError) for shape in shapes}
    return Kind(odd[0], wrong, odd_layouts(*odd))


def values(kind):
    """Images that may be of floats, too."""
    legal = ("float", "NaN")
    wrong = {name: case for name, case in image(kind).wrong.items() if name not in legal}
    wrong |= {
        "NaN": (np.full((4, 4), NAN), ValueError),
        "infinite": (np.full((4, 4), INF, np.float32), ValueError),
        "half precision": (np.zeros((4, 4), np.float16), TypeError),
        "long double": (np.zeros((4, 4), np.longdouble), TypeError),
        "no float pixels": (np.zeros((0, 4)), ValueError),
        "four float channels": (np.zeros((4, 4, 4)), ValueError),
    }
    floats = [GRAY / 3, (GRAY / 3).astype(np.float32)]
    return Kind(GRAY, wrong, odd_layouts(GRAY, *floats, *([RGB] if kind != "gray" else [])))


def kernel(*, odd=False):
    good = np.array([[0.0, 1, 0], [1, 2, 0], [5, 0, 0]])
    wrong = {
        "none": (None, TypeError),
        "number": (3, TypeError),
        "text": ("box", TypeError),
        "list": ([[0.5]], TypeError),
        "bool": (np.ones((3, 3), bool), TypeError),
        "complex": (np.ones((3, 3), complex), TypeError),
        "object": (np.ones((3, 3), object), TypeError),
        "letters": (np.array([["1"]]), TypeError),
        "tensor": (torch.ones(3, 3), TypeError),
        "masked": (np.ma.ones((3, 3)), TypeError),
        "matrix": (np.ones((3, 3)).view(np.matrix), TypeError),
        "durations": (np.ones((3, 3), "m8"), TypeError),
        "0-D": (np.array(1.0), ValueError),
        "1-D": (np.ones(3), ValueError),
        "3-D": (np.ones((3, 3, 1)), ValueError),
        "no rows": (np.ones((0, 3)), ValueError),
        "no columns": (np.ones((3, 0)), ValueError),
        "NaN": (np.full((3, 3), NAN), ValueError),
        "infinite": (np.full((3, 3), -INF), ValueError),
        "too large for float32": (np.full((3, 3), 1e39), ValueError),
    }
    if odd:
        shapes = [(2, 2), (3, 2), (2, 3)]
    else:
        shapes = [(10, 3), (3, 9), (99, 99)]  # larger than the image
    wrong |= {str(shape): (np.ones(shape), ValueError) for shape in shapes}
    types_ = ["i1", "u1", ">i2", "i4", "u8", "f2", "f4", ">f4", ">f8", "g"]
    return Kind(good, wrong, odd_layouts(good) | {name: good.astype(name) for name in types_})


KERNELS = Kind(
    [np.eye(3)] * 3,
    {
        "none": (None, TypeError),
        "number": (3, TypeError),
        "text": ("RGB", TypeError),
        "0-D": (np.array(1.0), TypeError),
        "dict": ({}, TypeError),
        "set": ({1, 2, 3}, TypeError),
        "empty": ([], ValueError),
        "four": ([np.eye(3)] * 4, ValueError),
        "one": (np.ones((1, 3, 3)), ValueError),
        "one kernel": (np.eye(3), ValueError),
        "one is none": ([np.eye(3), np.eye(3), None], TypeError),
        "one is NaN": ([np.eye(3), np.eye(3) * NAN, np.eye(3)], ValueError),
        "two shapes": ([np.eye(3), np.eye(3), np.eye(1)], ValueError),
        "too large": ([np.ones((99, 99))] * 3, ValueError),
    },
    {"array": np.array([np.eye(3)] * 3), "tuple": (np.eye(3),) * 3},
)

NO_NUMBER = {
    "none": None,
    "bool": True,
    "NumPy bool": np.True_,
    "text": "3",
    "bytes": b"3",
    "complex": 3 + 0j,
    "list": [3],
    "tuple": (3, 3),
    "1-D": np.array([3]),
    "0-D": np.array(3),
    "tensor": torch.tensor(3),
    "fraction": fractions.Fraction(3),
    "decimal": decimal.Decimal(3),
    "duration": np.timedelta64(3),
    "date": datetime.date(2022, 3, 3),
    "class": int,
}


def integer(good, minimum, maximum=None, *, odd=False):
    wrong = {name: (value, TypeError) for name, value in NO_NUMBER.items()}
    wrong |= {"float": (3.0, TypeError), "NaN": (NAN, TypeError), "infinite": (INF, TypeError)}
    below = {"too small": minimum - 1, "negative": -3, "very negative": -(10**30), "-huge": -HUGE}
    above = {"too large": maximum + 1, "very large": 10**30 + 1, "huge": HUGE} if maximum else {}
    wrong |= {name: (value, ValueError) for name, value in (below | above).items()}
    if odd:
        wrong |= {"even": (2, ValueError), "large, even": (100, ValueError)}
    kinds = [np.uint8, np.int16, np.uint64] if good < 256 else [np.int16, np.uint64]
    return Kind(good, wrong, {kind.__name__: kind(good) for kind in kinds})


def number(good, minimum, maximum):
    wrong = {name: (value, TypeError) for name, value in NO_NUMBER.items()}
    outside = {
        "NaN": NAN,
        "infinite": INF,
        "minus infinite": -INF,
        "NumPy NaN": np.float32(NAN),
        "too small": minimum - 1e-9 if abs(minimum) < 1e6 else minimum * 2,
        "too large": maximum * 1.01,
        "huge": HUGE,
        "-huge": -HUGE,
    }
    wrong |= {name: (value, ValueError) for name, value in outside.items()}
    kinds = [np.float16, np.float32, np.float64, *([int, np.uint8] if good == int(good) else [])]
    return Kind(good, wrong, {kind.__name__: kind(good) for kind in kinds})


def optional(kind):
    """The same kind, but None is legal."""
    return dataclasses.replace(
        kind, wrong={name: case for name, case in kind.wrong.items() if case[0] is not None}
    )


RNG = Kind(
    7,
    {
        "text": ("7", TypeError),
        "bytes": (b"7", TypeError),
        "float": (7.0, TypeError),
        "NaN": (NAN, TypeError),
        "bool": (True, TypeError),
        "NumPy bool": (np.False_, TypeError),
        "list": ([7], TypeError),
        "array": (np.array([7, 8]), TypeError),
        "module": (np.random, TypeError),
        "old generator": (np.random.RandomState(7), TypeError),
        "bits": (np.random.PCG64(7), TypeError),
        "Python's": (random.Random(7), TypeError),
        "PyTorch's": (torch.Generator(), TypeError),
        "duration": (np.timedelta64(7), TypeError),
        "negative": (-1, ValueError),
        "NumPy negative": (np.int64(-1), ValueError),
        "very negative": (-HUGE, ValueError),
    },
    {
        "generator": np.random.default_rng(7),
        "int64": np.int64(7),
        "uint8": np.uint8(7),
        "of 400 digits": (10**400, 10**400),
    },
)

NO_FLAG = [None, 0, 1, 1.0, "yes", "", b"", [True], (), {}, np.array(True), np.uint8(1), NAN]
FLAG = Kind(False, all_raise(TypeError, *NO_FLAG), {"NumPy": np.False_})
NO_TEXT = [None, 7, 1.5, True, b"text", ["text"], ("a", "b"), {}, {"a"}, np.array(["a"]), NAN, str]
TEXT = Kind(
    "text",
    all_raise(TypeError, *NO_TEXT, np.datetime64("2022-03-03")),
    {"NumPy": np.str_("text")},
)


def choice(good, *others):
    wrong = all_raise((TypeError, ValueError), *NO_TEXT, *others)
    return Kind(good, wrong, {"NumPy": np.str_(good)})


NO_PATH = [7, 1.5, True, b"mine.png", ["mine.png"], ("a",), {}, np.array("a"), NAN, 1j, Path, io]
NAMES = Kind(
    "coins",
    all_raise(TypeError, None, *NO_PATH)
    | {
        "nobody": ("nobody", FileNotFoundError),
        "empty": ("", ValueError),
        "address": ("https://example.org/cat.png", FileNotFoundError),
        "NUL": ("coins\0", FileNotFoundError),
        "very long": ("c" * 5000, OSError),
        "beside a file": ("notes.jpg/coins.png", FileNotFoundError),
        "folder": ("folder.png", ValueError),
        "text": ("notes.jpg", ValueError),
        "truncated": ("truncated.png", ValueError),
        "bomb": ("bomb.png", ValueError),
        "no bytes": ("empty.png", ValueError),
        "16 bits": ("deep.png", ValueError),
    },
    {"with ending": "coins.png", "path": Path("coins"), "NumPy": np.str_("coins")},
)
PATH = Kind(
    "new.png",
    all_raise(TypeError, None, *NO_PATH)
    | {
        "empty": ("", ValueError),
        "here": (".", ValueError),
        "no ending": ("new", ValueError),
        "only an ending": (".png", ValueError),
        "unknown ending": ("new.gif", ValueError),
        "two endings": ("new.png.bak", ValueError),
        "NUL": ("a\0.png", ValueError),
        "very long": ("n" * 300 + ".png", OSError),
        "no folder": ("nowhere/new.png", FileNotFoundError),
        "file as folder": ("notes.jpg/new.png", FileNotFoundError),
        "taken": ("deep.png", FileExistsError),
        "folder": ("folder.png", FileExistsError),
    },
    {"path": Path("new.png"), "long way": "./folder.png/../new.png", "letters": "grün 图 1.png"},
)
ROOT_FOLDER = Kind(
    "data",
    all_raise(TypeError, *NO_PATH) | {"NUL": ("\0", ValueError)},
    {"path": Path("data")},
)

NO_PAIR = [0.9, None, "ab", (), (0.9,), (0.1, 0.2, 0.3), {0.1, 0.2}, {}, 1j, np.array([0.1, 0.2])]
NO_PAIR += [("0.1", 0.2), (0.1, None), (True, 1), (0, True), (0.1j, 0.2)]
NO_RATES = [(-0.1, 0.5), (1.1, 1.2), (0.5, 1.1), (0.9, 0.8), (NAN, 0.5), (0.5, NAN), (0.5, INF)]
PULL = Kind(
    (0.25, 0.5),
    all_raise(TypeError, *NO_PAIR) | all_raise(ValueError, *NO_RATES, (-INF, 0.5), (0, HUGE)),
    {"list": [0.25, 0.5], "NumPy": (np.float16(0.25), np.float64(0.5))},
)


def pictures(name, *, kind="gray or RGB"):
    """What is shown: one array or several."""
    wrong = {
        "none": (None, TypeError),
        "name": ("coffee", TypeError),
        "number": (7, TypeError),
        "dict": ({"a": GRAY}, TypeError),
        "empty list": ([], ValueError),
        "nested list": ([[1, 2], [3, 4]], TypeError),
        "a wrong second": ([GRAY, "coffee"], TypeError),
        "complex": (GRAY.astype(complex), TypeError),
        "object": (GRAY.astype(object), TypeError),
        "letters": (np.array([["a"]]), TypeError),
        "1-D": (np.zeros(4, np.uint8), ValueError),
        "4-D": (np.zeros((2, 4, 4, 3), np.uint8), ValueError),
        "stack": (np.zeros((5, 4, 4), np.uint8), ValueError),
        "RGBA": (np.zeros((4, 4, 4), np.uint8), ValueError),
        "no rows": (np.zeros((0, 4), np.uint8), ValueError),
        "float RGB": (RGB / 255, ValueError if kind == "gray" else TypeError),
        "two shapes, one wrong": ([GRAY, GRAY[0]], ValueError),
    }
    if kind == "uint8":
        wrong |= {"float": (GRAY / 255, TypeError), "bool": (GRAY > 9, TypeError)}
    if kind == "gray":
        wrong |= {"RGB": (RGB, ValueError)}
    good = GRAY[:4, :4]
    return Kind(good, wrong, {"list": [good], "tuple": (good,)} | odd_layouts(good))


TITLES = Kind(
    "one",
    all_raise(ValueError, [], (), ["a", "b"], 7, 1.5, {}, True, NAN)
    | all_raise(TypeError, [7], [None], [b"a"], [["a"]], [1.5], [NAN]),
    {"list": ["one"], "tuple": ("one",), "array": np.array(["one"])},
)
NO_BOXES = [None, 7, "abcd", {}, [7], [()], [(0, 1, 2)], [(0, 1, 2, 3, 4)], (0, 1, 2, 3), [None]]
NO_BOXES += [[(0.5, 1, 2, 3)], [(0, 1, NAN, 3)], [("0", 1, 2, 3)], [(-1, 0, 1, 1)], [(0, 0, 0, 1)]]
BOXES = Kind(
    [(0, 1, 2, 3)],
    all_raise((TypeError, ValueError), *NO_BOXES, [(True, 0, 1, 1)]),
    {"tuple": ((0, 1, 2, 3),), "array": np.array([[0, 1, 2, 3]])},
)
FIGURE = Kind(Figure(), all_raise(TypeError, *NO_TEXT, "figure", Figure, GRAY))
NO_NUMBERS = [None, "text", b"text", 1j, {}, {1, 2}, ["a"], [None], int, object(), 10**30]
NO_NUMBERS += [np.array(["a"]), GRAY.astype(complex), GRAY.astype(object), np.ones(3, "m8")]
DIGESTED = Kind(
    GRAY,
    all_raise(TypeError, *NO_NUMBERS),
    odd_layouts(GRAY, GRAY / 3, (GRAY / 3).astype(">f4"), GRAY.astype(">i4"))
    | {"list": GRAY.tolist(), "masked": np.ma.array(GRAY, mask=GRAY > 9)},
)
NO_LINES = [None, 7, 1.5, "ab", b"ab", {}, [None] * 3, [[1, 2, 3]], [1j] * 3]
NO_LINES += [np.zeros((3, 3)), np.array(3.0), np.array([1, 2, 3], object), np.zeros(3, "M8[s]")]
LINE = Kind(
    [1, 2, 3],
    all_raise((TypeError, ValueError), *NO_LINES, [1, 2], [], range(9)),
    {"array": np.array([1, 2, 3]), "tuple": (1, 2, 3), "range": range(1, 4)},
)
CURVES = Kind(
    {"a": [1, 2, 3]},
    all_raise(TypeError, None, 7, "a", [1, 2, 3], {}, ("a", [1]), {7})
    | all_raise(
        (TypeError, ValueError), *({"a": line} for line in [*NO_LINES, list("abc"), [1], []])
    ),
    {"array": {"a": np.array([1, 2, 3])}, "NumPy name": {np.str_("a"): (1, 2, 3)}},
)

STACK = Kind(
    DIGITS,
    {
        "none": (None, TypeError),
        "list": ([[[0, 1]]], TypeError),
        "tensor": (torch.zeros(2, 28, 28, dtype=torch.uint8), TypeError),
        "text": ("digits", TypeError),
        "float": (DIGITS / 255, TypeError),
        "NaN": (np.full((2, 28, 28), NAN), TypeError),
        "bool": (DIGITS > 9, TypeError),
        "signed": (DIGITS.astype(np.int16), TypeError),
        "object": (DIGITS.astype(object), TypeError),
        "masked": (np.ma.array(DIGITS), TypeError),
        "one image": (DIGITS[0], ValueError),
        "one row": (DIGITS[0, 0], ValueError),
        "RGB": (np.zeros((2, 28, 28, 3), np.uint8), ValueError),
        "no image": (DIGITS[:0], ValueError),
        "no rows": (DIGITS[:, :0], ValueError),
        "no columns": (DIGITS[:, :, :0], ValueError),
    },
    odd_layouts(DIGITS),
)
NO_TENSOR = [*NO_TEXT, "text", [[0.5]], np.zeros((2, 3)), torch.Tensor, object()]


def tensor(good, *wrong):
    table = all_raise(TypeError, *NO_TENSOR)
    return Kind(good, table | all_raise(ValueError, *wrong), {"tensor": good.clone()})


PAIR = torch.tensor([[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]])
OTHER_SHAPES = [torch.zeros(3, 2), torch.zeros(2), torch.zeros(2, 3, 1), torch.tensor(0.0)]
MEMBER = tensor(PAIR, *OTHER_SHAPES)
LOGITS = tensor(PAIR)
LOGITS.wrong["integers"] = (torch.tensor([[1, 2]]), TypeError)
TEMPERATURE = number(2, 1e-6, 1e6)
TEMPERATURE.odd["tensor"] = TEMPERATURE.wrong.pop("tensor")[0] - 1
NO_OBJECT = [None, 7, 1.5, True, "text", b"", [], (1, 2), {"a": 1}, {3}, GRAY, PAIR, NAN, io]
TENSOR_GENERATOR = Kind(
    torch.Generator().manual_seed(7),
    all_raise(TypeError, *NO_OBJECT, np.random.default_rng(7)),
)


def small_network():
    torch.manual_seed(0)
    return torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(784, 4), torch.nn.Sigmoid())


def network(good):
    wrong = [*NO_OBJECT, torch.nn.Linear, lambda images: images, good.state_dict()]
    return Kind(good, all_raise(TypeError, *wrong))


def function(good):
    return Kind(good, all_raise(TypeError, *NO_OBJECT))


NETWORK = network(SigmoidAutoencoder())
DEVICE = Kind(torch.device("cpu"), all_raise(TypeError, *NO_OBJECT[1:], "cpu", torch.device))
PIXELS = Kind(
    [3, 5],
    all_raise(ValueError, [], [784], [-1], [3, 10**6], np.zeros((2, 2), int), np.array(3))
    | all_raise(TypeError, None, 7, "", {}, [[3, 4]], [[1], 2], [0.5], [True], ["3"], [3, NAN]),
    {"array": np.array([3, 5]), "few bits": np.array([3, 5], np.uint8), "tuple": (3, 5)},
)
ANSWER = Kind(lambda image: ..., all_raise(None, *NO_OBJECT))  # a card says what is wrong
EXERCISE = choice("histogram", "nobody", "", "Histogram")
GRAY_IMAGE, RGB_IMAGE, ANY_IMAGE = image("gray"), image("RGB"), image("gray or RGB")
IMAGE_PAIR = image("gray or RGB", pair=True)
COLUMNS = optional(integer(2, 1, 100))
SCALE = optional(number(3, -1e300, 1e300))
SIGMA, UNITS = number(2, 0, 1e6), integer(8, 1, 10_000)
LEVELS = integer(256, 1, 256)
LEVELS.wrong["below a pixel"] = (9, ValueError)  # and the image is named
HEIGHT = number(3, 0.5, 50)

# Every public function and each of its arguments ------------------------------------------------

TABLE = {
    "images.load_image": {"name": NAMES, "gray": FLAG},
    "images.save_image": {"image": ANY_IMAGE, "path": PATH, "overwrite": FLAG},
    "images.picture_names": {},
    "histograms.histogram": {"image": GRAY_IMAGE, "levels": LEVELS},
    "histograms.channel_histograms": {"image": RGB_IMAGE},
    "histograms.normalized_histogram": {"image": GRAY_IMAGE, "levels": LEVELS},
    "histograms.cumulative_distribution": {"image": GRAY_IMAGE, "levels": LEVELS},
    "equalization.equalization_map": {"image": GRAY_IMAGE},
    "equalization.equalize": {"image": GRAY_IMAGE},
    "equalization.equalize_full_range": {"image": GRAY_IMAGE},
    "equalization.equalize_channels": {"image": RGB_IMAGE},
    "equalization.equalize_luminance": {"image": RGB_IMAGE},
    "equalization.compress_contrast": {"image": ANY_IMAGE, "pull": PULL, "rng": RNG},
    "noise.add_gaussian_noise": {"image": ANY_IMAGE, "sigma": SIGMA, "rng": RNG},
    "noise.add_salt_and_pepper_noise": {
        "image": ANY_IMAGE,
        "amount": number(0.25, 0, 1),
        "salt_fraction": number(0.5, 0, 1),
        "rng": RNG,
    },
    "noise.add_speckle_noise": {"image": ANY_IMAGE, "sigma": SIGMA, "rng": RNG},
    "noise.add_poisson_noise": {"image": ANY_IMAGE, "gain": number(2, 1e-6, 1e6), "rng": RNG},
    "convolution.correlate2d": {"image": values("gray"), "kernel": kernel()},
    "convolution.convolve2d": {"image": values("gray"), "kernel": kernel()},
    "convolution.convolve_channels": {"image": RGB_IMAGE, "kernels": KERNELS},
    "convolution.random_kernel": {"size": integer(3, 1, 1001), "rng": RNG},
    "convolution.output_size": {
        "size": integer(250, 1),
        "kernel": integer(200, 1, 252),
        "stride": integer(2, 1),
        "padding": integer(1, 0),
    },
    "convolution.to_uint8": {
        "values": Kind(
            GRAY * 1.7 - 50,
            all_raise(TypeError, *NO_OBJECT[:10], GRAY > 9, GRAY * 1j, np.ma.array(GRAY), PAIR)
            | {"NaN": (np.full((2, 2), NAN), ValueError)},
            odd_layouts(GRAY * 1.7 - 50, GRAY.astype(">i2") - 50)
            | {"0-D": (np.array(99.6), np.array(100, np.uint8))},
        )
    },
    "filtering.box_kernel": {"size": integer(17, 1, 1001, odd=True)},
    "filtering.gaussian_kernel": {
        "size": integer(17, 1, 1001, odd=True),
        "sigma": number(2, 1e-3, 1e6),
    },
    "filtering.binomial_kernel": {"size": integer(17, 1, 1001, odd=True)},
    "filtering.filter_image": {"image": ANY_IMAGE, "kernel": kernel(odd=True)},
    "filtering.median_filter": {"image": ANY_IMAGE, "size": integer(17, 1, 255, odd=True)},
    "pooling.min_pool": {"image": values("gray or RGB"), "size": integer(2, 1, 8)},
    "pooling.max_pool": {"image": values("gray or RGB"), "size": integer(2, 1, 8)},
    "pooling.mean_pool": {"image": values("gray or RGB"), "size": integer(2, 1, 8)},
    "metrics.mse": {"image": IMAGE_PAIR, "reference": IMAGE_PAIR},
    "metrics.psnr": {"image": IMAGE_PAIR, "reference": IMAGE_PAIR},
    "metrics.ssim": {"image": IMAGE_PAIR, "reference": IMAGE_PAIR},
    "mnist.load_mnist": {
        "split": choice("test", "Train", "val", "", "validation"),
        "root": ROOT_FOLDER,
        "source": choice("drawn", "MNIST", "torchvision", ""),
    },
    "mnist.draw_digits": {"count": integer(20, 1, 1_000_000), "rng": RNG},
    "display.digest": {"values": DIGESTED},
    "display.summarize": {"figure": FIGURE},
    "display.show_figure": {"figure": FIGURE},
    "display.panels": {"count": integer(1, 1, 100), "columns": COLUMNS, "height": HEIGHT},
    "display.show_images": {
        "images": pictures("images"),
        "titles": TITLES,
        "columns": COLUMNS,
        "ticks": FLAG,
        "vmin": optional(number(0, -1e300, 1e300)),
        "vmax": SCALE,
    },
    "display.show_arrays": {
        "arrays": pictures("arrays", kind="gray"),
        "titles": TITLES,
        "columns": COLUMNS,
        "vmin": optional(number(0, -1e300, 1e300)),
        "vmax": SCALE,
        "digits": integer(3, 1, 17),
        "boxes": BOXES,
    },
    "display.show_signed": {
        "arrays": pictures("arrays", kind="gray"),
        "titles": TITLES,
        "columns": COLUMNS,
        "limit": optional(number(3, 1e-300, 1e300)),
    },
    "display.show_histograms": {
        "images": pictures("images", kind="uint8"),
        "titles": TITLES,
        "cdf": FLAG,
        "sharey": FLAG,
        "beside": FLAG,
    },
    "display.plot_curves": {
        "x": LINE,
        "curves": CURVES,
        "title": TEXT,
        "xlabel": TEXT,
        "ylabel": TEXT,
        "height": HEIGHT,
    },
    "denoising_autoencoder.corrupt": {
        "images": tensor(
            torch.from_numpy(DIGITS),
            *(torch.from_numpy(DIGITS[0]), torch.zeros(2, 28, 28), torch.zeros(2, 28, 28, 3)),
        ),
        "rng": TENSOR_GENERATOR,
    },
    "denoising_autoencoder.freeze_noise": {"images": STACK, "rng": RNG},
    "denoising_autoencoder.denoising_batches": {"images": STACK, "size": integer(3, 1, 100_000)},
    "denoising_autoencoder.DenseAutoencoder": {},
    "denoising_autoencoder.ResidualDenoiser": {"channels": integer(3, 1, 1000)},
    "denoising_autoencoder.kaiming": {"model": network(small_network())},
    "denoising_autoencoder.denoise": {"model": network(small_network()), "images": STACK},
    "denoising_autoencoder.best_device": {},
    "denoising_autoencoder.one_cycle": {"progress": number(0.5, 0, 1)},
    "denoising_autoencoder.train": {
        "model": network(small_network()),
        "make_batch": function(
            lambda rng: (torch.rand(2, 28, 28, generator=rng), torch.ones(2, 4))
        ),
        "loss": function(torch.nn.functional.mse_loss),
        "steps": integer(2, 1),
        "learning_rate": number(0.5, 0, 1000),
        "schedule": function(lambda progress: 1),
        "seed": integer(7, 0, 2**63 - 1),
        "evaluate": optional(function(None)),
        "every": integer(2, 1),
        "checkpoint": dataclasses.replace(ROOT_FOLDER, good=None, odd={}),
        "device": DEVICE,
    },
    "denoising_autoencoder.checkpoint_folder": {"root": ROOT_FOLDER},
    "autoencoder_family.clean_batches": {"images": STACK, "size": integer(3, 1, 100_000)},
    "autoencoder_family.outputs_of": {"model": network(small_network()), "images": STACK},
    "autoencoder_family.squared_error": {"reconstruction": MEMBER, "target": MEMBER},
    "autoencoder_family.image_decoder": {"inputs": UNITS, "hidden": UNITS},
    "autoencoder_family.SparseAutoencoder": {"units": UNITS},
    "autoencoder_family.sparse_loss": {"weight": number(2, 0, 1e6)},
    "autoencoder_family.SigmoidAutoencoder": {"units": UNITS},
    "autoencoder_family.jacobian_penalty": {
        "code": tensor(PAIR, *OTHER_SHAPES),
        "weight": tensor(torch.ones(3, 2), torch.ones(2, 3), *OTHER_SHAPES[1:]),
    },
    "autoencoder_family.contractive_loss": {"model": NETWORK, "weight": number(2, 0, 1e6)},
    "autoencoder_family.gumbel_softmax": {
        "logits": LOGITS,
        "temperature": TEMPERATURE,
    },
    "autoencoder_family.ConcreteAutoencoder": {
        "count": integer(3, 1, 784),
        "steps": integer(3, 1),
        "hot": number(10, 1e-3, 1e3),
        "cold": number(0.5, 1e-3, 10),
        "speed": number(2, 1e-3, 1e3),
    },
    "autoencoder_family.PixelAutoencoder": {"pixels": PIXELS},
    "autoencoder_family.VariationalAutoencoder": {"latent": UNITS, "hidden": UNITS},
    "autoencoder_family.reparametrize": {"mean": MEMBER, "log_variance": MEMBER},
    "autoencoder_family.kl_to_standard_normal": {"mean": MEMBER, "log_variance": MEMBER},
    "autoencoder_family.negative_elbo": {"sigma": number(2, 1e-6, 1e6)},
    "exercises.exercises": {},
    "exercises.check": {"name": EXERCISE, "answer": ANSWER},
    "exercises.hint": {"name": EXERCISE},
    "exercises.solution": {"name": EXERCISE},
    "exercises.quiz": {
        "notebook": choice("01_histograms", "01", "", "09_nothing"),
        "when": choice("before", "during", "", "Before"),
    },
}

# Calling ----------------------------------------------------------------------------------------


def find(name):
    """The function of the table's name."""
    module, _, function = name.partition(".")
    return getattr(importlib.import_module(f"course_utils.{module}"), function)


def fresh(value):
    """The value itself, or a copy if using it changes it."""
    used_up = (np.random.Generator, torch.Generator, torch.nn.Module)
    return copy.deepcopy(value) if isinstance(value, used_up) else value


def plain(value):
    """What can be compared with == of a result."""
    if isinstance(value, (np.ndarray, np.generic, torch.Tensor)):
        value = np.asarray(value.detach() if isinstance(value, torch.Tensor) else value)
        return str(value.dtype), value.shape, value.tobytes()
    if isinstance(value, torch.nn.Module):
        return {name: plain(tensor) for name, tensor in value.state_dict().items()}
    if isinstance(value, (tuple, list)):
        return [plain(item) for item in value]
    if isinstance(value, Figure):
        return [axes.get_position().bounds for axes in value.axes]
    if dataclasses.is_dataclass(value):
        return {**vars(value), "seconds": None}  # a training's history
    if inspect.isfunction(value):  # one that draws batches, or a loss
        if "rng" in inspect.signature(value).parameters:
            return plain(value(torch.Generator().manual_seed(0)))
        return None
    return repr(value) if not isinstance(value, (int, float, str, type(None))) else value


def observe(function, arguments):
    """Call the function; return what it returned, showed and printed. A warning is an error."""
    shown, printed = [], io.StringIO()
    torch.manual_seed(0)
    exercises._hints_given.clear()
    with (
        warnings.catch_warnings(action="error"),
        mock.patch.object(display, "display", shown.append),
        mock.patch.object(display, "Picture", display.summarize),  # the text twin is enough
        mock.patch.object(exercises, "display", shown.append),
        mock.patch.dict(mnist.DRAWN, {"train": (20, 1), "test": (20, 2)}),
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(io.StringIO()),  # a progress bar
    ):
        result = function(**{name: fresh(value) for name, value in arguments.items()})
        result = plain(result)
    return result, "\n".join(map(repr, shown)) + printed.getvalue()


def snapshot(value):
    """What an argument must still be after the call."""
    if isinstance(value, (list, tuple)):
        return [snapshot(item) for item in value]
    if isinstance(value, dict):
        return {name: snapshot(item) for name, item in value.items()}
    if isinstance(value, (np.ndarray, torch.Tensor)):
        return str(value.dtype), value.shape, np.asarray(value).tobytes()
    return None


def good_arguments(name):
    return {argument: kind.good for argument, kind in TABLE[name].items()}


def ways_to_say(value):
    """What an error may say of a value that came."""
    yield from (_validation.describe(value), *(_validation.in_short(value, w) for w in (str, repr)))
    if hasattr(value, "shape"):
        yield from (str(tuple(value.shape)), str(tuple(value.shape[1:])), str(value.dtype), "NaN")
        yield from (f"but {side} " for side in value.shape)
    if isinstance(value, (list, tuple, dict, range)) or getattr(value, "ndim", 0):
        items = list(value.values() if isinstance(value, dict) else value)
        yield from (f"not {len(items)}", f"({len(items)},)", f"not {items!r}")
        yield from ["empty"] if not items else []
        if not isinstance(value, (np.ndarray, torch.Tensor)):
            for item in items:
                yield from ways_to_say(item)


def assert_helpful(error, argument, value):
    """The message holds the argument's name, what came, and what is accepted."""
    message = without_addresses(str(error))
    if isinstance(error, OSError):  # about a file that is named
        assert repr(str(value))[1:50] in message
        return
    assert re.search(rf"\b{argument}\b|\b{argument.removesuffix('s')} must fit", message)
    assert any(without_addresses(words) in message for words in ways_to_say(value)), "what came?"
    assert re.search(r"\bmust\b|cannot be read|neither|is none", message), "what is accepted?"


@pytest.fixture
def files(tmp_path, monkeypatch):
    """A folder with files that are no pictures, whatever they are called."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder.png").mkdir()
    Path("notes.jpg").write_text("This is no picture.")
    Path("empty.png").touch()
    save_image(RGB, "truncated.png")
    Path("truncated.png").write_bytes(Path("truncated.png").read_bytes()[:80])
    Image.fromarray(np.full((4, 4), 1000, np.uint16)).save("deep.png")
    header = b"\0\0\0\rIHDR" + (50_000).to_bytes(4) * 2 + b"\x08\x02\0\0\0"
    data = b"\x89PNG\r\n\x1a\n" + header + zlib.crc32(header[4:]).to_bytes(4)
    Path("bomb.png").write_bytes(data + b"\0\0\0\0IDAT\x35\xaf\x06\x1e")
    return tmp_path


@pytest.fixture(scope="module")
def empty_folder(tmp_path_factory):
    return tmp_path_factory.mktemp("empty")


@pytest.fixture
def place(request, monkeypatch, empty_folder):
    """Work in a folder; afterwards it must hold what it held before."""
    if request.node.callspec.params["name"].startswith("images."):
        folder = request.getfixturevalue("files")
    else:
        folder = empty_folder
        monkeypatch.chdir(folder)
    before = sorted(folder.iterdir())
    yield folder
    assert sorted(folder.iterdir()) == before, "a file is left behind"


# The cases --------------------------------------------------------------------------------------

WRONG = [
    pytest.param(name, argument, *case, id=f"{name}-{argument}-{label}".replace("\0", "NUL"))
    for name, kinds in TABLE.items()
    for argument, kind in kinds.items()
    for label, case in kind.wrong.items()
]
ODD = [
    pytest.param(name, argument, odd, id=f"{name}-{argument}-{label}")
    for name, kinds in TABLE.items()
    for argument, kind in kinds.items()
    for label, odd in kind.odd.items()
]


@pytest.mark.parametrize(("name", "argument", "value", "error"), WRONG)
def test_what_is_wrong_is_refused_by_name(place, name, argument, value, error):
    arguments = good_arguments(name) | {argument: value}
    before = snapshot(list(arguments.values()))
    if error is None:  # a card says so
        _, text = observe(find(name), arguments)
        assert f"without parentheses, not {_validation.describe(value)}" in text
    else:
        with pytest.raises(error) as caught:
            observe(find(name), arguments)
        if argument == "levels" and value == 9:
            argument, value = "image", "levels=9"
        assert_helpful(caught.value, argument, value)
    assert snapshot(list(arguments.values())) == before, "an argument was changed"


@pytest.mark.parametrize(("name", "argument", "odd"), ODD)
def test_what_is_odd_but_legal_is_treated_as_the_plain_value(place, name, argument, odd):
    is_pair = isinstance(odd, tuple) and len(odd) == 2 and argument not in ("pull", "pixels")
    odd, as_plain = odd if is_pair else (odd, TABLE[name][argument].good)
    if name == "images.save_image":
        results = [saved(good_arguments(name) | {argument: value}) for value in (as_plain, odd)]
        assert results[0] == results[1]
        return
    before = snapshot(odd)
    expected = observe(find(name), good_arguments(name) | {argument: as_plain})
    result = observe(find(name), good_arguments(name) | {argument: odd})
    if name == "metrics.ssim":  # another layout adds up in another order
        assert result[0] == pytest.approx(expected[0], abs=1e-12)
    else:
        assert result == expected
    assert snapshot(odd) == before, "the argument was changed"


def saved(arguments):
    """Save a picture, and return the bytes of the file; the file is removed."""
    observe(find("images.save_image"), arguments)
    data = Path(arguments["path"]).read_bytes()
    Path(arguments["path"]).unlink()
    return data


@pytest.mark.parametrize("name", TABLE)
def test_good_arguments_are_good(place, name):
    """Otherwise the cases above might be refused for another reason."""
    if name == "images.save_image":
        assert saved(good_arguments(name))
    else:
        assert observe(find(name), good_arguments(name)) == observe(
            find(name), good_arguments(name)
        )


NEW = [name for name in TABLE if "image" in TABLE[name] and name != "images.save_image"]


@pytest.mark.parametrize("name", NEW)
def test_results_are_new_arrays(place, name):
    arguments = good_arguments(name)
    result = find(name)(**arguments)
    if isinstance(result, np.ndarray):
        assert result.flags.writeable
        assert not np.shares_memory(result, arguments["image"])


# Nothing is left out ----------------------------------------------------------------------------


def is_public(thing, module):
    """Whether a module defines a function, or a class that is more than a record."""
    if not inspect.isroutine(thing) and not inspect.isclass(thing):
        return False
    is_record = dataclasses.is_dataclass(thing) or hasattr(thing, "_fields")
    return thing.__module__ == module.__name__ and not is_record


ANY_NUMBER = {"display.Picture", "display.explore", "display.Explorer"}  # see test_display.py


def signatures(modules):
    """Names of the arguments of each public function, by the function's name in the table."""
    found = {}
    for name in modules:
        module = importlib.import_module(f"course_utils.{name}")
        names = getattr(module, "__all__", [n for n in vars(module) if not n.startswith("_")])
        for public in names:
            thing = getattr(module, public)
            if is_public(thing, module) or "__all__" in vars(module):
                found[f"{name}.{public}"] = list(inspect.signature(thing).parameters)
    return found


MODULES = [
    path.stem
    for path in Path(exercises.__file__).parent.parent.iterdir()
    if path.stem[0] != "_" and (path.suffix == ".py" or path.stem == "exercises")
]


def test_every_argument_of_every_public_function_has_a_row():
    assert {name: list(kinds) for name, kinds in TABLE.items()} == {
        name: arguments for name, arguments in signatures(MODULES).items() if name not in ANY_NUMBER
    }


def test_a_new_function_and_a_new_argument_are_noticed(monkeypatch):
    def brighten(image, by=1):
        """A public function without a row."""

    brighten.__module__ = "course_utils.noise"
    monkeypatch.setattr("course_utils.noise.brighten", brighten, raising=False)
    assert signatures(MODULES)["noise.brighten"] == ["image", "by"]


def test_there_are_enough_cases():
    assert len(WRONG) + len(ODD) >= 1000
    for name, kinds in TABLE.items():
        for argument, kind in kinds.items():
            assert len(kind.wrong) >= 12, f"{argument} of {name}"


# Random arguments -------------------------------------------------------------------------------

SECONDS = float(os.environ.get("FUZZ_SECONDS", 2))
SEED = int(os.environ.get("FUZZ_SEED", random.SystemRandom().randrange(10**6)))
ARE_SLOW = ("display.show", "display.plot", "exercises.", "denoising_autoencoder.train")
HAVE_OTHERS = ("load_mnist", "save_image", "denoise", "outputs_of")  # files; a network's own words
FUZZED = [
    name
    for name in TABLE
    if TABLE[name] and not name.startswith(ARE_SLOW) and not name.endswith(HAVE_OTHERS)
]
DTYPES = [
    "u1",
    "u1",
    "u1",
    "u1",
    "i1",
    "u2",
    "i8",
    "f2",
    ">f4",
    "f8",
    "f8",
    "?",
    "c8",
    "O",
    "M8[s]",
]
NUMBERS = [0, 1, 2, 3, 5, 7, 255, 256, -1, 0.5, 1e-7, 1e7, NAN, INF, -INF, 2**31, 2**63, 10**30]


def random_array(chance):
    """An array of any type, shape, values and layout."""
    shape = [
        chance.choice([0, 1, 1, 2, 3, 3, 4, 7, 9])
        for _ in range(chance.choice([0, 1, *[2] * 6, 3, 3, 4]))
    ]
    levels = np.random.default_rng(chance.randrange(10**6)).integers(0, 256, shape)
    array = np.asarray(levels * chance.choice([1, 1, 0, -1, 1 / 3]))
    with warnings.catch_warnings(action="ignore"):  # a level that the type cannot hold
        array = array.astype(chance.choice(DTYPES))
    if array.size and array.dtype.kind == "f" and chance.random() < 0.2:
        array.flat[0] = chance.choice([NAN, INF, -INF])
    return chance.choice(list(layouts(array).values())) if array.ndim >= 2 else array


def random_value(chance, kind):
    """Any value: one of the kind's, a random one, or a list of such."""
    draw = chance.random()
    if draw < 0.4:
        return kind.good
    if draw < 0.7:
        return random_array(chance)
    if draw < 0.8:
        number = chance.choice(NUMBERS)
        return chance.choice([number, str(number), [number], np.float32(min(number, 1e30))])
    return chance.choice([case[0] for case in kind.wrong.values()])


def names_one(error, arguments):
    """Whether an error is about one of the arguments, and says what is accepted."""
    names = "|".join([*arguments, "kernel"])
    return re.match(rf"({names})\b.* (must|cannot be read|is none)", str(error))


def as_plain(value):
    """The same array in the simplest layout."""
    if isinstance(value, np.ndarray) and not isinstance(value, (np.ma.MaskedArray, np.matrix)):
        return np.array(value, value.dtype.newbyteorder("="), order="C", subok=False)
    return value


def fuzz(name, chance):
    """Call a function with random arguments: a right result, or an error that names one of them."""
    arguments = {argument: random_value(chance, kind) for argument, kind in TABLE[name].items()}
    before = snapshot(list(arguments.values()))
    try:
        result = observe(find(name), arguments)
    except (TypeError, ValueError, OSError) as error:
        if not isinstance(error, OSError) and not names_one(error, arguments):
            raise
    else:
        twins = {argument: as_plain(value) for argument, value in arguments.items()}
        if "rng" not in twins or twins["rng"] is not None:
            np.testing.assert_equal(observe(find(name), twins), result)
    assert snapshot(list(arguments.values())) == before, "an argument was changed"


@pytest.mark.fuzz
def test_random_arguments(empty_folder, monkeypatch):
    """For FUZZ_SECONDS; FUZZ_SEED repeats a run. What it finds belongs into the table."""
    monkeypatch.chdir(empty_folder)
    end, seed = time.monotonic() + SECONDS, SEED
    while time.monotonic() < end:
        chance = random.Random(seed)
        name = chance.choice(FUZZED)
        try:
            fuzz(name, chance)
        except Exception as error:
            pytest.fail(f"{name}, FUZZ_SEED={seed}: {type(error).__name__}: {error}")
        seed += 1
    assert list(empty_folder.iterdir()) == []


def judges_nothing(image, size):
    return image[::size, ::size].copy()


def changes_its_argument(image, size):
    if isinstance(image, np.ndarray) and image.size and image.flags.writeable:
        image[...] = 7
    return pooling.min_pool(image, size)


def minds_the_layout(image, size):
    return pooling.min_pool(image, size) * (1 if image.flags.c_contiguous else 2)


@pytest.mark.parametrize("fault", [judges_nothing, changes_its_argument, minds_the_layout])
def test_random_arguments_find_a_fault(empty_folder, monkeypatch, fault):
    monkeypatch.chdir(empty_folder)
    monkeypatch.setattr(f"{__name__}.find", lambda name: fault)
    seeds = (random.Random(seed) for seed in range(1000))
    with pytest.raises((AssertionError, TypeError, AttributeError)):
        list(map(partial(fuzz, "pooling.max_pool"), seeds))
