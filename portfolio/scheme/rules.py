"""Rules of the scheme: who leads a task (clause 三(二)) and what the six cities are."""

from collections.abc import Iterable, Mapping, Sequence

SIX_CITIES_ZH = "广西北部湾经济区6市人民政府"
SIX_CITIES = ("450100", "450500", "450700", "450600", "450900", "451400")
LEADING_KIND = "REGION_DEPT"
CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def derive_lead_unit(units: Iterable[str], kind_of: Mapping[str, str]) -> str | None:
    """The lead unit by clause 三(二): the first 区直 unit of the bracket; None leaves it to a person."""
    return next((unit for unit in units if kind_of.get(unit) == LEADING_KIND), None)


def expand_cities(names: Sequence[str], cities: Sequence[str]) -> list[str]:
    """`names` with the collective name of the six city governments written out in place, each unit once."""
    spread = [name for item in names for name in (cities if item == SIX_CITIES_ZH else [item])]
    return list(dict.fromkeys(spread))


def credit_code_holds(code: str) -> bool:
    """Whether a unified social credit code is well-formed and its check character fits (GB 32100-2015)."""
    if len(code) != 18 or any(character not in CREDIT_ALPHABET for character in code):
        return False
    total = sum(CREDIT_ALPHABET.index(character) * pow(3, place, 31) for place, character in enumerate(code[:17]))
    return CREDIT_ALPHABET[(31 - total % 31) % 31] == code[17]
