"""What a text may hold, one rule for import, form and API: what nobody can see is cut, what nobody wrote is refused.

Cut are marks without a width or with a direction alone: they come along when text is copied from pages and
documents, can be seen by nobody, and a name with one is another name to every comparison. Line breaks of every kind
become one kind, a tab becomes a space. Refused are controls, halves of a character, places that are no character and
the sign for an unreadable one: where they stand something else stood, and what it was is unknown.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from portfolio.core.errors import FieldError

# Written as escapes, since they cannot be seen: soft hyphen, Arabic letter mark, Hangul fillers, Mongolian vowel
# separator, zero widths and directions, word joiner and its kin, byte order mark, annotation marks, tags.
_UNSEEN = (
    "\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb"
    "\U000e0000-\U000e007f"
)
_BREAKS = "\x0b\x0c\r\x85\u2028\u2029"
_REFUSED = "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffd\ufffe\uffff"
_CUT = re.compile(f"[{_UNSEEN}]")
_BREAK = re.compile(f"\r\n|[{_BREAKS}]")
_BAD = re.compile(f"[{_REFUSED}]")
_HALVES = re.compile("[\ud800-\udfff]")
_UNUSUAL = re.compile(f"[\t{_UNSEEN}{_BREAKS}{_REFUSED}]")
_DASHES = frozenset("-－—–―‐‑‒−/／\\＼…⋯·.。~～")
_NOTHING = frozenset(("无", "暂无", "無", "暫無"))
_LONGEST = 6


def usual(text: str) -> bool:
    """Whether nothing in `text` is to be cut, changed or refused."""
    return _UNUSUAL.search(text) is None


def clean(text: str) -> str:
    """`text` without what cannot be seen, with one kind of line break, without blanks around it."""
    return seen(text).strip()


def refused(text: str) -> str | None:
    """The first character that no text may hold, as `U+0007`; None when there is none."""
    found = _BAD.search(text)
    return None if found is None else f"U+{ord(found.group()):04X}"


def unfit(text: str) -> str | None:
    """The first character that is to be cut, changed or refused, as `U+200B`; None for a text that may be stored."""
    found = _UNUSUAL.search(text)
    return None if found is None else f"U+{ord(found.group()):04X}"


def says_nothing(text: str) -> bool:
    """Whether a cell only says that there is nothing to say: a lone dash, slash or dots, 无, 暂无."""
    if len(text) > _LONGEST:
        return False
    bare = text.strip()
    return bool(bare) and (bare in _NOTHING or _DASHES.issuperset(bare))


def seen(text: str) -> str:
    """`text` as it was typed but for what cannot be seen; blanks around it stay: more may be about to be typed."""
    return text if usual(text) else _CUT.sub("", _BREAK.sub("\n", text)).replace("\t", " ")


def stated(text: str) -> str:
    """A text as it is kept: cleaned, and empty where it only says that there is nothing to say."""
    kept = clean(text)
    return "" if says_nothing(kept) else kept


def searchable(text: str) -> str:
    """`text` as searches compare it: cleaned, in one width (NFKC) and in small letters."""
    return unicodedata.normalize("NFKC", clean(text)).casefold()


def in_full_width(text: str) -> str:
    """`text` with its letters, digits and signs in full width, as some write them."""
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)


def faults(
    values: Mapping[str, Any], within: str = "", judge: Callable[[str], str | None] = refused
) -> list[FieldError]:
    """The fault of every text, at any depth, that holds what `judge` tells of, under its name (`scales.0.name`)."""
    found: list[FieldError] = []
    for name, value in values.items():
        found += _faults_of(f"{within}{name}", value, judge)
    return found


def _faults_of(name: str, value: Any, judge: Callable[[str], str | None]) -> list[FieldError]:
    if isinstance(value, str):
        bad = judge(value)
        return [FieldError(name, "field.refused_character", {"character": bad})] if bad else []
    if isinstance(value, Mapping):
        return faults(value, f"{name}.", judge)
    if isinstance(value, Sequence):
        return [fault for place, one in enumerate(value) for fault in _faults_of(f"{name}.{place}", one, judge)]
    return []


def seen_only(value: Any) -> Any:
    """`value` with every text in it, at any depth, as it is seen; all else as it is."""
    return _each(value, seen)


def cleaned(value: Any) -> Any:
    """`value` with every text in it, at any depth, cleaned; all else as it is."""
    return _each(value, clean)


def storable(value: Any) -> Any:
    """`value` with � for every half of a character, which no file or database can hold; all else as it was typed."""
    return _each(value, lambda text: _HALVES.sub("\ufffd", text))


def _each(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {name: _each(one, change) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_each(one, change) for one in value)
    return value
