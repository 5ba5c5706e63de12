"""What all tests share: nbval runs cells the way a notebook does."""

import hypothesis
from nbval.kernel import RunningKernel

# No deadline: CI machines are busy. Derandomized: the same code gets the same answer each time.
hypothesis.settings.register_profile("course", deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("course")


def _execute_with_history(self, cell_input, allow_stdin=None):
    """Run a cell with history, as Jupyter does; without it a trailing ``;`` hides nothing."""
    return self.kc.execute(
        cell_input, store_history=True, allow_stdin=allow_stdin, stop_on_error=False
    )


RunningKernel.execute_cell_input = _execute_with_history
