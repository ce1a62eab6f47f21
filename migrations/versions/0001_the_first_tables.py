"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "changes",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_changes")),
    )
    op.create_index(op.f("ix_changes_revision"), "changes", ["revision"], unique=False)
    op.create_table(
        "code_lists",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_code_lists")),
    )
    op.create_table(
        "items",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("dimension", sa.String(length=10), nullable=False),
        sa.Column("name_zh", sa.String(length=60), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_leaf", sa.Boolean(), nullable=False),
        sa.Column("flags", sa.String(length=200), nullable=False),
        sa.Column("national_threshold_m2", sa.BigInteger(), nullable=True),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["items.id"], name=op.f("fk_items_parent_id_items")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_items")),
        sa.UniqueConstraint("code", name=op.f("uq_items_code")),
    )
    op.create_table(
        "journal",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("room", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal")),
    )
    op.create_index("ix_journal_subject", "journal", ["subject", "id"], unique=False)
    op.create_table(
        "regions",
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("name_zh", sa.String(length=60), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column("parent", sa.String(length=16), nullable=True),
        sa.Column("level", sa.String(length=12), nullable=False),
        sa.Column("city_code", sa.String(length=16), nullable=True),
        sa.Column("valid_from", sa.String(length=10), nullable=True),
        sa.Column("valid_to", sa.String(length=10), nullable=True),
        sa.Column("successor", sa.String(length=16), nullable=True),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["parent"], ["regions.code"], name=op.f("fk_regions_parent_regions")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_regions")),
    )
    op.create_table(
        "revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("changes_from", sa.BigInteger(), nullable=False),
        sa.Column("service_open", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
    )
    op.create_table(
        "units",
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("name_zh", sa.String(length=60), nullable=False),
        sa.Column("full_name_zh", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=160), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("region_code", sa.String(length=16), nullable=True),
        sa.Column("credit_code", sa.String(length=18), nullable=True),
        sa.Column("valid_from", sa.String(length=10), nullable=True),
        sa.Column("valid_to", sa.String(length=10), nullable=True),
        sa.Column("successor", sa.String(length=24), nullable=True),
        sa.Column("note_zh", sa.String(length=300), nullable=False),
        sa.Column("aliases_zh", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["region_code"], ["regions.code"], name=op.f("fk_units_region_code_regions")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_units")),
        sa.UniqueConstraint("name_zh", name=op.f("uq_units_name_zh")),
    )
    op.create_table(
        "projects",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("national_code", sa.String(length=24), nullable=True),
        sa.Column("name_zh", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=300), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=True),
        sa.Column("nature", sa.String(length=20), nullable=True),
        sa.Column("approval_type", sa.String(length=20), nullable=True),
        sa.Column("capacity_zh", sa.String(length=500), nullable=False),
        sa.Column("section", sa.String(length=300), nullable=False),
        sa.Column("lead_unit", sa.String(length=24), nullable=True),
        sa.Column("owner", sa.String(length=120), nullable=False),
        sa.Column("stage", sa.String(length=20), nullable=True),
        sa.Column("stage_basis", sa.String(length=12), nullable=True),
        sa.Column("start_month", sa.String(length=7), nullable=True),
        sa.Column("finish_month", sa.String(length=7), nullable=True),
        sa.Column("schedule_basis", sa.String(length=12), nullable=True),
        sa.Column("total_investment_yuan", sa.BigInteger(), nullable=True),
        sa.Column("investment_basis", sa.String(length=12), nullable=True),
        sa.Column("cross_province", sa.Boolean(), nullable=True),
        sa.Column("co_agreed", sa.Boolean(), nullable=True),
        sa.Column("co_agreed_doc", sa.String(length=120), nullable=False),
        sa.Column("sea_related", sa.Boolean(), nullable=True),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("city_code", sa.String(length=16), nullable=True),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("needs_version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["lead_unit"], ["units.code"], name=op.f("fk_projects_lead_unit_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_projects")),
        sa.UniqueConstraint("code", name=op.f("uq_projects_code")),
    )
    op.create_index(
        "ix_projects_city_code", "projects", ["city_code", "id", "stage", "kind", "lead_unit"], unique=False
    )
    op.create_index(
        "ix_projects_code", "projects", ["code", "id", "stage", "city_code", "kind", "lead_unit"], unique=False
    )
    op.create_index(
        "ix_projects_finish_month",
        "projects",
        ["finish_month", "id", "stage", "city_code", "kind", "lead_unit"],
        unique=False,
    )
    op.create_index(
        "ix_projects_total_investment_yuan",
        "projects",
        ["total_investment_yuan", "id", "stage", "city_code", "kind", "lead_unit"],
        unique=False,
    )
    op.create_index("ix_projects_kind", "projects", ["kind", "id", "stage", "city_code", "lead_unit"], unique=False)
    op.create_index(
        "ix_projects_lead_unit", "projects", ["lead_unit", "id", "stage", "city_code", "kind"], unique=False
    )
    op.create_index(
        "ix_projects_name_zh", "projects", ["name_zh", "id", "stage", "city_code", "kind", "lead_unit"], unique=False
    )
    op.create_index(op.f("ix_projects_national_code"), "projects", ["national_code"], unique=False)
    op.create_index("ix_projects_stage", "projects", ["stage", "id", "city_code", "kind", "lead_unit"], unique=False)
    op.create_index(
        "ix_projects_start_month",
        "projects",
        ["start_month", "id", "stage", "city_code", "kind", "lead_unit"],
        unique=False,
    )
    op.create_table(
        "tasks",
        sa.Column("id", sa.String(length=12), nullable=False),
        sa.Column("section", sa.String(length=80), nullable=False),
        sa.Column("part", sa.String(length=20), nullable=False),
        sa.Column("title_zh", sa.String(length=120), nullable=False),
        sa.Column("title_en", sa.String(length=240), nullable=False),
        sa.Column("bracket_zh", sa.String(length=500), nullable=False),
        sa.Column("lead_unit", sa.String(length=24), nullable=True),
        sa.Column("lead_note_zh", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["lead_unit"], ["units.code"], name=op.f("fk_tasks_lead_unit_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
    )
    op.create_index(op.f("ix_tasks_lead_unit"), "tasks", ["lead_unit"], unique=False)
    op.create_table(
        "needs",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("required", sa.BigInteger(), nullable=False),
        sa.Column("basis", sa.String(length=12), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_needs_item_id_items")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_needs_project_id_projects"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("project_id", "item_id", "year", name=op.f("pk_needs")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_needs_item_year", "needs", ["item_id", "year"], unique=False)
    op.create_table(
        "not_applicable",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(length=12), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_not_applicable_item_id_items")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_not_applicable_project_id_projects"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("project_id", "item_id", name=op.f("pk_not_applicable")),
    )
    op.create_table(
        "project_regions",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("region_code", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_project_regions_project_id_projects"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["region_code"], ["regions.code"], name=op.f("fk_project_regions_region_code_regions")),
        sa.PrimaryKeyConstraint("project_id", "position", name=op.f("pk_project_regions")),
    )
    op.create_index(op.f("ix_project_regions_region_code"), "project_regions", ["region_code"], unique=False)
    op.create_table(
        "project_tasks",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_project_tasks_project_id_projects"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_project_tasks_task_id_tasks")),
        sa.PrimaryKeyConstraint("project_id", "position", name=op.f("pk_project_tasks")),
    )
    op.create_index(op.f("ix_project_tasks_task_id"), "project_tasks", ["task_id"], unique=False)
    op.create_table(
        "project_units",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("unit_code", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_project_units_project_id_projects"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["unit_code"], ["units.code"], name=op.f("fk_project_units_unit_code_units")),
        sa.PrimaryKeyConstraint("project_id", "position", name=op.f("pk_project_units")),
    )
    op.create_index(op.f("ix_project_units_unit_code"), "project_units", ["unit_code"], unique=False)
    op.create_table(
        "task_units",
        sa.Column("task_id", sa.String(length=12), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("unit_code", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_task_units_task_id_tasks")),
        sa.ForeignKeyConstraint(["unit_code"], ["units.code"], name=op.f("fk_task_units_unit_code_units")),
        sa.PrimaryKeyConstraint("task_id", "position", name=op.f("pk_task_units")),
    )
    op.create_index(op.f("ix_task_units_unit_code"), "task_units", ["unit_code"], unique=False)
    _first_row()


def _first_row() -> None:
    op.execute("INSERT INTO revision (id, value, changes_from, service_open) VALUES (1, 0, 0, FALSE)")


def downgrade() -> None:
    op.drop_index(op.f("ix_task_units_unit_code"), table_name="task_units")
    op.drop_table("task_units")
    op.drop_index(op.f("ix_project_units_unit_code"), table_name="project_units")
    op.drop_table("project_units")
    op.drop_index(op.f("ix_project_tasks_task_id"), table_name="project_tasks")
    op.drop_table("project_tasks")
    op.drop_index(op.f("ix_project_regions_region_code"), table_name="project_regions")
    op.drop_table("project_regions")
    op.drop_table("not_applicable")
    op.drop_index("ix_needs_item_year", table_name="needs")
    op.drop_table("needs")
    op.drop_index(op.f("ix_tasks_lead_unit"), table_name="tasks")
    op.drop_table("tasks")
    op.drop_index("ix_projects_start_month", table_name="projects")
    op.drop_index("ix_projects_stage", table_name="projects")
    op.drop_index(op.f("ix_projects_national_code"), table_name="projects")
    op.drop_index("ix_projects_name_zh", table_name="projects")
    op.drop_index("ix_projects_lead_unit", table_name="projects")
    op.drop_index("ix_projects_kind", table_name="projects")
    op.drop_index("ix_projects_total_investment_yuan", table_name="projects")
    op.drop_index("ix_projects_finish_month", table_name="projects")
    op.drop_index("ix_projects_code", table_name="projects")
    op.drop_index("ix_projects_city_code", table_name="projects")
    op.drop_table("projects")
    op.drop_table("units")
    op.drop_table("revision")
    op.drop_table("regions")
    op.drop_index("ix_journal_subject", table_name="journal")
    op.drop_table("journal")
    op.drop_table("items")
    op.drop_table("code_lists")
    op.drop_index(op.f("ix_changes_revision"), table_name="changes")
    op.drop_table("changes")
