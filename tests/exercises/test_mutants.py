"""No solution with a fault passes its check: an opponent made by machine, not from our lists."""

import ast
import inspect
import random

import pytest

pytest.importorskip("resource")  # which `mutants` needs, and Windows lacks

from mutants import faults

from exercises.checker import judge as judging
from exercises.checker.catalogue import all_names, find
from exercises.checker.judge import judge

AT_MOST = 6  # of one exercise
JUDGED = {  # by what they reach on photographs: nearly every change is another good answer
    *("exposure", "valley", "brighten", "local_contrast", "name_noise", "sigma_of_two_shots"),
    *("restore", "do_no_harm", "better_denoiser", "undo_blur", "sharpest", "keep_detail"),
    "pool_noisy",
}
CHECKED = [name for name in all_names() if find(name).inputs is not None and name not in JUDGED]
EQUIVALENT = {  # (solution, its changed line): what does the same
    *(
        (solution, f"{start} np.bincount({image}.ravel(), minlength={number}){rest}")
        for solution, start, image, rest in (
            ("my_darkest_share", "counts =", "image", ""),
            ("my_equalize", "counts =", "image", ""),
            ("my_equalize_full_range", "counts =", "image", ""),
            ("my_equalize_luminance", "counts =", "y", ""),
            ("my_match_histogram", "needed = template.size *", "image", ".cumsum()"),
            ("my_match_histogram", "reached = image.size *", "template", ".cumsum()"),
        )
        for number in (255, 257, 512)  # only the levels of the image are looked up
    ),
    ("my_equalization_map", "return (255 * counts.cumsum() / image.size).astype(np.uint8)"),
    ("my_equalize", "levels = 255 * counts.cumsum() / image.size"),  # astype cuts off as // does
    ("my_equalize_luminance", "levels = (255 * counts.cumsum() / y.size).astype(np.uint8)"),
    ("my_add_gaussian_noise", "noisy = image - sigma * rng.standard_normal(image.shape)"),
    ("my_add_speckle_noise", "noisy = image * (1 - sigma * rng.standard_normal(image.shape))"),
    ("my_add_uniform_noise", "noisy = image - rng.uniform(-width, width, image.shape)"),
    ("my_add_poisson_noise", "return np.clip(np.rint(gain * photons), -1, 255).astype(np.uint8)"),
    ("my_add_salt_and_pepper_noise", "noisy[draw <= amount] = 0"),
    ("my_add_salt_and_pepper_noise", "noisy[draw <= amount * salt_fraction] = 255"),
    ("my_psnr", "if False:"),  # NumPy divides by 0, which gives infinity
    ("my_binomial_kernel", "row = np.array([2.0])"),
    ("my_filter_image", "rows, columns = kernel.shape[0] // 3, kernel.shape[1] // 2"),
    ("my_filter_image", "rows, columns = kernel.shape[0] // 2, kernel.shape[1] // 3"),
    ("my_convolve2d", "out = np.ones((image.shape[0] - h + 1, image.shape[1] - w + 1))"),
    ("my_jacobian_penalty", "h = 1 / (1 + np.exp(+(weight @ x + bias)))"),  # h (1 - h) is even
    ("my_mean_pool", "whole = image[: height * size, : width * size].astype(np.float32)"),
    ("my_equalize_full_range", "return np.rint(levels.clip(-1)).astype(np.uint8)[image]"),
}


def mutants(solution):
    """Yield the solution with one fault: its changed line, and all its text."""
    source = inspect.getsource(solution).encode()
    same = ast.dump(ast.parse(source))
    for start, end, texts in faults(source):
        for text in texts:
            broken = (source[:start] + text.encode() + source[end:]).decode()
            try:
                tree = ast.dump(ast.parse(broken))
            except SyntaxError:
                continue
            line = broken.splitlines()[source.count(b"\n", 0, start)].strip()
            if tree != same and (solution.__name__, line) not in EQUIVALENT:
                yield line, broken


def compiled(solution, text):
    space = dict(vars(inspect.getmodule(solution)))
    exec(compile(text, inspect.getsourcefile(solution), "exec"), space)
    return space[solution.__name__]


def sample(solution):
    found = list(mutants(solution))
    return random.Random(2022).sample(found, min(AT_MOST, len(found)))


@pytest.mark.slow
def test_there_are_enough_mutants():
    assert sum(len(sample(find(name).solution)) for name in CHECKED) >= 300


@pytest.mark.slow
@pytest.mark.parametrize("name", CHECKED)
def test_mutants_of_the_solution_are_refused(name, monkeypatch):
    monkeypatch.setattr(judging, "find_small", lambda inputs, fails: None)
    exercise = find(name)
    passed = [
        line
        for line, text in sample(exercise.solution)
        if judge(exercise, compiled(exercise.solution, text)).kind == "correct"
    ]
    assert not passed, "add an input on which it is wrong, or a reason to EQUIVALENT"
