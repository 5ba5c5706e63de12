"""Exercises of notebook 02, one a file; their quizzes; and what several of them share."""
