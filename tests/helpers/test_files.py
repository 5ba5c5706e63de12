"""Where the data lie, and files that are written whole or not at all."""

import os
from pathlib import Path

import pytest

from course_utils import _files, images
from course_utils._files import REPOSITORY, data_root, write_atomically


@pytest.mark.parametrize(
    ("argument", "variable", "expected"),
    [
        ("/a", "/b", Path("/a")),
        ("a", "/b", Path.cwd() / "a"),
        (Path("~/a"), None, Path.home() / "a"),
        (None, "~/b", Path.home() / "b"),
        (None, "../b", REPOSITORY / "../b"),
        (None, "", REPOSITORY / "data"),
        (None, None, REPOSITORY / "data"),
    ],
)
def test_the_data_root_is_the_argument_then_the_variable_then_data(
    argument, variable, expected, monkeypatch
):
    monkeypatch.delenv("COURSE_DATA", raising=False)
    if variable is not None:
        monkeypatch.setenv("COURSE_DATA", variable)
    assert data_root(argument) == expected
    with pytest.raises(TypeError, match="root must be a str, a path or None, not 5"):
        data_root(5)


@pytest.mark.parametrize("variable", ["", "relative"])
def test_an_install_without_its_repository_has_no_data_of_its_own(variable, tmp_path, monkeypatch):
    monkeypatch.setattr(_files, "REPOSITORY", tmp_path)
    monkeypatch.setenv("COURSE_DATA", variable)
    with pytest.raises(FileNotFoundError, match=r"pass root=, set COURSE_DATA .*--editable \."):
        data_root(None)
    assert data_root("/a") == Path("/a")
    monkeypatch.setenv("COURSE_DATA", "/b")
    assert data_root(None) == Path("/b")


def test_a_file_is_replaced_whole(tmp_path, monkeypatch):
    """The draft is complete and on the disk when it takes the file's place, beside which it lay."""
    path, steps = tmp_path / "weights.pt", []
    sync, replace = os.fsync, os.replace

    def watched(draft, path):
        steps.append((draft.read_bytes(), draft.parent))
        replace(draft, path)

    monkeypatch.setattr(os, "fsync", lambda file: (steps.append("on the disk"), sync(file)))
    monkeypatch.setattr(os, "replace", watched)
    path.write_bytes(b"a longer text")
    write_atomically(str(path), b"short")
    assert steps == ["on the disk", (b"short", tmp_path)]
    assert path.read_bytes() == b"short"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("step", ["fsync", "replace"])
@pytest.mark.parametrize("error", [OSError("disk full"), KeyboardInterrupt()])
def test_the_old_file_stays_on_a_fault(step, error, tmp_path, monkeypatch):
    path = tmp_path / "weights.pt"
    path.write_bytes(b"old")

    def fail(*_):
        raise error

    monkeypatch.setattr(os, step, fail)
    with pytest.raises(type(error)):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_an_install_without_its_repository_has_photographs_and_says_what_it_lacks(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(images, "FOLDER", tmp_path / "images")
    assert images.load_image("coffee").shape == (400, 600, 3)
    with pytest.raises(FileNotFoundError, match=r"'meadow'.*own pictures: .*--editable \."):
        images.load_image("meadow")
