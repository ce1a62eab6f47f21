"""A national code that was taken from a record because another holds it, kept until somebody has looked at it."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from portfolio.core.columns import utc_column


class DisplacedCode(SQLModel, table=True):
    """The code a project stated before codes became unique, and the code of the project that kept it (`holder`)."""

    __tablename__ = "displaced_codes"

    project_id: int = Field(primary_key=True, foreign_key="projects.id", ondelete="CASCADE")
    national_code: str = Field(max_length=24)
    holder: str = Field(max_length=24)
    at: datetime = Field(sa_column=utc_column())
