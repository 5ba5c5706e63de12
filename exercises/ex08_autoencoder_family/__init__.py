"""Exercises of notebook 08, one a file; their quizzes; and what several of them share."""
