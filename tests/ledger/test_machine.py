"""Random lives of two pools and two projects beside a plain model: never negative, balances the sum of the entries."""

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlmodel import Session

from portfolio.access.local import EVERYTHING, LOCAL_OWNER
from portfolio.core.database import make_engine
from portfolio.core.errors import InvalidError
from portfolio.ledger.queries import BUCKETS, get_pool, list_entries, pool_on_day
from portfolio.ledger.rules import MOVES
from portfolio.ledger.service import open_pool, reverse
from portfolio.upkeep.invariants import breaches
from tests.ledger.conftest import DOC, OTHER, PROJECT, entry, pool, posted
from tests.support import run_folder
from tests.support.databases import Databases

Cell = tuple[str, str, str]
POOLS = ("A", "B")
PROJECTS = (PROJECT, OTHER)
MOVING = sorted(set(MOVES) - {"transfer"})
_folder = Path(tempfile.mkdtemp(prefix="ledger", dir=run_folder.folder()))


def template() -> Path:
    """A database of the scheme with both pools, made once."""
    path = _folder / "template.db"
    if not path.exists():
        url = Databases(_folder, run_folder.folder()).make("sqlite", "scheme")
        Path(url.removeprefix("sqlite:///")).rename(path)
        engine = make_engine(f"sqlite:///{path}")
        with Session(engine) as session:
            for code in POOLS:
                open_pool(session, LOCAL_OWNER, EVERYTHING, pool(code, "land", 100))
            session.commit()
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        engine.dispose()
    return path


class LedgerMachine(RuleBasedStateMachine):
    """`model` counts (pool, project or "", bucket) → quantity; `made` keeps what each entry moved."""

    @initialize()
    def start(self) -> None:
        self.path = _folder / f"{id(self)}.db"
        shutil.copy(template(), self.path)
        self.engine = make_engine(f"sqlite:///{self.path}")
        self.session = Session(self.engine, expire_on_commit=False)
        self.model: Counter[tuple[str, str, str]] = Counter({(code, "", "free"): 100 for code in POOLS})
        self.made: dict[int, tuple[tuple[str, str, str], tuple[str, str, str], int]] = {}
        self.undone: set[int] = set()

    @rule(
        kind=st.sampled_from(MOVING),
        code=st.sampled_from(POOLS),
        project=st.sampled_from(PROJECTS),
        quantity=st.integers(1, 60),
        data=st.data(),
    )
    def posting(self, kind: str, code: str, project: str, quantity: int, data: st.DataObject) -> None:
        move = MOVES[kind]
        bucket = data.draw(st.sampled_from(move.sources))
        owner = project if move.project else ""
        source = (code, owner if bucket not in ("free", "outside") else "", bucket)
        target = (code, owner if move.target not in ("free", "outside") else "", move.target)
        given = entry(kind, quantity, pool=code, project=owner or None, source=bucket)
        self._expect(source, target, quantity, lambda: posted(self.session, given)[0])

    @rule(code=st.sampled_from(POOLS), quantity=st.integers(1, 60))
    def transfer(self, code: str, quantity: int) -> None:
        other = POOLS[1 - POOLS.index(code)]
        given = entry("transfer", quantity, pool=code, project=None, counter_pool=other)
        self._expect((code, "", "free"), (other, "", "free"), quantity, lambda: posted(self.session, given)[0])

    @rule(data=st.data())
    def reversal(self, data: st.DataObject) -> None:
        left = sorted(set(self.made) - self.undone)
        if not left:
            return
        number = data.draw(st.sampled_from(left))
        source, target, quantity = self.made[number]
        before = len(self.made)

        def undo() -> int:
            return reverse(self.session, LOCAL_OWNER, EVERYTHING, number, "2019-03-01", DOC)

        self._expect(target, source, quantity, undo)
        if len(self.made) > before:
            self.undone |= {number, max(self.made)}

    def _expect(self, source: Cell, target: Cell, quantity: int, act: Callable[[], int]) -> None:
        enough = source[2] == "outside" or self.model[source] >= quantity
        try:
            with self.session.begin_nested():
                number = act()
        except InvalidError:
            assert not enough
            return
        assert enough
        self.made[number] = (source, target, quantity)
        self.model[source] -= quantity
        self.model[target] += quantity

    @invariant()
    def the_pools_are_what_the_model_says(self) -> None:
        if not hasattr(self, "model"):
            return
        for code in POOLS:
            found, past = (
                get_pool(self.session, EVERYTHING, code),
                pool_on_day(self.session, EVERYTHING, code, "2019-03-01"),
            )
            for bucket in BUCKETS:
                expected = sum(self.model[code, owner, bucket] for owner in ("", *PROJECTS))
                assert found.get(bucket) == past[bucket] == expected >= 0

    def teardown(self) -> None:
        if hasattr(self, "session"):
            self.session.commit()
            assert [one for one in breaches(self.engine) if one.code.startswith("ledger")] == []
            assert len(list_entries(self.session, EVERYTHING, limit=10_000)) == len(self.made) + len(POOLS)
            self.session.close()
            self.engine.dispose()
            for path in _folder.glob(f"{self.path.name}*"):
                path.unlink()


LedgerMachine.TestCase.settings = settings(
    max_examples=25, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)
TestLedger = LedgerMachine.TestCase
