"""Where an error came from, for the log: files, lines and functions, never a row's data.

A driver's message and many an exception of Python quote the value they stumbled over, so only the messages of errors
that speak of the code itself are kept.
"""

import traceback

from sqlalchemy.exc import SQLAlchemyError

from portfolio.core.errors import PortfolioError
from portfolio.core.outages import driver_code

_OF_THE_CODE = (AttributeError, NameError, ImportError, NotImplementedError, RecursionError)


def trace_of(error: BaseException) -> str:
    """The traceback of `error` and of what caused it, without the values they quote."""
    chain = list[BaseException]()
    last: BaseException | None = error
    while last is not None and last not in chain:
        chain.append(last)
        last = last.__cause__ or (None if last.__suppress_context__ else last.__context__)
    return "\n".join(_told(one) for one in reversed(chain))


def _told(error: BaseException) -> str:
    frames = "".join(traceback.format_tb(error.__traceback__))
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    return f"{frames}{kind}{_detail(error)}"


def _detail(error: BaseException) -> str:
    if isinstance(error, PortfolioError):
        return f": {error.code}"
    if isinstance(error, SQLAlchemyError):
        code = driver_code(error)
        return f" ({code})" if code else ""
    if isinstance(error, OSError):
        return f": {error.strerror}"
    return f": {error}" if isinstance(error, _OF_THE_CODE) else ""
