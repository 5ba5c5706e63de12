"""What a class server keeps: checks in a database, and what was handed in, every version.

Whatever returns without an error lies on the disk.
"""

import errno
import os
import re
import time
import zipfile
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

import sqlalchemy as sql

from course_utils._files import write_atomically
from exercises.checker.catalogue import all_names
from exercises.grading.collecting import KEPT
from exercises.grading.notebooks import code_cells, exercises_in

QUOTA = 500 * 2**20  # bytes that a student may hand in
PRESENT = 600  # seconds after a check during which a student counts as working
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class DiskFull(Exception):
    """There is no room; nothing was kept of what came."""


# Checks -----------------------------------------------------------------------------------------

METADATA = sql.MetaData()
CHECKS = sql.Table(
    "checks",
    METADATA,
    sql.Column("id", sql.Integer, primary_key=True),
    sql.Column("student", sql.String(255), nullable=False),
    sql.Column("exercise", sql.String(100), nullable=False),
    sql.Column("verdict", sql.String(20), nullable=False),
    sql.Column("idea", sql.String(200)),
    sql.Column("time", sql.Float, nullable=False),  # seconds since 1970, UTC
    sql.Index("latest", "student", "exercise", "time"),
)


@dataclass(frozen=True)
class Check:
    """What was found in an answer."""

    student: str
    exercise: str
    verdict: str
    idea: str | None
    time: float


def _be_durable(connection, _):
    """Let SQLite answer only when the data is on the disk, and readers not wait for writers."""
    for setting in ("journal_mode = WAL", "synchronous = FULL", "busy_timeout = 5000"):
        connection.execute(f"PRAGMA {setting}")


class Checks:
    """All checks in a database, and the latest of each student and exercise in memory.

    Parameters
    ----------
    url : str or sqlalchemy.URL
        Of the database.
    """

    def __init__(self, url):
        self.engine = sql.create_engine(url)
        if self.engine.dialect.name == "sqlite":
            sql.event.listen(self.engine, "connect", _be_durable)
        METADATA.create_all(self.engine)
        self.latest = defaultdict(dict)  # exercise: student: Check
        self.last = {}  # student: Check, of any exercise
        columns = [column for column in CHECKS.columns if column.name != "id"]
        whose = CHECKS.c.student, CHECKS.c.exercise
        last = sql.select(*whose, sql.func.max(CHECKS.c.time)).group_by(*whose)
        latest = sql.select(*columns).where(sql.tuple_(*whose, CHECKS.c.time).in_(last))
        with self.engine.connect() as connection:
            for row in connection.execute(latest):
                if row.exercise in all_names():  # a newer course may have other exercises
                    self._note(Check(*row))

    def _note(self, check):
        """Remember a check, unless a later one was faster."""
        for place in (self.latest[check.exercise], self.last):
            if check.student not in place or check.time >= place[check.student].time:
                place[check.student] = check

    def add(self, check):
        """Keep a check; when this returns, it is on the disk."""
        try:
            with self.engine.begin() as connection:
                connection.execute(sql.insert(CHECKS).values(asdict(check)))
        except sql.exc.DBAPIError as error:
            if re.search("full|no space|too large", str(error.orig), re.I):
                raise DiskFull from error
            raise
        self._note(check)

    def of(self, exercise):
        """List the latest check of each student; a list, since another thread adds checks."""
        return list(self.latest.get(exercise, {}).values())

    def in_hand(self):
        """The exercise at which most students are, or that of the last check; None before one."""
        last = sorted(list(self.last.values()), key=lambda check: -check.time)
        present = [check for check in last if check.time > time.time() - PRESENT]
        counts = Counter(check.exercise for check in present or last[:1])
        return max(counts, key=counts.get, default=None)


# Notebooks --------------------------------------------------------------------------------------


def _file_name(text):
    """A name of a hub as the name of a folder that is neither hidden nor elsewhere."""
    return re.sub(r'^\.|[/\\:*?"<>|%\x00-\x1f]', lambda found: f"%{ord(found[0]):02X}", text)


def _sync(folder):
    """Wait until the names of the files in a folder are on the disk."""
    place = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(place)
    finally:
        os.close(place)


class Notebooks:
    """What was handed in: ``<student>/<notebook>/<time>.ipynb``, every version.

    Parameters
    ----------
    folder : path
    """

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        for draft in folder.rglob(".*.part"):  # left by a process that was killed
            draft.unlink()
        self.versions = {}  # student's folder, notebook: names of its files
        for file in sorted(folder.glob("*/*/*.ipynb")):
            self.versions.setdefault(file.parts[-3:-1], []).append(file.name)

    def add(self, student, data):
        """Keep a version; when this returns, it is on the disk.

        Returns
        -------
        str, datetime, int
            Which notebook of the course it is, when it was kept, and the number of versions.

        Raises
        ------
        ValueError
            If it is no notebook of the course.
        DiskFull
        """
        place = _file_name(student), _notebook_of(data)
        folder, known = self.folder.joinpath(*place), self.versions.get(place, [])
        used = sum(file.stat().st_size for file in folder.parent.rglob("*.ipynb"))
        if used + len(data) > QUOTA:
            raise DiskFull
        now = datetime.now(UTC)
        name = now.strftime(KEPT)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            write_atomically(folder / name, data)
            for parent in (folder, folder.parent, self.folder):
                _sync(parent)
        except OSError as error:
            if error.errno in FULL:
                raise DiskFull from error
            raise
        self.versions[place] = [*known, name]
        return place[1], now, len(known) + 1

    def newest(self):
        """Yield student's folder, notebook, time and number of versions of each notebook."""
        for (student, notebook), names in sorted(list(self.versions.items())):
            moment = datetime.strptime(names[-1], KEPT)
            yield student, notebook, moment.replace(tzinfo=UTC).timestamp(), len(names)

    def pack(self, file):
        """Write a zip of the newest version of each notebook, as the report takes it."""
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for (student, notebook), names in list(self.versions.items()):
                place = f"{student}/{notebook}/{names[-1]}"
                archive.write(self.folder / place, place)


def _notebook_of(data):
    """Name of the course's notebook whose exercises a file holds, whatever the file is called."""
    try:
        names = exercises_in("\n".join(code_cells(data)))
    except Exception as error:  # damaged in any way
        raise ValueError(f"the file is not a notebook ({type(error).__name__})") from None
    if not names:
        raise ValueError("the notebook has no exercise of the course in it")
    return Counter(all_names()[name] for name in names).most_common(1)[0][0]
