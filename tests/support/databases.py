"""Test databases made in milliseconds from templates that were migrated and loaded once."""

import fcntl
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url

from portfolio.core.database import make_engine
from portfolio.upkeep.setup import Level as Known
from portfolio.upkeep.setup import initialise
from tests.support.half_filled import fill

Level = Known | Literal["half"]


@dataclass
class Databases:
    """Makes databases at a level (`bare`, `scheme`, `demo`, `half`) on SQLite and on the cluster.

    `shared` is the folder where the processes of one run keep their SQLite templates: whoever needs one first makes it.
    """

    folder: Path
    shared: Path
    cluster_url: str | None = None
    _templates: dict[Level, str] = field(default_factory=dict)

    def make(self, kind: str, level: Level) -> str:
        """The URL of a fresh database of its own."""
        return self._sqlite(level) if kind == "sqlite" else self._postgresql(level)

    def empty(self, kind: str) -> str:
        """The URL of a database without any table."""
        name = f"t{uuid.uuid4().hex}"
        if kind == "sqlite":
            return f"sqlite:///{self.folder / name}.db"
        self._admin(f"CREATE DATABASE {name}")
        return self._url(name)

    def drop(self, url: str) -> None:
        """Remove a database that nobody has open: hundreds of them left are gigabytes to write out and to delete."""
        held = make_url(url)
        if held.get_backend_name() == "sqlite":
            for suffix in ("", "-wal", "-shm"):
                Path(f"{held.database}{suffix}").unlink(missing_ok=True)
        else:
            self._admin(f"DROP DATABASE IF EXISTS {held.database} WITH (FORCE)")

    def _sqlite(self, level: Level) -> str:
        template = self.shared / f"template-{level}.db"
        if not template.exists():
            with _alone(template):
                if not template.exists():
                    _load(template, level)
        copy = self.folder / f"t{uuid.uuid4().hex}.db"
        shutil.copy(template, copy)
        return f"sqlite:///{copy}"

    def _postgresql(self, level: Level) -> str:
        if level not in self._templates:
            name = f"template_{level}"
            self._admin(f"CREATE DATABASE {name}")
            engine = make_engine(self._url(name))
            _fill(engine, level)
            engine.dispose()
            self._templates[level] = name
        copy = f"t{uuid.uuid4().hex}"
        self._admin(f"CREATE DATABASE {copy} TEMPLATE {self._templates[level]}")
        return self._url(copy)

    def _url(self, name: str) -> str:
        assert self.cluster_url is not None
        return make_url(self.cluster_url).set(database=name).render_as_string(hide_password=False)

    def _admin(self, statement: str) -> None:
        assert self.cluster_url is not None
        engine = create_engine(self.cluster_url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()


def _fill(engine: Engine, level: Level) -> None:
    """Bring a database to a level; the half filled one starts from the schema and the code lists."""
    if level == "half":
        initialise(engine, "bare")
        fill(engine)
    else:
        initialise(engine, level)


@contextmanager
def _alone(template: Path) -> Iterator[None]:
    """Hold the lock of a template: the run's other processes wait."""
    with template.with_suffix(".lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _load(template: Path, level: Level) -> None:
    """Make a template beside its place and move it there whole, so that nobody copies half of it."""
    making = template.with_suffix(".making")
    engine = make_engine(f"sqlite:///{making}")
    _fill(engine, level)
    with engine.connect() as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    engine.dispose()
    making.rename(template)
