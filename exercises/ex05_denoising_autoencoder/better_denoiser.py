"""Beat the network.

Restored digits, uint8, with a smaller error than network(noisy).
"""

import functools

import cv2
import numpy as np
import torch
from torch.nn import functional

from course_utils import denoising_autoencoder as dae
from course_utils._validation import describe
from course_utils.mnist import draw_digits
from exercises.checker import strategies as st
from exercises.checker.exercise import Exercise, Misconception
from exercises.ex05_denoising_autoencoder.shared import error, levels


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


EXERCISE = Exercise(
    section="5.7 A network that looks at neighbours",
    solution=my_better_denoiser,
    reference=opencv_better_denoiser,
    inputs=st.sampled_from([30, 50]).map(noisy_digits),
    examples={"30 drawn digits": noisy_digits(30)},
    observe=compares_with_network,
    larger="the network restores digits of 28 x 28 pixels, and an error needs many of them",
    misconceptions=(
        Misconception(
            "gives what one call of the network gives",
            lambda network, noisy: network(noisy),
            "The network sees each block in one position only. Ask it again about copies"
            " shifted along the axes 1 and 2: the mean of its answers is better than each.",
        ),
        Misconception(
            "denoises twice",
            lambda network, noisy: network(network(noisy)),
            "The network expects its two noises, and takes what is left for strokes or noise at"
            " random. Give it noisy images only.",
            "5.9 Noise that it has never seen",
        ),
        Misconception(
            "does not shift back",
            lambda *given: average(shifted_answers(*given, back=False)),
            "You average answers that lie one pixel apart, and blur the strokes. Shift each"
            " answer back before you average.",
        ),
        Misconception(
            "shifts on instead of back",
            lambda *given: average(shifted_answers(*given, back=-1)),
            "You average answers that lie two pixels apart. Shift each answer back, by the same "
            "numbers with a minus.",
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
            " is nearly the same. Shift by 1.",
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
    then="Now try it on the residual network of 5.7; the text below the cell says how.",
)
