"""The diffusion model of notebook 08: what can be known of it without training it for long."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from course_utils import diffusion
from course_utils.mnist import draw_digits
from course_utils.training import train

DIGITS = draw_digits(500, rng=0)


def batch(size=64, seed=1):
    make_batch = diffusion.diffusion_batches(DIGITS.images, DIGITS.labels, size=size)
    return make_batch(torch.Generator().manual_seed(seed))


def denoiser(seed=0):
    torch.manual_seed(seed)
    return diffusion.DigitDenoiser(channels=8, hidden=16)


# By hand ----------------------------------------------------------------------------------------


def test_a_step_keeps_as_much_noise_as_the_next_level_has():
    """The denoiser expects 3; of the distance to it, half is kept, then nothing."""
    levels, noise = np.array([2.0, 1.0, 0.0]), np.array([5.0, -1.0])
    states = diffusion.denoise_stepwise(lambda x, level: np.full_like(x, 3), noise, levels)
    np.testing.assert_array_equal(states, [[5, -1], [4, 1], [3, 3]])


def test_levels_fall_to_nothing():
    np.testing.assert_allclose(diffusion.noise_levels(4), [20, 2, 0.2, 0.02, 0])
    np.testing.assert_array_equal(diffusion.noise_levels(1), [20, 0])


def test_loss_by_hand():
    """Off by one at level 1/3 = s: the error 1 has the weight 9 + 9; at a huge level, only 9."""
    clean = torch.zeros(1, 2, 2)
    for level, loss in ((1 / 3, 18), (1e6, 9)):
        output = clean + 1, torch.full((1, 1, 1), level)
        assert diffusion.DigitDenoiser.loss(output, clean).item() == pytest.approx(loss)


@pytest.mark.parametrize("missing", [0, 0.6])
def test_denoiser_adds_what_its_network_finds_missing_to_the_best_multiple(missing):
    model = denoiser()
    torch.nn.init.zeros_(model.leave[0].weight)
    torch.nn.init.constant_(model.leave[0].bias, missing)
    noisy = torch.rand(3, 28, 28)
    clean = model.denoise(noisy, 0.5, torch.tensor([0, 4, 9]))
    size = math.sqrt(1 / 9 + 1 / 4)
    torch.testing.assert_close(clean, noisy / 9 / size**2 + 0.5 / 3 / size * missing)


# Properties -------------------------------------------------------------------------------------


def test_batches_hold_a_digit_its_noise_and_its_class():
    inputs, clean = batch(2000)
    noisy, levels, labels = inputs[:, :784], inputs[:, 784], inputs[:, 785]
    noise = (noisy - clean.flatten(1)) / levels[:, None]
    assert noise.mean().abs() < 4 / math.sqrt(noise.numel())
    assert (noise.square().mean(dim=1) - 1).abs().max() < 0.4  # each image has its own level
    assert levels.min() >= 0.02
    assert levels.max() <= 20
    assert 0.5 < levels.median() < 0.7
    known = {image.tobytes(): label for image, label in zip(DIGITS.images, DIGITS.labels)}
    images = (clean * 255).round().to(torch.uint8).numpy()
    is_told = labels != diffusion.ANY
    assert is_told.float().mean().item() == pytest.approx(0.9, abs=4 * 0.3 / math.sqrt(2000))
    true = torch.tensor([float(known[image.tobytes()]) for image in images])
    assert torch.equal(labels[is_told], true[is_told])


def test_root_mean_square_is_that_of_digits():
    root = np.sqrt(np.mean((DIGITS.images / 255.0) ** 2))
    assert root == pytest.approx(diffusion.SPREAD, rel=0.1)


def test_level_and_class_reach_the_answer():
    model, noisy = denoiser(), torch.rand(1, 28, 28)
    zero, one = torch.tensor([0]), torch.tensor([1])
    answers = [model.denoise(noisy, *told) for told in ((0.5, zero), (0.5, one), (0.6, zero))]
    assert not torch.equal(answers[0], answers[1])
    assert not torch.equal(answers[0], answers[2])


def test_images_are_denoised_one_by_one():
    model, noisy = denoiser(), torch.rand(250, 28, 28)
    labels = torch.arange(250) % 10
    alone = model.denoise(noisy[249:], 0.5, labels[249:])
    torch.testing.assert_close(model.denoise(noisy, 0.5, labels)[249:], alone)


@given(st.floats(-3, 3), st.floats(0.1, 3))
def test_a_point_is_found_from_everywhere(point, spread):
    """If all data are one point, the denoiser knows it, and every path ends there."""
    noise = spread * np.linspace(-20, 20, 9)
    states = diffusion.denoise_stepwise(
        lambda x, level: np.full_like(x, point), noise, diffusion.noise_levels(7)
    )
    np.testing.assert_allclose(states[-1], point, atol=1e-9)


# Agreement with what is known -------------------------------------------------------------------


def test_normal_data_come_out_of_the_noise():
    """For data from N(2, 0.5²), D = x + σ² score is known: mean and deviation must come out.

    Every path keeps its rank, so that no draw is needed: quantiles of the noise must become those
    of the data. Tolerance: a step of the falling levels, 1 in 60, is a straight line to a curve.
    """

    def best(x, level):
        return (0.25 * x + level**2 * 2) / (0.25 + level**2)

    ranks = torch.distributions.Normal(0.0, 1.0).icdf(torch.linspace(0.05, 0.95, 19)).numpy()
    states = diffusion.denoise_stepwise(best, 20 * ranks, diffusion.noise_levels(400))
    np.testing.assert_allclose(states[-1], 2 + 0.5 * ranks, atol=0.08)


def test_denoiser_learns_drawn_digits_in_seconds():
    model = denoiser()
    make_batch = diffusion.diffusion_batches(DIGITS.images, DIGITS.labels, size=32)
    history = train(model, make_batch, diffusion.DigitDenoiser.loss, steps=60, learning_rate=0.01)
    assert np.mean(history.losses[-10:]) < 0.8 * np.mean(history.losses[:5])
    assert all(parameter.grad.abs().sum() > 0 for parameter in model.parameters())


# Bad input --------------------------------------------------------------------------------------


@pytest.mark.parametrize("sigmas", [[1.0, 1.0], [1.0, 2.0], [1.0, -1.0], [], [[1.0]], [np.nan]])
def test_sigmas_must_fall(sigmas):
    with pytest.raises(ValueError, match="sigmas must"):
        diffusion.denoise_stepwise(lambda x, level: x, np.zeros(2), np.array(sigmas))


@pytest.mark.parametrize("labels", [[0, 1, 10], [0, 1, -1], [0, 1], [[0, 1, 2]]])
def test_labels_must_be_classes_one_an_image(labels):
    with pytest.raises(ValueError, match="labels must be 3 classes"):
        diffusion.diffusion_batches(DIGITS.images[:3], np.array(labels))
