"""Exercises of notebook 06, one a file; their quizzes; and what several of them share."""
