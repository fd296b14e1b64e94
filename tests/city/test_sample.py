"""The sample city: the same for the same seed, alive on every start, and nobody's home."""

import stat
import uuid
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from lamplighter.city.accounts.models import Role, User
from lamplighter.city.accounts.tokens import user_of_token
from lamplighter.city.dispatch.actions import assign_unit
from lamplighter.city.dispatch.models import Assignment, Shift, Unit, UnitKind
from lamplighter.city.field.models import Encounter
from lamplighter.city.intake.actions import NewCall, take_call
from lamplighter.city.intake.models import Call, City, Decision, Incident, Neighborhood
from lamplighter.city.intake.places import contains
from lamplighter.city.journal.models import Entry
from lamplighter.city.journal.queries import verify
from lamplighter.city.sample import actions
from lamplighter.city.sample.access import tokens_at
from lamplighter.city.sample.geography import draw_map
from lamplighter.city.sample.leftovers import close_leftovers
from lamplighter.city.sample.staff import simulated_desk
from lamplighter.city.sample.year import write_year
from lamplighter.history import StartedBy, open_history
from tests.city.conftest import WELFARE_CHECK

NOW = datetime(2026, 12, 4, 19, tzinfo=UTC)


@pytest.fixture(scope="module")
def year(tmp_path_factory):
    """A year of calls until a Friday; the same file for every test here."""
    path = tmp_path_factory.mktemp("sample") / actions.HISTORY
    write_year(
        path, draw_map(actions.SEED), seed=1, until=date(2026, 12, 4), time_zone=actions.TIME_ZONE
    )
    return path


@pytest.fixture
def home(tmp_path, year):
    (tmp_path / actions.HISTORY).write_bytes(year.read_bytes())
    return tmp_path


@pytest.fixture
def opened(db, home, monkeypatch):
    """The sample city with twenty calls of the last day."""
    monkeypatch.setattr(actions, "PAST_CALLS", 20)
    said = []
    actions.open_city(home, now=NOW, progress=said.append)
    assert said
    return home


def test_the_same_seed_draws_the_same_city_and_another_seed_another():
    assert draw_map(1) == draw_map(1)
    assert draw_map(1) != draw_map(2)


def test_every_street_name_is_there_once_and_every_neighborhood_has_addresses():
    drawn = draw_map(actions.SEED)
    names = [street.name for street in drawn.streets]
    assert len(names) == len(set(names))
    assert len(drawn.neighborhoods) == 12
    points = [street.address(step / 40) for street in drawn.streets for step in range(40)]
    for outline in drawn.neighborhoods.values():
        assert any(contains(outline, latitude, longitude) for _a, latitude, longitude in points)


def test_a_year_of_calls_has_its_hours_its_places_and_its_natures(year):
    calls = list(open_history(year))
    zone = ZoneInfo(actions.TIME_ZONE)
    asked = [call for call in calls if call.started_by is StartedBy.PUBLIC]
    assert 0.15 < 1 - len(asked) / len(calls) < 0.21
    assert all(a.time <= b.time for a, b in zip(calls, calls[1:], strict=False))
    assert (calls[-1].time - calls[0].time).days in (364, 365)
    by_hour = Counter(call.time.astimezone(zone).hour for call in asked)
    assert by_hour[17] > 2 * by_hour[4]
    nights = Counter(
        call.time.astimezone(zone).weekday()
        for call in asked
        if call.nature == "intoxicated_person"
    )
    assert nights[5] > nights[1]
    natures = Counter(call.nature for call in asked)
    assert natures["welfare_check"] > natures["shooting_or_stabbing"] * 10
    # Known of eight cities: a fifth to a third of calls threatens a life.
    grave = ("medical_emergency", "overdose", "person_down", "fire", "crash_injury", "assault")
    assert 0.10 < sum(natures[nature] for nature in grave) / len(asked) < 0.34


def test_the_same_seed_invents_the_same_year(year, tmp_path):
    again = tmp_path / "again.parquet"
    write_year(again, draw_map(actions.SEED), seed=1, until=date(2026, 12, 4), time_zone="UTC")
    places = ["nature", "place"]
    first, second = open_history(year).table(places), open_history(again).table(places)
    assert Counter(first["nature"].to_pylist()) == Counter(second["nature"].to_pylist())


def test_it_opens_with_everything_that_a_city_needs(opened):
    assert City.objects.get().is_sample
    assert Neighborhood.objects.count() == 12
    assert {unit.kind for unit in Unit.objects.all()} == set(UnitKind.values)
    for role in Role:
        assert User.objects.filter(roles__contains=[role.value]).exists(), role
    assert not User.objects.exclude(password__startswith="!").exists(), "nobody has a password"


def test_the_last_day_was_answered_through_the_real_verbs(opened):
    assert Call.objects.filter(simulated=True).count() == 20
    assert Decision.objects.count() == 20
    assert not Incident.objects.filter(closed_at=None).exists()
    assert Encounter.objects.count() >= 10
    assert Entry.objects.filter(verb="call taken").count() == 20
    times = list(Entry.objects.exclude(verb="policy activated").values_list("at", flat=True))
    assert max(times) <= NOW
    assert verify().holds


def test_somebody_is_on_shift_now_and_for_a_week_to_come(opened):
    for days in (0, 3, 7):
        at = NOW + timedelta(days=days)
        on_shift = Shift.objects.filter(starts_at__lte=at, ends_at__gt=at)
        assert on_shift.count() == Unit.objects.count()


def test_a_later_start_renews_shifts_and_makes_nothing_twice(opened):
    calls, people = Call.objects.count(), User.objects.count()
    later = NOW + timedelta(days=30)
    actions.open_city(opened, now=later, progress=lambda text: None)
    assert (Call.objects.count(), User.objects.count()) == (calls, people)
    assert Shift.objects.filter(starts_at__lte=later, ends_at__gt=later).count() == (
        Unit.objects.count()
    )
    spans = list(Shift.objects.order_by("unit", "starts_at").values_list("unit", "starts_at"))
    assert len(spans) == len(set(spans))


def test_the_tokens_of_the_player_open_and_only_their_owner_can_read_them(opened):
    path = tokens_at(opened, NOW)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = path.read_text()
    assert tokens_at(opened, NOW).read_text() == before
    path.write_text('{"desk": "worn out", "crews": {}}')
    renewed = tokens_at(opened, NOW)
    assert stat.S_IMODE(renewed.stat().st_mode) == 0o600
    from lamplighter.city.playing import _read_tokens

    tokens = _read_tokens(renewed)
    assert user_of_token(tokens.desk, NOW) == simulated_desk()
    crewed = {str(shift.unit_id) for shift in Shift.objects.filter(crew__isnull=False)}
    assert set(tokens.crews) == crewed


def _taken(by, *, simulated, at):
    new = NewCall(
        id=uuid.uuid4(),
        channel="911",
        received_at=at,
        facts=WELFARE_CHECK,
        address="12 Wick Street",
        simulated=simulated,
    )
    return take_call(new, by=by, now=at).call.incident


def _sent(incident, by, at, call_sign="STAR 1"):
    unit = Unit.objects.get(call_sign=call_sign)
    return assign_unit(
        assignment_id=uuid.uuid4(),
        incident_id=incident.pk,
        unit_id=unit.pk,
        by=by,
        now=at,
    )


def test_what_an_earlier_play_left_is_closed_and_what_people_began_stays_a_while(opened):
    desk, imani = simulated_desk(), User.objects.get(username="imani")
    played = _taken(desk, simulated=True, at=NOW)
    sent = _taken(desk, simulated=True, at=NOW)
    assignment = _sent(sent, desk, NOW)
    persons = _taken(imani, simulated=False, at=NOW)
    touched = _taken(desk, simulated=True, at=NOW)
    _sent(touched, imani, NOW, "STAR 2")
    soon = NOW + timedelta(minutes=5)
    assert close_leftovers(soon) == 2
    for incident in (played, sent):
        incident.refresh_from_db()
        assert incident.closed_as == Incident.Closed.NOT_SERVED
    assignment.refresh_from_db()
    assert assignment.cleared_as == Assignment.Cleared.RECALLED
    assert set(Incident.objects.filter(closed_at=None)) == {persons, touched}
    assert close_leftovers(NOW + timedelta(days=1)) == 2
    assert not Incident.objects.filter(closed_at=None).exists()


@pytest.mark.parametrize("hours", [0, 4, 9, 16])
def test_the_player_brings_a_call_every_25_seconds_at_noon_and_at_night(home, hours):
    now = NOW + timedelta(hours=hours)
    given = actions.player_arguments(home, 8000, now)
    options = dict(zip(given[2::2], given[3::2], strict=False))
    day = date.fromisoformat(options["--from-day"])
    zone = ZoneInfo(actions.TIME_ZONE)
    assert day.weekday() == now.astimezone(zone).weekday()
    speed = float(given[given.index("--speed") + 1])
    begins = datetime.combine(day, now.astimezone(zone).time(), zone)
    ends = begins + timedelta(hours=2)
    came = sum(
        begins <= call.time < ends and call.started_by is StartedBy.PUBLIC
        for call in open_history(home / actions.HISTORY)
    )
    assert ends - begins == timedelta(hours=2)
    assert 7200 / speed / came == pytest.approx(25, rel=0.05)
