"""A student's copies: laid, refreshed while untouched, never touched once they were."""

import json
import sys
from types import SimpleNamespace

import nbformat
import pytest
from nbformat.sign import NotebookNotary

from course_utils import _files, lab
from course_utils.lab import Copies

LINKS = (
    "[a](../docs/conventions.ipynb#Who-flips), [b](../docs/conventions.ipynb), ![](../images/a.svg)"
)


def store(path, *sources, output="1"):
    """Store a notebook of one text and some code, with an output, as the course does."""
    cells = [nbformat.v4.new_markdown_cell(f"## Who flips\n\n{LINKS}")]
    for source in sources:
        cells.append(nbformat.v4.new_code_cell(source))
        data = {"text/html": output}
        cells[-1].outputs = [nbformat.v4.new_output("display_data", data)]
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"
    path.parent.mkdir(exist_ok=True)
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A repository of two notebooks, and the conventions."""
    monkeypatch.setattr(_files, "REPOSITORY", tmp_path)
    store(tmp_path / "notebooks" / "01_first.ipynb", "1")
    store(tmp_path / "notebooks" / "02_second.ipynb", "2")
    store(tmp_path / "docs" / "conventions.ipynb", "3")
    return tmp_path


@pytest.fixture
def first(course):
    return course / "notebooks" / "01_first.ipynb"


def names(course):
    return sorted(path.name for path in (course / "my_notebooks").glob("*.ipynb"))


def read(course, name="01_first.ipynb"):
    return nbformat.read(course / "my_notebooks" / name, as_version=4)


def work_on(course, name="01_first.ipynb"):
    """Solve an exercise in a copy; return what the file then holds."""
    notebook = read(course, name)
    notebook.cells[1].source = "my answer"
    nbformat.write(notebook, course / "my_notebooks" / name)
    return (course / "my_notebooks" / name).read_bytes()


def test_copies_are_trusted_name_the_kernel_and_lead_to_each_other(course):
    before = (course / "notebooks" / "01_first.ipynb").read_bytes()
    copies = Copies(course)
    copies.lay_all()
    assert names(course) == ["01_first.ipynb", "02_second.ipynb", "conventions.ipynb"]
    assert (course / "notebooks" / "01_first.ipynb").read_bytes() == before
    copy = read(course)
    assert copy.cells[0].source.endswith(
        "[a](conventions.ipynb#cell-id=cell-0), [b](conventions.ipynb), ![](../images/a.svg)"
    )
    assert copy.metadata.language_info.version == sys.version.split()[0]
    notary = NotebookNotary(**copies.signatures)
    assert notary.check_signature(copy)
    copy.cells[1].outputs[0].data["text/html"] = "<script>another()</script>"
    assert not notary.check_signature(copy)


def test_untouched_copies_follow_the_course(course, first, capsys):
    Copies(course).lay_all()
    store(first, "1, made better")
    Copies(course).lay_all()
    assert read(course).cells[1].source == "1, made better"
    store(first, "1, made better", output="2")
    Copies(course).lay_all()
    assert read(course).cells[1].outputs[0].data["text/html"] == "2"
    assert len(names(course)) == 3
    assert capsys.readouterr().out == ""


def test_a_copy_that_was_changed_stays_and_newer_ones_lie_beside_it(course, first, capsys):
    Copies(course).lay_all()
    mine = work_on(course)
    for text in ("better", "best"):
        store(first, text)
        Copies(course).lay_all()
        assert "01_first_new.ipynb" in capsys.readouterr().out
        assert read(course, "01_first_new.ipynb").cells[1].source == text
    new = work_on(course, "01_first_new.ipynb")
    store(first, "better than best")
    for message in ("01_first_new2.ipynb", ""):  # said once
        Copies(course).lay_all()
        said = capsys.readouterr().out
        assert (message in said) if message else not said
    assert (course / "my_notebooks" / "01_first.ipynb").read_bytes() == mine
    assert (course / "my_notebooks" / "01_first_new.ipynb").read_bytes() == new


def test_new_outputs_alone_are_no_new_version(course, first):
    Copies(course).lay_all()
    work_on(course)
    store(first, "1", output="2")
    Copies(course).lay_all()
    assert len(names(course)) == 3


def test_outputs_that_changed_on_both_sides_stay_as_they_are_here(course, first):
    Copies(course).lay_all()
    notebook = read(course)
    notebook.cells[1].outputs[0].data["text/html"] = "mine"
    nbformat.write(notebook, course / "my_notebooks" / "01_first.ipynb")
    store(first, "1", output="2")
    Copies(course).lay_all()
    assert len(names(course)) == 3
    store(first, "better", output="3")
    Copies(course).lay_all()
    assert read(course).cells[1].outputs[0].data["text/html"] == "mine"
    assert read(course, "01_first_new.ipynb").cells[1].source == "better"


def test_a_course_that_goes_back_loses_nothing(course, first):
    """As after a forced push: what was newer is gone from the course, and may have been worked on.

    Copies that nobody has changed go back along.
    """
    Copies(course).lay_all()
    mine = work_on(course)
    for name in ("01_first.ipynb", "02_second.ipynb"):
        store(course / "notebooks" / name, "better")
    Copies(course).lay_all()
    new = work_on(course, "01_first_new.ipynb")
    store(first, "1")
    store(course / "notebooks" / "02_second.ipynb", "2")
    Copies(course).lay_all()
    assert (course / "my_notebooks" / "01_first.ipynb").read_bytes() == mine
    assert (course / "my_notebooks" / "01_first_new.ipynb").read_bytes() == new
    assert read(course, "02_second.ipynb").cells[1].source == "2"
    assert len(names(course)) == 4


def test_nothing_is_lost_where_the_record_is(course, first):
    """Copies that are as the course has them are known again; others are taken for changed."""
    Copies(course).lay_all()
    mine = work_on(course)
    (course / "my_notebooks" / ".course" / "laid.json").unlink()
    Copies(course).lay_all()
    assert (course / "my_notebooks" / "01_first.ipynb").read_bytes() == mine
    assert names(course)[1:] == ["01_first_new.ipynb", "02_second.ipynb", "conventions.ipynb"]


def test_ends_of_lines_of_windows_are_no_change(course):
    copies = Copies(course)
    copies.lay_all()
    path = course / "my_notebooks" / "01_first.ipynb"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert not copies.is_changed(path.name)


def test_a_cell_that_was_deleted_stays_deleted(course, first):
    Copies(course).lay_all()
    notebook = read(course)
    del notebook.cells[1]
    nbformat.write(notebook, course / "my_notebooks" / "01_first.ipynb")
    store(first, "better")
    Copies(course).lay_all()
    assert len(read(course).cells) == 1
    assert read(course, "01_first_new.ipynb").cells[1].source == "better"


@pytest.mark.parametrize("is_changed", [False, True])
def test_what_the_course_removes_or_renames_stays(course, first, is_changed):
    Copies(course).lay_all()
    copy = course / "my_notebooks" / "01_first.ipynb"
    mine = work_on(course) if is_changed else copy.read_bytes()
    first.rename(first.with_name("01_renamed.ipynb"))
    Copies(course).lay_all()
    assert copy.read_bytes() == mine
    assert "01_renamed.ipynb" in names(course)


def run(monkeypatch, *arguments):
    monkeypatch.setattr(sys, "argv", ["course", *arguments])
    lab.main()


def test_a_clean_copy_keeps_the_old_ones(course, first, monkeypatch, capsys):
    Copies(course).lay_all()
    kept = [work_on(course)]
    store(first, "2")
    Copies(course).lay_all()  # lays a newer one beside it
    run(monkeypatch, "fresh", "1")
    assert "01_first_old.ipynb" in capsys.readouterr().out
    assert read(course).cells[1].source == "2"
    kept.append(work_on(course))
    run(monkeypatch, "fresh", "1")
    assert read(course).cells[1].source == "2"
    for name, content in zip(("01_first_old.ipynb", "01_first_old2.ipynb"), kept):
        assert (course / "my_notebooks" / name).read_bytes() == content
    assert "01_first_new.ipynb" not in names(course)
    run(monkeypatch, "fresh", "1")  # nothing was changed, so nothing is kept
    assert len(names(course)) == 5


@pytest.fixture
def jupyter_lab(monkeypatch):
    """The arguments that JupyterLab would be called with."""
    called = []
    monkeypatch.setattr("jupyterlab.labapp.main", called.extend)
    monkeypatch.delenv("JUPYTERHUB_SERVICE_URL", raising=False)
    for name in ("JUPYTER_CONFIG_PATH", "JUPYTER_PATH", "JUPYTERLAB_WORKSPACES_DIR", "COURSE_DATA"):
        monkeypatch.setenv(name, "")
    return called


def test_lab_opens_the_notebook_that_was_changed_last(course, monkeypatch, jupyter_lab):
    for arguments, opened in (
        (["lab"], "01_first"),
        (["lab", "--notebook", "2"], "02_second"),
        (["lab"], "02_second"),
    ):
        jupyter_lab.clear()
        run(monkeypatch, *arguments, "--port", "8899")
        assert f"--LabApp.default_url=/lab/tree/my_notebooks/{opened}.ipynb" in jupyter_lab
        assert jupyter_lab[-2:] == ["--port", "8899"]
        work_on(course, "02_second.ipynb")


def test_lab_starts_kernels_of_this_python(course, monkeypatch, jupyter_lab):
    """Whatever kernel the reader has installed under the same name."""
    monkeypatch.setenv("JUPYTER_PATH", "theirs")
    run(monkeypatch, "lab")
    spec = course / "my_notebooks" / ".course" / "kernels" / "python3" / "kernel.json"
    kernel = json.loads(spec.read_text())
    assert kernel["argv"][0] == sys.executable
    assert kernel["env"] == {"OPENBLAS_NUM_THREADS": "1"}, "test_apart.py tells why"
    assert lab.os.environ["JUPYTER_PATH"] == lab.os.pathsep.join([str(spec.parents[2]), "theirs"])


# On a class server --------------------------------------------------------------------------------


@pytest.fixture
def model(course, tmp_path):
    """What a class server has laid for everybody, with shared data."""
    folder = tmp_path / "model"
    Copies(course, folder).lay_all()
    for name in ("images/a.svg", "data/MNIST/digits", "data/checkpoints/net.pt"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("shared")
    return folder


def test_a_student_moves_in_once(course, first, model, tmp_path, monkeypatch, jupyter_lab):
    home = tmp_path / "ada"
    (home / ".my_notebooks").mkdir(parents=True)  # a first try has ended in the middle
    arguments = ["lab", "--home", str(home), "--model", str(model)]
    run(monkeypatch, *arguments)
    assert not (home / ".my_notebooks").exists()
    assert f"--ServerApp.root_dir={home}" in jupyter_lab
    assert lab.os.environ["COURSE_DATA"] == str(home / "data")
    for name in ("images/a.svg", "data/MNIST/digits", "data/checkpoints/net.pt"):
        assert (home / name).read_text() == "shared"
    assert names(home) == names(model)
    copies = Copies(course, home)
    assert NotebookNotary(**copies.signatures).check_signature(read(home))
    mine = work_on(home)
    (home / "data" / "checkpoints" / "own.pt").write_text("own")
    assert not (model / "data" / "checkpoints" / "own.pt").exists()
    store(first, "better")
    store(course / "notebooks" / "02_second.ipynb", "better")
    run(monkeypatch, *arguments)
    assert (home / "my_notebooks" / "01_first.ipynb").read_bytes() == mine
    for name in ("01_first_new.ipynb", "02_second.ipynb"):
        assert read(home, name).cells[1].source == "better"


def test_a_student_without_a_model_gets_copies(course, tmp_path, monkeypatch, jupyter_lab):
    run(monkeypatch, "lab", "--home", str(tmp_path / "ada"))
    assert names(tmp_path / "ada") == ["01_first.ipynb", "02_second.ipynb", "conventions.ipynb"]
    assert names(course) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["fresh", "3"], "no notebook 3, but 1 to 2"),
        (["lab", "--notebook", "0"], "no notebook 0, but 1 to 2"),
        (["lab", "--notebook", "one"], "invalid int value: 'one'"),
        (["fresh"], "required: notebook"),
        (["fresh", "1", "--force"], "unrecognized arguments: --force"),
        ([], "required: command"),
    ],
)
def test_bad_arguments(arguments, message, course, monkeypatch, capsys):
    with pytest.raises(SystemExit, match="2"):
        run(monkeypatch, *arguments)
    assert message in capsys.readouterr().err


def test_an_install_without_its_repository_names_the_cure(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(_files, "REPOSITORY", tmp_path)
    with pytest.raises(SystemExit):
        run(monkeypatch, "lab")
    assert "--editable ." in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("code", "has_run", "advice"),
    [
        ("np.zeros(2)", False, lab.FIRST_CELL),
        ("np.zeros(2)", True, None),  # a name that is misspelt, perhaps
        ("1 / 0", False, None),
    ],
)
def test_first_aid(code, has_run, advice):
    """A name is missing, which the first cell would have brought."""
    shown = []
    shell = SimpleNamespace(
        user_ns={"check": print} if has_run else {},
        showtraceback=lambda error, tb_offset: shown.append(error),
        set_custom_exc=lambda kinds, handler: shown.append((kinds, handler)),
    )
    lab.load_ipython_extension(shell)
    ((kinds, advise),) = shown
    with pytest.raises(Exception, match=r".") as caught:
        exec(code)
    if isinstance(caught.value, kinds):
        advise(shell, caught.type, caught.value, caught.tb)
        assert shown[1:] == [(caught.type, caught.value, caught.tb)]
    assert getattr(caught.value, "__notes__", []) == ([advice] if advice else [])


@pytest.mark.parametrize("module", ["torch", "torchvision", "tensorflow"])
def test_first_aid_without_pytorch(module):
    shell = SimpleNamespace(user_ns={}, showtraceback=lambda *_, **__: None)
    error = ModuleNotFoundError(f"No module named '{module}'", name=module)
    lab._advise(shell, ModuleNotFoundError, error, None)
    lines = error._render_traceback_() if hasattr(error, "_render_traceback_") else []
    assert lines == ([] if module == "tensorflow" else [lab.NO_TORCH])
