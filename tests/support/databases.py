"""Test databases made in milliseconds from templates that were migrated and loaded once."""

import shutil
import uuid
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from portfolio.core.database import make_engine
from portfolio.setup import Level, initialise


@dataclass
class Databases:
    """Makes databases at a level (`bare`, `scheme`, `demo`) on SQLite and on the cluster."""

    folder: Path
    cluster_url: str | None = None
    _templates: dict[tuple[str, str], str] = field(default_factory=dict)

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

    def _sqlite(self, level: Level) -> str:
        key = ("sqlite", level)
        if key not in self._templates:
            template = self.folder / f"template-{level}.db"
            engine = make_engine(f"sqlite:///{template}")
            initialise(engine, level)
            with engine.connect() as connection:
                connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
            engine.dispose()
            self._templates[key] = str(template)
        copy = self.folder / f"t{uuid.uuid4().hex}.db"
        shutil.copy(self._templates[key], copy)
        return f"sqlite:///{copy}"

    def _postgresql(self, level: Level) -> str:
        key = ("postgresql", level)
        if key not in self._templates:
            name = f"template_{level}"
            self._admin(f"CREATE DATABASE {name}")
            engine = make_engine(self._url(name))
            initialise(engine, level)
            engine.dispose()
            self._templates[key] = name
        copy = f"t{uuid.uuid4().hex}"
        self._admin(f"CREATE DATABASE {copy} TEMPLATE {self._templates[key]}")
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
