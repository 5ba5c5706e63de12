"""The autoencoders of notebook 08: penalties and bounds against independent computations."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy.linalg import sqrtm
from torch.distributions import Normal, kl_divergence

from course_utils import autoencoder_family as family
from course_utils.drawn_digits import draw_digits
from course_utils.training import train

DIGITS = draw_digits(1000, rng=0).images
STEPS = 60


def seeded(make, *arguments, seed=0, **options):
    torch.manual_seed(seed)
    return make(*arguments, **options)


def contractive(units=30, weight=1.0):
    model = family.SigmoidAutoencoder(units)
    return model, family.contractive_loss(model, weight)


MEMBERS = {  # each makes a network and its loss
    "sparse": lambda: (family.SparseAutoencoder(60), family.sparse_loss(0.3)),
    "contractive": contractive,
    "concrete": lambda: (family.ConcreteAutoencoder(20, STEPS), family.squared_error),
    "pixels": lambda: (family.PixelAutoencoder(range(200, 600, 20)), family.squared_error),
    "variational": lambda: (
        family.VariationalAutoencoder(4, hidden=60),
        family.negative_elbo(0.2),
    ),
}
every_member = pytest.mark.parametrize("member", MEMBERS)


def trained(model, loss):
    batches = family.clean_batches(DIGITS, size=32)
    return model, train(model, batches, loss, steps=STEPS, learning_rate=0.005)


# By hand ----------------------------------------------------------------------------------------


def test_squared_error_sums_over_pixels_and_averages_over_images():
    target = torch.zeros(2, 3, 3)
    reconstruction = torch.full((2, 3, 3), 0.5)
    reconstruction[1] = 0
    assert family.squared_error(reconstruction, target).item() == 9 * 0.25 / 2


def test_sparse_loss_by_hand():
    code = torch.tensor([[0.0, 2.0], [3.0, 0.0]])
    images = torch.zeros(2, 1, 1)
    loss = family.sparse_loss(0.5)((images + 2, code), images)
    assert loss.item() == 4 + 0.5 * (2 + 3) / 2


def test_sparse_network_adds_up_atoms():
    model = seeded(family.SparseAutoencoder, 3)
    with torch.no_grad():
        model.encoder.weight.zero_()
        model.encoder.bias.copy_(torch.tensor([2.0, -1.0, 0.5]))
    image, code = model(torch.zeros(1, 28, 28))
    assert code.tolist() == [[2.0, 0.0, 0.5]]
    expected = 2 * model.atoms()[0] + 0.5 * model.atoms()[2]
    torch.testing.assert_close(image.flatten(), expected)


def test_kl_by_hand():
    mean = torch.tensor([[0.0, 0.0], [1.0, 2.0], [0.0, 0.0]])
    log_variance = torch.tensor([[0.0, 0.0], [0.0, 0.0], [math.log(4.0), 0.0]])
    expected = [0.0, 2.5, 0.5 * (4 - 1 - math.log(4))]
    assert family.kl_to_standard_normal(mean, log_variance).tolist() == pytest.approx(expected)


def test_negative_elbo_by_hand():
    image = torch.zeros(1, 2, 2)
    output = image + 0.1, torch.tensor([[2.0]]), torch.tensor([[0.0]])
    constant = 4 / 2 * math.log(2 * math.pi * 0.1**2)
    found = family.negative_elbo(0.1)(output, image).item()
    assert found == pytest.approx(4 * 0.01 / 0.02 + constant + 2)


def test_pixel_network_sees_only_its_pixels():
    model = seeded(family.PixelAutoencoder, [0, 29, 783])
    images = torch.rand(4, 28, 28)
    others = torch.rand(4, 28, 28)
    others.flatten(1)[:, [0, 29, 783]] = images.flatten(1)[:, [0, 29, 783]]
    assert torch.equal(model(images), model(others))
    others[:, 0, 0] += 1
    assert not torch.equal(model(images), model(others))


@pytest.mark.parametrize(("is_training", "speed"), [(False, 1.0), (True, 1e3)])
def test_concrete_network_chooses_the_likeliest_pixels(is_training, speed):
    """In training, too, once their logits stand out from the noise; `speed` multiplies them."""
    model = seeded(family.ConcreteAutoencoder, 3, 10, hot=1, cold=1, speed=speed)
    with torch.no_grad():
        model.logits[[0, 1, 2], [5, 700, 5]] = 1
    assert model.pixels().tolist() == [5, 700]
    images, seen = torch.rand(2, 28, 28), []
    model.decoder.register_forward_pre_hook(lambda layer, inputs: seen.append(inputs[0]))
    model.train(is_training)(images)
    torch.testing.assert_close(seen[0], images.flatten(1)[:, [5, 700, 5]])


def test_temperature_falls_in_training_only():
    model = seeded(family.ConcreteAutoencoder, 2, 4, hot=8.0, cold=0.5)
    images = torch.rand(1, 28, 28)
    found = []
    for _ in range(4):
        found.append(model.temperature.item())
        model.train()(images)
        model.eval()(images)
    assert found == pytest.approx([8, 4, 2, 1])
    assert model.temperature.item() == pytest.approx(0.5)


# Properties -------------------------------------------------------------------------------------


def test_atoms_have_length_one_and_are_what_the_units_look_for_at_first():
    model = seeded(family.SparseAutoencoder, 9)
    assert torch.equal(model.encoder.weight, model.atoms())
    with torch.no_grad():
        model.directions *= torch.arange(1, 10)[:, None]
    torch.testing.assert_close(model.atoms().norm(dim=1), torch.ones(9))


def test_variational_network_is_random_in_training_only():
    model = seeded(family.VariationalAutoencoder, 3, hidden=20)
    images = torch.rand(2, 28, 28)
    assert not torch.equal(model.train()(images)[0], model(images)[0])
    assert torch.equal(model.eval()(images)[0], model(images)[0])
    reconstruction, mean, log_variance = model(images)
    assert torch.equal(reconstruction, model.decoder(mean))
    assert mean.shape == log_variance.shape == (2, 3)


@pytest.mark.filterwarnings("error")
def test_outputs_of_batches_are_put_together_wherever_the_images_lie():
    model = seeded(family.VariationalAutoencoder, 3, hidden=20)
    images = DIGITS.copy()
    images.flags.writeable = False
    for stack in (images, images[::-1].copy()[::-1], np.asfortranarray(images)):
        outputs = family.outputs_of(model.train(), stack)
        assert [len(output) for output in outputs] == [1000] * 3
        for output, expected in zip(outputs, family.outputs_of(model, DIGITS[700:])):
            np.testing.assert_allclose(output[700:], expected, atol=1e-6)


def test_clean_batches_are_input_and_target_at_once():
    inputs, target = family.clean_batches(DIGITS, size=200)(torch.Generator().manual_seed(3))
    assert torch.equal(inputs, target)
    assert inputs.shape == (200, 28, 28)
    assert len(family.clean_batches(DIGITS)(torch.Generator())[0]) == 128
    assert inputs.max() == 1


# Agreement with independent references ----------------------------------------------------------


def test_contractive_loss_agrees_with_autograd():
    model = seeded(family.SigmoidAutoencoder, 12).double()
    images = torch.from_numpy(DIGITS[:5] / 255)
    reconstruction, code = model(images)
    jacobians = [
        torch.autograd.functional.jacobian(lambda x: model(x[None])[1][0], image)
        for image in images
    ]
    squares = torch.stack([jacobian.square().sum() for jacobian in jacobians])
    torch.testing.assert_close(family.jacobian_penalty(code, model.encoder.weight), squares)
    error = torch.nn.functional.mse_loss(reconstruction, images) * 784
    loss = family.contractive_loss(model, 0.7)((reconstruction, code), images)
    torch.testing.assert_close(loss, error + 0.7 * squares.mean())


def test_reparametrized_draws_have_the_right_moments_and_gradients():
    mean = torch.tensor([[2.0]], requires_grad=True)
    log_variance = torch.tensor([[math.log(9.0)]], requires_grad=True)
    torch.manual_seed(0)
    draws = 100_000
    z = family.reparametrize(mean.expand(draws, 1), log_variance.expand(draws, 1))
    assert z.mean().item() == pytest.approx(2, abs=4 * 3 / math.sqrt(draws))
    assert z.std().item() == pytest.approx(3, abs=4 * 3 / math.sqrt(2 * draws))
    # E z² = mean² + variance: derivatives 2 mean = 4, and variance = 9 with respect to its
    # logarithm. The standard error of the former is 2 * 3 / sqrt(draws) = 0.02.
    z.square().mean().backward()
    assert mean.grad.item() == pytest.approx(4, abs=4 * 0.02)
    assert log_variance.grad.item() == pytest.approx(9, abs=0.3)


def test_elbo_decomposition():
    """log p(x) = ELBO + KL(q || posterior), where all three are known: a linear decoder.

    z ~ N(0, 1), x | z ~ N(a z, s²), so x ~ N(0, a² + s²) and z | x is normal, too.
    """
    a, s, x = 1.5, 0.4, torch.tensor([[[0.8]]], dtype=torch.float64)
    variance = s**2 / (a**2 + s**2)
    centre = a * x.item() / (a**2 + s**2)
    posterior = Normal(centre, math.sqrt(variance))
    evidence = Normal(0.0, math.sqrt(a**2 + s**2)).log_prob(x).item()
    nodes, weights = np.polynomial.hermite_e.hermegauss(20)  # exact for the square below
    for mean, log_variance in [(0.0, 0.0), (0.6, -2.0), (centre, math.log(variance))]:
        z = torch.from_numpy(mean + math.exp(log_variance / 2) * nodes)
        m, v = torch.tensor([[mean]]).double(), torch.tensor([[log_variance]]).double()
        losses = [family.negative_elbo(s)((a * k.reshape(1, 1, 1), m, v), x).item() for k in z]
        elbo = -np.average(losses, weights=weights)
        gap = kl_divergence(Normal(mean, math.exp(log_variance / 2)), posterior).item()
        assert elbo + gap == pytest.approx(evidence, abs=1e-6)
        assert elbo <= evidence + 1e-9
    assert gap == pytest.approx(0, abs=1e-9)


def test_gumbel_softmax_goes_to_one_hot_with_the_right_frequencies():
    """At a low temperature a draw is one-hot, and category k comes with probability p(k)."""
    probabilities = torch.tensor([0.5, 0.3, 0.15, 0.05])
    draws = 40_000
    torch.manual_seed(0)
    choice = family.gumbel_softmax(probabilities.log().expand(draws, 4), 1e-4)
    torch.testing.assert_close(choice.sum(dim=1), torch.ones(draws))
    assert (choice.amax(dim=1) > 0.999).float().mean() > 0.999
    frequencies = choice.mean(dim=0)
    standard_errors = (probabilities * (1 - probabilities) / draws).sqrt()
    assert ((frequencies - probabilities).abs() < 4 * standard_errors + 1e-3 / 4).all()


# Training ---------------------------------------------------------------------------------------


@every_member
def test_a_step_lowers_the_loss_on_its_batch(member):
    model, loss = seeded(MEMBERS[member])
    inputs, target = family.clean_batches(DIGITS, size=32)(torch.Generator().manual_seed(1))

    def step_loss():
        torch.manual_seed(2)  # the same noise before and after
        return loss(model.train()(inputs), target)

    optimizer = torch.optim.SGD(model.parameters(), lr=1e-5)
    before = step_loss()
    before.backward()
    gradients = [parameter.grad for parameter in model.parameters()]
    assert all(gradient is not None and gradient.abs().sum() > 0 for gradient in gradients)
    optimizer.step()
    if member == "concrete":
        model.temperature.fill_(10.0)
    assert step_loss() < before


@every_member
def test_each_member_learns_drawn_digits_in_seconds(member):
    model, history = trained(*seeded(MEMBERS[member]))
    if member == "concrete":
        assert model.temperature.item() == pytest.approx(0.1, rel=1e-3)
    assert history.finished
    assert np.mean(history.losses[-10:]) < 0.8 * np.mean(history.losses[:5])
    output = family.outputs_of(model, DIGITS[:50])
    reconstruction = output if isinstance(output, np.ndarray) else output[0]
    error = ((reconstruction - DIGITS[:50] / 255) ** 2).mean()
    assert error < 0.9 * (DIGITS[:50] / 255).var()


def test_sparsity_and_contraction_do_what_they_promise():
    active, moved = [], []
    for weight in (0, 1.0):
        model, _ = trained(seeded(family.SparseAutoencoder, 60), family.sparse_loss(weight))
        active.append((family.outputs_of(model, DIGITS)[1] > 0).mean())
        model, _ = trained(*seeded(contractive, weight=3 * weight))
        code = torch.from_numpy(family.outputs_of(model, DIGITS)[1])
        moved.append(family.jacobian_penalty(code, model.encoder.weight).mean().item())
    assert active[1] < 0.7 * active[0]
    assert moved[1] < 0.7 * moved[0]


# Bad input --------------------------------------------------------------------------------------


def test_one_variance_serves_many_means_but_not_the_other_way_round():
    mean, log_variance = torch.zeros(5, 2), torch.zeros(1, 1)
    assert family.reparametrize(mean, log_variance).shape == (5, 2)
    with pytest.raises(ValueError, match="log_variance must have the shape of mean"):
        family.reparametrize(log_variance, mean)


# Freedom, fit and distance ----------------------------------------------------------------------


def test_free_atoms_begin_at_length_one_and_may_grow():
    free, fixed = (seeded(family.SparseAutoencoder, 5, free=free) for free in (True, False))
    torch.testing.assert_close(free.atoms(), fixed.atoms())
    with torch.no_grad():
        free.directions *= 3
        fixed.directions *= 3
    torch.testing.assert_close(free.atoms(), 3 * fixed.atoms())


@given(st.integers(0, 1000))
def test_fitted_sigma_is_the_best_of_all(seed):
    torch.manual_seed(seed)
    target = torch.rand(3, 4, 5)
    output = torch.rand(3, 4, 5), torch.randn(3, 2), torch.randn(3, 2)
    sigma = (output[0] - target).square().mean().sqrt().item()
    fitted = family.negative_elbo(None)(output, target)
    torch.testing.assert_close(fitted, family.negative_elbo(sigma)(output, target))
    for factor in (0.8, 0.95, 1.05, 1.3):
        assert fitted < family.negative_elbo(factor * sigma)(output, target)


def test_likelihood_in_the_bound_agrees_with_torch_distributions():
    target, reconstruction = seeded(torch.rand, 2, 3, 4, 5)
    prior = torch.zeros(3, 2), torch.zeros(3, 2)  # its KL is 0
    expected = Normal(reconstruction, 0.3).log_prob(target).sum(dim=(1, 2)).mean()
    found = -family.negative_elbo(0.3)((reconstruction, *prior), target)
    torch.testing.assert_close(found, expected)


def test_frechet_distance_by_hand():
    """One feature: squared difference of the means, plus that of the standard deviations."""
    first, second = np.array([[-1.0], [1.0]]), np.array([[1.0], [7.0]])
    distance = family.frechet_distance(first, second)
    assert distance == pytest.approx((0 - 4) ** 2 + (np.sqrt(2) - np.sqrt(18)) ** 2)


def test_frechet_distance_agrees_with_the_root_of_a_matrix_by_scipy():
    rng = np.random.default_rng(0)
    first, second = rng.normal(size=(50, 4)), rng.normal(size=(70, 4)) @ rng.normal(size=(4, 4))
    c1, c2 = np.cov(first.T), np.cov(second.T)
    shift = first.mean(axis=0) - second.mean(axis=0)
    expected = shift @ shift + np.trace(c1 + c2 - 2 * sqrtm(c1 @ c2).real)
    assert family.frechet_distance(first, second) == pytest.approx(expected)
    assert family.frechet_distance(first, first) == pytest.approx(0, abs=1e-9)
