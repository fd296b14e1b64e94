"""Policies as stored: versions and since when each was in force, drafts, proposals, signatures."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

_USER = settings.AUTH_USER_MODEL


class PolicyVersion(models.Model):
    """The text of a policy, kept for ever, so that each decision can be explained years later."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=80)
    version = models.CharField(max_length=40)
    content_hash = models.CharField(max_length=64)
    text = models.TextField()
    stored_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "content_hash"], name="one_row_a_content")
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


class Activation(models.Model):
    """From this time on, this version decides, until a later one does.

    `signed`: two people signed its proposal. `emergency`: one person went back to a version that
    had been in force. `installed`: put in force when the city was set up, or from its terminal.
    """

    class Kind(models.TextChoices):
        INSTALLED = "installed", _("Put in force when the city was set up")
        SIGNED = "signed", _("Signed by two people")
        EMERGENCY = "emergency", _("Brought back by one person in an emergency")

    id = models.BigAutoField(primary_key=True)
    policy = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="activations")
    from_at = models.DateTimeField()
    by = models.ForeignKey(_USER, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.INSTALLED)
    proposal = models.OneToOneField(
        "Proposal", null=True, on_delete=models.PROTECT, related_name="activation"
    )
    reason = models.TextField(blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(_USER, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["from_at"], name="activation_from")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="signed", proposal__isnull=False)
                | (~models.Q(kind="signed") & models.Q(proposal=None)),
                name="signed_names_its_proposal",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="emergency")
                | (models.Q(by__isnull=False) & ~models.Q(reason="")),
                name="emergency_names_who_and_why",
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at=None)
                | models.Q(withdrawn_at__lt=models.F("from_at")),
                name="withdrawn_before_it_began",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.policy} from {self.from_at:%Y-%m-%d %H:%M}"


class Draft(models.Model):
    """A policy that is being written. `revision` grows by one with each change that is kept."""

    class Closed(models.TextChoices):
        SIGNED = "signed", _("Signed")
        DISCARDED = "discarded", _("Given up")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=80)
    base = models.ForeignKey(PolicyVersion, null=True, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    revision = models.PositiveIntegerField(default=1)
    started_by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    changed_by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_as = models.CharField(max_length=20, choices=Closed.choices, blank=True)

    def __str__(self) -> str:
        return f"{self.name}, revision {self.revision}"


class DraftRevision(models.Model):
    """What one person made of a draft: who wrote in it is read from here."""

    id = models.BigAutoField(primary_key=True)
    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="revisions")
    revision = models.PositiveIntegerField()
    text = models.TextField()
    by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draft", "revision"], name="one_text_a_revision")
        ]

    def __str__(self) -> str:
        return f"{self.draft_id} {self.revision}"


class ConflictCopy(models.Model):
    """What somebody wrote while another changed the draft first: kept until somebody chooses."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="conflicts")
    based_on = models.PositiveIntegerField()
    text = models.TextField()
    by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.draft_id} from revision {self.based_on}"


class Proposal(models.Model):
    """A text, frozen by its hash, that two people who did not write it may sign into force.

    PostgreSQL refuses any change of what was proposed. `restores` names the earlier version where
    the proposal is to go back to it; then there is no draft.
    """

    class Ended(models.TextChoices):
        WITHDRAWN = "withdrawn", _("Withdrawn")
        EDITED = "edited", _("The draft was changed")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    draft = models.ForeignKey(Draft, null=True, on_delete=models.PROTECT, related_name="proposals")
    draft_revision = models.PositiveIntegerField(null=True)
    restores = models.ForeignKey(
        PolicyVersion, null=True, on_delete=models.PROTECT, related_name="+"
    )
    against = models.ForeignKey(
        PolicyVersion, null=True, on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField(max_length=80)
    version = models.CharField(max_length=40)
    content_hash = models.CharField(max_length=64)
    text = models.TextField()
    reason = models.TextField()
    check_passed = models.BooleanField()
    from_at = models.DateTimeField()
    proposed_by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_as = models.CharField(max_length=20, choices=Ended.choices, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["draft"],
                condition=models.Q(ended_at=None),
                name="one_open_proposal_a_draft",
            ),
            models.CheckConstraint(
                condition=models.Q(draft=None) ^ models.Q(restores=None),
                name="proposes_a_draft_or_a_return",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


class ProposalAuthor(models.Model):
    """Somebody who wrote a part of what is proposed, or proposed it, and so may not sign it."""

    id = models.BigAutoField(primary_key=True)
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="authors")
    user = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["proposal", "user"], name="an_author_once")]

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.user_id}"


class Signature(models.Model):
    """Somebody who did not write it signed exactly this content."""

    id = models.BigAutoField(primary_key=True)
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="signatures")
    by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    content_hash = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["proposal", "by"], name="one_signature_a_person")
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.by_id}"


class ImportedHistory(models.Model):
    """Years of calls in the city's folder, on which a draft is rehearsed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64, unique=True)
    rows = models.PositiveBigIntegerField()
    first_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField(null=True)
    imported_by = models.ForeignKey(_USER, null=True, on_delete=models.PROTECT, related_name="+")
    imported_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name

    @property
    def is_invented(self) -> bool:
        """Whether this is the sample city, and the calls are its own, as their file says."""
        from .histories import file_of, is_invented

        return settings.SAMPLE_CITY and is_invented(file_of(self.sha256))


class Rehearsal(models.Model):
    """A text replayed over a history and compared with the version in force at the time.

    It runs in a process of its own, which says by `beat_at` that it lives.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="rehearsals")
    revision = models.PositiveIntegerField()
    content_hash = models.CharField(max_length=64)
    text = models.TextField()
    against = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="+")
    history = models.ForeignKey(ImportedHistory, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    beat_at = models.DateTimeField(null=True)
    percent = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    failed = models.TextField(blank=True)
    found = models.JSONField(null=True)

    class Meta:
        indexes = [models.Index(fields=["content_hash", "asked_at"], name="rehearsal_of_content")]

    def __str__(self) -> str:
        return f"{self.draft_id} {self.revision}"


class CallFile(models.Model):
    """A city's own call file on its way to a history: looked at, laid out by a person, read.

    The file lies in the city's folder under this id, and is deleted when it has been read, given
    up, or left for a day. `layout` is what a person makes of what was proposed; reading begins when
    they confirm it. A process of its own does the work, and says by `beat_at` that it lives.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=120)
    file_name = models.CharField(max_length=120)
    bytes = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(_USER, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    asked_at = models.DateTimeField()
    beat_at = models.DateTimeField(null=True)
    percent = models.PositiveSmallIntegerField(default=0)
    proposal = models.JSONField(null=True)
    layout = models.TextField(blank=True)
    as_text = models.BooleanField(default=False)
    confirmed_at = models.DateTimeField(null=True)
    failed = models.TextField(blank=True)
    report = models.JSONField(null=True)
    history = models.ForeignKey(
        ImportedHistory, null=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name
