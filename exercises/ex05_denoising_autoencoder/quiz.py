"""The two quizzes of notebook 05."""

import numpy as np
import torch
from torchvision.transforms.functional import to_tensor

from course_utils import denoising_autoencoder as dae
from course_utils.noise import add_gaussian_noise, add_speckle_noise
from exercises.checker.inputs import gray
from exercises.checker.quizzes import Question
from exercises.ex05_denoising_autoencoder.better_denoiser import clean_digits, noisy_digits
from exercises.ex05_denoising_autoencoder.kaiming_weights import torch_weights
from exercises.ex05_denoising_autoencoder.shared import error


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
        section="5.4",
        right=(
            "That depends on the error of the noisy images",
            "If they are at 0.013, the program does harm. If they are at 0.1, it helps.",
        ),
        wrong=(
            (
                "Yes: the images are 97.6 % right",
                "A squared error is no fraction of right pixels, and says nothing by itself.",
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
        section="5.1",
        right=("144", "40 - 60 wraps around to 236, and 236² leaves 144 when divided by 256."),
        wrong=(
            ("400", "That is the true square. In uint8 it does not fit, and wraps around."),
            ("255", "NumPy does not stop at the largest level. It wraps around."),
            ("0", "NumPy does not stop at 0 when it subtracts. It wraps around."),
        ),
        proof=lambda: ((gray([40]) - gray([60])) ** 2).item(),
    ),
    Question(
        "Each pixel of an image is multiplied by 1 + 0.42 n, with n drawn anew from the standard"
        " normal distribution. What happens to the black pixels?",
        section="5.3",
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
        section="5.13",
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
        section="5.4",
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
        section="5.5",
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
        proof=lambda: [
            to_tensor(np.full((2, 2), 255, dtype)).max().item() for dtype in (float, np.uint8)
        ],
    ),
    Question(
        "A black image gets Gaussian noise with mean 0 and standard deviation 42 grey levels, and"
        " is clipped to 0…255. What is its mean then?",
        section="5.3",
        right=(
            "About 17",
            "The negative half is cut off, the positive stays: 42 / √(2π). A filter that averages"
            " cannot undo it, a curve of grey levels can.",
        ),
        wrong=(
            ("About 0", "The noise had the mean 0. Clipping takes its negative half away."),
            ("About 34", "That is the mean size of the noise. Half of the pixels stay at 0."),
            ("About 42", "That is the standard deviation of the noise before clipping."),
        ),
        proof=lambda: add_gaussian_noise(np.zeros((1000, 1000), np.uint8), 42, rng=1).mean(),
    ),
    Question(
        "You must return one and the same image, whatever noisy digit comes. Which image has the"
        " least mean squared error on the training digits?",
        section="5.4",
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
        section="5.6",
        right=("0.0505", "It is √(2 / 784): the number of inputs counts, and ReLU asks for the 2."),
        wrong=(
            ("0.0026", "2 / 784 is the variance. The standard deviation is its root."),
            ("0.0357", "√(1 / 784) forgets that ReLU throws half of the power away."),
            ("0.0884", "√(2 / 256) counts the outputs. Each output is a sum over the inputs."),
        ),
        proof=lambda: torch_weights(784, 64 * 256, 2022).std(),
    ),
    Question(
        "You shift a noisy digit by one pixel, pass it through the residual network with"
        " `PixelUnshuffle(2)`, and shift the answer back. How does it compare with the answer to"
        " the digit that was not shifted?",
        section="5.7",
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
