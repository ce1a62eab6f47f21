"""New needs as the journal tells them: the JSON of each project's changes without an object for every row."""

from collections.abc import Mapping
from itertools import chain, pairwise

import numpy as np
import orjson

from portfolio.exchange.rows.needs_rows import NeedRows


class NewNeeds:
    """Words for rows that nothing stood in the place of; letter by letter what `orjson` makes of the same changes."""

    def __init__(self, item_codes: Mapping[int, str]) -> None:
        self._heads = {item: f'{{"item":{_json(code)},"year":' for item, code in item_codes.items()}

    def of(self, rows: NeedRows) -> dict[int, orjson.Fragment]:
        """The changes of each project, in the order of its rows."""
        heads, ends = self._heads, {basis: f',"basis":{_json(basis)}' + "}}" for basis in set(rows.basis)}
        columns = zip(rows.item, rows.year, rows.required, rows.basis, strict=True)
        told = [
            f'{heads[item]}{year},"value":{{"required":{amount}{ends[basis]}' for item, year, amount, basis in columns
        ]
        after: dict[int, list[str]] = {}
        for start, end in pairwise(_runs(rows.project)):
            after.setdefault(rows.project[start], []).extend(told[start:end])
        return {project: orjson.Fragment(f"[{','.join(changes)}]") for project, changes in after.items()}


def _runs(projects: list[int]) -> list[int]:
    """Where a project's rows begin that stand together, and the end of the last."""
    begins = np.flatnonzero(np.diff(np.array(projects, np.int64))) + 1
    return list(chain((0,), begins.tolist(), (len(projects),)))


def _json(text: str) -> str:
    return orjson.dumps(text).decode()
