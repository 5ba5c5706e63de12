"""SciPy's and scikit-image's own tests, run against this course's helpers (see peers.py), monthly.

SciPy's come inside its package, scikit-image's are downloaded with its sources. Both are private
and may move: a failure here asks to look, and holds nothing up.
"""

import hashlib
import os
import re
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
import skimage

pytestmark = pytest.mark.monthly
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
    names = "block_reduce cumulative_distribution equalize_hist median peak_signal_noise_ratio"
    assert set(counts(done)) == {*names.split(), "random_noise"}


def test_a_kernel_that_is_not_flipped_is_refused(tmp_path):
    """As if convolve2d were the lecture's: SciPy's tests must notice."""
    code = "from course_utils import convolution as c; c.convolve2d = c.correlate2d"
    (tmp_path / "unflipped.py").write_text(code)
    done = run_peers([*SCIPY[:3], "correlate0"], tmp_path, "unflipped")
    assert done.returncode == 1
    assert "correlate" in counts(done)
