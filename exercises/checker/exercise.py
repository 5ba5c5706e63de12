"""What an exercise is: whoever adds one writes one of these, in a file of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Misconception:
    """A wrong idea that people are known to have, as code that follows it.

    Attributes
    ----------
    name : str
        The idea, as what such an answer does: "rounds to the nearest level".
    function : function or None
        An answer that follows it; its arguments are those of the exercise. None: what is named is
        a fact about the answer.
    why : str
        Two sentences: what this code does, and what is right.
    section : str
        Heading in the exercise's notebook where it is explained; empty for the exercise's own.
    is_near : bool
        Whether an answer was found to do so on nearly all inputs only.
    """

    name: str
    function: Callable
    why: str
    section: str = ""
    is_near: bool = False


def fact(name, why):
    """Name what is true of an answer, whatever idea it follows."""
    return Misconception(name, None, why)


def _as_it_is(value, arguments):
    return value


@dataclass(frozen=True)
class Exercise:
    """All that an exercise is.

    Attributes
    ----------
    section : str
        Heading in the notebook where it is taught.
    solution : function
        Named ``my_<name>``: a good answer, as `solution` shows it. It lies in the exercise's file,
        which gives the exercise its name, in the folder of the notebook.
    reference : function
        What answers are compared with; not the solution. None if `shows` is given.
    shows : str
        The sentence of `observe` that a right answer reaches, if the answer has no arguments.
    inputs : Strategy or None
        Draws a dict from the name of each argument to its value. None: the answer has no arguments.
        An argument named rng is a seed, and other seeds must give other results.
    examples : dict of str to dict
        Edge cases by name, tried first. The smallest comes first.
    misconceptions : tuple of Misconception
    hints : tuple of three str
    then : str
        What to try next, for who is done.
    observe : function of (value, arguments)
        What is compared instead of the returned value: a dict of statistics, or a sentence that
        says what the value shows; what is in brackets at its end tells no ideas apart.
    tolerance : float
        Of float values, relative and absolute.
    larger : str
        Why its inputs must be larger than 4 x 4; empty if they are not.
    more : tuple of dict
        Inputs tried after the sample, which students do not read: large images, numbers that are
        not round, the ends of what the text allows. A fault that only they show is made smaller.
    is_new : bool
        Whether the text asks for a new array, so that the argument itself is no answer.
    is_exact : bool
        Whether the text names the dtype of floats, so that float32 is no float64.
    """

    section: str
    solution: Callable
    inputs: Any
    examples: dict[str, dict]
    misconceptions: tuple[Misconception, ...]
    hints: tuple[str, str, str]
    then: str
    reference: Callable | None = None
    shows: str = ""
    observe: Callable = _as_it_is
    tolerance: float = 1e-6
    larger: str = ""
    more: tuple[dict, ...] = ()
    is_new: bool = False
    is_exact: bool = False

    @property
    def name(self):
        """Name of its file: "equalize"."""
        return self.solution.__module__.rpartition(".")[2]

    @property
    def notebook(self):
        """Name of its notebook, which is that of its folder: "02_equalization"."""
        return self.solution.__module__.split(".")[-2].removeprefix("ex")

    def section_of(self, misconception):
        """Heading in the notebook where one of the misconceptions is explained."""
        return misconception.section or self.section
