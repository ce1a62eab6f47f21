"""Answers kept until a revision that may change them: never stale, since every write that could is one."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Engine
from sqlmodel import Session

from portfolio.core import revision

Answer = TypeVar("Answer")


class Kept:
    """A bounded store of answers per engine; what a writing transaction reads is computed and not kept."""

    def __init__(self, size: int = 512) -> None:
        self._size = size
        self._lock = Lock()
        self._held: WeakKeyDictionary[Engine, tuple[int, OrderedDict[Hashable, Any]]] = WeakKeyDictionary()

    def get(self, session: Session, key: Hashable, compute: Callable[[], Answer], mark: int | None = None) -> Answer:
        """The answer under `key` as the session sees it (`revision.answers`), computed when it is not held.

        With `mark`, a number that rises when anything the answer depends on may have changed, it is held until then.
        """
        if revision.writing(session):
            return compute()
        now, engine = revision.answers(session) if mark is None else mark, session.get_bind().engine
        with self._lock:
            answers = self._answers(engine, now)
            if key in answers:
                answers.move_to_end(key)
                found: Answer = answers[key]
                return found
        answer = compute()
        with self._lock:
            answers[key] = answer
            while len(answers) > self._size:
                answers.popitem(last=False)
        return answer

    def _answers(self, engine: Engine, now: int) -> OrderedDict[Hashable, Any]:
        held = self._held.get(engine)
        if held is None or held[0] != now:
            held = (now, OrderedDict())
            self._held[engine] = held
        return held[1]


class KeptUntilWholesale:
    """One answer per engine, read from code lists: held until a change that may have touched any of them."""

    def __init__(self) -> None:
        self._held: WeakKeyDictionary[Engine, tuple[int, Any]] = WeakKeyDictionary()

    def get(self, session: Session, compute: Callable[[], Answer]) -> Answer:
        """The answer as this transaction sees it; what it may have changed itself is computed and not kept."""
        mark = revision.last_wholesale(session)
        if revision.writing(session) and mark == revision.bump(session):
            return compute()
        engine = session.get_bind().engine
        held = self._held.get(engine)
        if held is None or held[0] != mark:
            held = (mark, compute())
            self._held[engine] = held
        found: Answer = held[1]
        return found
