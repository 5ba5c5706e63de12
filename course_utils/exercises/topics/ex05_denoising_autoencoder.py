"""Exercises of notebook 05."""

import functools

import cv2
import numpy as np
import torch
from hypothesis import strategies as st
from skimage.util import img_as_float
from torch.nn import functional
from torchvision.transforms.functional import to_tensor

from course_utils import denoising_autoencoder as dae
from course_utils._validation import check_image, describe
from course_utils.exercises.checking import Exercise, Misconception
from course_utils.exercises.inputs import arguments, arrays, gray, gray_images
from course_utils.exercises.quizzes import Question
from course_utils.mnist import draw_digits
from course_utils.noise import add_gaussian_noise, add_speckle_noise

NOTEBOOK = "05_denoising_autoencoder"


# Denoising loss ---------------------------------------------------------------------------------


def my_denoising_loss(clean, noisy, restored):
    return np.mean((restored / 255 - clean / 255) ** 2)


def torch_loss(clean, noisy, restored):
    restored, clean = torch.from_numpy(restored / 255), torch.from_numpy(clean / 255)
    return functional.mse_loss(restored, clean).item()


def loss_of_difference(measure):
    """An answer that takes the right difference and then does something else with it."""
    return lambda clean, noisy, restored: measure(restored / 255 - clean / 255)


def loss_with_wrap_around(clean, noisy, restored):
    return np.mean((restored - clean) ** 2) / 255**2


def images_of_one_shape(*names):
    """Strategy: grey images of one shape."""
    shapes = st.tuples(st.integers(1, 4), st.integers(1, 4))
    return shapes.flatmap(
        lambda shape: arguments(**{name: arrays(np.uint8, shape) for name in names})
    )


# Corruption -------------------------------------------------------------------------------------


def my_corrupt(image, kind, n):
    noisy = image + 42 * n if kind == "Gaussian" else image * (1 + 0.42 * n)
    return np.clip(np.rint(noisy), 0, 255).astype(np.uint8)


def opencv_corrupt(image, kind, n):
    if kind == "Gaussian":
        return cv2.add(image, 42 * n, dtype=cv2.CV_8U)
    return cv2.multiply(image, 1 + 0.42 * n, dtype=cv2.CV_8U)


def exact_corruption(image, kind, n, sigmas=(42, 0.42)):
    """What the formulas say, before it is made an image."""
    return image + sigmas[0] * n if kind == "Gaussian" else image * (1 + sigmas[1] * n)


def levels(values):
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)


def corrupt_with(speckle):
    """An answer with another formula for speckle."""
    return lambda image, kind, n: (
        opencv_corrupt(image, kind, n) if kind == "Gaussian" else levels(speckle(image, n))
    )


def corrupt_truncated(image, kind, n):
    return np.clip(exact_corruption(image, kind, n), 0, 255).astype(np.uint8)


def corrupt_wrapped(image, kind, n):
    return np.rint(exact_corruption(image, kind, n)).astype(int).astype(np.uint8)


def corrupt_in_place(image, kind, n):
    image[...] = opencv_corrupt(image, kind, n)
    return image


def is_clear(arguments):
    """Whether no value lies halfway between two levels, where right answers may differ."""
    return np.all(np.abs(exact_corruption(**arguments) % 1 - 0.5) > 0.001)


def noise_and_image(shape):
    """Strategy: an image, a noise, and a number n for each pixel."""
    n = arrays(np.int64, shape, elements=st.integers(-30, 30)).map(lambda tenths: tenths / 10)
    kind = st.sampled_from(["Gaussian", "speckle"])
    return arguments(image=arrays(np.uint8, shape), kind=kind, n=n)


# Find the fault: code that guesses the scale ----------------------------------------------------


def guessing_scale(image):
    image = image.astype(np.float32)
    return image / 255 if image.max() > 1 else image


def shows_wrong_guess(image, arguments):
    """Say what an image shows about `guessing_scale`."""
    check_image(image, kind="gray")
    brightest = image.max()
    if not np.allclose(guessing_scale(image), image / 255):
        return "the guess is wrong"
    if brightest == 0:
        return "the guess is wrong, but black is 0 on both scales, so nobody sees it"
    if (image == 1).any():
        return f"the guess is right: the code looks at the brightest pixel only, {brightest}"
    if brightest == 255:
        return "the guess is right: 255 is more than 1, so the code divides, as it should"
    return f"the guess is right: the brightest level, {brightest}, is still more than 1"


def my_find_wrong_guess():
    return np.array([[0, 1]], np.uint8)


# Unit scale -------------------------------------------------------------------------------------


def my_unit_scale(image):
    return image / 255 if image.dtype == np.uint8 else image.copy()


def scale_uint8(rule):
    """An answer with another rule for uint8 images."""
    return lambda image: rule(image) if image.dtype == np.uint8 else image.copy()


def stretch(image):
    low, high = int(image.min()), int(image.max())
    return (image - float(low)) / max(high - low, 1)


def float_images():
    """Strategy: small images of floats on the scale 0 … 1, in quarters."""
    shapes = st.tuples(st.integers(1, 4), st.integers(1, 4))
    quarters = shapes.flatmap(lambda shape: arrays(np.int64, shape, elements=st.integers(0, 4)))
    return quarters.map(lambda values: values / 4)


# Yardsticks -------------------------------------------------------------------------------------


def my_yardsticks(train, clean, noisy):
    doing_nothing = np.mean((noisy / 255 - clean / 255) ** 2)
    mean_image = np.mean((train.mean(axis=0) / 255 - clean / 255) ** 2)
    return doing_nothing, mean_image


def torch_yardsticks(train, clean, noisy):
    train, clean, noisy = (torch.from_numpy(images / 255) for images in (train, clean, noisy))
    mean_images = train.mean(dim=0).expand_as(clean)
    return functional.mse_loss(noisy, clean).item(), functional.mse_loss(mean_images, clean).item()


def error(images, reference):
    return np.mean((images / 255 - reference / 255) ** 2)


def yardsticks_with(second):
    """An answer whose first yardstick is right."""
    return lambda train, clean, noisy: (error(noisy, clean), second(train, clean, noisy))


def yardsticks_with_wrap_around(train, clean, noisy):
    return np.mean((noisy - clean) ** 2) / 255**2, error(train.mean(axis=0), clean)


def yardsticks_of_levels(train, clean, noisy):
    return tuple(255**2 * value for value in torch_yardsticks(train, clean, noisy))


def stacks(shape):
    """Strategy: training images, clean test images and noisy ones, all of one shape."""
    counts = st.tuples(st.integers(1, 3), st.integers(1, 2))
    return counts.flatmap(
        lambda count: arguments(
            train=arrays(np.uint8, (count[0], *shape)),
            clean=arrays(np.uint8, (count[1], *shape)),
            noisy=arrays(np.uint8, (count[1], *shape)),
        )
    )


# Kaiming He's weights ---------------------------------------------------------------------------


def my_kaiming_weights(n_in, n_out, rng):
    rng = np.random.default_rng(rng)
    return rng.normal(0, np.sqrt(2 / n_in), (n_out, n_in))


def torch_weights(n_in, n_out, rng):
    rng, weights = torch.Generator().manual_seed(rng), torch.empty(n_out, n_in)
    return torch.nn.init.kaiming_normal_(weights, nonlinearity="relu", generator=rng).numpy()


def weights_with(sigma):
    """An answer with another standard deviation, a function of n_in and n_out."""
    return lambda n_in, n_out, rng: np.random.default_rng(rng).normal(
        0, sigma(n_in, n_out), (n_out, n_in)
    )


def weights_between(low, high):
    """An answer that draws uniformly between two multiples of 1 / sqrt(n_in)."""
    return lambda n_in, n_out, rng: np.random.default_rng(rng).uniform(
        low / np.sqrt(n_in), high / np.sqrt(n_in), (n_out, n_in)
    )


def statistics_of_weights(weights, arguments):
    """Measure mean, spread and shape of the distribution, in which all right answers agree."""
    mean, sigma, root = weights.mean(), weights.std(), np.sqrt(arguments["n_in"])
    return {
        "mean × √n_in": float(mean * root),
        "standard deviation × √n_in": float(sigma * root),
        "share within one standard deviation": float(np.mean(np.abs(weights - mean) < sigma)),
    }


LAYERS = [(200, 800), (800, 200), (100, 1600)]  # inputs, outputs


def layer(sizes):
    return {"n_in": sizes[0], "n_out": sizes[1], "rng": 2022}


# PixelUnshuffle ---------------------------------------------------------------------------------


def my_pixel_unshuffle(image):
    return np.stack([image[i::2, j::2] for i in (0, 1) for j in (0, 1)])


def torch_unshuffle(image):
    return functional.pixel_unshuffle(torch.from_numpy(image.copy())[None], 2).numpy()


def columns_first(image):
    return np.stack([image[i::2, j::2] for j in (0, 1) for i in (0, 1)])


def only_reshaping(image):
    return image.reshape(4, image.shape[0] // 2, image.shape[1] // 2)


def quarters(image):
    height, width = np.array(image.shape) // 2
    top, bottom = image[:height], image[height:]
    return np.stack([top[:, :width], top[:, width:], bottom[:, :width], bottom[:, width:]])


def first_pixels(image):
    return np.stack([image[::2, ::2]] * 4)


def means_of_blocks(image):
    return np.stack([torch_unshuffle(image).mean(axis=0)] * 4)


def channels_last(image):
    return np.moveaxis(torch_unshuffle(image), 0, -1)


# A better denoiser ------------------------------------------------------------------------------


def my_better_denoiser(network, noisy):
    total = np.zeros(noisy.shape)
    for down in (0, 1):
        for right in (0, 1):
            shifted = np.roll(noisy, (down, right), axis=(1, 2))
            total += np.roll(network(shifted), (-down, -right), axis=(1, 2))
    return np.rint(total / 4).astype(np.uint8)


def blocks(images, size):
    """Cut images into blocks of 2 x 2; return the size x size pixels around each as a row."""
    images = torch.from_numpy(images / 255)[:, None]
    return functional.unfold(images, size, padding=size // 2 - 1, stride=2).mT


@functools.cache
def small_network():
    """Fit a network with one hidden layer that restores blocks of 2 x 2, as the notebook's does.

    Only its last layer is fitted, by least squares, and then a curve from its grey levels to the
    best ones, so that a change of contrast does not help. That takes half a second. (The
    answers of a convolutional network are so noisy after two seconds of training that a blur of
    them beats it.)
    """
    rng = torch.Generator().manual_seed(2)
    hidden = torch.randn(37, 300, generator=rng, dtype=torch.float64) * np.sqrt(2 / 37)

    def features(images):
        seen = functional.pad(blocks(images, 6), (0, 1), value=1)
        return torch.cat([seen, (seen @ hidden).relu()], dim=-1)

    clean = draw_digits(100, rng=2).images
    noisy = dae.freeze_noise(clean, rng=2)
    inputs, target = features(noisy).flatten(0, 1), blocks(clean, 2).flatten(0, 1)
    gram = inputs.mT @ inputs + torch.eye(inputs.shape[1])
    last = torch.linalg.solve(gram, inputs.mT @ target)

    def estimate(images):
        values = functional.fold((features(images) @ last).mT, images.shape[1:], 2, stride=2)
        return levels(255 * values[:, 0].numpy())

    fit = np.polynomial.Polynomial.fit(estimate(noisy).ravel(), clean.ravel(), deg=7)
    curve = levels(fit(np.arange(256)))
    return lambda images: curve[estimate(images)]


class SmallNetwork:
    """What the exercise passes as `network`."""

    def __call__(self, images):
        if not isinstance(images, np.ndarray) or images.dtype != np.uint8 or images.ndim != 3:
            wanted = "a uint8 array (count, height, width)"
            raise TypeError(f"the network takes {wanted}, not {describe(images)}")
        return small_network()(images)

    def __repr__(self):
        return "a small network that restores blocks of 2 x 2 pixels"

    def __deepcopy__(self, memo):
        small_network()  # a check copies the arguments before its clock starts
        return self


NETWORK = SmallNetwork()


@functools.cache
def clean_digits(count):
    """The clean digits behind `noisy_digits`; their number tells which they are."""
    return draw_digits(count, rng=count).images


@functools.cache
def noisy_digits(count):
    return {"network": NETWORK, "noisy": dae.freeze_noise(clean_digits(count), rng=count)}


@functools.cache
def answer_of_network(count):
    return NETWORK(noisy_digits(count)["noisy"])


def compares_with_network(restored, arguments):
    """Say how the error of an answer compares with the network's."""
    count = len(arguments["noisy"])
    clean, answer = clean_digits(count), answer_of_network(count)
    if np.array_equal(restored, answer):
        return "it is the network's own answer, pixel for pixel"
    ratio = error(restored, clean) / error(answer, clean)
    if ratio < 0.97:
        return "its error is clearly below the network's"
    return f"its error is {ratio:.3f} times the network's, and must be below 0.97 times"


def opencv_better_denoiser(network, noisy):
    """Denoise the images as they are, and moved by one pixel down and to the right."""
    padded = np.pad(noisy, ((0, 0), (1, 1), (1, 1)))
    moved = network(np.ascontiguousarray(padded))[:, 1:-1, 1:-1]
    return cv2.addWeighted(network(noisy), 0.5, moved, 0.5, 0)


def shifted_answers(network, noisy, *, step=1, back=True):
    """The network's answers to four shifted copies."""
    answers = []
    for down, right in [(0, 0), (0, step), (step, 0), (step, step)]:
        answer = network(np.roll(noisy, (down, right), axis=(1, 2)))
        answers.append(np.roll(answer, (-down * back, -right * back), axis=(1, 2)))
    return np.stack(answers)


def average(images):
    return levels(images.mean(axis=0))


def average_before(network, noisy):
    return network(average(shifted_answers(lambda images: images, noisy, back=False)))


def smooth(images):
    return np.stack([cv2.GaussianBlur(image, (3, 3), 0.8) for image in images])


EXERCISES = [
    Exercise(
        name="denoising_loss",
        notebook=NOTEBOOK,
        section="5.1 Squeeze and restore",
        solution=my_denoising_loss,
        reference=torch_loss,
        inputs=images_of_one_shape("clean", "noisy", "restored"),
        examples={
            "a single pixel": {
                "clean": gray([100]),
                "noisy": gray([160]),
                "restored": gray([110]),
            },
            "a perfect answer": {
                "clean": gray([7, 9]),
                "noisy": gray([0, 99]),
                "restored": gray([7, 9]),
            },
        },
        misconceptions=(
            Misconception(
                "compares with the noisy image",
                lambda clean, noisy, restored: torch_loss(noisy, clean, restored),
                "A network that copies its input, noise and all, would make this loss 0. Compare"
                " the restored image with the clean one.",
            ),
            Misconception(
                "compares the noisy image with the clean one",
                lambda clean, noisy, restored: torch_loss(clean, restored, noisy),
                "This is the error of doing nothing; the network has no part in it. Compare what"
                " the network returned.",
            ),
            Misconception(
                "stays on the scale 0…255",
                lambda *images: 255**2 * torch_loss(*images),
                "Your number is 255² times too large. Divide both images by 255 before you"
                " subtract.",
                "Pitfall: two scales",
            ),
            Misconception(
                "subtracts uint8 images, which wrap around",
                loss_with_wrap_around,
                "In uint8, 40 - 50 is 246, and squares wrap around as well. Make floats of the"
                " images first; dividing by 255 does it.",
            ),
            Misconception(
                "adds up instead of averaging",
                loss_of_difference(lambda difference: np.sum(difference**2)),
                "A sum grows with the number of pixels. The loss is the mean over the pixels.",
            ),
            Misconception(
                "takes absolute values instead of squares",
                loss_of_difference(lambda difference: np.mean(np.abs(difference))),
                "This is the mean absolute error. The loss of this notebook squares.",
            ),
            Misconception(
                "takes the root",
                loss_of_difference(lambda difference: np.sqrt(np.mean(difference**2))),
                "This is the root of the mean squared error. The loss has no root.",
            ),
            Misconception(
                "squares the mean instead of averaging the squares",
                loss_of_difference(lambda difference: np.mean(difference) ** 2),
                "Errors of opposite sign cancel in your mean. Square first, then average.",
            ),
            Misconception(
                "subtracts in uint8, and divides then",
                lambda clean, noisy, restored: np.mean(((restored - clean) / 255) ** 2),
                "The difference of two uint8 images wraps around before you divide it. Divide each "
                "image first.",
            ),
            Misconception(
                "divides the squares by 255 once",
                lambda clean, noisy, restored: np.mean((restored - clean.astype(float)) ** 2) / 255,
                "On the scale 0…1 each difference is 255 times smaller, and its square 255² times. "
                "Divide before you square.",
            ),
            Misconception(
                "divides by 256",
                loss_of_difference(lambda change: np.mean((change * 255 / 256) ** 2)),
                "White is 255, and must become 1. There are 256 levels, but the first is 0.",
            ),
            Misconception(
                "averages over the rows only",
                loss_of_difference(lambda change: np.mean(change**2, axis=0)),
                "The sum of an array runs over its rows, and one number for each column is left. "
                "np.mean without an axis averages over all.",
            ),
        ),
        hints=(
            "Which two of the three images should be alike if the network is good?",
            "Divide by 255 first: that makes floats, which do not wrap around.",
            "The mean over all pixels of (restored / 255 - clean / 255) ** 2.",
        ),
        then="Which of the three images could you leave out of the arguments?",
    ),
    Exercise(
        name="corrupt",
        notebook=NOTEBOOK,
        section="5.3 The corruption",
        solution=my_corrupt,
        reference=opencv_corrupt,
        inputs=st.tuples(st.integers(1, 4), st.integers(1, 4))
        .flatmap(noise_and_image)
        .filter(is_clear),
        examples={
            "a mid-grey pixel": {
                "image": gray([100]),
                "kind": "Gaussian",
                "n": np.array([[0.3]]),
            },
            "Gaussian noise below black and above white": {
                "image": gray([3, 250]),
                "kind": "Gaussian",
                "n": np.array([[-1.0, 1.0]]),
            },
            "speckle on black and on white": {
                "image": gray([0, 255]),
                "kind": "speckle",
                "n": np.array([[1.3, 1.3]]),
            },
        },
        misconceptions=(
            Misconception(
                "adds speckle to the image instead of multiplying",
                corrupt_with(lambda image, n: image + 0.42 * n),
                "0.42 n is less than one or two grey levels. Speckle multiplies: the factor is"
                " 1 + 0.42 n.",
            ),
            Misconception(
                "forgets the 1 in the factor of speckle",
                corrupt_with(lambda image, n: image * 0.42 * n),
                "You return the noise alone. The factor 1 + 0.42 n keeps the image.",
            ),
            Misconception(
                "gives both kinds Gaussian noise",
                lambda image, kind, n: opencv_corrupt(image, "Gaussian", n),
                "Speckle grows with the grey level, and leaves black as it is. Look at kind.",
            ),
            Misconception(
                "cuts off the fraction instead of rounding",
                corrupt_truncated,
                "A cut darkens by half a grey level on average. Round to the nearest level.",
            ),
            Misconception(
                "does not clip",
                corrupt_wrapped,
                "What is below 0 or above 255 wraps around, and black becomes white. Clip before"
                " you convert to uint8.",
            ),
            Misconception(
                "takes sigma for the variance",
                lambda image, kind, n: levels(
                    exact_corruption(image, kind, n, np.sqrt([42, 0.42]))
                ),
                "You multiply n by the root of 42 or 0.42. Both are standard deviations.",
            ),
            Misconception(
                "loses the negative half of the noise",
                lambda image, kind, n: opencv_corrupt(image, kind, np.maximum(n, 0)),
                "Your noise only brightens. Add it before you clip, so that it darkens as well.",
            ),
            Misconception(
                "changes its argument",
                corrupt_in_place,
                "You write into the image you were given: the clean one is lost, and the network"
                " has nothing to aim at. Return a new array.",
            ),
            Misconception(
                "compares with another spelling",
                lambda image, kind, n: (
                    opencv_corrupt(image, kind, n) if kind == "Gaussian" else None
                ),
                "No branch of your code is taken for this kind, so nothing is returned. The kinds "
                'are "Gaussian" and "speckle"; capitals count.',
            ),
            Misconception(
                "gives both kinds speckle",
                lambda image, kind, n: opencv_corrupt(image, "speckle", n),
                'Your branch for Gaussian noise is never taken. The word is "Gaussian"; capitals '
                "count.",
            ),
            Misconception(
                "adds 0.42 on the scale 0…1",
                lambda image, kind, n: levels(exact_corruption(image, kind, n, (0.42 * 255, 0.42))),
                "Gaussian noise has 42 grey levels, which are 42 / 255 on the scale 0…1. Only the "
                "factor of speckle is 0.42.",
            ),
        ),
        hints=(
            "First compute in floats what the formula says, for either kind. Then make an image.",
            "To make an image: np.rint, then np.clip, then astype(np.uint8).",
            'image + 42 * n if kind == "Gaussian" else image * (1 + 0.42 * n), then the last hint.',
        ),
        then="Which of the two kinds leaves a black image as it is?",
    ),
    Exercise(
        name="find_wrong_guess",
        notebook=NOTEBOOK,
        section="Pitfall: two scales",
        solution=my_find_wrong_guess,
        shows="the guess is wrong",
        inputs=None,
        examples={"your image": {}},
        observe=shows_wrong_guess,
        misconceptions=(
            Misconception(
                "takes a black image",
                lambda: gray([0, 0]),
                "The code does not divide it, which is wrong; but 0 / 255 is 0. Find an image that"
                " is not black.",
            ),
            Misconception(
                "takes a white image",
                lambda: gray([255, 255]),
                "255 is clearly a level of the scale 0…255. Think of darker images.",
            ),
            Misconception(
                "stops one level too early",
                lambda: gray([0, 2]),
                "Level 2 is dark, but no number of the scale 0…1. Go one level further.",
            ),
            Misconception(
                "puts one bright pixel beside the dark ones",
                lambda: gray([1, 255]),
                "One bright pixel gives the scale away. All pixels must be dark.",
            ),
            Misconception(
                "returns floats",
                lambda: np.array([[0.0, 1.0]]),
                "On floats of the scale 0…1 the guess is right. The image must be of uint8:"
                " np.array(..., np.uint8).",
            ),
            Misconception(
                "forgets the dtype",
                lambda: np.array([[0, 1]]),
                "Without a dtype, np.array makes 64-bit integers. Write np.uint8 after the rows.",
            ),
            Misconception(
                "returns the scaled image",
                lambda: guessing_scale(gray([0, 1])),
                "The check wants the image itself. It scales the image on its own.",
            ),
        ),
        hints=(
            "When does the code not divide? Which uint8 images are of that kind?",
            "The brightest level must be at most 1, and the image must not be black.",
            "np.array([[0, ...]], np.uint8): replace the dots by one number.",
        ),
        then="Where do such images come from? Think of masks. Then write the code without a guess.",
    ),
    Exercise(
        name="unit_scale",
        notebook=NOTEBOOK,
        section="Pitfall: two scales",
        solution=my_unit_scale,
        reference=img_as_float,
        inputs=arguments(image=st.one_of(gray_images(), float_images())),
        examples={
            "a dark image": {"image": gray([1])},
            "floats": {"image": np.array([[0.0, 0.5]])},
            "black floats": {"image": np.zeros((1, 1))},
            "a white image": {"image": gray([255, 255])},
        },
        misconceptions=(
            Misconception(
                "guesses the scale from the values",
                guessing_scale,
                "An image whose brightest level is 1 becomes white. The dtype says what the scale"
                " is.",
            ),
            Misconception(
                "divides by the brightest level",
                scale_uint8(lambda image: image / max(image.max(), 1)),
                "Each image gets a scale of its own: input and target no longer fit. White is 255,"
                " whether the image has a white pixel or not.",
            ),
            Misconception(
                "stretches from the darkest to the brightest level",
                scale_uint8(stretch),
                "This changes the contrast, and each image's in another way. Only divide by 255.",
            ),
            Misconception(
                "divides by 256",
                scale_uint8(lambda image: image / 256),
                "There are 256 levels, but the largest is 255. White must become 1.",
            ),
            Misconception(
                "divides floats as well",
                lambda image: image / 255,
                "Floats are on the scale 0…1 already, and would become almost black. Look at the"
                " dtype.",
            ),
            Misconception(
                "divides in whole numbers",
                scale_uint8(lambda image: (image // 255).astype(float)),
                "// drops the fraction, and only white is left. Divide with /.",
            ),
            Misconception(
                "makes uint8 of everything first",
                lambda image: image.astype(np.uint8) / 255,
                "Of floats between 0 and 1, uint8 leaves zeros and ones. Leave floats alone.",
            ),
        ),
        hints=(
            "Do not look at the values at all.",
            "image.dtype == np.uint8 tells you which of the two cases you have.",
            "return image / 255 if ... else image",
        ),
        then="to_tensor of torchvision does the same. What does it do to floats that run to 255?",
    ),
    Exercise(
        name="yardsticks",
        notebook=NOTEBOOK,
        section="5.4 Yardsticks",
        solution=my_yardsticks,
        reference=torch_yardsticks,
        inputs=st.tuples(st.integers(1, 2), st.integers(1, 2)).flatmap(stacks),
        examples={
            "images of one pixel": {
                "train": gray([10], [20])[..., None],
                "clean": gray([60])[..., None],
                "noisy": gray([40])[..., None],
            },
            "no noise": {
                "train": gray([10], [21])[..., None],
                "clean": gray([60], [90])[..., None],
                "noisy": gray([60], [90])[..., None],
            },
        },
        misconceptions=(
            Misconception(
                "takes the mean of the test images",
                yardsticks_with(lambda train, clean, noisy: error(clean.mean(axis=0), clean)),
                "Whoever may look at the clean test images has an unfair advantage. The mean must"
                " come from the training images.",
            ),
            Misconception(
                "takes the mean of the noisy images",
                yardsticks_with(lambda train, clean, noisy: error(noisy.mean(axis=0), clean)),
                "The mean image is one image, the same for whatever comes. It is the mean of the"
                " training images.",
            ),
            Misconception(
                "averages over the pixels as well",
                yardsticks_with(lambda train, clean, noisy: error(train.mean(), clean)),
                "You compare with one grey level. The mean image has a mean for each pixel:"
                " axis=0.",
            ),
            Misconception(
                "cuts the mean image to whole levels",
                yardsticks_with(
                    lambda train, clean, noisy: error(train.mean(axis=0).astype(np.uint8), clean)
                ),
                "astype(np.uint8) drops the fraction. The mean need not be a grey level: keep the"
                " floats.",
            ),
            Misconception(
                "swaps the two numbers",
                lambda *stacks: torch_yardsticks(*stacks)[::-1],
                "Both errors are right, in the wrong order. Doing nothing comes first.",
            ),
            Misconception(
                "compares the mean image with the noisy ones",
                yardsticks_with(lambda train, clean, noisy: error(train.mean(axis=0), noisy)),
                "No answer is measured against noise. The reference is the clean image, always.",
            ),
            Misconception(
                "measures the mean image on the training images",
                yardsticks_with(lambda train, clean, noisy: error(train.mean(axis=0), train)),
                "All methods must be measured on the same images. Those are the test images.",
            ),
            Misconception(
                "subtracts uint8 images, which wrap around",
                yardsticks_with_wrap_around,
                "The mean is a float, but the noisy images are not: there 40 - 50 is 246. Divide by"
                " 255 before you subtract.",
            ),
            Misconception(
                "stays on the scale 0…255",
                yardsticks_of_levels,
                "Your numbers are 255² times too large. Divide all images by 255.",
                "Pitfall: two scales",
            ),
            Misconception(
                "divides by the number of images",
                lambda train, clean, noisy: tuple(
                    error(images, clean) * clean[0].size for images in (noisy, train.mean(axis=0))
                ),
                "You add up over the pixels of an image. The error is a mean over all pixels of "
                "all images.",
            ),
        ),
        hints=(
            "Write a function for the error first, and call it twice.",
            "The mean image is train.mean(axis=0). It has the shape of one image.",
            "Both errors are against clean: noisy / 255 - clean / 255 in the first.",
        ),
        then="Of all fixed images, which has the least error on the training images? Prove it.",
    ),
    Exercise(
        name="kaiming_weights",
        notebook=NOTEBOOK,
        section="Pitfall: the first weights",
        solution=my_kaiming_weights,
        reference=torch_weights,
        inputs=st.sampled_from(LAYERS).map(layer),
        examples={
            "more outputs than inputs": layer((200, 800)),
            "more inputs than outputs": layer((800, 200)),
        },
        observe=statistics_of_weights,
        tolerance=0.03,
        larger="statistics need many weights",
        misconceptions=(
            Misconception(
                "forgets the 2",
                weights_with(lambda n_in, n_out: np.sqrt(1 / n_in)),
                "1 / n_in would do if all of the signal got through. ReLU throws half of its power"
                " away, and the 2 makes up for it.",
            ),
            Misconception(
                "takes the variance for the standard deviation",
                weights_with(lambda n_in, n_out: 2 / n_in),
                "2 / n_in is the variance. rng.normal takes the standard deviation, its root.",
            ),
            Misconception(
                "takes 1 / n_in for the standard deviation",
                weights_with(lambda n_in, n_out: 1 / n_in),
                "A sum of n_in random terms grows with the root of n_in. So the weights must shrink"
                " with the root, and there is a 2 in the rule.",
            ),
            Misconception(
                "counts the outputs instead of the inputs",
                weights_with(lambda n_in, n_out: np.sqrt(2 / n_out)),
                "Each output is a sum over the inputs. So their number decides how large it gets.",
            ),
            Misconception(
                "counts inputs and outputs",
                weights_with(lambda n_in, n_out: np.sqrt(2 / (n_in + n_out))),
                "This is the rule of Glorot, for layers without ReLU. Kaiming He's has n_in alone.",
            ),
            Misconception(
                "draws uniformly up to the standard deviation",
                weights_between(-np.sqrt(2), np.sqrt(2)),
                "A uniform distribution on -a … a has the standard deviation a / √3. Draw from the"
                " normal distribution.",
            ),
            Misconception(
                "draws PyTorch's default weights",
                weights_between(-1, 1),
                "nn.Linear draws uniformly up to 1 / √n_in. After a few layers with ReLU, little is"
                " left of the signal.",
            ),
            Misconception(
                "draws no negative weights",
                weights_between(0, np.sqrt(2)),
                "rng.random lies between 0 and 1, so all outputs would grow alike. The mean of the"
                " weights must be 0.",
            ),
            Misconception(
                "gives all weights the same value",
                lambda n_in, n_out, rng: np.full((n_out, n_in), np.sqrt(2 / n_in)),
                "Units with the same weights learn the same for ever. The weights must be drawn.",
            ),
            Misconception(
                "does not use rng",
                lambda n_in, n_out, rng: my_kaiming_weights(n_in, n_out, 0),
                "Every seed gives you the same. Begin with rng = np.random.default_rng(rng), and "
                "draw with methods of rng, not with functions of np.random.",
            ),
        ),
        hints=(
            "np.random.default_rng(rng) makes a generator; its method normal draws.",
            "Its arguments are the mean, the standard deviation and the shape.",
            "The standard deviation is np.sqrt(2 / n_in), the shape (n_out, n_in).",
        ),
        then="Multiply a batch by ten such layers with ReLU. What happens with 1 instead of 2?",
    ),
    Exercise(
        name="pixel_unshuffle",
        notebook=NOTEBOOK,
        section="5.6 A network that looks at neighbours",
        solution=my_pixel_unshuffle,
        reference=torch_unshuffle,
        inputs=st.tuples(st.sampled_from([2, 4]), st.sampled_from([2, 4])).flatmap(
            lambda shape: arguments(image=arrays(np.uint8, shape))
        ),
        examples={
            "a single block": {"image": gray([1, 2], [3, 4])},
            "two blocks": {"image": gray([1, 2, 5, 6], [3, 4, 7, 8])},
            "four blocks": {"image": np.arange(16, dtype=np.uint8).reshape(4, 4)},
        },
        misconceptions=(
            Misconception(
                "goes down the columns first",
                columns_first,
                "Your channels 1 and 2 are swapped. Channel 1 is the pixel to the right of the"
                " first, channel 2 the one below it.",
            ),
            Misconception(
                "only reshapes",
                only_reshaping,
                "reshape keeps the order of the pixels, so a channel gets whole rows. A channel"
                " takes one pixel of each block.",
            ),
            Misconception(
                "cuts the image into four quarters",
                quarters,
                "Your channels are pieces of the image. Each must be the whole image, with every"
                " second pixel.",
            ),
            Misconception(
                "keeps the first pixel of each block only",
                first_pixels,
                "All four channels are the same, and three quarters of the pixels are lost. Start"
                " the other channels one pixel later.",
            ),
            Misconception(
                "averages the blocks",
                means_of_blocks,
                "That is mean pooling, which loses what is inside a block. Here nothing is lost.",
            ),
            Misconception(
                "puts the channels last",
                channels_last,
                "PyTorch has the channels first, before the rows. Stack along axis 0.",
            ),
            Misconception(
                "takes every other pixel from the wrong end",
                lambda image: torch_unshuffle(image)[::-1],
                "Your channels run backward: the first holds the lower right pixels. Channel 0"
                " holds the upper left pixel of each block.",
            ),
            Misconception(
                "returns four images",
                lambda image: list(my_pixel_unshuffle(image)),
                "The result is one array with four channels. np.stack makes it of the four images.",
            ),
        ),
        hints=(
            "Write down by hand where each pixel of a 4 x 4 image goes.",
            "image[::2, ::2] is channel 0. The others start at another pixel.",
            "np.stack of image[i::2, j::2], for i, j = 0, 0 then 0, 1 then 1, 0 then 1, 1.",
        ),
        then="Write the way back. Then do both with reshape and transpose, without a loop.",
    ),
    Exercise(
        name="better_denoiser",
        notebook=NOTEBOOK,
        section="5.6 A network that looks at neighbours",
        solution=my_better_denoiser,
        reference=opencv_better_denoiser,
        inputs=st.sampled_from([30, 50]).map(noisy_digits),
        examples={"30 drawn digits": noisy_digits(30)},
        observe=compares_with_network,
        larger="the network restores digits of 28 x 28 pixels, and an error needs many of them",
        misconceptions=(
            Misconception(
                "asks the network once",
                lambda network, noisy: network(noisy),
                "The network sees each block in one position only. Ask it again about copies"
                " shifted along the axes 1 and 2: the mean of its answers is better than each.",
            ),
            Misconception(
                "denoises twice",
                lambda network, noisy: network(network(noisy)),
                "The network expects its two noises, and takes what is left for strokes or noise at"
                " random. Give it noisy images only.",
                "5.8 Noise that it has never seen",
            ),
            Misconception(
                "does not shift back",
                lambda *given: average(shifted_answers(*given, back=False)),
                "You average answers that lie one pixel apart, and blur the strokes. Shift each"
                " answer back before you average.",
            ),
            Misconception(
                "averages before it denoises",
                average_before,
                "You average shifted images, which is a blur, and denoise the blurred image."
                " Denoise each copy, shift it back, and average last.",
            ),
            Misconception(
                "shifts by whole blocks",
                lambda *given: average(shifted_answers(*given, step=2)),
                "After a shift by 2 pixels the blocks hold the same pixels as before, so the answer"
                " is the same. Shift by 1.",
            ),
            Misconception(
                "adds uint8 images, which wrap around",
                lambda *given: shifted_answers(*given).sum(axis=0, dtype=np.uint8) // 4,
                "The sum of four images does not fit into uint8: 255 + 255 is 254. Add floats.",
            ),
            Misconception(
                "takes the brightest of the answers",
                lambda *given: shifted_answers(*given).max(axis=0),
                "The errors go up and down; the largest answer collects those that go up. Average.",
            ),
            Misconception(
                "smooths the network's answer",
                lambda network, noisy: smooth(network(noisy)),
                "A blur removes little noise now, and takes the edges of the strokes with it. What"
                " you average must be answers to the same pixel.",
            ),
            Misconception(
                "smooths before it denoises",
                lambda network, noisy: network(smooth(noisy)),
                "The network has learnt to remove noise that is independent from pixel to pixel."
                " After a blur it no longer is.",
            ),
        ),
        hints=(
            "The network treats the upper left pixel of a block differently from its neighbours."
            " Where does a block begin if you shift the image by one pixel?",
            "np.roll(noisy, (1, 0), axis=(1, 2)) shifts all images down by one. Denoise, and shift"
            " back by (-1, 0). The mean of two such answers is already better than one.",
            "Sum np.roll(network(shifted), (-down, -right), axis=(1, 2)) for down and right in 0"
            " and 1, in floats; divide by 4; np.rint; uint8.",
        ),
        then="Now try it on the residual network of 5.6; the text below the cell says how.",
    ),
]


# Quizzes ----------------------------------------------------------------------------------------


def noisy_copies(count):
    """Copies of a mid-grey image with independent noise that never reaches black or white."""
    return 128 + np.random.default_rng(2022).normal(0, 10, (count, 100, 100))


def depends_on_noise():
    """Whether an error of 0.024 is worse than weak noise and better than strong noise."""
    clean = clean_digits(40)
    tall = clean.reshape(-1, 28)
    weak, strong = (error(add_gaussian_noise(tall, sigma, rng=1), tall) for sigma in (20, 90))
    return weak < 0.024 < strong


def best_of_many_is_flattered():
    """Whether the least of ten errors is, on average over 1000 trials, below that of new images."""
    rng = np.random.default_rng(2022)
    test, new = rng.normal(0, 1, (2, 1000, 9))  # nine pixels of noise around 0, each time
    constants = np.linspace(-1, 1, 10)  # ten ways to guess the 0
    errors = np.mean((test[..., None] - constants) ** 2, axis=1)
    chosen = constants[errors.argmin(axis=1)]
    return errors.min(axis=1).mean() < np.mean((new - chosen[:, None]) ** 2)


def mean_image_is_best():
    clean = clean_digits(40)
    others = [np.zeros((28, 28)), np.median(clean, axis=0), *clean]
    return all(error(clean.mean(axis=0), clean) < error(other, clean) for other in others)


def shift_changes_answer():
    """Whether a shift by 1, and not one by 2, changes a residual network's answer."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(2022)
        network, noisy = dae.ResidualDenoiser(8), noisy_digits(40)["noisy"]
    inside = np.s_[:, 12:16, 12:16]
    own = dae.denoise(network, noisy)[inside]
    by_one, by_two = (
        np.roll(dae.denoise(network, np.roll(noisy, step, axis=2)), -step, axis=2)[inside]
        for step in (1, 2)
    )
    return not np.array_equal(by_one, own) and np.array_equal(by_two, own)


QUIZ_BEFORE = (
    Question(
        "A program removes noise. Its mean squared error against the clean images is 0.024, on"
        " the scale 0…1. Is it any good?",
        right=(
            "That depends on the error of the noisy images",
            "If they are at 0.013, the program does harm. If they are at 0.1, it helps.",
        ),
        wrong=(
            (
                "Yes: the images are 97.6 % right",
                "A squared error is no share of right pixels, and it says nothing by itself.",
            ),
            (
                "Yes: anything below 0.05 looks clean",
                "There is no such limit: weak noise has a smaller error before anything is done.",
            ),
            (
                "No: a good program reaches exactly 0",
                "Nobody can: noise destroys something, and it cannot all be brought back.",
            ),
        ),
        proof=depends_on_noise,
    ),
    Question(
        "`a` and `b` are uint8 images. A pixel is 40 in `a` and 60 in `b`. What is"
        " `(a - b) ** 2` there?",
        right=("144", "40 - 60 wraps around to 236, and 236² leaves 144 when divided by 256."),
        wrong=(
            ("400", "That is the true square. In uint8 it does not fit, and wraps around."),
            ("255", "NumPy does not stop at the largest level. It wraps around."),
            ("0", "NumPy does not stop at 0 when it subtracts. It wraps around."),
        ),
        proof=lambda: ((gray([40]) - gray([60])) ** 2).item() == 144,
    ),
    Question(
        "Each pixel of an image is multiplied by 1 + 0.42 n, with n drawn anew from the standard"
        " normal distribution. What happens to the black pixels?",
        right=("They stay black", "0 times anything is 0: this noise grows with the brightness."),
        wrong=(
            (
                "They get brighter",
                "That happens if noise is added and clipped. Here it multiplies.",
            ),
            ("Half of them change", "No factor moves 0. Only noise that is added could do it."),
            ("They turn grey", "Grey pixels would need something added, but 0 is only multiplied."),
        ),
        proof=lambda: not add_speckle_noise(np.zeros((50, 50), np.uint8), 0.42, rng=1).any(),
    ),
    Question(
        "You average four noisy copies of one image; their noises are independent, with mean 0."
        " How large is the mean squared error, compared with that of one copy?",
        right=("A quarter", "Variances of independent noises add: four of them, divided by 4²."),
        wrong=(
            ("A half", "That is the standard deviation. The squared error falls like its square."),
            ("A sixteenth", "The divisor is 4², but there are four noises to add: 4 / 16."),
            ("The same", "The copies err in different directions, so part of it cancels."),
        ),
        proof=lambda: abs(np.mean((noisy_copies(4).mean(axis=0) - 128) ** 2) / 100 - 0.25) < 0.02,
    ),
    Question(
        "You try ten parameters of a filter on the test images, and report the least of the ten"
        " errors. What is wrong with it?",
        right=(
            "It tends to be too small for new images",
            "The least of ten has luck in it. Choose the parameter on other images.",
        ),
        wrong=(
            (
                "It tends to be too large for new images",
                "The choice was made to please these images. On others it is rather worse.",
            ),
            (
                "Nothing: it was measured on the test images",
                "They also chose the parameter. So they are no longer a test.",
            ),
            (
                "Nothing, if all ten errors are reported too",
                "That is honest, but the least is still chosen on the images that judge it.",
            ),
        ),
        proof=best_of_many_is_flattered,
    ),
)
QUIZ_AFTER = (
    Question(
        "A noisy digit is a `float64` array with levels 0…255; the clean one is `uint8`. Both pass"
        " through `to_tensor`. What are the largest values it can return for them?",
        right=(
            "255 for the noisy, 1 for the clean one",
            "It divides by 255 only what is uint8. Input and target are then on two scales.",
        ),
        wrong=(
            (
                "1 for the noisy, 1 for the clean one",
                "It does not look at the values. Floats are left as they are.",
            ),
            (
                "1 for the noisy, 255 for the clean one",
                "It is the other way round: uint8 is divided, floats are not.",
            ),
            (
                "255 for the noisy, 255 for the clean one",
                "uint8 images are divided by 255. Only floats are left alone.",
            ),
        ),
        proof=lambda: (
            to_tensor(np.full((2, 2), 255.0)).max().item() == 255
            and to_tensor(np.full((2, 2), 255, np.uint8)).max().item() == 1
        ),
    ),
    Question(
        "A mid-grey image gets Gaussian noise with standard deviation 42 grey levels. About how"
        " large is the error of doing nothing, on the scale 0…1?",
        right=(
            "0.027",
            "It is the variance of the noise: (42 / 255)². Clipping hardly matters here.",
        ),
        wrong=(
            ("0.165", "42 / 255 is the standard deviation. The squared error is its square."),
            ("0.000", "Doing nothing leaves all of the noise: its error is not 0."),
            ("6.918", "42² / 255 mixes two scales. Divide by 255 before you square."),
        ),
        proof=lambda: (
            abs(
                error(add_gaussian_noise(np.full((200, 200), 128, np.uint8), 42, rng=1), 128)
                - 0.027
            )
            < 0.001
        ),
    ),
    Question(
        "You must return one and the same image, whatever noisy digit comes. Which image has the"
        " least mean squared error on the training digits?",
        right=(
            "The mean of the digits",
            "The mean makes the sum of squares least, at every pixel.",
        ),
        wrong=(
            ("The median of the digits", "The median makes absolute errors least, not squares."),
            ("A black image", "Most pixels are black, but where strokes are frequent this errs."),
            ("The most typical digit", "It is sharp, and wrong for nine of ten classes."),
        ),
        proof=mean_image_is_best,
    ),
    Question(
        "A layer with 784 inputs and 256 outputs is followed by ReLU. Which standard deviation do"
        " its first weights have after Kaiming He's rule?",
        right=("0.0505", "It is √(2 / 784): the number of inputs counts, and ReLU asks for the 2."),
        wrong=(
            ("0.0026", "2 / 784 is the variance. The standard deviation is its root."),
            ("0.0357", "√(1 / 784) forgets that ReLU throws half of the power away."),
            ("0.0884", "√(2 / 256) counts the outputs. Each output is a sum over the inputs."),
        ),
        proof=lambda: abs(torch_weights(784, 256, 2022).std() - 0.0505) < 0.0005,
    ),
    Question(
        "You shift a noisy digit by one pixel, pass it through the residual network with"
        " `PixelUnshuffle(2)`, and shift the answer back. How does it compare with the answer to"
        " the digit that was not shifted?",
        right=(
            "It differs, even far from the border",
            "The shift moves pixels to other places in their blocks, and other weights meet them.",
        ),
        wrong=(
            (
                "It differs at the border only",
                "That holds for a shift by 2 pixels, after which the blocks are the same.",
            ),
            (
                "It is the same, pixel for pixel",
                "Convolutions treat all blocks alike, but not the four pixels within a block.",
            ),
            (
                "It is the same, but blurred",
                "Nothing is averaged here. Blur comes from a mean of answers that do not fit.",
            ),
        ),
        proof=shift_changes_answer,
    ),
)
