"""What a notebook may cost: three times the seconds and the memory that the README states."""

import re
from pathlib import Path
from typing import NamedTuple

import psutil

ROW = re.compile(r"^\|.*\]\(notebooks/(\S+\.ipynb)\) \|.*\| (\d+) s and (\d+) MB \|", re.M)
TOLERANCE = 3  # machines differ, and CI's are busy


class Cost(NamedTuple):
    seconds: float
    megabytes: float


def budgets(readme):
    """Cost of each notebook, by file name, as the table in the file `readme` states it."""
    rows = ROW.findall(readme.read_text(encoding="utf-8")) if readme.exists() else []
    return {name: Cost(int(seconds), int(megabytes)) for name, seconds, megabytes in rows}


def cost_of(pid):
    """Processor time of a process and its children so far, and the most memory it has held.

    A busy machine stretches the time on the clock, but hardly the processor's.
    """
    process = psutil.Process(pid)
    status, memory = Path(f"/proc/{pid}/status"), process.memory_info()
    peak = getattr(memory, "peak_wset", memory.rss)  # Windows knows the peak, macOS does not
    if status.exists():
        peak = int(re.search(r"VmHWM:\s+(\d+) kB", status.read_text())[1]) * 1024
    return Cost(sum(process.cpu_times()[:4]), peak / 1e6)


def over_budget(cost, budget):
    """List what costs more than the budget allows."""
    return [
        f"{unit}: {spent:.0f}, which is more than {TOLERANCE} x {allowed}"
        for unit, spent, allowed in zip(Cost._fields, cost, budget)
        if spent > TOLERANCE * allowed
    ]
