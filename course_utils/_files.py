"""Write a file whole or not at all."""

import os
from pathlib import Path


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
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with draft.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)
