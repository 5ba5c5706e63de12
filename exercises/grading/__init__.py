"""Judge the notebooks of a class; `student` runs the answers, `judging` judges them elsewhere."""
