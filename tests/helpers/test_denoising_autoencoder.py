"""The denoising networks of notebook 05: what noise they see, and that they learn to remove it."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from course_utils.denoising_autoencoder import (
    DenseAutoencoder,
    DigitReader,
    ResidualDenoiser,
    apply_matrix,
    corrupt,
    denoise,
    denoising_batches,
    fit_curve,
    freeze_noise,
    kaiming,
    labelled_batches,
    least_squares_matrix,
    read_digits,
    train,
)
from course_utils.drawn_digits import draw_digits
from course_utils.noise import add_gaussian_noise, add_speckle_noise

DIGITS = draw_digits(1000, rng=0).images


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def small_network():
    torch.manual_seed(0)
    return ResidualDenoiser(channels=4)


def squared_error(images, clean):
    return ((images / 255.0 - clean / 255.0) ** 2).mean()


# By hand ----------------------------------------------------------------------------------------


def test_the_dense_autoencoder_is_the_lectures():
    sizes = [784, 256, 128, 128, 64, 128, 128, 256, 784]
    weights = sum((n_in + 1) * n_out for n_in, n_out in zip(sizes, sizes[1:]))
    model = DenseAutoencoder()
    assert sum(parameter.numel() for parameter in model.parameters()) == weights
    layers = [layer for layer in model.modules() if isinstance(layer, torch.nn.Linear)]
    assert [layer.in_features for layer in layers] + [layers[-1].out_features] == sizes
    assert sum(isinstance(layer, torch.nn.ReLU) for layer in model.modules()) == 7
    images = torch.zeros(3, 28, 28)
    assert model.encoder(images).shape == (3, 64)
    assert model(images).shape == images.shape


def test_the_residual_network_subtracts_its_estimate():
    model = small_network()
    torch.nn.init.zeros_(model.noise[-2].weight)
    torch.nn.init.constant_(model.noise[-2].bias, 0.25)
    images = torch.tensor([[[0.1, 0.5], [0.75, 1.0]]])
    assert model(images).tolist() == [[[0.0, 0.25], [0.5, 0.75]]]


def test_frozen_noise_by_its_definition():
    images = DIGITS[:6]
    rng = np.random.default_rng(7)
    frozen = freeze_noise(images, rng=7)
    for half, add_noise, sigma in ((0, add_gaussian_noise, 42), (1, add_speckle_noise, 0.42)):
        clean, noisy = (stack[3 * half : 3 * half + 3] for stack in (images, frozen))
        assert np.array_equal(
            noisy.reshape(84, 28), add_noise(clean.reshape(84, 28), sigma, rng=rng)
        )


# Properties -------------------------------------------------------------------------------------

stacks = st.tuples(st.integers(2, 5), st.integers(1, 6), st.integers(1, 6)).flatmap(
    lambda shape: arrays(np.uint8, shape)
)


@given(stacks, st.integers(0, 1000))
def test_corrupt_gives_grey_levels(images, seed):
    tensor = torch.from_numpy(images.copy())
    noisy = corrupt(tensor, generator(seed))
    assert noisy.dtype == torch.float32
    levels = (noisy * 255).round().clamp(0, 255)
    torch.testing.assert_close(noisy, levels / 255)
    assert np.array_equal(tensor.numpy(), images)
    assert torch.equal(noisy, corrupt(tensor, generator(seed)))


def test_every_image_gets_its_own_noise():
    gray = torch.full((2000, 28, 28), 10, dtype=torch.uint8)
    spread = corrupt(gray, generator()).mul(255).std(dim=(1, 2))
    is_gaussian = spread > 10  # speckle on level 10: sd 4.2
    assert not ((spread > 6) & (spread < 18)).any()  # one kind or the other, never a blend
    assert abs(is_gaussian.float().mean() - 0.5) < 4 * 0.5 / 2000**0.5  # four standard errors
    assert len(spread.unique()) > 1900  # no image's noise is another's


def test_batches_are_fresh_follow_the_generator_and_have_one_scale():
    make_batch = denoising_batches(DIGITS, size=64)
    rng = generator()
    first, second = make_batch(rng), make_batch(rng)
    assert not torch.equal(first[0], second[0])
    assert torch.equal(first[0], make_batch(generator())[0])
    noisy, clean = first
    assert noisy.max() == clean.max() == 1
    assert (noisy - clean).mean().abs() < 0.05
    targets = {image.tobytes() for image in DIGITS}
    for image in (clean * 255).round().to(torch.uint8):
        assert image.numpy().tobytes() in targets


def test_the_dense_autoencoder_learns_a_batch():
    torch.manual_seed(0)
    model = kaiming(DenseAutoencoder())
    batch = denoising_batches(DIGITS, size=32)(generator())
    history = train(model, lambda rng: batch, steps=30, learning_rate=1e-3)
    assert torch.nn.functional.mse_loss(model(batch[0]), batch[1]) < 0.9 * history.losses[0]


def test_a_complete_run_on_drawn_digits():
    clean = draw_digits(400, rng=1).images
    noisy = freeze_noise(clean, rng=2)
    torch.manual_seed(0)
    model = ResidualDenoiser(channels=16)
    history = train(
        model,
        denoising_batches(DIGITS, size=32),
        steps=150,
        learning_rate=8e-3,
        evaluate=lambda model: squared_error(denoise(model, noisy), clean),
        every=150,
    )
    assert history.held_out[-1] < 0.7 * squared_error(noisy, clean)  # which is to do nothing
    assert history.held_out[-1] == squared_error(denoise(model, noisy), clean)


# Agreement with course_utils.noise and with PyTorch ---------------------------------------------


@pytest.mark.parametrize("level", [0, 3, 128, 250])
def test_corruption_has_the_distribution_of_the_noise_helpers(level):
    """Two independent samples of each noise: a test of equal histograms, p < 0.0001 rejects."""
    flat = np.full((300, 28, 28), level, np.uint8)
    noisy = corrupt(torch.from_numpy(flat), generator(level)).mul(255).round().to(torch.uint8)
    is_gaussian = torch.rand(300, 1, 1, generator=generator(level)).flatten() >= 0.5  # the coin
    for chosen, add_noise, sigma in (
        (is_gaussian, add_gaussian_noise, 42),
        (~is_gaussian, add_speckle_noise, 0.42),
    ):
        ours = noisy[chosen].numpy().ravel()
        theirs = add_noise(flat[: len(ours) // 784].reshape(-1, 28), sigma, rng=level).ravel()
        counts = np.array([np.bincount(sample, minlength=256) for sample in (ours, theirs)])
        counts = counts[:, counts.sum(axis=0) >= 20]
        if counts.shape[1] > 1:
            assert stats.chi2_contingency(counts).pvalue > 1e-4
        assert abs(ours.mean() - theirs.mean()) < 5 * ours.std() * (2 / len(ours)) ** 0.5 + 1e-9


def test_denoise_in_batches_equals_denoise_at_once():
    model = torch.nn.Sequential(torch.nn.Dropout(0.5), small_network()).train()
    images = freeze_noise(DIGITS[:701], rng=0)
    denoised = denoise(model, images)
    with torch.no_grad():
        expected = model.eval()(torch.from_numpy(images) / 255).mul(255).round().numpy()
    assert denoised.dtype == np.uint8
    assert np.abs(denoised - expected).max() <= 1  # a rounding tie may fall the other way
    assert (denoised == expected).mean() > 0.9999


# Bad input --------------------------------------------------------------------------------------


def test_one_image_cannot_get_two_noises():
    with pytest.raises(ValueError, match="images must be at least two"):
        freeze_noise(DIGITS[:1])


# The yardsticks ---------------------------------------------------------------------------------

pairs = st.tuples(st.integers(1, 3), st.integers(1, 4), st.integers(1, 4)).flatmap(
    lambda shape: st.tuples(arrays(np.uint8, shape), arrays(np.uint8, shape))
)


def test_curve_by_hand():
    noisy = np.array([[[10, 10, 20]]], np.uint8)
    curve = fit_curve(noisy, np.array([[[0, 4, 22]]], np.uint8))
    assert curve[[0, 10, 15, 20, 255]].tolist() == [2, 2, 12, 22, 22]  # flat beyond what was seen


@given(pairs)
def test_no_other_answer_to_a_level_is_better_than_the_curves(pair):
    noisy, clean = pair
    curve = fit_curve(noisy, clean)
    for level in np.unique(noisy):
        behind = clean[noisy == level].astype(int)
        errors = [((behind - answer) ** 2).sum() for answer in range(256)]
        assert errors[curve[level]] == min(errors)


def test_matrix_by_hand():
    """Images of one pixel: the clean one is half as bright, plus 20 levels."""
    noisy = np.array([40, 80, 120, 200], np.uint8).reshape(-1, 1, 1)
    clean = noisy // 2 + 20
    matrix = least_squares_matrix(noisy, clean, ridge=1e-6)
    assert matrix.ravel() == pytest.approx([0.5, 20 / 255], abs=1e-3)
    assert apply_matrix(matrix, np.array([[[100]]], np.uint8)).item() == 70


def test_matrix_agrees_with_numpys_least_squares():
    clean = DIGITS[:, 10:14, 10:14].copy()
    noisy = freeze_noise(clean, rng=1)
    with_one = np.c_[noisy.reshape(len(noisy), -1) / 255, np.ones(len(noisy))]
    expected = np.linalg.lstsq(with_one, clean.reshape(len(clean), -1) / 255)[0]
    matrix = least_squares_matrix(noisy, clean, ridge=1e-6)
    np.testing.assert_allclose(matrix, expected, atol=2e-3)
    values = (with_one @ expected).reshape(clean.shape) * 255
    close = np.abs(apply_matrix(matrix, noisy) - values.clip(0, 255)) < 1
    assert close.all()


def test_curve_and_matrix_help_on_digits_that_they_have_not_seen():
    clean = draw_digits(300, rng=9).images
    noisy = freeze_noise(clean, rng=9)
    learnt_from = freeze_noise(DIGITS, rng=8)
    matrix = least_squares_matrix(learnt_from, DIGITS, ridge=10)
    linear = apply_matrix(matrix, noisy)
    curve = fit_curve(apply_matrix(matrix, learnt_from), DIGITS)
    errors = [squared_error(images, clean) for images in (noisy, linear, curve[linear])]
    assert errors[2] < errors[1] < errors[0]


# The reader -------------------------------------------------------------------------------------


def test_labels_stay_with_their_digits():
    digits = draw_digits(200, rng=3)
    images, labels = labelled_batches(digits.images, digits.labels, size=50)(generator())
    of = {image.tobytes(): label for image, label in zip(digits.images, digits.labels)}
    for image, label in zip((images * 255).round().to(torch.uint8).numpy(), labels.tolist()):
        assert of[image.tobytes()] == label


def test_reader_learns_to_read():
    digits, others = draw_digits(2000, rng=3), draw_digits(300, rng=4)
    torch.manual_seed(0)
    reader = DigitReader()
    make_batch = labelled_batches(digits.images, digits.labels, size=32)
    train(reader, make_batch, torch.nn.functional.cross_entropy, steps=150, learning_rate=3e-3)
    assert np.mean(read_digits(reader, others.images) == others.labels) > 0.9
    assert reader.features(torch.from_numpy(others.images) / 255).shape == (300, 64)
