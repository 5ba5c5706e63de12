"""Break the code in one place at a time and see whether its tests notice.

A mutant is a module with one small fault: ``<=`` for ``<``, a check left out, a number one too
large. A sample of them, drawn by a seed, is tried against the tests of their own modules, in copies
of the repository. Those that live are printed: for each, a test is missing, or the mutant does what
the module does and belongs in EQUIVALENT.
"""

import argparse
import ast
import multiprocessing
import os
import random
import re
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from itertools import accumulate, count, islice, pairwise
from pathlib import Path
from queue import SimpleQueue
from typing import NamedTuple

import psutil
from tqdm import tqdm

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = {"course_utils": "tests/helpers", "exercises/checker": "tests/exercises"}
TESTS = {  # of modules that have no test file of their own name, or more than one
    "_validation": ["validation", "bad_input"],  # of which the others get their part
    "exercise": ["judge", "catalogue"],
    "inputs": ["judge", "searching"],
}
GOAL = 0.85
WORKERS = 2
SECONDS, TIMES = 60, 10  # the tests may take so long, or so many times what they take unbroken
MEMORY = 6 * 2**30  # bytes, for mutants that fill a list for ever
SLOW_IMPORTS = ["pytest", "nbval.plugin", "hypothesis.extra.numpy", "cv2", "matplotlib.pyplot"]
SLOW_IMPORTS += ["scipy.ndimage", "skimage.metrics", "torch", "torchvision.transforms.v2"]

OPERATORS = {  # its sign, and of those that could stand there the one that is hardest to notice
    ast.Lt: ("<", "<="), ast.LtE: ("<=", "<"), ast.Gt: (">", ">="), ast.GtE: (">=", ">"),
    ast.Eq: ("==", "!="), ast.NotEq: ("!=", "=="), ast.Is: ("is", "is not"),
    ast.IsNot: ("is not", "is"), ast.In: ("in", "not in"), ast.NotIn: ("not in", "in"),
    ast.And: ("and", "or"), ast.Or: ("or", "and"), ast.Not: ("not", ""), ast.USub: ("-", "+"),
    ast.Add: ("+", "-"), ast.Sub: ("-", "+"), ast.Mult: ("*", "/"), ast.Div: ("/", "*"),
    ast.FloorDiv: ("//", "/"), ast.Mod: ("%", "//"), ast.Pow: ("**", "*"), ast.BitAnd: ("&", "|"),
    ast.BitOr: ("|", "&"), ast.Invert: ("~", ""),
}  # fmt: skip
NAMES = {
    "min": "max", "max": "min", "minimum": "maximum", "maximum": "minimum", "any": "all",
    "all": "any", "floor": "ceil", "ceil": "floor", "rint": "floor", "uint8": "int16",
    "int64": "int32", "float32": "float64", "float64": "float32", "zeros": "ones", "ones": "zeros",
}  # fmt: skip
FORKS = multiprocessing.get_context("forkserver")  # a server that has imported what is slow
NEW_TIMES = count(1)

# (module, its line, the mutant's line, or ... for all there are): why no test can tell them apart
EQUIVALENT = {
    ("convolution", "STRIP = 2**15", ...): "changes the speed only",
    ("convolution", "PRODUCTS = 2**17", ...): "changes the speed only",
    ("convolution", "if len(kernel) < kernel.shape[1]:", ...): "changes the speed only",
    ("convolution", "if kernel.size <= FEW:", "if kernel.size < FEW:"): "is no less exact",
    ("display", "LARGE = 2**22", ...): "changes the speed only, and no picture that anybody sees",
    ("filtering", "STRIP = 2**17", ...): "changes the speed only",
    ("histograms", "STRIP = 2**16", ...): "changes the speed only",
    ("metrics", "STRIP = 2**19", ...): "changes the speed only",
    ("twins", "STRIP = 2**16", ...): "changes the speed only",
    (
        "filtering",
        "count_type = np.uint8 if size**2 < 256 else np.uint16",
        "count_type = np.uint8 if size**2 <= 256 else np.uint16",
    ): "size is odd",
    (
        "filtering",
        "count_type = np.uint8 if size**2 < 256 else np.uint16",
        "count_type = np.int16 if size**2 < 256 else np.uint16",
    ): "counts the same, in more memory",
    (
        "filtering",
        "median += bit * (below <= size**2 // 2)",
        "median += bit * (below <= size**2 / 2)",
    ): "counts are whole numbers",
    (
        "exercise",
        "tolerance: float = 1e-6",
        ...,
    ): "answers are exact to the last bits, or wrong by far more",
    (
        "judge",
        "is_deaf = self._is_deaf(self.function, call, (seed, seed + 1))",
        ...,
    ): "another seed",
    ("judge", "deaf[_key(call.arguments)] = seed, seed + 1", ...): "another seed",
    ("running", "random.seed(0)", "random.seed(1)"): "another seed, the same each time",
    (
        "mnist",
        "HTTPDownloader(progressbar=True, chunk_size=2**16, timeout=STALL)(url, archive, pooch)",
        ...,
    ): "changes the speed only",
    ("training", "return None", "return path"): "path is None there",
    (
        "training",
        'with tqdm(total=steps, initial=len(history.losses), unit="step", mininterval=0.5) as bar:',
        ...,
    ): "how often a bar moves",
    ("training", "if progress < 0.2:", "if progress <= 0.2:"): "both lines meet there",
    (
        "twins",
        "steps = np.floor((part.astype(float) - low) / step + 1 / math.e)",
        "steps = np.ceil((part.astype(float) - low) / step + 1 / math.e)",
    ): "every step is one higher",
}


# Faults -----------------------------------------------------------------------------------------


def is_key(node, parent):
    """Whether a string is looked up, compared or passed by keyword, and no text for readers."""
    if " " in node.value or (isinstance(parent, ast.Dict) and node not in parent.keys):
        return False
    return isinstance(parent, (ast.Dict, ast.Subscript, ast.Compare, ast.keyword))


def faulty_constants(node, parent):
    """List what could stand there by mistake."""
    match node.value:
        case bool(flag):
            return [not flag]
        case int(number):
            return sorted({number + 1, number - 1, 2 * number} - {number})
        case float(number):
            return [2 * number or 1.0]
        case str(text) if text and is_key(node, parent):
            return [text[:-1]]
    return []


def operations(node):
    """Operands and operators of a node, in turn."""
    match node:
        case ast.Compare():
            return [node.left, *node.comparators], node.ops
        case ast.BoolOp():
            return node.values, [node.op] * len(node.values)
        case ast.BinOp():
            return [node.left, node.right], [node.op]
        case ast.AugAssign():
            return [node.target, node.value], [node.op]
    return [], []


def faults(source):
    """Yield for each place in the source its start and end, and what could stand there instead."""
    lines = [0, *accumulate(map(len, source.splitlines(keepends=True)))]

    def start(node):
        return lines[node.lineno - 1] + node.col_offset

    def end(node):
        return lines[node.end_lineno - 1] + node.end_col_offset

    def sign(operator, first, last):
        if type(operator) in OPERATORS:
            yield first, last, [source[first:last].decode().replace(*OPERATORS[type(operator)], 1)]

    def visit(node, parent, argument):
        match node:
            case ast.JoinedStr() | ast.Raise() | ast.Expr(value=ast.Constant()):
                return  # texts for readers
            case ast.FunctionDef():
                given = [a.arg for a in node.args.args if a.arg not in ("self", "cls")]
                argument = given[0] if given else "None"
            case ast.Return(value=ast.expr()):
                yield start(node.value), end(node.value), [argument]
            case ast.If() | ast.IfExp():
                yield start(node.test), end(node.test), ["False"]
            case ast.Expr(value=ast.Call()) | ast.AugAssign() | ast.Delete() | ast.Continue():
                yield start(node), end(node), ["pass"]
            case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]):
                yield start(node), end(node), ["pass"]
            case ast.UnaryOp():
                yield from sign(node.op, start(node), start(node.operand))
            case ast.Constant():
                yield start(node), end(node), map(repr, faulty_constants(node, parent))
            case ast.Name(id=name) | ast.Attribute(attr=name) if name in NAMES:
                yield end(node) - len(name), end(node), [NAMES[name]]
            case ast.Slice():
                for bound in (node.lower, node.upper):
                    if bound and not isinstance(bound, (ast.Constant, ast.UnaryOp)):
                        yield end(bound), end(bound), [" + 1"]
        operands, operators = operations(node)
        for (left, right), operator in zip(pairwise(operands), operators):
            yield from sign(operator, end(left), start(right))
        for name, field in ast.iter_fields(node):
            if name not in ("annotation", "returns", "decorator_list"):
                for child in field if isinstance(field, list) else [field]:
                    if isinstance(child, ast.AST):
                        yield from visit(child, node, argument)

    return visit(ast.parse(source), None, "None")


class Mutant(NamedTuple):
    """A module with one fault: its file, the line's number, before and after, and all its text."""

    path: Path
    line: int
    before: str
    after: str
    text: bytes

    @property
    def keys(self):
        """What stands for it in EQUIVALENT."""
        return {(self.path.stem, self.before, after) for after in (self.after, ...)}


def mutants(path):
    """List for each place in a module its mutants."""
    source = path.read_bytes()

    def mutant(start, end, text):
        broken = source[:start] + text.encode() + source[end:]
        first, last = source.rfind(b"\n", 0, start) + 1, source.find(b"\n", end)
        lines = source[first:last], broken[first : last + len(broken) - len(source)]
        lines = (re.sub("  #.*", "", line.decode()).split() for line in lines)
        return Mutant(path, source.count(b"\n", 0, start) + 1, *map(" ".join, lines), broken)

    return [[mutant(start, end, text) for text in texts] for start, end, texts in faults(source)]


def is_fair(mutant):
    """Whether a mutant is a module with another meaning, as far as anybody can tell."""
    try:
        same = ast.dump(ast.parse(mutant.text)) == ast.dump(ast.parse(mutant.path.read_bytes()))
    except SyntaxError:
        return False
    return not same and mutant.keys.isdisjoint(EQUIVALENT)


def draw(modules, number, seed):
    """Draw mutants: from each module in proportion to its lines, from each place at most one."""
    lines = [path.read_bytes().count(b"\n") for path in modules]
    ends = [round(number * end / sum(lines)) for end in accumulate(lines, initial=0)]
    sample = []
    for path, (start, end) in zip(modules, pairwise(ends)):
        rng = random.Random(f"{seed} {path.stem}")  # so that no module changes another's sample
        places = [place for place in mutants(path) if place]
        rng.shuffle(places)
        sample += islice(filter(is_fair, map(rng.choice, places)), end - start)
    return sample


# Trials -----------------------------------------------------------------------------------------


def tests_of(path):
    """List what pytest is told: the module, for its doctests, and its tests."""
    folder = PACKAGES[str(path.parent.relative_to(ROOT))]
    names = TESTS.get(path.stem, [path.stem.lstrip("_")])
    tests = [str(path.relative_to(ROOT)), *(f"{folder}/test_{name}.py" for name in names)]
    if folder == "tests/helpers" and path.stem != "_validation":
        tests += [f"{folder}/test_bad_input.py", "-k", f"not test_bad_input.py or [{path.stem}."]
    return tests


def copy_course(folder):
    """Copy the course, and MNIST if it is there, to a folder."""
    without = shutil.ignore_patterns(".*", "build", "node_modules", "__pycache__")
    shutil.copytree(ROOT, folder, ignore=without)
    if data := os.environ.get("COURSE_DATA"):
        shutil.copytree(ROOT / data, folder / "data", dirs_exist_ok=True)
    return folder


def run_tests(tests, folder):
    """Run tests in a copy of the course, and end this process."""
    os.setsid()  # what the tests start is ended with it
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may have turned it off
    limits = MEMORY, resource.getrlimit(resource.RLIMIT_DATA)[1]
    resource.setrlimit(resource.RLIMIT_DATA, limits)
    for stream in (1, 2):
        os.dup2(os.open(folder / "log", os.O_WRONLY | os.O_CREAT | os.O_APPEND), stream)
    os.chdir(folder)
    os.environ |= {"PYTHONPATH": str(folder), "TMPDIR": str(folder / "tmp")}
    os.environ.pop("COURSE_DATA", None)
    tempfile.tempdir = None  # ask TMPDIR again
    sys.path[:] = [str(folder), *(p for p in sys.path if Path(p) not in (ROOT, ROOT / "tests"))]
    import pytest

    code = pytest.main(["-x", "-q", "-p", "no:cacheprovider", *tests])
    sys.stdout.flush()
    os._exit(code)


def end(process, folder):
    """End a process and all that it started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    for stray in psutil.process_iter():  # those in a session of their own
        with suppress(psutil.Error):
            if stray.environ().get("TMPDIR") == str(folder / "tmp"):
                stray.kill()
    process.kill()
    process.join()


def try_out(path, text, folders, limit=None):
    """Run the tests of a module in a copy of the course, where the module has this text.

    Returns the exit code, which is 0 if they pass, the seconds they took, and what they printed.
    """
    folder = folders.get()
    (folder / "tmp").mkdir(exist_ok=True)
    (folder / "log").write_text("")
    place = folder / path.relative_to(ROOT)
    original = place.rename(place.with_suffix(".original"))
    place.write_bytes(text)
    os.utime(place, (next(NEW_TIMES),) * 2)  # tells Python that what it compiled is old
    began = time.monotonic()
    process = FORKS.Process(target=run_tests, args=(tests_of(path), folder))
    process.start()
    process.join(limit)
    end(process, folder)
    seconds = time.monotonic() - began
    original.replace(place)
    shutil.rmtree(folder / "tmp", ignore_errors=True)
    log = (folder / "log").read_text(errors="replace")
    folders.put(folder)
    return process.exitcode, seconds, log


def try_all(sample):
    """Yield each module with the seconds of its tests, then each mutant with whether it lives."""
    with tempfile.TemporaryDirectory() as base, ThreadPoolExecutor(WORKERS) as pool:
        folders = SimpleQueue()
        for number in range(WORKERS):
            folders.put(copy_course(Path(base, str(number))))
        try:
            jobs, limits = {}, {}
            for path in {mutant.path for mutant in sample}:
                jobs[pool.submit(try_out, path, path.read_bytes(), folders)] = path
            for job in as_completed(jobs):
                path, (code, seconds, log) = jobs[job], job.result()
                if code:
                    sys.exit(f"the tests of {path.stem} fail as it is:\n{log[-4000:]}")
                yield path, seconds
                limits[path] = max(SECONDS, TIMES * seconds)
            jobs = {
                pool.submit(try_out, mutant.path, mutant.text, folders, limits[mutant.path]): mutant
                for mutant in sample
            }
            for job in as_completed(jobs):
                yield jobs[job], job.result()[0] == 0
        finally:  # Ctrl-C, too
            pool.shutdown(wait=False, cancel_futures=True)
            for process in multiprocessing.active_children():
                process.kill()


def main():
    everything = sorted(path for package in PACKAGES for path in (ROOT / package).glob("*.py"))
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("modules", nargs="*", help="names such as noise; all, if none is given")
    parser.add_argument("--sample", type=int, default=200, help="how many mutants (200)")
    parser.add_argument("--seed", type=int, default=2022, help="of the draw (2022)")
    options = parser.parse_args()
    if unknown := set(options.modules) - {path.stem for path in everything}:
        parser.error(f"there is no module {', '.join(sorted(unknown))}")
    known = {key for path in everything for place in mutants(path) for m in place for key in m.keys}
    if stale := EQUIVALENT.keys() - known:
        sys.exit(f"EQUIVALENT lists what is no mutant of today's code: {stale}")
    chosen = [path for path in everything if path.stem in (options.modules or [path.stem])]
    sample = draw(chosen, options.sample, options.seed)
    modules = {mutant.path for mutant in sample}
    files = {test for path in modules for test in tests_of(path) if test.endswith(".py")}
    if missing := [file for file in sorted(files) if not (ROOT / file).exists()]:
        sys.exit(f"these tests are missing: {', '.join(missing)}")
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    FORKS.set_forkserver_preload(SLOW_IMPORTS)
    seconds, tried, lived = {}, Counter(), Counter()
    with suppress(KeyboardInterrupt), tqdm(total=len(modules) + len(sample), unit="trial") as bar:
        for what, found in try_all(sample):
            bar.update()
            if isinstance(what, Path):
                seconds[what.stem] = found
                continue
            tried[what.path.stem] += 1
            lived[what.path.stem] += found
            if found:
                place = f"{what.path.relative_to(ROOT)}:{what.line}"
                bar.write(f"{place}\n  - {what.before}\n  + {what.after}")
    print(f"\n{'module':20} {'seconds':>7} {'mutants':>7} {'killed':>7} {'lived':>7}")
    for name in sorted(seconds):
        numbers = tried[name], tried[name] - lived[name], lived[name]
        print(f"{name:20} {seconds[name]:7.1f} {numbers[0]:7} {numbers[1]:7} {numbers[2]:7}")
    killed = tried.total() - lived.total()
    print(f"{killed} of {tried.total()} killed, {len(sample)} drawn; the goal is {GOAL:.0%}")
    sys.exit(killed < GOAL * len(sample))


if __name__ == "__main__":
    main()
