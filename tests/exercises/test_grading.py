"""Who is who, and what a teacher gets: from rows that are made here, nothing is judged."""

import csv
import io
import re
import zipfile

import pytest

from exercises.grading import collecting, pages, tables
from exercises.grading.collecting import (
    Submission,
    collect,
    key_of,
    name_in,
    read_roster,
    read_table,
    renamed,
)
from exercises.grading.judging import Row
from exercises.grading.results import Results, normalized, read_weights

LONG = "def my_blend(a, b):\n    c = a + 0.0\n    c = c + b\n    c = c / 2\n    return c.round()\n"
RENAMED = LONG.replace("c", "total").replace("def my_blend", "# mine\ndef f")


def found(paths, pattern=""):
    return [(s.student, s.path.rpartition("/")[2]) for s in collect(map(str, paths), pattern)]


def touch(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"{}")
    return path


# Who is who -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("files", "students"),
    [
        (
            [
                "Ada Lovelace_17_assignsubmission_file_/01_histograms.ipynb",
                "Blaise Pascal_18_assignsubmission_file/01_histograms.ipynb",
                "José Ñandú_19_assignsubmission_file_01_histograms.ipynb",
            ],
            ["Ada Lovelace", "Blaise Pascal", "José Ñandú"],
        ),
        (
            ["lovelaceada_LATE_12_345_01_histograms.ipynb", "pascalblaise_13_346_b-1.ipynb"],
            ["lovelaceada", "pascalblaise"],
        ),
        (["ada/course/notebooks/01.ipynb", "ben/course/notebooks/01.ipynb"], ["ada", "ben"]),
        (["ada@x.org/a.ipynb", "ben@x.org/a.ipynb"], ["ada@x.org", "ben@x.org"]),
        (["01_histograms_ada.ipynb", "ben-01_histograms (2).ipynb"], ["ada", "ben"]),
        (["01_histograms/ada.ipynb", "01_histograms/ben.ipynb"], ["ada", "ben"]),
        (  # two of one name, and names that Moodle hides
            [
                "Ada_17_assignsubmission_file_/a.ipynb",
                "Ada_18_assignsubmission_file_/a.ipynb",
                "Participant_19_assignsubmission_file_/a.ipynb",
                "Participant_20_assignsubmission_file_/a.ipynb",
            ],
            ["Ada 17", "Ada 18", "Participant 19", "Participant 20"],
        ),
        (["a.ipynb", ".ipynb_checkpoints/a-checkpoint.ipynb", "__MACOSX/a.ipynb"], ["a"]),
    ],
)
def test_students_as_platforms_lay_them(tmp_path, files, students):
    for file in files:
        touch(tmp_path / "in" / file)
    assert [name for name, _ in found([tmp_path / "in"])] == students
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        for file in files:
            archive.writestr(file, "{}")
    assert sorted(name for name, _ in found([tmp_path / "all.zip"])) == students


def test_names_from_files_globs_and_zips_in_folders(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("ada", "ben"):
        touch(tmp_path / name / "notebooks" / "01.ipynb")
    assert found(["ada/notebooks/01.ipynb", "ben/notebooks/01.ipynb"])[1][0] == "ben"
    assert found(["*/notebooks/*.ipynb"]) == [("ada", "01.ipynb"), ("ben", "01.ipynb")]
    (tmp_path / "zips" / "cleo_9_assignsubmission_file_").mkdir(parents=True)
    with zipfile.ZipFile(tmp_path / "zips" / "cleo_9_assignsubmission_file_" / "x.zip", "w") as z:
        z.writestr("deep/01.ipynb", "{}")
    (tmp_path / "zips" / "dan.zip").write_bytes(b"PK no zip")
    cleo, dan = collect(["zips"])
    assert (cleo.student, cleo.read()) == ("cleo", b"{}")
    assert dan.student == "dan"
    with pytest.raises(ValueError, match="damaged zip"):
        dan.read()


def zipped(path, **members):
    """A zip of these contents: bytes, or a dict for a zip in it."""
    path = io.BytesIO() if path is None else path
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            content = zipped(None, **content) if isinstance(content, dict) else content
            archive.writestr(name, content)
    return path.getvalue() if isinstance(path, io.BytesIO) else path


def test_one_zip_that_cannot_be_opened_costs_no_other_student(tmp_path, monkeypatch):
    monkeypatch.setattr(collecting, "BYTES", 10_000)
    deep = {"a.zip": {"b.zip": {"c.zip": {"d.ipynb": b"{}"}}}}
    members = {
        "Ada_1_assignsubmission_file_/a.ipynb": b"{}",
        "Ben_2_assignsubmission_file_/large.zip": bytes(10_001),
        "Cleo_3_assignsubmission_file_/deep.zip": deep,
        "Dan_4_assignsubmission_file_/z.zip": {"x/Eve_5_assignsubmission_file_/a.ipynb": b"{}"},
    }
    submissions = {s.student: s for s in collect([zipped(tmp_path / "all.zip", **members)])}
    assert sorted(submissions) == ["Ada", "Ben", "Cleo", "Dan"], "nobody is another"
    assert submissions["Ada"].read() == submissions["Dan"].read() == b"{}"
    for name, says in {"Ben": "larger than", "Cleo": "too many zips"}.items():
        with pytest.raises(ValueError, match=says):
            submissions[name].read()


def test_canvas_takes_zips_too(tmp_path):
    zipped(tmp_path / "lovelaceada_12_345_hw.zip", **{"pascal_1_999_b.ipynb": b"{}"})
    zipped(tmp_path / "pascalblaise_13_346_hw.zip", **{"work/a.ipynb": b"{}"})
    every = [[tmp_path], sorted(tmp_path.glob("*.zip"))]
    assert [[name for name, _ in found(paths)] for paths in every] == [
        ["lovelaceada", "pascalblaise"]
    ] * 2
    touch(tmp_path / "lab_2024_10_05_new" / "eve" / "a.ipynb")
    assert found([tmp_path / "lab_2024_10_05_new"]) == [("eve", "a.ipynb")], "a date is no name"


def test_who_handed_in_no_notebook_is_not_lost(tmp_path):
    for file in ("Ada_1_assignsubmission_file_/a.pdf", "Ada_1_assignsubmission_file_/b.py"):
        touch(tmp_path / file)
    touch(tmp_path / "Ben_2_assignsubmission_file_" / "readme.txt")
    touch(tmp_path / "Ben_2_assignsubmission_file_" / "a.ipynb")
    touch(tmp_path / "notes.txt")
    ben, ada = collect([tmp_path])
    assert (ada.student, ben.student, ben.read()) == ("Ada", "Ben", b"{}")
    with pytest.raises(ValueError, match="no notebook"):
        ada.read()


# Names of students of a class server: only the last of them is what it seems to be.
CLASS = ["ada", "ada-", "ada-l", "l-ada", "eve_1_assignsubmission_", "eve"]
TIMES = ["2026-11-26_09-30-00.000001", "2026-11-26_09-30-00.000002", "2026-11-25_23-59-59.999999"]


@pytest.fixture
def handed_in(tmp_path):
    """What a class server keeps: of each student two notebooks, and three versions of the first."""
    folder = tmp_path / "board" / "handed_in"
    for student in CLASS:
        for time in TIMES:
            touch(folder / student / "01_histograms" / f"{time}.ipynb")
        touch(folder / student / "02_equalization" / f"{TIMES[0]}.ipynb")
    return folder


@pytest.mark.parametrize("given", [".", "..", "../handed_in", "zip", "files"])
def test_last_version_on_a_class_server_counts_and_students_stay_apart(
    handed_in, given, monkeypatch
):
    monkeypatch.chdir(handed_in)
    if given == "zip":
        with zipfile.ZipFile("../all.zip", "w") as archive:
            for file in handed_in.rglob("*.ipynb"):
                archive.write(file, file.relative_to(handed_in))
    paths = {"zip": ["../all.zip"], "files": list(handed_in.rglob("*.ipynb"))}.get(given, [given])
    expected = [(name, f"{time}.ipynb") for name in CLASS for time in (TIMES[1], TIMES[0])]
    assert sorted(found(paths)) == sorted(expected)
    judged = [(s, [Row("blend", "correct")]) for s in collect(map(str, paths))]
    assert Results(judged).students() == sorted(CLASS)


@pytest.mark.parametrize("place", ["eve", "eve/01_histograms"])
def test_versions_of_one_student(handed_in, place, monkeypatch):
    monkeypatch.chdir(handed_in / place)
    submission = collect(["."])[0]
    assert (submission.student, submission.path.rpartition("/")[2][:-6]) == ("eve", TIMES[1])
    results = Results([(submission, [Row("blend", "correct")])])
    assert results.attendance()["handed in again, the last version counts"] == ["eve (3 versions)"]


def test_pattern_and_who_does_not_fit_it(tmp_path):
    touch(tmp_path / "group1" / "s123" / "a.ipynb")
    touch(tmp_path / "group1" / "x" / "a.ipynb")
    names = [name for name, _ in found([tmp_path], r"/(s\d+)/")]
    assert names[0] == "s123"
    assert names[1].endswith("group1/x/a.ipynb"), "nobody is lost"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Full name,Grade\nAda Lovelace,\n", "Ada Lovelace"),
        ("First name;Last name\nAda;Lovelace\n", "Ada Lovelace"),
        ("\ufeffStudent\tID\nLovelace, Ada\t1\n", "Lovelace, Ada"),
        ("who\nada lovelace\n", "ada lovelace"),
    ],
)
def test_rosters(tmp_path, text, name):
    (tmp_path / "r.csv").write_text(text, encoding="utf-8")
    ((row,),) = [read_table(tmp_path / "r.csv")[1]]
    assert name_in(row) == name
    assert key_of(name) == key_of("Ada Lovelace")


def test_moodle_s_number_tells_who_is_who(tmp_path):
    """The folder's name may begin with a group's, and two students may share theirs."""
    sheet = tmp_path / "sheet.csv"
    rows = ["Participant 17,Ada,,30", "Participant 18,Ben,,30", "Participant 19,Ben,,30"]
    sheet.write_text("\n".join(["Identifier,Full name,Grade,Maximum Grade", *rows]))
    for name in ("Group A-Ada_17", "Group A-Ben_18", "Group A-Ben_19"):
        touch(tmp_path / "in" / f"{name}_assignsubmission_file_" / "a.ipynb")
    roster = read_roster(sheet)
    submissions = renamed(collect([tmp_path / "in"]), roster)
    assert [s.student for s in submissions] == ["Ada", "Ben 18", "Ben 19"]
    verdicts = ["correct", "wrong here", "correct"]
    judged = [(s, [Row("blend", verdict)]) for s, verdict in zip(submissions, verdicts)]
    results = Results(judged, [name for name, _ in roster])
    assert not any(results.attendance().values())
    data, says = tables.fill_gradebook(results, sheet)
    assert [row["Grade"] for row in csv.DictReader(io.StringIO(data.decode()))] == ["30", "0", "30"]
    assert says == []


# What is made of the rows -------------------------------------------------------------------------


def a_class(**options):
    folder = "{}_7_assignsubmission_file_/a.ipynb"
    wrong = Row("blend", "wrong here", "drops the half", "1.1 An image", "got 3", code=LONG)
    judged = [
        (Submission("Ada", folder.format("Ada"), None), [Row("blend", "correct", code=LONG)]),
        (Submission("Ben", folder.format("Ben"), None), [wrong, Row("equalize", "missing")]),
        (Submission("Cleo", "Cleo/b.ipynb", None), [Row("blend", "not written yet")]),
        (Submission("Cleo", "Cleo/c.ipynb", None), [Row("blend", "correct", code=RENAMED)]),
        (Submission("=dan", "=dan.ipynb", None), [Row("", "unreadable", reason="ValueError: x")]),
    ]
    return Results(judged, ["Ada", "Ben", "Cleo", "Eve"], {"blend": 2}, **options)


def test_points_and_attendance():
    results = a_class()
    assert results.points()["cleo", "blend"] == 2
    assert results.points()["ben", "blend"] == 0
    assert results.possible() == 3
    assert results.attendance() == {
        "handed in nothing": ["Eve"],
        "handed in twice": ["Cleo"],
        "handed in again, the last version counts": [],
        "not on the roster": ["=dan"],
        "not judged to the end": [],
    }
    endless = [Row("blend", "not judged"), Row("equalize", "not judged")]
    results = Results([(Submission("Eve", "e.ipynb", None), endless)])
    assert results.attendance()["not judged to the end"] == ["Eve"]


def test_equal_code_is_a_remark():
    results = a_class()
    remarks = {entry.student: entry.row.remarks for entry in results.entries}
    assert remarks["Ada"] == ["same code as Ben, Cleo"]
    assert results.copies == [("blend", ["Ada", "Ben", "Cleo"])]
    page = pages.class_page(results).decode()
    assert page.count("the same code from Ada, Ben, Cleo") == 1, "once a group, not once a student"
    row = Row("blend", "correct", code=LONG)
    results = Results([(Submission(f"s{n:02}", "a.ipynb", None), [row]) for n in range(13)])
    (remark,) = results.entries[0].row.remarks
    assert remark.endswith("s09, s10, and 2 more"), "a table of 1000 rows, not of 1000 × 1000 names"
    assert normalized(LONG) == normalized(RENAMED) != ""
    assert normalized(LONG) != normalized(LONG.replace("c + b", "c - b"))
    assert normalized("def f(a):\n    return a") == "", "too short to say anything"
    assert normalized(LONG.replace("a + 0.0", " + ".join(["a"] * 900))) == "", "too deep to compare"


def test_wide_csv_for_a_spreadsheet():
    data = tables.as_wide_csv(a_class())
    assert data.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert lines[0] == ["student", "blend", "equalize", "total", "of"]
    assert ["Cleo", "2", "0", "2", "3"] in lines
    assert ["'=dan", "0", "0", "0", "3"] in lines, "no formula"
    assert ["Eve", "0", "0", "0", "3"] in lines


MOODLE = """\ufeffIdentifier,"Full name",Status,Grade,"Maximum Grade","Feedback comments"
"Participant 1","Ada","Submitted, for grading",,30.00,
"Participant 2","Zoe","No submission",,30.00,"-"
"""
CANVAS = """Student,ID,SIS Login ID,Exercise 1 (55),Final Score
    Points Possible,,,10.00,(read only)
"Lovelace, Ada",1,ada,,
"Pascal, Ben",2,ben,,
"""


def test_moodle_s_worksheet_is_filled(tmp_path):
    (tmp_path / "m.csv").write_text(MOODLE, encoding="utf-8", newline="")
    data, says = tables.fill_gradebook(a_class(), tmp_path / "m.csv")
    assert data.startswith(b"\xef\xbb\xbf")
    columns, rows = MOODLE.splitlines()[0], list(csv.DictReader(io.StringIO(data.decode()[1:])))
    assert list(rows[0]) == next(csv.reader([columns[1:]]))
    assert [row["Grade"] for row in rows] == ["20", ""], "2 of 3 points, scaled to 30"
    assert rows[0]["Status"] == "Submitted, for grading"
    assert says == [f"not in {tmp_path / 'm.csv'}: Ben, Cleo"]


def test_canvas_gradebook_is_filled_by_login(tmp_path):
    (tmp_path / "c.csv").write_text(CANVAS)
    data, says = tables.fill_gradebook(a_class(), tmp_path / "c.csv", "Exercise 1 (55)")
    lines = list(csv.reader(io.StringIO(data.decode())))
    assert lines[1] == ["    Points Possible", "", "", "10.00", "(read only)"]
    assert lines[2][3] == "6.6667"
    assert "maximum" not in " ".join(says)
    (tmp_path / "d.csv").write_text(CANVAS.replace("    Points Possible,,,10.00", ",,,,"))
    _, says = tables.fill_gradebook(a_class(), tmp_path / "d.csv", "Exercise 1 (55)")
    assert says[-1] == f"{tmp_path / 'd.csv'} states no maximum: its points are out of 3"
    with pytest.raises(ValueError, match="column must be one of"):
        tables.fill_gradebook(a_class(), tmp_path / "c.csv", "Grades")


def test_class_page_says_it_all_and_runs_nothing_of_the_students():
    page = pages.class_page(a_class()).decode()
    first = page.index("drops the half")
    assert page.index("To talk about") < first < page.index("<h2>Exercises")
    assert "1 of 3" in re.sub(r"<[^>]+>", "", page)
    assert 'aria-label="blend, of 3: 2 correct; 1 a known wrong idea; "' in page
    for text in ("got 3", "handed in nothing", "Eve", "same code", "ValueError: x", "1.1 An"):
        assert text.lower() in page.lower()
    evil = Row("blend", "correct", code="</pre><script>alert(1)</script>")
    page = pages.class_page(Results([(Submission("<b>", "a", None), [evil])])).decode()
    assert "<script>alert" not in page
    assert "<b>:" not in page


def test_feedback_zip_goes_back_to_moodle():
    with zipfile.ZipFile(io.BytesIO(pages.feedback_zip(a_class()))) as archive:
        names = archive.namelist()
        assert names[0] == "Ada_7_assignsubmission_file_/feedback.html"
        assert "Cleo/feedback.html" in names
        ben = archive.read("Ben_7_assignsubmission_file_/feedback.html").decode()
    assert "got 3" in ben
    assert "0 of 3 points" in ben
    assert "Ada" not in ben


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("blnd = 2", "blnd"),
        ("blend = -1", "at least 0"),
        ("blend = 'x'", "number"),
        ("blend", "lines"),
    ],
)
def test_weights_are_read_with_care(tmp_path, text, says):
    (tmp_path / "w.toml").write_text("blend = 2.5\n")
    assert read_weights(tmp_path / "w.toml") == {"blend": 2.5}
    (tmp_path / "w.toml").write_text(text)
    with pytest.raises(ValueError, match=says):
        read_weights(tmp_path / "w.toml")
