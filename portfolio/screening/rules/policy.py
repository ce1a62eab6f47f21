"""A scoring policy: groups with weights by sector profile, criteria with curves, and what the solver is told."""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec
import numpy as np

from portfolio.core.errors import InvalidError
from portfolio.screening.rules.language import Floats

RUNGS = ("finishing", "continuing", "ready", "preparatory", "idea")
TIES = ("ready_share", "year_wan")
MOST_TEXT = 1_000_000  # letters of a policy as text
CurveKind = Literal["linear", "steps", "identity"]


class Curve(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From a criterion's value to per cent of its weight.

    `linear` runs between points (value, per cent) and stays level outside them; `steps` holds each point's per cent
    from its value on, and the first point's below it; `identity` takes the value itself.
    """

    kind: CurveKind = "linear"
    points: tuple[tuple[float, float], ...] = ()

    def percents(self, values: Floats) -> Floats:
        """Per cent for each value; NaN stays NaN."""
        if self.kind == "identity":
            return values
        xs = np.array([point[0] for point in self.points])
        ys = np.array([point[1] for point in self.points])
        if self.kind == "linear":
            found = np.interp(values, xs, ys)
        else:
            found = ys[np.clip(np.searchsorted(xs, values, side="right") - 1, 0, len(xs) - 1)]
        return np.where(np.isnan(values), np.nan, found)

    @property
    def lowest(self) -> float:
        """The least per cent the curve gives (minus infinity for `identity`)."""
        return min((point[1] for point in self.points), default=0.0) if self.kind != "identity" else float("-inf")


class Group(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A group of criteria that is weighed as one; with `bonus` points it stands beside the hundred."""

    code: str
    name_zh: str
    name_en: str
    bonus: float | None = None

    def name(self, lang: str) -> str:
        """The group's name."""
        return self.name_en if lang == "en" else self.name_zh


class PolicyCriterion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is looked at: an expression over facts, a curve, per cent of its weight when not known, most points."""

    code: str
    group: str
    name_zh: str
    name_en: str
    value: str
    curve: Curve
    floor: float = 0.0
    cap: float | None = None

    def name(self, lang: str) -> str:
        """The criterion's name."""
        return self.name_en if lang == "en" else self.name_zh


class Profile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How projects of some sectors are weighed: groups add up to 100, and each group's criteria share 100 per cent."""

    code: str
    name_zh: str
    name_en: str
    sectors: tuple[str, ...]
    weights: dict[str, float]
    shares: dict[str, float]

    def name(self, lang: str) -> str:
        """The profile's name."""
        return self.name_en if lang == "en" else self.name_zh


class Policy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A policy version. `decay`: share of value lost per year of delay; `stability`: points a churned project costs.

    `value` is what the solver maximises, an expression over `points` and facts; `cap` the most points in all; `ties`
    the facts that break equal points, the greater first, before the code.
    """

    code: str
    version: int
    name_zh: str
    name_en: str
    groups: tuple[Group, ...]
    criteria: tuple[PolicyCriterion, ...]
    profiles: tuple[Profile, ...]
    source: str = ""
    source_en: str = ""
    cap: float | None = None
    decay: float = 0.05
    stability: float = 0.0
    rungs: tuple[str, ...] = RUNGS
    co_agreed_first: bool = True
    value: str = "points"
    ties: tuple[str, ...] = TIES

    def name(self, lang: str) -> str:
        """The policy's name."""
        return self.name_en if lang == "en" else self.name_zh

    def basis(self, lang: str) -> str:
        """What it rests on; in English with the Chinese words."""
        return f"{self.source_en} ({self.source})" if lang == "en" and self.source_en else self.source

    @property
    def key(self) -> str:
        """`code@version`."""
        return f"{self.code}@{self.version}"

    def profile_of(self, sector: str | None) -> Profile:
        """The profile that names the sector, else the first."""
        return next((one for one in self.profiles if sector in one.sectors), self.profiles[0])

    @property
    def weighed(self) -> tuple[Group, ...]:
        """The groups that share the hundred."""
        return tuple(group for group in self.groups if group.bonus is None)


def decode(definition: bytes | str | Mapping[str, Any]) -> Policy:
    """The policy of a JSON text or of plain values; raises `InvalidError` (`screening.bad_definition`)."""
    if isinstance(definition, bytes | str) and len(definition) > MOST_TEXT:
        raise InvalidError("screening.bad_definition", why=f"> {MOST_TEXT}")
    try:
        if isinstance(definition, bytes | str):
            return msgspec.json.decode(definition, type=Policy)
        return msgspec.convert(definition, Policy, strict=False)
    except msgspec.MsgspecError as error:
        raise InvalidError("screening.bad_definition", why=str(error)) from None


def encode(policy: Policy) -> str:
    """The policy as JSON text: the same policy is always the same text."""
    return msgspec.json.encode(policy, order="deterministic").decode()
