"""Somebody asks for help: the call, the decision about it, and the incident it belongs to."""

import uuid
from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from lamplighter.city.policies.models import PolicyVersion


class Channel(models.TextChoices):
    """How the call came."""

    EMERGENCY = "911", _("911")
    LIFELINE = "988", _("988")
    NON_EMERGENCY = "311", _("311 or non-emergency line")
    APP = "app", _("App or web")
    OFFICER_REQUEST = "officer_request", _("An officer asks for a team")
    ON_VIEW = "on_view", _("A team came upon it")


class Responder(models.TextChoices):
    """Who can be sent: the outcomes of the first-response policy."""

    POLICE = "police", _("Police")
    FIRE = "fire", _("Fire")
    EMS = "ems", _("Ambulance")
    CO_RESPONSE = "co_response", _("Clinician with officer")
    COMMUNITY_TEAM = "community_team", _("Community team")
    EMS_AND_COMMUNITY_TEAM = "ems_and_community_team", _("Ambulance with community team")
    OUTREACH_TEAM = "outreach_team", _("Outreach team")
    VIOLENCE_INTERRUPTERS = "violence_interrupters", _("Violence interrupters")
    MEDIATION = "mediation", _("Mediation")
    CLINICIAN_BY_PHONE = "clinician_by_phone", _("Clinician by phone")
    CRISIS_LINE = "crisis_line", _("Crisis line")
    TRAFFIC_DESK = "traffic_desk", _("Traffic desk")
    REPORT_DESK = "report_desk", _("Report desk")
    SELF_SERVICE = "self_service", _("Self-service report")


class City(models.Model):
    """The one city of this installation: its name, clock and map."""

    one = models.BooleanField(primary_key=True, default=True, editable=False)
    name = models.CharField(max_length=80)
    time_zone = models.CharField(max_length=40)
    is_sample = models.BooleanField(default=False)
    streets = models.JSONField(default=dict, help_text=_("GeoJSON of the streets, for the map."))

    class Meta:
        verbose_name_plural = "cities"
        constraints = [models.CheckConstraint(name="one_city", condition=Q(one=True))]

    def __str__(self) -> str:
        return self.name


class Neighborhood(models.Model):
    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=80, unique=True)
    outline = models.JSONField(help_text=_("GeoJSON Polygon or MultiPolygon, longitude first."))

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Place(models.Model):
    """Where: an address in words, a point, a neighbourhood; at least words or a point."""

    address = models.CharField(max_length=200, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    neighborhood = models.ForeignKey(
        Neighborhood, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        abstract = True


def _place_constraints(prefix: str) -> list[models.BaseConstraint]:
    return [
        models.CheckConstraint(
            name=f"{prefix}_has_a_place",
            condition=~Q(address="") | Q(latitude__isnull=False),
        ),
        models.CheckConstraint(
            name=f"{prefix}_point_is_whole",
            condition=Q(latitude__isnull=True, longitude__isnull=True)
            | Q(latitude__gte=-90, latitude__lte=90, longitude__gte=-180, longitude__lte=180),
        ),
    ]


class Incident(Place):
    """One happening; several calls may join it. Open until it is closed with a reason."""

    class Closed(models.TextChoices):
        HELPED = "helped", _("Helped")
        NO_PERSON_FOUND = "no_person_found", _("Nobody found")
        DECLINED = "declined", _("Help declined")
        HANDED_OVER = "handed_over", _("Handed over")
        NO_HELP_NEEDED = "no_help_needed", _("No help needed")
        CALLER_CANCELLED = "caller_cancelled", _("Caller cancelled")
        NOT_SERVED = "not_served", _("Nobody could be sent")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    nature = models.CharField(max_length=40)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_as = models.CharField(max_length=20, choices=Closed.choices, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["opened_at"], name="incident_opened"),
            models.Index(fields=["opened_at"], name="incident_open", condition=Q(closed_at=None)),
        ]
        constraints = [
            *_place_constraints("incident"),
            models.CheckConstraint(
                name="incident_closed_with_a_reason",
                condition=Q(closed_at=None, closed_as="")
                | (Q(closed_at__isnull=False) & ~Q(closed_as="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.nature} {self.opened_at:%Y-%m-%d %H:%M}"


class Call(Place):
    """Somebody asks for help. The call is the denominator of everything counted later."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="calls")
    channel = models.CharField(max_length=20, choices=Channel.choices)
    nature = models.CharField(max_length=40)
    received_at = models.DateTimeField()
    taken_at = models.DateTimeField()
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    callback = models.CharField(max_length=40, blank=True)
    narrative = models.TextField(blank=True, max_length=4000)
    simulated = models.BooleanField(default=False)
    request_digest = models.CharField(max_length=64)

    class Meta:
        indexes = [
            models.Index(fields=["received_at"], name="call_received"),
            models.Index(fields=["incident"], name="call_incident"),
        ]
        constraints = [
            *_place_constraints("call"),
            models.CheckConstraint(
                name="call_taken_after_received", condition=Q(taken_at__gte=F("received_at"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.nature} {self.received_at:%Y-%m-%d %H:%M}"


# Calls of one second are told apart by their ids, which grow with time: a tie is never a lottery.
MOST_URGENT_FIRST = ("priority", "made_at", "id")


class Decision(models.Model):
    """What the policy said of a call, from which facts, and what a person changed and why."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="decisions")
    supersedes = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="superseded_by"
    )
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    policy = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="+")
    facts = models.JSONField()
    unknown = ArrayField(models.CharField(max_length=40), default=list)
    hits = models.JSONField(help_text=_("The rules that hit, table by table, with their reasons."))
    risk = models.CharField(max_length=20)
    responder = models.CharField(max_length=30, choices=Responder.choices)
    priority = models.PositiveSmallIntegerField()
    target_minutes = models.PositiveSmallIntegerField()
    backup = models.CharField(max_length=30)
    handover = models.CharField(max_length=30)
    override_responder = models.CharField(max_length=30, choices=Responder.choices, blank=True)
    override_reason = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="override_has_a_reason",
                condition=Q(override_responder="", override_reason="")
                | (~Q(override_responder="") & ~Q(override_reason="")),
            ),
            models.CheckConstraint(
                name="known_priority", condition=Q(priority__gte=1, priority__lte=5)
            ),
            # A chain, not a tree: only the first decision of a call supersedes none.
            models.UniqueConstraint(
                name="one_first_decision", fields=["call"], condition=Q(supersedes=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sent_responder} for {self.call_id}"

    @property
    def urgency(self) -> tuple[int, datetime, uuid.UUID]:
        """Sorts as `MOST_URGENT_FIRST` does in the database."""
        return self.priority, self.made_at, self.id

    @property
    def sent_responder(self) -> str:
        """Who is to go: the person's override if there is one, else the policy's answer."""
        return self.override_responder or self.responder
