"""The product's tables as Django models; Django wants one key column, so links name their project as it."""

from django.db import models


class Project(models.Model):
    """The facts of the list."""

    code = models.CharField(max_length=24)
    national_code = models.CharField(max_length=24, null=True)
    name_zh = models.CharField(max_length=200)
    name_en = models.CharField(max_length=300)
    kind = models.CharField(max_length=30, null=True)
    nature = models.CharField(max_length=20, null=True)
    approval_type = models.CharField(max_length=20, null=True)
    capacity_zh = models.CharField(max_length=500)
    section = models.CharField(max_length=300)
    lead_unit = models.CharField(max_length=24, null=True)
    owner = models.CharField(max_length=120)
    stage = models.CharField(max_length=20, null=True)
    stage_basis = models.CharField(max_length=12, null=True)
    start_month = models.CharField(max_length=7, null=True)
    finish_month = models.CharField(max_length=7, null=True)
    schedule_basis = models.CharField(max_length=12, null=True)
    total_investment_yuan = models.BigIntegerField(null=True)
    investment_basis = models.CharField(max_length=12, null=True)
    cross_province = models.BooleanField(null=True)
    co_agreed = models.BooleanField(null=True)
    co_agreed_doc = models.CharField(max_length=120)
    sea_related = models.BooleanField(null=True)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    source = models.CharField(max_length=200)
    city_code = models.CharField(max_length=16, null=True)
    version = models.IntegerField()
    needs_version = models.IntegerField()

    class Meta:
        managed = False
        db_table = "projects"


class ProjectRegion(models.Model):
    """A region of a project."""

    project = models.ForeignKey(Project, models.DO_NOTHING, related_name="regions", primary_key=True)
    position = models.IntegerField()
    region_code = models.CharField(max_length=16)

    class Meta:
        managed = False
        db_table = "project_regions"
        ordering = ("position",)


class ProjectTask(models.Model):
    """A task of a project."""

    project = models.ForeignKey(Project, models.DO_NOTHING, related_name="tasks", primary_key=True)
    position = models.IntegerField()
    task_id = models.CharField(max_length=12)

    class Meta:
        managed = False
        db_table = "project_tasks"
        ordering = ("position",)


class ProjectUnit(models.Model):
    """A unit of a project."""

    project = models.ForeignKey(Project, models.DO_NOTHING, related_name="linked_units", primary_key=True)
    position = models.IntegerField()
    unit_code = models.CharField(max_length=24)

    class Meta:
        managed = False
        db_table = "project_units"
        ordering = ("position",)


class Journal(models.Model):
    """A journalled change."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    room = models.CharField(max_length=20)
    subject = models.CharField(max_length=40)
    action = models.CharField(max_length=20)
    before = models.TextField(null=True)
    after = models.TextField(null=True)
    reason = models.CharField(max_length=500, null=True)
    revision = models.BigIntegerField()

    class Meta:
        managed = False
        db_table = "bench_journal"


class Token(models.Model):
    """Who holds a token, kept as its digest, and the city whose projects they may change."""

    digest = models.CharField(max_length=64, primary_key=True)
    name = models.CharField(max_length=80)
    city_code = models.CharField(max_length=16)

    class Meta:
        managed = False
        db_table = "bench_tokens"
