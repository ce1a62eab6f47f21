"""Write good rows of needs: new ones, changed ones, and the journal entry of each project."""

from collections.abc import Mapping
from itertools import repeat
from typing import Any, Protocol

import orjson
from sqlalchemy import bindparam, select, update
from sqlmodel import Session, col

from portfolio.access.rules import Actor, allows
from portfolio.core import revision
from portfolio.core.behind import Behind
from portfolio.exchange.rows.needs_new import NewNeeds
from portfolio.exchange.rows.needs_rows import NeedRows
from portfolio.exchange.rows.needs_told import NeedsTold
from portfolio.exchange.rows.rows import Tally
from portfolio.exchange.sheets.findings import Place
from portfolio.journal import service as journal
from portfolio.needs.changes import NeedEdit, changes_in, changes_of, held_needs, propose_needs, proposed_over
from portfolio.needs.tables import Need
from portfolio.projects.gate import ever_moved, pass_many
from portfolio.projects.proposals import NEEDS, parts_of
from portfolio.projects.service import mark_needs_changed
from portfolio.vocabulary.tree import ElementTree

NAMES = ("project_id", "item_id", "year", "required", "basis", "revision")
Change = dict[str, Any]


class Codes(Protocol):
    """What the journal needs of the projects."""

    code_of: dict[int, str]


class NeedsWriter:
    """Compares rows with what is stored and writes the difference."""

    def __init__(
        self, session: Session, actor: Actor, tree: ElementTree, projects: Codes, tally: Tally, place: Place
    ) -> None:
        self.session, self.actor, self.projects, self.tally = session, actor, projects, tally
        self.item_codes = {item: node.code for item, node in tree.by_id.items()}
        self.new_words = NewNeeds(self.item_codes)
        self.told = NeedsTold(tree, projects.code_of, place, tally)
        self.with_needs = set(session.execute(select(col(Need.project_id)).distinct()).scalars())
        self.touched: set[int] = set()
        self.moved = ever_moved(session) if allows(actor, "project.review") else None
        self.asked: dict[int, str] = {}
        self.beside: set[int] = set()
        self.tree = tree
        self.behind = Behind(session)

    def barred(self, rows: NeedRows) -> dict[int, str]:
        """Project id → code of what keeps its rows from being written; those that change nothing are barred by none."""
        wanted = set(rows.project) if self.moved is None else self.moved.intersection(rows.project)
        wanted -= self.asked.keys()
        if wanted:
            held = self._held(rows) | self._proposed(wanted)
            columns = zip(rows.project, rows.item, rows.year, rows.required, rows.basis, strict=True)
            changing = {p for p, i, year, *value in columns if p in wanted and held.get((p, i, year)) != tuple(value)}
            found = pass_many(self.session, self.actor, changing)
            self.asked |= {project: found.barred.get(project, "") for project in changing}
            self.beside |= found.beside
        return {project: code for project, code in self.asked.items() if code}

    def write(self, rows: NeedRows) -> None:
        """Write a chunk of rows whose keys are all different."""
        if self.beside:
            rows = self._set_beside(rows)
        if not rows.project:
            return
        held = self._held(rows)
        self.told.tell(rows, held)
        if held:
            self._write_beside(rows, held)
        else:
            self._write_new(rows)

    def _set_beside(self, rows: NeedRows) -> NeedRows:
        """Propose the rows of records that are only changed beside; returns the others."""
        columns, chosen = list(rows.__dict__.values()), [project in self.beside for project in rows.project]
        beside = NeedRows(*([v for v, yes in zip(column, chosen, strict=True) if yes] for column in columns))
        self.behind.settle()
        self.told.tell(beside, self._held(beside) | self._proposed(set(beside.project)))
        edits: dict[int, list[NeedEdit]] = {}
        for project, item, year, required, basis in zip(*list(beside.__dict__.values())[:5], strict=True):
            edits.setdefault(project, []).append(NeedEdit(self.item_codes[item], year, required, basis))
        for project, wanted in edits.items():
            self._propose(project, wanted)
        return NeedRows(*([v for v, yes in zip(column, chosen, strict=True) if not yes] for column in columns))

    def _propose(self, project: int, edits: list[NeedEdit]) -> None:
        accepted = held_needs(self.session, project)
        over = proposed_over(self.session, self.tree, project, accepted)
        changes = changes_of(self.tree, edits, over)
        new = sum(change.before is None for change in changes)
        self.tally.new += new
        self.tally.changed += len(changes) - new
        self.tally.unchanged += len(edits) - len(changes)
        named = {"id": project, "code": self.projects.code_of[project]}
        propose_needs(self.session, self.actor, named, self.tree, accepted, changes, None)

    def _proposed(self, projects: set[int]) -> dict[tuple[int, int, int], tuple[int, str]]:
        """What is proposed for the answers of these projects, those it takes back left as they are."""
        found = {}
        for project, part in parts_of(self.session, projects, NEEDS).items():
            for change in changes_in(self.tree, part):
                if change.year is not None and change.after is not None:
                    found[project, change.item_id, change.year] = change.after
        return found

    def conclude(self) -> None:
        """Tell the revision and the projects that their needs changed."""
        self.behind.settle()
        if self.touched:
            mark_needs_changed(self.session, sorted(self.touched))
            revision.touch(self.session, sorted(self.touched))

    def _write_new(self, rows: NeedRows) -> None:
        number = revision.bump(self.session)
        columns = (rows.project, rows.item, rows.year, rows.required, rows.basis)
        self.behind.insert(_needs, NAMES, list(zip(*columns, repeat(number), strict=False)))
        self.tally.new += len(rows.project)
        self._journal({}, self.new_words.of(rows))

    def _write_beside(self, rows: NeedRows, held: dict[tuple[int, int, int], tuple[int, str]]) -> None:
        number, codes = revision.bump(self.session), self.item_codes
        new: list[tuple[Any, ...]] = []
        changed: list[Change] = []
        before: dict[int, list[Change]] = {}
        after: dict[int, list[Change]] = {}
        columns = zip(rows.project, rows.item, rows.year, rows.required, rows.basis, strict=True)
        for project, item, year, required, basis in columns:
            old = held.get((project, item, year))
            if old == (required, basis):
                continue
            key = {"item": codes[item], "year": year}
            after.setdefault(project, []).append({**key, "value": {"required": required, "basis": basis}})
            if old is None:
                new.append((project, item, year, required, basis, number))
            else:
                changed.append({"p": project, "i": item, "y": year, "required": required, "basis": basis})
                before.setdefault(project, []).append({**key, "value": {"required": old[0], "basis": old[1]}})
        self._store(new, changed, number)
        self.tally.unchanged += len(rows.project) - len(new) - len(changed)
        self._journal(before, after)

    def _store(self, new: list[tuple[Any, ...]], changed: list[Change], number: int) -> None:
        self.behind.insert(_needs, NAMES, new)
        if changed:
            self.behind.settle()
            self.session.connection().execute(_UPDATE.values(revision=number), changed)
        self.tally.new += len(new)
        self.tally.changed += len(changed)

    def _held(self, rows: NeedRows) -> dict[tuple[int, int, int], tuple[int, str]]:
        ids = sorted(self.with_needs.intersection(rows.project))
        if ids:
            self.behind.settle()
        found: dict[tuple[int, int, int], tuple[int, str]] = {}
        columns = _needs.c
        statement = select(columns.project_id, columns.item_id, columns.year, columns.required, columns.basis)
        for start in range(0, len(ids), 500):
            chosen = statement.where(columns.project_id.in_(ids[start : start + 500]))
            for project, item, year, required, basis in self.session.connection().execute(chosen):
                found[project, item, year] = (required, basis)
        return found

    def _journal(self, before: dict[int, list[Change]], after: Mapping[int, list[Change] | orjson.Fragment]) -> None:
        codes = self.projects.code_of
        entries = [journal.Entry(codes[p], "import", before.get(p), changes) for p, changes in after.items()]
        journal.record(self.session, self.actor, "needs", entries, behind=self.behind)
        self.touched.update(after)


_needs = Need.metadata.tables["needs"]
_UPDATE = (
    update(_needs)
    .where(
        _needs.c.project_id == bindparam("p"),
        _needs.c.item_id == bindparam("i"),
        _needs.c.year == bindparam("y"),
    )
    .values(required=bindparam("required"), basis=bindparam("basis"))
)
