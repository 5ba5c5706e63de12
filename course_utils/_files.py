"""Where files lie, and how one is written whole or not at all."""

import os
import secrets
from pathlib import Path

from course_utils._validation import check_path

REPOSITORY = Path(__file__).resolve().parent.parent
CURE = "run `pip install --editable .` in the course's repository"


def data_root(root):
    """Folder of the data: the argument, else COURSE_DATA, else data/ in the repository."""
    if root is not None:
        check_path(root, "root", "a str, a path or None")
        return Path(root).expanduser().absolute()
    folder = Path(os.environ.get("COURSE_DATA") or "data").expanduser()
    return folder if folder.is_absolute() else repository() / folder


def repository():
    """Folder of the repository; an error that names the cure if the course stands without it."""
    if (REPOSITORY / "notebooks").is_dir():
        return REPOSITORY
    raise FileNotFoundError(
        "the course is installed without its repository, so it has no data folder: "
        f"pass root=, set COURSE_DATA to an absolute path, or {CURE}"
    )


def write_atomically(path, data):
    """Write bytes to a file that is whole or absent, even if the power fails halfway.

    Parameters
    ----------
    path : str or path
        What stands there is replaced, in one instant, once the new file is on the disk.
    data : bytes

    Raises
    ------
    OSError
        If the folder does not exist, may not be written to, or the disk is full. What stood at
        `path` still does.
    """
    path = Path(path)
    draft = path.with_name(f".{secrets.token_hex(8)}.part")  # a name may be as long as is allowed
    try:
        with draft.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)
