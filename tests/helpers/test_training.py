"""Trainings: stopped, killed or damaged, they end as if nothing had been, or say what is wrong."""

import itertools
import os
import signal
import threading
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from course_utils import _files, diffusion, training
from course_utils import autoencoder_family as family
from course_utils import denoising_autoencoder as dae
from course_utils.training import (
    best_device,
    bfloat16_while_training,
    checkpoint_folder,
    image_batches,
    kaiming,
    one_cycle,
    train,
)

DATA = torch.rand(50, 6, generator=torch.Generator().manual_seed(0))
SETTINGS = {"steps": 24, "every": 4, "learning_rate": 1e-3}


def noisy_batch(rng):
    clean = DATA[torch.randint(len(DATA), (4,), generator=rng)]
    return clean + 0.1 * torch.randn(clean.shape, generator=rng), clean


def network(seed=0, dropout=0.5):
    torch.manual_seed(seed)
    return nn.Sequential(nn.Linear(6, 8), nn.Dropout(dropout), nn.ReLU(), nn.Linear(8, 6))


def run(folder, *, model=None, make_batch=noisy_batch, **changes):
    """Train a small network with a checkpoint in the folder; return its weights and the history."""
    model = model or network()
    history = train(model, make_batch, checkpoint=folder / "small", **{**SETTINGS, **changes})
    return torch.cat([tensor.ravel() for tensor in model.state_dict().values()]), history


class Batches:
    """Draws noisy batches, counts them, and presses the stop button while it draws one of them."""

    def __init__(self, stop_at=None):
        self.drawn, self.stop_at = 0, stop_at

    def __call__(self, rng):
        self.drawn += 1
        if self.drawn == self.stop_at:
            signal.raise_signal(signal.SIGINT)
        return noisy_batch(rng)


class Constant(nn.Module):
    """Returns one number, at first zero, whatever comes in."""

    def __init__(self):
        super().__init__()
        self.value = nn.Parameter(torch.tensor(0.0))

    def forward(self, inputs):
        return self.value.expand_as(inputs)


def zero_to_one(rng):
    return torch.zeros(2, 1), torch.ones(2, 1)


# By hand ----------------------------------------------------------------------------------------


def test_one_cycle_rises_and_falls():
    assert [one_cycle(p) for p in (0, 0.1, 0.2)] == pytest.approx([0, 0.5, 1])
    assert [one_cycle(p) for p in (0.4, 0.6, 1)] == pytest.approx([0.5 + 0.5**1.5, 0.5, 0])


def test_losses_of_a_constant_network():
    history = train(Constant(), zero_to_one, steps=3, every=2, schedule=lambda progress: 1.0)
    assert history.losses[0] == 1
    assert history.losses[1] == pytest.approx((1 - 0.001) ** 2)  # Adam's first step: the rate
    assert history.steps == [2, 3]
    assert history.held_out == []
    assert history.finished


@pytest.mark.parametrize("moment", [0, 0.75])
def test_the_schedule_sees_the_share_of_steps_done(moment):
    """The network moves in one of four steps: the first, or the last."""
    model = Constant()
    history = train(model, zero_to_one, steps=4, schedule=lambda progress: progress == moment)
    assert model.value.item() > 0.0001
    assert len(set(history.losses)) == (2 if moment == 0 else 1)


def test_the_bar_shows_the_mean_of_the_last_losses(capsys):
    values = iter([1000.0, 100.0, 10.0, 4.0, 2.0])

    def loss(output, target):
        return output.sum() * 0 + next(values)

    train(Constant(), zero_to_one, loss, steps=5, every=2, evaluate=lambda model: 7.0)
    assert capsys.readouterr().err.rstrip().endswith("loss 3.0000, held-out 7.0000]")


def test_the_network_is_in_training_mode_in_steps_and_in_evaluation_mode_elsewhere():
    class Watched(Constant):
        def forward(self, inputs):
            seen.append(self.training)
            return super().forward(inputs)

    seen, model = [], Watched()
    zeros = torch.zeros(2, 1)
    train(model, zero_to_one, steps=4, every=2, evaluate=lambda model: model(zeros).sum())
    assert seen == [True, True, False, True, True, False]
    assert not model.training


def test_best_device_prefers_a_gpu(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert best_device().type == "cuda"
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
    assert best_device().type == "mps"
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    assert best_device().type == "cpu"


@pytest.mark.parametrize(
    ("network", "shape"),
    [
        (dae.DenseAutoencoder, (2, 28, 28)),
        (dae.ResidualDenoiser, (2, 28, 28)),
        (dae.DigitReader, (2, 28, 28)),
        (family.SparseAutoencoder, (2, 28, 28)),
        (family.SigmoidAutoencoder, (2, 28, 28)),
        (family.VariationalAutoencoder, (2, 28, 28)),
        (partial(family.ConcreteAutoencoder, 3, steps=1), (2, 28, 28)),
        (partial(family.PixelAutoencoder, [0, 9]), (2, 28, 28)),
        (partial(diffusion.DigitDenoiser, 8, 8), (2, 786)),
    ],
)
def test_networks_compute_where_they_are(network, shape):
    """The device "meta" computes nothing, but refuses tensors of another device, as a GPU does."""
    model = network().to("meta").eval()
    outputs = model(torch.zeros(shape, device="meta"))
    outputs = outputs if isinstance(outputs, tuple) else (outputs,)
    assert {output.device.type for output in outputs} == {"meta"}


# Properties -------------------------------------------------------------------------------------


def test_kaiming_keeps_the_scale():
    torch.manual_seed(0)
    layers = [nn.Linear(784, 300), nn.Conv2d(9, 300, 3)]
    assert kaiming(nn.ModuleList(layers))[0] is layers[0]
    for layer, inputs in zip(layers, (784, 9 * 3 * 3)):
        assert layer.weight.std().item() == pytest.approx((2 / inputs) ** 0.5, rel=0.03)
        assert not layer.bias.any()


def test_batches_are_images_and_do_not_change_with_them():
    images = np.random.default_rng(0).integers(0, 256, (20, 3, 4), np.uint8)
    kept = images.copy()
    draw = image_batches(images, 50)
    batch = draw(torch.Generator().manual_seed(1))
    assert batch.dtype == torch.uint8
    assert {image.numpy().tobytes() for image in batch} <= {image.tobytes() for image in kept}
    assert len(batch) == 50
    assert not torch.equal(batch, draw(torch.Generator().manual_seed(2)))
    images[:] = 0
    assert torch.equal(batch, draw(torch.Generator().manual_seed(1)))


def test_a_training_is_reproducible_and_leaves_pytorchs_generator(tmp_path):
    weights = []
    for number, seed in enumerate((5, 5, 6)):
        model = network()
        before = torch.get_rng_state()
        weights.append(run(tmp_path / str(number), model=model, seed=seed)[0])
        assert torch.equal(torch.get_rng_state(), before)
        torch.rand(7)  # what happens in between does not matter
    thread = threading.Thread(target=lambda: weights.append(run(tmp_path / "thread", seed=5)[0]))
    thread.start()  # no Ctrl-C arrives there
    thread.join()
    assert torch.equal(weights[0], weights[1])
    assert torch.equal(weights[0], weights[3])
    assert not torch.equal(weights[0], weights[2])


# Stopped and killed -----------------------------------------------------------------------------


@pytest.mark.parametrize("moment", [1, 7, 8, 23])
def test_the_stop_button_loses_nothing(tmp_path, moment):
    """It strikes in the midst of any step: all steps count, and none is cut in half."""
    handler, model = signal.getsignal(signal.SIGINT), network()
    batches = Batches(stop_at=moment + 1)  # the first one goes into the fingerprint
    _, history = run(tmp_path, model=model, make_batch=batches)
    assert signal.getsignal(signal.SIGINT) is handler
    assert len(history.losses) == moment
    assert not history.finished
    assert not model.training
    rest = Batches()
    weights, resumed = run(tmp_path, make_batch=rest)
    assert rest.drawn == 1 + 24 - moment  # no step is done twice
    whole, expected = run(tmp_path / "elsewhere")
    assert torch.equal(weights, whole)
    assert resumed.losses == expected.losses
    assert resumed.steps == expected.steps


def test_seconds_go_on_where_a_training_was_stopped(tmp_path, monkeypatch):
    clock = itertools.count()
    monkeypatch.setattr(training.time, "perf_counter", lambda: next(clock))
    run(tmp_path, make_batch=Batches(stop_at=13))
    assert run(tmp_path)[1].seconds == [1, 2, 3, 4, 5, 6]  # one look at the clock each


class Killed(BaseException):
    """As kill -9: nothing that the course does catches it."""


@pytest.mark.parametrize(("name", "number"), [("make_batch", 12), ("fsync", 3), ("replace", 3)])
def test_a_killed_training_goes_on_from_its_last_checkpoint(name, number, tmp_path, monkeypatch):
    """Killed in the midst of a step, or of its third save, of which a draft is left over."""
    calls, call = [], getattr(os, name, noisy_batch)

    def dying(*arguments):
        calls.append(1)
        if len(calls) == number:
            raise Killed
        return call(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", lambda *_, **__: None)  # who is killed tidies nothing up
        patch.setattr(os, name, dying, raising=False)
        with pytest.raises(Killed):
            run(tmp_path, make_batch=dying if name == "make_batch" else noisy_batch)
    assert len(list(tmp_path.glob(".*"))) == (name != "make_batch")
    rest = Batches()
    weights, history = run(tmp_path, make_batch=rest)
    assert rest.drawn == 1 + 24 - 8  # steps that were kept
    whole, expected = run(tmp_path / "elsewhere")
    assert torch.equal(weights, whole)
    assert history.losses == expected.losses


def test_two_trainings_of_one_checkpoint_at_once_do_no_harm(tmp_path):
    """The other one begins when this one is halfway, and ends before it goes on."""
    weights, batches = [], Batches()

    def make_batch(rng):
        if batches.drawn == 13:
            with torch.random.fork_rng():  # as in a process of its own
                weights.append(run(tmp_path)[0])
        return batches(rng)

    weights.append(run(tmp_path, make_batch=make_batch)[0])
    whole, _ = run(tmp_path / "elsewhere")
    assert [torch.equal(found, whole) for found in weights] == [True, True]
    assert torch.equal(run(tmp_path)[0], whole)


# Checkpoints ------------------------------------------------------------------------------------


def test_a_finished_checkpoint_is_only_loaded(tmp_path):
    whole, history = run(tmp_path)
    batches = Batches()
    loaded, again = run(tmp_path, make_batch=batches)
    assert batches.drawn == 1  # for the fingerprint
    assert torch.equal(loaded, whole)
    assert again == history
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"steps": 25},
        {"every": 5},
        {"learning_rate": 2e-3},
        {"seed": 1},
        {"schedule": lambda progress: 1.0},
        {"loss": nn.functional.l1_loss},
        {"evaluate": lambda model: 0.5},
        {"model": network(dropout=0.4)},  # the same weights, and the same first loss
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_a_stale_checkpoint_is_not_used(tmp_path, changes):
    run(tmp_path)
    run(tmp_path, **changes)
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"model": network(seed=1)},
        {"make_batch": lambda rng: (DATA[:4] + 0.001, DATA[:4])},
        {"make_batch": lambda rng: (DATA[:4], DATA[:4] + 0.001)},
    ],
    ids=["weights", "input", "target"],
)
def test_a_stale_checkpoint_is_not_used_though_the_first_loss_is_the_same(tmp_path, changes):
    plain = {"make_batch": lambda rng: (DATA[:4], DATA[:4])}
    plain["loss"] = lambda output, target: (0 * output).square().sum()
    run(tmp_path, **plain)
    run(tmp_path, **(plain | changes))
    assert len(list(tmp_path.iterdir())) == 2


def test_a_damaged_checkpoint_is_refused(tmp_path):
    run(tmp_path)
    (path,) = tmp_path.iterdir()
    data = path.read_bytes()
    weight = data.index(torch.load(path)["model"]["0.weight"].numpy().tobytes())
    flipped = data[:weight] + bytes([data[weight] ^ 16]) + data[weight + 1 :]
    for damaged in (b"", b"no checkpoint", data[:-9], data[: len(data) // 2], flipped):
        path.write_bytes(damaged)
        with pytest.raises(ValueError, match=r"checkpoint '.*small-.*\.pt' is damaged .*delete"):
            run(tmp_path)
        assert path.read_bytes() == damaged  # not touched: whose it is, is not known


class Trap:
    """Makes a file when it is unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return Path.touch, (self.path,)


def test_a_checkpoint_of_something_else_is_refused_and_runs_no_code(tmp_path):
    run(tmp_path)
    (path,) = tmp_path.iterdir()
    for content in ({"model": {}}, {"model": Trap(tmp_path / "sprung")}):
        torch.save(content, path)
        with pytest.raises(ValueError, match="damaged"):
            run(tmp_path)
    assert list(tmp_path.iterdir()) == [path]


def test_a_checkpoint_is_kept_in_a_folder_that_is_made_for_it(tmp_path):
    run(tmp_path / "new" / "folder")
    assert len(list((tmp_path / "new").rglob("*.pt"))) == 1


def test_a_training_goes_on_where_no_checkpoint_can_be_kept(tmp_path, capsys):
    (tmp_path / "file").touch()
    weights, history = run(tmp_path / "file")
    assert history.finished
    assert capsys.readouterr().err.count("no checkpoint can be kept") == 1
    assert torch.equal(weights, run(tmp_path)[0])


def test_checkpoint_folder(tmp_path, monkeypatch):
    assert checkpoint_folder(tmp_path) == tmp_path / "checkpoints"
    monkeypatch.setenv("COURSE_DATA", str(tmp_path / "new"))
    assert checkpoint_folder() == tmp_path / "new" / "checkpoints"
    os.chmod(tmp_path, 0o555)  # data that belong to all: nothing is written there
    try:
        assert checkpoint_folder(tmp_path) == _files.REPOSITORY / "data" / "checkpoints"
        monkeypatch.setattr(_files, "REPOSITORY", tmp_path)  # an install without its repository
        with pytest.raises(FileNotFoundError, match=r"pip install --editable \."):
            checkpoint_folder(tmp_path)
    finally:
        os.chmod(tmp_path, 0o755)


def test_trains_in_one_thread_and_gives_the_others_back():
    seen = []

    def make_batch(rng):
        seen.append(torch.get_num_threads())
        return zero_to_one(rng)

    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        train(Constant(), make_batch, steps=2)
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)
    assert set(seen) == {1}


@pytest.mark.parametrize(
    ("found", "learns", "graded", "computed"),
    [
        ({"amx_bf16": True}, True, True, torch.bfloat16),
        ({"avx512_bf16": True}, True, True, torch.bfloat16),
        ({"avx512_bf16": True}, False, True, torch.float32),
        ({"avx512_bf16": True}, True, False, torch.float32),
        ({"avx512_bf16": False}, True, True, torch.float32),
    ],
)
def test_bfloat16_only_while_training(monkeypatch, found, learns, graded, computed):
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: found, raising=False)
    model = nn.Linear(2, 2).train(learns)
    with torch.set_grad_enabled(graded), bfloat16_while_training(model):
        assert model(torch.ones(1, 2)).dtype == computed


# Bad input --------------------------------------------------------------------------------------


def test_divergence_is_an_error():
    with pytest.raises(FloatingPointError, match="learning_rate"):
        train(Constant(), zero_to_one, lambda output, target: (output - target).sum() / 0, steps=5)
