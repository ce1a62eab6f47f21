"""Rules of needs: which may be entered, and the subtotals no one types."""

from collections.abc import Collection, Iterable, Mapping

from portfolio.core.errors import FieldError
from portfolio.core.units import MAX_BASE
from portfolio.vocabulary.tree import ElementTree

FIRST_YEAR, LAST_YEAR = 2000, 2060
BASES = ("reported", "illustrative")


def faults(
    tree: ElementTree, item: str, year: int, required: int, not_applicable: Collection[str] = ()
) -> list[FieldError]:
    """Every fault of one need; `not_applicable` holds the item codes the project declared 不涉及."""
    found: list[FieldError] = []
    node = tree.by_code.get(item)
    if node is None:
        return [FieldError("item", "item.not_found", {"value": item})]
    if not node.leaf:
        found.append(FieldError("item", "need.parent_item", {"value": item}))
    if not FIRST_YEAR <= year <= LAST_YEAR:
        found.append(
            FieldError("year", "need.bad_year", {"value": str(year), "first": str(FIRST_YEAR), "last": str(LAST_YEAR)})
        )
    if not 0 <= required <= MAX_BASE:
        found.append(FieldError("required", "field.negative" if required < 0 else "field.too_large"))
    closed = [above.code for above in tree.path(item) if above.code in not_applicable]
    if closed:
        found.append(FieldError("item", "need.declared_not_applicable", {"value": closed[0]}))
    return found


def subtotals(tree: ElementTree, leaves: Mapping[tuple[str, int], int]) -> dict[tuple[str, int], int]:
    """Every node's quantity by year from its leaves' (item code, year) → base units; unreported ones are absent."""
    totals: dict[tuple[str, int], int] = {}
    for (item, year), required in leaves.items():
        for node in tree.path(item):
            totals[node.code, year] = totals.get((node.code, year), 0) + required
    return totals


def unanswered(tree: ElementTree, reported: Iterable[str], not_applicable: Iterable[str]) -> list[str]:
    """The elements (fund, land, sea, forest) on which the project has said nothing at all."""
    said = {item.split(".", 1)[0] for item in (*reported, *not_applicable)}
    return [node.code for node in tree.nodes if node.depth == 0 and node.code not in said]
