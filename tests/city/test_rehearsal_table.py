"""Teams changed as a table or as text: what was changed last counts, with errors at the field."""

import pytest
from django.urls import reverse
from django.utils import translation

from lamplighter.city.journal.models import Entry
from lamplighter.city.policies.models import ImportedHistory
from lamplighter.city.rehearsal.models import Scenario
from lamplighter.city.rehearsal.queries import free_name, put_away_by
from lamplighter.city.rehearsal.scenarios.actions import put_away
from lamplighter.city.rehearsal.teams.editing import edit_teams
from lamplighter.city.rehearsal.teams.table import hash_of
from lamplighter.city.rehearsal.under_way import actions
from lamplighter.rehearsal.teams_file import parse_teams

from .rehearsals import scenario
from .teams import AROUND, BROKEN, TEAMS

COSTS = """\
costs:
  wage_per_hour: {value: 32, low: 22, high: 45, unit: "$/hour", source: "assumed"}
"""


@pytest.fixture
def history(city, now):
    return ImportedHistory.objects.create(
        name="A month", sha256="a" * 64, rows=4_000, first_at=now, last_at=now, imported_at=now
    )


@pytest.fixture
def started(monkeypatch):
    """No process is started."""
    monkeypatch.setattr(actions, "start_apart", lambda _module, _asked_id: None)


def filled(text: str, **more: object) -> dict[str, object]:
    """What a browser sends of the table of a text: each field as it stands, with these changes."""
    table = edit_teams(text, {}, "en").table
    assert table is not None
    said: dict[str, object] = {"table_of": table.of, "teams_text": text}
    for field in table.fields():
        if (value := field.value()) not in (None, "", False):
            said[field.html_name] = value
    return said | more


class Data(dict):
    """A form's data, as Django reads it."""

    def getlist(self, name: str) -> list:
        value = self.get(name, [])
        return value if isinstance(value, list) else [value]


def edit(text: str, language: str = "en", **more: object):
    return edit_teams(text, Data(filled(text, **more)), language)


class TestWhatWasChangedLastCounts:
    def test_a_table_is_put_into_its_text(self):
        edited = edit(
            TEAMS,
            **{"u0s0-number": "3", "u0s0-days": ["5", "6"], "u0-base": "West Side", "u0-name": "A"},
        )
        (unit,) = parse_teams(edited.text).units
        assert (unit.name, unit.base_area, unit.shifts[0].number) == ("A", "West Side", 3)
        assert unit.shifts[0].days == {5, 6}
        assert edited.told.good
        assert edited.table is not None
        assert edited.table.of == hash_of(edited.text)

    def test_a_table_as_it_stands_changes_not_a_letter(self):
        assert edit(AROUND + COSTS).text == AROUND + COSTS

    def test_a_text_that_was_changed_since_counts(self):
        later = TEAMS.replace("number: 1", "number: 5")
        said = filled(TEAMS, **{"u0s0-number": "3"})
        edited = edit_teams(later, Data(said), "en")
        assert edited.text == later
        assert edited.table is not None
        assert edited.table.units[0].shifts[0]["number"].value() == 5

    def test_a_text_that_cannot_be_read_has_no_table(self):
        edited = edit_teams(BROKEN, {}, "en")
        assert edited.table is None
        assert "line 19" in edited.told.problems[0]

    def test_a_shift_that_ends_before_it_begins_ends_on_the_next_day(self):
        edited = edit(TEAMS, **{"u0s0-begins": "22:00", "u0s0-ends": "06:00"})
        assert '"22:00-06:00 next day"' in edited.text

    def test_costs_are_changed_within_their_range(self):
        edited = edit(TEAMS + COSTS, **{"c0-value": "40.5"})
        assert parse_teams(edited.text).costs["wage_per_hour"].value == 40.5
        wrong = edit(TEAMS + COSTS, **{"c0-value": "50"})
        assert wrong.text == TEAMS + COSTS
        assert "between low and high" in str(wrong.table.costs[0].form["value"].errors)


@pytest.mark.parametrize(
    ("field", "value", "english", "spanish"),
    [
        ("u0s0-number", "-1", "greater than or equal to 0", "mayor o igual a 0"),
        ("u0-base", "91, 0", "Write the name of an area", "Escriba el nombre de una zona"),
        ("u0s0-days", [], "This field is required", "Este campo es obligatorio"),
    ],
)
def test_what_is_wrong_stands_at_its_field_in_both_languages(field, value, english, spanish):
    for language, words in (("en", english), ("es", spanish)):
        with translation.override(language):
            edited = edit(TEAMS, language, **{field: value})
            assert edited.text == TEAMS
            assert not edited.told.good
            (bound,) = [one for one in edited.table.fields() if one.html_name == field]
            assert words in str(bound.errors)


class TestTheForm:
    def post(self, client, history, text=TEAMS, **more):
        said = {"name": "One", "history": history.pk, "policy": "in force", "replications": 3}
        said |= {"answers": "stated", "areas": "history", "seed": 1} | filled(text, **more)
        return client.post(reverse("rehearsal:new"), said)

    def test_it_is_saved_as_the_table_says(self, history, people, client, started):
        client.force_login(people.manager)
        self.post(client, history, **{"u0s0-number": "4"})
        assert "number: 4" in Scenario.objects.get().teams_text

    def test_a_mistake_in_the_table_is_not_saved(self, history, people, client):
        client.force_login(people.manager)
        answer = self.post(client, history, **{"u0s0-number": "many"})
        assert answer.status_code == 422
        page = answer.content.decode()
        assert "Enter a whole number" in page.partition('id="id_u0s0-number_error"')[2][:300]
        assert not Scenario.objects.exists()

    def test_units_and_shifts_come_and_go_without_scripts(self, history, people, client):
        client.force_login(people.manager)
        for change, says in (
            ("add unit", 'value="Van 2"'),
            ("add shift 0", 'id="id_u0s1-number"'),
        ):
            page = self.post(client, history, change=change).content.decode()
            assert says in page
            assert "It can be run" in page
        page = self.post(client, history, AROUND, change="remove unit 1").content.decode()
        assert "Other van" not in page
        page = self.post(client, history, AROUND, change="remove shift 0 1").content.decode()
        assert "20:00-08:00" not in page
        # The last unit of a kind stays: no such file could be run.
        page = self.post(client, history, change="remove unit 0").content.decode()
        assert "It cannot be run yet" in page
        assert 'value="Van"' in page
        assert not Scenario.objects.exists()

    def test_two_of_one_name_are_refused_and_a_copy_gets_one_of_its_own(
        self, history, people, now, client
    ):
        scenario(history, people.manager, now, name="One")
        client.force_login(people.manager)
        answer = self.post(client, history)
        assert answer.status_code == 422
        assert "There is a scenario of this name" in answer.content.decode()
        assert (free_name("One"), free_name("Two")) == ("One (2)", "Two")


class TestPutAway:
    def test_it_can_be_undone(self, history, people, now, client):
        kept = scenario(history, people.manager, now)
        client.force_login(people.manager)
        answer = client.post(reverse("rehearsal:away", args=[kept.pk]), follow=True)
        assert "Bring “One van” back" in answer.content.decode()
        assert "One van" in client.get(reverse("rehearsal:put_away_list")).content.decode()
        client.post(reverse("rehearsal:back", args=[kept.pk]))
        assert "One van" in client.get(reverse("rehearsal:room")).content.decode()
        assert Entry.objects.filter(verb="scenario brought back").count() == 1
        assert client.post(reverse("rehearsal:back", args=[kept.pk])).status_code == 404

    def test_an_administrator_reads_along_and_brings_nothing_back(
        self, history, people, now, client
    ):
        kept = scenario(history, people.manager, now)
        put_away(kept.pk, by=people.manager, now=now)
        allowed = {role for role, one in people.by_role().items() if put_away_by(one).exists()}
        assert allowed == {"policy_author", "manager"}
        client.force_login(people.administrator)
        page = client.get(f"{reverse('rehearsal:room')}?away={kept.pk}").content.decode()
        assert "One van" not in page
