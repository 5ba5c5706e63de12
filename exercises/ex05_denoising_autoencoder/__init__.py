"""Exercises of notebook 05, one a file; their quizzes; and what several of them share."""
