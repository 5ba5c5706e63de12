"""Write docs/conventions.md: what libraries mean by the same word, found by running them.

``python docs/make_conventions.py`` writes the page anew; tests/test_conventions.py compares every
row with what the installed versions do.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import cv2
import numpy as np
import scipy
import skimage
import torch
import torchvision
from PIL import Image, ImageChops, ImageFilter, ImageOps
from torch.nn import functional as F
from torchvision.transforms import functional as TF

from course_utils import convolution, equalization, filtering, images, metrics, noise, pooling

PAGE = Path(__file__).with_name("conventions.md")
OPENING = """\
# Conventions

One word, many meanings. Each table asks one question and answers it by running every library on
the same small input. You see the call and what came out; nothing here is written by hand. If a
library changes its mind, a test names the row.

Short names: `np` is NumPy, `ndimage` is `scipy.ndimage`, `cv2` is OpenCV, `F` is
`torch.nn.functional`, `TF` is `torchvision.transforms.functional`. The names of this course's
modules stand alone.
"""
NAMES = {
    "np": np,
    "scipy": scipy,
    "ndimage": scipy.ndimage,
    "skimage": skimage,
    "cv2": cv2,
    "torch": torch,
    "torchvision": torchvision,
    "F": F,
    "TF": TF,
    "Image": Image,
    "ImageChops": ImageChops,
    "ImageFilter": ImageFilter,
    "ImageOps": ImageOps,
    "convolution": convolution,
    "equalization": equalization,
    "filtering": filtering,
    "images": images,
    "metrics": metrics,
    "noise": noise,
    "pooling": pooling,
}


@dataclass(frozen=True)
class Topic:
    """One question, put to every library.

    Attributes
    ----------
    title : str
        The heading on the page; notebooks link to it.
    text : str
        What the reader should know before the table.
    setup : str
        Code that all calls share; it is shown above the table.
    calls : tuple of (library, expression)
    meaning : dict of str to str
        What each result means, by the result as it is shown. A result that is not listed has no
        meaning yet: the test fails until somebody looks at it.
    """

    title: str
    text: str
    setup: str
    calls: tuple[tuple[str, str], ...]
    meaning: dict[str, str]

    @cached_property
    def names(self):
        """What the calls may use."""
        names = dict(NAMES)
        exec(self.setup, names)
        return names

    def row(self, library, call):
        """Run one call; return its line of the table."""
        result = shown(eval(call, self.names))
        meaning = self.meaning.get(result, "**?**")
        return f"| {library} | `{call}` | `{result}` | {meaning} |"

    def page(self):
        """Text of the section, in Markdown."""
        head = [f"## {self.title}", "", self.text, ""]
        code = ["```python", self.setup, "```", ""] if self.setup else []
        table = ["| library | call | result | meaning |", "|---|---|---|---|"]
        return "\n".join([*head, *code, *table, *(self.row(*call) for call in self.calls)])


def shown(value):
    """Write a result in one line: numbers to four digits, in rows."""
    if isinstance(value, Image.Image):
        value = np.asarray(value)
    if isinstance(value, torch.Tensor):
        value = value.numpy()
    if isinstance(value, (bool, str, tuple)):
        return str(value)
    rows = np.atleast_2d(np.squeeze(value))
    return " / ".join(" ".join(f"{number:.4g}" for number in row) for row in rows)


FLIPS = Topic(
    "Who flips the kernel",
    "Convolution turns the kernel round, correlation does not. On an impulse, a single 1 among "
    "zeros, convolution shows the kernel as it is, and correlation shows it turned round.",
    """\
impulse = np.zeros((5, 5), np.float32)
impulse[2, 2] = 1
kernel = np.array([[0, 0, 0], [1, 2, 3], [0, 0, 0]], np.float32)
gray = impulse.astype(np.uint8)
image, weights = torch.from_numpy(impulse)[None, None], torch.from_numpy(kernel)[None, None]
pillow_kernel = ImageFilter.Kernel((3, 3), kernel.ravel().tolist(), scale=1)""",
    (
        ("NumPy", "np.convolve(impulse[2], kernel[1], 'valid')"),
        ("NumPy", "np.correlate(impulse[2], kernel[1], 'valid')"),
        ("SciPy", "ndimage.convolve(impulse, kernel)[2, 1:4]"),
        ("SciPy", "ndimage.correlate(impulse, kernel)[2, 1:4]"),
        ("SciPy", "scipy.signal.convolve2d(impulse, kernel, 'valid')[1]"),
        ("OpenCV", "cv2.filter2D(impulse, -1, kernel)[2, 1:4]"),
        ("PyTorch", "F.conv2d(image, weights)[0, 0, 1]"),
        ("Pillow", "np.asarray(Image.fromarray(gray).filter(pillow_kernel))[2, 1:4]"),
        ("this course", "convolution.convolve2d(impulse, kernel)[1]"),
        ("this course", "convolution.correlate2d(impulse, kernel)[1]"),
        ("this course", "filtering.filter_image(gray, kernel)[2, 1:4]"),
    ),
    {"1 2 3": "flips: convolution", "3 2 1": "does not flip: correlation"},
)

BORDERS = Topic(
    "What a border's name means",
    "The row 1 2 3 with two more pixels on either side. The same word stands for different rows, "
    "and the same row has different names.",
    """\
row = np.array([[1, 2, 3]], np.uint8)
tensor = torch.from_numpy(row).float()


def scipy_row(mode):
    read = np.eye(5)  # a kernel with a single 1 reads one neighbour
    left = [ndimage.correlate1d(row[0], kernel, mode=mode)[0] for kernel in read]
    right = [ndimage.correlate1d(row[0], kernel, mode=mode)[2] for kernel in read[3:]]
    return left + right


def skimage_row(mode):
    shift = skimage.transform.AffineTransform(translation=(-2, 0))
    return skimage.transform.warp(
        row, shift, output_shape=(1, 7), mode=mode, order=0, preserve_range=True
    )""",
    (
        *(
            ("NumPy", f"np.pad(row[0], 2, '{mode}')")
            for mode in ("constant", "edge", "symmetric", "reflect", "wrap")
        ),
        *(
            ("SciPy", f"scipy_row('{mode}')")
            for mode in ("constant", "nearest", "reflect", "mirror", "wrap")
        ),
        *(
            ("scikit-image", f"skimage_row('{mode}')")
            for mode in ("constant", "edge", "symmetric", "reflect", "wrap")
        ),
        *(
            ("OpenCV", f"cv2.copyMakeBorder(row, 0, 0, 2, 2, cv2.BORDER_{mode})")
            for mode in ("CONSTANT", "REPLICATE", "REFLECT", "REFLECT_101", "WRAP", "DEFAULT")
        ),
        *(
            ("PyTorch", f"F.pad(tensor, (2, 2), '{mode}')")
            for mode in ("constant", "replicate", "reflect", "circular")
        ),
        *(
            ("PyTorch", f"TF.pad(tensor[None], [2, 0, 2, 0], padding_mode='{mode}')")
            for mode in ("constant", "edge", "symmetric", "reflect")
        ),
        ("Pillow", "ImageOps.expand(Image.fromarray(row), (2, 0))"),
    ),
    {
        "0 0 1 2 3 0 0": "zeros",
        "1 1 1 2 3 3 3": "the edge is repeated",
        "2 1 1 2 3 3 2": "mirrored, with the edge",
        "3 2 1 2 3 2 1": "mirrored, without the edge",
        "2 3 1 2 3 1 2": "goes on at the other side",
    },
)

FILTER_BORDERS = Topic(
    "Which border a filter takes unless you say",
    "A mean of three over the row 8 4 1. What comes out first tells what was taken to lie to the "
    "left of the 8.",
    """\
row = np.array([[8, 4, 1]], np.float32)
image = row.astype(np.uint8)
mean = np.ones((1, 3), np.float32) / 3
tensor = torch.from_numpy(row)[None, None]


def before(result):
    return np.round(3 * np.asarray(result, float).ravel()[0]) - 8 - 4""",
    (
        ("SciPy", "before(ndimage.uniform_filter1d(row, 3, axis=1))"),
        ("SciPy", "before(ndimage.convolve(row, mean))"),
        ("OpenCV", "before(cv2.filter2D(row, -1, mean))"),
        ("OpenCV", "before(cv2.blur(row, (3, 1)))"),
        ("PyTorch", "before(F.conv2d(tensor, torch.from_numpy(mean)[None, None], padding='same'))"),
        ("PyTorch", "before(F.avg_pool2d(tensor, (1, 3), 1, (0, 1)))"),
        ("this course", "before(filtering.filter_image(3 * image, mean) / 3)"),
    ),
    {
        "8": "the edge repeated, or mirrored with it",
        "4": "mirrored without the edge",
        "0": "zeros",
    },
)

ROUNDING = Topic(
    "How decimals become grey levels",
    "Halves show the rule: cut off, up, or to the even neighbour. The next table asks what "
    "happens beyond 255.",
    """\
values = np.array([[0.5, 1.5, 2.5, 254.7]], np.float32)
tensor = torch.from_numpy(values)""",
    (
        ("NumPy", "values.astype(np.uint8)"),
        ("NumPy", "np.rint(values).astype(np.uint8)"),
        ("scikit-image", "skimage.util.img_as_ubyte(values / 255)"),
        ("OpenCV", "cv2.convertScaleAbs(values)"),
        ("OpenCV", "cv2.add(values, 0, dtype=cv2.CV_8U)"),
        ("PyTorch", "tensor.to(torch.uint8)"),
        ("PyTorch", "torch.round(tensor).to(torch.uint8)"),
        ("PyTorch", "torchvision.transforms.ToPILImage()(tensor[None] / 255)"),
        ("Pillow", "Image.fromarray(values).convert('L')"),
        ("this course", "convolution.to_uint8(values)"),
    ),
    {"0 1 2 254": "cut off", "0 2 2 255": "to the nearest, halves to the even one"},
)

OVERFLOW = Topic(
    "What 200 + 100 is",
    "In 8 bits there is no 300.",
    """\
a, b = np.full((1, 2), 200, np.uint8), np.full((1, 2), 100, np.uint8)""",
    (
        ("NumPy", "a + b"),
        ("OpenCV", "cv2.add(a, b)"),
        ("PyTorch", "torch.from_numpy(a) + torch.from_numpy(b)"),
        ("Pillow", "ImageChops.add(Image.fromarray(a), Image.fromarray(b))"),
        ("Pillow", "ImageChops.add_modulo(Image.fromarray(a), Image.fromarray(b))"),
        ("this course", "convolution.to_uint8(a + b.astype(float))"),
    ),
    {"44 44": "wraps round: 300 - 256", "255 255": "stays at the largest level"},
)

SIGMA = Topic(
    "Sigma, or its square",
    "Each call asks for noise of strength 0.04 on a million values. What came out is the standard "
    "deviation: 0.04 if that was what the argument meant, 0.2 if it meant the variance.",
    """\
zeros = np.full((1000, 1000), 0.5)
rng = np.random.default_rng(0)
gray = np.full((1000, 1000), 128, np.uint8)


def spread(values):
    return np.round(np.std(np.asarray(values, float)), 2)""",
    (
        ("NumPy", "spread(rng.normal(0, 0.04, zeros.shape))"),
        ("SciPy", "spread(scipy.stats.norm(0, 0.04).rvs(zeros.shape, random_state=rng))"),
        ("scikit-image", "spread(skimage.util.random_noise(zeros, var=0.04, rng=0, clip=False))"),
        ("OpenCV", "spread(cv2.randn(np.zeros((1000, 1000)), 0, 0.04))"),
        ("PyTorch", "spread(torch.normal(torch.zeros(10**6), 0.04))"),
        ("this course", "spread(noise.add_gaussian_noise(gray, sigma=4, rng=0) / 100)"),
        ("this course", "spread(noise.add_speckle_noise(gray, sigma=0.04, rng=0) / 128)"),
    ),
    {"0.04": "the standard deviation", "0.2": "the variance"},
)

GAUSSIAN = Topic(
    "How far a Gaussian reaches",
    "The bell never ends, but a kernel must. Each call smooths one impulse with sigma = 2; the "
    "result counts the pixels in a row that got something. Two libraries want the size from you.",
    """\
impulse = np.zeros((41, 41), np.float32)
impulse[20, 20] = 1
tensor = torch.from_numpy(impulse)[None]


def reach(result):
    return np.count_nonzero(np.asarray(result).reshape(41, 41)[20])""",
    (
        ("SciPy", "reach(ndimage.gaussian_filter(impulse, 2))"),
        ("scikit-image", "reach(skimage.filters.gaussian(impulse, 2))"),
        ("OpenCV", "reach(cv2.GaussianBlur(impulse, (0, 0), 2))"),
        ("OpenCV", "len(cv2.getGaussianKernel(5, 2))"),
        ("PyTorch", "reach(TF.gaussian_blur(tensor, [5, 5], [2, 2]))"),
        ("this course", "len(filtering.gaussian_kernel(5, 2))"),
    ),
    {"17": "4 sigma on either side", "5": "as far as you say"},
)

AMOUNT = Topic(
    "What an amount of salt and pepper counts",
    "Ten per cent of salt and pepper on a grey RGB image: the share of values and the share of "
    "pixels that were touched.",
    """\
gray = np.full((500, 500, 3), 128, np.uint8)


def touched(noisy, clean):
    hit = ~np.isclose(noisy, clean)
    return np.round([hit.mean(), hit.any(axis=2).mean()], 2)""",
    (
        (
            "scikit-image",
            "touched(skimage.util.random_noise(gray, 's&p', amount=0.1, rng=0), gray / 255)",
        ),
        ("this course", "touched(noise.add_salt_and_pepper_noise(gray, 0.1, rng=0), gray)"),
    ),
    {"0.1 0.27": "values, each channel on its own", "0.1 0.1": "whole pixels"},
)

RANGE = Topic(
    "Which number is white",
    "A white pixel, once of 8 bits and once after the library's own conversion.",
    """\
white = np.full((8, 8), 255, np.uint8)""",
    (
        ("scikit-image", "skimage.util.img_as_float(white).max()"),
        ("PyTorch", "torchvision.transforms.ToTensor()(white).max()"),
        ("PyTorch", "torch.from_numpy(white).float().max()"),
        ("OpenCV", "np.float32(white).max()"),
        ("Pillow", "np.asarray(Image.fromarray(white).convert('F')).max()"),
        ("this course", "images.load_image('camera').max()"),
    ),
    {"1": "1: divides by 255", "255": "255: the conversion keeps the numbers"},
)

PSNR = Topic(
    "The range behind a PSNR",
    "Two images that differ by one level everywhere. The ratio compares that 1 with the largest "
    "value that the range holds; a float image hides which range is meant.",
    """\
image = np.tile(np.arange(16, dtype=np.uint8), (16, 1))
other = image + 1""",
    (
        ("scikit-image", "skimage.metrics.peak_signal_noise_ratio(image, other)"),
        ("scikit-image", "skimage.metrics.peak_signal_noise_ratio(image / 255, other / 255)"),
        ("OpenCV", "cv2.PSNR(image, other)"),
        ("OpenCV", "cv2.PSNR(np.float32(image / 255), np.float32(other / 255))"),
        ("this course", "metrics.psnr(other, image)"),
    ),
    {
        "48.13": "range 255 on 0…255, or 1 on 0…1",
        "96.26": "range 255 on an image of 0…1: wrong by 48 dB",
    },
)

EQUALIZATION = Topic(
    "Which map equalizes",
    "An image of the levels 0, 10 and 20; half of its pixels are black, a quarter has each of the "
    "other two. You see what becomes of the three levels.",
    """\
image = np.repeat(np.array([0, 0, 10, 20], np.uint8), 256).reshape(32, 32)


def levels(result):
    return np.asarray(result).ravel()[[0, 600, 1000]]""",
    (
        ("OpenCV", "levels(cv2.equalizeHist(image))"),
        ("Pillow", "levels(ImageOps.equalize(Image.fromarray(image)))"),
        ("PyTorch", "levels(TF.equalize(torch.from_numpy(image)[None]))"),
        ("scikit-image", "levels(skimage.exposure.equalize_hist(image))"),
        ("this course", "levels(equalization.equalize(image))"),
        ("this course", "levels(equalization.equalize_full_range(image))"),
    ),
    {
        "127 191 255": "floor(255 C(k) / N), the textbook's map",
        "0.5 0.75 1": "C(k) / N, the same map on the scale 0…1",
        "0 171 255": "what lies below each level, C(k - 1), spread over the full range",
        "0 128 255": "the darkest level goes to 0, the rest is spread over the full range",
    },
)

CONSTANT = Topic(
    "What becomes of a constant image",
    "An image of the level 100 and nothing else has no contrast to spread.",
    """\
image = np.full((16, 16), 100, np.uint8)""",
    (
        ("OpenCV", "cv2.equalizeHist(image).max()"),
        ("OpenCV", "cv2.normalize(image, None, 0, 255, cv2.NORM_MINMAX).max()"),
        ("Pillow", "np.max(ImageOps.equalize(Image.fromarray(image)))"),
        ("Pillow", "np.max(ImageOps.autocontrast(Image.fromarray(image)))"),
        ("PyTorch", "TF.equalize(torch.from_numpy(image)[None]).max()"),
        ("PyTorch", "TF.autocontrast(torch.from_numpy(image)[None]).max()"),
        ("scikit-image", "skimage.exposure.equalize_hist(image).max()"),
        ("this course", "equalization.equalize(image).max()"),
        ("this course", "equalization.equalize_full_range(image).max()"),
    ),
    {
        "100": "stays as it is",
        "0": "turns black",
        "1": "turns white (on the scale 0…1)",
        "255": "turns white: all pixels lie at or below the level, T(100) = 255",
    },
)

EDGE = Topic(
    "Pooling: ceil or floor at the edge",
    "Pairs of the row 1 2 3 4 5: the 5 has no partner.",
    """\
row = np.array([[1, 2, 3, 4, 5]], np.float32)
tensor = torch.from_numpy(row)[None]
two_rows = np.repeat(row, 2, axis=0).astype(np.uint8)""",
    (
        ("PyTorch", "F.max_pool2d(tensor, (1, 2))"),
        ("PyTorch", "F.max_pool2d(tensor, (1, 2), ceil_mode=True)"),
        ("PyTorch", "F.avg_pool2d(tensor, (1, 2))"),
        ("PyTorch", "F.avg_pool2d(tensor, (1, 2), ceil_mode=True)"),
        ("scikit-image", "skimage.measure.block_reduce(row, (1, 2), np.max)"),
        ("scikit-image", "skimage.measure.block_reduce(row, (1, 2), np.mean)"),
        ("Pillow", "Image.fromarray(row).reduce((2, 1))"),
        ("this course", "pooling.max_pool(two_rows, 2)"),
        ("this course", "pooling.mean_pool(two_rows, 2)"),
    ),
    {
        "2 4": "floor: the 5 is dropped",
        "2 4 5": "ceil: the 5 is a block of its own",
        "1.5 3.5": "floor: the 5 is dropped",
        "1.5 3.5 5": "ceil: the mean of what is there",
        "1.5 3.5 2.5": "ceil: the mean with a 0 that is not there",
    },
)

PADDING = Topic(
    "What lies outside, for a maximum and for a mean",
    "A maximum of three over a row of -1, and a mean of three over a row of 1. If zeros lay "
    "outside, the maximum at the edge would be 0.",
    """\
negative = np.full((1, 3), -1, np.float32)
ones = -negative
window = np.ones((1, 3), np.uint8)
minus, plus = torch.from_numpy(negative)[None], torch.from_numpy(ones)[None]""",
    (
        ("PyTorch", "F.max_pool2d(minus, (1, 3), 1, (0, 1))"),
        ("SciPy", "ndimage.maximum_filter(negative, (1, 3))"),
        ("SciPy", "ndimage.maximum_filter(negative, (1, 3), mode='constant')"),
        ("OpenCV", "cv2.dilate(negative, window)"),
        ("scikit-image", "skimage.morphology.dilation(negative, window)"),
        ("scikit-image", "skimage.measure.block_reduce(negative, (1, 2), np.max)"),
        ("PyTorch", "F.avg_pool2d(plus, (1, 3), 1, (0, 1))"),
        ("PyTorch", "F.avg_pool2d(plus, (1, 3), 1, (0, 1), count_include_pad=False)"),
        ("SciPy", "ndimage.uniform_filter(ones, (1, 3))"),
        ("OpenCV", "cv2.blur(ones, (3, 1))"),
    ),
    {
        "-1 -1 -1": "minus infinity, or the neighbours again: the maximum is right",
        "0 -1 0": "zeros: the maximum at the edge is wrong",
        "-1 0": "a zero in the last block: its maximum is wrong",
        "0.6667 1 0.6667": "zeros, counted: the edge grows darker",
        "1 1 1": "not counted, or the neighbours again",
    },
)

CHANNELS = Topic(
    "The order of channels and of axes",
    "One red pixel, written as a PNG and read again.",
    """\
import tempfile

folder = tempfile.TemporaryDirectory()
path = folder.name + "/red.png"
Image.new("RGB", (4, 3), "red").save(path)
tall = np.zeros((3, 4), np.uint8)""",
    (
        ("OpenCV", "cv2.imread(path)[0, 0]"),
        ("OpenCV", "cv2.imread(path, cv2.IMREAD_COLOR_RGB)[0, 0]"),
        ("scikit-image", "skimage.io.imread(path)[0, 0]"),
        ("Pillow", "np.asarray(Image.open(path))[0, 0]"),
        ("PyTorch", "torchvision.transforms.PILToTensor()(Image.open(path))[:, 0, 0]"),
        ("this course", "images.load_image(path)[0, 0]"),
        ("Pillow", "Image.open(path).size"),
        ("Pillow", "np.asarray(Image.open(path)).shape"),
        ("PyTorch", "tuple(torchvision.transforms.PILToTensor()(Image.open(path)).shape)"),
        ("OpenCV", "cv2.resize(tall, (4, 3)).shape"),
    ),
    {
        "0 0 255": "blue, green, red",
        "255 0 0": "red, green, blue",
        "(4, 3)": "width, height",
        "(3, 4, 3)": "height, width, channel",
        "(3, 3, 4)": "channel, height, width",
        "(3, 4)": "height, width; the size was asked for as (width, height)",
    },
)

GRAY = Topic(
    "How bright green is",
    "The grey level of a pure green pixel of 255.",
    """\
green = np.zeros((1, 1, 3), np.uint8)
green[..., 1] = 255""",
    (
        ("OpenCV", "cv2.cvtColor(green, cv2.COLOR_RGB2GRAY)"),
        ("Pillow", "Image.fromarray(green).convert('L')"),
        ("PyTorch", "TF.rgb_to_grayscale(torch.from_numpy(green).permute(2, 0, 1))"),
        ("scikit-image", "255 * skimage.color.rgb2gray(green)"),
        ("NumPy", "green.mean(axis=2)"),
    ),
    {
        "150": "0.587, the weight of ITU-R BT.601, rounded",
        "149": "0.587, the weight of ITU-R BT.601, cut off",
        "182.4": "0.7152, the weight of ITU-R BT.709",
        "85": "a third: no weights",
    },
)

STATISTICS = Topic(
    "The spread and the middle of four numbers",
    "The values 1 2 3 6. A standard deviation divides by 4 or by 3; an even number of values has "
    "two in the middle.",
    """\
values = np.array([1, 2, 3, 6], float)
tensor = torch.from_numpy(values)""",
    (
        ("NumPy", "values.std()"),
        ("SciPy", "ndimage.standard_deviation(values)"),
        ("OpenCV", "cv2.meanStdDev(values)[1]"),
        ("PyTorch", "tensor.std()"),
        ("NumPy", "np.median(values)"),
        ("SciPy", "ndimage.median(values)"),
        ("PyTorch", "tensor.median()"),
        ("SciPy", "ndimage.median_filter(values, 4, origin=0)[2]"),
    ),
    {
        "1.871": "divides by n",
        "2.16": "divides by n - 1",
        "2.5": "the mean of the two in the middle",
        "2": "the lower of the two",
        "3": "the upper of the two",
    },
)

TOPICS = (
    FLIPS,
    BORDERS,
    FILTER_BORDERS,
    ROUNDING,
    OVERFLOW,
    SIGMA,
    GAUSSIAN,
    AMOUNT,
    RANGE,
    PSNR,
    EQUALIZATION,
    CONSTANT,
    EDGE,
    PADDING,
    CHANNELS,
    GRAY,
    STATISTICS,
)


def page():
    """Text of the whole page."""
    return "\n\n".join([OPENING.rstrip(), *(topic.page() for topic in TOPICS)]) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
