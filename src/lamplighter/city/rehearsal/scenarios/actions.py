"""What is done with scenarios: saved, put away, brought back."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lamplighter.city.accounts.models import User
from lamplighter.city.journal.actions import act
from lamplighter.city.policies.models import Draft, ImportedHistory
from lamplighter.city.refusal import Refusal
from lamplighter.city.rehearsal.areas.actions import CountedGroup
from lamplighter.city.rehearsal.models import AreaFile, Scenario
from lamplighter.city.rehearsal.teams.files import read_team_text
from lamplighter.policy import PolicyError, parse_policy


@dataclass(frozen=True)
class ChosenPolicy:
    """The text of a policy, and which draft said so in which revision, if a draft did."""

    text: str
    draft: Draft | None = None
    revision: int | None = None


@dataclass(frozen=True)
class ChosenAreas:
    """Areas as GeoJSON (empty: as the history names them), and the people whom they count."""

    text: str = ""
    file: AreaFile | None = None
    groups: tuple[CountedGroup, ...] = ()
    everyone: str = ""


@dataclass(frozen=True)
class NewScenario:
    """All that a run depends on, as somebody chose it."""

    name: str
    history: ImportedHistory
    policy: ChosenPolicy
    teams_text: str
    areas: ChosenAreas
    answers: str
    seed: int
    replications: int
    copied_from: Scenario | None = None


def save_scenario(new: NewScenario, *, by: User | None, now: datetime) -> Scenario:
    """Keep a scenario, which never changes after.

    Raises Refusal, with the field that it belongs to, where policy or teams cannot be read.
    """
    try:
        policy = parse_policy(new.policy.text)
    except PolicyError:
        raise Refusal(
            "not-a-policy",
            _("The draft cannot be read as a policy yet: mend what its check names."),
            field="policy",
        ) from None
    read = read_team_text(new.teams_text)
    if read.teams is None:
        problems = " ".join(read.problems(get_language() or "en"))
        lead = _("The teams cannot be read:")
        raise Refusal("not-teams", f"{lead} {problems}", field="teams_text")
    scenario = Scenario(
        name=new.name,
        history=new.history,
        policy_text=new.policy.text,
        policy_name=policy.name[:80],
        policy_version=policy.version[:40],
        policy_hash=policy.content_hash,
        draft=new.policy.draft,
        draft_revision=new.policy.revision,
        teams_text=new.teams_text,
        teams_name=read.teams.name[:120],
        teams_hash=read.teams.content_hash,
        areas=new.areas.text,
        area_file=new.areas.file,
        groups=[group.to_dict() for group in new.areas.groups],
        everyone=new.areas.everyone,
        answers=new.answers,
        seed=new.seed,
        replications=new.replications,
        copied_from=new.copied_from,
        by=by,
        at=now,
    )
    with act(by, now) as done:
        scenario.save(force_insert=True)
        done.record(
            "scenario saved",
            subject_id=scenario.pk,
            history=new.history.sha256,
            policy=scenario.policy_hash,
            teams=scenario.teams_hash,
            copied_from=None if new.copied_from is None else new.copied_from.pk,
        )
    return scenario


def bring_back(scenario_id: uuid.UUID, *, by: User, now: datetime) -> None:
    """Put a scenario on the room's list again."""
    with act(by, now) as done:
        back = Scenario.objects.filter(pk=scenario_id, put_away_at__isnull=False).update(
            put_away_at=None, put_away_by=None
        )
        if back:
            done.record("scenario brought back", subject_id=scenario_id)


def put_away(scenario_id: uuid.UUID, *, by: User, now: datetime) -> None:
    """Take a scenario off the room's list; it and its runs stay in the record."""
    with act(by, now) as done:
        away = Scenario.objects.filter(pk=scenario_id, put_away_at=None).update(
            put_away_at=now, put_away_by=by
        )
        if away:
            done.record("scenario put away", subject_id=scenario_id)
