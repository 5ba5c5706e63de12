"""The autoencoders of notebook 08: penalties and bounds against independent computations."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.distributions import Normal, kl_divergence

from course_utils import autoencoder_family as family
from course_utils.denoising_autoencoder import denoising_batches, train
from course_utils.mnist import draw_digits

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


def trained(member, **options):
    model, loss = seeded(MEMBERS[member])
    batches = family.clean_batches(DIGITS, size=32)
    history = train(model, batches, loss, steps=STEPS, learning_rate=0.005, **options)
    return model, history


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


def test_jacobian_penalty_of_one_unit():
    code, weight = torch.tensor([[0.5], [0.9]]), torch.tensor([[3.0, 4.0]])
    expected = torch.tensor([0.25**2 * 25, 0.09**2 * 25])
    torch.testing.assert_close(family.jacobian_penalty(code, weight), expected)


def test_kl_by_hand():
    mean = torch.tensor([[0.0, 0.0], [1.0, 2.0], [0.0, 0.0]])
    log_variance = torch.tensor([[0.0, 0.0], [0.0, 0.0], [math.log(4.0), 0.0]])
    expected = [0.0, 2.5, 0.5 * (4 - 1 - math.log(4))]
    assert family.kl_to_standard_normal(mean, log_variance).tolist() == pytest.approx(expected)


def test_negative_elbo_by_hand():
    image = torch.zeros(1, 2, 2)
    output = image + 0.1, torch.tensor([[2.0]]), torch.tensor([[0.0]])
    assert family.negative_elbo(0.1)(output, image).item() == pytest.approx(4 * 0.01 / 0.02 + 2)


def test_pixel_network_sees_only_its_pixels():
    model = seeded(family.PixelAutoencoder, [0, 29, 783])
    images = torch.rand(4, 28, 28)
    others = torch.rand(4, 28, 28)
    others.flatten(1)[:, [0, 29, 783]] = images.flatten(1)[:, [0, 29, 783]]
    assert torch.equal(model(images), model(others))
    others[:, 0, 0] += 1
    assert not torch.equal(model(images), model(others))


def test_concrete_network_ends_with_whole_pixels():
    model = seeded(family.ConcreteAutoencoder, 3, 10).eval()
    with torch.no_grad():
        model.logits[[0, 1, 2], [5, 700, 5]] = 1
    assert model.pixels().tolist() == [5, 700]
    seen = []
    model.decoder.register_forward_pre_hook(lambda layer, inputs: seen.append(inputs[0]))
    images = torch.rand(2, 28, 28)
    model(images)
    assert torch.equal(seen[0], images.flatten(1)[:, [5, 700, 5]])


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


@given(st.integers(1, 5), st.integers(1, 6), st.integers(0, 1000))
def test_kl_is_not_negative(count, dimensions, seed):
    rng = torch.Generator().manual_seed(seed)
    mean, log_variance = 3 * torch.randn(2, count, dimensions, generator=rng)
    assert (family.kl_to_standard_normal(mean, log_variance) > -1e-5).all()


@given(st.sampled_from([0.01, 0.1, 1.0, 10.0]), st.integers(0, 1000))
def test_gumbel_softmax_is_a_mixture(temperature, seed):
    torch.manual_seed(seed)
    choice = family.gumbel_softmax(3 * torch.randn(4, 7), temperature)
    assert choice.shape == (4, 7)
    assert (choice >= 0).all()
    torch.testing.assert_close(choice.sum(dim=1), torch.ones(4))


@given(st.floats(0.25, 4), st.integers(0, 1000))
def test_penalties_grow_with_what_they_punish(factor, seed):
    torch.manual_seed(seed)
    code, weight = torch.rand(3, 4), torch.randn(4, 6)
    torch.testing.assert_close(
        family.jacobian_penalty(code, factor * weight),
        factor**2 * family.jacobian_penalty(code, weight),
    )
    loss = family.sparse_loss(0.7)
    images = torch.rand(3, 2, 2)
    torch.testing.assert_close(
        loss((images, factor * code), images), factor * loss((images, code), images)
    )


def test_atoms_have_length_one():
    model = seeded(family.SparseAutoencoder, 9)
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


def layouts(images):
    """The same images, laid out otherwise in memory."""
    locked = images.copy()
    locked.flags.writeable = False
    return {
        "columns first": np.asfortranarray(images),
        "every second": np.repeat(images, 2, axis=0)[::2],
        "backwards": images[::-1].copy()[::-1],
        "read-only": locked,
    }


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("layout", layouts(DIGITS[:5]))
def test_images_may_lie_in_memory_as_they_like(layout):
    images = layouts(DIGITS[:5])[layout]
    model = seeded(family.VariationalAutoencoder, 3, hidden=20)
    for found, expected in zip(
        family.outputs_of(model, images), family.outputs_of(model, DIGITS[:5])
    ):
        np.testing.assert_array_equal(found, expected)
    batches = [
        family.clean_batches(stack, size=9)(torch.Generator().manual_seed(1))[0]
        for stack in (images, DIGITS[:5])
    ]
    assert torch.equal(*batches)
    np.testing.assert_array_equal(images, draw_digits(1000, rng=0).images[:5])


def test_batches_do_not_change_with_the_images():
    images = DIGITS[:5].copy()
    make_batch = family.clean_batches(images, size=9)
    before = make_batch(torch.Generator().manual_seed(1))[0]
    images[:] = 0
    assert torch.equal(make_batch(torch.Generator().manual_seed(1))[0], before)


def test_outputs_of_batches_are_put_together():
    model = seeded(family.PixelAutoencoder, [400, 401])
    together = family.outputs_of(model, DIGITS)
    assert together.shape == DIGITS.shape
    np.testing.assert_allclose(together[700:], family.outputs_of(model, DIGITS[700:]), atol=1e-6)


def test_clean_batches_are_images_on_one_scale():
    make_batch = family.clean_batches(DIGITS, size=7)
    inputs, target = make_batch(torch.Generator().manual_seed(3))
    assert torch.equal(inputs, target)
    assert inputs.shape == (7, 28, 28)
    levels = (inputs * 255).round().to(torch.uint8).numpy()
    assert all((DIGITS == image).all(axis=(1, 2)).any() for image in levels)
    assert not torch.equal(inputs, make_batch(torch.Generator().manual_seed(4))[0])


# Agreement with independent references ----------------------------------------------------------


def test_jacobian_penalty_agrees_with_autograd():
    model = seeded(family.SigmoidAutoencoder, 12).double()
    images = torch.from_numpy(DIGITS[:5]) / 255.0
    images = images.double()
    _, code = model(images)
    penalty = family.jacobian_penalty(code, model.encoder.weight)
    for image, value in zip(images, penalty):
        jacobian = torch.autograd.functional.jacobian(lambda x: model(x[None])[1][0], image)
        assert jacobian.shape == (12, 28, 28)
        torch.testing.assert_close(value, jacobian.square().sum())


def test_contractive_loss_is_error_plus_penalty():
    model, loss = seeded(contractive, weight=0.7)
    images = torch.from_numpy(DIGITS[:4]) / 255
    output = model(images)
    penalty = family.jacobian_penalty(output[1], model.encoder.weight).mean()
    expected = torch.nn.functional.mse_loss(output[0], images) * 784 + 0.7 * penalty
    torch.testing.assert_close(loss(output, images), expected)


def test_kl_agrees_with_torch_distributions():
    mean, log_variance = seeded(torch.randn, 2, 50, 6)
    posterior, prior = Normal(mean, (log_variance / 2).exp()), Normal(0.0, 1.0)
    torch.testing.assert_close(
        family.kl_to_standard_normal(mean, log_variance),
        kl_divergence(posterior, prior).sum(dim=1),
    )


def test_kl_agrees_with_monte_carlo():
    """The mean of log q(z) - log p(z) over z from q; within 4 standard errors of that mean."""
    mean, log_variance = torch.tensor([[0.5, -1.0]]), torch.tensor([[-1.0, 0.4]])
    torch.manual_seed(0)
    draws = 100_000
    z = family.reparametrize(mean.expand(draws, 2), log_variance.expand(draws, 2))
    posterior, prior = Normal(mean, (log_variance / 2).exp()), Normal(0.0, 1.0)
    values = (posterior.log_prob(z) - prior.log_prob(z)).sum(dim=1)
    standard_error = values.std().item() / math.sqrt(draws)
    closed = family.kl_to_standard_normal(mean, log_variance).item()
    assert standard_error < 0.01 * closed
    assert abs(values.mean().item() - closed) < 4 * standard_error


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
        constant = 0.5 * math.log(2 * math.pi * s**2)
        elbo = -np.average(losses, weights=weights) - constant
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
    assert (choice.amax(dim=1) > 0.999).float().mean() > 0.999
    frequencies = choice.mean(dim=0)
    standard_errors = (probabilities * (1 - probabilities) / draws).sqrt()
    assert ((frequencies - probabilities).abs() < 4 * standard_errors + 1e-3 / 4).all()


def test_gumbel_softmax_goes_to_a_uniform_mixture_when_hot():
    logits = torch.tensor([3.0, 0.0, -3.0, 1.0]).expand(100, 4)
    torch.manual_seed(0)
    torch.testing.assert_close(
        family.gumbel_softmax(logits, 1e5), torch.full((100, 4), 0.25), atol=1e-3, rtol=0
    )


def test_gumbel_softmax_agrees_with_torch_in_distribution():
    """Mean and standard deviation of a draw; tolerance: 4 standard errors of the difference."""
    logits = torch.tensor([1.0, 0.0, -1.0]).expand(20_000, 3)
    torch.manual_seed(0)
    ours = family.gumbel_softmax(logits, 0.7)
    theirs = torch.nn.functional.gumbel_softmax(logits, tau=0.7)
    tolerance = 4 * (ours.var(dim=0) / 10_000).sqrt()
    assert ((ours.mean(dim=0) - theirs.mean(dim=0)).abs() < tolerance).all()
    assert ((ours.std(dim=0) - theirs.std(dim=0)).abs() < tolerance).all()


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
    model, history = trained(member)
    assert history.finished
    assert np.mean(history.losses[-10:]) < 0.8 * np.mean(history.losses[:5])
    output = family.outputs_of(model, DIGITS[:50])
    reconstruction = output if isinstance(output, np.ndarray) else output[0]
    error = ((reconstruction - DIGITS[:50] / 255) ** 2).mean()
    assert error < 0.9 * (DIGITS[:50] / 255).var()


@every_member
def test_training_is_reproducible(member):
    first, second = trained(member)[0], trained(member)[0]
    for a, b in zip(first.state_dict().values(), second.state_dict().values()):
        assert torch.equal(a, b)
    other = trained(member, seed=1)[0]
    assert not torch.equal(next(other.parameters()), next(first.parameters()))


def test_checkpoint_keeps_the_temperature(tmp_path):
    first, history = trained("concrete", checkpoint=tmp_path / "concrete")
    again, found = trained("concrete", checkpoint=tmp_path / "concrete")
    assert found.losses == history.losses
    assert torch.equal(again.temperature, first.temperature)
    assert first.temperature.item() == pytest.approx(0.1, rel=1e-3)
    assert np.array_equal(again.pixels(), first.pixels())


def test_sparsity_and_contraction_do_what_they_promise():
    batches = family.clean_batches(DIGITS, size=32)
    active, moved = [], []
    for weight in (0, 1.0):
        model = seeded(family.SparseAutoencoder, 60)
        loss = family.sparse_loss(weight)
        train(model, batches, loss, steps=STEPS, learning_rate=0.005)
        active.append((family.outputs_of(model, DIGITS)[1] > 0).mean())
        model, loss = seeded(contractive, weight=3 * weight)
        train(model, batches, loss, steps=STEPS, learning_rate=0.005)
        code = torch.from_numpy(family.outputs_of(model, DIGITS)[1])
        moved.append(family.jacobian_penalty(code, model.encoder.weight).mean().item())
    assert active[1] < 0.7 * active[0]
    assert moved[1] < 0.7 * moved[0]


def test_variational_network_learns_to_denoise():
    model, loss = seeded(MEMBERS["variational"])
    history = train(
        model, denoising_batches(DIGITS, size=32), loss, steps=STEPS, learning_rate=0.005
    )
    assert np.mean(history.losses[-10:]) < 0.8 * np.mean(history.losses[:5])


# Pitfalls ---------------------------------------------------------------------------------------


def test_pitfall_free_atoms_cheat_the_l1_norm():
    """Longer atoms, shorter codes: the same image for a tenth of the penalty."""
    model = seeded(family.SparseAutoencoder, 8)
    image, code = model(torch.rand(3, 28, 28))
    free = (0.1 * code) @ (10 * model.atoms()) + model.bias  # atoms of any length
    torch.testing.assert_close(free.unflatten(1, (28, 28)), image)
    with torch.no_grad():
        model.directions *= 10  # here, the length changes nothing
    torch.testing.assert_close(code @ model.atoms() + model.bias, image.flatten(1))


def test_pitfall_tied_weights_do_not_let_the_decoder_make_up():
    """With two matrices, W/10 and 10 V give almost the same image for 1/100 of the penalty."""
    code, weight = torch.full((1, 4), 0.5), seeded(torch.randn, 4, 9)
    small = family.jacobian_penalty(code, weight / 10)
    torch.testing.assert_close(small, family.jacobian_penalty(code, weight) / 100)
    model = seeded(family.SigmoidAutoencoder, 4)
    assert sum(parameter.ndim == 2 for parameter in model.parameters()) == 1


def test_pitfall_mean_instead_of_sum_lets_kl_win():
    """The mean over pixels is 784 times too small beside the KL."""
    target = torch.zeros(1, 28, 28)
    output = target + 0.5, torch.ones(1, 2), torch.zeros(1, 2)
    loss = family.negative_elbo(0.2)(output, target)
    mean_loss = torch.nn.functional.mse_loss(output[0], target) / (2 * 0.2**2) + 1
    assert loss.item() == pytest.approx(784 * 0.25 / 0.08 + 1)
    assert (loss - 1).item() == pytest.approx(784 * (mean_loss.item() - 1), rel=1e-5)


def test_one_variance_serves_many_means_but_not_the_other_way_round():
    mean, log_variance = torch.zeros(5, 2), torch.zeros(1, 1)
    assert family.reparametrize(mean, log_variance).shape == (5, 2)
    with pytest.raises(ValueError, match="log_variance must have the shape of mean"):
        family.reparametrize(log_variance, mean)
