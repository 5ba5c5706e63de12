"""Autoencoders that ask for more than a good copy: the helpers of notebook 08."""

import math

import numpy as np
import torch
from torch import nn

from course_utils._validation import (
    check_finite,
    check_flag,
    check_integer,
    check_number,
    check_type,
    describe,
    is_array,
)
from course_utils.denoising_autoencoder import dense_layers
from course_utils.training import check_model, check_stack, image_batches

PIXELS = 28 * 28
MOST = 10_000  # units of a layer


def _check_tensors(**tensors):
    for name, tensor in tensors.items():
        check_type(tensor, name, torch.Tensor, "a tensor")


def clean_batches(images, size=128):
    """Make the function that draws a batch of images, which are input and target at once.

    Parameters
    ----------
    images : uint8 array, shape (count, height, width)
    size : int, 1 … 100 000
        Images a batch, drawn with replacement.

    Returns
    -------
    function of a torch.Generator
        Returns twice the same float32 tensor of shape (size, height, width), 0 … 1.
    """
    draw = image_batches(images, size)

    def make_batch(rng):
        clean = draw(rng) / 255
        return clean, clean

    return make_batch


@torch.no_grad()
def outputs_of(model, images):
    """Pass images through a network, in batches, without gradients.

    Parameters
    ----------
    model : torch.nn.Module
        On the CPU; returns one tensor or a tuple of them.
    images : uint8 array, shape (count, height, width)

    Returns
    -------
    float32 array, or a tuple of them, as `model` returns
    """
    check_model(model)
    check_stack(images)
    model.eval()
    results = [model(batch / 255) for batch in torch.from_numpy(images.copy()).split(500)]
    if isinstance(results[0], torch.Tensor):
        return torch.cat(results).numpy()
    return tuple(torch.cat(parts).numpy() for parts in zip(*results))


def squared_error(reconstruction, target):
    """Squared error of an image, summed over its pixels: the mean over a batch.

    Parameters
    ----------
    reconstruction, target : tensors of the same shape, (count, …)

    Returns
    -------
    tensor with one number
    """
    _check_tensors(reconstruction=reconstruction, target=target)
    if reconstruction.shape != target.shape:
        shapes = f"{tuple(reconstruction.shape)} and {tuple(target.shape)}"
        raise ValueError(f"reconstruction and target must have the same shape, not {shapes}")
    return (reconstruction - target).square().sum() / len(target)


def image_decoder(inputs, hidden=256):
    """Two layers that turn a code of `inputs` numbers into an image of 28 x 28 pixels, 0 … 1."""
    check_integer(inputs, "inputs", minimum=1, maximum=MOST)
    check_integer(hidden, "hidden", minimum=1, maximum=MOST)
    last = [nn.Linear(hidden, PIXELS), nn.Sigmoid(), nn.Unflatten(1, (28, 28))]
    return nn.Sequential(*dense_layers(inputs, hidden), *last)


# Sparse -----------------------------------------------------------------------------------------


class SparseAutoencoder(nn.Module):
    """Code h = ReLU(W x + b); the reconstruction is a sum of atoms: D h + c.

    Each atom has length 1, or at first only if it is `free`.
    """

    def __init__(self, units=1000, *, free=False):
        check_integer(units, "units", minimum=1, maximum=MOST)
        check_flag(free, "free")
        super().__init__()
        self.free = free
        self.encoder = nn.Linear(PIXELS, units)
        self.directions = nn.Parameter(nn.functional.normalize(torch.randn(units, PIXELS)))
        self.bias = nn.Parameter(torch.zeros(PIXELS))
        with torch.no_grad():  # at first, each unit looks for its own atom
            self.encoder.weight.copy_(self.atoms())

    def atoms(self):
        """Images that the decoder adds up: a tensor (units, 784)."""
        return self.directions if self.free else nn.functional.normalize(self.directions)

    def forward(self, images):
        code = self.encoder(images.flatten(1)).relu()
        return (code @ self.atoms() + self.bias).unflatten(1, (28, 28)), code


def sparse_loss(weight):
    """Make the loss of a sparse autoencoder: squared error + `weight` times the L1 norm of a code.

    Parameters
    ----------
    weight : float, 0 … 1e6

    Returns
    -------
    function of (output of the network, target)
        Returns the mean over the batch.
    """
    check_number(weight, "weight", minimum=0, maximum=1e6)

    def loss(output, target):
        reconstruction, code = output
        return squared_error(reconstruction, target) + weight * code.abs().sum() / len(code)

    return loss


# Contractive ------------------------------------------------------------------------------------


class SigmoidAutoencoder(nn.Module):
    """Code h = sigmoid(W x + b) and reconstruction sigmoid(W^T h + c): one matrix for both."""

    def __init__(self, units=100):
        check_integer(units, "units", minimum=1, maximum=MOST)
        super().__init__()
        self.encoder = nn.Linear(PIXELS, units)
        self.bias = nn.Parameter(torch.zeros(PIXELS))

    def forward(self, images):
        code = self.encoder(images.flatten(1)).sigmoid()
        return (code @ self.encoder.weight + self.bias).sigmoid().unflatten(1, (28, 28)), code


def jacobian_penalty(code, weight):
    """Squared Frobenius norm of the Jacobian of one sigmoid layer, in closed form.

    Parameters
    ----------
    code : tensor, shape (count, units)
        What the layer returns.
    weight : tensor, shape (units, inputs)
        The layer's matrix.

    Returns
    -------
    tensor, shape (count,)

    Examples
    --------
    >>> jacobian_penalty(torch.tensor([[0.5]]), torch.tensor([[4.0]]))  # slope 1/4, times 4
    tensor([1.])
    """
    _check_tensors(code=code, weight=weight)
    if code.ndim != 2 or weight.ndim != 2 or code.shape[1] != len(weight):
        shapes = f"{tuple(code.shape)} and {tuple(weight.shape)}"
        raise ValueError(
            f"code and weight must have shapes (count, units) and (units, inputs), not {shapes}"
        )
    slope = code * (1 - code)
    return slope.square() @ weight.square().sum(dim=1)


def contractive_loss(model, weight):
    """Make the loss of a contractive autoencoder: squared error + `weight` times the penalty.

    Parameters
    ----------
    model : SigmoidAutoencoder
    weight : float, 0 … 1e6

    Returns
    -------
    function of (output of the network, target)
        Returns the mean over the batch.
    """
    check_type(model, "model", SigmoidAutoencoder, "a SigmoidAutoencoder")
    check_number(weight, "weight", minimum=0, maximum=1e6)

    def loss(output, target):
        reconstruction, code = output
        penalty = jacobian_penalty(code, model.encoder.weight).mean()
        return squared_error(reconstruction, target) + weight * penalty

    return loss


# Concrete ---------------------------------------------------------------------------------------


def gumbel_softmax(logits, temperature):
    """Draw a relaxed choice from each row: nearly one-hot if the temperature is low.

    Parameters
    ----------
    logits : float tensor, shape (…, categories)
        Logarithms of the probabilities, up to a constant.
    temperature : float or tensor with one number, 1e-6 … 1e6

    Returns
    -------
    tensor of the same shape
        Positive; each row adds up to 1.
    """
    if not isinstance(logits, torch.Tensor) or not logits.is_floating_point():
        raise TypeError(f"logits must be a float tensor, not {describe(logits)}")
    is_scalar = isinstance(temperature, torch.Tensor) and temperature.ndim == 0
    number = temperature.item() if is_scalar else temperature
    check_number(number, "temperature", minimum=1e-6, maximum=1e6)
    gumbel = -torch.empty_like(logits).exponential_().log()
    return ((logits + gumbel) / temperature).softmax(dim=-1)


class ConcreteAutoencoder(nn.Module):
    """Choose `count` pixels, and reconstruct the image from them.

    While it is trained, a choice is relaxed: a mixture of pixels, sharper from step to step, as the
    temperature falls from `hot` to `cold` in `steps` steps. Afterwards it is the likeliest pixel.
    Logits have a longer way to go than weights: `speed` is how much faster they learn.
    """

    def __init__(self, count, steps, *, hot=10.0, cold=0.1, speed=10.0):
        check_integer(count, "count", minimum=1, maximum=PIXELS)
        check_integer(steps, "steps", minimum=1)
        check_number(hot, "hot", minimum=1e-3, maximum=1e3)
        check_number(cold, "cold", minimum=1e-3, maximum=hot)
        check_number(speed, "speed", minimum=1e-3, maximum=1e3)
        super().__init__()
        self.logits = nn.Parameter(torch.zeros(count, PIXELS))
        self.decoder = image_decoder(count)
        self.register_buffer("temperature", torch.tensor(float(hot)))
        self.cooling = (cold / hot) ** (1 / steps)
        self.speed = speed

    def pixels(self):
        """Numbers of the pixels chosen, without doubles, in order: an int64 array."""
        return np.unique(self.logits.detach().argmax(dim=1).numpy())

    def forward(self, images):
        logits = self.speed * self.logits
        if self.training:
            choice = gumbel_softmax(logits, self.temperature)
            self.temperature = self.temperature * self.cooling
        else:
            choice = nn.functional.one_hot(logits.argmax(dim=1), PIXELS).to(images.dtype)
        return self.decoder(images.flatten(1) @ choice.T)


class PixelAutoencoder(nn.Module):
    """Reconstruct images from pixels that somebody has chosen."""

    def __init__(self, pixels):
        check_type(pixels, "pixels", (list, tuple, range, np.ndarray), "a list of integers")
        if getattr(pixels, "ndim", 1) != 1 or len(pixels) == 0:
            raise ValueError(f"pixels must be a list, at least of one, not {describe(pixels)}")
        for number, pixel in enumerate(pixels):
            check_integer(pixel, f"pixels[{number}]", minimum=0, maximum=PIXELS - 1)
        super().__init__()
        self.register_buffer("pixels", torch.tensor([int(pixel) for pixel in pixels]))
        self.decoder = image_decoder(len(pixels))

    def forward(self, images):
        return self.decoder(images.flatten(1)[:, self.pixels])


# Variational ------------------------------------------------------------------------------------


class VariationalAutoencoder(nn.Module):
    """The encoder describes a normal distribution q(z|x); the decoder draws the image of a z."""

    def __init__(self, latent=20, hidden=400):
        check_integer(latent, "latent", minimum=1, maximum=MOST)
        check_integer(hidden, "hidden", minimum=1, maximum=MOST)
        super().__init__()
        layers = dense_layers(PIXELS, hidden)
        self.encoder = nn.Sequential(nn.Flatten(), *layers, nn.Linear(hidden, 2 * latent))
        self.decoder = image_decoder(latent, hidden)

    def forward(self, images):
        mean, log_variance = self.encoder(images).chunk(2, dim=1)
        code = reparametrize(mean, log_variance) if self.training else mean
        return self.decoder(code), mean, log_variance


def reparametrize(mean, log_variance):
    """Draw z = mean + standard deviation * noise, so that gradients reach mean and log_variance."""
    _check_tensors(mean=mean, log_variance=log_variance)
    sizes = zip(log_variance.shape, mean.shape)  # one variance may serve many means
    if log_variance.ndim != mean.ndim or any(own not in (1, size) for own, size in sizes):
        shapes = f"{tuple(log_variance.shape)}, but mean has {tuple(mean.shape)}"
        raise ValueError(f"log_variance must have the shape of mean, not {shapes}")
    return mean + (log_variance / 2).exp() * torch.randn_like(mean)


def kl_to_standard_normal(mean, log_variance):
    """Kullback-Leibler divergence of N(mean, variance) from N(0, 1), summed over the dimensions.

    Parameters
    ----------
    mean, log_variance : tensors of one shape, (count, dimensions)

    Returns
    -------
    tensor, shape (count,)
        In nats, 0 or more.

    Examples
    --------
    >>> kl_to_standard_normal(torch.tensor([[0.0], [2.0]]), torch.tensor([[0.0], [0.0]]))
    tensor([0., 2.])
    """
    _check_tensors(mean=mean, log_variance=log_variance)
    if mean.ndim != 2 or mean.shape != log_variance.shape:
        shapes = f"{tuple(mean.shape)} and {tuple(log_variance.shape)}"
        raise ValueError(
            f"mean and log_variance must have the same shape (count, dimensions), not {shapes}"
        )
    return 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance).sum(dim=1)


def negative_elbo(sigma=0.2):
    """Make the loss of a variational autoencoder: minus the evidence lower bound.

    Parameters
    ----------
    sigma : float, above 0, or None
        Standard deviation of a pixel around the decoder's image, on the scale 0 … 1; None takes
        for each batch the one that fits it best: sigma² is the mean squared error of a pixel.

    Returns
    -------
    function of (output of the network, target)
        Returns squared error / (2 sigma²) + pixels / 2 · log(2 π sigma²) + KL, the mean over the
        batch.

    Notes
    -----
    The best sigma: Rybkin, Daniilidis & Levine, Simple and effective VAE training with calibrated
    decoders, 2021.
    """
    if sigma is not None:
        check_number(sigma, "sigma", minimum=1e-6, maximum=1e6)

    def loss(output, target):
        reconstruction, mean, log_variance = output
        kl = kl_to_standard_normal(mean, log_variance).mean()
        error, pixels = squared_error(reconstruction, target), target[0].numel()
        variance = error / pixels if sigma is None else error.new_tensor(sigma**2)
        return error / (2 * variance) + pixels / 2 * (2 * math.pi * variance).log() + kl

    return loss


def frechet_distance(first, second):
    """Distance of two clouds of points, each taken for a normal distribution.

    ``|m1 - m2|² + trace(C1 + C2 - 2 (C1 C2)^½)``, with the means m and the covariances C.

    Parameters
    ----------
    first, second : float arrays, shapes (count, features)
        At least two points each, with the same number of features.

    Returns
    -------
    float
        0 or more, up to rounding.

    Notes
    -----
    Heusel, Ramsauer, Unterthiner, Nessler & Hochreiter, GANs trained by a two time-scale update
    rule converge to a local Nash equilibrium, 2017.
    """
    for name, points in (("first", first), ("second", second)):
        if not is_array(points) or points.dtype.kind != "f":
            raise TypeError(f"{name} must be an array of floats, not {describe(points)}")
        if points.ndim != 2 or len(points) < 2 or points.shape[1] == 0:
            wanted = "shape (count, features), with at least two points"
            raise ValueError(f"{name} must have {wanted}, not {points.shape}")
        check_finite(points, name)
    if first.shape[1] != second.shape[1]:
        shapes = f"{first.shape} and {second.shape}"
        raise ValueError(f"first and second must have the same number of features, not {shapes}")
    shift = first.mean(axis=0) - second.mean(axis=0)
    covariances = [np.atleast_2d(np.cov(points.T)) for points in (first, second)]
    roots = np.sqrt(np.maximum(np.linalg.eigvals(covariances[0] @ covariances[1]).real, 0))
    return float(shift @ shift + np.trace(sum(covariances)) - 2 * roots.sum())
