"""Scenarios, which never change, and the runs that say what would come of them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from lamplighter.city.policies.models import Draft, ImportedHistory

_USER = settings.AUTH_USER_MODEL
MOST_REPLICATIONS = 200
LEAST_SCENARIOS, MOST_SCENARIOS = 50, 2_000


class Answers(models.TextChoices):
    """How facts that a history does not tell are read."""

    STATED = "stated", _("Drawn from stated rates")
    LEAST = "least", _("As few calls as possible go to these teams")
    MOST = "most", _("As many calls as possible go to these teams")


class AreaFile(models.Model):
    """Areas that somebody brought, as GeoJSON: names, outlines, numbers, and nothing else.

    `groups` says which columns count people, as pairs of a column and what its people are called,
    `everyone` which one counts all of them. That is all that may change, besides that the file is
    put away; PostgreSQL refuses the rest.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=120)
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    # One sentence for each thing that was mended or left out when it was read.
    notes = models.JSONField(default=list)
    groups = models.JSONField(default=list)
    everyone = models.CharField(max_length=200, blank=True)
    # Nobody: it came with the sample city.
    by = models.ForeignKey(_USER, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    put_away_at = models.DateTimeField(null=True)
    put_away_by = models.ForeignKey(_USER, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="area_file_has_a_name"),
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="area_file_names_its_content"
            ),
            models.CheckConstraint(
                condition=Q(put_away_at=None, put_away_by=None)
                | Q(put_away_at__isnull=False, put_away_by__isnull=False),
                name="area_file_put_away_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Scenario(models.Model):
    """A history, a policy and teams, with all that a run depends on. To change one is to copy it.

    PostgreSQL refuses any change but that it is put away.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=120)
    history = models.ForeignKey(ImportedHistory, on_delete=models.PROTECT, related_name="+")
    policy_text = models.TextField()
    policy_name = models.CharField(max_length=80)
    policy_version = models.CharField(max_length=40)
    policy_hash = models.CharField(max_length=64)
    # Where the policy is a draft: what it said in this revision.
    draft = models.ForeignKey(Draft, null=True, on_delete=models.PROTECT, related_name="+")
    draft_revision = models.PositiveIntegerField(null=True)
    teams_text = models.TextField()
    teams_name = models.CharField(max_length=120)
    teams_hash = models.CharField(max_length=64)
    areas = models.TextField(blank=True, help_text="GeoJSON; empty: as the history names them.")
    area_file = models.ForeignKey(AreaFile, null=True, on_delete=models.PROTECT, related_name="+")
    # Which columns of the areas count people, as in `AreaFile`.
    groups = models.JSONField(default=list)
    everyone = models.CharField(max_length=200, blank=True)
    answers = models.CharField(max_length=10, choices=Answers.choices, default=Answers.STATED)
    seed = models.PositiveIntegerField(default=1)
    replications = models.PositiveSmallIntegerField(default=20)
    copied_from = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="copies"
    )
    # Nobody: it came with the sample city.
    by = models.ForeignKey(_USER, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    put_away_at = models.DateTimeField(null=True)
    put_away_by = models.ForeignKey(_USER, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["at"], name="scenario_at", condition=Q(put_away_at=None))]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="scenario_has_a_name"),
            models.CheckConstraint(
                condition=Q(replications__gte=1, replications__lte=MOST_REPLICATIONS),
                name="scenario_runs_often_enough",
            ),
            models.CheckConstraint(
                condition=Q(answers__in=Answers.values), name="scenario_reads_answers"
            ),
            models.CheckConstraint(
                condition=Q(policy_hash__regex=r"^[0-9a-f]{64}$")
                & Q(teams_hash__regex=r"^[0-9a-f]{64}$"),
                name="scenario_names_contents",
            ),
            models.CheckConstraint(
                condition=Q(draft=None, draft_revision=None)
                | Q(draft__isnull=False, draft_revision__isnull=False),
                name="scenario_draft_has_a_revision",
            ),
            models.CheckConstraint(
                condition=Q(put_away_at=None, put_away_by=None)
                | Q(put_away_at__isnull=False, put_away_by__isnull=False),
                name="scenario_put_away_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ScenarioRun(models.Model):
    """One run of a scenario, in a process that says by `beat_at` that it lives.

    It ends in one of three ways: with a `result`, with one sentence why it `failed`, or because
    somebody stopped it. What has ended never changes; PostgreSQL refuses it.
    """

    class Step(models.TextChoices):
        WAITING = "waiting", _("Waiting for its turn")
        CALLS = "calls", _("The calls of the history meet the policy")
        TEAMS = "teams", _("The teams answer the calls, again and again")
        REPORT = "report", _("The report is written")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    scenario = models.ForeignKey(Scenario, on_delete=models.PROTECT, related_name="runs")
    asked_by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    beat_at = models.DateTimeField(null=True)
    step = models.CharField(max_length=10, choices=Step.choices, default=Step.WAITING)
    percent = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    stopped_by = models.ForeignKey(_USER, null=True, on_delete=models.PROTECT, related_name="+")
    failed = models.TextField(blank=True)
    result = models.JSONField(null=True)
    # The report's sections in each language, as the page shows them: words, pictures, tables.
    sections = models.JSONField(null=True)
    # Of the numbers, without when and how fast: the same scenario gives the same hash.
    result_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = [models.Index(fields=["scenario", "-asked_at"], name="run_of_scenario")]
        constraints = [
            models.UniqueConstraint(
                fields=["scenario"], condition=Q(done_at=None), name="one_run_at_a_time"
            ),
            models.CheckConstraint(condition=Q(percent__lte=100), name="run_percent"),
            models.CheckConstraint(
                condition=Q(step__in=["waiting", "calls", "teams", "report"]), name="run_step"
            ),
            models.CheckConstraint(
                condition=Q(
                    done_at=None,
                    result=None,
                    sections=None,
                    result_hash="",
                    failed="",
                    stopped_by=None,
                )
                | Q(
                    done_at__isnull=False,
                    result__isnull=False,
                    sections__isnull=False,
                    result_hash__regex=r"^[0-9a-f]{64}$",
                    failed="",
                    stopped_by=None,
                )
                | (
                    Q(
                        done_at__isnull=False,
                        result=None,
                        sections=None,
                        result_hash="",
                        stopped_by=None,
                    )
                    & ~Q(failed="")
                )
                | Q(
                    done_at__isnull=False,
                    result=None,
                    sections=None,
                    result_hash="",
                    failed="",
                    stopped_by__isnull=False,
                ),
                name="run_ends_in_one_way",
            ),
            models.CheckConstraint(
                condition=Q(done_at=None) | Q(done_at__gte=F("asked_at")),
                name="run_ends_after_it_began",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scenario_id} {self.asked_at:%Y-%m-%d %H:%M}"


class StaffingSearch(models.Model):
    """A search for the smallest teams of a scenario that meet a target, in a process of its own.

    It ends as a run does. What it simulated is kept in a file of the scenario, so a search that was
    stopped is gone on with by asking for the same again.
    """

    class Step(models.TextChoices):
        WAITING = "waiting", _("Waiting for its turn")
        CALLS = "calls", _("The calls of the history meet the policy")
        PLANS = "plans", _("Plans are tried, one after another")

    class Bases(models.TextChoices):
        FILE = "file", _("Each unit where the team file has it")
        ANY = "any", _("Any unit at any base of the team file")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    scenario = models.ForeignKey(Scenario, on_delete=models.PROTECT, related_name="searches")
    # At least so many of 100 calls have a team within so many minutes, at most so many fall back.
    percent_within = models.FloatField()
    minutes = models.FloatField()
    percent_fall_back = models.FloatField()
    bases = models.CharField(max_length=10, choices=Bases.choices, default=Bases.FILE)
    most_scenarios = models.PositiveSmallIntegerField()
    asked_by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    beat_at = models.DateTimeField(null=True)
    step = models.CharField(max_length=10, choices=Step.choices, default=Step.WAITING)
    # How many runs were simulated, or taken from an earlier search.
    scenarios = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    stopped_by = models.ForeignKey(_USER, null=True, on_delete=models.PROTECT, related_name="+")
    failed = models.TextField(blank=True)
    result = models.JSONField(null=True)
    # The picture of the frontier in each language, as the page shows it.
    sections = models.JSONField(null=True)

    class Meta:
        indexes = [models.Index(fields=["scenario", "-asked_at"], name="search_of_scenario")]
        constraints = [
            models.UniqueConstraint(
                fields=["scenario"], condition=Q(done_at=None), name="one_search_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(
                    percent_within__gt=0,
                    percent_within__lte=100,
                    minutes__gt=0,
                    percent_fall_back__gte=0,
                    percent_fall_back__lte=100,
                    most_scenarios__gte=LEAST_SCENARIOS,
                    most_scenarios__lte=MOST_SCENARIOS,
                ),
                name="search_has_a_target",
            ),
            models.CheckConstraint(
                condition=Q(step__in=["waiting", "calls", "plans"]) & Q(bases__in=["file", "any"]),
                name="search_step",
            ),
            models.CheckConstraint(
                condition=Q(done_at=None, result=None, sections=None, failed="", stopped_by=None)
                | Q(
                    done_at__isnull=False,
                    result__isnull=False,
                    sections__isnull=False,
                    failed="",
                    stopped_by=None,
                )
                | (
                    Q(done_at__isnull=False, result=None, sections=None, stopped_by=None)
                    & ~Q(failed="")
                )
                | Q(
                    done_at__isnull=False,
                    result=None,
                    sections=None,
                    failed="",
                    stopped_by__isnull=False,
                ),
                name="search_ends_in_one_way",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scenario_id} {self.asked_at:%Y-%m-%d %H:%M}"

    @property
    def percent(self) -> int:
        """How much of what it may at most simulate is done."""
        return min(99, round(100 * self.scenarios / self.most_scenarios))
