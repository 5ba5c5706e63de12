"""Exercises of notebook 03, one a file; their quizzes; and what several of them share."""
