"""Train any network, in a loop that can be stopped at any step and goes on later."""

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
from pathlib import Path

import numpy as np
import torch
from torch import nn
from tqdm import tqdm

from course_utils._files import data_root, repository, write_atomically
from course_utils._validation import (
    check_integer,
    check_number,
    check_path,
    check_type,
    describe,
    is_array,
)


def check_model(model, name="model"):
    """Raise TypeError unless `model` is a network."""
    check_type(model, name, nn.Module, "a torch.nn.Module")


def check_stack(images, name="images"):
    """Raise unless `images` is a uint8 array of shape (count, height, width), and not empty."""
    shape = "(count, height, width)"
    if not is_array(images) or images.dtype != np.uint8:
        raise TypeError(f"{name} must be a uint8 array {shape}, not {describe(images)}")
    if images.ndim != 3 or images.size == 0:
        raise ValueError(f"{name} must have shape {shape}, not {images.shape}")


def image_batches(images, size):
    """Make the function that draws a batch of images, each with replacement.

    Parameters
    ----------
    images : uint8 array, shape (count, height, width)
    size : int, 1 … 100 000
        Images a batch.

    Returns
    -------
    function of a torch.Generator
        Returns a uint8 tensor of shape (size, height, width).
    """
    check_stack(images)
    check_integer(size, "size", minimum=1, maximum=100_000)
    images = torch.from_numpy(images.copy())  # PyTorch shares memory, and minds its layout
    return lambda rng: images[torch.randint(len(images), (size,), generator=rng)]


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
    check_model(model)
    for layer in model.modules():
        if isinstance(layer, (nn.Linear, nn.Conv2d)):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            nn.init.zeros_(layer.bias)
    return model


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
    """Find the fastest processor: an Nvidia GPU, else an Apple GPU, else the CPU.

    Returns
    -------
    torch.device
    """
    if torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")


def one_cycle(progress):
    """Factor of the learning rate: up in a line for a fifth of the way, then down in a cosine.

    Parameters
    ----------
    progress : float, 0 … 1
        Share of the steps that are done.

    Returns
    -------
    float, 0 … 1

    Notes
    -----
    Smith & Topin, Super-convergence: very fast training of neural networks using large learning
    rates, 2018. They come down in a line, too.

    Examples
    --------
    >>> [one_cycle(progress) for progress in (0, 0.1, 0.2, 1)]
    [0.0, 0.5, 1.0, 0.0]
    """
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
    check_model(model)
    check_type(make_batch, "make_batch", Callable, "a function")
    check_type(loss, "loss", Callable, "a function")
    check_type(schedule, "schedule", Callable, "a function")
    check_type(evaluate, "evaluate", (Callable, type(None)), "a function or None")
    check_type(device, "device", (torch.device, type(None)), "a torch.device or None")
    if checkpoint is not None:
        check_path(checkpoint, "checkpoint", "a str, a path or None")
    steps, every = int(steps), int(every)  # a NumPy integer of few bits would overflow
    with torch.random.fork_rng(), _one_thread(), _interruption() as interrupted:
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


def bfloat16_while_training(model):
    """Let a network compute in bfloat16 while it is trained, if the processor multiplies these.

    Parameters
    ----------
    model : torch.nn.Module

    Returns
    -------
    context manager
        Half the bits of a number, and less time a step. It changes nothing for a network that is
        only applied, nor on other processors.
    """
    check_model(model)
    found = getattr(torch.cpu, "get_capabilities", dict)()  # older versions cannot say
    can = bool(found.get("amx_bf16") or found.get("avx512_bf16"))
    learns = model.training and torch.is_grad_enabled()
    return torch.autocast("cpu", torch.bfloat16, enabled=learns and can)


@contextmanager
def _one_thread():
    """Compute in one thread: in small steps, a second one costs more than it brings."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


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
    """Folder for checkpoints: in the data root, or in data/ of the repository if that is read-only.

    Parameters
    ----------
    root : path or None
        Data root, as in `load_mnist`.

    Returns
    -------
    pathlib.Path

    Raises
    ------
    TypeError, ValueError
        If `root` is not as above.
    FileNotFoundError
        If that folder would be in the repository, and the course is installed without it.
    """
    root = data_root(root)
    if root.exists() and not (root.stat().st_mode & stat.S_IWUSR and os.access(root, os.W_OK)):
        root = repository() / "data"
    return root / "checkpoints"
