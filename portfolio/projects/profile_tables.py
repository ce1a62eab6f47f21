"""Tables of what an office states of a project beside its facts: basis, scale, people, and some single facts."""

from sqlmodel import Field, SQLModel

from portfolio.core.columns import whole


class ProjectProfile(SQLModel, table=True):
    """Single facts of the entry form: the owner's credit code (统一社会信用代码), address, affiliation, supervision."""

    __tablename__ = "project_profiles"

    project_id: int = Field(primary_key=True, foreign_key="projects.id", ondelete="CASCADE")
    owner_credit_code: str = Field(default="", max_length=18)
    address: str = Field(default="", max_length=200)
    affiliation: str = Field(default="", max_length=12)
    supervision_unit: str = Field(default="", max_length=120)
    cross_province_doc: str = Field(default="", max_length=120)


class ProjectBasis(SQLModel, table=True):
    """What a project stands on (入库依据): industrial policy, plan, strategy, direction of government investment."""

    __tablename__ = "project_bases"

    project_id: int = Field(primary_key=True, foreign_key="projects.id", ondelete="CASCADE")
    kind: str = Field(primary_key=True, max_length=12)
    words: str = Field(max_length=300)
    doc_no: str = Field(default="", max_length=80)


class ProjectScale(SQLModel, table=True):
    """A quantified scale: what is built, how much of it, in which unit; thousandths of the unit as a whole number."""

    __tablename__ = "project_scales"

    project_id: int = Field(primary_key=True, foreign_key="projects.id", ondelete="CASCADE")
    position: int = Field(primary_key=True)
    name: str = Field(max_length=60)
    thousandths: int = Field(sa_column=whole(nullable=False))
    unit: str = Field(max_length=20)


class ProjectContact(SQLModel, table=True):
    """A person responsible (项目责任人) or to be asked (联系人); personal data, shown in full to few."""

    __tablename__ = "project_contacts"

    project_id: int = Field(primary_key=True, foreign_key="projects.id", ondelete="CASCADE")
    position: int = Field(primary_key=True)
    role: str = Field(max_length=12)
    name: str = Field(max_length=40)
    phone: str = Field(default="", max_length=30)
    landline: str = Field(default="", max_length=30)
    email: str = Field(default="", max_length=120)
