"""What the first caller after a restart would wait for is done when the first page was answered."""

from threading import Thread
from typing import Any

from django.core.signals import request_finished
from django.db import DatabaseError, connection
from django.utils import timezone

from .queries import FIRST_RESPONSE, in_force_or_none

_NAME = "the questions of the policy in force are made ready"


def make_ready_after_first_answer() -> None:
    """Neither the start of a process nor its first page waits for it."""
    request_finished.connect(_first_answered, dispatch_uid=_NAME)


def _first_answered(**_sent: Any) -> None:
    # Of two that are answered at once, one begins.
    if request_finished.disconnect(dispatch_uid=_NAME):
        Thread(target=make_ready, daemon=True).start()


def make_ready() -> None:
    """Read the policy in force, if there is one; its questions are then made ready."""
    try:
        in_force_or_none(FIRST_RESPONSE, timezone.now())
    except DatabaseError:
        pass  # Whoever asks next is told so.
    finally:
        connection.close()
