"""What is kept of failed sign-ins while they are counted: a digest of the name, nothing typed."""

from collections.abc import Mapping
from typing import Any

from allauth.core import ratelimit
from axes.utils import reset
from django.db.models.signals import pre_save
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from .browsers import count_of


def counted_name(request: HttpRequest, credentials: Mapping[str, Any] | None = None) -> str | None:
    """By what failures are counted: a name, and the browser where it is known to be theirs.

    There is no way back to the name: people type their password into its field.
    """
    typed = (credentials or {}).get("username")
    if not typed:
        return None
    return _digest(str(typed), count_of(request, str(typed), timezone.now()))


def forget_failures(username: str) -> None:
    """Begin to count anew under this name, as after a new password."""
    count = _digest(username, "")
    reset(username=count)
    ratelimit.clear(HttpRequest(), action="login_failed", key=count)


def _digest(typed: str, browser: str) -> str:
    counted = f"{browser} {typed}"
    return salted_hmac("lamplighter.sign-in", counted, algorithm="sha256").hexdigest()


@receiver(pre_save, sender="axes.AccessAttempt")
def _keep_no_form(instance: Any, **_kwargs: Any) -> None:
    """Axes would keep the whole form and address with only the password blacked out."""
    instance.get_data = instance.post_data = ""
