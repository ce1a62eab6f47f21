"""The helps: in the reader's language, every option and argument with its values and an example that parses."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
import typer.testing
from typer.core import TyperArgument, TyperCommand, TyperOption

from portfolio.cli.app import app
from portfolio.cli.help_texts import VALUES, command_key, filled, parameter_key
from portfolio.cli.helping import Group, wide, wrapped
from portfolio.core.i18n import LANGUAGES, has_text, t
from portfolio.core.settings import get_settings

CATALOGUE = Path(__file__).parents[2] / "portfolio/core/catalogues/en/command.ftl"
FRAME = {f"help-{name}" for name in ("usage", "commands", "arguments", "options", "example", "value")}
FRAME |= {"help-any-options", "help-any-command", "help-option-help"}
Path_ = tuple[str, ...]


def tree(command: object, path: Path_ = ()) -> Iterator[tuple[Path_, object]]:
    yield path, command
    if isinstance(command, Group):
        for name, held in command.commands.items():
            yield from tree(held, (*path, name))


ROOT = typer.main.get_command(app)
ALL = dict(tree(ROOT))
LEAVES = {path: command for path, command in ALL.items() if isinstance(command, TyperCommand)}


def parameters() -> Iterator[tuple[Path_, TyperOption | TyperArgument]]:
    for path, command in LEAVES.items():
        yield from ((path, one) for one in command.params if isinstance(one, TyperOption | TyperArgument))


def test_every_command_option_and_argument_has_its_text() -> None:
    keys = {command_key(path) for path in ALL} | {parameter_key(path, one) for path, one in parameters()}
    assert len(LEAVES) > 25
    assert [key for key in sorted(keys) if not has_text(key)] == []
    examples = {f"{command_key(path)}-example" for path in LEAVES} | {"help-portfolio-example"}
    written = set(re.findall(r"^(help-[\w-]+) =", CATALOGUE.read_text(encoding="utf-8"), re.MULTILINE))
    assert written == keys | examples | FRAME
    assert VALUES.keys() <= keys


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_takes_a_value_has_an_example(lang: str) -> None:
    word = {"zh": "例如", "en": "for example"}[lang]
    listed = {"help-import-kind", "help-export-kind-of-table", "help-template-kind-of-table", "help-option-batch"}
    listed |= {"help-illustrative-action", "help-allocate-policy"}
    lacking = [
        parameter_key(path, one)
        for path, one in parameters()
        if not (isinstance(one, TyperOption) and one.is_flag) and word not in filled(parameter_key(path, one), lang)
    ]
    assert set(lacking) <= listed


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("path", LEAVES, ids="-".join)
def test_examples_parse(path: Path_, lang: str) -> None:
    line = shlex.split(t(f"{command_key(path)}-example", lang))
    assert tuple(line[: len(path) + 1]) == ("portfolio", *path)
    LEAVES[path].make_context(path[-1], line[len(path) + 1 :])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_helps_are_in_one_language(lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTFOLIO_LANGUAGE", lang)
    monkeypatch.setenv("COLUMNS", "80")
    get_settings.cache_clear()
    for path in ALL:
        told = typer.testing.CliRunner().invoke(app, [*path, "--help"], prog_name="portfolio")
        assert told.exit_code == 0
        assert told.stdout.startswith({"zh": "用法：portfolio", "en": "Usage: portfolio"}[lang])
        assert ("Show this message" in told.stdout, "[required]" in told.stdout) == (False, False)
        assert bool(re.search("[\u4e00-\u9fff]", re.sub("码头|钦州市", "", told.stdout))) == (lang == "zh"), told.stdout
        lines = told.stdout.split(t("help-example", lang))[0].splitlines()
        assert max(wide(line) for line in lines[1:]) <= 80
    get_settings.cache_clear()


def test_lines_are_wrapped_by_the_width_of_characters() -> None:
    assert list(wrapped("写出一张表，例如 a.csv", 12)) == ["写出一张表，", "例如 a.csv"]
    assert list(wrapped("one two three", 8)) == ["one two", "three"]
    assert wide("表a") == 3
