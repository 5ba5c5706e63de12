"""MNIST, or the digits that the course draws where there is no network: for notebooks 05 and 08."""

import hashlib
import os
import socket
import sys
import tempfile
import time
import urllib.request
from http.client import HTTPException
from pathlib import Path
from threading import Thread

from course_utils._validation import check_path, describe
from course_utils.drawn_digits import Digits, draw_digits

REPOSITORY = Path(__file__).resolve().parent.parent
FILES = {  # bytes and MD5 sum of each file, as published
    "train-images-idx3-ubyte": (47_040_016, "6bbc9ace898e44ae57da46a324031adb"),
    "train-labels-idx1-ubyte": (60_008, "a25bea736e30d166cdddb491f175f624"),
    "t10k-images-idx3-ubyte": (7_840_016, "2646ac647ad5339dbf082846283269ea"),
    "t10k-labels-idx1-ubyte": (10_008, "27ae3e4e09519cfbb04c329615203637"),
}
PREFIX = {"train": "train", "test": "t10k"}
DRAWN = {"train": (60_000, 1), "test": (10_000, 2)}  # how many digits are drawn, from which seed
PATIENCE = 4  # seconds that the servers together have to answer: without a network, none does
STALL = 20  # seconds without a byte after which a download has failed

_given_up = set()  # data folders of which load_mnist has said that digits are drawn instead


def load_mnist(split, *, root=None, source="auto"):
    """Load MNIST; where it is not at hand and cannot be downloaded, draw digits.

    Parameters
    ----------
    split : "train" or "test"
        60 000 or 10 000 digits, both of MNIST and drawn.
    root : str, path or None
        The data folder; MNIST lies in MNIST/raw below it. None takes the environment variable
        COURSE_DATA (a relative path counts from the repository), or else data/ in the repository.
    source : "auto", "mnist" or "drawn"
        "auto" takes MNIST if all of it is there or can be downloaded; otherwise it says so once
        on stderr, and draws. "mnist" takes MNIST or fails. "drawn" always draws.

    Returns
    -------
    Digits
        images, labels, and source: "MNIST" or "drawn".

    Raises
    ------
    TypeError
        If `root` is neither a str, a path nor None.
    ValueError
        If `split` or `source` is not as above, or a file of MNIST is truncated, changed or
        swapped with another one.
    FileNotFoundError
        If `source` is "mnist" and MNIST is neither there nor can be downloaded.

    Notes
    -----
    LeCun, Bottou, Bengio & Haffner, Gradient-based learning applied to document recognition, 1998.

    Examples
    --------
    >>> load_mnist("test", source="drawn").images.shape
    (10000, 28, 28)
    """
    _check_choice(split, "split", ("train", "test"))
    _check_choice(source, "source", ("auto", "mnist", "drawn"))
    root = data_root(root)
    if source == "drawn" or not _find_mnist(root, must=source == "mnist"):
        count, seed = DRAWN[split]
        return draw_digits(count, rng=seed)
    from torchvision.datasets.mnist import read_image_file, read_label_file  # torch loads slowly

    start = root / "MNIST" / "raw" / PREFIX[split]
    images = read_image_file(f"{start}-images-idx3-ubyte").numpy()
    labels = read_label_file(f"{start}-labels-idx1-ubyte").numpy()
    return Digits(images, labels, "MNIST")


def _check_choice(value, name, choices):
    if not isinstance(value, str) or value not in choices:
        raise ValueError(f"{name} must be one of {choices}, not {describe(value)}")


def data_root(root):
    """Folder of the data: the argument, else COURSE_DATA, else data/ in the repository."""
    if root is None:
        return REPOSITORY / Path(os.environ.get("COURSE_DATA") or "data").expanduser()
    check_path(root, "root", "a str, a path or None")
    return Path(root).expanduser().absolute()


def _find_mnist(root, must):
    """Whether all of MNIST lies below `root`, downloaded if need be; raise if it `must`."""
    raw = root / "MNIST" / "raw"
    missing = [name for name in FILES if not (raw / name).exists()]
    for name in FILES:
        if name not in missing:
            _verify(raw / name)
    if not missing:
        return True
    if root in _given_up and not must:
        return False
    try:
        _download(raw)
        return True
    except (OSError, RuntimeError, HTTPException) as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        what = f"{len(missing)} of the {len(FILES)} files of MNIST are missing from {raw}"
        if must:
            raise FileNotFoundError(f"{what} and cannot be downloaded: {reason}") from error
    _given_up.add(root)
    print(f"{what} and cannot be downloaded ({reason}): drawn digits stand in.", file=sys.stderr)
    return False


def _verify(path):
    """Raise ValueError unless the file is, byte for byte, what its name says."""
    size, md5 = FILES[path.name]
    data = path.read_bytes()
    found = hashlib.md5(data, usedforsecurity=False).hexdigest()
    if found == md5:
        return
    fault = f"is damaged: its MD5 sum is {found}, not {md5}"
    if len(data) != size:
        fault = f"is damaged: it has {len(data)} bytes, not {size}"
    for name, (_, known) in FILES.items():
        if found == known:
            fault = f"is swapped: it holds {name}"
    raise ValueError(f"{path} {fault}. Delete this file; the next call downloads it again")


def _download(raw):
    """Download MNIST with torchvision into a draft folder; once it is whole, move it to `raw`."""
    from torchvision.datasets import MNIST

    answering = _answering(MNIST.mirrors, MNIST.resources[0][0])

    class Draft(MNIST):
        mirrors = answering

    raw.mkdir(parents=True, exist_ok=True)
    timeout = socket.getdefaulttimeout()
    with tempfile.TemporaryDirectory(dir=raw, prefix=".draft-") as folder:
        socket.setdefaulttimeout(STALL)
        try:
            draft = Path(Draft(folder, download=True).raw_folder)
        finally:
            socket.setdefaulttimeout(timeout)
        for name in FILES:
            _verify(draft / name)
        for name in FILES:
            os.replace(draft / name, raw / name)


def _answering(mirrors, file):
    """Those `mirrors` that serve `file`; ConnectionError if none answers within PATIENCE."""
    found = []

    def ask(mirror):
        try:
            urllib.request.urlopen(mirror + file, timeout=PATIENCE).close()
            found.append(mirror)
        except (OSError, HTTPException):
            pass  # no answer, or not the file

    threads = [Thread(target=ask, args=[mirror], daemon=True) for mirror in mirrors]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + PATIENCE
    for thread in threads:
        thread.join(max(0, deadline - time.monotonic()))
    if not found:
        raise ConnectionError("no server answers")
    return sorted(found, key=mirrors.index)
