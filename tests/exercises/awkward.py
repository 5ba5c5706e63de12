"""Notebooks as students hand them in: awkward, and honest. Each kind is a function of an answer."""

import json
from dataclasses import dataclass

import nbformat

SETUP = "import numpy as np\nfrom exercises import check, hint, quiz, solution"


@dataclass(frozen=True)
class Answer:
    """An answer, and the verdict on it."""

    exercise: str
    arguments: str
    body: str
    verdict: str

    @property
    def name(self):
        return f"my_{self.exercise}"

    def function(self, first="", name=""):
        lines = [*filter(None, [first]), self.body]
        return f"def {name or self.name}({self.arguments}):\n    " + "\n    ".join(lines)

    def check(self):
        return f'check("{self.exercise}", {self.name})'

    def cell(self, first=""):
        return f"{self.function(first)}\n\n\n{self.check()}"


ANSWERS = (
    Answer(
        "blend",
        "first, second",
        "return np.rint((first.astype(float) + second) / 2).astype(np.uint8)",
        "correct",
    ),
    Answer(
        "equalize",
        "image",
        "return (255 * np.searchsorted(np.sort(image, axis=None), image, side='right')"
        " // image.size).astype(np.uint8)",
        "correct",
    ),
    Answer("blend", "first, second", "return first // 2 + second // 2", "wrong here"),
    Answer("equalize", "image", "return image[99, 99]", "raised an error"),
)

# Cells that stand before the answer ---------------------------------------------------------------

BEFORE = {
    "return outside a function": "return 3",
    "top-level await": "import asyncio\nawait asyncio.sleep(0)",
    "await of a value": "async def seven():\n    return 7\n\nseven = await seven()",
    "duplicate arguments": "def f(a, a):\n    pass",
    "import * in a function": "def f():\n    from math import *",
    "20 000 terms": "x = " + " + ".join(["1"] * 20_000),
    "brackets too deep": "x = " + "(" * 300 + ")" * 300,
    "unfinished string": "x = 'abc",
    "bad indentation": "if True:\nx = 1",
    "a pasted traceback": "Traceback (most recent call last):\n  File 3, in <module>",
    "a null character": "x = 1\0",
    "an error": "1 / 0",
    "a failed assert": "assert 1 == 2, 'no'",
    "sys.exit": "import sys\nsys.exit(1)",
    "exit": "exit()",
    "quit": "quit",
    "os._exit": "import os\nos._exit(0)",
    "a segmentation fault": "import ctypes\nctypes.string_at(0)",
    "an endless loop": "while True:\n    pass",
    "an endless loop that heeds nothing": "while True:\n    try:\n        x = 1\n"
    "    except BaseException:\n        pass",
    "an interrupt": "raise KeyboardInterrupt",
    "plt.show": "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()",
    "a backend with windows": "import matplotlib\nmatplotlib.use('TkAgg')",
    "%matplotlib inline": "%matplotlib inline\nimport matplotlib.pyplot as plt",
    "%matplotlib notebook": "%matplotlib notebook",
    "display": "from IPython.display import Markdown\ndisplay(Markdown('x'), 3)",
    "get_ipython": "get_ipython().run_line_magic('precision', '3')\nget_ipython().config",
    "autoreload": "%load_ext autoreload\n%autoreload 2",
    "a command of the system": "!pip install numpy\nfiles = !ls",
    "%pip": "%pip install --quiet numpy\n%cd nowhere",
    "%%bash": "%%bash\necho hello",
    "an unknown magic": "%nonsense 3",
    "help": "np.mean?",
    "%timeit": "%timeit -n 1 -r 1 sum(range(9))",
    "Colab": "from google.colab import drive\ndrive.mount('/content/drive')",
    "Colab in one cell with all": "from google.colab import files\nimport numpy as np\n"
    "from exercises import check",
    "Kaggle": "import os\nfor folder, _, names in os.walk('/kaggle/input'):\n    print(names)",
    "an absent library": "import seaborn_of_tomorrow as sns",
    "first year's names": "from course_utils.exercises import check",
    "star import": "from exercises import *\nfrom math import *",
    "input": "name = input('Your name?')",
    "a picture that is not there": "from course_utils.images import load_image\n"
    "mine = load_image('mine.jpg')",
    "other folder": "import os\nos.chdir('/')",
    "much output": "for n in range(10**5):\n    print(n)",
    "a print of their own": "print = lambda *_: None",
    "a list called list": "list = [1, 2]\nsum = 3\nlen = 4",
    "a closed stream": "import sys\nsys.stdout.close()",
    "a thread that goes on": "import threading, time\n"
    "threading.Thread(target=time.sleep, args=[9], daemon=True).start()",
    "a seed": "np.random.seed(3)\nimport random\nrandom.seed(4)",
    "much memory": "big = np.zeros((10**5, 10**6))",
    "the solution": "solution('histogram')\nhint('blend')\nquiz('01_histograms', 'before')",
}

# What the answer leans on: a cell before it, and its first line -----------------------------------

LEANS = {
    "a constant": ("WHITE = 255", "assert WHITE == 255"),
    "a tuple": ("BLACK, WHITE = 0, 255", "assert WHITE == 255"),
    "an annotation": ("WHITE: int = 255", "assert WHITE == 255"),
    "a lambda": ("white = lambda: 255", "assert white() == 255"),
    "np.vectorize": ("clip = np.vectorize(lambda x: min(x, 255))", "assert clip(300) == 255"),
    "functools": (
        "from functools import partial\nadd = partial(np.add, 1)",
        "assert add(1) == 2",
    ),
    "try: import": (
        "try:\n    import nothing as math\nexcept ImportError:\n    import math",
        "assert math.pi > 3",
    ),
    "if True: def": ("if True:\n    def white():\n        return 255", "assert white() == 255"),
    "with": (
        "import warnings\nwith warnings.catch_warnings():\n    white = 255",
        "assert white == 255",
    ),
    "a loop that fills a table": (
        "table = {}\nfor k in range(256):\n    table[k] = 255 - k",
        "assert table[0] == 255",
    ),
    "a global counter": ("calls = 0", "global calls; calls += 1"),
    "a class": ("class White:\n    level = 255", "assert White.level == 255"),
    "a dataclass": (
        "from dataclasses import dataclass\n\n@dataclass\nclass W:\n    level: int = 255",
        "assert W().level == 255",
    ),
    "a cell of the course": (
        "from course_utils.histograms import histogram",
        "assert histogram(np.zeros((2, 2), np.uint8))[0] == 4",
    ),
    "two cells that change a list": ("levels = []\nlevels.append(255)", "assert levels == [255]"),
    "an array that is changed": ("a = np.zeros(3)\na[1] = 5", "assert a[1] == 5"),
    "%%time": ("%%time\nwhite = 255", "assert white == 255"),
    "await": ("async def w():\n    return 255\n\nwhite = await w()", "assert white == 255"),
}

# How `check` is called ----------------------------------------------------------------------------

CALLS = {
    "result kept": "r = check('{0}', my_{0})",
    "space": "check ('{0}', my_{0})",
    "indented": "if True:\n    check('{0}', my_{0})",
    "by names": "check(name='{0}', answer=my_{0})",
    "answer by name": "check('{0}', answer=my_{0})",
    "over lines": "check(\n    '{0}',\n    my_{0},\n)",
    "%time": "%time check('{0}', my_{0})",
    "%%time": "%%time\ncheck('{0}', my_{0})",
    "module": "import exercises\nexercises.check('{0}', my_{0})",
    "other name": "from exercises import check as test\ntest('{0}', my_{0})",
    "loop": "for name, answer in {{'{0}': my_{0}}}.items():\n    check(name, answer)",
    "function": "def main():\n    check('{0}', my_{0})\n\nmain()",
    "try": "try:\n    check('{0}', my_{0})\nexcept Exception:\n    pass",
    "semicolon": "x = 1; check('{0}', my_{0});",
    "lambda": "check('{0}', lambda *a: my_{0}(*a))",
    "star": "check(*('{0}', my_{0}))",
    "twice": "check('{0}', my_{0})\ncheck('{0}', my_{0})",
    "after an error": "print(my_{0}(1, 2, 3, 4))\ncheck('{0}', my_{0})",
}


DEATH = 'def die(*_):\n    import os\n    os._exit(1)\n\ncheck("histogram", die)'
TIMER = DEATH.replace(
    "os._exit(1)", "import threading; threading.Timer(0.1, os._exit, [1]).start()"
)
ENDLESS = 'def f(*_):\n    while True: pass\n\ncheck("histogram", f)'
MADE = "def make():\n    {}\n    return my_{}\n\nmy_{} = make()"
CALLED = "class A:\n    def __call__(self, {}):\n        {}\n\nmy_{} = A()"


def _moved(answer):
    """Yield other orders of the cells, and other forms of the answer."""
    wrong = Answer(answer.exercise, "*images", "return 7", "")
    dots = Answer(answer.exercise, answer.arguments, "...", "")
    inner = answer.function().replace("\n", "\n    ")
    helper, one = "def helper():\n    pass", "@functools.cache\ndef one():\n    return 1"
    yield "no check", [SETUP, answer.function()]
    yield "check below, alone", [SETUP, answer.function(), answer.check()]
    yield "check above", [SETUP, answer.check(), answer.function()]
    yield "dots above", [SETUP, dots.cell(), answer.cell()]
    yield "dots below", [SETUP, answer.cell(), dots.cell()]
    yield "dots, its check, the function", [SETUP, dots.cell(), answer.function()]
    yield "tries before", [SETUP, wrong.cell(), answer.cell()]
    yield "helper below", [SETUP, answer.function("helper()"), helper, answer.check()]
    yield "helper below the check", [SETUP, answer.cell("helper()"), helper]
    yield "no setup", [answer.cell()]
    yield "setup below", [answer.cell(), SETUP]
    yield "a death before", [SETUP, DEATH, answer.cell()]
    yield "a timer before", [SETUP, TIMER, answer.cell()]
    yield "a death after", [SETUP, answer.cell(), DEATH]
    yield "an endless answer before", [SETUP, ENDLESS, answer.cell()]
    yield "decorated", [SETUP, "import functools", one, answer.cell("one()")]
    name = answer.exercise
    yield "nested", [SETUP, MADE.format(inner, name, name), answer.check()]
    called = CALLED.format(answer.arguments, answer.body, name)
    yield "a class that is called", [SETUP, called, answer.check()]
    yield "tabs", [SETUP, answer.cell().replace("    ", "\t")]
    yield "Windows' lines", [SETUP, answer.cell().replace("\n", "\r\n")]
    yield "umlauts", [SETUP, "größe = 3", answer.cell("assert größe == 3")]
    yield "future", ["from __future__ import annotations\n" + SETUP, answer.cell()]


def cases():
    """List all: name of the kind, cells, and the answer."""
    found = []
    for answer in ANSWERS:
        found += [(kind, [SETUP, cell, answer.cell()], answer) for kind, cell in BEFORE.items()]
        found += [
            (f"leans on {kind}", [SETUP, cell, answer.cell(first)], answer)
            for kind, (cell, first) in LEANS.items()
        ]
        found += [
            (f"called: {kind}", [SETUP, answer.function(), call.format(answer.exercise)], answer)
            for kind, call in CALLS.items()
        ]
        found += [(f"moved: {kind}", cells, answer) for kind, cells in _moved(answer)]
    return found


def one_of_each():
    """One case of each kind; the answers take turns."""
    kinds = {}
    for kind, cells, answer in cases():
        kinds.setdefault(kind, []).append((kind, cells, answer))
    return [group[number % len(ANSWERS)] for number, group in enumerate(kinds.values())]


def notebook(cells):
    """A notebook of these cells, as bytes."""
    made = nbformat.v4.new_notebook()
    made.cells = [nbformat.v4.new_code_cell(cell) for cell in cells]
    return json.dumps(made).encode()
