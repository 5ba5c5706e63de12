"""Exercises of notebook 04, one a file; their quizzes; and what several of them share."""
