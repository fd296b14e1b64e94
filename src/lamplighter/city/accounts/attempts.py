"""What is kept of failed sign-ins while they are counted: a digest of the name, nothing typed."""

from collections.abc import Mapping
from typing import Any

from django.db.models.signals import pre_save
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.crypto import salted_hmac


def counted_name(_request: HttpRequest, credentials: Mapping[str, Any] | None = None) -> str | None:
    """By what axes counts failures: the same for the same name, and no way back to it.

    People type their password into the field of the name; a name as typed would keep it.
    """
    typed = (credentials or {}).get("username")
    if not typed:
        return None
    return salted_hmac("lamplighter.sign-in", str(typed), algorithm="sha256").hexdigest()


@receiver(pre_save, sender="axes.AccessAttempt")
def _keep_no_form(instance: Any, **_kwargs: Any) -> None:
    """Axes would keep the whole form and address with only the password blacked out."""
    instance.get_data = instance.post_data = ""
