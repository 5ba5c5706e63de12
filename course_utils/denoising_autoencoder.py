"""Train networks that remove noise: the helpers of notebook 05."""

from itertools import pairwise

import numpy as np
import torch
from torch import nn

from course_utils._validation import check_integer, check_type, random_generator
from course_utils.noise import add_gaussian_noise, add_speckle_noise
from course_utils.training import (  # noqa: F401  the notebooks call `dae.train`
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
    `PixelShuffle` turns it back: a quarter of the positions, a quarter of the work.
    """

    def __init__(self, channels=32):
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
        noise = self.noise(images.unsqueeze(1)).squeeze(1)
        return (images - noise).clamp(0, 1)


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
