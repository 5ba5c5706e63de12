"""The exercises' command line: ``python -m exercises report PATH…``"""

import argparse
import contextlib
import importlib
import os
import sys
import tempfile
from functools import partial
from pathlib import Path

from course_utils._files import write_atomically
from exercises.grading import pages, tables
from exercises.grading.collecting import collect, read_roster, renamed
from exercises.grading.judging import NOTEBOOK_SECONDS, SECONDS
from exercises.grading.release import release
from exercises.grading.report import Journal, Pool, judge_all, processors
from exercises.grading.results import Results, read_weights

STOPPED = 130  # exit status, as shells have it


def _arguments():
    parser = argparse.ArgumentParser(prog="python -m exercises")
    commands = parser.add_subparsers(dest="command", required=True)
    report = commands.add_parser("report", help="judge the answers in students' notebooks")
    report.add_argument("paths", nargs="+", metavar="PATH", help="notebooks, folders or zips")
    report.add_argument("--csv", metavar="FILE", help="write all rows there")
    report.add_argument("--wide", metavar="FILE", help="write the points there, a row a student")
    report.add_argument("--html", metavar="DIR", help="write a page of the class there")
    report.add_argument("--feedback", metavar="ZIP", help="write a page for each student there")
    report.add_argument(
        "--gradebook",
        nargs=2,
        metavar=("EXPORTED", "FILE"),
        help="write what Moodle or Canvas has exported there, with points",
    )
    report.add_argument("--column", default="", metavar="NAME", help='to fill, else "Grade"')
    report.add_argument("--weights", metavar="FILE", help="points of exercises: lines blend = 2")
    report.add_argument("--student", default="", metavar="REGEX", help="its group is the name")
    report.add_argument("--roster", metavar="FILE", help="CSV of who should hand in")
    report.add_argument("--journal", default="journal.jsonl", metavar="FILE", help="what is judged")
    report.add_argument("--jobs", type=_at_least_one, metavar="N", help="notebooks at a time")
    report.add_argument(
        "--timeout", type=_seconds, default=SECONDS, metavar="S", help="a call's limit"
    )
    report.add_argument(
        "--notebook-timeout",
        type=_seconds,
        default=NOTEBOOK_SECONDS,
        metavar="S",
        help="a notebook's limit; what it has not reached then is not judged",
    )
    report.add_argument("--executor", metavar="MODULE:NAME", help="makes an executor of yours")
    writing = commands.add_parser("release", help="write the students' version of the course")
    writing.add_argument("folder", metavar="DIR", help="where, a folder that does not exist")
    writing.add_argument(
        "--exam", nargs="*", default=[], metavar="EXERCISE", help="release nothing but their texts"
    )
    return parser.parse_args()


def _at_least_one(text):
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"must be an integer of at least 1, not {text!r}")
    return int(text)


def _seconds(text):
    with contextlib.suppress(ValueError):
        if (seconds := float(text)) > 0:
            return seconds
    raise argparse.ArgumentTypeError(f"must be a number of seconds above 0, not {text!r}")


def _check_target(path):
    """Say now, not after an hour, what cannot be written."""
    path = Path(path)
    if path.exists():
        raise ValueError(f"{path} exists already; remove it, or name another")
    with tempfile.TemporaryFile(dir=path.parent):
        pass


def _maker(text):
    """Function that makes the executor which `--executor` names."""
    module, _, name = text.partition(":")
    sys.path.append(os.getcwd())  # last: a file of a student's hides no library
    make = getattr(importlib.import_module(module), name or "executor", None)
    if not callable(make):
        raise ValueError(f"executor must be MODULE:NAME of a function, not {text!r}")
    return make


def _report(wanted):
    """Judge, write, and return the exit status."""
    targets = [wanted.csv, wanted.wide, wanted.html, wanted.feedback]
    targets += wanted.gradebook[1:] if wanted.gradebook else []
    for path in filter(None, targets):
        _check_target(path)
    roster = read_roster(wanted.roster) if wanted.roster else []
    weights = read_weights(wanted.weights) if wanted.weights else {}
    if wanted.gradebook:
        tables.fill_gradebook(Results([]), wanted.gradebook[0], wanted.column)
    jobs = wanted.jobs or processors()
    make_pool = _maker(wanted.executor) if wanted.executor else partial(Pool, jobs)
    submissions = renamed(collect(wanted.paths, wanted.student), roster)
    journal = Journal(wanted.journal, wanted.timeout, wanted.notebook_timeout)
    judged, is_whole = judge_all(submissions, journal, make_pool, jobs)
    results = Results(judged, [name for name, _ in roster], weights)
    _write(wanted, results)
    for entry in results.unreadable:
        says = ": ".join(filter(None, [entry.row.verdict, entry.row.reason]))
        print(f"{entry.submission.path} is {says}", file=sys.stderr)
    for what, names in results.attendance().items():
        if names:
            print(f"{what}: {', '.join(names)}", file=sys.stderr)
    if not is_whole:
        print(
            f"Stopped: {len(judged)} of {len(submissions)} notebooks are judged. The same command "
            f"goes on where it was, with {wanted.journal}.",
            file=sys.stderr,
        )
        return STOPPED
    return 1 if results.unreadable or results.unjudged or not submissions else 0


def _write(wanted, results):
    """Write what is asked for; the table in the console if nothing is."""
    if wanted.csv:
        write_atomically(wanted.csv, tables.as_csv(results))
    if wanted.wide:
        write_atomically(wanted.wide, tables.as_wide_csv(results))
    if wanted.html:
        Path(wanted.html).mkdir()
        write_atomically(Path(wanted.html, "index.html"), pages.class_page(results))
    if wanted.feedback:
        write_atomically(wanted.feedback, pages.feedback_zip(results))
    if wanted.gradebook:
        exported, file = wanted.gradebook
        data, says = tables.fill_gradebook(results, exported, wanted.column)
        write_atomically(file, data)
        print(*says, sep="\n", end="\n" * bool(says), file=sys.stderr)
    if not any((wanted.csv, wanted.wide, wanted.html, wanted.feedback, wanted.gradebook)):
        print(tables.as_table(results))


def _release(wanted):
    """Write the students' version, and return the exit status."""
    for name in release(wanted.folder, wanted.exam):
        print(f"{name} is a helper of the course: students can call it", file=sys.stderr)
    return 0


def main():
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # a console need not know every letter
    try:
        wanted = _arguments()
        sys.exit(_release(wanted) if wanted.command == "release" else _report(wanted))
    except (OSError, ValueError, ImportError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
