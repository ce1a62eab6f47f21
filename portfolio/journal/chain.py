"""The hash chain of the journal: what a row's hash covers, and where a chain is broken."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

START = "0" * 64
COVERED = (
    "at",
    "actor",
    "room",
    "subject",
    "action",
    "before",
    "after",
    "reason",
    "revision",
    "address",
    "request_id",
    "import_id",
)


@dataclass(frozen=True)
class Link:
    """A row as the chain sees it: its number, the values of `COVERED`, its hash."""

    id: int
    content: tuple[Any, ...]
    hash: str


@dataclass(frozen=True)
class Verdict:
    """What was found: rows read, the hash of the last one read, the number of the first broken row (none: whole)."""

    rows: int
    last: str
    broken: int | None = None


def instant(value: datetime) -> str:
    """An instant as it is hashed: UTC to the microsecond."""
    return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def link_hash(previous: str, content: Sequence[Any]) -> str:
    """SHA-256 over the JSON array of the previous hash and the values of `COVERED` in their order, instants as text."""
    return hashlib.sha256(orjson.dumps([previous, *content])).hexdigest()


def verify(links: Iterable[Link], previous: str = START) -> Verdict:
    """Recompute a chain that follows the hash `previous`; stops at the first row that does not fit."""
    count = 0
    for link in links:
        if link_hash(previous, link.content) != link.hash:
            return Verdict(count, previous, link.id)
        count, previous = count + 1, link.hash
    return Verdict(count, previous)
