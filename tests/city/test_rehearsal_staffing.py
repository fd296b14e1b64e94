"""Searches for the smallest teams: asked for, followed, gone on with, taken over."""

import re

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from lamplighter.city.refusal import Refusal
from lamplighter.city.rehearsal.models import Scenario, StaffingSearch
from lamplighter.city.rehearsal.queries import searches_of
from lamplighter.city.rehearsal.searches.actions import Wanted, ask_search, stop_search
from lamplighter.city.rehearsal.searches.plans import teams_of_plan
from lamplighter.city.rehearsal.searches.work import search
from lamplighter.city.rehearsal.teams.files import read_team_text
from lamplighter.city.rehearsal.under_way import actions
from lamplighter.city.rehearsal.under_way.actions import WENT_AWAY
from lamplighter.city.rehearsal.under_way.queries import SILENCE
from lamplighter.rehearsal.teams_file import parse_teams

from .rehearsals import scenario
from .teams import AROUND, TEAMS

WANTED = Wanted(80, 40, 15, "file", 150)


@pytest.fixture
def around(history, people, now):
    """A scenario with teams at all hours."""
    return scenario(history, people.manager, now, teams=AROUND)


@pytest.fixture
def ask(around, people, now, monkeypatch):
    """Ask for a search; the process is not started."""
    monkeypatch.setattr(actions, "start_apart", lambda _module, _asked_id: None)

    def ask_for(wanted: Wanted = WANTED) -> StaffingSearch:
        return ask_search(around.pk, wanted, by=people.manager, now=now)

    return ask_for


@pytest.fixture
def searched(ask, now):
    """Search to the end."""

    def finish(wanted: Wanted = WANTED) -> StaffingSearch:
        found = ask(wanted)
        search(found.pk, clock=lambda: now)
        found.refresh_from_db()
        assert found.failed == ""
        return found

    return finish


def page_of(client, found: StaffingSearch) -> str:
    return client.get(reverse("rehearsal:search", args=[found.pk])).content.decode()


def test_the_smallest_teams_are_found_and_taken_over(searched, around, people, client):
    found = searched()
    plans, best = found.result["plans"], found.result["best"]
    assert plans[best]["meets"] == "yes"
    assert plans[best]["within"]["low"] >= 0.8
    assert plans[best]["fall_back"]["high"] <= 0.15
    assert all(plan["meets"] != "yes" for plan in plans[:best])
    client.force_login(people.manager)
    page = page_of(client, found)
    assert "80% within 40 minutes, at most 15% taken over" in page
    assert "Each further unit brings less" in page
    link = re.search(r'href="([^"]*plan=\d+)"', page.partition("What was found")[2])
    assert link is not None
    form = client.get(link.group(1).replace("&amp;", "&")).content.decode()
    text = re.search(r'<textarea name="teams_text"[^>]*>(.*?)</textarea>', form, re.DOTALL)
    assert text is not None
    taken = parse_teams(text.group(1).replace("&quot;", '"').replace("&#x27;", "'").strip())
    planned = sum(one["number"] for one in plans[best]["staffed"])
    assert sum(shift.number for unit in taken.units for shift in unit.shifts) == planned
    assert "It can be run" in form
    client.cookies["django_language"] = "es"
    assert "El plan más pequeño usa" in page_of(client, found)
    # Whoever asks for the same again goes on from what is known.
    again = searched()
    assert again.result["known"] == again.result["scenarios"]
    assert again.result["plans"] == plans


def test_units_may_be_based_at_any_base(searched, around):
    found = searched(Wanted(60, 60, 30, "any", 150))
    teams = read_team_text(around.teams_text).teams
    text = teams_of_plan(around.teams_text, teams, found.result, found.result["best"], "Moved")
    moved = parse_teams(text)
    assert moved.name == "Moved"
    assert {unit.base for unit in moved.units} <= {unit.base for unit in teams.units}
    hours = found.result["plans"][found.result["best"]]["hours"]
    assert hours == sum(
        shift.number * len(shift.days) * 12 for unit in moved.units for shift in unit.shifts
    )


def test_one_that_was_stopped_ends_without_a_result(ask, people, client, now):
    found = ask()
    clocks = iter([None, lambda: stop_search(found.pk, by=people.manager, now=now)])

    def clock():
        if (happens := next(clocks, None)) is not None:
            happens()
        return now

    search(found.pk, clock=clock)
    found.refresh_from_db()
    assert (found.stopped_by, found.result) == (people.manager, None)
    client.force_login(people.manager)
    page = page_of(client, found)
    assert "Go on" in page
    assert '<input type="hidden" name="minutes" value="40' in page


def test_two_at_a_time_are_refused_and_one_that_went_away_is_no_hindrance(
    ask, around, people, now, client
):
    lost = ask()
    with pytest.raises(Refusal, match="searches-already"):
        ask()
    client.force_login(people.administrator)
    state = client.get(reverse("rehearsal:search_state", args=[lost.pk])).json()
    assert (state["done"], state["says"]) == (False, "0 of at most 150 runs")
    later = now + 2 * SILENCE
    ask_search(around.pk, WANTED, by=people.manager, now=later)
    lost.refresh_from_db()
    assert lost.failed == WENT_AWAY


def test_what_has_ended_never_changes(ask, people, now):
    found = ask()
    stop_search(found.pk, by=people.manager, now=now)
    for statement in (
        "UPDATE rehearsal_staffingsearch SET minutes = 5",
        "DELETE FROM rehearsal_staffingsearch",
    ):
        with (
            pytest.raises(IntegrityError),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"percent_within": 101}, "percent_within"),
        ({"minutes": 0}, "minutes"),
        ({"most_scenarios": 3}, "most_scenarios"),
        ({"bases": "any"}, "bases"),
    ],
)
def test_a_target_that_cannot_be_searched_is_refused_at_its_field(
    around, people, client, now, said, field
):
    skilled = AROUND.replace("    roams: true\n", "    roams: true\n    skills: [spanish]\n")
    other = scenario(around.history, people.manager, now, name="Skilled", teams=skilled)
    client.force_login(people.manager)
    usual = {"percent_within": 90, "minutes": 20, "percent_fall_back": 5, "bases": "file"}
    answer = client.post(
        reverse("rehearsal:ask_search", args=[other.pk]), usual | {"most_scenarios": 100} | said
    )
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert not StaffingSearch.objects.exists()


def test_only_those_of_the_room_see_it(ask, people):
    ask()
    seen = {role for role, person in people.by_role().items() if searches_of(person).exists()}
    assert seen == {"policy_author", "manager", "administrator"}
    assert Scenario.objects.get().teams_text != TEAMS
