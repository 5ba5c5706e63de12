"""Keep a process to its own files, with Linux's Landlock; see ``man 7 landlock``.

An audit hook stops Python code only. What is refused here, the system refuses to all code of the
process and of its children, and nobody takes it back.
"""

import ctypes
import os
import struct
from pathlib import Path

# Numbers of system calls (the same on all processors but Alpha), options and rights of linux/*.h.
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
VERSION, PATH_BENEATH, NO_NEW_PRIVILEGES = 1, 1, 38
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR, TRUNCATE = 1, 2, 4, 8, 1 << 14
OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE  # the others make sense for folders only
ALL = {1: 2**13 - 1, 2: 2**14 - 1}  # rights that a version knows; later ones: up to TRUNCATE
SIGNALS = 2  # from version 6 on: no signals to processes outside


def confine(readable, writable):
    """Let this process read some places, write to some others, and start no program.

    It cannot look into processes that are not confined with it, nor send them signals.

    Parameters
    ----------
    readable, writable : iterable of path
        Files, or folders with all that is in them. What does not exist is left out.

    Returns
    -------
    bool
        Whether the system can do it; if not, nothing has changed.
    """
    linux = ctypes.CDLL(None)
    version = linux.syscall(CREATE_RULESET, None, 0, VERSION)
    if version < 1:
        return False
    rights = ALL.get(version, 2 * TRUNCATE - 1)
    attributes = struct.pack("QQQ", rights, 0, SIGNALS if version >= 6 else 0)
    rules = linux.syscall(CREATE_RULESET, attributes, len(attributes), 0)
    for path in readable:
        _allow(linux, rules, path, READ_FILE | READ_DIR)
    for path in writable:
        _allow(linux, rules, path, rights & ~EXECUTE)
    linux.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    is_done = linux.syscall(RESTRICT_SELF, rules, 0) == 0
    os.close(rules)
    return is_done


def _allow(linux, rules, path, rights):
    try:
        place = os.open(path, os.O_PATH)
    except OSError:  # it does not exist
        return
    if not Path(path).is_dir():
        rights &= OF_FILES
    linux.syscall(ADD_RULE, rules, PATH_BENEATH, struct.pack("=Qi", rights, place), 0)
    os.close(place)


def without(root, hidden):
    """List `root`, or what is in it but for the folder `hidden`.

    Parameters
    ----------
    root, hidden : path

    Returns
    -------
    list of Path
    """
    root, hidden = Path(root), Path(hidden).resolve()
    if not hidden.is_relative_to(root.resolve()):
        return [root]
    if root.resolve() == hidden:
        return []
    children = [child for child in root.iterdir() if not child.is_symlink()]
    return [path for child in children for path in without(child, hidden)]
