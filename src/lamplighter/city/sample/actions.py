"""Opening the sample city: its map, people, units, shifts and policy."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from lamplighter.city.intake.models import City, Neighborhood
from lamplighter.city.policies.actions import activate
from lamplighter.policy import shipped_policy

from .geography import draw_map
from .staff import hire, plan_shifts

SEED = 1869
NAME = "Lanternfield"
TIME_ZONE = "America/Denver"


def open_city(home: Path, *, now: datetime, progress: Callable[[str], None]) -> None:
    """Make the sample city on its first start; on every start, renew its shifts."""
    if not City.objects.exists():
        progress("drawing the map, hiring people, putting the policy in force")
        build_city(SEED, now)
    plan_shifts(from_at=now - timedelta(days=1), until=now + timedelta(days=8))


def build_city(seed: int, now: datetime) -> None:
    """Make the map, people, units and policy of the sample city, the same for the same seed."""
    drawn = draw_map(seed)
    City.objects.create(name=NAME, time_zone=TIME_ZONE, is_sample=True, streets=drawn.geojson)
    Neighborhood.objects.bulk_create(
        Neighborhood(name=name, outline=outline) for name, outline in drawn.neighborhoods.items()
    )
    hire(drawn, seed, now)
    text = shipped_policy("first_response").read_text(encoding="utf-8")
    activate(text, by=None, from_at=now - timedelta(days=400), now=now - timedelta(days=400))
