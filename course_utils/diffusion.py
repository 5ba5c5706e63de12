"""Digits out of noise, by denoising step by step: the diffusion model of notebook 08."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import torch
from torch import nn

from course_utils._validation import (
    check_finite,
    check_integer,
    check_type,
    describe,
    is_array,
)
from course_utils.training import bfloat16_while_training, check_stack

PIXELS = 28 * 28
SPREAD = 1 / 3  # root mean square of the pixels of a digit, on the scale 0 … 1
ANY = 10  # the class of a digit that may belong to any
LARGEST, SMALLEST = 20.0, 0.02  # noise levels, on that scale


# Walking down the noise levels ------------------------------------------------------------------


def noise_levels(steps):
    """Noise levels that fall by the same factor at each step, and then to 0.

    Parameters
    ----------
    steps : int, 1 … 10 000

    Returns
    -------
    float64 array, shape (steps + 1,)
        From 20 to 0.02 on the scale 0 … 1, then 0.

    Examples
    --------
    >>> noise_levels(4).round(2)
    array([20.  ,  2.  ,  0.2 ,  0.02,  0.  ])
    """
    check_integer(steps, "steps", minimum=1, maximum=10_000)
    return np.append(np.geomspace(LARGEST, SMALLEST, int(steps)), 0)


def denoise_stepwise(denoise, noise, sigmas):
    """Turn noise into data: keep of it, step by step, only as much as the next level has.

    With D = denoise(x, sigma), a step is x <- D + next sigma / sigma * (x - D).

    Parameters
    ----------
    denoise : function of (noisy data, sigma)
        Returns the clean data that it expects behind them.
    noise : array or tensor
        Normal noise with standard deviation ``sigmas[0]``.
    sigmas : array of floats, shape (n,)
        Falling noise levels, above 0 but for the last.

    Returns
    -------
    list of n arrays or tensors
        `noise`, and what it has become after each step.

    Notes
    -----
    Song, Meng & Ermon, Denoising diffusion implicit models, 2021; Karras, Aittala, Aila & Laine,
    Elucidating the design space of diffusion-based generative models, 2022, equation 3.
    """
    check_type(denoise, "denoise", Callable, "a function")
    check_type(noise, "noise", (np.ndarray, torch.Tensor), "an array or a tensor")
    if not is_array(sigmas) or sigmas.dtype.kind != "f":
        raise TypeError(f"sigmas must be an array of floats, not {describe(sigmas)}")
    check_finite(sigmas, "sigmas")
    if sigmas.ndim != 1 or sigmas.size == 0 or (np.diff(sigmas) >= 0).any() or sigmas[-1] < 0:
        raise ValueError(f"sigmas must fall, and end at 0 or above, not {describe(sigmas)}")
    states = [noise + 0]  # a new one, as all others are
    for sigma, lower in pairwise(sigmas.tolist()):
        clean = denoise(states[-1], sigma)
        states.append(clean + lower / sigma * (states[-1] - clean))
    return states


# A denoiser of digits ---------------------------------------------------------------------------


def _pack(noisy, levels, labels):
    """One row an image: its pixels, its noise level, its class."""
    return torch.cat([noisy.flatten(1), levels[:, None], labels[:, None].float()], dim=1)


def diffusion_batches(images, labels, size=64):
    """Make the function that draws noisy digits, each with its noise level and its class.

    The logarithm of a level is normal; half of the levels lie below 0.6. One digit in ten is told
    the class `ANY` instead of its own.

    Parameters
    ----------
    images : uint8 array, shape (count, 28, 28)
    labels : integer array, shape (count,)
        Classes, 0 … 9.
    size : int, 1 … 100 000

    Returns
    -------
    function of a torch.Generator
        Returns the float32 tensors that a `DigitDenoiser` takes, (size, 786), and the clean
        digits, (size, 28, 28) on the scale 0 … 1.
    """
    check_stack(images)
    if not is_array(labels) or labels.dtype.kind not in "iu":
        raise TypeError(f"labels must be an array of integers, not {describe(labels)}")
    if labels.shape != (len(images),) or labels.min() < 0 or labels.max() > 9:
        wanted = f"{len(images)} classes 0 … 9, one for each image"
        raise ValueError(f"labels must be {wanted}, not {describe(labels)}")
    check_integer(size, "size", minimum=1, maximum=100_000)
    images, labels = torch.from_numpy(images.copy()), torch.from_numpy(labels.astype(np.int64))

    def make_batch(rng):
        chosen = torch.randint(len(images), (size,), generator=rng)
        clean = images[chosen] / 255
        levels = (1.2 * torch.randn(size, generator=rng)).exp() * 0.6
        levels = levels.clamp(SMALLEST, LARGEST)
        told = labels[chosen].where(torch.rand(size, generator=rng) > 0.1, ANY)
        noise = levels[:, None, None] * torch.randn(clean.shape, generator=rng)
        return _pack(clean + noise, levels, told), clean

    return make_batch


class _Block(nn.Module):
    """Adds to the maps what two 3 x 3 convolutions see, and what two dense layers see of all."""

    def __init__(self, channels, hidden):
        super().__init__()
        self.first = nn.Conv2d(channels, channels, 3, padding=1)
        self.shift = nn.Linear(64, channels)
        self.second = nn.Conv2d(channels, channels, 3, padding=1)
        self.squeeze = nn.Linear(channels * 49 + 64, hidden)
        self.spread = nn.Linear(hidden, channels * 49)

    def forward(self, maps, told):
        active = maps.relu()
        near = self.second((self.first(active) + self.shift(told)[:, :, None, None]).relu())
        far = self.spread(self.squeeze(torch.cat([active.flatten(1), told], dim=1)).relu())
        return maps + near + far.unflatten(1, (-1, 7, 7))


class DigitDenoiser(nn.Module):
    """Estimate the clean digit behind a noisy one, given its noise level and its class.

    With s = `SPREAD`, the best multiple of a noisy digit is s² / (s² + level²) times it. A network
    F on blocks of 4 x 4 pixels adds what is missing, level s / √(s² + level²) times F (Karras et
    al., 2022). While it is trained on a processor that multiplies bfloat16 numbers, F uses them.
    """

    def __init__(self, channels=48, hidden=128):
        check_integer(channels, "channels", minimum=1, maximum=1000)
        check_integer(hidden, "hidden", minimum=1, maximum=10_000)
        super().__init__()
        self.classes = nn.Embedding(ANY + 1, 64)
        self.level = nn.Linear(16, 64)
        self.enter = nn.Sequential(nn.PixelUnshuffle(4), nn.Conv2d(16, channels, 3, padding=1))
        self.blocks = nn.ModuleList(_Block(channels, hidden) for _ in range(3))
        self.leave = nn.Sequential(nn.Conv2d(channels, 16, 3, padding=1), nn.PixelShuffle(4))
        self.to(memory_format=torch.channels_last)

    def forward(self, inputs):
        """Return the estimates for rows of `diffusion_batches`, and their noise levels."""
        noisy, level, label = inputs.split([PIXELS, 1, 1], dim=1)
        noisy, level = noisy.unflatten(1, (28, 28)), level[:, None]
        size = (level**2 + SPREAD**2).sqrt()  # root mean square of a noisy digit
        with bfloat16_while_training(self):
            missing = self._network(noisy / size, level[:, 0].log(), label[:, 0].long()).float()
        clean = (SPREAD / size) ** 2 * noisy + level * SPREAD / size * missing
        return clean, level

    def _network(self, images, log_level, labels):
        steps = torch.arange(1, 9, device=log_level.device)
        waves = log_level * steps / 4  # a number as waves: easier to tell apart
        waves = torch.cat([waves.sin(), waves.cos()], dim=1)
        told = (self.level(waves) + self.classes(labels)).relu()
        maps = self.enter(images[:, None])
        for block in self.blocks:
            maps = block(maps, told)
        return self.leave(maps.relu())[:, 0]

    @torch.no_grad()
    def denoise(self, noisy, level, labels):
        """Estimate the clean digits behind noisy ones of one level, in batches.

        Parameters
        ----------
        noisy : float32 tensor, shape (count, 28, 28)
        level : float, above 0
        labels : int64 tensor, shape (count,)
            Classes, 0 … 9, or `ANY`.

        Returns
        -------
        float32 tensor, shape (count, 28, 28)
        """
        inputs = _pack(noisy, torch.full([len(noisy)], float(level)), labels)
        return torch.cat([self(batch)[0] for batch in inputs.split(100)])

    @staticmethod
    def loss(output, clean):
        """Squared error of a pixel, times 1 / level² + 1 / s²: so every level counts the same."""
        estimate, level = output
        return ((1 / level**2 + 1 / SPREAD**2) * (estimate - clean).square()).mean()
