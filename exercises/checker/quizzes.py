"""Multiple choice, drawn by jupyterquiz, with a twin in plain text."""

import html
import random
import re
from collections.abc import Callable
from dataclasses import dataclass

from exercises.checker.internals import drawn_by_jupyterquiz

COLORS = {
    "--jq-multiple-choice-bg": "#00486f",
    "--jq-mc-button-bg": "#fafafa",
    "--jq-correct-color": "#007a59",
    "--jq-incorrect-color": "#b34700",
}


@dataclass(frozen=True)
class Question:
    """A question, its answers, and the proof that the right one is right.

    Attributes
    ----------
    text : str
        What stands in backticks is shown as code, here and in the answers.
    right : tuple of two str
        The answer, and why it is right.
    wrong : tuple of tuples of two str
        Each wrong answer, and the mistake behind it.
    proof : function without arguments
        Computes that `right` is right. Where `right` states numbers, it returns these, or more
        exact ones; else it returns a bool.
    section : str
        Number of the section that answers it: "1.3".
    has_pictures : bool
        Whether it is about pictures that the notebook shows above the quiz.
    """

    text: str
    right: tuple[str, str]
    wrong: tuple[tuple[str, str], ...]
    proof: Callable
    section: str
    has_pictures: bool = False

    def answers(self, chance):
        """List (answer, explanation, whether it is right), shuffled."""
        answers = [(*self.right, True), *((*wrong, False) for wrong in self.wrong)]
        return chance.sample(answers, len(answers))


class Quiz:
    """What `quiz` shows.

    Parameters
    ----------
    notebook : str
    when : str
    questions : sequence of Question
    """

    def __init__(self, notebook, when, questions):
        chance = random.Random(notebook + when)  # so that stored outputs stay the same
        self.name = f"{notebook}, {when}"
        self.questions = [(question.text, question.answers(chance)) for question in questions]

    def __repr__(self):
        lines = [f"Quiz {self.name}: run the cell to answer."]
        for number, (text, answers) in enumerate(self.questions, 1):
            lines.append(f"{number}. {text}")
            lines += [f"   ( ) {answer}" for answer, _, _ in answers]
        return "\n".join(lines)

    def _repr_html_(self):
        questions = [
            {
                "question": markup(f"{number}. {text}"),
                "type": "multiple_choice",
                "answers": [
                    {
                        "answer": markup(answer),
                        "feedback": markup(why),
                        "correct": is_right,
                    }
                    for answer, why, is_right in answers
                ],
            }
            for number, (text, answers) in enumerate(self.questions, 1)
        ]
        state = random.getstate()
        random.seed(self.name)  # jupyterquiz draws the name of its <div>
        drawn = drawn_by_jupyterquiz(questions, shuffle_answers=False, max_width=760, colors=COLORS)
        random.setstate(state)
        return drawn and "{}</div>\n<script>\n{}\n</script>".format(*drawn)


def markup(text):
    """Turn plain text into HTML; what stands in backticks is code.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
    """
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text))
