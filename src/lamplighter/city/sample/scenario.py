"""The first scenario of the sample city: its teams as they are, on its invented year."""

from datetime import datetime
from importlib.resources import files

from lamplighter.city.policies.models import ImportedHistory
from lamplighter.city.policies.queries import FIRST_RESPONSE, in_force
from lamplighter.city.rehearsal.models import Scenario
from lamplighter.city.rehearsal.scenarios.actions import (
    ChosenAreas,
    ChosenPolicy,
    NewScenario,
    save_scenario,
)

from .people import EVERYONE, GROUPS, keep_people

NAME = "Lanternfield, 2026"
REPLICATIONS = 20


def save_first_scenario(now: datetime) -> None:
    """Save a scenario that a newcomer can run at once; where there is any, nothing is done."""
    history = ImportedHistory.objects.order_by("imported_at").first()
    if history is None or Scenario.objects.exists():
        return
    areas = keep_people(now)
    teams = files("lamplighter.city.sample") / "teams.yaml"
    save_scenario(
        NewScenario(
            name=NAME,
            history=history,
            policy=ChosenPolicy(in_force(FIRST_RESPONSE, now).stored.text),
            teams_text=teams.read_text(encoding="utf-8"),
            areas=ChosenAreas(areas.text, areas, GROUPS, EVERYONE),
            answers="stated",
            seed=1,
            replications=REPLICATIONS,
        ),
        by=None,
        now=now,
    )
