"""Where `check` and its like were in the first year: notebooks from then still find them here."""

from exercises import check, hint, quiz, solution

__all__ = ["check", "hint", "quiz", "solution"]
