"""Find the notebooks that students have handed in, and whose they are.

Nobody is lost: where no name is found, the path is the name.
"""

import contextlib
import csv
import io
import os
import re
import unicodedata
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from glob import glob
from pathlib import Path, PurePosixPath

from course_utils._validation import describe
from exercises.checker.catalogue import notebooks
from exercises.grading.notebooks import BYTES

NESTED = 3  # zips in zips
SKIPPED = re.compile(r"(^|/)(\.|__MACOSX/)")  # hidden, such as .ipynb_checkpoints
# Moodle lays a folder or a file for each student, Canvas a file.
MOODLE = re.compile(r"(?:^|/)([^/]+?)_\d+_assignsubmission_")
CANVAS = re.compile(r"(?:^|/)([^/_]+)(?:_LATE)?_\d+_\d+_[^/]*$")
COPIES = re.compile(r"([ _-]*\(\d+\)|-Copy\d+| - Copy)+$")
NAMES = ("student", "full name", "name", "vollständiger name", "nom complet", "nombre completo")


@dataclass(frozen=True)
class Submission:
    """A notebook that was handed in.

    Attributes
    ----------
    student, path : str
    read : function
        Returns its bytes; raises OSError or ValueError if it cannot.
    """

    student: str
    path: str
    read: Callable


def collect(paths, pattern=""):
    """Find all notebooks in files, folders and zips.

    Parameters
    ----------
    paths : list of str
        Also with ``*``, which the shell of Windows does not expand.
    pattern : str
        Regular expression, found somewhere in the path of each notebook: its first group is the
        student. Empty: as Moodle and Canvas name files; otherwise the first folder that tells
        notebooks apart; otherwise the name of the file without that of the course's notebook.

    Returns
    -------
    list of Submission

    Raises
    ------
    ValueError
        If the pattern is no regular expression with a group.
    """
    try:
        has_group = not pattern or re.compile(pattern).groups > 0
    except re.error as error:
        raise ValueError(
            f"student must be a regular expression, not {pattern!r}: {error}"
        ) from None
    if not has_group:
        raise ValueError(f"student must hold a group, as in '([^/]+)/', not {describe(pattern)}")
    given = [path for text in paths for path in _expanded(text)]
    single = [path for path in given if not path.is_dir() and path.suffix.lower() != ".zip"]
    common = _common_folder(single)
    found = [entry for path in given for entry in _found(path, common)]
    return [Submission(_student(path, inner, pattern), path, read) for path, inner, read in found]


def _expanded(text):
    path = Path(text)
    if path.exists() or path.is_symlink() or not re.search(r"[*?\[]", str(text)):
        return [path]
    return [Path(match) for match in sorted(glob(str(text), recursive=True))] or [path]


def _common_folder(files):
    if not files:
        return Path()
    return Path(os.path.commonpath([file.absolute().parent for file in files]))


def _found(path, common):
    """Yield path, the part of it that tells students apart, and how it is read."""
    if path.is_dir():
        for file in sorted(path.rglob("*")):
            inner = file.relative_to(path).as_posix()
            if SKIPPED.search(inner):
                continue
            if file.suffix.lower() == ".zip":
                yield from _in_zip(readable(file), file, inner)
            elif file.suffix.lower() == ".ipynb":
                yield readable(file), inner, lambda file=file: _read(file)
    elif path.suffix.lower() == ".zip":
        yield from _in_zip(readable(path), path, "")
    else:
        inner = Path(os.path.relpath(path.absolute(), common)).as_posix()
        yield readable(path), inner, lambda: _read(path)


def _read(file):
    size = file.stat().st_size
    if size > BYTES:
        raise ValueError(f"it is larger than {BYTES >> 20} MB")
    return file.read_bytes()


def _in_zip(label, file, inner, depth=NESTED):
    """Yield the notebooks in a zip; one that is damaged is a notebook that cannot be read."""
    try:
        with zipfile.ZipFile(file) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            zips = [m for m in members if m.filename.lower().endswith(".zip")]
            content = {_name_of(m): _member(archive, m) for m in zips} if depth else {}
    except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError, ValueError) as failure:

        def read(failure=failure):
            raise ValueError(f"damaged zip: {failure}")

        yield label, inner or label, read
        return
    for member in members:
        name = _name_of(member)
        if SKIPPED.search(name):
            continue
        place = f"{inner}/{name}" if inner else name
        if name in content:
            yield from _in_zip(f"{label}/{name}", io.BytesIO(content[name]), place, depth - 1)
        elif name.lower().endswith(".ipynb"):
            yield f"{label}/{name}", place, lambda member=member: _read_member(file, member)


def _name_of(member):
    """Name of a file in a zip; some programs write UTF-8 and do not say so."""
    if not member.flag_bits & 0x800:
        with contextlib.suppress(UnicodeError):
            return member.filename.encode("cp437").decode()
    return member.filename


def _read_member(file, member):
    with zipfile.ZipFile(file) as archive:
        return _member(archive, member)


def _member(archive, member):
    if member.file_size > BYTES:
        raise ValueError(f"it is larger than {BYTES >> 20} MB")
    with archive.open(member) as file:
        return file.read(BYTES)


def readable(path):
    """Write a path as text that every file and console of the world takes."""
    return os.fsencode(path).decode("utf-8", "replace").replace(os.sep, "/")


def _student(path, inner, pattern):
    """Name of the student who handed in what lies at `path`."""
    if pattern:
        match = re.search(pattern, path)
        return (match and next(filter(None, match.groups()), "")) or path
    for layout in (MOODLE, CANVAS):
        if match := layout.search(path):
            return match[1]
    inner = PurePosixPath(inner)
    if len(inner.parts) > 1:
        return readable(inner.parts[0])
    stem = COPIES.sub("", inner.name.rpartition(".")[0] or inner.name)
    for name in notebooks():
        stem = re.sub(rf"^{name}[ _.-]+|[ _.-]+{name}$", "", stem)
    return readable(stem)


# The roster -------------------------------------------------------------------------------------


def read_table(path):
    """Read a CSV file as spreadsheets and learning platforms write it.

    Parameters
    ----------
    path : path

    Returns
    -------
    list of str, list of dict
        The columns, and a dict for each row.

    Raises
    ------
    OSError, ValueError
    """
    data = Path(path).read_bytes()
    try:
        text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator)
    if not reader.fieldnames:
        raise ValueError(f"{path} must have a line of column names, but it is empty")
    return list(reader.fieldnames), [row for row in reader if any(row.values())]


def name_in(row):
    """Name of the student in a row of a roster or a gradebook."""
    columns = {column.strip().lower(): column for column in row if column}
    for name in NAMES:
        if name in columns:
            return (row[columns[name]] or "").strip()
    both = [columns.get("first name"), columns.get("last name") or columns.get("surname")]
    if all(both):
        return " ".join((row[column] or "").strip() for column in both)
    return (next(iter(row.values())) or "").strip()


def key_of(name):
    """What is compared of a name: neither the order of its words nor their case matters."""
    words = re.findall(r"\w+", unicodedata.normalize("NFKC", name).casefold())
    return " ".join(sorted(words))
