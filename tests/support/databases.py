"""Test databases made in milliseconds from templates that were migrated and loaded once."""

import shutil
import uuid
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Literal

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url

from portfolio.core.database import make_engine
from portfolio.upkeep.setup import Level as Known
from portfolio.upkeep.setup import initialise
from tests.support.run_folder import alone

Level = Known | Literal["half"]
# Each level is filled on a copy of the one below it.
BELOW: dict[Level, Level] = {"scheme": "bare", "demo": "scheme", "half": "bare"}


@dataclass
class Databases:
    """Makes databases at a level (`bare`, `scheme`, `demo`, `half`) on SQLite and on the cluster.

    `shared` is the folder of the run, where its processes keep their templates: whoever needs one first makes it.
    """

    folder: Path
    shared: Path
    cluster_url: str | None = None
    _templates: set[Level] = field(default_factory=set)

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
        copy = self.folder / f"t{uuid.uuid4().hex}.db"
        shutil.copy(self._sqlite_template(level), copy)
        return f"sqlite:///{copy}"

    def _sqlite_template(self, level: Level) -> Path:
        template = self.shared / f"template-{level}.db"
        if not template.exists():
            below = self._sqlite_template(BELOW[level]) if level in BELOW else None
            with alone(template.name):
                if not template.exists():
                    _load(template, level, below)
        return template

    def _postgresql(self, level: Level) -> str:
        template = self._template(level)
        copy = f"t{uuid.uuid4().hex}"
        self._admin(f"CREATE DATABASE {copy} TEMPLATE {template} STRATEGY FILE_COPY")
        return self._url(copy)

    def _template(self, level: Level) -> str:
        template = f"template_{level}"
        if level not in self._templates:
            below = self._template(BELOW[level]) if level in BELOW else "template1"
            with alone(template):
                if template not in self._names():
                    self._load(template, level, below)
            self._templates.add(level)
        return template

    def _load(self, template: str, level: Level, below: str) -> None:
        """Make a template under another name, so that nobody copies half of it."""
        making = f"making_{level}"
        self._admin(f"DROP DATABASE IF EXISTS {making}")
        self._admin(f"CREATE DATABASE {making} TEMPLATE {below}")
        engine = make_engine(self._url(making))
        _fill(engine, level)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
        engine.dispose()
        self._admin(f"ALTER DATABASE {making} RENAME TO {template}")

    def _names(self) -> set[str]:
        with self._cluster.connect() as connection:
            return set(connection.execute(text("SELECT datname FROM pg_database")).scalars())

    def _url(self, name: str) -> str:
        assert self.cluster_url is not None
        return make_url(self.cluster_url).set(database=name).render_as_string(hide_password=False)

    @cached_property
    def _cluster(self) -> Engine:
        assert self.cluster_url is not None
        return create_engine(self.cluster_url, isolation_level="AUTOCOMMIT", pool_pre_ping=True)

    def _admin(self, statement: str) -> None:
        with self._cluster.connect() as connection:
            connection.execute(text(statement))


def _fill(engine: Engine, level: Level) -> None:
    """Bring a database to a level from the one below it."""
    if level == "half":
        # It loads the solvers, which few tests ask for.
        from tests.support.half_filled import fill

        fill(engine)
    else:
        initialise(engine, level)


def _load(template: Path, level: Level, below: Path | None) -> None:
    """Make a template beside its place and move it there whole, so that nobody copies half of it."""
    making = template.with_suffix(".making")
    if below is not None:
        shutil.copy(below, making)
    engine = make_engine(f"sqlite:///{making}")
    _fill(engine, level)
    with engine.connect() as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    engine.dispose()
    making.rename(template)
