"""Units, their shifts, and what they are sent to."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from lamplighter.city.accounts.models import Agency
from lamplighter.city.intake.models import Incident


class UnitKind(models.TextChoices):
    """What a unit is, in the words of the policy's answers."""

    POLICE = "police", _("Police")
    FIRE = "fire", _("Fire")
    EMS = "ems", _("Ambulance")
    CO_RESPONSE = "co_response", _("Clinician with officer")
    COMMUNITY_TEAM = "community_team", _("Community team")
    OUTREACH_TEAM = "outreach_team", _("Outreach team")
    VIOLENCE_INTERRUPTERS = "violence_interrupters", _("Violence interrupters")
    MEDIATION = "mediation", _("Mediation")
    CLINICIAN_BY_PHONE = "clinician_by_phone", _("Clinician by phone")
    CRISIS_LINE = "crisis_line", _("Crisis line")
    TRAFFIC_DESK = "traffic_desk", _("Traffic desk")
    REPORT_DESK = "report_desk", _("Report desk")
    SELF_SERVICE = "self_service", _("Self-service report")


class Unit(models.Model):
    """A team, vehicle or desk that can be sent. Whether it is free follows from its assignments."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    call_sign = models.CharField(max_length=30, unique=True)
    kind = models.CharField(max_length=30, choices=UnitKind.choices)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="units")
    # A team does one thing at a time; a desk or a line takes many calls at once.
    one_at_a_time = models.BooleanField(default=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    position_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["call_sign"]

    def __str__(self) -> str:
        return self.call_sign


class Shift(models.Model):
    """A unit works from one time until another, half-open, with these people."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="shifts")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    crew = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="shifts")

    class Meta:
        indexes = [models.Index(fields=["starts_at", "ends_at"], name="shift_span")]
        constraints = [
            models.CheckConstraint(
                name="shift_has_a_length", condition=Q(ends_at__gt=F("starts_at"))
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.starts_at:%Y-%m-%d %H:%M}"


class Assignment(models.Model):
    """A unit is sent to an incident. Each step has its time; the status is read from the times."""

    class Cleared(models.TextChoices):
        HELPED = "helped", _("Helped")
        NO_PERSON_FOUND = "no_person_found", _("Nobody found")
        DECLINED = "declined", _("Help declined")
        HANDED_OVER = "handed_over", _("Handed over")
        NO_HELP_NEEDED = "no_help_needed", _("No help needed")
        RECALLED = "recalled", _("Recalled before it was done")

    class OtherKind(models.TextChoices):
        """Why a unit went that the decision did not ask for: the missed calls are counted by it."""

        NO_UNIT_FREE = "no_unit_free", _("No such unit was free")
        OUTSIDE_HOURS = "outside_hours", _("Outside that program's hours")
        OUTSIDE_AREA = "outside_area", _("Outside that program's area")
        CALLER_DECLINED = "caller_declined", _("The caller declined")
        NEARER_UNIT = "nearer_unit", _("This unit is much nearer")
        BACKUP = "backup", _("Backup for the team there")
        OTHER = "other", _("Another reason")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="assignments")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="assignments")
    one_at_a_time = models.BooleanField(default=True)
    other_kind_reason = models.CharField(max_length=20, choices=OtherKind.choices, blank=True)
    assigned_at = models.DateTimeField()
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    accepted_at = models.DateTimeField(null=True)
    en_route_at = models.DateTimeField(null=True)
    on_scene_at = models.DateTimeField(null=True)
    cleared_at = models.DateTimeField(null=True)
    cleared_as = models.CharField(max_length=20, choices=Cleared.choices, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["incident"], name="assignment_incident"),
            # Since when a unit is idle, without reading all that it ever did.
            models.Index(fields=["unit", "-cleared_at"], name="assignment_unit_cleared"),
        ]
        constraints = [
            # The race of two dispatchers ends here: PostgreSQL lets one of them in.
            models.UniqueConstraint(
                name="unit_does_one_thing_at_a_time",
                fields=["unit"],
                condition=Q(cleared_at=None, one_at_a_time=True),
            ),
            models.UniqueConstraint(
                name="unit_once_on_an_incident",
                fields=["unit", "incident"],
                condition=Q(cleared_at=None),
            ),
            models.CheckConstraint(
                name="cleared_with_a_reason",
                condition=Q(cleared_at=None, cleared_as="")
                | (Q(cleared_at__isnull=False) & ~Q(cleared_as="")),
            ),
            models.CheckConstraint(
                name="steps_in_order",
                condition=(Q(accepted_at=None) | Q(accepted_at__gte=F("assigned_at")))
                & (Q(en_route_at=None) | Q(en_route_at__gte=F("assigned_at")))
                & (Q(on_scene_at=None) | Q(on_scene_at__gte=F("assigned_at")))
                & (Q(cleared_at=None) | Q(cleared_at__gte=F("assigned_at"))),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} to {self.incident_id}"

    @property
    def reached_at(self) -> datetime | None:
        """When this unit's help was there: on scene, or, for a desk, when it took the call."""
        return self.on_scene_at if self.one_at_a_time else self.accepted_at

    @property
    def status(self) -> str:
        """The last step taken: assigned, accepted, en_route, on_scene or cleared."""
        for step in ("cleared", "on_scene", "en_route", "accepted"):
            if getattr(self, f"{step}_at") is not None:
                return step
        return "assigned"


class BackupRequest(models.Model):
    """A team at work asks for another kind of unit, and says why. Open until one is sent."""

    class Reason(models.TextChoices):
        WEAPON = "weapon", _("A weapon")
        VIOLENCE = "violence", _("Violence or a threat")
        MEDICAL = "medical", _("Somebody needs medical care")
        TRANSPORT = "transport", _("Transport")
        ANOTHER_SKILL = "another_skill", _("Another skill is needed")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    assignment = models.ForeignKey(
        Assignment, on_delete=models.PROTECT, related_name="backup_requests"
    )
    kind = models.CharField(max_length=30, choices=UnitKind.choices)
    reason = models.CharField(max_length=20, choices=Reason.choices)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    answered_by = models.OneToOneField(
        Assignment, null=True, on_delete=models.PROTECT, related_name="answers_backup"
    )

    def __str__(self) -> str:
        return f"{self.kind} for {self.assignment_id}"
