"""A dozen open calls and a few that ended, made with the real verbs: for pictures and page tests.

Runs inside a sample city that was just built, in a process with the city's settings:

    import django; django.setup()
    from tests.support.lively_city import play; print(play(datetime.now(UTC)))
"""

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from lamplighter.city.accounts.models import User, new_id
from lamplighter.city.dispatch.actions import (
    ask_backup,
    assign_unit,
    clear_assignment,
    close_incident,
    recall_assignment,
    take_step,
)
from lamplighter.city.dispatch.models import Assignment, Unit
from lamplighter.city.field.actions import NewEncounter, record_encounter
from lamplighter.city.intake.actions import NewCall, take_call
from lamplighter.city.intake.models import Incident
from lamplighter.city.sample.actions import SEED
from lamplighter.city.sample.geography import draw_map
from lamplighter.city.sample.staff import crew_of
from tests.policies.calls import QUIET

STEPS = ("accepted", "en_route", "on_scene")


@dataclass
class Stage:
    """What will have happened, told in any order and done in the order of time."""

    now: datetime
    calls: dict[str, uuid.UUID] = field(default_factory=dict)
    incidents: dict[str, uuid.UUID] = field(default_factory=dict)
    sent: dict[tuple[str, str], uuid.UUID] = field(default_factory=dict)
    typed: set[str] = field(default_factory=set)  # what people wrote in their own words
    _acts: list[tuple[float, Callable[[datetime], None]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.people = {user.username: user for user in User.objects.all()}
        self.units = {unit.call_sign: unit for unit in Unit.objects.all()}
        self.streets = {street.name: street for street in draw_map(SEED).streets}

    def play(self) -> None:
        for minutes_ago, happen in sorted(self._acts, key=lambda act: -act[0]):
            happen(self.now - timedelta(minutes=minutes_ago))

    def call(
        self,
        name: str,
        minutes_ago: float,
        nature: str,
        where: tuple[str, float] | tuple[str, float, float],
        said: str = "",
        *,
        joins: str = "",
        instead: tuple[str, str] = ("", ""),
        channel: str = "911",
        callback: str = "",
        **differs: Any,
    ) -> None:
        """Somebody calls, from a street at a share of its length or from an address with its point.

        `differs` are the facts that are not as QUIET says.
        """

        def happen(at: datetime) -> None:
            if len(where) == 2:
                address, latitude, longitude = self.streets[where[0]].address(where[1])
            else:
                address, latitude, longitude = where
            taken = take_call(
                NewCall(
                    id=new_id(),
                    channel=channel,
                    received_at=at,
                    facts={"nature": nature, **QUIET, **differs},
                    address=address,
                    latitude=latitude,
                    longitude=longitude,
                    callback=callback,
                    narrative=said,
                    join_incident=self.incidents[joins] if joins else None,
                    override_responder=instead[0],
                    override_reason=instead[1],
                ),
                by=self.people["rosa"],
                now=at,
            )
            self.calls[name], self.incidents[name] = taken.call.pk, taken.call.incident_id
            self.typed |= {said, instead[1]}

        self._acts.append((minutes_ago, happen))

    def send(
        self, name: str, sign: str, minutes_ago: float, *steps: float, because: str = ""
    ) -> None:
        """A unit goes to a call, and takes as many steps as there are times."""

        def happen(at: datetime) -> None:
            self.sent[name, sign] = assign_unit(
                assignment_id=new_id(),
                incident_id=self.incidents[name],
                unit_id=self.units[sign].pk,
                by=self.people["imani"],
                now=at,
                other_kind_reason=because,
            ).pk

        self._acts.append((minutes_ago, happen))
        for step, when in zip(STEPS, steps, strict=False):
            self._acts.append(
                (
                    when,
                    lambda at, step=step: take_step(
                        self.sent[name, sign], step, by=self._crew(sign), now=at
                    ),
                )
            )

    def backup(self, name: str, sign: str, minutes_ago: float, kind: str, reason: str) -> None:
        self._acts.append(
            (
                minutes_ago,
                lambda at: ask_backup(
                    request_id=new_id(),
                    assignment_id=self.sent[name, sign],
                    kind=kind,
                    reason=reason,
                    by=self._crew(sign),
                    now=at,
                ),
            )
        )

    def record(self, name: str, sign: str, minutes_ago: float, **found: Any) -> None:
        """The crew writes down whom it met."""

        def happen(at: datetime) -> None:
            new = NewEncounter(id=new_id(), assignment_id=self.sent[name, sign], **found)
            record_encounter(new, by=self._crew(sign), now=at)
            self.typed |= {new.person_name, new.note}

        self._acts.append((minutes_ago, happen))

    def clear(self, name: str, sign: str, minutes_ago: float, cleared_as: str) -> None:
        self._acts.append(
            (
                minutes_ago,
                lambda at: clear_assignment(
                    self.sent[name, sign], cleared_as, by=self._crew(sign), now=at
                ),
            )
        )

    def made(self) -> str:
        """Incidents, calls and assignments by name, and what people typed, as JSON."""
        return json.dumps(
            {
                "incidents": {name: str(pk) for name, pk in self.incidents.items()},
                "calls": {name: str(pk) for name, pk in self.calls.items()},
                "assignments": {
                    f"{name} {sign}": str(pk) for (name, sign), pk in self.sent.items()
                },
                "typed": sorted(self.typed - {""}),
            }
        )

    def _crew(self, sign: str) -> User:
        return self.people[crew_of(self.units[sign])[0]]


def play(now: datetime) -> str:
    """Make the calls; gives as JSON the incidents, calls and assignments by name."""
    stage = Stage(now)
    _ended(stage)
    _answered(stage)
    _waiting(stage)
    stage.play()
    return stage.made()


def end_all(now: datetime) -> None:
    """Everybody goes home: every unit is recalled and every incident closed."""
    dispatcher = User.objects.get(username="imani")
    for assignment in Assignment.objects.filter(cleared_at=None):
        recall_assignment(assignment.pk, by=dispatcher, now=now)
    for incident in Incident.objects.filter(closed_at=None):
        close_incident(incident.pk, Incident.Closed.NO_HELP_NEEDED, by=dispatcher, now=now)


def _ended(stage: Stage) -> None:
    stage.call(
        "bench", 96, "intoxicated_person", ("Lantern Avenue", 0.46),
        "A man sits on the ground by the tram stop and talks to himself. He has no coat.",
        mental_health=True, substance_use=True, no_shelter=True, callback="555-0142",
    )  # fmt: skip
    stage.call(
        "bench again", 92, "person_down", ("Lantern Avenue", 0.461),
        "Somebody on the ground near the stop. I am on the tram, I could not look closer.",
        joins="bench",
    )  # fmt: skip
    stage.send("bench", "STAR 3", 90, 89.2, 88, 79)
    stage.backup("bench", "STAR 3", 74, "ems", "medical")
    stage.send("bench", "Medic 3", 73, 72.6, 72, 66)
    stage.record(
        "bench", "STAR 3", 52, met="engaged", outcome="transported",
        needs=("disorganized", "shelter", "food_or_clothes"),
        offered=("talk", "supplies", "shelter", "case_manager"),
        accepted=("talk", "supplies", "shelter"), transport="shelter",
        person_name="Casimir", note="Likes to be called Caz. His dog is at the Larkspur shelter.",
    )  # fmt: skip
    stage.clear("bench", "Medic 3", 55, "no_help_needed")
    stage.clear("bench", "STAR 3", 51, "helped")

    stage.call("tent", 70, "person_without_shelter", ("Comet Street", 0.7), no_shelter=True)
    stage.send("tent", "Outreach 2", 66, 65, 63, 50)
    stage.record("tent", "Outreach 2", 44, met="declined", outcome="stayed", offered=("shelter",))
    stage.clear("tent", "Outreach 2", 43, "declined")

    stage.call("shouting", 58, "disorderly_conduct", ("Opal Avenue", 0.3))
    stage.send("shouting", "STAR 4", 55, 54, 53, 41)
    stage.record("shouting", "STAR 4", 38, met="not_found", outcome="no_contact")
    stage.clear("shouting", "STAR 4", 37, "no_person_found")


def _answered(stage: Stage) -> None:
    stage.call(
        "doorway", 11, "welfare_check", ("Meridian Street", 0.42),
        "An older woman has been standing in the doorway of the bakery since it opened. She seems"
        " lost and cannot say where she lives.",
        mental_health=True, place="business_or_school", callback="555-0117",
    )  # fmt: skip
    stage.send("doorway", "STAR 1", 8.5, 7.8, 7)
    stage.call(
        "smoke", 9, "fire", ("Juniper Avenue", 0.62), "Smoke from a second-floor window.",
        danger=True, place="home",
    )  # fmt: skip
    stage.send("smoke", "Engine 1", 8.4, 8, 7.5, 3)
    stage.call(
        "pills", 6, "overdose", ("Torch Street", 0.25), "Her sister does not wake up.",
        breathing_and_awake=False, injured="serious", place="home", caller="knows_them",
    )  # fmt: skip
    stage.send("pills", "Medic 1", 5.6, 5.3, 5)
    stage.call(
        "platform", 26, "mental_health_crisis", ("Spark Street", 0.55),
        "A young man shouts at the departures board and cries.", mental_health=True,
    )  # fmt: skip
    stage.send("platform", "STAR 2", 24, 23.5, 22, 12)
    stage.backup("platform", "STAR 2", 2, "ems", "medical")
    stage.call(
        "bridge", 14, "suicidal_person", ("Ember Avenue", 0.5),
        "He stands on the wrong side of the railing.", danger=True, suicidal_thoughts=True,
        suicide_means=True,
    )  # fmt: skip
    stage.send("bridge", "Co-response 1", 13.5, 13.2, 12.8, 6)
    stage.call(
        "talk", 18, "mental_health_crisis", ("Candle Avenue", 0.8), channel="988",
        caller="person", agrees_to_help=True, mental_health=True, place="home",
    )  # fmt: skip
    stage.send("talk", "Clinician line", 17, 16.5)


def _waiting(stage: Stage) -> None:
    stage.call(
        "cafe", 24, "unwanted_person", ("Beacon Avenue", 0.35),
        "A customer will not leave and has fallen asleep at the table.",
        place="business_or_school",
    )  # fmt: skip
    stage.call(
        "knife", 1.5, "threats_or_harassment", ("Wick Street", 0.6),
        "The man from downstairs stands at her door with a knife.", violence="threat",
        weapon=True, crime_now=True, place="home",
    )  # fmt: skip
    stage.call(
        "camp", 66, "person_without_shelter", ("Flint Avenue", 0.12), no_shelter=True,
        substance_use=True,
    )  # fmt: skip
    stage.call(
        "music", 21, "neighbor_dispute", ("Glow Avenue", 0.72), channel="311", place="home",
        caller="person",
    )  # fmt: skip
    stage.call(
        "window", 4, "welfare_check", ("Dusk Street", 0.3),
        "Nobody has seen her neighbor since Sunday; she is at the window now and waves.",
        place="home", caller="knows_them",
    )  # fmt: skip
    stage.call(
        "crash", 7, "crash_no_injury", ("Lamplighter Way", 0.4), place="road", caller="person"
    )
    stage.call(
        "boy", 9, "youth_trouble", ("Hearth Avenue", 0.55),
        "Boys throw stones at the windows of the old mill.",
        instead=("violence_interrupters", "They know Peace 1 and asked for him by name."),
    )  # fmt: skip
    stage.call(
        "bicycle", 16, "theft_or_fraud", ("Aurora Street", 0.2), channel="app", caller="person",
        person_present=False,
    )  # fmt: skip
