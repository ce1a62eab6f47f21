"""Every room's tables in one place, so that the metadata is whole wherever it is needed."""

from portfolio.core import revision
from portfolio.exchange import imports_tables
from portfolio.finance import tables as finance
from portfolio.journal import tables as journal
from portfolio.ledger import tables as ledger
from portfolio.needs import tables as needs
from portfolio.projects import tables as projects
from portfolio.readiness import tables as readiness
from portfolio.rolling import tables as rolling
from portfolio.scheme import tables as scheme
from portfolio.vocabulary import tables as vocabulary

ROOMS = (revision, vocabulary, journal, scheme, projects, needs, readiness, ledger, finance, rolling, imports_tables)
