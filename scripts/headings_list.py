"""Write docs/headings.md: what offices call a column and what it is taken for, from the product's own data."""

import sys
from collections import defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from portfolio.core.i18n import t
from portfolio.exchange.shapes.meaning import JUDGED_BY_CELLS, LEFT, OF_PROJECT, TAKEN, WITH_UNIT
from portfolio.exchange.shapes.words import heading_words, source_words
from portfolio.exchange.sheets.columns import label

TARGET = Path(__file__).resolve().parents[1] / "docs" / "headings.md"
TAKEN_FOR = {
    "of_year": "an amount of the row's source and of the year (`need`)",
    "required": "an amount of the row's source and year (`need`)",
}
HEAD = """# What offices call their columns 表头词汇

Made by `scripts/headings_list.py` from `headings.csv` and `sources.csv` of `portfolio/exchange/data`; a test compares.
`Y` is any year. Blanks, line ends and the unit in brackets do not count: `总投资（亿元）` is `总投资`, in 亿元.
Headings of templates and exports are read as well.
"""


def meaning(fact: str) -> str:
    """What a fact is, in both languages where it has a heading of ours."""
    if fact in OF_PROJECT and fact != "period":
        return f"{label('projects', fact, 'zh')} · {label('projects', fact, 'en')}"
    if fact in TAKEN:
        return f"{t(f'fact-{fact}', 'zh')} · {t(f'fact-{fact}', 'en')}"
    return TAKEN_FOR.get(fact, "known, not kept")


def rule(fact: str) -> str:
    """What is asked of its cells."""
    if fact in JUDGED_BY_CELLS:
        return "taken where most cells are in the library's lists"
    if fact in (*WITH_UNIT, *TAKEN_FOR):
        return "a unit in the heading or above the table; without one it is asked"
    return "" if fact not in LEFT else "left, told"


def content() -> str:
    """The whole page."""
    named = defaultdict[str, list[str]](list)
    for word, fact in heading_words().items():
        named[fact].append(word)
    facts = [f"| {meaning(fact)} | {'、'.join(words)} | {rule(fact)} |" for fact, words in named.items()]
    by_item = defaultdict[str, list[str]](list)
    for word, item in source_words().items():
        by_item[item].append(word)
    items = [f"| `{item}` | {'、'.join(words)} |" for item, words in by_item.items()]
    columns = ["", "| fact | headings | rule |", "|---|---|---|", *facts]
    sources = ["", "## Sources of money 资金来源", "", "| item | also called |", "|---|---|", *items, ""]
    return HEAD + "\n".join([*columns, *sources])


if __name__ == "__main__":
    TARGET.write_text(content(), encoding="utf-8")
