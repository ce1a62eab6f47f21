"""Why each project is in, put off or out, read from what the answer leaves of every row."""

from collections.abc import Sequence

import numpy as np

from portfolio.allocation.model.answer import Decision, Reason
from portfolio.allocation.model.problem import EXCLUDE, POINTS, Group, Ints
from portfolio.allocation.model.program import Program
from portfolio.allocation.model.whole import Model

MOST_NAMED = 6


class Reasons:
    """The room an answer leaves, asked project by project."""

    def __init__(self, model: Model, program: Program, chosen: Ints) -> None:
        self.model, self.program, self.chosen = model, program, chosen
        self.left = program.upper - program.activity(chosen)
        self.way_of = {int(model.ways.project[column]): int(column) for column in chosen}
        self.inside = {model.problem.projects[place].code for place in self.way_of}
        self.groups_of: dict[str, list[Group]] = {}
        for group in model.problem.groups:
            for code in group.projects:
                self.groups_of.setdefault(code, []).append(group)

    def decisions(self) -> tuple[Decision, ...]:
        """One decision a project, in the order of the problem."""
        return tuple(self._decision(place) for place in range(len(self.model.problem.projects)))

    def _decision(self, place: int) -> Decision:
        project, ways = self.model.problem.projects[place], self.model.ways
        column = self.way_of.get(place)
        if column is None:
            return Decision(project.code, False, None, 0, 0.0, project.rung, self.out(place))
        delay, phases = int(ways.delay[column]), int(ways.phases[column])
        value = int(ways.worth[column]) / POINTS
        return Decision(project.code, True, delay, phases, value, project.rung, self._in(place, column))

    def _in(self, place: int, column: int) -> Reason:
        project, ways = self.model.problem.projects[place], self.model.ways
        delay, phases = int(ways.delay[column]), int(ways.phases[column])
        if delay:
            sooner = int(ways.at[place, 0, phases - 1])
            full = self.refusing(sooner, column) if sooner >= 0 else []
            return (
                Reason("delayed", {"years": delay, **self._named(full)})
                if full
                else Reason("put_off", {"years": delay})
            )
        if phases < len(project.phases):
            more = int(ways.at[place, 0, phases])
            return Reason("phased", {"phases": phases, **self._named(self.refusing(more, column))})
        return Reason("must") if project.must else Reason("supported", {"value": project.value})

    def out(self, place: int) -> Reason:
        """Why a project is out; an order or a group comes before the pools."""
        project = self.model.problem.projects[place]
        if project.must is False:
            return Reason("must_not")
        for group in self.groups_of.get(project.code, ()):
            reason = self._by_group(group, project.code)
            if reason is not None:
                return reason
        full = self.refusing(self.first_way(place), None)
        if full:
            return Reason("pools", self._named(full))
        if int(self.model.ways.gain[self.model.ways.project == place].max(initial=0)) <= 0:
            return Reason("no_value")
        return Reason("not_chosen")

    def _by_group(self, group: Group, code: str) -> Reason | None:
        others = [one for one in group.projects if one != code]
        if group.kind == EXCLUDE:
            rivals = [one for one in others if one in self.inside]
            return Reason("excluded", {"group": group.code, "project": rivals[0]}) if rivals else None
        needed = others if group.kind != "require" or group.projects[0] == code else []
        missing = [one for one in needed if one not in self.inside]
        return Reason("required", {"group": group.code, "project": missing[0]}) if missing else None

    def first_way(self, place: int) -> int:
        """The undelayed way with the fewest phases."""
        columns = self.model.ways.at[place, 0]
        return int(columns[columns >= 0][0])

    def refusing(self, column: int, instead_of: int | None) -> list[str]:
        """The pools that a way would exceed, taken beside the answer or instead of one of its ways."""
        starts, rows, weights = self.program.by_column
        span = slice(starts[column], starts[column + 1])
        drawn = dict(zip(rows[span].tolist(), weights[span].tolist(), strict=True))
        back: dict[int, int] = {}
        if instead_of is not None:
            freed = slice(starts[instead_of], starts[instead_of + 1])
            back = dict(zip(rows[freed].tolist(), weights[freed].tolist(), strict=True))
        full = [
            self.model.name_of[row]
            for row, amount in drawn.items()
            if self.model.rule_of[row] == "pool" and amount > int(self.left[row]) + back.get(row, 0)
        ]
        return list(dict.fromkeys(full))

    def _named(self, pools: Sequence[str]) -> dict[str, str]:
        return {"pools": ", ".join(pools[:MOST_NAMED]) + (" …" if len(pools) > MOST_NAMED else "")}


def plan_arrays(model: Model, chosen: Ints) -> tuple[Ints, Ints]:
    """Delay (-1: out) and phases of every project."""
    count = len(model.problem.projects)
    delay, phases = np.full(count, -1, np.int64), np.zeros(count, np.int64)
    delay[model.ways.project[chosen]] = model.ways.delay[chosen]
    phases[model.ways.project[chosen]] = model.ways.phases[chosen]
    return delay, phases
