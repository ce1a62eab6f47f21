"""Places as people write them: 钦州市钦南区, 广西钦州市, 钦州市、防城港市, 防城港, 自治区本级."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from portfolio.core.number_reading import narrow

_PARTS = re.compile(r"[、,;/\n]+")
_PROVINCE = re.compile(r"^广西(?:壮族自治区)?(?=.)")
REGION_ITSELF = frozenset(("自治区本级", "区直", "自治区", "广西", "广西壮族自治区", "全区"))
SEVERAL = frozenset(("跨市", "跨区域", "跨县", "多市", "各市"))


@dataclass(frozen=True)
class Known:
    """A place of the library: its code, its name, and the code of the city it lies in (its own for a city)."""

    code: str
    name: str
    city: str | None


@dataclass(frozen=True)
class Placed:
    """What a cell means: `codes` in its order; `guessed` are parts taken for a fuller name, `lost` nobody knows."""

    codes: tuple[str, ...] = ()
    guessed: tuple[tuple[str, str], ...] = ()
    lost: tuple[str, ...] = ()


class Gazetteer:
    """The library's places by the ways people name them; a name that two places bear means neither."""

    def __init__(self, places: Sequence[Known], region: str) -> None:
        """`region` is the code of the autonomous region itself."""
        self._region = region
        self._names: dict[str, str] = {}
        self._cities = [place for place in places if place.city == place.code]
        self._inside: dict[tuple[str, str], str] = {}
        self._label = {place.code: place.name for place in places}
        twice: set[str] = set()
        for place in places:
            if self._names.setdefault(place.name, place.code) != place.code:
                twice.add(place.name)
            if place.city and place.city != place.code:
                self._inside[place.city, place.name] = place.code
        for name in twice:
            del self._names[name]

    def read(self, cell: str) -> Placed:
        """The places a cell names."""
        codes, guessed, lost = list[str](), list[tuple[str, str]](), list[str]()
        for part in _PARTS.split(narrow(cell)):
            bare = "".join(part.split())
            if not bare:
                continue
            code = self._exact(bare)
            if code is None:
                code = self._likely(bare)
                if code is not None:
                    guessed.append((bare, self._label[code]))
            if code is None:
                lost.append(bare)
            elif code not in codes:
                codes.append(code)
        return Placed(tuple(codes), tuple(guessed), tuple(lost))

    def _exact(self, bare: str) -> str | None:
        if bare in REGION_ITSELF:
            return self._region
        if bare in self._names:
            return self._names[bare]
        inner = _PROVINCE.sub("", bare)
        if inner in self._names:
            return self._names[inner]
        for city in self._cities:
            rest = inner.removeprefix(city.name)
            if rest != inner and (city.code, rest) in self._inside:
                return self._inside[city.code, rest]
        return None

    def _likely(self, bare: str) -> str | None:
        """A name without its 市 or 区, or a zone, a town or a road in a city or county that is named before it."""
        inner = _PROVINCE.sub("", bare)
        short = [code for name, code in self._names.items() if name[:-1] == inner and len(inner) > 1]
        if len(short) == 1:
            return short[0]
        for city in self._cities:
            for spelled in (city.name, city.name[:-1]):
                if inner.startswith(spelled):
                    return self._within(city.code, inner.removeprefix(spelled)) or city.code
        return None

    def _within(self, city: str, rest: str) -> str | None:
        """The county of `city` with whose name, or its short form, the rest of a place begins."""
        for (inside, name), code in self._inside.items():
            if inside == city and (rest.startswith(name) or rest == name[:-1]):
                return code
        return None
