"""MNIST, or the digits that the course draws where there is no network: for notebooks 05 and 08."""

import gzip
import hashlib
import io
import sys
from contextlib import suppress
from pathlib import Path
from threading import Thread

import numpy as np
from pooch import HTTPDownloader, retrieve

from course_utils._files import data_root
from course_utils._validation import describe
from course_utils.drawn_digits import Digits, draw_digits

MIRRORS = (  # in order of preference
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
)
FILES = {  # bytes and MD5 sum of each file, as published
    "train-images-idx3-ubyte": (47_040_016, "6bbc9ace898e44ae57da46a324031adb"),
    "train-labels-idx1-ubyte": (60_008, "a25bea736e30d166cdddb491f175f624"),
    "t10k-images-idx3-ubyte": (7_840_016, "2646ac647ad5339dbf082846283269ea"),
    "t10k-labels-idx1-ubyte": (10_008, "27ae3e4e09519cfbb04c329615203637"),
}
PREFIX = {"train": "train", "test": "t10k"}
DRAWN = {"train": (60_000, 1), "test": (10_000, 2)}  # how many digits are drawn, from which seed
PATIENCE = 2  # seconds that a server has to answer: without a network, none does
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
        If `source` is "mnist" and MNIST is neither there nor can be downloaded, or if there is no
        data folder, since the course is installed without its repository.

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
    if root is not None or source != "drawn":  # who draws needs no folder
        root = data_root(root)
    if source == "drawn" or not _find_mnist(root, must=source == "mnist"):
        count, seed = DRAWN[split]
        return draw_digits(count, rng=seed)
    names = [name for name in FILES if name.startswith(PREFIX[split])]
    images, labels = (_read(root / "MNIST" / "raw" / name) for name in names)
    return Digits(images, labels.astype(np.int64), "MNIST")


def _check_choice(value, name, choices):
    if not isinstance(value, str) or value not in choices:
        raise ValueError(f"{name} must be one of {choices}, not {describe(value)}")


def _find_mnist(root, must):
    """Whether all of MNIST lies below `root`, downloaded if need be; raise if it `must`."""
    raw = root / "MNIST" / "raw"
    missing = [name for name in FILES if not (raw / name).exists()]
    for name in FILES.keys() - missing:
        _verify(raw / name)
    if missing and root in _given_up and not must:
        return False
    try:
        for name in missing:
            _download(name, raw)
        return True
    except ConnectionError as error:
        reason = " ".join(str(error).split())
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


def _read(path):
    """Array of an IDX file: two zeros, type 8, number of axes, their lengths, and the values."""
    data = np.fromfile(path, np.uint8)
    end = 4 + 4 * data[3]
    return data[end:].reshape(data[4:end].view(">u4"))


def _download(name, raw):
    """Download a file from the first mirror that has it whole; ConnectionError if none has."""
    reason = "no server answers"
    for url in [f"{mirror}{name}.gz" for mirror in MIRRORS]:
        try:
            if _is_offered(url):
                retrieve(url, f"md5:{FILES[name][1]}", name, raw, downloader=_unpack)
                return
        except Exception as error:  # broken off, not the file, the disk is full: of many kinds
            reason = error
    raise ConnectionError(reason)


def _is_offered(url):
    """Whether a server says in time that it has the file.

    It is asked in a thread, since nothing limits how long the name of a server is looked up.
    """
    answers = []

    def ask():
        with suppress(OSError):
            answers.append(HTTPDownloader(timeout=PATIENCE)(url, None, None, check_only=True))

    thread = Thread(target=ask, daemon=True)
    thread.start()
    thread.join(PATIENCE)
    return any(answers)


def _unpack(url, output_file, pooch):
    """Download an archive and unpack it: pooch checks what comes out, and moves it to its place."""
    archive = io.BytesIO()
    HTTPDownloader(progressbar=True, chunk_size=2**16, timeout=STALL)(url, archive, pooch)
    Path(output_file).write_bytes(gzip.decompress(archive.getvalue()))
    Path(output_file).chmod(0o644)  # pooch's draft is private, but a class may share its data
