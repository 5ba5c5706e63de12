"""The exercises' command line: ``python -m exercises report NOTEBOOK…``"""

import argparse
import sys
from pathlib import Path

from course_utils._files import write_atomically
from exercises.checker.report import as_csv, as_table, judge_answers, report


def main():
    parser = argparse.ArgumentParser(prog="python -m exercises")
    commands = parser.add_subparsers(dest="command", required=True)
    reporting = commands.add_parser("report", help="judge the answers in students' notebooks")
    reporting.add_argument("notebooks", nargs="+", type=Path, metavar="NOTEBOOK")
    reporting.add_argument("--csv", type=Path, metavar="FILE", help="write the table there")
    judging = commands.add_parser("judge", help="what report starts for each notebook")
    judging.add_argument("notebook")
    judging.add_argument("names", nargs="+")
    wanted = parser.parse_args()
    if wanted.command == "judge":
        judge_answers(wanted.notebook, wanted.names)
        return
    if wanted.csv and wanted.csv.exists():
        sys.exit(f"{wanted.csv} exists already; remove it, or name another file")
    rows = report(wanted.notebooks)
    if wanted.csv:
        write_atomically(wanted.csv, as_csv(rows).encode())
    else:
        print(as_table(rows))


if __name__ == "__main__":
    main()
