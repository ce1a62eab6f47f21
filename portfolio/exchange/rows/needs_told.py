"""Rows of needs as their preview tells them, and amounts that look as if another unit had been written."""

from collections.abc import Mapping

from portfolio.core.units import outer_text
from portfolio.exchange.rows.needs_rows import NeedRows
from portfolio.exchange.rows.rows import Tally
from portfolio.exchange.sheets.findings import Place
from portfolio.exchange.sheets.magnitude import warn_if_far
from portfolio.vocabulary.tree import ElementTree

MU_PER_HECTARE = 15
PER_CENT = 100
Held = Mapping[tuple[int, int, int], tuple[int, str]]


class NeedsTold:
    """Tells a preview of the rows that are about to be written."""

    def __init__(self, tree: ElementTree, code_of: Mapping[int, str], place: Place, tally: Tally) -> None:
        self.tree, self.code_of, self.place, self.tally = tree, code_of, place, tally

    def tell(self, rows: NeedRows, held: Held) -> None:
        """Tell of a chunk whose stored rows are `held`."""
        preview = self.tally.preview
        if held:
            self._warn(rows, held)
        if preview is None:
            return
        for row in zip(rows.project, rows.item, rows.year, rows.required, rows.basis, rows.line, strict=True):
            project, item, year, required, basis, line = row
            old = held.get((project, item, year))
            outcome = "new" if old is None else "unchanged" if old == (required, basis) else "changed"
            if preview.wants(outcome):
                node = self.tree.by_id[item]
                stood = outer_text(old[0], node.dimension) if old else ""
                amounts = (stood, outer_text(required, node.dimension))
                fields = {"required": amounts, "basis": (old[1] if old else "", basis)}
                key = {"project": self.code_of[project], "item": node.code, "year": year}
                preview.add(outcome, key, fields, line)
            elif not held and not preview.wants("new"):
                return

    def _warn(self, rows: NeedRows, held: Held) -> None:
        """Warn of areas that are fifteen times, or a fifteenth, of what stands, and of money that is far from it."""
        keys = zip(rows.project, rows.item, rows.year, rows.required, rows.line, strict=True)
        for project, item, year, required, line in keys:
            old = held.get((project, item, year))
            if old is None or old[0] == required:
                continue
            dimension, self.place.row = self.tree.by_id[item].dimension, line
            if dimension == "money":
                warn_if_far(self.place, "required", old[0], required)
            elif dimension == "area" and looks_like_mu(old[0], required):
                stood = outer_text(old[0], dimension)
                self.place.warn("suspected_mu", "required", outer_text(required, dimension), held=stood)


def looks_like_mu(old: int, new: int) -> bool:
    """Whether one of two areas is about fifteen times the other."""
    if old <= 0 or new <= 0:
        return False
    less, more = sorted((old, new))
    return abs(more - MU_PER_HECTARE * less) * PER_CENT <= MU_PER_HECTARE * less
