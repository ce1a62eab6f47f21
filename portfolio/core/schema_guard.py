"""Nothing is written into a database whose schema is no longer this program's: somebody may have migrated it meanwhile.

Asked once in each transaction that writes, after its first statement: by then the database lets nobody change the
schema of what was written, and one that was changed before is seen. See docs/decisions/0021.
"""

from typing import Any

from sqlalchemy import Connection, Engine, event

from portfolio.core.errors import NotReadyError

WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")
ASKED = "portfolio.schema_asked"
QUESTION = "SELECT version_num FROM alembic_version"


def guard_writes(engine: Engine, own: str) -> None:
    """Refuse (`schema.moved`) every transaction on `engine` that writes while the schema is not at revision `own`."""

    def asked(
        connection: Connection, cursor: Any, statement: str, _parameters: object, _context: object, _many: bool
    ) -> None:
        if not statement.lstrip()[:7].upper().startswith(WRITES):
            return
        transaction = connection.get_transaction()
        if transaction is not None and connection.info.get(ASKED) is transaction:
            return
        held = cursor.connection.execute(QUESTION).fetchone()
        if held is None or held[0] != own:
            raise NotReadyError("schema.moved", held=held[0] if held else "-", own=own)
        connection.info[ASKED] = transaction

    event.listen(engine, "after_cursor_execute", asked)
