"""Exercises of notebook 07, one a file; their quizzes; and what several of them share."""
