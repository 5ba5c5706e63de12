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
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from glob import glob
from pathlib import Path, PurePosixPath

from course_utils._validation import describe
from exercises.checker.catalogue import notebooks
from exercises.grading.notebooks import BYTES

NESTED = 3  # zips in zips
SKIPPED = re.compile(r"(^|/)(\.|__MACOSX/)")  # hidden, such as .ipynb_checkpoints
# Moodle lays a folder or a file for each student, Canvas a file, which may be a zip.
MOODLE = re.compile(r"(?:^|/)(?P<name>[^/]+?)_(?P<number>\d+)_assignsubmission_")
CANVAS = re.compile(r"(?:^|/)(?P<name>[^/_]+)(?:_LATE)?_\d+_\d{3,}_[^/]*(?:\.zip/|$)")
PARTICIPANT = re.compile(r"(?:particip|partecip|teilnehm|deelnem)\D*(\d+)", re.I)  # Moodle's number
KEPT = "%Y-%m-%d_%H-%M-%S.%f.ipynb"  # what a class server calls a version that it keeps
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
    number : str
        Moodle's number of the student, if there is one.
    earlier : list of str
        Paths of what this one stands for now.
    """

    student: str
    path: str
    read: Callable
    number: str = ""
    earlier: tuple = ()


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
        Of what a class server keeps as ``student/notebook/time.ipynb``, the last one counts.

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
    people = [_student(path, inner, pattern) for path, inner, _ in found]
    names = told_apart(people)
    submissions = [
        Submission(name, path, read, number)
        for name, (_, number), (path, _, read) in zip(names, people, found)
    ]
    return _last_of_each(_without_attachments(submissions))


def told_apart(people):
    """Give those who share a name their number, too.

    Parameters
    ----------
    people : list of (str, str)
        Name and number of each; the number may be empty.

    Returns
    -------
    list of str
    """
    numbers = defaultdict(set)
    for name, number in people:
        numbers[key_of(name)].add(number)
    are_several = {key for key, found in numbers.items() if len(found) > 1}
    return [
        f"{name} {number}".strip() if key_of(name) in are_several else name
        for name, number in people
    ]


def _without_attachments(submissions):
    """Leave out what is no notebook, unless it is all that somebody has handed in."""
    kept = [s for s in submissions if s.read is not _no_notebook]
    others = {key_of(s.student): s for s in submissions if s.read is _no_notebook}
    known = {key_of(s.student) for s in kept}
    return kept + [s for key, s in others.items() if key not in known]


def _last_of_each(submissions):
    """Keep the last version of each notebook that somebody handed in on a class server."""
    versions = defaultdict(list)
    for number, submission in enumerate(submissions):
        path = _kept(submission.path)
        versions[path.parent if path else number].append(submission)
    last = []
    for group in versions.values():
        *earlier, newest = sorted(group, key=lambda submission: submission.path)
        last.append(replace(newest, earlier=tuple(other.path for other in earlier)))
    return last


def _expanded(text):
    path = Path(text)
    if path.exists() or path.is_symlink() or not re.search(r"[*?\[]", str(text)):
        return [path]
    return [Path(match) for match in sorted(glob(str(text), recursive=True))] or [path]


def _kept(text):
    """Whole path of a version that a class server keeps, ``student/notebook/time.ipynb``.

    None of any other file.
    """
    path = PurePosixPath(readable(os.path.abspath(text)))
    with contextlib.suppress(ValueError):
        datetime.strptime(path.name, KEPT)
        return path if path.parent.name in notebooks() else None


def _common_folder(files):
    """Folder that holds all files; None if there is none, as on two drives of Windows."""
    try:
        return Path(os.path.commonpath([file.absolute().parent for file in files]))
    except ValueError:
        return None


def _found(path, common):
    """Yield path, the part of it that tells students apart, and how it is read."""
    if path.is_dir():
        refused = []
        walk = os.walk(path, onerror=refused.append)
        for file in sorted(Path(folder, name) for folder, _, names in walk for name in names):
            inner = file.relative_to(path).as_posix()
            yield from _one(readable(file), inner, partial(_read, file), partial(open, file, "rb"))
        for error in refused:
            inner = Path(error.filename).relative_to(path).as_posix()
            yield readable(error.filename), inner, partial(_fail, error.strerror)
    elif path.suffix.lower() == ".zip":
        yield from _in_zip(readable(path), partial(open, path, "rb"), "")
    else:
        inner = path.absolute().relative_to(common).as_posix() if common else path.name
        yield readable(path), inner, lambda: _read(path)


def _one(label, inner, read, opened, depth=NESTED):
    """Yield a file if it is a notebook, the notebooks in it if it is a zip."""
    ending = PurePosixPath(inner).suffix.lower()
    if SKIPPED.search(inner):
        return
    if ending == ".zip":
        yield from _in_zip(label, opened, inner, depth)
    elif ending == ".ipynb":
        yield label, inner, read
    elif MOODLE.search(inner) or CANVAS.search(inner):  # who handed it in is not lost
        yield label, inner, _no_notebook


def _no_notebook():
    raise ValueError("it is no notebook, and no zip with one")


def _fail(reason):
    raise ValueError(reason)


def _read(file):
    size = file.stat().st_size
    if size > BYTES:
        raise ValueError(f"it is larger than {BYTES >> 20} MB")
    return file.read_bytes()


def _in_zip(label, opened, inner, depth=NESTED):
    """Yield the notebooks in a zip; one that is damaged is a notebook that cannot be read."""
    try:
        if not depth:
            raise ValueError("too many zips in each other")
        with opened() as file, zipfile.ZipFile(file) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
    except Exception as error:  # of many kinds
        yield label, inner or label, partial(_fail, f"damaged zip: {error}")
        return
    for member in members:
        name = _name_of(member)
        place = f"{inner}/{name}" if inner else name
        read = partial(_read_member, opened, member)
        yield from _one(
            f"{label}/{name}", place, read, lambda read=read: io.BytesIO(read()), depth - 1
        )


def _name_of(member):
    """Name of a file in a zip; some programs write UTF-8 and do not say so."""
    if not member.flag_bits & 0x800:
        with contextlib.suppress(UnicodeError):
            return member.filename.encode("cp437").decode()
    return member.filename


def _read_member(opened, member):
    if member.file_size > BYTES:
        raise ValueError(f"it is larger than {BYTES >> 20} MB")
    with opened() as file, zipfile.ZipFile(file) as archive, archive.open(member) as content:
        return content.read(BYTES)


def readable(path):
    """Write a path as text that every file and console of the world takes."""
    return os.fsencode(path).decode("utf-8", "replace").replace(os.sep, "/")


def _student(path, inner, pattern):
    """Name of the student who handed in what lies at `path`, and Moodle's number."""
    if pattern:
        match = re.search(pattern, path)
        return (match and next(filter(None, match.groups()), "")) or path, ""
    if version := _kept(path):
        return version.parent.parent.name, ""
    for layout in (MOODLE, CANVAS):
        if match := layout.search(path):
            return match["name"], match.groupdict().get("number", "")
    inner = PurePosixPath(inner)
    folders = [part for part in inner.parts[:-1] if part not in notebooks()]
    if folders:
        return readable(folders[0]), ""
    stem = COPIES.sub("", inner.name.rpartition(".")[0] or inner.name)
    for name in notebooks():
        stem = re.sub(rf"^{name}[ _.-]+|[ _.-]+{name}$", "", stem)
    return readable(stem), ""


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
    rows = [{name: row[name] for name in reader.fieldnames} for row in reader]
    return list(reader.fieldnames), [row for row in rows if any(row.values())]


def read_roster(path):
    """Read who should hand in.

    Parameters
    ----------
    path : path
        Of a CSV file with names, such as Moodle's grading worksheet.

    Returns
    -------
    list of (str, str)
        Name and Moodle's number of each; the number is empty where there is none.

    Raises
    ------
    OSError, ValueError
    """
    people = [(name_in(row), number_in(row)) for row in read_table(path)[1]]
    return list(zip(told_apart(people), (number for _, number in people)))


def renamed(submissions, roster):
    """Give those whose number is on the roster the name that stands there.

    Moodle's folders begin with the name of a group, or hide the name.
    """
    names = {number: name for name, number in roster if number}
    return [replace(s, student=names.get(s.number, s.student)) for s in submissions]


def number_in(row):
    """Moodle's number of the student in a row of a grading worksheet; empty if it has none."""
    match = PARTICIPANT.match((next(iter(row.values())) or "").strip())
    return match[1] if match else ""


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
    """What is compared of a name: neither the order of its words nor their case matters.

    A hyphen belongs to its word: on a class server ada-l, l-ada and ada-l- may be three students.
    """
    words = re.findall(r"[\w-]+", unicodedata.normalize("NFKC", name).casefold())
    return " ".join(sorted(words))
