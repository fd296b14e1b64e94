"""The city's name and its own time: stored in UTC, shown as the clocks on its walls show it."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models.signals import post_save
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from lamplighter.city.intake.models import City

REMEMBERED_SECONDS = 60.0


@dataclass
class _Remembered:
    """The city's row as it was read last; it changes once in a city's life."""

    name: str = ""
    zone: ZoneInfo | None = None
    read_at: float = float("-inf")


_remembered = _Remembered()


def _city() -> _Remembered:
    if not _remembered.name or time.monotonic() - _remembered.read_at > REMEMBERED_SECONDS:
        row = City.objects.values_list("name", "time_zone").first()
        _remembered.name = row[0] if row else ""
        _remembered.zone = ZoneInfo(row[1]) if row else None
        _remembered.read_at = time.monotonic()
    return _remembered


@receiver(post_save, sender=City)
def _forget(**_kwargs: Any) -> None:
    """In the process that changes the city's row the change shows at once."""
    _remembered.name = ""


def city_name() -> str:
    """The city's name; empty before it has one."""
    return _city().name


class CityTime:
    """Activate the city's time zone for each request; the city's row is read once a minute."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        zone = _city().zone
        if zone is None:
            return self.get_response(request)
        with timezone.override(zone):
            return self.get_response(request)
