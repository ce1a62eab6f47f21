"""The network of a checklist, for many projects (or draws) at once: finish days, critical path, what holds them up.

Arrays are rows × steps in the template's order (predecessors first); days are whole or broken days from day 0.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from portfolio.readiness.rules.templates import Template

Days = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Schedule:
    """`finish` of each step, `critical` whether it decides the end, `end` of the last step (all from day 0)."""

    finish: Days
    critical: Mask
    end: Days


def predecessors(template: Template) -> list[list[int]]:
    """For each step the places of those it waits for."""
    places = {code: place for place, code in enumerate(template.codes)}
    return [[places[code] for code in step.after if code in places] for step in template.steps]


def schedule(template: Template, durations: Days, done: Mask) -> Schedule:
    """The earliest finish of every step when each takes `durations`.

    A `done` step has finished whatever stands before it; one that does not apply takes no days but waits.
    """
    waits = predecessors(template)
    finish = np.zeros_like(durations)
    for place, before in enumerate(waits):
        start = finish[:, before].max(axis=1) if before else 0.0
        finish[:, place] = np.where(done[..., place], 0.0, start + durations[:, place])
    return Schedule(finish, _critical(waits, finish, durations) & ~done, finish.max(axis=1))


def _critical(waits: list[list[int]], finish: Days, durations: Days) -> Mask:
    """Steps of some length on the longest path: walked back from the last step along whoever finished last."""
    rows = np.arange(len(finish))
    on_path = np.zeros(finish.shape, np.bool_)
    on_path[rows, finish.argmax(axis=1)] = True
    for place in range(len(waits) - 1, -1, -1):
        before = waits[place]
        if not before:
            continue
        latest = np.array(before)[finish[:, before].argmax(axis=1)]
        here = on_path[:, place]
        on_path[rows[here], latest[here]] = True
    return on_path & (durations > 0)


def holding(schedule: Schedule) -> NDArray[np.int64]:
    """For each row the place of the first unfinished step of its critical path; -1 when nothing is left to do."""
    first: Any = schedule.critical.argmax(axis=1)
    return np.where(schedule.critical.any(axis=1), first, -1)
