"""The texts of the helps: `help-<command>` says what it does, `help-<command>-<option>` what an option takes.

An option of many commands has one text, `help-option-<option>`. `$values` stands for codes that come from the data.
"""

from collections.abc import Callable, Mapping

from typer.core import TyperArgument, TyperOption

from portfolio.access.rules import ROLES
from portfolio.allocation.model.policies import policies
from portfolio.core.i18n import has_text, t
from portfolio.exchange.sheets.columns import KINDS
from portfolio.exchange.sheets.template_spec import TEMPLATES
from portfolio.projects.queries import SORTS
from portfolio.vocabulary.codes import entries

Parameter = TyperOption | TyperArgument
VALUES: Mapping[str, Callable[[str], str]] = {
    "help-import-kind": lambda lang: ", ".join(KINDS),
    "help-export-kind-of-table": lambda lang: ", ".join(KINDS),
    "help-template-kind-of-table": lambda lang: ", ".join(TEMPLATES),
    "help-export-stage": lambda lang: ", ".join(f"{code} {row[f'name_{lang}']}" for code, row in _stages().items()),
    "help-export-sort": lambda lang: ", ".join(SORTS),
    "help-allocate-policy": lambda lang: ", ".join(policies()),
    "help-option-role": lambda lang: ", ".join(ROLES),
}


def _stages() -> Mapping[str, Mapping[str, str]]:
    return entries("stages")


def command_key(path: tuple[str, ...]) -> str:
    """The key of what the command at `path` does; the whole command has the empty path."""
    return "-".join(("help", *path)) if path else "help-portfolio"


def parameter_key(path: tuple[str, ...], parameter: Parameter) -> str:
    """The key of what an option or argument takes: the command's own text, else the one that all share."""
    name = max(parameter.opts, key=len).lstrip("-") if isinstance(parameter, TyperOption) else parameter.name
    own = f"{command_key(path)}-{name.replace('_', '-')}"
    return own if has_text(own) else f"help-option-{name.replace('_', '-')}"


def parameter_text(path: tuple[str, ...], parameter: Parameter, lang: str) -> str:
    """What an option or argument takes, with an example."""
    return filled(parameter_key(path, parameter), lang)


def filled(key: str, lang: str) -> str:
    """The text `key` with the codes that stand for its values."""
    return t(key, lang, values=VALUES[key](lang)) if key in VALUES else t(key, lang)
