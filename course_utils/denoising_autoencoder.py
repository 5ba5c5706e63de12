"""Train networks that remove noise: the helpers of notebook 05."""

from itertools import pairwise

import numpy as np
import torch
from torch import nn

from course_utils._validation import (
    check_integer,
    check_number,
    check_type,
    describe,
    is_array,
    random_generator,
)
from course_utils.noise import add_gaussian_noise, add_speckle_noise
from course_utils.training import (  # noqa: F401  the notebooks call `dae.train`
    bfloat16_while_training,
    check_model,
    check_stack,
    checkpoint_folder,
    image_batches,
    kaiming,
    train,
)

GAUSSIAN_SIGMA = 42  # standard deviation in grey levels
SPECKLE_SIGMA = 0.42  # standard deviation of the factor


# The task: noise in, clean digits out -----------------------------------------------------------


def corrupt(images, rng):
    """Add noise to a batch of images, each time anew.

    A coin decides for each image whether the noise is Gaussian (sigma 42 grey levels) or speckle
    (sigma 0.42), as `add_gaussian_noise` and `add_speckle_noise` make it.

    Parameters
    ----------
    images : uint8 tensor, shape (count, height, width)
    rng : torch.Generator

    Returns
    -------
    float32 tensor of the same shape
        256 levels on the scale 0 … 1.
    """
    check_type(images, "images", torch.Tensor, "a uint8 tensor (count, height, width)")
    if images.dtype != torch.uint8 or images.ndim != 3:
        came = f"{images.dtype} and shape {tuple(images.shape)}"
        raise ValueError(f"images must be uint8 of shape (count, height, width), not {came}")
    check_type(rng, "rng", torch.Generator, "a torch.Generator")
    clean = images.float()
    is_speckle = torch.rand(len(clean), 1, 1, generator=rng) < 0.5
    sigma = torch.where(is_speckle, SPECKLE_SIGMA * clean, GAUSSIAN_SIGMA)
    noisy = clean + sigma * torch.randn(clean.shape, generator=rng)
    return noisy.round().clamp(0, 255) / 255


def freeze_noise(images, *, rng=None):
    """Corrupt images once, for a test: the first half with Gaussian noise, the second with speckle.

    Parameters
    ----------
    images : uint8 array, shape (count, height, width), at least two
    rng : int, numpy.random.Generator or None
        Seed or generator of the noise.

    Returns
    -------
    uint8 array of the same shape

    Raises
    ------
    TypeError, ValueError
        If `images` or `rng` is not as above.
    """
    check_stack(images)
    if len(images) < 2:
        raise ValueError("images must be at least two, one for each noise, not one")
    rng = random_generator(rng)
    halves = np.array_split(images, 2)
    rows = [half.reshape(-1, images.shape[-1]) for half in halves]  # a stack as one tall image
    gaussian = add_gaussian_noise(rows[0], GAUSSIAN_SIGMA, rng=rng)
    speckle = add_speckle_noise(rows[1], SPECKLE_SIGMA, rng=rng)
    return np.concatenate([gaussian, speckle]).reshape(images.shape)


def denoising_batches(images, size=128):
    """Make the function that draws a batch of noisy images and the clean images to aim at.

    Parameters
    ----------
    images : uint8 array, shape (count, height, width)
    size : int, 1 … 100 000
        Images a batch, drawn with replacement.

    Returns
    -------
    function of a torch.Generator
        Returns two float32 tensors of shape (size, height, width) on the scale 0 … 1.
    """
    draw = image_batches(images, size)

    def make_batch(rng):
        clean = draw(rng)
        return corrupt(clean, rng), clean / 255

    return make_batch


# The yardsticks: what can be fitted without a network --------------------------------------------


def _check_pair(noisy, clean):
    check_stack(noisy, "noisy")
    check_stack(clean, "clean")
    if noisy.shape != clean.shape:
        raise ValueError(f"clean must have the shape of noisy, {noisy.shape}, not {clean.shape}")


def fit_curve(noisy, clean):
    """Find the best answer to each grey level: the mean of the clean pixels behind it.

    Of all functions of the pixel's own level, this one has the least mean squared error, since
    the mean makes a sum of squares least. Levels that do not occur take what lies between their
    neighbours.

    Parameters
    ----------
    noisy, clean : uint8 arrays of one shape, (count, height, width)
        Images to fit the curve to; the noisy ones may have passed through a filter.

    Returns
    -------
    uint8 array, shape (256,)
        The curve; ``curve[images]`` applies it.

    Examples
    --------
    >>> noisy = np.array([[[10, 10, 20]]], np.uint8)
    >>> clean = np.array([[[0, 4, 22]]], np.uint8)
    >>> fit_curve(noisy, clean)[[10, 15, 20]]
    array([ 2, 12, 22], dtype=uint8)
    """
    _check_pair(noisy, clean)
    counts = np.bincount(noisy.ravel(), minlength=256)
    sums = np.bincount(noisy.ravel(), weights=clean.ravel(), minlength=256)
    seen = np.flatnonzero(counts)
    curve = np.interp(np.arange(256), seen, sums[seen] / counts[seen])
    return np.rint(curve).astype(np.uint8)


def _rows(images):
    """Images as rows of a matrix, 0 … 1, each with a 1 at its end."""
    flat = images.reshape(len(images), -1) / np.float32(255)
    return np.pad(flat, ((0, 0), (0, 1)), constant_values=1)


def least_squares_matrix(noisy, clean, *, ridge=1.0):
    """Find the matrix that turns noisy images into clean ones with the least squared error.

    With a noisy image and a 1 as each row of X, and the clean images as the rows of Y, it is
    W = (X^T X + ridge I)^-1 X^T Y: the Wiener filter, learnt from examples.

    Parameters
    ----------
    noisy, clean : uint8 arrays of one shape, (count, height, width)
        Images to fit the matrix to.
    ridge : float, 1e-6 … 1e6
        Keeps the matrix finite where pixels never vary.

    Returns
    -------
    float32 array, shape (height * width + 1, height * width)

    Notes
    -----
    N. Wiener, Extrapolation, interpolation, and smoothing of stationary time series, 1949.
    """
    _check_pair(noisy, clean)
    check_number(ridge, "ridge", minimum=1e-6, maximum=1e6)
    inputs, targets = _rows(noisy), _rows(clean)[:, :-1]
    gram = inputs.T @ inputs + ridge * np.eye(inputs.shape[1], dtype=np.float32)
    return np.linalg.solve(gram, inputs.T @ targets)


def apply_matrix(matrix, images):
    """Multiply images by a matrix of `least_squares_matrix`.

    Parameters
    ----------
    matrix : float array, shape (height * width + 1, height * width)
    images : uint8 array, shape (count, height, width)

    Returns
    -------
    uint8 array of the shape of `images`
        Rounded to grey levels.
    """
    check_stack(images)
    pixels = images[0].size
    if not is_array(matrix) or matrix.dtype.kind != "f":
        raise TypeError(f"matrix must be an array of floats, not {describe(matrix)}")
    if matrix.shape != (pixels + 1, pixels):
        wanted = f"shape {(pixels + 1, pixels)} for images of {pixels} pixels"
        raise ValueError(f"matrix must have {wanted}, not {matrix.shape}")
    values = (_rows(images) @ matrix).reshape(images.shape)
    return np.clip(np.rint(255 * values), 0, 255).astype(np.uint8)


# A reader: can you still tell which digit it is? ------------------------------------------------


class DigitReader(nn.Module):
    """Describe a digit by 64 numbers, and score the ten classes by sums of them.

    `PixelUnshuffle` and a convolution halve the sides, twice in all.
    """

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Unflatten(1, (1, 28)),
            nn.PixelUnshuffle(2),
            nn.Conv2d(4, 32, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(32, 64, 3, stride=2, padding=1),
            nn.ReLU(),
            nn.Flatten(),
            nn.Linear(64 * 7 * 7, 64),
            nn.ReLU(),
        )
        self.scores = nn.Linear(64, 10)
        self.to(memory_format=torch.channels_last)

    def forward(self, images):
        return self.scores(self.features(images))


def labelled_batches(images, labels, size=100):
    """Make the function that draws a batch of digits and their labels.

    Parameters
    ----------
    images : uint8 array, shape (count, height, width)
    labels : integer array, shape (count,)
    size : int, 1 … 100 000

    Returns
    -------
    function of a torch.Generator
        Returns a float32 tensor (size, height, width), 0 … 1, and an int64 tensor (size,).
    """
    check_stack(images)
    if not is_array(labels) or labels.dtype.kind not in "iu":
        raise TypeError(f"labels must be an array of integers, not {describe(labels)}")
    if labels.shape != (len(images),):
        raise ValueError(f"labels must have shape {(len(images),)}, not {labels.shape}")
    check_integer(size, "size", minimum=1, maximum=100_000)
    images, labels = torch.from_numpy(images.copy()), torch.from_numpy(labels.astype(np.int64))

    def make_batch(rng):
        drawn = torch.randint(len(images), (size,), generator=rng)
        return images[drawn] / 255, labels[drawn]

    return make_batch


@torch.no_grad()
def read_digits(reader, images):
    """Class of each digit: the one with the largest score.

    Parameters
    ----------
    reader : torch.nn.Module
        As `DigitReader`.
    images : uint8 array, shape (count, height, width)

    Returns
    -------
    int64 array, shape (count,)
    """
    check_model(reader, "reader")
    check_stack(images)
    batches = torch.from_numpy(images.copy()).split(500)
    return torch.cat([reader.eval()(batch / 255).argmax(dim=1) for batch in batches]).numpy()


# The networks -----------------------------------------------------------------------------------


def dense_layers(*sizes):
    """Make linear layers from size to size, each followed by a ReLU.

    Parameters
    ----------
    *sizes : int
        Numbers of units: of the input, and of each layer.

    Returns
    -------
    list of torch.nn.Module

    Examples
    --------
    >>> dense_layers(784, 64)
    [Linear(in_features=784, out_features=64, bias=True), ReLU()]
    """
    for number, size in enumerate(sizes):
        check_integer(size, f"sizes[{number}]", minimum=1)
    layers = []
    for inputs, outputs in pairwise(sizes):
        layers += [nn.Linear(inputs, outputs), nn.ReLU()]
    return layers


class DenseAutoencoder(nn.Module):
    """The lecture's network: 784 pixels, squeezed into a code of 64 numbers and back."""

    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(nn.Flatten(), *dense_layers(784, 256, 128, 128, 64))
        self.decoder = nn.Sequential(
            *dense_layers(64, 128, 128, 256),
            nn.Linear(256, 784),
            nn.Sigmoid(),
            nn.Unflatten(1, (28, 28)),
        )

    def forward(self, images):
        return self.decoder(self.encoder(images))


class ResidualDenoiser(nn.Module):
    """Estimate the noise with 3 x 3 convolutions, and subtract it.

    `PixelUnshuffle` turns each block of 2 x 2 pixels into one position with 4 channels, and
    `PixelShuffle` turns it back: a quarter of the positions, a quarter of the work. While it is
    trained on a processor that multiplies bfloat16 numbers, it uses them.
    """

    def __init__(self, channels=64):
        check_integer(channels, "channels", minimum=1, maximum=1000)
        super().__init__()
        self.noise = nn.Sequential(
            nn.PixelUnshuffle(2),
            nn.Conv2d(4, channels, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(channels, channels, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(channels, channels, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(channels, 4, 3, padding=1),
            nn.PixelShuffle(2),
        )
        self.to(memory_format=torch.channels_last)  # the layout that convolutions run fastest in

    def forward(self, images):
        with bfloat16_while_training(self):
            noise = self.noise(images.unsqueeze(1)).squeeze(1)
        return (images - noise.float()).clamp(0, 1)


@torch.no_grad()
def denoise(model, images):
    """Pass images through a network, in batches, on the processor where the network is.

    Parameters
    ----------
    model : torch.nn.Module
    images : uint8 array, shape (count, height, width)

    Returns
    -------
    uint8 array of the same shape
        Rounded to grey levels.
    """
    check_model(model)
    check_stack(images)
    model.eval()
    device = next(model.parameters()).device
    batches = torch.from_numpy(images.copy()).split(100)  # so few fit into the cache
    outputs = [model(batch.to(device) / 255).cpu() for batch in batches]
    return (torch.cat(outputs) * 255).round().clamp(0, 255).to(torch.uint8).numpy()
