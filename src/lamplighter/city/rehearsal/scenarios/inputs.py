"""What scenarios were made of, and where they differ in it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from lamplighter.city.policies.changes import Changes, changes_between
from lamplighter.city.policies.differences import lines_that_differ
from lamplighter.city.rehearsal.compare.sides import Side
from lamplighter.city.rehearsal.models import Scenario
from lamplighter.policy import parse_policy

from .choosing import groups_in_words


@dataclass(frozen=True)
class Input:
    """One thing that a run depends on, as it is in each scenario."""

    name: str
    values: tuple[str, ...]

    @property
    def differs(self) -> bool:
        return len(set(self.values)) > 1


@dataclass(frozen=True)
class TextDifference:
    """The lines in which the teams of a scenario differ from those of the first."""

    side: Side
    lines: tuple[tuple[str, str], ...]

    @property
    def labelled(self) -> str:
        """The id of its heading."""
        return f"teams-{self.side.letter}"


@dataclass(frozen=True)
class PolicyDifference:
    """The rules in which the policy of a scenario differs from that of the first."""

    side: Side
    changes: Changes


def inputs_of(sides: Sequence[Side]) -> tuple[Input, ...]:
    """All that runs depend on, what differs first."""
    scenarios = [side.scenario for side in sides]

    def each(name: str, values: Sequence[object]) -> Input:
        return Input(name, tuple(str(value) for value in values))

    rows = [
        each(_("Calls"), [one.history.name for one in scenarios]),
        each(_("Policy"), [policy_in_words(one) for one in scenarios]),
        each(_("Teams"), [f"{one.teams_name} ({one.teams_hash[:8]})" for one in scenarios]),
        each(_("What the history does not tell"), [one.get_answers_display() for one in scenarios]),
        each(_("Areas"), [areas_in_words(one) for one in scenarios]),
        each(_("Runs"), [one.replications for one in scenarios]),
        each(_("Seed of chance"), [one.seed for one in scenarios]),
        each(_("Program version"), [side.result["inputs"]["version"] for side in sides]),
    ]
    return tuple(sorted(rows, key=lambda row: not row.differs))


def policy_in_words(scenario: Scenario) -> str:
    """Which policy decides in a scenario."""
    if scenario.draft_id is None:
        return f"{scenario.policy_name} {scenario.policy_version}"
    return _("Draft of %(name)s, revision %(number)s") % {
        "name": scenario.policy_name,
        "number": scenario.draft_revision,
    }


def areas_in_words(scenario: Scenario) -> str:
    """By which areas a scenario is told."""
    if scenario.area_file is not None:
        groups = groups_in_words(scenario.groups)
        return f"{scenario.area_file.name} ({groups})" if groups else scenario.area_file.name
    return _("The city's neighborhoods") if scenario.areas else _("As the history names them")


def teams_that_differ(sides: Sequence[Side]) -> tuple[TextDifference, ...]:
    """Where the team files differ from the first one, line by line."""
    first = sides[0].scenario
    return tuple(
        TextDifference(side, tuple(lines_that_differ(first.teams_text, side.scenario.teams_text)))
        for side in sides[1:]
        if side.scenario.teams_hash != first.teams_hash
    )


def policies_that_differ(sides: Sequence[Side], language: str) -> tuple[PolicyDifference, ...]:
    """Where the policies differ from the first one, rule by rule."""
    first = sides[0].scenario
    return tuple(
        PolicyDifference(
            side,
            changes_between(
                parse_policy(first.policy_text), parse_policy(side.scenario.policy_text), language
            ),
        )
        for side in sides[1:]
        if side.scenario.policy_hash != first.policy_hash
    )
