"""The fenced blocks of the documents: which are run, which are marked as not to be run, and why."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RUN = ("sh", "console")
MARK = re.compile(r"<!--\s*(not run|apart):\s*(.+?)\s*-->")
PLACES = ("*.md", "docs/*.md")
# The history of changes shows no commands.
WITHOUT = {"CHANGELOG.md"}


@dataclass(frozen=True)
class Block:
    """One fenced block: its language, first line, text, and what the comment above it says."""

    document: str
    line: int
    language: str
    text: str
    mark: str = ""
    reason: str = ""


def documents() -> list[str]:
    """The documents for people, without the decisions."""
    found = [path for pattern in PLACES for path in sorted(ROOT.glob(pattern))]
    return [str(path.relative_to(ROOT)) for path in found if path.name not in WITHOUT]


def text_of(document: str) -> str:
    """What a document says."""
    return (ROOT / document).read_text(encoding="utf-8")


def blocks(document: str) -> Iterator[Block]:
    """Its fenced blocks in order; a comment in the line above, or the one before that, belongs to a block."""
    lines = text_of(document).splitlines()
    opened: int | None = None
    for number, line in enumerate(lines):
        if not line.startswith("```"):
            continue
        if opened is None:
            opened = number
            continue
        above = MARK.search(" ".join(lines[max(0, opened - 2) : opened]))
        mark, reason = above.groups() if above else ("", "")
        yield Block(document, opened + 1, lines[opened][3:], "\n".join(lines[opened + 1 : number]), mark, reason)
        opened = None


def commands(document: str) -> list[Block]:
    """The blocks of a document that a shell reads."""
    return [block for block in blocks(document) if block.language in RUN]
