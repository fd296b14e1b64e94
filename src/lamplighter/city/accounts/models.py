"""Agencies, and the people who work for them."""

import uuid

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7


class Role(models.TextChoices):
    """What somebody does here; every page and verb names the roles that it opens to."""

    CALL_TAKER = "call_taker", _("Call taker")
    DISPATCHER = "dispatcher", _("Dispatcher")
    RESPONDER = "responder", _("Responder")
    MANAGER = "manager", _("Program manager")
    ADMINISTRATOR = "administrator", _("Administrator")
    POLICY_AUTHOR = "policy_author", _("Policy author")


class Agency(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=120, unique=True)

    class Meta:
        verbose_name_plural = "agencies"

    def __str__(self) -> str:
        return self.name


class User(AbstractUser):
    """A person who works here. Roles add up; without one, nothing opens."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agency = models.ForeignKey(Agency, null=True, blank=True, on_delete=models.PROTECT)
    roles = ArrayField(models.CharField(max_length=20, choices=Role.choices), default=list)
    language = models.CharField(max_length=5, default="en")
    # Given by an administrator, so somebody else knows it: nothing opens until it is changed.
    password_is_temporary = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="known_roles",
                condition=models.Q(roles__contained_by=Role.values),
            )
        ]

    @property
    def display_name(self) -> str:
        return self.get_full_name() or self.get_username()

    @property
    def role_names(self) -> list[str]:
        """The roles in words."""
        return [str(Role(role).label) for role in self.roles]

    def has_role(self, *roles: str) -> bool:
        """Whether any of these roles is held."""
        return bool(set(roles) & set(self.roles))


class ApiToken(models.Model):
    """A program's way in, acting as a person. Only a hash is kept; the token is shown once."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class IdempotencyKey(models.Model):
    """The answer once given to a request, given again when the same request comes again."""

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=120)
    request_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.JSONField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="one_answer_a_key")]
        indexes = [models.Index(fields=["created_at"], name="idempotency_key_age")]

    def __str__(self) -> str:
        return str(self.pk)


def new_id() -> uuid.UUID:
    """A time-ordered identifier (UUIDv7), made where the record is made."""
    return uuid7()
