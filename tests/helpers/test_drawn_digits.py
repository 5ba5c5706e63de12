"""mnist: real files are whole or refused, downloads too, and drawn digits look like handwriting."""

import gzip
import hashlib
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import cv2
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torchvision import datasets

from course_utils import mnist
from course_utils._files import write_atomically
from course_utils.mnist import draw_digits, load_mnist

NAMES = list(mnist.FILES)
TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS = NAMES
REAL_ROOT = mnist.data_root(None)
needs_mnist = pytest.mark.skipif(
    not all((REAL_ROOT / "MNIST" / "raw" / name).exists() for name in NAMES),
    reason="MNIST is not in the data folder",
)


def md5(data):
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


def idx(array):
    """The bytes of an IDX file: type 8 (uint8), number of axes, their lengths, values."""
    return struct.pack(f">4B{array.ndim}I", 0, 0, 8, array.ndim, *array.shape) + array.tobytes()


@pytest.fixture(autouse=True)
def offline(monkeypatch):
    """No test asks the network: the only mirror is a port of this machine that nobody serves."""
    monkeypatch.setattr(datasets.MNIST, "mirrors", ["http://127.0.0.1:9/"])
    monkeypatch.setattr(mnist, "_given_up", set())
    monkeypatch.setenv("no_proxy", "127.0.0.1")


@pytest.fixture
def made(monkeypatch):
    """Bytes of four small files that stand for MNIST: 30 digits to train with and 20 to test."""
    contents = {}
    for names, count in [((TRAIN_IMAGES, TRAIN_LABELS), 30), ((TEST_IMAGES, TEST_LABELS), 20)]:
        digits = draw_digits(count, rng=count)
        contents[names[0]] = idx(digits.images)
        contents[names[1]] = idx(digits.labels.astype(np.uint8))
    known = {name: (len(data), md5(data)) for name, data in contents.items()}
    monkeypatch.setattr(mnist, "FILES", known)
    monkeypatch.setattr(mnist, "DRAWN", {"train": (50, 1), "test": (40, 2)})
    return contents


def put(contents, root):
    """Write files to where torchvision looks for them."""
    raw = root / "MNIST" / "raw"
    raw.mkdir(parents=True, exist_ok=True)
    for name, data in contents.items():
        (raw / name).write_bytes(data)
    return root


def stored(root):
    """Every file below `root`."""
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


@pytest.fixture
def server(made, monkeypatch):
    """A mirror on this machine: serves `files`, as far as `break_off` says, and counts `asked`."""
    archives = {f"/{name}.gz": gzip.compress(data, mtime=0) for name, data in made.items()}

    class Mirror(BaseHTTPRequestHandler):
        def do_GET(self):
            body = self.server.files.get(self.path)
            self.server.asked += 1
            self.send_response(200 if body else 404)
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write((body or b"")[: self.server.break_off.get(self.path)])

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Mirror) as httpd:
        httpd.files, httpd.break_off, httpd.asked = archives, {}, 0
        thread = Thread(target=httpd.serve_forever, args=[0.01], daemon=True)
        thread.start()
        address = f"http://127.0.0.1:{httpd.server_port}/"
        sums = [(path[1:], md5(body)) for path, body in archives.items()]
        monkeypatch.setattr(datasets.MNIST, "mirrors", [address])
        monkeypatch.setattr(datasets.MNIST, "resources", sums)
        yield httpd
        httpd.shutdown()
        thread.join()


# By hand ----------------------------------------------------------------------------------------


def test_load_mnist_reads_two_digits_made_by_hand(tmp_path, made, monkeypatch):
    images = np.zeros((2, 28, 28), np.uint8)
    images[0, 0, 1], images[1, 27, 0] = 7, 255
    made[TEST_IMAGES], made[TEST_LABELS] = idx(images), idx(np.array([4, 9], np.uint8))
    known = {name: (len(data), md5(data)) for name, data in made.items()}
    monkeypatch.setattr(mnist, "FILES", known)
    digits = load_mnist("test", root=put(made, tmp_path))
    np.testing.assert_array_equal(digits.images, images, strict=True)
    np.testing.assert_array_equal(digits.labels, np.array([4, 9]), strict=True)
    assert digits.source == "MNIST"


@pytest.mark.parametrize(
    ("argument", "variable", "expected"),
    [
        ("/a", "/b", Path("/a")),
        (Path("/a"), None, Path("/a")),
        (None, "/b", Path("/b")),
        (None, "../b", mnist.REPOSITORY / "../b"),
        (None, "", mnist.REPOSITORY / "data"),
        (None, None, mnist.REPOSITORY / "data"),
        ("a", "/b", Path.cwd() / "a"),
        ("~/a", None, Path.home() / "a"),
        (None, "~/b", Path.home() / "b"),
    ],
)
def test_data_root_is_the_argument_then_the_variable_then_data(
    argument, variable, expected, monkeypatch
):
    monkeypatch.delenv("COURSE_DATA", raising=False)
    if variable is not None:
        monkeypatch.setenv("COURSE_DATA", variable)
    assert mnist.data_root(argument) == expected


def test_load_mnist_takes_the_folder_from_the_environment(tmp_path, made, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", str(put(made, tmp_path)))
    assert load_mnist("test").source == "MNIST"


def test_ink_of_one_upright_stroke():
    """A pen of radius 1 (two pixels wide) from row 5 to row 20, on the line between two columns."""
    way = np.full((1, 60), 0.25)
    dots = np.stack([np.full((1, 60), 10.0), 5 + 0.25 * np.arange(60)[None]])
    image = mnist._ink(dots, way, np.ones_like(way), np.ones((1, 1)))[0]
    np.testing.assert_array_equal(np.nonzero(image[12] > 2)[0], [9, 10])
    assert image[12, 9] == image[12, 10] > 250
    assert image[:4].max() == image[21:].max() == 0


def test_the_pen_is_up_between_strokes():
    """Two upright strokes with nothing between them, and the same points as one stroke.

    A slant may carry ink of the two to the middle, but not in most images.
    """
    inked = []
    for skeleton in ("0,0 0,20 | 20,0 20,20", "0,0 0,20 20,0 20,20"):
        rng = np.random.default_rng(0)
        images = mnist._ink(*mnist._pen(*mnist._write(skeleton, 100, rng), rng))
        inked.append(np.mean(images[:, 9:19, 13:15].max(axis=(1, 2)) > 100))
    assert inked[0] < 0.3
    assert inked[1] > 0.9


# Properties -------------------------------------------------------------------------------------


@given(st.integers(1, 60), st.integers(0, 2**32))
@settings(max_examples=10)
def test_drawn_digits_are_balanced_and_reproducible(count, seed):
    digits = draw_digits(count, rng=seed)
    assert digits.images.shape == (count, 28, 28)
    assert digits.images.dtype == np.uint8
    assert digits.labels.dtype == np.int64
    assert digits.source == "drawn"
    assert np.ptp(np.bincount(digits.labels, minlength=10)) <= 1
    again = draw_digits(count, rng=np.random.default_rng(seed))
    np.testing.assert_array_equal(digits.images, again.images)
    np.testing.assert_array_equal(digits.labels, again.labels)


@pytest.fixture(scope="module")
def drawn():
    return draw_digits(4000, rng=7)


def test_drawn_digits_are_all_different(drawn):
    assert len({image.tobytes() for image in drawn.images}) == len(drawn.images)
    assert not np.array_equal(drawn.images[:50], draw_digits(4000, rng=8).images[:50])
    assert not np.array_equal(draw_digits(9).images, draw_digits(9).images)


def test_drawn_digits_come_in_random_order(drawn):
    """Classes of neighbours agree one time in ten: 400 of 3999, give or take four times 19."""
    assert abs(np.sum(drawn.labels[1:] == drawn.labels[:-1]) - 400) < 76


def test_drawn_digits_fill_the_box(drawn):
    for image in drawn.images:
        rows, columns = np.nonzero(image)
        assert 18 <= max(np.ptp(rows), np.ptp(columns)) + 1 <= 20


def test_drawn_digits_have_their_mass_in_the_middle(drawn):
    """In the middle of pixel 14, as in MNIST, which places whole pixels: half a pixel off or less.

    Here the centre is that of the pen's way, which is not quite that of the ink.
    """
    weights = drawn.images / drawn.images.sum(axis=(1, 2), keepdims=True, dtype=float)
    for axis in (1, 2):
        centres = weights.sum(axis=3 - axis) @ np.arange(28)
        assert abs(centres.mean() - 14) < 0.1
        assert np.percentile(abs(centres - 14), 95) < 0.75
        assert abs(centres - 14).max() < 2


def test_drawn_digits_are_white_on_black_with_gray_edges(drawn):
    assert drawn.images.max(axis=(1, 2)).min() > 200
    gray = (drawn.images > 0) & (drawn.images < 255)
    assert (gray.sum(axis=(1, 2)) > 20).all()
    assert len(np.unique(drawn.images)) == 256


def test_drawn_digits_vary_in_width_slant_and_thickness(drawn):
    """The spread is a good part of that of a class of MNIST: 2 to 3 pixels; 0.2 to 0.3; 0.03."""
    pixels = np.arange(28) - 13.5
    for label in range(10):
        images = drawn.images[drawn.labels == label] / 255
        width = images.any(axis=1).sum(axis=1)
        assert width.std() > 1.9
        mass = images.sum(axis=(1, 2))
        x, y = images.sum(axis=1) @ pixels / mass, images.sum(axis=2) @ pixels / mass
        xy = np.einsum("nyx,y,x->n", images, pixels, pixels) / mass - x * y
        yy = images.sum(axis=2) @ pixels**2 / mass - y**2
        assert (xy / yy).std() > 0.15
        assert images.mean(axis=(1, 2)).std() > 0.015


def test_every_skeleton_is_drawn_and_has_a_shape_of_its_own():
    for skeletons in mnist.SKELETONS.values():
        rng = np.random.default_rng(0)
        means = []
        for skeleton in set(skeletons):
            pens = mnist._pen(*mnist._write(skeleton, 100, rng), rng)
            means.append(mnist._ink(*pens).mean(axis=0))
        for i, mean in enumerate(means):
            for other in means[:i]:
                assert np.sqrt(np.mean((mean - other) ** 2)) > 4  # standard error: about 1.5


# Agreement with independent references ----------------------------------------------------------


@pytest.mark.parametrize(("split", "count"), [("train", 30), ("test", 20)])
def test_load_mnist_agrees_with_torchvision(split, count, tmp_path, made):
    digits = load_mnist(split, root=put(made, tmp_path))
    reference = datasets.MNIST(tmp_path, train=split == "train")
    np.testing.assert_array_equal(digits.images, reference.data.numpy(), strict=True)
    np.testing.assert_array_equal(digits.labels, reference.targets.numpy(), strict=True)
    assert len(digits.images) == count
    assert stored(tmp_path) == sorted(f"MNIST/raw/{name}" for name in NAMES)


@pytest.mark.parametrize("radius", [0.8, 1.5, 2.5])
def test_ink_agrees_with_opencv(radius):
    """OpenCV draws the same stroke 32 times as large, black and white; area averages shrink it.

    Its grey edge is the pixel itself, ours a ramp; their mean absolute difference on the edge's
    pixels stays below a tenth of the range.
    """
    start, end = np.array([6.3, 8.1]), np.array([20.2, 19.4])
    dots = np.linspace(start, end, 60).T[:, None]
    way = np.full((1, 60), np.hypot(*(end - start)) / 59)
    image = mnist._ink(dots, way, np.full_like(way, radius), np.ones((1, 1)))[0]
    large = np.zeros((28 * 32, 28 * 32), np.uint8)
    ends = [tuple(int(v) for v in np.rint(32 * point - 0.5)) for point in (start, end)]
    cv2.line(large, *ends, 255, round(2 * 32 * radius))
    reference = cv2.resize(large, (28, 28), interpolation=cv2.INTER_AREA)
    edge = (reference > 0) & (reference < 255) | (image > 0) & (image < 255)
    assert np.abs(image.astype(int) - reference)[edge].mean() < 25.5
    assert np.abs(image.astype(int) - reference)[~edge].max() == 0


def nearest_neighbours(train, test):
    """Share of `test` whose nearest neighbour in `train` (PyTorch's distances) has its label."""
    blurred = []
    for images in (train.images, test.images):
        blurred.append(np.stack([cv2.GaussianBlur(image, (5, 5), 1.2) for image in images]))
    vectors = [torch.tensor(images, dtype=torch.float32).flatten(1) for images in blurred]
    nearest = torch.cdist(vectors[1], vectors[0]).argmin(dim=1).numpy()
    return np.mean(train.labels[nearest] == test.labels)


def test_labels_belong_to_the_images(drawn):
    """Guessing finds one in ten."""
    train = mnist.Digits(drawn.images[500:], drawn.labels[500:], "drawn")
    test = mnist.Digits(drawn.images[:500], drawn.labels[:500], "drawn")
    assert nearest_neighbours(train, test) > 0.9


def test_drawn_digits_have_the_brightness_of_mnist(drawn):
    """Mean and standard deviation of MNIST's training set, as published: 0.1307 and 0.3081."""
    assert abs(drawn.images.mean() / 255 - 0.1307) < 0.006
    assert abs(drawn.images.std() / 255 - 0.3081) < 0.01


@needs_mnist
def test_real_mnist_is_what_was_published():
    train, test = load_mnist("train"), load_mnist("test", source="mnist")
    assert train.images.shape == (60000, 28, 28)
    assert test.images.shape == (10000, 28, 28)
    assert round(train.images.mean() / 255, 4) == 0.1307
    assert round(train.images.std() / 255, 4) == 0.3081
    np.testing.assert_array_equal(train.labels[:10], [5, 0, 4, 1, 9, 2, 1, 3, 1, 4])
    np.testing.assert_array_equal(test.labels[:10], [7, 2, 1, 0, 4, 1, 4, 9, 5, 9])


@needs_mnist
def test_drawn_digits_are_near_real_ones(drawn):
    real = load_mnist("test")
    assert nearest_neighbours(drawn, mnist.Digits(real.images[:500], real.labels[:500], "")) > 0.8


# Bad input --------------------------------------------------------------------------------------


def flip_a_bit(data):
    return data[:200] + bytes([data[200] ^ 1]) + data[201:]


DAMAGE = {
    "truncated": lambda data: data[:-1],
    "empty": lambda data: b"",
    "too long": lambda data: data + b"\0",
    "a bit flipped": lambda data: data[:20] + bytes([data[20] ^ 1]) + data[21:],
    "still packed": gzip.compress,
    "a web page": lambda data: b"<html>404</html>",
}


@pytest.mark.parametrize("source", ["auto", "mnist"])
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_file_is_refused_by_name(damage, name, source, tmp_path, made):
    made[name] = DAMAGE[damage](made[name])
    put(made, tmp_path)
    for split in ("train", "test"):
        with pytest.raises(ValueError, match=rf"{name} is damaged.*Delete this file"):
            load_mnist(split, root=tmp_path, source=source)
    assert stored(tmp_path) == sorted(f"MNIST/raw/{name}" for name in NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_damaged_file_is_refused_even_when_others_are_missing(name, tmp_path, made):
    put({name: made[name][:-1]}, tmp_path)
    with pytest.raises(ValueError, match=f"{name} is damaged"):
        load_mnist("test", root=tmp_path)


@pytest.mark.parametrize(
    ("one", "other"), [(TRAIN_IMAGES, TEST_IMAGES), (TEST_IMAGES, TEST_LABELS)]
)
def test_swapped_files_are_refused_by_name(one, other, tmp_path, made):
    made[one], made[other] = made[other], made[one]
    put(made, tmp_path)
    with pytest.raises(ValueError, match=f"({one} is swapped: it holds {other})|({other} is sw)"):
        load_mnist("test", root=tmp_path)


def test_a_folder_in_place_of_a_file_is_refused(tmp_path, made):
    folder = put(made, tmp_path) / "MNIST" / "raw" / TEST_LABELS
    folder.unlink()
    folder.mkdir()
    with pytest.raises(OSError, match=TEST_LABELS):
        load_mnist("test", root=tmp_path)


# Without a network ------------------------------------------------------------------------------


def test_auto_draws_and_says_so_once(tmp_path, made, capfd):
    root = tmp_path / "nothing here"
    digits = [load_mnist(split, root=root) for split in ("train", "test", "train")]
    assert [d.source for d in digits] == ["drawn"] * 3
    assert [len(d.images) for d in digits] == [50, 40, 50]
    np.testing.assert_array_equal(digits[0].images, digits[2].images)
    assert not np.array_equal(digits[0].images[:40], digits[1].images)
    captured = capfd.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == captured.err.count("drawn digits") == 1
    assert str(root) in captured.err
    assert not root.exists()


def test_auto_never_mixes_drawn_digits_with_real_ones(tmp_path, made, capfd):
    """With the test set only, both splits are drawn: train and test must be of one kind."""
    put({name: made[name] for name in (TEST_IMAGES, TEST_LABELS)}, tmp_path)
    assert {load_mnist(split, root=tmp_path).source for split in ("train", "test")} == {"drawn"}
    assert "2 of the 4 files" in capfd.readouterr().err


def test_files_that_come_later_are_taken(tmp_path, made, capfd):
    assert load_mnist("test", root=tmp_path).source == "drawn"
    assert load_mnist("test", root=put(made, tmp_path)).source == "MNIST"


def test_after_drawing_auto_goes_on_drawing_and_mnist_tries_again(
    tmp_path, made, server, monkeypatch, capfd
):
    """Even if the network comes back: training and test digits must be of one kind."""
    with monkeypatch.context() as dead:
        dead.setattr(datasets.MNIST, "mirrors", ["http://127.0.0.1:9/"])
        assert load_mnist("train", root=tmp_path).source == "drawn"
    assert load_mnist("test", root=tmp_path).source == "drawn"
    assert server.asked == 0
    assert load_mnist("test", root=tmp_path, source="mnist").source == "MNIST"
    assert_whole(tmp_path, made)


def test_mnist_or_fail(tmp_path, made, capfd):
    for _ in range(2):
        with pytest.raises(FileNotFoundError, match="4 of the 4 files .* missing from"):
            load_mnist("test", root=tmp_path, source="mnist")
    assert capfd.readouterr().err == ""
    assert list(tmp_path.iterdir()) == []


def test_drawn_asks_neither_files_nor_network(tmp_path, made, server, capfd):
    made[TEST_IMAGES] = b""
    assert load_mnist("test", root=put(made, tmp_path), source="drawn").source == "drawn"
    assert server.asked == 0
    assert capfd.readouterr().err == ""


def test_a_server_that_never_answers_is_not_waited_for(tmp_path, made, monkeypatch, capfd):
    """Its port takes the connection and stays silent."""
    monkeypatch.setattr(mnist, "PATIENCE", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        monkeypatch.setattr(datasets.MNIST, "mirrors", [address] * 4)
        assert load_mnist("test", root=tmp_path).source == "drawn"
    assert "no server answers" in capfd.readouterr().err


def test_drawing_needs_no_torch():
    code = "import sys; from course_utils.mnist import draw_digits; draw_digits(9)\n"
    code += "assert not {'torch', 'torchvision', 'matplotlib'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=mnist.REPOSITORY)


# Downloads --------------------------------------------------------------------------------------


def assert_whole(root, made):
    """Exactly the four files, byte for byte, and nothing else."""
    assert stored(root) == sorted(f"MNIST/raw/{name}" for name in NAMES)
    for name, data in made.items():
        assert (root / "MNIST" / "raw" / name).read_bytes() == data
    assert [path.name for path in (root / "MNIST").iterdir()] == ["raw"]


@pytest.mark.parametrize("source", ["auto", "mnist"])
def test_a_download_happens_once(source, tmp_path, made, server, capfd):
    root = tmp_path / "new" / "data"
    first = load_mnist("train", root=root, source=source)
    assert first.source == "MNIST"
    assert_whole(root, made)
    assert "100%" in capfd.readouterr().err  # torchvision's progress bar
    asked = server.asked
    assert len(load_mnist("test", root=root, source=source).images) == 20
    assert server.asked == asked
    assert capfd.readouterr().err == ""
    assert socket.getdefaulttimeout() is None


def test_a_silent_mirror_is_passed_over(tmp_path, made, server, monkeypatch, capfd):
    """It takes the connection and never answers: torchvision would wait for each of its files."""
    monkeypatch.setattr(mnist, "PATIENCE", 1)
    monkeypatch.setattr(mnist, "STALL", 1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        mirrors = [f"http://127.0.0.1:{silent.getsockname()[1]}/", *datasets.MNIST.mirrors]
        monkeypatch.setattr(datasets.MNIST, "mirrors", mirrors)
        assert load_mnist("test", root=tmp_path, source="mnist").source == "MNIST"
    assert_whole(tmp_path, made)


def test_missing_files_are_fetched(tmp_path, made, server, capfd):
    put({TEST_LABELS: made[TEST_LABELS]}, tmp_path)
    assert load_mnist("test", root=tmp_path).source == "MNIST"
    assert_whole(tmp_path, made)


@pytest.mark.parametrize("kept", [0, 1, 40])
@pytest.mark.parametrize("name", NAMES)
def test_a_server_that_breaks_off_leaves_nothing(name, kept, tmp_path, made, server, capfd):
    server.break_off[f"/{name}.gz"] = kept
    with pytest.raises(FileNotFoundError, match="cannot be downloaded"):
        load_mnist("test", root=tmp_path, source="mnist")
    assert stored(tmp_path) == []
    assert load_mnist("test", root=tmp_path).source == "drawn"
    server.break_off.clear()
    assert load_mnist("test", root=tmp_path, source="mnist").source == "MNIST"
    assert_whole(tmp_path, made)


def test_a_server_with_other_files_leaves_nothing(tmp_path, made, server, capfd):
    server.files[f"/{TEST_IMAGES}.gz"] = server.files[f"/{TRAIN_IMAGES}.gz"]
    assert load_mnist("test", root=tmp_path).source == "drawn"
    assert stored(tmp_path) == []
    assert "Traceback" not in capfd.readouterr().err


@pytest.mark.parametrize("moment", range(1, 10))
def test_an_interrupted_download_leaves_nothing(moment, tmp_path, made, server, monkeypatch, capfd):
    """Ctrl-C at each request: one to see whether the server is there, then two for each file.

    The first is made by another thread, which no Ctrl-C reaches.
    """
    urlopen, calls = urllib.request.urlopen, []

    def interrupted(*args, **kwargs):
        calls.append(args)
        if len(calls) == moment + 1:
            raise KeyboardInterrupt
        return urlopen(*args, **kwargs)

    monkeypatch.setattr(urllib.request, "urlopen", interrupted)
    if moment < 9:
        with pytest.raises(KeyboardInterrupt):
            load_mnist("test", root=tmp_path)
        assert stored(tmp_path) == []
        assert list((tmp_path / "MNIST" / "raw").iterdir()) == []
    assert load_mnist("test", root=tmp_path).source == "MNIST"
    assert_whole(tmp_path, made)


@pytest.mark.parametrize("moved", range(4))
def test_a_fault_while_files_are_moved_is_mended(moved, tmp_path, made, server, monkeypatch):
    replace, calls = os.replace, []

    def full(*args):
        calls.append(args)
        if len(calls) == moved + 1:
            raise OSError("No space left on device")
        return replace(*args)

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(FileNotFoundError, match="No space left"):
        load_mnist("test", root=tmp_path, source="mnist")
    assert len(stored(tmp_path)) == moved
    assert load_mnist("test", root=tmp_path).source == "MNIST"
    assert_whole(tmp_path, made)


@pytest.mark.skipif(sys.platform != "linux", reason="no safe fork elsewhere")
@pytest.mark.parametrize("moved", range(4))
def test_a_killed_download_is_begun_anew(moved, tmp_path, made, server):
    """kill -9 when so many files are in their place: those are whole, and the rest is fetched."""
    process = os.fork()
    if process == 0:
        replace, calls = os.replace, []

        def wait_to_be_killed(*args):
            calls.append(args)
            if len(calls) > moved:
                (tmp_path / "waiting").touch()
                time.sleep(60)
            replace(*args)

        os.replace = wait_to_be_killed
        try:
            load_mnist("test", root=tmp_path)
        finally:
            os._exit(1)
    while not (tmp_path / "waiting").exists():
        assert os.waitpid(process, os.WNOHANG) == (0, 0)
        time.sleep(0.01)
    os.kill(process, signal.SIGKILL)
    assert os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == -signal.SIGKILL
    assert [name for name in NAMES if (tmp_path / "MNIST" / "raw" / name).exists()] == NAMES[:moved]
    assert load_mnist("test", root=tmp_path).source == "MNIST"
    for name, data in made.items():
        assert (tmp_path / "MNIST" / "raw" / name).read_bytes() == data


# Pitfalls: what the loader alone does -----------------------------------------------------------


def test_pitfall_torchvision_takes_swapped_files_for_real(tmp_path, made):
    """It tests on the training images without a word."""
    swapped = dict(zip(NAMES, [made[name] for name in NAMES[2:] + NAMES[:2]]))
    put(swapped, tmp_path)
    assert len(datasets.MNIST(tmp_path, train=False).data) == 30
    with pytest.raises(ValueError, match="swapped"):
        load_mnist("test", root=tmp_path)


def test_pitfall_torchvision_takes_a_changed_file_for_real(tmp_path, made):
    made[TEST_IMAGES] = flip_a_bit(made[TEST_IMAGES])
    put(made, tmp_path)
    assert len(datasets.MNIST(tmp_path, train=False).data) == 20
    with pytest.raises(ValueError, match="damaged"):
        load_mnist("test", root=tmp_path)


def test_pitfall_torchvision_prefers_old_copies(tmp_path, made):
    """Copies that a torchvision before 0.9 left are read in place of the files, unchecked."""
    processed = put(made, tmp_path) / "MNIST" / "processed"
    processed.mkdir()
    for name in ("training.pt", "test.pt"):
        torch.save((torch.zeros(1, 28, 28, dtype=torch.uint8), torch.zeros(1)), processed / name)
    assert len(datasets.MNIST(tmp_path, train=False).data) == 1
    assert len(load_mnist("test", root=tmp_path).images) == 20


def test_pitfall_a_download_in_place_leaves_half_of_the_files(tmp_path, made, server, capfd):
    server.break_off[f"/{TEST_IMAGES}.gz"] = 40
    with pytest.raises(RuntimeError):
        datasets.MNIST(tmp_path / "theirs", download=True)
    assert f"MNIST/raw/{TEST_IMAGES}.gz" in stored(tmp_path / "theirs")
    load_mnist("test", root=tmp_path / "ours")
    assert stored(tmp_path / "ours") == []


# The writer of files ----------------------------------------------------------------------------


def test_write_atomically_replaces_the_whole_file(tmp_path):
    path = tmp_path / "weights.pt"
    for data in (b"a longer text", b"short", b""):
        write_atomically(str(path), data)
        assert path.read_bytes() == data
    assert stored(tmp_path) == ["weights.pt"]


@pytest.mark.parametrize("step", ["fsync", "replace"])
@pytest.mark.parametrize("error", [OSError("disk full"), KeyboardInterrupt()])
def test_write_atomically_keeps_the_old_file_on_a_fault(step, error, tmp_path, monkeypatch):
    path = tmp_path / "weights.pt"
    path.write_bytes(b"old")

    def fail(*_):
        raise error

    monkeypatch.setattr(os, step, fail)
    with pytest.raises(type(error)):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert stored(tmp_path) == ["weights.pt"]


def test_write_atomically_never_shows_half_a_file(tmp_path, monkeypatch):
    """When the draft takes the file's place, it is complete."""
    replace, seen = os.replace, []

    def watched(draft, path):
        seen.append((Path(draft).read_bytes(), Path(draft).parent == Path(path).parent))
        replace(draft, path)

    monkeypatch.setattr(os, "replace", watched)
    write_atomically(tmp_path / "weights.pt", b"new")
    assert seen == [(b"new", True)]


def test_write_atomically_needs_a_folder(tmp_path):
    with pytest.raises(FileNotFoundError, match="no folder"):
        write_atomically(tmp_path / "no folder" / "weights.pt", b"new")
    shutil.rmtree(tmp_path)
