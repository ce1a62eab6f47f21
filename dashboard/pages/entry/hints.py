"""What lies between fields while one types: said beside the field it is of, and stopping nothing."""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboard.context import Context
from dashboard.pages.entry.values import Read
from dashboard.words.fields import INPUT_OF
from portfolio.core.errors import FieldError
from portfolio.reporting.remarks import between
from portfolio.vocabulary.tree import ElementTree

# What the lines below the amount say already, with both sides.
SAID_BELOW = frozenset(("remark.sources_over", "remark.sources_short"))


def hints(read: Read, tree: ElementTree, faults: Mapping[str, Any]) -> list[FieldError]:
    """The remarks a reviewer would be told of what is typed; nothing of an input that is at fault itself."""
    needs = [
        (item, int(year), amount)
        for name, amount in read.stated.items()
        if name.startswith("need:") and amount is not None
        for item, _, year in [name.removeprefix("need:").rpartition(":")]
    ]
    found = between(read.stated, needs, tree)
    return [one for one in found if one.code not in SAID_BELOW and _place(one) not in faults]


def words(context: Context, found: Sequence[FieldError], name: str) -> str:
    """What is to be said beside one input."""
    return " ".join(context.error(one.code, **one.params) for one in found if _place(one) == name)


def _place(one: FieldError) -> str:
    return INPUT_OF.get(one.field, one.field)
