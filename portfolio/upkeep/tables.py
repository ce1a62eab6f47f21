"""Every room's tables in one place, so that the metadata is whole wherever it is needed."""

from portfolio.access import tables as access
from portfolio.attachments import tables as attachments
from portfolio.core import revision
from portfolio.exchange.uploads import tables as imports_tables
from portfolio.finance import tables as finance
from portfolio.journal import tables as journal
from portfolio.ledger import tables as ledger
from portfolio.needs import tables as needs
from portfolio.projects import identity_tables, profile_tables, state_tables
from portfolio.projects import tables as projects
from portfolio.readiness import tables as readiness
from portfolio.reporting import tables as reporting
from portfolio.rolling import tables as rolling
from portfolio.scenarios import tables as allocation
from portfolio.scheme import tables as scheme
from portfolio.screening import tables as screening
from portfolio.vocabulary import tables as vocabulary

ROOMS = (
    revision,
    vocabulary,
    access,
    journal,
    attachments,
    scheme,
    projects,
    state_tables,
    profile_tables,
    identity_tables,
    needs,
    readiness,
    reporting,
    ledger,
    finance,
    screening,
    rolling,
    allocation,
    imports_tables,
)
