"""The tables of settings in the documents, compared with the settings that the product reads."""

import re
from collections.abc import Iterator

import pytest
from pydantic_core import PydanticUndefined

from portfolio.core.settings import Settings
from tests.docs.blocks import text_of

FAMILIES = ("SESSION_…", "OIDC_…", "READER_…")
ACCOUNTS = "docs/accounts-and-roles.md"


def held() -> dict[str, str]:
    """Every setting by the name it has in the environment, with its default as people write it."""
    found = {}
    for name, field in Settings.model_fields.items():
        assert field.default is not PydanticUndefined
        shown = str(field.default).lower() if isinstance(field.default, bool) else str(field.default)
        found[str(field.validation_alias or name).upper()] = shown
    return found


def rows(document: str) -> Iterator[tuple[str, str]]:
    """Name and default of every setting in the document's tables; the default is empty where words stand for it."""
    for line in text_of(document).splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        names = re.findall(r"`([A-Z][A-Z_]+[A-Z…])`", cells[0])
        if not line.startswith("|") or not names or len(cells) < 3:
            continue
        plain = re.sub(r"[`\s]", "", cells[1])
        words = bool(re.search(r"[\u4e00-\u9fff（(]", cells[1])) or " " in cells[1].replace(", ", "").replace(" / ", "")
        values = re.split(r"[,、/](?!/)(?=[\w(])", plain) if len(names) > 1 else [plain]
        if words or not plain:
            values = [""] * len(names)
        yield from zip(names, values, strict=True)


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_every_setting_stands_in_a_table_with_its_default(readme: str) -> None:
    told = [*rows(readme), *rows(ACCOUNTS)]
    named = {name for name, _ in told if not name.endswith("…")}
    assert named == held().keys()
    assert {name for name, _ in told if name.endswith("…")} <= set(FAMILIES)
    stated = {name: value for name, value in told if value and name in held()}
    assert len(stated) > 25
    assert {name: held()[name] for name in stated} == stated
