"""Policies as stored: every version that ever decided, and since when each was in force."""

from django.conf import settings
from django.db import models
from uuid_utils.compat import uuid7


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
    """From this time on, this version decides."""

    id = models.BigAutoField(primary_key=True)
    policy = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="activations")
    from_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT)

    class Meta:
        indexes = [models.Index(fields=["from_at"], name="activation_from")]

    def __str__(self) -> str:
        return f"{self.policy} from {self.from_at:%Y-%m-%d %H:%M}"
