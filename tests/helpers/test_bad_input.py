"""Every argument of every public function is judged: one wrong value each proves the wiring.

What the judges themselves refuse is in test_validation.py, so the wrong values here are few: one
for each check that an argument passes. An argument without a row makes a test fail.
"""

import copy
import importlib
import inspect
import os
import random
import re
import time
from pathlib import Path
from unittest import mock

import numpy as np
import pytest
import torch
from matplotlib.figure import Figure

import course_utils
from course_utils import mnist, twins
from course_utils.autoencoder_family import SigmoidAutoencoder

pytestmark = pytest.mark.filterwarnings("error")  # a student sees results or errors, no warnings

# Kinds of arguments: a legal value, then pairs of a wrong value and its error, in few words ------

GRAY = np.random.default_rng(1).integers(0, 256, (9, 8), np.uint8)
RGB = np.random.default_rng(2).integers(0, 256, (9, 8, 3), np.uint8)
DIGITS = np.random.default_rng(3).integers(0, 256, (4, 28, 28), np.uint8)
SHAPES = {"gray": "(height, width)", "RGB": "(height, width, 3)"}
SHAPES["gray or RGB"] = f"{SHAPES['gray']} or {SHAPES['RGB']}"


def of_type(good, words, wrong=7):
    return good, (wrong, TypeError(f"must be {words}"))


def image(kind):
    good = GRAY if kind == "gray" else RGB
    return of_type(good, f"a uint8 array {SHAPES[kind]}, not a uint16", good.astype("u2"))


def values(kind):
    good = (GRAY if kind == "gray" else RGB) / 3
    words = f"a uint8, float32 or float64 array {SHAPES[kind]}, not"
    return of_type(good, words, good.astype("i2"))


def integer(good, minimum, maximum=None, *, article="an"):
    words = f"must be {article} integer, at least {minimum}"
    words += f" and at most {maximum}" if maximum else ""
    return good, (minimum - 1, ValueError(f"{words}, not {minimum - 1}"))


def number(good, minimum, maximum):
    words = f"must be a number from {minimum:g} to {maximum:g}, not nan"
    return good, (float("nan"), ValueError(words))


def pictures(kind):
    good, not_iterable = of_type(GRAY[:4, :4], "an array or a list of arrays", "coffee")
    nothing = [], ValueError("must hold at least one array")
    no_array = [GRAY, "coffee"], TypeError("[1] must be an array of numbers, not 'coffee'")
    one_row = GRAY[0], ValueError(f"must have shape {SHAPES[kind]}, not (8,)")
    return good, not_iterable, nothing, no_array, one_row


GRAY_IMAGE, RGB_IMAGE, ANY_IMAGE = image("gray"), image("RGB"), image("gray or RGB")
RNG = of_type(7, "an int, a numpy.random.Generator or None, not", "7")
FLAG, TEXT = of_type(False, "True or False", 1), of_type("text", "a str")
KERNEL = of_type(np.array([[0.0, 1, 0], [1, 2, 0], [5, 0, 0]]), "a 2-D array of real numbers")
ODD_KERNEL = *KERNEL, (np.ones((3, 2)), ValueError("must have odd sides"))
KERNELS = (
    *of_type([np.eye(3)] * 3, "a sequence of three kernels"),
    ([np.eye(3)] * 4, ValueError("must be three, one a channel, not 4")),
    ([np.eye(3), np.eye(3), 7], TypeError("kernels[2] must be a 2-D array")),
    ([np.eye(3), np.eye(3), np.eye(1)], ValueError("must have one shape, not [(3, 3), (3, 3), (1")),
)
PULL = (
    *of_type((0.25, 0.5), "a pair of numbers (low, high)", (0.1, 0.2, 0.3)),
    ((-0.1, 0.5), ValueError("pull[0] must be a number from 0 to 1, not -0.1")),
    ((0.5, 0.4), ValueError("pull[1] must be a number from 0.5 to 1, not 0.4")),
)
NAME = *of_type("coins", "a str or a path"), ("", ValueError("is a folder"))
ROOT = *of_type("data", "a str, a path or None"), ("\0", ValueError("must hold no NUL character"))
PATH = (
    *of_type("new.png", "a str or a path"),
    *((name, ValueError("must end in one of .png")) for name in ("a", ".png", "a.gif")),
    ("a\0.png", ValueError("must hold no NUL character")),
    ("nowhere/new.png", FileNotFoundError("there is no folder 'nowhere'")),
)
SIGMA, UNITS, POOLED = number(2, 0, 1e6), integer(8, 1, 10_000), values("gray or RGB")
SIDE, BATCH = integer(17, 1, 1001, article="an odd"), integer(3, 1, 100_000)
HEIGHT, COLUMNS, VMAX = number(3, 0.5, 50), integer(2, 1, 100), number(3, -1e300, 1e300)
VMIN = *number(0, -1e300, 1e300), (4, ValueError("must be at most vmax, but it is 4, and vmax 3"))
TITLES = (
    "one",
    (["a", "b"], ValueError("must be 1, one for each array, not ['a', 'b']")),
    (7, ValueError("must be 1, one for each array, not 7")),
    ([7], TypeError("titles[0] must be a str")),
)
TOO_LARGE = np.zeros((2, 21)), ValueError("must be at most 20 x 20, but a side is 21")
BOXES = (
    [(0, 1, 2, 3)],
    (7, ValueError("must be a list of (row, column, height, width)")),
    ([(0, 1, 2)], ValueError("must be a list of (row, column, height, width)")),
    ([(-1, 0, 1, 1)], ValueError("row of boxes must be an integer, at least 0")),
    ([(0, -1, 1, 1)], ValueError("column of boxes must be an integer, at least 0")),
    ([(0, 0, 0, 1)], ValueError("height of boxes must be an integer, at least 1")),
    ([(0, 0, 1, 0)], ValueError("width of boxes must be an integer, at least 1")),
)
REAL = "a 1-D array of real numbers"
LINE = *of_type([1, 2, 3], REAL, [[1, 2]]), of_type([1, 2, 3], REAL, [1j])[1]
CURVES = (
    *of_type({"a": [1, 2, 3]}, "a dict of name to values", {}),
    ([1, 2, 3], TypeError("must be a dict of name to values")),
    ({"a": list("abc")}, TypeError("curves['a'] must be a 1-D array of real numbers")),
    ({"a": [1]}, ValueError("curves['a'] must have shape (3,) as x, not (1,)")),
)
FIGURE = of_type(Figure(), "a matplotlib Figure")
STACK = of_type(DIGITS, "a uint8 array (count, height, width)", DIGITS / 255)
STACKS = "must have shape (count, height, width), not"
BYTES = (
    *of_type(torch.from_numpy(DIGITS), "a uint8 tensor (count, height, width)", DIGITS),
    (torch.zeros(2, 28, 28), ValueError("not torch.float32 and shape (2, 28, 28)")),
    (torch.from_numpy(DIGITS[0]), ValueError("not torch.uint8 and shape (28, 28)")),
)
TENSOR = of_type(torch.tensor([[0.1, 0.2], [0.4, 0.5]]), "a tensor", np.zeros((2, 2)))
MEMBER = *TENSOR, (torch.zeros(2, 3), ValueError("the same shape"))
FLAT = *TENSOR, (torch.zeros(2), ValueError("must have shapes (count, units) and (units, inputs)"))
NETWORK = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(784, 4), torch.nn.Sigmoid())
MODEL = of_type(NETWORK, "a torch.nn.Module", torch.nn.Linear)
PIXELS = (
    *of_type([3, 5], "a list of integers"),
    ([], ValueError("must be a list, at least of one")),
    (np.zeros((2, 2), int), ValueError("must be a list, at least of one")),
    ([3, 784], ValueError("pixels[1] must be an integer, at least 0 and at most 783")),
)
TABLE = {}


def rows(names, **arguments):
    """Note the arguments of functions: "room.function", or several of one room."""
    room, functions = names.split(".")
    TABLE.update({f"{room}.{function}": arguments for function in functions.split()})


rows("images.load_image", name=NAME, gray=FLAG)
rows("images.save_image", image=ANY_IMAGE, path=PATH, overwrite=of_type(True, "True or False"))
rows("images.picture_names")
rows("histograms.channel_histograms", image=RGB_IMAGE)
HISTOGRAMS = "histogram normalized_histogram cumulative_distribution"
rows(f"histograms.{HISTOGRAMS}", image=GRAY_IMAGE, levels=integer(256, 1, 256))
rows("equalization.equalization_map equalize equalize_full_range", image=GRAY_IMAGE)
rows("equalization.equalize_channels equalize_luminance", image=RGB_IMAGE)
rows("equalization.compress_contrast", image=ANY_IMAGE, pull=PULL, rng=RNG)
rows("noise.add_gaussian_noise add_speckle_noise", image=ANY_IMAGE, sigma=SIGMA, rng=RNG)
SALT = {"amount": number(0.25, 0, 1), "salt_fraction": number(0.5, 0, 1)}
rows("noise.add_salt_and_pepper_noise", image=ANY_IMAGE, **SALT, rng=RNG)
rows("noise.add_poisson_noise", image=ANY_IMAGE, gain=number(2, 1e-6, 1e6), rng=RNG)
PLACES = *integer(200, 1), (253, ValueError("must fit, but 253 is more than 252 pixels"))
STEPS = {"stride": integer(2, 1), "padding": integer(1, 0)}
rows("convolution.output_size", size=integer(250, 1), kernel=PLACES, **STEPS)
rows("convolution.correlate2d convolve2d", image=values("gray"), kernel=KERNEL)
rows("convolution.convolve_channels", image=RGB_IMAGE, kernels=KERNELS)
rows("convolution.random_kernel", size=integer(3, 1, 1001), rng=RNG)
REALS = of_type(GRAY * 1.7 - 50, "an array of real numbers", GRAY > 9)
NOT_NUMBERS = np.array([np.nan]), ValueError("must be numbers, but some are NaN")
rows("convolution.to_uint8", values=(*REALS, NOT_NUMBERS))
rows("filtering.box_kernel binomial_kernel", size=SIDE)
rows("filtering.gaussian_kernel", size=SIDE, sigma=number(2, 1e-3, 1e6))
rows("filtering.filter_image", image=ANY_IMAGE, kernel=ODD_KERNEL)
rows("filtering.median_filter", image=ANY_IMAGE, size=integer(17, 1, 255, article="an odd"))
rows("pooling.min_pool max_pool mean_pool", image=POOLED, size=integer(2, 1, 8))
rows("metrics.mse psnr ssim", image=ANY_IMAGE, reference=ANY_IMAGE)
SPLIT = "test", ("Train", ValueError("must be one of ('train', 'test'), not 'Train'"))
SOURCE = "drawn", ("MNIST", ValueError("must be one of ('auto', 'mnist', 'drawn'), not 'MNIST'"))
rows("mnist.load_mnist", split=SPLIT, root=ROOT, source=SOURCE)
rows("drawn_digits.draw_digits", count=integer(20, 1, 1_000_000), rng=RNG)
rows("twins.digest", values=of_type(GRAY / 3, "an array of real numbers", ["a"]))
rows("twins.summarize show_figure", figure=FIGURE)
rows("display.panels", count=integer(1, 1, 100), columns=COLUMNS, height=HEIGHT)
SHOWN, SCALE = {"titles": TITLES, "columns": COLUMNS}, {"vmin": VMIN, "vmax": VMAX}
FLOATS = (
    RGB / 255,
    TypeError("images[0] is RGB and must be uint8, not float64; to_uint8(255 * image) rounds it"),
)
rows("display.show_images", images=(*pictures("gray or RGB"), FLOATS), **SHOWN, ticks=FLAG, **SCALE)
GRIDS = {"arrays": (*pictures("gray"), TOO_LARGE)} | SHOWN | SCALE
rows("display.show_arrays", **GRIDS, digits=integer(3, 1, 17), boxes=BOXES)
rows("display.show_signed", arrays=pictures("gray"), **SHOWN, limit=number(3, 1e-300, 1e300))
COUNTED = *pictures("gray or RGB"), (GRAY / 3, TypeError("images[0] must be a uint8 array"))
FLAGS = dict.fromkeys(["cdf", "sharey", "beside"], FLAG)
rows("display.show_histograms", images=COUNTED, titles=TITLES, **FLAGS)
TEXTS = dict.fromkeys(["title", "xlabel", "ylabel"], TEXT)
rows("display.plot_curves", x=LINE, curves=CURVES, **TEXTS, height=HEIGHT)
rows("training.check_model", model=MODEL, name=("model",))
rows("training.bfloat16_while_training", model=MODEL)
rows("training.kaiming", model=MODEL)
NO_STACKS = (DIGITS[0], ValueError(f"{STACKS} (28, 28)")), (DIGITS[:0], ValueError(STACKS))
rows("training.check_stack", images=(*STACK, *NO_STACKS), name=("images",))
rows("training.image_batches", images=STACK, size=BATCH)
rows("training.best_device")
rows("training.one_cycle", progress=number(0.5, 0, 1))
rows(
    "training.train",
    model=MODEL,
    make_batch=of_type(lambda rng: (torch.rand(2, 784, generator=rng), torch.ones(2, 4)), "a func"),
    loss=of_type(torch.nn.functional.mse_loss, "a function"),
    steps=integer(2, 1),
    learning_rate=number(0.5, 0, 1000),
    schedule=of_type(lambda progress: 1, "a function"),
    seed=integer(7, 0, 2**63 - 1),
    evaluate=of_type(None, "a function or None"),
    every=integer(2, 1),
    checkpoint=of_type(None, "a str, a path or None"),
    device=of_type(torch.device("cpu"), "a torch.device or None", "cpu"),
)
rows("training.checkpoint_folder", root=ROOT)
DRAWN = of_type(torch.Generator().manual_seed(7), "a torch.Generator")
ONE = DIGITS[:1], ValueError("must be at least two, one for each noise")
rows("denoising_autoencoder.corrupt", images=BYTES, rng=DRAWN)
rows("denoising_autoencoder.freeze_noise", images=(*STACK, ONE), rng=RNG)
rows("denoising_autoencoder.denoising_batches", images=STACK, size=BATCH)
OTHERS = *STACK, (DIGITS[:1], ValueError("must have the shape of noisy, (4, 28, 28)"))
FITTED = {"noisy": STACK, "clean": OTHERS}
rows("denoising_autoencoder.fit_curve", **FITTED)
rows("denoising_autoencoder.least_squares_matrix", **FITTED, ridge=number(2, 1e-6, 1e6))
MATRIX = of_type(np.eye(785, 784), "an array of floats", np.eye(785, 784, dtype=int))
SQUARE = np.eye(784), ValueError("must have shape (785, 784) for images of 784 pixels")
rows("denoising_autoencoder.apply_matrix", matrix=(*MATRIX, SQUARE), images=STACK)
LABELS = of_type(np.arange(4), "an array of integers", np.zeros(4))
FEWER = np.arange(3), ValueError("must have shape (4,), not (3,)")
rows("denoising_autoencoder.labelled_batches", images=STACK, labels=(*LABELS, FEWER), size=BATCH)
rows("denoising_autoencoder.read_digits", reader=MODEL, images=STACK)
rows("denoising_autoencoder.DenseAutoencoder DigitReader")
rows("denoising_autoencoder.ResidualDenoiser", channels=integer(3, 1, 1000))
rows("denoising_autoencoder.denoise", model=MODEL, images=STACK)
rows("autoencoder_family.clean_batches", images=STACK, size=BATCH)
rows("autoencoder_family.outputs_of", model=MODEL, images=STACK)
rows("autoencoder_family.squared_error", reconstruction=MEMBER, target=MEMBER)
rows("autoencoder_family.image_decoder", inputs=UNITS, hidden=UNITS)
rows("autoencoder_family.SparseAutoencoder", units=UNITS, free=FLAG)
rows("autoencoder_family.SigmoidAutoencoder", units=UNITS)
rows("autoencoder_family.sparse_loss", weight=SIGMA)
UNFIT = torch.zeros(2, 3), ValueError("must have shapes (count, units) and (units, inputs)")
rows("autoencoder_family.jacobian_penalty", code=(*FLAT, UNFIT), weight=FLAT)
SIGMOID = of_type(SigmoidAutoencoder(), "a SigmoidAutoencoder", NETWORK)
rows("autoencoder_family.contractive_loss", model=SIGMOID, weight=SIGMA)
LOGITS = of_type(TENSOR[0], "a float tensor", torch.tensor([[1, 2]]))
TEMPERATURE = *number(2, 1e-6, 1e6), (torch.ones(1), TypeError("must be a number from 1e-06"))
rows("autoencoder_family.gumbel_softmax", logits=LOGITS, temperature=TEMPERATURE)
HEAT = {"hot": number(10, 1e-3, 1e3), "cold": number(0.5, 1e-3, 10), "speed": number(2, 1e-3, 1e3)}
COUNTS = {"count": integer(3, 1, 784), "steps": integer(3, 1)}
rows("autoencoder_family.ConcreteAutoencoder", **COUNTS, **HEAT)
rows("autoencoder_family.PixelAutoencoder", pixels=PIXELS)
rows("autoencoder_family.VariationalAutoencoder", latent=UNITS, hidden=UNITS)
OTHER = torch.zeros(2, 3), ValueError("must have the shape of mean")
rows("autoencoder_family.reparametrize", mean=TENSOR, log_variance=(*TENSOR, OTHER))
rows("autoencoder_family.kl_to_standard_normal", mean=MEMBER, log_variance=MEMBER)
rows("autoencoder_family.negative_elbo", sigma=number(2, 1e-6, 1e6))
CLOUD = np.array([[0.0, 1.0], [2.0, 5.0], [3.0, 3.0]])
POINTS = *of_type(CLOUD, "an array of floats", GRAY), (CLOUD[0], ValueError("at least two points"))
OTHER_POINTS = *POINTS, (np.zeros((3, 3)), ValueError("must have the same number of features"))
rows("autoencoder_family.frechet_distance", first=POINTS, second=OTHER_POINTS)
rows("diffusion.noise_levels", steps=integer(3, 1, 10_000))
FALLING = of_type(np.array([2.0, 1.0, 0.0]), "an array of floats", np.arange(3))
RISING = np.array([1.0, 2.0]), ValueError("must fall, and end at 0 or above")
DENOISE = of_type(lambda x, level: x / 2, "a function")
NOISE = of_type(np.array([8.0, -4.0]), "an array or a tensor")
rows("diffusion.denoise_stepwise", denoise=DENOISE, noise=NOISE, sigmas=(*FALLING, RISING))
TEN = np.array([0, 1, 2, 10]), ValueError("must be 4 classes 0 … 9, one for each image")
rows("diffusion.diffusion_batches", images=STACK, labels=(*LABELS, TEN), size=BATCH)
rows("diffusion.DigitDenoiser", channels=integer(3, 1, 1000), hidden=integer(3, 1, 10_000))

ANY_NUMBER = {"explorers.Explorer", "explorers.explore", "twins.Picture"}  # see test_explorers.py
# No reader calls them.
INSIDE = {"denoising_autoencoder.dense_layers", "twins.png", "twins.render"}
INSIDE |= {"lab.Copies", "lab.load_ipython_extension", "lab.main", "lab.move_in"}


def test_every_argument_of_every_public_function_has_a_row():
    found = {}
    for file in Path(course_utils.__file__).parent.glob("[a-z]*.py"):
        module = importlib.import_module(f"course_utils.{file.stem}")
        for name, thing in vars(module).items():
            is_defined_here = getattr(thing, "__module__", None) == module.__name__
            is_record = hasattr(thing, "__match_args__")  # a named tuple or a dataclass
            if name[0] != "_" and is_defined_here and callable(thing) and not is_record:
                found[f"{file.stem}.{name}"] = list(inspect.signature(thing).parameters)
    judged = {name: list(arguments) for name, arguments in TABLE.items()}
    assert judged == {name: found[name] for name in found if name not in ANY_NUMBER | INSIDE}


# Calling ----------------------------------------------------------------------------------------


class Mapped(np.ndarray):
    """An array by another name, as those are that NumPy maps from files."""


def layouts(array):
    """Return the same values as `array`, each time laid out otherwise in memory."""
    locked = array.copy()
    locked.flags.writeable = False
    places = (slice(None, None, 2),) * array.ndim
    strided = np.empty([2 * side for side in array.shape], array.dtype)[places]
    strided[...] = array
    backwards, mapped = np.flip(np.flip(array).copy()), array.copy().view(Mapped)
    other_bytes = array.astype(array.dtype.newbyteorder())
    return [locked, np.asfortranarray(array), strided, backwards, mapped, other_bytes]


def call(function_name, **given):
    """Call with good arguments but for those given; list what is returned and shown, as arrays."""
    room, _, name = function_name.partition(".")
    function = getattr(importlib.import_module(f"course_utils.{room}"), name)
    good = {argument: kind[0] for argument, kind in TABLE[function_name].items()}
    for argument, value in good.items():
        if isinstance(value, (np.ndarray, torch.Generator, torch.nn.Module)):  # may be changed
            good[argument] = copy.deepcopy(value)
    shown = []
    torch.manual_seed(0)
    with (
        mock.patch.object(twins, "display", shown.append),
        mock.patch.object(twins, "Picture", twins.summarize),  # the text twin is enough
        mock.patch.dict(mnist.DRAWN, {"test": (20, 2)}),
    ):
        result = function(**good | given)
    if isinstance(result, torch.nn.Module):
        result = list(result.state_dict().values())
    elif inspect.isfunction(result) and "rng" in inspect.signature(result).parameters:
        result = result(torch.Generator().manual_seed(0))  # it draws batches
    parts = [*result, *shown] if isinstance(result, (tuple, list)) else [result, *shown]
    return [
        np.asarray(p) for p in parts if isinstance(p, (np.ndarray, torch.Tensor, float, int, str))
    ]


def assert_same(results, expected):
    for one, other in zip(results, expected, strict=True):
        if one.dtype == float:  # in another layout, scikit-image adds up in another order
            np.testing.assert_allclose(one, other, rtol=1e-12, strict=True)
        else:
            np.testing.assert_array_equal(one, other, strict=True)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


WRONG = [
    pytest.param(name, argument, *pair, id=f"{name}-{argument}-{number}")
    for name, kinds in TABLE.items()
    for argument, (_, *pairs) in kinds.items()
    for number, pair in enumerate(pairs)
]


@pytest.mark.parametrize(("name", "argument", "value", "error"), WRONG)
def test_what_is_wrong_is_refused_by_name(folder, name, argument, value, error):
    with pytest.raises(type(error), match=re.escape(str(error))) as caught:
        call(name, **{argument: value})
    assert caught.type is type(error)
    assert re.search(rf"\b{argument}\b", str(caught.value))
    assert not list(folder.iterdir()), "a file is left behind"


def with_good(*types):
    """Names of the functions of which an argument is of the types."""
    return [n for n, kinds in TABLE.items() if any(isinstance(k[0], types) for k in kinds.values())]


@pytest.mark.parametrize("name", with_good(np.ndarray))
def test_arrays_may_lie_in_memory_in_any_way(name):
    expected = call(name)
    arrays = {k: good for k, (good, *_) in TABLE[name].items() if isinstance(good, np.ndarray)}
    for argument, good in arrays.items():
        for laid_out in layouts(good):
            results = call(name, **{argument: laid_out})
            assert_same(results, expected)
            np.testing.assert_array_equal(laid_out, good, err_msg="the argument was changed")
            assert all(result.flags.writeable for result in results)
            assert not any(np.shares_memory(result, laid_out) for result in results)


ODD = {
    bool: np.bool_,
    int: lambda n: np.min_scalar_type(n).type(n),
    float: np.float16,
    str: np.str_,
}


@pytest.mark.parametrize("name", with_good(*ODD))
def test_numbers_and_texts_of_numpy_are_as_good_as_pythons(name):
    good = {argument: kind[0] for argument, kind in TABLE[name].items()}
    odd = {argument: ODD[type(v)](v) for argument, v in good.items() if type(v) in ODD}
    assert_same(call(name, **odd), call(name))


# Random arguments -------------------------------------------------------------------------------

SECONDS = float(os.environ.get("FUZZ_SECONDS", 2))
SEED = int(os.environ.get("FUZZ_SEED", random.SystemRandom().randrange(10**6)))
ROOMS = ("histograms", "equalization", "noise", "convolution", "filtering", "pooling", "metrics")
TYPES = ["u1", "u1", "u1", "i1", "u2", "i8", "f2", ">f4", "f8", "f8", "?", "c8", "O", "M8[s]"]
NUMBERS = [0, 1, 2, 3, 5, 7, 255, 256, -1, 0.5, 1e-7, 1e7, np.nan, np.inf, 2**63, 10**30, "3", None]


def random_array(chance):
    """An array of any type, shape, values and layout."""
    shape = chance.choices([0, 1, 2, 3, 4, 7, 9], k=chance.choice([0, 1, 2, 2, 2, 3]))
    array = np.random.default_rng(chance.randrange(10**6)).integers(-9, 256, shape)
    with np.errstate(all="ignore"):
        array = np.asarray(array / chance.choice([1, 3])).astype(chance.choice(TYPES))
    return chance.choice([array, *(layouts(array) if array.ndim >= 2 else [])])


@pytest.mark.fuzz
def test_random_arguments():
    """For FUZZ_SECONDS; FUZZ_SEED repeats a run. What it finds belongs into the table."""
    end, seed = time.monotonic() + SECONDS, SEED
    while time.monotonic() < end:
        chance = random.Random(seed)
        name = chance.choice([name for name in TABLE if name.startswith(ROOMS)])
        tried = [argument for argument in TABLE[name] if chance.random() < 0.7]
        given = {a: chance.choice([random_array(chance), chance.choice(NUMBERS)]) for a in tried}
        kept = copy.deepcopy(given)
        results = outcome(name, given)
        plain = {a: np.array(v) if isinstance(v, np.ndarray) else v for a, v in given.items()}
        where = f"{name}, FUZZ_SEED={seed}"
        if isinstance(results, str):
            assert re.match(rf"({'|'.join(TABLE[name])}|kernel)\b.* must", results), where
        elif given.get("rng", 0) is not None:
            assert_same(results, outcome(name, plain))
        np.testing.assert_equal(given, kept, err_msg=f"{where}: an argument was changed")
        seed += 1


def outcome(name, given):
    """What a function returns, or the message of its error."""
    try:
        return call(name, **given)
    except (TypeError, ValueError) as error:
        return str(error)
