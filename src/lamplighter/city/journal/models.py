"""One table: what was done, by whom, when, sealed to what came before it."""

from django.conf import settings
from django.db import models


class Entry(models.Model):
    """One act. PostgreSQL numbers and seals it on insert, and refuses any later change.

    `data` holds codes, numbers and identifiers, never what a person told us: a narrative stays in
    its own record, where it can be closed or corrected without breaking the chain.
    """

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        db_constraint=False,
        related_name="+",
    )
    verb = models.CharField(max_length=60)
    call_id = models.UUIDField(null=True)
    incident_id = models.UUIDField(null=True)
    unit_id = models.UUIDField(null=True)
    subject_id = models.CharField(max_length=80, blank=True)
    data = models.JSONField(default=dict)
    previous_hash = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    class Meta:
        ordering = ["seq"]
        indexes = [
            models.Index(fields=["incident_id", "seq"], name="journal_incident_seq"),
            models.Index(fields=["call_id", "seq"], name="journal_call_seq"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.verb}"
