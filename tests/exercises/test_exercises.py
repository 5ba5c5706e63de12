"""Every exercise knows its solution and its wrong answers, and no answer harms the check."""

import builtins
import functools
import html
import inspect
import os
import random
import re
import signal
import subprocess
import symtable
import sys
import tempfile
import threading
import time
import warnings
from dataclasses import replace
from pathlib import Path

import mistune
import nbformat
import numpy as np
import pytest
from execute_notebooks import NOTEBOOKS

from course_utils._validation import describe
from exercises import _card, check, hint, solution
from exercises.checker import apart, running
from exercises.checker.cards import Card, anchor
from exercises.checker.catalogue import all_names, find, find_questions, names_of, notebooks
from exercises.checker.comparing import difference
from exercises.checker.judge import Verdict, judge
from exercises.checker.quizzes import Quiz
from exercises.checker.report import code_cells

ALL = {name: find(name) for name in all_names()}
each_exercise = pytest.mark.parametrize("name", ALL)
each_wrong_answer = pytest.mark.parametrize(
    ("name", "number"),
    [(name, number) for name in ALL for number in range(len(ALL[name].misconceptions))],
    ids=lambda value: str(value),
)


def largest_side(arguments):
    return max((max(np.shape(value), default=0) for value in arguments.values()), default=0)


# Every exercise ---------------------------------------------------------------------------------


@each_exercise
def test_stub_is_not_written_yet(name):
    assert judge(ALL[name], lambda *arguments: None).kind == "unwritten"


@each_exercise
def test_solution_is_correct(name):
    verdict = judge(ALL[name], ALL[name].solution)
    assert verdict.kind == "correct", Card(ALL[name], verdict)


@each_wrong_answer
def test_wrong_answer_is_known_by_its_name(name, number):
    exercise, wrong = ALL[name], ALL[name].misconceptions[number]
    verdict = judge(exercise, wrong.function)
    assert verdict.kind in ("wrong", "raised"), Card(exercise, verdict)
    assert verdict.misconception is not None, Card(exercise, verdict)
    assert verdict.misconception.name == wrong.name, Card(exercise, verdict)
    assert exercise.larger or largest_side(verdict.arguments) <= 4


@each_exercise
def test_data_are_complete(name):
    exercise = ALL[name]
    assert len(exercise.misconceptions) >= 6
    assert len({wrong.name for wrong in exercise.misconceptions}) == len(exercise.misconceptions)
    assert len(exercise.hints) == 3
    assert exercise.solution.__name__ == f"my_{name}"
    assert list(exercise.examples)
    sections = {exercise.section, *(w.section for w in exercise.misconceptions if w.section)}
    assert sections <= set(headings(exercise.notebook)), sections - set(headings(exercise.notebook))
    assert (exercise.inputs is None) == bool(exercise.shows) == (exercise.reference is None)


# Every notebook ---------------------------------------------------------------------------------


@functools.cache
def cells_of(notebook):
    return nbformat.read(NOTEBOOKS / f"{notebook}.ipynb", as_version=4).cells


def headings(notebook):
    text = "\n".join(cell.source for cell in cells_of(notebook) if cell.cell_type == "markdown")
    return re.findall(r"^#+ (.*)$", text, re.M)


def table_of(source):
    return symtable.symtable(source, "cell", "exec")


def globals_of(table):
    """Names of globals that a function uses, and those within it."""
    names = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_global()}
    return names.union(*map(globals_of, table.get_children()))


@each_exercise
def test_solution_runs_in_its_notebook(name):
    """A student may paste it into the notebook, which imports less than our modules do."""
    known = set(dir(builtins))
    for cell in code_cells(NOTEBOOKS / f"{ALL[name].notebook}.ipynb"):
        symbols = table_of(cell).get_symbols()
        known |= {s.get_name() for s in symbols if s.is_imported() or s.is_namespace()}
    (function,) = table_of(inspect.getsource(ALL[name].solution)).get_children()
    assert globals_of(function) <= known


def test_unknown_names_are_noticed():
    (function,) = table_of("def f(x):\n    return [y(x) for y in z]").get_children()
    assert globals_of(function) == {"z"}


ADDRESS = re.compile(r"#[!#-;=?-_a-~]+")  # what a browser leaves as it is


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("[0-9]*.ipynb")), ids=lambda path: path.stem)
def test_links_lead_to_headings(path):
    """JupyterLab makes the id of a heading from its text as shown, with - for each space."""
    shown = [re.sub("<[^>]*>", "", mistune.html(text)).strip() for text in headings(path.stem)]
    ids = [html.unescape(text).replace(" ", "-") for text in shown]
    ours = [exercise for exercise in ALL.values() if exercise.notebook == path.stem]
    wrong = [wrong for exercise in ours for wrong in exercise.misconceptions if wrong.section]
    for section in {part.section for part in (*ours, *wrong)}:
        assert ids.count(anchor(section).removeprefix("#")) == 1, section
        assert ADDRESS.fullmatch(anchor(section)), "the browser rewrites it, and nothing is found"


def test_anchor_knows_the_marks_of_markdown():
    assert anchor("1.1 What `uint8` *is*") == "#1.1-What-uint8-is"


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("[0-9]*.ipynb")), ids=lambda path: path.stem)
def test_notebook_holds_its_exercises_unsolved(path):
    ours = [exercise.name for exercise in ALL.values() if exercise.notebook == path.stem]
    assert len(ours) >= 4
    cells = [cell for cell in cells_of(path.stem) if cell.cell_type == "code"]
    for name in ours:
        (cell,) = (cell for cell in cells if f'check("{name}", my_{name})' in cell.source)
        (output,) = cell.outputs
        assert f"{name}: not written yet" in output.data["text/plain"]
    assert sum(re.search("^check", cell.source, re.M) is not None for cell in cells) == len(ours)
    quizzes = [cell.source for cell in cells if cell.source.startswith("quiz(")]
    assert quizzes == [f'quiz("{path.stem}", "{when}")' for when in ("before", "after")]


def test_some_exercises_ask_for_a_fault():
    assert sum(exercise.inputs is None for exercise in ALL.values()) >= 4
    assert len(ALL) >= 32


# Quizzes ----------------------------------------------------------------------------------------


def quizzes():
    for notebook in notebooks():
        for when in ("before", "after"):
            questions = find_questions(notebook, when)
            yield pytest.param(notebook, when, questions, id=f"{notebook}-{when}")


each_quiz = pytest.mark.parametrize(("notebook", "when", "questions"), list(quizzes()))


@each_quiz
def test_quiz_is_complete(notebook, when, questions):
    assert len(questions) == 5
    for question in questions:
        answers = [question.right, *question.wrong]
        assert 3 <= len(answers) <= 5
        assert len({answer for answer, _ in answers}) == len(answers)
        assert all(len(why.split()) >= 4 for _, why in answers), question.text
        assert "$" not in repr(question), "no formula: jupyterquiz cannot draw one"


@each_quiz
def test_right_answers_are_right(notebook, when, questions):
    for question in questions:
        assert bool(question.proof()) is True, question.text


@pytest.mark.parametrize("notebook", notebooks())
def test_no_question_is_asked_twice(notebook):
    both = (*find_questions(notebook, "before"), *find_questions(notebook, "after"))
    texts = [question.text for question in both]
    assert len(set(texts)) == len(texts) == 10


def test_quiz_needs_no_network_and_is_the_same_each_time():
    notebook = notebooks()[0]
    questions = find_questions(notebook, "before")
    page = Quiz(notebook, "before", questions)._repr_html_()
    assert "://" not in page
    assert page == Quiz(notebook, "before", questions)._repr_html_()


# No answer harms the check ----------------------------------------------------------------------

EQUALIZE = ALL["equalize"]
DEFAULT_RNG = np.random.default_rng  # as an answer holds it that imported it by name


def endless(image):
    while True:
        pass


def endless_and_deaf(image):
    while True:
        try:
            image = image.copy()
        except:  # noqa: E722
            pass


def for_ever_deeper(image):
    return for_ever_deeper(image)


@pytest.mark.parametrize("function", [endless, endless_and_deaf])
def test_endless_answer_is_stopped(function):
    verdict = judge(EQUALIZE, function)
    assert verdict.kind == "slow"
    assert largest_side(verdict.arguments) == 1


@pytest.mark.parametrize(
    ("function", "says"),
    [
        (for_ever_deeper, "RecursionError"),
        (lambda image: sys.exit(3), "SystemExit"),
        (lambda image: image[9, 9], "IndexError"),
        (lambda image: input(), "RuntimeError: input"),
        (lambda image, more: image, "TypeError"),
    ],
)
def test_error_is_shown_on_the_smallest_input(function, says):
    verdict = judge(EQUALIZE, function)
    assert verdict.kind == "raised"
    assert verdict.says.startswith(says)
    assert largest_side(verdict.arguments) == 1


@pytest.mark.parametrize(
    ("function", "says"),
    [
        (lambda image: EQUALIZE.reference(image).tolist(), "returned [[255]] (list)"),
        (lambda image: EQUALIZE.reference(image) * 1.0, "dtype is float64, and must be uint8"),
        (lambda image: EQUALIZE.reference(image)[0], "its shape is (1,), and must be (1, 1)"),
        (lambda image: "white", "returned 'white' (str)"),
        (lambda image: [row for row in image], "returned a list of 1 array; np.array makes"),
        (lambda image: (yield image), "is there a yield in place of a return?"),
        (lambda image: np.ma.array(image), "returned a uint8 MaskedArray of shape (1, 1)"),
    ],
)
def test_type_and_shape_come_before_values(function, says):
    assert says in judge(EQUALIZE, function).says


def test_answer_that_looks_at_another_image_is_told_so():
    says = judge(EQUALIZE, lambda image: np.zeros((5, 5), np.uint8)).says
    assert says.endswith("It returns the same for all inputs: does it use its arguments?")
    assert "same for all" not in judge(EQUALIZE, lambda image: image + 1.5).says
    better = ALL["better_denoiser"]
    assert "same for all" not in judge(better, lambda network, noisy: [noisy, noisy]).says


def test_list_of_the_values_will_do_for_a_tuple():
    gains = ALL["kernel_gains"]
    assert judge(gains, lambda kernel: [kernel.sum(), (kernel**2).sum()]).kind == "correct"
    assert judge(gains, lambda kernel: [kernel.sum(), 3]).says.startswith("value 2: expected")
    assert "must return 2 values" in judge(gains, lambda kernel: [kernel.sum()]).says


def test_float_is_no_integer():
    size = ALL["output_size"]
    says = judge(size, lambda *numbers: float(size.reference(*numbers))).says
    assert says == "it must return an integer, and returned 1.0 (float)"
    assert judge(size, lambda *numbers: np.int32(size.reference(*numbers))).kind == "correct"


def test_noise_must_heed_its_seed():
    noise = ALL["add_gaussian_noise"]

    def deaf(image, sigma, rng):
        drawn = np.random.normal(0, sigma, image.shape)  # noqa: NPY002
        return np.clip(np.rint(image + drawn), 0, 255).astype(np.uint8)

    card = repr(Card(noise, judge(noise, deaf)))
    assert "Another seed gives the same result; does it use rng?" in card
    assert "code does not use rng" in card
    assert "expected" not in card, "the statistics are right"


def test_error_without_any_value_is_known_by_its_words_only():
    gains = ALL["kernel_gains"]
    known = judge(gains, lambda kernel: (kernel.sum(), sum(kernel.ravel() ^ 2))).misconception
    assert known.name == "writes ^ for a power"
    assert judge(gains, lambda kernel: kernel.sum() + "").misconception is None


def test_large_arrays_are_described_and_no_sentence_comes_twice():
    better = ALL["better_denoiser"]
    text = repr(Card(better, judge(better, lambda network, noisy: network(noisy))))
    assert "noisy = a uint8 array of shape (30, 28, 28)" in text
    assert text.count("the network's own answer") == 1


def test_the_failing_line_is_the_students():
    def my_equalize(image):
        levels = image.max() / 0
        return levels[3]

    assert "levels[3]" in judge(EQUALIZE, my_equalize).says


def test_answer_that_is_wrong_on_few_inputs_is_caught_on_a_small_one():
    def forgets_white(image):
        return image if image.max() > 250 else EQUALIZE.reference(image)

    verdict = judge(EQUALIZE, forgets_white)
    assert verdict.kind == "wrong"
    assert verdict.arguments["image"].max() == 251
    assert verdict.misconception is None


def test_same_code_gets_same_answer():
    def by_chance(image):
        noise = np.random.default_rng().integers(0, 2, image.shape) + np.random.randint(2)  # noqa: NPY002
        return (EQUALIZE.reference(image) + noise + random.randint(0, 1)).astype(np.uint8)

    cards = [repr(Card(EQUALIZE, judge(EQUALIZE, by_chance))) for _ in range(2)]
    assert cards[0] == cards[1]


def test_check_leaves_no_trace(tmp_path, monkeypatch, capsys):
    def noisy(image):
        print("here I am")
        np.random.seed(7)  # noqa: NPY002
        return EQUALIZE.reference(image)

    monkeypatch.chdir(tmp_path)

    def states():
        numpy_state = np.random.get_state()[1].tolist()  # noqa: NPY002
        return random.getstate(), numpy_state, sys.gettrace()

    before = states()
    assert judge(EQUALIZE, noisy).kind == "correct"
    assert states() == before
    assert capsys.readouterr() == ("", "")
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("notebook", [n for n in notebooks() if n[:2] not in ("05", "08")])
def test_only_notebooks_with_networks_wait_for_torch(notebook):
    last = names_of(notebook)[-1]
    lines = [
        "import sys",
        "from exercises import check, hint, quiz, solution",
        f"check({last!r}, lambda *_: None), hint({last!r}), quiz({notebook!r}, 'after')",
        "sys.exit('torch' in sys.modules)",
    ]
    assert subprocess.run([sys.executable, "-c", "\n".join(lines)]).returncode == 0


def change_settings(image):
    np.seterr(all="raise")
    np.set_printoptions(precision=1)
    warnings.simplefilter("error")
    os.environ["COURSE_DATA"] = "nowhere"
    os.chdir("/")
    sys.setrecursionlimit(5000)


def close_streams(image):
    sys.stdout.close()
    sys.stderr.close()


def start_thread(image):
    thread = threading.Thread(target=np.sum, args=(image,))
    thread.start()
    thread.join()


def import_something(image):
    import colorsys

    colorsys.rgb_to_hsv(0, 0, 0)


def settings():
    filters, environment = list(warnings.filters), dict(os.environ)
    of_system = os.getcwd(), sys.getrecursionlimit(), sys.stdout
    return np.geterr(), np.get_printoptions(), filters, environment, of_system


@pytest.mark.parametrize("harm", [change_settings, close_streams, start_thread, import_something])
def test_right_answer_is_right_whatever_else_it_does(harm):
    def answer(image):
        harm(image)
        return EQUALIZE.solution(image)

    before = settings()
    assert judge(EQUALIZE, answer).kind == "correct"
    assert settings() == before


@pytest.mark.parametrize(
    "draw",
    [
        lambda: np.random.Generator(np.random.PCG64()).integers(0, 99),
        lambda: DEFAULT_RNG().integers(0, 99),
        lambda: __import__("torch").randint(0, 99, ()).item(),
    ],
    ids=["Generator", "default_rng", "torch"],
)
def test_chance_is_the_same_each_time(draw):
    with running.contained():
        first, second = (running.run(draw, {}).value for _ in range(2))
    assert first == second


def test_sample_does_not_depend_on_the_modules_that_are_loaded():
    """Hypothesis by itself favours the numbers that it reads in loaded modules."""
    lines = [
        "import sys, types",
        "from pathlib import Path",
        "from exercises.checker import searching",
        "from exercises.checker.catalogue import find",
        "module = types.ModuleType('favourites')",
        "module.__file__ = sys.argv[1]",
        "sys.modules['favourites'] = module",
        "inputs = find('equalize').inputs",
        "if sys.argv[2] == 'hypothesis': searching.steady_provider = lambda: None",
        "print([image['image'].tolist() for image in searching.draw_all(inputs)])",
    ]

    def sample(numbers, backend):
        path = tmp / "favourites.py"
        path.write_text(f"NUMBERS = {numbers}", encoding="utf-8")
        command = [sys.executable, "-c", "\n".join(lines), str(path), backend]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    with tempfile.TemporaryDirectory(dir=NOTEBOOKS.parent, prefix=".sample") as folder:
        tmp = Path(folder)
        few, many = [101], list(range(130, 250, 7))
        assert sample(few, "steady") == sample(many, "steady")
        assert sample(few, "hypothesis") != sample(many, "hypothesis"), "no guard is needed"


def test_shrinking_draws_from_the_same_numbers(monkeypatch):
    def fail():
        raise AssertionError("asked for the numbers in loaded modules")

    monkeypatch.setattr("hypothesis.internal.conjecture.providers._get_local_constants", fail)
    assert judge(EQUALIZE, EQUALIZE.misconceptions[0].function).kind == "wrong"


def test_fault_must_be_shown_in_the_words_of_the_exercise():
    """A sentence that the solution happens to give is not enough."""
    exercise = ALL["find_lost_level"]
    assert judge(exercise, exercise.solution).kind == "correct"
    assert judge(replace(exercise, shows="all is well"), exercise.solution).kind == "wrong"


# Time -------------------------------------------------------------------------------------------


def test_sleeping_answer_is_stopped(monkeypatch):
    monkeypatch.setattr(running, "PATIENCE", 0.5)
    outcome = running.run(lambda: time.sleep(60), {}, seconds=0.2)
    assert outcome.is_slow


def test_waiting_for_the_processor_is_no_fault(monkeypatch):
    """Two threads that share one interpreter: each waits half of the time."""
    monkeypatch.setattr(running, "PATIENCE", 1000)
    is_done = threading.Event()

    def disturb():
        while not is_done.is_set():
            pass

    def compute():
        end = time.thread_time() + 0.3
        while time.thread_time() < end:
            pass

    disturbing = threading.Thread(target=disturb)
    disturbing.start()
    try:
        outcome = running.run(compute, {}, seconds=0.5)
    finally:
        is_done.set()
        disturbing.join()
    assert not outcome.is_slow
    assert 0.25 < outcome.seconds < 0.5


def test_import_is_free(tmp_path, monkeypatch):
    work = "import time\nend = time.thread_time() + 0.6\nwhile time.thread_time() < end: pass\n"
    (tmp_path / "takes_long.py").write_text(work)
    monkeypatch.syspath_prepend(tmp_path)

    def answer():
        import takes_long

        return takes_long.end > 0

    outcome = running.run(answer, {}, seconds=0.3)
    assert outcome.value is True
    sys.modules.pop("takes_long")
    assert running.run(lambda: exec(work), {}, seconds=0.3).is_slow


def test_answer_is_stopped_where_signals_do_not_reach():
    found = []
    judging = threading.Thread(
        target=lambda: found.append(running.run(endless_and_deaf, {"image": np.ones(1)}, 0.3))
    )
    judging.start()
    judging.join(60)
    assert found[0].is_slow


# In a copy of the process -----------------------------------------------------------------------

only_where_processes_fork = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux")


@only_where_processes_fork
@pytest.mark.parametrize(
    ("function", "says"),
    [
        (lambda image: sum(iter(int, 1)), "equalize: too slow or endless"),
        (lambda image: os._exit(0), "equalize: raised an error\nIt ended Python itself"),
        (
            lambda image: os.kill(os.getpid(), signal.SIGKILL),
            "equalize: raised an error\nIt ended Python itself",
        ),
        (lambda image: [0] * 10**10, "equalize: raised an error\nMemoryError"),
        (EQUALIZE.solution, "equalize: correct"),
    ],
)
def test_answer_may_ruin_the_copy(function, says):
    assert repr(_card(EQUALIZE, function)).startswith(says)


@only_where_processes_fork
@pytest.mark.parametrize("platform", ["linux", "win32"])
def test_reader_who_stops_a_check_sees_one_sentence(platform, monkeypatch):
    monkeypatch.setattr(sys, "platform", platform)
    stop = threading.Timer(0.5, signal.raise_signal, [signal.SIGINT])
    stop.start()
    try:
        with pytest.raises(KeyboardInterrupt) as stopped:
            check("equalize", endless)
    finally:
        stop.join()
    assert stopped.value._render_traceback_() == [str(stopped.value)]
    assert "stopped the check of equalize" in str(stopped.value)
    assert judge(EQUALIZE, EQUALIZE.solution).kind == "correct"


@only_where_processes_fork
def test_answer_may_change_all_of_numpy_in_the_copy():
    def answer(image):
        np.bincount = None
        return image

    _card(EQUALIZE, answer)
    assert np.bincount is not None


@only_where_processes_fork
def test_copy_that_waits_for_ever_is_given_up(monkeypatch):
    monkeypatch.setattr(apart, "IDLE", 1)
    with pytest.raises(apart.Impossible):
        apart.work_apart(lambda: time.sleep(600))


def test_without_copies_the_check_works_here(monkeypatch):
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(apart.Impossible):
        apart.work_apart(int)
    assert repr(_card(EQUALIZE, EQUALIZE.solution)).startswith("equalize: correct")


# Cards, hints, solutions ------------------------------------------------------------------------


def test_card_shows_input_expected_and_answer():
    card = Card(EQUALIZE, judge(EQUALIZE, EQUALIZE.misconceptions[0].function))
    assert "expected =" in repr(card)
    assert EQUALIZE.misconceptions[0].name in repr(card)
    assert "<table" in card._repr_html_()
    assert EQUALIZE.misconceptions[0].name in card._repr_html_()


def test_statistics_stand_side_by_side():
    noise = ALL["add_gaussian_noise"]
    page = Card(noise, judge(noise, noise.misconceptions[0].function))._repr_html_()
    assert page.count(">standard deviation along a column</td>") == 1
    assert page.count("outline:") == 6  # of three numbers and what they should be


def card_of(expected, got, **arguments):
    verdict = Verdict("wrong", difference(expected, got, 1e-6), 1, arguments, expected, got)
    return Card(EQUALIZE, verdict)


def test_as_many_digits_as_tell_numbers_apart():
    text = repr(card_of(1.41421, 1.41444))
    assert "expected = 1.4142\nyours = 1.4144" in text
    assert "Expected 1.4142, got 1.4144." in text
    assert "yours =\n  1.41421 1.41423" in repr(
        card_of(np.array([1.41421, 1.41421]), np.array([1.41421, 1.41423]))
    )
    assert "expected = 1.414\n" in repr(card_of(1.41421, 2.0))


def test_values_within_the_tolerance_get_no_frame():
    page = card_of(np.array([1.0, 2.0]), np.array([1.0 + 1e-9, 2.0001]))._repr_html_()
    assert page.count("outline:") == 2  # of expected and yours


@pytest.mark.parametrize("shape", [(40, 5, 5), (40, 1, 5, 5)])
def test_stack_of_images_is_shown_in_part(shape):
    expected, got = np.zeros((2, *shape), np.uint8)
    got[30] = 7
    card = card_of(expected, got, images=expected)
    assert len(repr(card).splitlines()) < 45
    place = [30] + [0] * (len(shape) - 3)
    assert f"yours =\n{place} of " in repr(card)
    assert card._repr_html_().count("<table") == 6


@pytest.mark.parametrize(
    "got",
    [
        np.array(["a"]),
        np.array([None, 1], object),
        np.array([1j]),
        np.array([True, False]),
        np.array([np.nan, np.inf]),
        np.zeros((0, 3)),
        np.array(7),
        np.ma.array([1], mask=[True]),
        [[1], [2, 3]],
        [np.zeros(2), np.zeros(3)],
        (np.zeros(2), "two"),
        list(range(9999)),
        10**5000,
        {1: 2},
        np,
    ],
    ids=lambda got: getattr(got, "dtype", type(got)),
)
@pytest.mark.parametrize("expected", [np.ones(1), 1, (1.0, 1.0)], ids=["array", "number", "tuple"])
def test_any_value_can_be_shown_in_short(expected, got):
    card = card_of(expected, got)
    text, page = repr(card), html.unescape(card._repr_html_())
    assert "yours" in text or describe(got) in text
    assert "yours" in page or describe(got) in page
    assert len(text) < 500


def test_card_escapes_what_the_answer_says():
    def says(image):
        raise ValueError("<script>alert(1)</script>")

    assert "<script" not in Card(EQUALIZE, judge(EQUALIZE, says))._repr_html_()


def test_function_called_by_mistake():
    assert "without parentheses" in judge(EQUALIZE, np.zeros((2, 2), np.uint8)).says


def test_hints_come_in_steps(capsys):
    for number in (1, 2, 3, 3):
        hint("equalize")
        assert capsys.readouterr().out.startswith(f"Hint {number} of 3: ")


@each_exercise
def test_solution_is_shown(name, capsys):
    solution(name)
    assert f"def my_{name}" in capsys.readouterr().out


@pytest.mark.parametrize("show", [hint, solution, lambda name: check(name, None)])
def test_unknown_name_is_answered(show):
    with pytest.raises(ValueError, match="such as equalize, not 'equalise'"):
        show("equalise")
    with pytest.raises(ValueError, match=f"such as {', '.join(ALL)}, not 'x'"):
        show("x")
    with pytest.raises(TypeError, match="name"):
        show(7)
