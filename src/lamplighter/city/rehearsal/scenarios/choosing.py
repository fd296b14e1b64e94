"""What can be chosen for a scenario: the policy in force or a draft, the city's areas."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from lamplighter.city.intake.models import Neighborhood
from lamplighter.city.policies.models import Draft, PolicyVersion
from lamplighter.city.policies.queries import FIRST_RESPONSE, in_force_or_none
from lamplighter.city.refusal import Refusal
from lamplighter.city.rehearsal.areas.actions import CountedGroup
from lamplighter.city.rehearsal.models import AreaFile, Scenario
from lamplighter.city.rehearsal.queries import drafts

from .actions import ChosenAreas, ChosenPolicy

IN_FORCE, KEPT, DRAFT = "in force", "kept", "draft"
CITY, HISTORY, FILE = "city", "history", "file"


@dataclass(frozen=True)
class Choice:
    """A policy that can be chosen."""

    value: str
    label: str
    says: str


def policy_choices(now: datetime, copied: Scenario | None) -> list[Choice]:
    """The policy of the scenario that is copied, the one in force, and the drafts."""
    standing = in_force_or_none(FIRST_RESPONSE, now)
    found = []
    if copied is not None and (
        standing is None or copied.policy_hash != standing.stored.content_hash
    ):
        label = _("As in the scenario that is copied")
        found.append(Choice(KEPT, label, f"{copied.policy_name} {copied.policy_version}"))
    if standing is not None:
        stored = standing.stored
        found.append(Choice(IN_FORCE, _("The policy in force"), f"{stored.name} {stored.version}"))
    for draft in drafts():
        says = _("revision %(number)s, by %(who)s") % {
            "number": draft.revision,
            "who": draft.changed_by.display_name,
        }
        found.append(
            Choice(f"{DRAFT} {draft.pk}", _("Draft of %(name)s") % {"name": draft.name}, says)
        )
    return found


def chosen_policy(value: str, now: datetime, copied: Scenario | None) -> ChosenPolicy:
    """The policy that was chosen, with its text as it is now."""
    if value == KEPT and copied is not None:
        return ChosenPolicy(copied.policy_text, copied.draft, copied.draft_revision)
    if value == IN_FORCE:
        standing = in_force_or_none(FIRST_RESPONSE, now)
        if standing is not None:
            return ChosenPolicy(PolicyVersion.objects.get(pk=standing.stored.pk).text)
    if value.startswith(DRAFT):
        draft = Draft.objects.filter(pk=value.removeprefix(DRAFT).strip(), closed_at=None).first()
        if draft is not None:
            return ChosenPolicy(draft.text, draft, draft.revision)
    raise Refusal("no-such-policy", _("There is no such policy: choose one."), field="policy")


def area_choices(files: Iterable[AreaFile], copied: Scenario | None) -> list[Choice]:
    """Areas that were brought, the city's neighborhoods, and those of the history."""
    found = []
    if copied is not None and copied.area_file is not None and copied.area_file.put_away_at:
        label = _("As in the scenario that is copied")
        found.append(Choice(KEPT, label, copied.area_file.name))
    for file in files:
        found.append(Choice(f"{FILE} {file.pk}", file.name, groups_in_words(file.groups)))
    found.append(Choice(CITY, _("The city's neighborhoods"), ""))
    found.append(Choice(HISTORY, _("As the history names them"), ""))
    return found


def areas_of_scenario(scenario: Scenario) -> str:
    """How the form names the areas of a scenario."""
    if scenario.area_file is not None:
        away = scenario.area_file.put_away_at is not None
        return KEPT if away else f"{FILE} {scenario.area_file_id}"
    return CITY if scenario.areas else HISTORY


def groups_in_words(groups: Iterable[Mapping[str, str]]) -> str:
    """The people whom areas count."""
    return ", ".join(group["name"] for group in groups)


def chosen_areas(value: str, files: Iterable[AreaFile], copied: Scenario | None) -> ChosenAreas:
    """The areas that were chosen, with the people whom they count as of now."""
    if value == CITY:
        return ChosenAreas(city_areas())
    if value == KEPT and copied is not None:
        return ChosenAreas(copied.areas, copied.area_file, _groups(copied.groups), copied.everyone)
    for file in files:
        if value == f"{FILE} {file.pk}":
            return ChosenAreas(file.text, file, _groups(file.groups), file.everyone)
    return ChosenAreas()


def _groups(kept: Iterable[Mapping[str, str]]) -> tuple[CountedGroup, ...]:
    return tuple(CountedGroup(group["column"], group["name"]) for group in kept)


def city_areas() -> str:
    """The city's neighborhoods as GeoJSON, the same text for the same outlines; empty: it has none.

    Outlines that lie on a map are all that is kept: no numbers of people.
    """
    features = [
        {"type": "Feature", "properties": {"name": name}, "geometry": outline}
        for name, outline in Neighborhood.objects.order_by("name").values_list("name", "outline")
    ]
    if not features:
        return ""
    return json.dumps({"type": "FeatureCollection", "features": features}, sort_keys=True)
