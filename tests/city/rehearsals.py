"""A month of an invented city's calls, and scenarios on it, made with the real verbs."""

from datetime import date, datetime
from pathlib import Path

import pyarrow.parquet as parquet

from lamplighter.city.accounts.models import User
from lamplighter.city.policies.models import Draft, ImportedHistory
from lamplighter.city.rehearsal.models import Scenario
from lamplighter.city.rehearsal.scenarios.actions import (
    ChosenAreas,
    ChosenPolicy,
    NewScenario,
    save_scenario,
)
from lamplighter.city.sample.geography import draw_map
from lamplighter.city.sample.year import write_year

from .drafts import SHIPPED
from .teams import TEAMS

CALLS = 4_000


def write_month(path: Path) -> Path:
    """The first calls of an invented year, about a month of them."""
    whole = path.with_suffix(".year")
    write_year(whole, draw_map(7), seed=7, until=date(2026, 11, 1), time_zone="America/Denver")
    table = parquet.read_table(whole)
    parquet.write_table(table.slice(0, CALLS), path)
    whole.unlink()
    return path


def scenario(
    history: ImportedHistory,
    by: User | None,
    now: datetime,
    *,
    name: str = "One van",
    teams: str = TEAMS,
    draft: Draft | None = None,
    copied_from: Scenario | None = None,
    replications: int = 3,
    areas: ChosenAreas | None = None,
    seed: int = 1,
) -> Scenario:
    """A scenario that is saved and not run."""
    policy = ChosenPolicy(SHIPPED)
    if draft is not None:
        policy = ChosenPolicy(draft.text, draft, draft.revision)
    new = NewScenario(
        name=name,
        history=history,
        policy=policy,
        teams_text=teams,
        areas=areas or ChosenAreas(),
        answers="stated",
        seed=seed,
        replications=replications,
        copied_from=copied_from,
    )
    return save_scenario(new, by=by, now=now)
