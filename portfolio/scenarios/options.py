"""What a scenario is asked besides its policy, pools and pins; kept as JSON text, the same options the same text."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any, Literal

import msgspec

from portfolio.core.errors import FieldError, InvalidError

MAX_DELAY = 15
MAX_SECONDS = 24 * 3600


class ShareOption(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A city's least share, in per cent, of all that is supported under an item."""

    region: str
    item: str
    percent: int


class GroupOption(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Projects that exclude each other, stand or fall together, or of which the first requires the others."""

    code: str
    kind: Literal["exclude", "together", "require"]
    projects: tuple[str, ...]


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`time_limit` in seconds (None: none), `gap` relative; `stability` points that a change against what was approved
    costs (None: as the policy says, 0: none)."""

    max_delay: int = 0
    time_limit: float | None = 60.0
    gap: float = 0.001
    stability: float | None = 0.0
    shares: tuple[ShareOption, ...] = ()
    groups: tuple[GroupOption, ...] = ()


def encode(options: Options) -> str:
    """The options as JSON text."""
    return msgspec.json.encode(options, order="deterministic").decode()


def decode(text: str | bytes) -> Options:
    """The options of a JSON text that was kept; what an earlier version kept and nobody asks any more is left out."""
    try:
        return msgspec.json.decode(text, type=Options)
    except msgspec.ValidationError:
        return Options(**dict(_readable(msgspec.json.decode(text))))


def _readable(kept: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """The options of another version that can still be read; the others are as if nobody had set them."""
    for option in msgspec.structs.fields(Options):
        if option.name in kept:
            with suppress(msgspec.ValidationError):  # what today's rule cannot read falls back to its default
                yield option.name, msgspec.convert(kept[option.name], option.type, strict=False)


def options_of(values: dict[str, Any]) -> Options:
    """The options of plain values; raises `InvalidError` (`allocation.bad_options`)."""
    try:
        found = msgspec.convert(values, Options, strict=False)
    except msgspec.ValidationError as error:
        raise InvalidError("allocation.bad_options", why=str(error)) from None
    require_options(found)
    return found


def require_options(options: Options) -> None:
    """Raise `InvalidError` with every value that is out of range."""
    found = []
    if not 0 <= options.max_delay <= MAX_DELAY:
        found.append(FieldError("max_delay", "allocation.bad_delay", {"most": str(MAX_DELAY)}))
    if options.time_limit is not None and not 0 < options.time_limit <= MAX_SECONDS:
        found.append(FieldError("time_limit", "allocation.bad_seconds", {"most": str(MAX_SECONDS)}))
    if not 0 <= options.gap < 1:
        found.append(FieldError("gap", "allocation.bad_gap"))
    if options.stability is not None and not 0 <= options.stability < 1e6:
        found.append(FieldError("stability", "allocation.bad_stability"))
    found += [
        FieldError("shares", "allocation.bad_share", {"value": share.region})
        for share in options.shares
        if not 0 <= share.percent <= 100
    ]
    if found:
        raise InvalidError("allocation.bad_scenario", found)
