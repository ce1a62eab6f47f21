"""Commands, addresses, links and files that the documents name within their sentences are there."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from typer.core import TyperCommand, TyperOption

from api.app import create_api
from dashboard.pages import PAGES
from portfolio.cli.app import app
from portfolio.cli.helping import Group
from portfolio.core.database import make_engine
from tests.docs.blocks import ROOT, documents, text_of

IN_A_CONTAINER = {("docs/deploy.md", "portfolio migrate && portfolio init")}
NO_PAGES = ("/api/docs", "/api/openapi.json", "/sign-in/provider/return")
NO_ADDRESS = re.compile(r"/$|/(srv|etc|var)/|/api/v1$")  # places of a machine, and what all addresses begin with
# Folders of the product itself: what a document names in them must be there.
KEPT = re.compile(r"^(portfolio|seeds|scripts|bench|tests|docs|dashboard|api|migrations)/[\w./-]+\.\w+$")


def spans(document: str) -> Iterator[str]:
    """What stands between backticks within sentences."""
    outside = re.sub(r"```.*?```", "", text_of(document), flags=re.DOTALL)
    yield from re.findall(r"`([^`\n]+)`", outside)


@pytest.mark.parametrize("document", documents())
def test_commands_within_sentences_exist(document: str) -> None:
    root = typer.main.get_command(app)
    for span in spans(document):
        for part in span.split("&&"):
            words = re.sub(r"[\[\]|…]", " ", part.strip()).removeprefix(".venv/bin/")
            if words.startswith("portfolio "):
                _exists(root, shlex.split(words)[1:], span)


@pytest.mark.parametrize("document", documents())
def test_a_command_is_named_as_it_is_typed(document: str) -> None:
    """In the product's folder it is `.venv/bin/portfolio`; only what runs in a container has the bare name."""
    bare = [span for span in spans(document) if re.match(r"portfolio [a-z]", span)]
    assert [span for span in bare if (document, span) not in IN_A_CONTAINER] == []


@pytest.mark.parametrize("document", [one for one in documents() if one.endswith(".zh-CN.md")])
def test_a_chinese_page_and_its_english_one_lead_to_each_other(document: str) -> None:
    english = document.replace(".zh-CN.md", ".md")
    assert f"]({Path(english).name})" in text_of(document)
    assert f"]({Path(document).name})" in text_of(english)


def _exists(command: object, words: list[str], span: str) -> None:
    """Follow the commands, then look for every option."""
    while isinstance(command, Group):
        if not words:
            return
        assert words[0] in command.commands, span
        command, words = command.commands[words[0]], words[1:]
        if words and words[0] in ROOT_WORDS:
            return
    assert isinstance(command, TyperCommand)
    known = {name for one in command.params if isinstance(one, TyperOption) for name in one.opts} | {"--help"}
    assert {word for word in words if re.match(r"-{1,2}[a-z]", word)} <= known, span


ROOT_WORDS = {"list", "role", "disable"}  # `user add | list | role …` names one command after the other


Address = tuple[re.Pattern[str], ...]


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> list[Address]:
    """Every address there is, of the API and of the pages, by its parts."""
    engine = make_engine(f"sqlite:///{tmp_path_factory.mktemp('none')}/none.db")
    pages = [re.sub(r"<(\w+)>", r"{\1}", page.path) for page in PAGES]
    paths = [*create_api(engine).openapi()["paths"], *pages, *NO_PAGES]
    return [tuple(re.compile(re.sub(r"\\{\w*\\}", ".+", re.escape(part))) for part in parts_of(path)) for path in paths]


def parts_of(address: str) -> list[str]:
    return address.strip("/").split("/")


def fits(parts: list[str], address: Address) -> bool:
    """Whether an address ends so."""
    return len(parts) <= len(address) and all(
        one.fullmatch(part) for one, part in zip(address[-len(parts) :], parts, strict=True)
    )


@pytest.mark.parametrize("document", documents())
def test_addresses_exist(document: str, known: list[Address]) -> None:
    asked = [re.sub(r"^(GET|POST|PUT|PATCH|DELETE) +", "", span).split("?")[0] for span in spans(document)]
    for address in asked:
        if re.match(r"/[\w{<]", address) and not NO_ADDRESS.match(address):
            whole = [parts_of(address), parts_of("/api/v1" + address)]
            assert any(len(parts) == len(one) and fits(parts, one) for one in known for parts in whole), address
        elif address.startswith("…/"):
            assert any(fits(parts_of(address[1:]), one) for one in known), address


@pytest.mark.parametrize("document", documents())
def test_links_and_files_exist(document: str) -> None:
    folder = (ROOT / document).parent
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text_of(document)):
        if "://" not in target:
            assert (folder / target).exists(), target
    for span in spans(document):
        if KEPT.match(span):
            assert Path(ROOT / span).exists(), span
