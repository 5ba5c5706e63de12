"""Train networks that remove noise: the helpers of notebook 05."""

import hashlib
import io
import json
import math
import os
import signal
import stat
import sys
import threading
import time
import zipfile
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from torch import nn
from tqdm import tqdm

from course_utils._files import write_atomically
from course_utils._validation import (
    check_integer,
    check_number,
    check_path,
    check_type,
    describe,
    is_array,
    random_generator,
)
from course_utils.mnist import _data_root
from course_utils.noise import add_gaussian_noise, add_speckle_noise

GAUSSIAN_SIGMA = 42  # standard deviation in grey levels
SPECKLE_SIGMA = 0.42  # standard deviation of the factor


def _check_model(model):
    check_type(model, "model", nn.Module, "a torch.nn.Module")


def _check_stack(images):
    """Raise unless `images` is a stack of grey images."""
    if not is_array(images) or images.dtype != np.uint8:
        raise TypeError(
            f"images must be a uint8 array (count, height, width), not {describe(images)}"
        )
    if images.ndim != 3 or images.size == 0:
        raise ValueError(f"images must have shape (count, height, width), not {images.shape}")


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
    _check_stack(images)
    if len(images) < 2:
        raise ValueError("images must be at least two, one for each noise, not one")
    rng = random_generator(rng)
    halves = np.array_split(images, 2)
    rows = [half.reshape(-1, images.shape[-1]) for half in halves]  # a stack as one tall image
    gaussian = add_gaussian_noise(rows[0], GAUSSIAN_SIGMA, rng=rng)
    speckle = add_speckle_noise(rows[1], SPECKLE_SIGMA, rng=rng)
    return np.concatenate([gaussian, speckle]).reshape(images.shape)


def _drawing(images, size):
    """Make the function that draws `size` of the images, as a uint8 tensor, with replacement."""
    _check_stack(images)
    check_integer(size, "size", minimum=1, maximum=100_000)
    images = torch.from_numpy(images.copy())  # PyTorch shares memory, and minds its layout
    return lambda rng: images[torch.randint(len(images), (size,), generator=rng)]


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
    draw = _drawing(images, size)

    def make_batch(rng):
        clean = draw(rng)
        return corrupt(clean, rng), clean / 255

    return make_batch


# The networks -----------------------------------------------------------------------------------


def _dense_layers(*sizes):
    """Linear layers from size to size, each followed by a ReLU."""
    layers = []
    for inputs, outputs in pairwise(sizes):
        layers += [nn.Linear(inputs, outputs), nn.ReLU()]
    return layers


class DenseAutoencoder(nn.Module):
    """The lecture's network: 784 pixels, squeezed into a code of 64 numbers and back."""

    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(nn.Flatten(), *_dense_layers(784, 256, 128, 128, 64))
        self.decoder = nn.Sequential(
            *_dense_layers(64, 128, 128, 256),
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


def kaiming(model):
    """Draw the weights of all layers after Kaiming He's rule, and set the biases to zero.

    Parameters
    ----------
    model : torch.nn.Module
        Changed in place.

    Returns
    -------
    torch.nn.Module
        The same `model`.
    """
    _check_model(model)
    for layer in model.modules():
        if isinstance(layer, (nn.Linear, nn.Conv2d)):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            nn.init.zeros_(layer.bias)
    return model


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
    _check_model(model)
    _check_stack(images)
    model.eval()
    device = next(model.parameters()).device
    batches = torch.from_numpy(images.copy()).split(100)  # so few fit into the cache
    outputs = [model(batch.to(device) / 255).cpu() for batch in batches]
    return (torch.cat(outputs) * 255).round().clamp(0, 255).to(torch.uint8).numpy()


# Training ---------------------------------------------------------------------------------------


@dataclass
class History:
    """What happened in a training.

    Attributes
    ----------
    losses : list of float
        One a step, of the batch that the step learnt from.
    steps, seconds, held_out : lists
        Now and then: after how many steps and seconds, and the held-out loss there.
    finished : bool
    """

    losses: list = field(default_factory=list)
    steps: list = field(default_factory=list)
    seconds: list = field(default_factory=list)
    held_out: list = field(default_factory=list)
    finished: bool = False


def best_device():
    """Return the fastest processor that PyTorch finds: an Nvidia GPU, an Apple GPU, or the CPU."""
    if torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")


def one_cycle(progress):
    """Factor of the learning rate: up in a line for a fifth of the way, then down in a cosine."""
    check_number(progress, "progress", minimum=0, maximum=1)
    progress = float(progress)
    if progress < 0.2:
        return progress / 0.2
    return 0.5 + 0.5 * math.cos(math.pi * (progress - 0.2) / 0.8)


def train(
    model,
    make_batch,
    loss=nn.functional.mse_loss,
    *,
    steps,
    learning_rate=1e-3,
    schedule=one_cycle,
    seed=2022,
    evaluate=None,
    every=100,
    checkpoint=None,
    device=None,
):
    """Train any network, in place; stop it when you like, call it again, and it goes on.

    Parameters
    ----------
    model : torch.nn.Module
        Is on the CPU and in evaluation mode afterwards.
    make_batch : function of a torch.Generator (on the CPU)
        Returns one batch: (input, target), both tensors.
    loss : function of (model(input), target)
        Returns what to make small: a tensor with one number.
    steps : int
        Number of batches to learn from.
    learning_rate : float, 0 … 1000
        The largest; the optimizer is Adam.
    schedule : function of the progress, 0 … 1
        Factor of the learning rate.
    seed : int, 0 or more
        Of everything random in the training: the batches, and what `model` itself draws.
    evaluate : function of the model, or None
        Returns the held-out loss, a float.
    every : int
        Steps between two held-out losses, and between two checkpoints.
    checkpoint : path or None
        Where to keep the state. A fingerprint of what the training depends on (network, first
        weights, data, noise, loss, settings) and ".pt" are appended to the name. If that file
        exists, the training goes on from there; if it was finished, it is only loaded.
    device : torch.device or None
        Processor to train on; None takes `best_device()`.

    Returns
    -------
    History
        `finished` is false after Ctrl-C or the notebook's stop button.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as above.
    ValueError
        If the checkpoint is damaged.
    FloatingPointError
        If the loss is no longer a finite number.

    Notes
    -----
    On the CPU the result depends on the arguments and the machine only, however often the training
    was stopped or killed on the way. PyTorch's own random generator is left as it was.
    """
    check_integer(steps, "steps", minimum=1)
    check_integer(every, "every", minimum=1)
    check_integer(seed, "seed", minimum=0, maximum=2**63 - 1)
    check_number(learning_rate, "learning_rate", minimum=0, maximum=1000)
    _check_model(model)
    check_type(make_batch, "make_batch", Callable, "a function")
    check_type(loss, "loss", Callable, "a function")
    check_type(schedule, "schedule", Callable, "a function")
    check_type(evaluate, "evaluate", (Callable, type(None)), "a function or None")
    check_type(device, "device", (torch.device, type(None)), "a torch.device or None")
    if checkpoint is not None:
        check_path(checkpoint, "checkpoint", "a str, a path or None")
    steps, every = int(steps), int(every)  # a NumPy integer of few bits would overflow
    with torch.random.fork_rng(), _interruption() as interrupted:
        history, path = History(), None
        if checkpoint is not None:
            settings = [steps, learning_rate, [schedule(k / 10) for k in range(10)], seed, every]
            name = _fingerprint(model, make_batch, loss, evaluate, settings)
            path = Path(f"{checkpoint}-{name}.pt")
        torch.manual_seed(seed)
        device = device or best_device()
        optimizer = torch.optim.Adam(model.to(device).parameters(), fused=True)
        if path and path.exists():
            history = _load_state(path, model, optimizer)
        start = time.perf_counter() - (history.seconds[-1] if history.seconds else 0)
        with tqdm(total=steps, initial=len(history.losses), unit="step", mininterval=0.5) as bar:
            while len(history.losses) < steps and not interrupted.is_set():
                rate = learning_rate * schedule(len(history.losses) / steps)
                history.losses.append(_step(model, make_batch, loss, optimizer, rate, device))
                if len(history.losses) % every == 0 or len(history.losses) == steps:
                    _note(history, evaluate, model, start)
                    path = _save_state(path, model, optimizer, history)
                bar.set_postfix_str(_describe(history, every), refresh=False)
                bar.update()
        history.finished = len(history.losses) == steps
        if not history.finished:
            _save_state(path, model, optimizer, history)
        model.to("cpu").eval()
    return history


def _step(model, make_batch, loss, optimizer, rate, device):
    """Learn from one batch, and return its loss."""
    inputs, target = (part.to(device) for part in make_batch(torch.default_generator))
    optimizer.param_groups[0]["lr"] = float(rate)
    optimizer.zero_grad()
    error = loss(model.train()(inputs), target)
    error.backward()
    optimizer.step()
    if not error.isfinite():
        raise FloatingPointError("the loss is not a finite number: try a smaller learning_rate")
    return error.item()


def _note(history, evaluate, model, start):
    """Append the held-out loss, the step and the time to the history."""
    if evaluate is not None:
        with torch.no_grad():
            history.held_out.append(float(evaluate(model.eval())))
    history.steps.append(len(history.losses))
    history.seconds.append(time.perf_counter() - start)


def _describe(history, every):
    """Text beside the progress bar."""
    held_out = f", held-out {history.held_out[-1]:.4f}" if history.held_out else ""
    return f"loss {np.mean(history.losses[-every:]):.4f}{held_out}"


@contextmanager
def _interruption():
    """Note Ctrl-C and the notebook's stop button, instead of cutting a step in half."""
    interrupted = threading.Event()
    if threading.current_thread() is not threading.main_thread():  # there, none ever arrives
        yield interrupted
        return
    before = signal.signal(signal.SIGINT, lambda *_: interrupted.set())
    try:
        yield interrupted
    finally:
        signal.signal(signal.SIGINT, before)


def _fingerprint(model, make_batch, loss, evaluate, settings):
    """Short hash of all that a training depends on.

    It does not trust names: it draws a batch and computes the losses before the first step.
    """
    torch.manual_seed(0)
    inputs, target = make_batch(torch.default_generator)
    with torch.no_grad():
        losses = [loss(model.cpu().eval()(inputs), target)]
        losses += [] if evaluate is None else [evaluate(model)]
    text = [repr(model), settings, [f"{float(value):.4g}" for value in losses]]
    content = hashlib.blake2b(json.dumps(text).encode(), digest_size=6)
    for tensor in (*model.state_dict().values(), inputs, target):
        content.update(tensor.cpu().numpy().tobytes())
    return content.hexdigest()


def _save_state(path, model, optimizer, history):
    """Keep all that the rest of the training depends on; return the path, or None if one cannot."""
    if path is None:
        return None
    state = {
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "random": torch.get_rng_state(),
        "history": asdict(history),
    }
    buffer = io.BytesIO()
    torch.save(state, buffer)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, buffer.getvalue())
        return path
    except OSError as error:
        tqdm.write(f"no checkpoint can be kept ({error}); the training goes on", sys.stderr)
        return None


def _load_state(path, model, optimizer):
    """Put a kept state back, and return the history."""
    try:
        with zipfile.ZipFile(path) as archive:  # PyTorch does not look at the checksums in it
            damaged = archive.testzip()
        if damaged:
            raise ValueError(f"wrong checksum of {damaged}")
        state = torch.load(path, map_location="cpu", weights_only=True)
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        torch.set_rng_state(state["random"])
        return History(**state["history"])
    except Exception as error:  # zipfile and torch raise many kinds
        reason = str(error).partition("\n")[0]
        raise ValueError(
            f"checkpoint {str(path)!r} is damaged ({reason}): delete the file to train afresh"
        ) from error


def checkpoint_folder(root=None):
    """Folder for checkpoints: under the data root, or under data/ if the root is read-only.

    Parameters
    ----------
    root : path or None
        Data root, as in `load_mnist`.

    Returns
    -------
    pathlib.Path
    """
    root = _data_root(root)
    if root.exists() and not (root.stat().st_mode & stat.S_IWUSR and os.access(root, os.W_OK)):
        root = Path(__file__).resolve().parent.parent / "data"
    return root / "checkpoints"
