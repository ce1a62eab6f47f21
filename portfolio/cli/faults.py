"""What comes from outside (settings, files, folders, ports, the database) as errors of the product's own family."""

import errno
import sqlite3
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from sqlalchemy.exc import SQLAlchemyError
from xlsxwriter.exceptions import XlsxFileError

from portfolio.cli.opening import looked_at
from portfolio.core.errors import ConflictError, FieldError, InvalidError, PortfolioError
from portfolio.core.outages import AWAY, BUSY, NOT_WRITABLE, UNREADY, outage

OUTSIDE = (OSError, SQLAlchemyError, sqlite3.Error, ValidationError, UnicodeError, XlsxFileError)
TOLD = 300
SECRET = ("DATABASE_URL", "OIDC_CLIENT_SECRET")
_OF_DATABASE = {
    AWAY: "library.away",
    BUSY: "library.busy",
    NOT_WRITABLE: "library.not_writable",
    UNREADY: "library.unready",
}
_OF_MACHINE = {
    errno.ENOENT: "machine.not_found",
    errno.ENOTDIR: "machine.not_found",
    errno.EISDIR: "machine.is_folder",
    errno.EACCES: "machine.not_allowed",
    errno.EPERM: "machine.not_allowed",
    errno.EROFS: "machine.not_allowed",
    errno.ENOSPC: "machine.no_room",
    errno.EDQUOT: "machine.no_room",
}
_OF_SETTING = {
    "int_parsing": "setting.whole_number",
    "int_from_float": "setting.whole_number",
    "bool_parsing": "setting.truth",
    "literal_error": "setting.one_of",
    "greater_than_equal": "setting.at_least",
    "less_than_equal": "setting.at_most",
    "database_url": "setting.database_url",
}


def outside_fault(error: BaseException) -> PortfolioError | None:
    """`error` as one of the product's own; None for what no outside cause explains (it is a fault of the program)."""
    if isinstance(error, ValidationError):
        return InvalidError("setting.invalid", list(_settings(error)))
    if isinstance(error, SQLAlchemyError | sqlite3.Error):
        return _of_database(error)
    if isinstance(error, UnicodeError):
        return InvalidError("machine.not_text", reason=str(error)[:TOLD])
    if isinstance(error, XlsxFileError):
        cause = error.args[0] if error.args else None
        return _of_machine(cause) if isinstance(cause, OSError) else _refused(error)
    return _of_machine(error) if isinstance(error, OSError) else None


def _of_database(error: SQLAlchemyError | sqlite3.Error) -> PortfolioError | None:
    code = _OF_DATABASE.get(outage(error) or "")
    if code is None:
        return None
    reason = str(getattr(error, "orig", None) or error).strip().splitlines()
    return ConflictError(code, place=looked_at(), reason=reason[0][:TOLD] if reason else "-")


def _of_machine(error: OSError) -> PortfolioError:
    code = _OF_MACHINE.get(error.errno or 0)
    return ConflictError(code, place=str(error.filename or error)) if code else _refused(error)


def _refused(error: Exception) -> PortfolioError:
    return ConflictError("machine.refused", reason=str(error)[:TOLD])


def _settings(error: ValidationError) -> Iterator[FieldError]:
    for fault in error.errors(include_url=False):
        name = str(fault["loc"][0]).upper() if fault["loc"] else "-"
        yield FieldError(name, _OF_SETTING.get(fault["type"], "setting.wrong"), _setting_words(name, fault))


def _setting_words(name: str, fault: ErrorDetails) -> dict[str, str]:
    """What was given (never a secret), and what the setting takes."""
    context: dict[str, Any] = fault.get("ctx") or {}
    limit = context.get("ge", context.get("le", context.get("expected", "")))
    value = "***" if name in SECRET else str(fault["input"])
    return {"value": value, "limit": str(limit).replace("'", ""), "detail": fault["msg"]}
