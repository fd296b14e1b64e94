"""What the city does by itself, whoever looks: every hour it deletes what was left behind."""

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime

log = logging.getLogger(__name__)
SECONDS_BETWEEN = 3600.0


class Upkeep:
    """Asked often, does its work at the start and then every hour."""

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._due = float("-inf")

    def do_what_is_due(self) -> None:
        """Delete call files that were left for a day; what fails is tried again in an hour."""
        if self._seconds() < self._due:
            return
        self._due = self._seconds() + SECONDS_BETWEEN
        # Django is set up only by the command that runs a city.
        from django.db import Error, close_old_connections

        from .policies.call_files.actions import clear_away

        close_old_connections()
        try:
            clear_away(datetime.now(UTC))
        except (Error, OSError) as error:
            log.error("Call files that were left could not be deleted.", exc_info=error)
