"""Exercises of notebook 01, one a file; their quizzes; and what several of them share."""
