"""A narrow lane for reads: they compute rather than wait, and many threads would only fight over the interpreter.

With eight clients on SQLite two threads answer more than half as many requests again as forty do. Writes and files keep
FastAPI's own pool, so a long import never stands in the way of a reader.
"""

from collections.abc import Awaitable, Callable
from functools import lru_cache, partial, wraps
from typing import Any, ParamSpec, TypeVar

from anyio import CapacityLimiter, to_thread

from portfolio.core.settings import get_settings

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")


@lru_cache
def lane() -> CapacityLimiter:
    """The lane's limiter."""
    return CapacityLimiter(get_settings().read_threads)


def reads(endpoint: Callable[Asked, Answer]) -> Callable[Asked, Awaitable[Answer]]:
    """Run a reading endpoint in the lane; its signature stays what FastAPI reads."""

    @wraps(endpoint)
    async def run(*args: Asked.args, **named: Asked.kwargs) -> Answer:
        return await to_thread.run_sync(partial(endpoint, *args, **named), limiter=lane())

    return run


def writes(endpoint: Callable[Asked, Answer]) -> Callable[Asked, Awaitable[Answer]]:
    """Run a writing endpoint and commit its `session` on one thread: the next writer waits for the loop once less.

    The transaction stays the one that `Writing` opened; an error of the endpoint or the commit rolls it back.
    """

    @wraps(endpoint)
    async def run(*args: Asked.args, **named: Asked.kwargs) -> Answer:
        return await to_thread.run_sync(partial(_committed, endpoint, *args, **named))

    return run


def _committed(endpoint: Callable[..., Answer], *args: Any, **named: Any) -> Answer:
    answer = endpoint(*args, **named)
    named["session"].commit()
    return answer
