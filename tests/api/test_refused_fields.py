"""What a field takes is said in the reader's language alone, whatever the framework calls the refusal."""

import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from api.door.typed_words import TEXTS, typed_words
from portfolio.core.database import make_engine
from portfolio.core.i18n import LANGUAGES
from tests.support.api import api_client
from tests.support.databases import Databases


@pytest.fixture(scope="module")
def client(sqlite_databases: Databases) -> Iterator[TestClient]:
    engine = make_engine(sqlite_databases.make("sqlite", "scheme"))
    with api_client(engine) as opened:
        yield opened
    engine.dispose()


REFUSED = [
    ({"limit": "many"}, "须为整数", "a whole number is needed"),
    ({"limit": "0"}, "不能小于 1", "at least 1"),
    ({"cross_province": "perhaps"}, "须为 true 或 false", "true or false is needed"),
]


@pytest.mark.parametrize(("asked", "chinese", "english"), REFUSED)
def test_a_refused_filter_is_told_in_one_language(
    client: TestClient, asked: dict[str, str], chinese: str, english: str
) -> None:
    for lang, words in (("zh", chinese), ("en", english)):
        answer = client.get("/api/v1/projects", params={**asked, "lang": lang})
        text = answer.json()["errors"][0]["message"]
        assert (answer.status_code, words in text) == (422, True), text
        assert bool(re.search("[\u4e00-\u9fff]", text)) == (lang == "zh"), text
        assert "Input should" not in text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_refusal_has_words(lang: str) -> None:
    for kind in (*TEXTS, "something_new"):
        assert typed_words({"type": kind, "msg": "Input should be", "ctx": {"ge": 1}}, lang)
    assert typed_words({"type": "string_too_long", "ctx": {"max_length": 5}}, "en") == "at most 5 characters"
    assert typed_words({"type": "string_type"}, "en") == "a text is needed"
