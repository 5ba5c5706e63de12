"""MNIST: real files are whole or refused, downloads too, and without a network digits are drawn."""

import gzip
import hashlib
import os
import socket
import struct
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

import numpy as np
import pytest
from torchvision import datasets

from course_utils import _files, mnist
from course_utils.mnist import draw_digits, load_mnist

# A thread that asks a server must not end with a traceback.
pytestmark = pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning")

NAMES = list(mnist.FILES)
TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS = NAMES
REAL_ROOT = mnist.data_root(None)
needs_mnist = pytest.mark.skipif(
    not all((REAL_ROOT / "MNIST" / "raw" / name).exists() for name in NAMES),
    reason="MNIST is not in the data folder",
)
NOBODY = "http://127.0.0.1:9/"  # a port of this machine that nobody serves


def idx(array):
    """The bytes of an IDX file: type 8 (uint8), number of axes, their lengths, values."""
    return struct.pack(f">4B{array.ndim}I", 0, 0, 8, array.ndim, *array.shape) + array.tobytes()


def sums(contents):
    return {n: (len(d), hashlib.md5(d, usedforsecurity=False).hexdigest()) for n, d in contents}


@pytest.fixture(autouse=True)
def offline(monkeypatch):
    monkeypatch.setattr(mnist, "MIRRORS", [NOBODY])
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
    monkeypatch.setattr(mnist, "FILES", sums(contents.items()))
    few = {split: (count // 1000 + 1, seed) for split, (count, seed) in mnist.DRAWN.items()}
    monkeypatch.setattr(mnist, "DRAWN", few)
    return contents


def put(contents, root):
    """Write files to where torchvision looks for them."""
    raw = root / "MNIST" / "raw"
    raw.mkdir(parents=True, exist_ok=True)
    for name, data in contents.items():
        (raw / name).write_bytes(data)
    return root


def stored(root):
    """Every file below `root`, by its name, and what it holds."""
    return {path.name: path.read_bytes() for path in root.rglob("*") if path.is_file()}


@contextmanager
def mirror(made, *, seconds=0):
    """A server on this machine: offers `files` after some seconds, and notes what it has sent.

    It breaks off whatever `break_off` names after so many bytes.
    """

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self):
            time.sleep(seconds)
            self.server.asked += 1
            body = self.server.files.get(self.path)
            self.send_response(404 if body is None else 200)
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            return body

        def do_GET(self):
            self.server.sent.append(self.path[1:])
            self.wfile.write((self.do_HEAD() or b"")[: self.server.break_off.get(self.path)])

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.files = {f"/{name}.gz": gzip.compress(data) for name, data in made.items()}
        server.break_off, server.sent, server.asked = {}, [], 0
        server.address = f"http://127.0.0.1:{server.server_port}/"
        thread = Thread(target=server.serve_forever, args=[0.01], daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def server(made, monkeypatch):
    monkeypatch.setattr(mnist, "PATIENCE", 60)  # a busy machine may answer late
    with mirror(made) as server:
        monkeypatch.setattr(mnist, "MIRRORS", [server.address])
        yield server


# By hand ----------------------------------------------------------------------------------------


def test_two_digits_made_by_hand(tmp_path, made, monkeypatch):
    images = np.zeros((2, 28, 28), np.uint8)
    images[0, 0, 1], images[1, 27, 0] = 7, 255
    made[TEST_IMAGES], made[TEST_LABELS] = idx(images), idx(np.array([4, 9], np.uint8))
    monkeypatch.setattr(mnist, "FILES", sums(made.items()))
    monkeypatch.setenv("COURSE_DATA", str(put(made, tmp_path)))
    digits = load_mnist("test")
    np.testing.assert_array_equal(digits.images, images, strict=True)
    np.testing.assert_array_equal(digits.labels, np.array([4, 9]), strict=True)
    assert digits.source == "MNIST"
    digits.images[0] = 1  # it may be written to


# Agreement with independent references ----------------------------------------------------------


@pytest.mark.parametrize("split", ["train", "test"])
def test_load_mnist_agrees_with_torchvision(split, tmp_path, made):
    digits = load_mnist(split, root=put(made, tmp_path))
    reference = datasets.MNIST(tmp_path, train=split == "train")
    np.testing.assert_array_equal(digits.images, reference.data.numpy(), strict=True)
    np.testing.assert_array_equal(digits.labels, reference.targets.numpy(), strict=True)
    assert stored(tmp_path) == made


@needs_mnist
def test_real_mnist_is_what_was_published():
    train, test = load_mnist("train"), load_mnist("test", source="mnist")
    assert train.images.shape == (60000, 28, 28)
    assert test.images.shape == (10000, 28, 28)
    assert round(train.images.mean() / 255, 4) == 0.1307
    assert round(train.images.std() / 255, 4) == 0.3081
    np.testing.assert_array_equal(train.labels[:10], [5, 0, 4, 1, 9, 2, 1, 3, 1, 4])
    np.testing.assert_array_equal(test.labels[:10], [7, 2, 1, 0, 4, 1, 4, 9, 5, 9])


# Damaged files ----------------------------------------------------------------------------------

DAMAGE = {
    "truncated": (lambda data: data[:-1], r"it has \d+ bytes, not \d+"),
    "empty": (lambda data: b"", "it has 0 bytes, not"),
    "a bit flipped": (lambda data: data[:20] + bytes([data[20] ^ 1]) + data[21:], "its MD5 sum is"),
}


@pytest.mark.parametrize(("damage", "fault"), DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_file_is_refused_by_name(damage, fault, tmp_path, made):
    """Even if it is not needed, or others are missing."""
    damaged = put({TRAIN_LABELS: damage(made[TRAIN_LABELS])}, tmp_path)
    for files in ({}, {name: made[name] for name in NAMES if name != TRAIN_LABELS}):
        put(files, tmp_path)
        with pytest.raises(ValueError, match=rf"{TRAIN_LABELS} is damaged: {fault}.*Delete this"):
            load_mnist("test", root=damaged)


def test_a_swapped_file_is_refused_by_name(tmp_path, made):
    put({TEST_IMAGES: made[TRAIN_IMAGES]}, tmp_path)
    with pytest.raises(ValueError, match=f"{TEST_IMAGES} is swapped: it holds {TRAIN_IMAGES}"):
        load_mnist("test", root=tmp_path)


# Without a network ------------------------------------------------------------------------------


def test_auto_draws_and_says_so_once_and_mnist_fails(tmp_path, made, capfd):
    root = tmp_path / "nothing here"
    digits = [load_mnist(split, root=root) for split in ("train", "test", "train")]
    assert [d.source for d in digits] == ["drawn"] * 3
    assert [len(d.images) for d in digits] == [61, 11, 61]
    assert not np.array_equal(draw_digits(11, rng=mnist.DRAWN["train"][1]).images, digits[1].images)
    np.testing.assert_array_equal(digits[0].images, digits[2].images)
    captured = capfd.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == captured.err.count("drawn digits") == 1
    assert str(root) in captured.err
    with pytest.raises(FileNotFoundError, match="4 of the 4 files .* missing .*no server"):
        load_mnist("test", root=root, source="mnist")
    assert capfd.readouterr().err == ""
    assert not root.exists()


def test_auto_never_mixes_drawn_digits_with_real_ones(tmp_path, made, capfd):
    """With the test set only, both splits are drawn: train and test must be of one kind."""
    put({name: made[name] for name in (TEST_IMAGES, TEST_LABELS)}, tmp_path)
    assert {load_mnist(split, root=tmp_path).source for split in ("train", "test")} == {"drawn"}
    assert "2 of the 4 files" in capfd.readouterr().err
    assert load_mnist("test", root=put(made, tmp_path)).source == "MNIST"  # they came later


def test_after_drawing_auto_goes_on_drawing_and_mnist_tries_again(
    tmp_path, made, server, monkeypatch
):
    """Even if the network comes back: training and test digits must be of one kind."""
    with monkeypatch.context() as dead:
        dead.setattr(mnist, "MIRRORS", [NOBODY])
        assert load_mnist("train", root=tmp_path).source == "drawn"
    assert load_mnist("test", root=tmp_path).source == "drawn"
    assert server.asked == 0
    assert load_mnist("test", root=tmp_path, source="mnist").source == "MNIST"
    assert stored(tmp_path) == made


def test_drawn_needs_neither_files_nor_network_nor_folder(made, server, monkeypatch, capfd):
    monkeypatch.delenv("COURSE_DATA", raising=False)
    monkeypatch.setattr(_files, "REPOSITORY", _files.REPOSITORY / "course_utils")
    assert load_mnist("test", source="drawn").source == "drawn"
    assert server.asked == 0
    assert capfd.readouterr().err == ""


def test_servers_that_never_answer_are_not_waited_for(tmp_path, made, monkeypatch, capfd):
    """Their ports take the connection and stay silent, or the name is looked up for ever."""
    monkeypatch.setattr(mnist, "PATIENCE", 0.2)
    is_over, found, look_up = Event(), [], socket.getaddrinfo

    def look_up_for_ever(host, *rest, **options):
        if host == "slow":
            is_over.wait(60)
            found.append(host)
        return look_up(host, *rest, **options)

    monkeypatch.setattr(socket, "getaddrinfo", look_up_for_ever)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        monkeypatch.setattr(mnist, "MIRRORS", [address, "http://slow/"])
        assert load_mnist("test", root=tmp_path).source == "drawn"
    assert not found
    is_over.set()
    assert "no server answers" in capfd.readouterr().err


# Downloads --------------------------------------------------------------------------------------


@pytest.mark.parametrize("source", ["auto", "mnist"])
def test_a_download_happens_once(source, tmp_path, made, server, capfd):
    root = tmp_path / "new" / "data"
    assert load_mnist("train", root=root, source=source).source == "MNIST"
    assert stored(tmp_path) == made
    assert "100%" in capfd.readouterr().err  # the progress bar
    if os.name == "posix":  # others may read the files, and use them too
        assert {f.stat().st_mode & 0o777 for f in root.rglob("*-ubyte")} == {0o644}
    asked = server.asked
    assert len(load_mnist("test", root=root, source=source).images) == 20
    assert server.asked == asked
    assert capfd.readouterr().err == ""


def test_the_first_mirror_is_preferred_though_it_answers_last(tmp_path, made, server, monkeypatch):
    """And it is asked for what is missing only."""
    put({TEST_LABELS: made[TEST_LABELS]}, tmp_path)
    with mirror(made, seconds=0.05) as slow:
        monkeypatch.setattr(mnist, "MIRRORS", [slow.address, server.address])
        assert load_mnist("test", root=tmp_path).source == "MNIST"
    assert slow.sent == [f"{name}.gz" for name in NAMES[:3]]
    assert server.asked == 0


def breaks_off(server, path):
    server.break_off[path] = 40


def sends_a_page(server, path):
    server.files[path] = b"<html>404</html>"


def sends_another(server, path):
    server.files[path] = server.files[f"/{TRAIN_IMAGES}.gz"]


def has_none(server, path):
    del server.files[path]


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (breaks_off, "Connection broken"),
        (sends_a_page, "Not a gzipped file"),
        (sends_another, "MD5 hash"),
        (has_none, "no server answers"),
    ],
)
def test_what_one_mirror_has_not_comes_whole_from_the_next_one(
    fault, reason, tmp_path, made, server, monkeypatch
):
    fault(server, f"/{TEST_IMAGES}.gz")
    with pytest.raises(FileNotFoundError, match=f"cannot be downloaded: .*{reason}"):
        load_mnist("test", root=tmp_path, source="mnist")
    assert set(stored(tmp_path)) == {TRAIN_IMAGES, TRAIN_LABELS}
    assert load_mnist("test", root=tmp_path).source == "drawn"
    with mirror(made) as other:
        monkeypatch.setattr(mnist, "MIRRORS", [server.address, other.address])
        assert load_mnist("test", root=tmp_path, source="mnist").source == "MNIST"
    assert other.sent == [f"{TEST_IMAGES}.gz"]
    assert stored(tmp_path) == made


@pytest.mark.parametrize("error", [KeyboardInterrupt(), OSError("No space left on device")])
def test_a_download_that_is_broken_off_is_mended(error, tmp_path, made, server, monkeypatch):
    """By Ctrl-C or a full disk, when the third file is unpacked."""
    calls = []

    def decompress(data, whole=gzip.decompress):
        calls.append(1)
        if len(calls) == 3:
            raise error
        return whole(data)

    monkeypatch.setattr(gzip, "decompress", decompress)
    with pytest.raises((KeyboardInterrupt, FileNotFoundError)):
        load_mnist("test", root=tmp_path, source="mnist")
    assert set(stored(tmp_path)) == {TRAIN_IMAGES, TRAIN_LABELS}
    assert load_mnist("test", root=tmp_path).source == "MNIST"
    assert stored(tmp_path) == made


def test_two_downloads_at_once_do_no_harm(tmp_path, made, server, monkeypatch):
    """The other one begins while this one unpacks its second file, and ends before it goes on."""
    sources = []

    def decompress(data, whole=gzip.decompress):
        sources.append(None)
        if len(sources) == 2:
            sources.append(load_mnist("test", root=tmp_path).source)
        return whole(data)

    monkeypatch.setattr(gzip, "decompress", decompress)
    assert load_mnist("test", root=tmp_path).source == "MNIST"
    assert "MNIST" in sources
    assert stored(tmp_path) == made
