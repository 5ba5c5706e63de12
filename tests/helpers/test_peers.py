"""Other libraries' own tests, run against this course's helpers (see peers.py).

SciPy's tests come inside its package, scikit-image's are downloaded with its sources, PyTorch's
sample inputs are part of it. Nothing of theirs is kept here.
"""

import hashlib
import os
import re
import subprocess
import sys
import tarfile
from pathlib import Path

import numpy as np
import pytest
import skimage
import torch
from torch.nn import functional as F

from course_utils.convolution import correlate2d, output_size
from course_utils.pooling import max_pool, mean_pool

pytestmark = pytest.mark.slow
HERE = Path(__file__).parent
SCIPY = ["--pyargs", "scipy.ndimage.tests.test_filters", "-k", "correlate or convolve"]
SCIKIT_IMAGE = [
    "exposure/test_exposure.py",
    "filters/test_median.py",
    "measure/test_block.py",
    "metrics/test_simple_metrics.py",
    "util/test_random_noise.py",
]
BACKEND = """
import pathlib
def prepare_metadata_for_build_wheel(folder, config_settings=None):
    info = pathlib.Path(folder) / "scikit_image-{version}.dist-info"
    info.mkdir()
    text = "Metadata-Version: 2.1\\nName: scikit-image\\nVersion: {version}\\n"
    (info / "METADATA").write_text(text)
    return info.name
"""


def run_peers(arguments, folder, *plugins):
    """Run their tests with our helpers; return the finished process."""
    command = [sys.executable, "-m", "pytest", "-q", "--tb=short", "-c", os.devnull]
    for plugin in ("no:nbval", "no:cacheprovider", "no:xdist", *plugins, "peers"):
        command += ["-p", plugin]
    paths = [str(folder), str(HERE), str(HERE.parents[1])]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(paths)}
    command += ["--rootdir", str(folder), *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)


def counts(done):
    """How many of their tests each adapter has passed."""
    return {name: int(n) for name, n in re.findall(r"ours: (\w+) passed (\d+)", done.stdout)}


@pytest.fixture(scope="module")
def scikit_image_tests(tmp_path_factory):
    """Folder with scikit-image's tests, from the sources that the lock file knows by their hash."""
    folder = tmp_path_factory.mktemp("scikit_image")
    version = skimage.__version__
    # pip asks every package for its metadata; this stands in for building it.
    (folder / "mesonpy.py").write_text(BACKEND.format(version=version))
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary=:all:"]
    command += ["--no-build-isolation", f"scikit-image=={version}"]
    environment = os.environ | {"PYTHONPATH": str(folder)}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"scikit-image's sources cannot be downloaded: {done.stderr[-200:]}")
    (archive,) = folder.glob("*.tar.gz")
    lock = (HERE.parents[1] / "requirements.lock").read_text(encoding="utf-8")
    assert f"sha256:{hashlib.sha256(archive.read_bytes()).hexdigest()}" in lock
    with tarfile.open(archive) as sources:
        wanted = [name for name in sources.getnames() if "/tests/skimage/" in name]
        sources.extractall(folder, members=wanted, filter="data")
    return next(folder.glob("scikit_image-*/tests/skimage"))


def test_scipy(tmp_path):
    done = run_peers(SCIPY, tmp_path)
    assert done.returncode == 0, done.stdout[-3000:]
    assert set(counts(done)) == {"correlate", "convolve"}


def test_scikit_image(scikit_image_tests):
    done = run_peers(["--noconftest", *SCIKIT_IMAGE], scikit_image_tests)
    assert done.returncode == 0, done.stdout[-3000:]
    assert set(counts(done)) == {
        "block_reduce",
        "cumulative_distribution",
        "equalize_hist",
        "median",
        "peak_signal_noise_ratio",
        "random_noise",
    }


def test_a_kernel_that_is_not_flipped_is_refused(tmp_path):
    """As if convolve2d were the lecture's: SciPy's tests must notice."""
    code = (
        "from course_utils import convolution\nconvolution.convolve2d = convolution.correlate2d\n"
    )
    (tmp_path / "unflipped.py").write_text(code)
    done = run_peers([*SCIPY[:3], "correlate0"], tmp_path, "unflipped")
    assert done.returncode == 1
    assert "correlate" in counts(done)


# PyTorch's sample inputs ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def samples():
    """Function that gives PyTorch's own sample inputs of an operation."""
    from torch.testing._internal.common_methods_invocations import op_db

    known = {operation.name: operation for operation in op_db}

    def of(name):
        for sample in known[name].sample_inputs("cpu", torch.float64):
            yield sample.input, sample.args, sample.kwargs

    return of


def pair(value):
    return tuple(np.broadcast_to(value, 2).tolist())


def dilated(kernel, dilation):
    """The kernel with zeros between its weights."""
    height, width = kernel.shape
    wide = np.zeros((dilation[0] * (height - 1) + 1, dilation[1] * (width - 1) + 1))
    wide[:: dilation[0], :: dilation[1]] = kernel
    return wide


def convolved(image, weight, bias, *, stride=1, padding=0, dilation=1, groups=1):
    """What PyTorch calls conv2d, with our correlate2d for each plane."""
    (down, right), (top, left) = pair(stride), (0, 0) if padding == "valid" else pair(padding)
    image = np.pad(image, [(0, 0), (0, 0), (top, top), (left, left)])
    inputs = weight.shape[1]
    channels = []
    for number, kernels in enumerate(weight):
        first = number // (len(weight) // groups) * inputs
        planes = image[:, first : first + inputs]
        kernels = [dilated(kernel, pair(dilation)) for kernel in kernels]
        sums = [sum(map(correlate2d, stack, kernels))[::down, ::right] for stack in planes]
        channels.append(np.array(sums) + (0 if bias is None else bias[number]))
    return np.stack(channels, axis=1)


def test_correlate2d_on_their_convolutions(samples):
    tried = 0
    for image, (weight, their_bias), settings in samples("nn.functional.conv2d"):
        if image.ndim == 4 and settings.get("padding") != "same":
            bias = None if their_bias is None else their_bias.numpy()
            ours = convolved(image.numpy(), weight.numpy(), bias, **settings)
            theirs = F.conv2d(image, weight, their_bias, **settings)
            np.testing.assert_allclose(ours, theirs, atol=1e-9)
            tried += 1
    assert tried >= 10


def test_pools_on_their_pooling(samples):
    tried = 0
    for image, _, settings in samples("nn.functional.max_pool2d"):
        size = settings["kernel_size"]
        plain = {"stride": None, "padding": 0, "dilation": 1, "return_indices": False}
        plain |= {"ceil_mode": False}
        if isinstance(size, int) and plain.items() <= settings.items():
            planes = image.reshape(-1, *image.shape[-2:])
            theirs = F.max_pool2d(planes, size), F.avg_pool2d(planes, size)
            for number, plane in enumerate(planes.numpy()):
                np.testing.assert_array_equal(max_pool(plane, size), theirs[0][number])
                np.testing.assert_allclose(mean_pool(plane, size), theirs[1][number])
            tried += 1
    assert tried >= 5


def test_output_size_on_their_pooling(samples):
    tried = 0
    for image, _, settings in samples("nn.functional.max_pool2d"):
        if settings["ceil_mode"] or settings["return_indices"]:
            continue  # ours floors, and knows no indices
        wanted = {name: pair(settings[name]) for name in ("kernel_size", "padding", "dilation")}
        stride = pair(settings["stride"] or settings["kernel_size"])
        for axis, size in enumerate(F.max_pool2d(image, **settings).shape[-2:]):
            kernel = wanted["dilation"][axis] * (wanted["kernel_size"][axis] - 1) + 1
            setting = {"stride": stride[axis], "padding": wanted["padding"][axis]}
            assert output_size(image.shape[axis - 2], kernel, **setting) == size
        tried += 1
    assert tried >= 100
