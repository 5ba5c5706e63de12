"""Draw what a reader may see at the sliders of a notebook: ``draw_frames.py NOTEBOOK``

Of the notebook, the cells run that the figures with sliders need, and no others. Frames are kept in
docs/build/frames until these cells or the helpers change.
"""

import ast
import contextlib
import hashlib
import io
import itertools
import json
import os
import re
import shutil
import symtable
import sys
from dataclasses import dataclass
from pathlib import Path

import nbformat
import numpy as np
from IPython.core.interactiveshell import InteractiveShell
from PIL import Image

from course_utils import explorers

ROOT = Path(__file__).resolve().parent.parent
FRAMES = ROOT / "docs" / "build" / "frames"
EXPLORE = re.compile(r"^explore\(", re.M)
MOST = {1: 48, 2: 9, 3: 4}  # positions of each slider; with more controls, one moves at a time
ALONE = 9
LARGEST = 1_500_000  # bytes of all frames of a figure
LOSSY = (90, 75, 60, 45, 30)  # qualities to try if the frames do not fit without loss


def manifest_in(folder):
    """What is known about the frames in a folder; None if they are not drawn."""
    file = folder / "manifest.json"
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else None


# Which cells --------------------------------------------------------------------------------------


@dataclass
class Names:
    """What a statement does to the names of the notebook."""

    read: set
    bound: set
    changed: set  # table.append(row), table[0] = row
    surely: set  # of `bound`: an earlier value is gone
    is_import: bool


def read_by(table):
    """Names of the notebook that a piece of code reads, in its functions, too."""
    read = {
        symbol.get_name()
        for symbol in table.get_symbols()
        if symbol.is_referenced() and (table.get_type() == "module" or symbol.is_global())
    }
    return read.union(*map(read_by, table.get_children()))


def names_of(statement):
    table = symtable.symtable(ast.unparse(statement), "cell", "exec")
    symbols, read = table.get_symbols(), read_by(table)
    bound = {one.get_name() for one in symbols if one.is_assigned() or one.is_imported()}
    surely, changed = set(), set()
    is_import = isinstance(statement, ast.Import | ast.ImportFrom)
    if is_import or isinstance(statement, ast.Assign | ast.FunctionDef | ast.ClassDef):
        surely = bound
    elif isinstance(statement, ast.For):
        surely = stored_in(statement.target)
        read = read_by(symtable.symtable(ast.unparse(statement.iter), "cell", "exec"))
        read |= read_first(map(names_of, statement.body)) - surely
    for node in ast.walk(statement):
        is_stored = isinstance(node, ast.Subscript | ast.Attribute) and not isinstance(
            node.ctx, ast.Load
        )
        is_told = isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
        if is_stored or (is_told and isinstance(node.value.func, ast.Attribute)):
            target = node.value if is_stored else node.value.func.value
            changed |= {part.id for part in ast.walk(target) if isinstance(part, ast.Name)}
    return Names(read, bound, changed, surely, is_import)


def stored_in(target):
    return {part.id for part in ast.walk(target) if isinstance(part, ast.Name)}


def read_first(statements, wanted=frozenset()):
    """Names that statements, or what comes after them and reads `wanted`, take from before."""
    for names in reversed(list(statements)):
        wanted = wanted - names.surely | names.read
    return wanted


def code_of(source):
    """Statements of a cell, without magics."""
    return ast.parse(re.sub(r"^[%!].*$", "", source, flags=re.M)).body


def needed(sources, number):
    """Numbers of the cells that the cell `number` needs, itself the last.

    These bind or change what it reads, directly or not. Whoever draws from a generator changes it.
    """
    cells = [[names_of(statement) for statement in code_of(source)] for source in sources]
    modules = {name for cell in cells for one in cell if one.is_import for name in one.bound}
    generators = {
        name
        for source, cell in zip(sources, cells)
        for statement, one in zip(code_of(source), cell)
        if "default_rng(" in ast.unparse(statement)
        for name in one.bound
    }
    kept, wanted = [], set()
    for earlier in reversed(range(number + 1)):
        effects = (
            one.bound | one.changed - modules | one.read & generators for one in cells[earlier]
        )
        if earlier == number or wanted & set().union(*effects):
            kept.append(earlier)
            wanted = read_first(cells[earlier], wanted)
    return kept[::-1]


# What they show -----------------------------------------------------------------------------------


def explorers_of(path, sources):
    """Run cells of a notebook: dict of number of the cell to the Explorer that it shows."""
    shell, shown = InteractiveShell.instance(), {}
    os.chdir(path.parent)
    shell.display_pub.publish = lambda *_, **__: None
    for number, source in sources.items():
        if EXPLORE.search(source):
            explorers.display = lambda one, number=number: shown.update({number: one})
        with contextlib.redirect_stdout(io.StringIO()):
            shell.run_cell(source, store_history=False).raise_error()
    return shown


def positions(control, most):
    """Values of a control that are drawn, `most` at most if it is a slider; and where it starts."""
    if hasattr(control, "options"):
        values = [option[1] if isinstance(option, tuple) else option for option in control.options]
    else:
        steps = round((control.max - control.min) / control.step)
        count = min(steps + 1, most)
        numbers = np.unique(np.rint(np.linspace(0, steps, count)).astype(int))
        start = round((control.value - control.min) / control.step)
        numbers[np.abs(numbers - start).argmin()] = start
        values = [control.min + int(number) * control.step for number in numbers]
        values = [type(control.value)(round(value, 10)) for value in values]
    nearest = min(range(len(values)), key=lambda index: values[index] != control.value)
    return values, nearest


def settings_of(lists, starts):
    """Index of each control's value in each frame; and whether every combination is drawn."""
    if len(lists) in MOST:
        return list(itertools.product(*(range(len(values)) for values in lists))), True
    alone = {tuple(starts)}
    for number, values in enumerate(lists):
        alone |= {(*starts[:number], i, *starts[number + 1 :]) for i in range(len(values))}
    return sorted(alone), False


def frames_of(explorer, most):
    """Draw an Explorer at `most` positions of each slider.

    Returns
    -------
    list of dict
        Of each control: label, values in words, index of the value where it starts.
    dict of str to tuple
        For each setting, such as "3,0": pixels, and the titles in words.
    bool
        Whether every combination is drawn.
    """
    controls = list(explorer.controls.values())
    lists, starts = zip(*(positions(control, most) for control in controls))
    settings, is_grid = settings_of(lists, starts)
    with_labels = []
    for control, values, start in zip(controls, lists, starts):
        is_list = hasattr(control, "options")
        texts = [str(v) if not isinstance(v, float) else f"{v:g}" for v in values]
        with_labels.append(
            {"label": control.description, "values": texts, "start": start, "is_list": is_list}
        )
    frames = {}
    for indices in settings:
        for control, values, index in zip(controls, lists, indices):
            if control.value != values[index]:
                control.value = values[index]  # draws
        pixels = np.asarray(Image.open(io.BytesIO(explorer.image.value)).convert("RGB"))
        words = re.sub(r"<[^>]*>", "", explorer.words.value)
        frames[",".join(map(str, indices))] = pixels, words
    return with_labels, frames, is_grid


def webp(pixels, quality):
    buffer = io.BytesIO()
    options = {"lossless": True, "method": 2} if quality is None else {"quality": quality}
    Image.fromarray(pixels).save(buffer, "webp", **options)
    return buffer.getvalue()


def encode(frames):
    """Encode all frames alike, with as little loss as fits; None if nothing does."""
    for quality in (None, *LOSSY):
        files = [webp(pixels, quality) for pixels in frames]
        if sum(map(len, files)) <= LARGEST:
            return files
    return None


def write_frames(explorer, folder, key):
    """Draw the frames of an Explorer into `folder`; the manifest comes last."""
    most, files = MOST.get(len(explorer.controls), ALONE), None
    while files is None:
        controls, frames, is_grid = frames_of(explorer, most)
        files = encode([pixels for pixels, _ in frames.values()])
        most = most * 3 // 4
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    named = {}
    for number, (setting, (_, words)) in enumerate(frames.items()):
        (folder / f"{number}.webp").write_bytes(files[number])
        named[setting] = {"file": f"{number}.webp", "words": words}
    height, width = next(iter(frames.values()))[0].shape[:2]
    manifest = {"controls": controls, "frames": named, "is_grid": is_grid, "key": key}
    manifest |= {"width": width, "height": height}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def modules_behind(source):
    """Files of the course that a piece of code imports, directly or not."""
    files, texts = set(), [source]
    while texts:
        names = re.findall(r"\bcourse_utils(?: import |\.)(\w+)", texts.pop())
        found = {ROOT / "course_utils" / f"{name}.py" for name in names} - files
        files |= found
        texts += [file.read_text(encoding="utf-8") for file in found if file.exists()]
    return sorted(file for file in files if file.exists())


def key_of(sources, numbers):
    """Fingerprint of all that the frames of a figure depend on."""
    code = "\n".join(sources[number] for number in numbers)
    content = [file.read_bytes() for file in [Path(__file__), *modules_behind(code)]]
    return hashlib.sha256(b"\0".join([code.encode(), *content])).hexdigest()


def draw(path):
    """Draw the frames of all figures with sliders of a notebook, unless they are there."""
    cells = nbformat.read(path, as_version=4).cells
    sources = [cell.source if cell.cell_type == "code" else "" for cell in cells]
    wanted = {
        number: needed(sources, number)
        for number, source in enumerate(sources)
        if EXPLORE.search(source)
    }
    folder = FRAMES / path.stem
    for old in folder.glob("*"):
        if old.name not in map(str, wanted):
            shutil.rmtree(old)
    keys = {number: key_of(sources, numbers) for number, numbers in wanted.items()}
    stale = {
        number: numbers
        for number, numbers in wanted.items()
        if (manifest_in(folder / str(number)) or {}).get("key") != keys[number]
    }
    run = {number: sources[number] for number in sorted(set().union(*stale.values()))}
    for number, explorer in explorers_of(path, run).items() if run else ():
        stored = "\n".join(output.data["text/plain"] for output in cells[number].outputs[:1])
        may_differ = "nbval-ignore-output" in cells[number].metadata.get("tags", [])
        if explorer.summary != stored and not may_differ:
            raise ValueError(
                f"{path.name}, cell {number}: the frames would differ from the stored picture. "
                "Either the notebook is to be run again, or a cell that matters was left out."
            )
        if number in stale:
            write_frames(explorer, folder / str(number), keys[number])


if __name__ == "__main__":
    draw(Path(sys.argv[1]).resolve())
