"""What is told to the board of a class, and how a notebook is handed in: on a class server only.

Such a server sets COURSE_BOARD, the board's address, and JUPYTERHUB_API_TOKEN, which says whose
kernel this is. Where one of them is missing nothing is ever sent.
"""

import contextlib
import json
import os
import queue
import re
import threading
from datetime import datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from urllib.parse import urlsplit

from IPython import get_ipython

WAITING = 20  # verdicts that wait to be sent; where the board is away, more are dropped
SECONDS = 5  # until the board counts as away
LONG = 60  # the same for a notebook
LARGEST = 20 * 2**20  # bytes of a notebook that is handed in
NOTE = (
    "Your class has a board: check tells it the exercise, the verdict and the name of a wrong "
    "idea, but no code; your teachers see your name and the time, the wall shows only how many. "
    "%env COURSE_BOARD=off in a cell of its own ends this.\n"
    "When you are done, save the notebook and hand it in: from exercises import submit; submit()"
)
CHECKED = re.compile(r"""\bcheck\(\s*["'](\w+)""")

_waiting = queue.Queue(WAITING)
_sender = threading.Thread(target=lambda: _send_for_ever(), name="board", daemon=True)


class NotHandedIn(Exception):
    """The notebook was not handed in; a notebook shows the reason and no traceback."""

    def _render_traceback_(self):
        return [f"Not handed in: {self}"]


def _post(address, place, data, seconds):
    """Send bytes to the board; return the status and the text of its answer.

    Nothing is sent to any other address: neither proxies nor redirections are followed.
    """
    address = urlsplit(address)
    connect = HTTPSConnection if address.scheme == "https" else HTTPConnection
    with contextlib.closing(connect(address.netloc, timeout=seconds)) as connection:
        token = {"Authorization": f"token {os.environ['JUPYTERHUB_API_TOKEN']}"}
        connection.request("POST", f"{address.path.rstrip('/')}/{place}", data, token)
        answer = connection.getresponse()
        return answer.status, answer.read().decode(errors="replace")


# Verdicts ---------------------------------------------------------------------------------------


def report(address, exercise, verdict, idea):
    """Tell the board what `check` found, later and in another thread; the first time, say so.

    Parameters
    ----------
    address, exercise, verdict : str
    idea : str or None
        Name of the misconception.
    """
    with contextlib.suppress(queue.Full):
        found = {"exercise": exercise, "verdict": verdict, "idea": idea}
        _waiting.put_nowait((address, json.dumps(found).encode()))
    if not _sender.is_alive():
        print(NOTE)
        _sender.start()


def _send_for_ever():
    while True:
        address, data = _waiting.get()
        with contextlib.suppress(Exception):  # whatever is wrong with a board, students go on
            _post(address, "verdicts", data, SECONDS)


# Notebooks --------------------------------------------------------------------------------------


def hand_in(address, notebook=None):
    """Send the saved file of a notebook to the board, and print what it answers.

    Parameters
    ----------
    address : str
    notebook : str or path, optional
        By default the one in which this is called.

    Raises
    ------
    NotHandedIn
        With the reason.
    """
    own = os.environ.get("JPY_SESSION_NAME", "")
    path = Path(notebook or own)
    if not path.is_file():
        raise NotHandedIn(
            f"there is no file {str(path)!r}. Was the notebook renamed? "
            'Then give its name: submit("my name.ipynb").'
        )
    data, saved = path.read_bytes(), datetime.fromtimestamp(path.stat().st_mtime)
    if len(data) > LARGEST:
        raise NotHandedIn(
            f"{path.name} has {len(data) >> 20} MB, and at most {LARGEST >> 20} are taken. Clear "
            "the outputs of large figures, save, and call submit() again."
        )
    try:
        status, text = _post(address, "handed_in", data, LONG)
    except (OSError, HTTPException, ValueError) as error:
        raise NotHandedIn(f"the board does not answer ({error}). Try again in a minute.") from None
    if status != 200:
        raise NotHandedIn(text)
    answer = json.loads(text)
    received = datetime.fromisoformat(answer["time"]).astimezone()
    print(
        f"Handed in: {path.name}, as it was saved at {saved:%H:%M:%S}, is version "
        f"{answer['versions']} of your notebook {answer['notebook']}, received at "
        f"{received:%H:%M:%S}. What you have changed since you saved is not in it."
    )
    if path.resolve() == Path(own).resolve() and (missing := _unsaved(data)):
        print(
            f"YOUR FILE LACKS WHAT YOU RAN LAST for {', '.join(missing)}. "
            "Save it (Ctrl + S), and call submit() again."
        )


def _unsaved(data):
    """List the exercises whose cell, as it ran last, is not in the file."""
    ran = {}
    for source in get_ipython().history_manager.input_hist_raw:
        ran |= dict.fromkeys(CHECKED.findall(source), source.strip())
    saved = {"".join(cell["source"]).strip() for cell in json.loads(data)["cells"]}
    return [name for name, source in ran.items() if source not in saved]
