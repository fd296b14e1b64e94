"""What a team found and did: the encounter with a person, who may stay unnamed."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from lamplighter.city.dispatch.models import Assignment


class Need(models.TextChoices):
    """What the person needed, as the team saw it; several at once."""

    SUICIDALITY = "suicidality", _("Thoughts of suicide")
    AGITATION = "agitation", _("Agitated or upset")
    DISORGANIZED = "disorganized", _("Confused or disorganized")
    DAILY_LIVING = "daily_living", _("Trouble with daily living")
    SUBSTANCE_USE = "substance_use", _("Alcohol or drugs")
    MEDICAL = "medical", _("Medical care")
    SHELTER = "shelter", _("A place to stay")
    FOOD_OR_CLOTHES = "food_or_clothes", _("Food or clothes")
    SAFETY = "safety", _("Safety from somebody")
    CONFLICT = "conflict", _("A conflict with somebody")
    TRANSPORT = "transport", _("A ride")
    OTHER = "other", _("Something else")


class Help(models.TextChoices):
    """What a team can offer; each offer is accepted or declined."""

    TALK = "talk", _("Talking it through")
    MEDICAL_CARE = "medical_care", _("Medical care on the spot")
    SUPPLIES = "supplies", _("Food, water, clothes or supplies")
    RIDE = "ride", _("A ride")
    SHELTER = "shelter", _("A shelter place")
    DETOX = "detox", _("Detox or sobering center")
    CRISIS_CENTER = "crisis_center", _("Crisis center")
    CASE_MANAGER = "case_manager", _("A case manager")
    TREATMENT = "treatment", _("Treatment")
    INFORMATION = "information", _("Information")


class Encounter(models.Model):
    """A team with a person. Its id is made on the phone, so sending it twice changes nothing."""

    class Met(models.TextChoices):
        ENGAGED = "engaged", _("Met and talked")
        DECLINED = "declined", _("Met; wanted no help")
        NOT_FOUND = "not_found", _("Nobody found")

    class Transport(models.TextChoices):
        NONE = "none", _("None")
        HOME = "home", _("Home or a friend's place")
        SHELTER = "shelter", _("Shelter")
        CRISIS_CENTER = "crisis_center", _("Crisis center")
        DETOX = "detox", _("Detox or sobering center")
        HOSPITAL = "hospital", _("Hospital")
        OTHER = "other", _("Another place")

    class Outcome(models.TextChoices):
        STAYED = "stayed", _("Stayed in the community")
        TRANSPORTED = "transported", _("Taken to care")
        HOSPITAL = "hospital", _("Emergency department")
        HANDED_OVER = "handed_over", _("Handed over to another team")
        ARREST = "arrest", _("Arrest by police")
        NO_CONTACT = "no_contact", _("No contact")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="encounters")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    met = models.CharField(max_length=20, choices=Met.choices)
    person_name = models.CharField(max_length=120, blank=True)
    needs = ArrayField(models.CharField(max_length=30, choices=Need.choices), default=list)
    offered = ArrayField(models.CharField(max_length=30, choices=Help.choices), default=list)
    accepted = ArrayField(models.CharField(max_length=30, choices=Help.choices), default=list)
    transport = models.CharField(max_length=20, choices=Transport.choices, default=Transport.NONE)
    outcome = models.CharField(max_length=20, choices=Outcome.choices)
    note = models.TextField(blank=True, max_length=4000)
    request_digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="accepted_was_offered", condition=Q(offered__contains=models.F("accepted"))
            ),
            models.CheckConstraint(
                name="nobody_found_means_nothing_done",
                condition=~Q(met="not_found")
                | Q(needs=[], offered=[], accepted=[], person_name="", outcome="no_contact"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.met} {self.recorded_at:%Y-%m-%d %H:%M}"

    @property
    def declined(self) -> list[str]:
        """What was offered and not accepted, in the order offered."""
        return [help_ for help_ in self.offered if help_ not in self.accepted]
