"""What is wrong with a policy: every fault as a finding with its remedy, so that it can be mended before it is used."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from itertools import pairwise

from portfolio.core.errors import FieldError, InvalidError
from portfolio.screening.rules.language import parse
from portfolio.screening.rules.policy import RUNGS, Curve, Policy, PolicyCriterion, Profile

CODE = re.compile(r"^[a-z][a-z0-9_-]{0,39}$")
TOLERANCE = 0.005
POINTS = "points"
SECTORS = "profiles.sectors"


def findings(policy: Policy, known: Collection[str], sectors: Collection[str] = ()) -> list[FieldError]:
    """Every fault of a policy over the facts `known`; an empty list means it can be used."""
    return [
        *_heads(policy),
        *(fault for criterion in policy.criteria for fault in _criterion(policy, criterion, known)),
        *(fault for profile in policy.profiles for fault in _profile(policy, profile)),
        *_sectors(policy, sectors),
        *_solver(policy, known),
    ]


def _heads(policy: Policy) -> Iterator[FieldError]:
    if not CODE.match(policy.code):
        yield FieldError("code", "screening.bad_code", {"value": policy.code})
    for name in ("groups", "criteria", "profiles"):
        rows: tuple[object, ...] = getattr(policy, name)
        if not rows:
            yield FieldError(name, "screening.empty", {"part": name})
        yield from _doubled(name, [str(getattr(row, "code", "")) for row in rows])
    for group in policy.groups:
        if group.bonus is not None and group.bonus < 0:
            yield FieldError(f"groups.{group.code}.bonus", "screening.negative", {"value": _plain(group.bonus)})


def _doubled(name: str, codes: Iterable[str]) -> Iterator[FieldError]:
    for code, count in Counter(codes).items():
        if count > 1:
            yield FieldError(f"{name}.{code}", "screening.doubled", {"value": code})


def _criterion(policy: Policy, criterion: PolicyCriterion, known: Collection[str]) -> Iterator[FieldError]:
    field = f"criteria.{criterion.code}"
    if criterion.group not in {group.code for group in policy.groups}:
        yield FieldError(f"{field}.group", "screening.unknown_group", {"value": criterion.group})
    yield from expression_faults(f"{field}.value", criterion.value, known)
    curve = list(_curve(f"{field}.curve", criterion.curve))
    yield from curve
    if not curve and criterion.curve.kind != "identity" and criterion.floor > criterion.curve.lowest:
        limits = {"value": _plain(criterion.floor), "lowest": _plain(criterion.curve.lowest)}
        yield FieldError(f"{field}.floor", "screening.floor_above_curve", limits)
    if criterion.cap is not None and criterion.cap <= 0:
        yield FieldError(f"{field}.cap", "screening.negative", {"value": _plain(criterion.cap)})


def expression_faults(field: str, text: str, known: Collection[str]) -> Iterator[FieldError]:
    """What is wrong with an expression: outside the grammar, or naming what is no fact."""
    try:
        expression = parse(text)
    except InvalidError as error:
        yield FieldError(field, error.code, error.params)
        return
    for name in expression.names:
        if name not in known:
            yield FieldError(field, "screening.unknown_fact", {"value": name})


def _curve(field: str, curve: Curve) -> Iterator[FieldError]:
    if curve.kind == "identity":
        if curve.points:
            yield FieldError(field, "screening.bad_curve")
        return
    xs = [point[0] for point in curve.points]
    ys = [point[1] for point in curve.points]
    rising = all(left < right for left, right in pairwise(xs))
    if len(xs) < 2 or not rising or not all(0 <= y <= 100 for y in ys):
        yield FieldError(field, "screening.bad_curve")


def _profile(policy: Policy, profile: Profile) -> Iterator[FieldError]:
    field = f"profiles.{profile.code}"
    weighed = {group.code for group in policy.weighed}
    yield from _names(f"{field}.weights", profile.weights, weighed, "screening.unknown_group")
    yield from _names(
        f"{field}.shares", profile.shares, {one.code for one in policy.criteria}, "screening.unknown_criterion"
    )
    if not profile.weights or not profile.shares:
        yield FieldError(field, "screening.empty", {"part": profile.code})
        return
    total = sum(profile.weights.values())
    if abs(total - 100) > TOLERANCE:
        yield FieldError(f"{field}.weights", "screening.weights_not_100", {"value": _plain(total)})
    for group in policy.groups:
        mine = [profile.shares.get(one.code, 0.0) for one in policy.criteria if one.group == group.code]
        weight = profile.weights.get(group.code, 0.0) if group.bonus is None else group.bonus
        if weight and abs(sum(mine) - 100) > TOLERANCE:
            params = {"group": group.code, "value": _plain(sum(mine))}
            yield FieldError(f"{field}.shares", "screening.shares_not_100", params)


def _names(field: str, given: dict[str, float], allowed: Collection[str], code: str) -> Iterator[FieldError]:
    for name, value in given.items():
        if name not in allowed:
            yield FieldError(f"{field}.{name}", code, {"value": name})
        if value < 0:
            yield FieldError(f"{field}.{name}", "screening.negative", {"value": _plain(value)})


def _sectors(policy: Policy, sectors: Collection[str]) -> Iterator[FieldError]:
    named = [sector for profile in policy.profiles for sector in profile.sectors]
    yield from _doubled(SECTORS, named)
    for sector in named:
        if sectors and sector not in sectors:
            yield FieldError(SECTORS, "screening.unknown_sector", {"value": sector})


def _solver(policy: Policy, known: Collection[str]) -> Iterator[FieldError]:
    yield from expression_faults("value", policy.value, {*known, POINTS})
    for name in policy.ties:
        if name not in known:
            yield FieldError("ties", "screening.unknown_fact", {"value": name})
    if not 0 <= policy.decay < 1:
        yield FieldError("decay", "screening.bad_decay", {"value": _plain(policy.decay)})
    if policy.stability < 0:
        yield FieldError("stability", "screening.negative", {"value": _plain(policy.stability)})
    if sorted(policy.rungs) != sorted(RUNGS):
        yield FieldError("rungs", "screening.bad_rungs", {"allowed": ", ".join(RUNGS)})


def _plain(value: float) -> str:
    return f"{value:g}"
