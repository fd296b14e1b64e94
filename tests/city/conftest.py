"""The same few people, units and places in every test of the city."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core.cache import cache
from django.db import connection
from django.test import Client, TransactionTestCase
from django.utils import translation
from uuid_utils.compat import uuid7

from lamplighter.city.accounts.models import Agency, Role, User
from lamplighter.city.accounts.tokens import issue_token
from lamplighter.city.dispatch.actions import start_shift
from lamplighter.city.dispatch.models import Assignment, Unit, UnitKind
from lamplighter.city.intake.actions import NewCall, TakenCall, take_call
from lamplighter.city.intake.models import City, Neighborhood
from lamplighter.city.policies.actions import activate
from lamplighter.city.policies.histories import import_history
from lamplighter.city.policies.models import ImportedHistory
from lamplighter.policy import shipped_policy
from tests.city.api_client import ApiClient
from tests.city.rehearsals import write_month
from tests.city.sending import send


def _empty_all_tables(self: TransactionTestCase) -> None:
    """Empty the database after a test that commits; the journal's guards are lifted for it."""
    tables = [name for name in connection.introspection.table_names() if name != "journal_head"]
    keep = {"django_migrations", "django_content_type", "auth_permission"}
    names = ", ".join(f'"{name}"' for name in tables if name not in keep)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE journal_entry DISABLE TRIGGER USER")
        cursor.execute(f"TRUNCATE {names} RESTART IDENTITY CASCADE")
        cursor.execute("ALTER TABLE journal_entry ENABLE TRIGGER USER")
        cursor.execute("UPDATE journal_head SET seq = 0, hash = sha256('lamplighter'::bytea)")


@pytest.fixture(autouse=True)
def _no_attempt_is_remembered_between_tests() -> None:
    cache.clear()


@pytest.fixture(autouse=True, scope="session")
def _journal_can_be_emptied_between_tests() -> Iterator[None]:
    original = TransactionTestCase._fixture_teardown
    TransactionTestCase._fixture_teardown = _empty_all_tables
    yield
    TransactionTestCase._fixture_teardown = original


@pytest.fixture(autouse=True, scope="session")
def _passwords_are_checked_fast() -> Iterator[None]:
    """The city's own way of keeping passwords, but for the million rounds that slow a thief."""
    original = PBKDF2PasswordHasher.iterations
    PBKDF2PasswordHasher.iterations = 1_000
    yield
    PBKDF2PasswordHasher.iterations = original


@pytest.fixture(autouse=True)
def _each_test_begins_in_english() -> Iterator[None]:
    """A page read in Spanish leaves its language to the thread; the next test is not to find it."""
    with translation.override("en"):
        yield


@pytest.fixture
def now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


@dataclass(frozen=True)
class SmallCity:
    """Two neighbourhoods, each about a kilometre wide, side by side."""

    name: str
    west_side: Neighborhood
    east_side: Neighborhood
    inside: tuple[float, float] = (40.005, -100.005)
    outside: tuple[float, float] = (41.0, -100.0)


def _square(west: float, south: float, size: float = 0.01) -> dict[str, Any]:
    east, north = west + size, south + size
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


@pytest.fixture
def city(db: None, now: datetime) -> SmallCity:
    City.objects.create(name="Testville", time_zone="America/Denver", is_sample=True)
    west = Neighborhood.objects.create(name="West Side", outline=_square(-100.01, 40.0))
    east = Neighborhood.objects.create(name="East Side", outline=_square(-100.0, 40.0))
    text = shipped_policy("first_response").read_text(encoding="utf-8")
    activate(text, by=None, from_at=now - timedelta(days=1), now=now - timedelta(days=1))
    return SmallCity("Testville", west, east)


@dataclass(frozen=True)
class People:
    call_taker: User
    dispatcher: User
    responder: User
    manager: User
    administrator: User
    policy_author: User
    officer: User

    def by_role(self) -> dict[str, User]:
        return {role.value: getattr(self, role.value) for role in Role}


@pytest.fixture
def people(city: SmallCity) -> People:
    """One person of each role, and an officer: a responder whose unit is a police car."""
    agency = Agency.objects.create(name="Community Safety")
    police = Agency.objects.create(name="Police")

    def person(name: str, role: Role, works_for: Agency = agency) -> User:
        return User.objects.create(
            username=name, first_name=name.title(), roles=[role.value], agency=works_for
        )

    return People(
        **{role.value: person(f"{role.value}_kim", role) for role in Role},
        officer=person("officer_lee", Role.RESPONDER, police),
    )


@dataclass(frozen=True)
class Units:
    """On shift: community team VAN-1 (crew: the responder) and CAR-1 (crew: the officer), EMS,
    VAN-2 without crew; off shift: VAN-3; a crisis line that takes many calls at once."""

    van_1: Unit
    van_2: Unit
    van_3: Unit
    car_1: Unit
    medic_1: Unit
    line: Unit


@pytest.fixture
def units(people: People, now: datetime) -> Units:
    def unit(sign: str, kind: UnitKind, at: tuple[float, float] | None, **more: Any) -> Unit:
        latitude, longitude = at or (None, None)
        return Unit.objects.create(
            call_sign=sign,
            kind=kind,
            agency=people.responder.agency,
            latitude=latitude,
            longitude=longitude,
            **more,
        )

    made = Units(
        van_1=unit("VAN-1", UnitKind.COMMUNITY_TEAM, (40.005, -100.006)),
        van_2=unit("VAN-2", UnitKind.COMMUNITY_TEAM, (40.009, -99.991)),
        van_3=unit("VAN-3", UnitKind.COMMUNITY_TEAM, (40.005, -100.005)),
        car_1=unit("CAR-1", UnitKind.POLICE, (40.001, -100.001)),
        medic_1=unit("MEDIC-1", UnitKind.EMS, (40.002, -100.002)),
        line=unit("LINE-988", UnitKind.CRISIS_LINE, None, one_at_a_time=False),
    )
    crews = {made.van_1: [people.responder], made.car_1: [people.officer]}
    for each in (made.van_1, made.van_2, made.car_1, made.medic_1, made.line):
        start_shift(
            each,
            starts_at=now - timedelta(hours=4),
            ends_at=now + timedelta(hours=4),
            crew=crews.get(each, []),
            by=people.dispatcher,
            now=now - timedelta(hours=4),
        )
    return made


WELFARE_CHECK: dict[str, str | bool] = {
    "nature": "welfare_check",
    "weapon": False,
    "violence": "none",
    "injured": "no",
    "breathing_and_awake": True,
    "danger": False,
    "suicidal_thoughts": False,
    "child_at_risk": False,
    "crime_now": False,
    "agrees_to_help": True,
    "caller": "stranger",
    "mental_health": True,
    "substance_use": False,
    "no_shelter": False,
    "person_present": True,
    "place": "street_or_public",
}


@pytest.fixture
def a_call(city: SmallCity, people: People, now: datetime) -> Callable[..., TakenCall]:
    """Take a call: a welfare check that the community team answers, unless facts are given."""

    def take(
        *,
        call_id: uuid.UUID | None = None,
        facts: dict[str, Any] | None = None,
        by: User | None = None,
        received_at: datetime | None = None,
        **more: Any,
    ) -> TakenCall:
        more.setdefault("address", "12 Lantern Street")
        more.setdefault("latitude", city.inside[0])
        more.setdefault("longitude", city.inside[1])
        new = NewCall(
            id=call_id or uuid7(),
            channel=more.pop("channel", "911"),
            received_at=received_at or now,
            facts={**WELFARE_CHECK, **(facts or {})},
            **more,
        )
        return take_call(new, by=by or people.call_taker, now=now)

    return take


@pytest.fixture
def api_of(now: datetime) -> Callable[[User | None], ApiClient]:
    """The API as a person's program sees it: `api_of(people.call_taker).post("/calls", {...})`."""

    def client(user: User | None) -> ApiClient:
        if user is None:
            return ApiClient(None)
        return ApiClient(issue_token(user, "test", by=None, now=now).secret)

    return client


@pytest.fixture
def sent(
    a_call: Callable[..., TakenCall], people: People, units: Units, now: datetime
) -> Assignment:
    """A team is sent to a man who sits on the curb."""
    taken = a_call(
        facts={"weapon": False, "danger": "unknown", "injured": "minor"},
        narrative="He sits on the curb and shivers.",
        callback="555-0142",
    )
    reason = "" if taken.decision.sent_responder == "community_team" else "nearer_unit"
    return send(taken.call.incident, units.van_1, by=people.dispatcher, now=now, because=reason)


@pytest.fixture
def phone(client: Client, people: People) -> Client:
    """The phone of one of the team."""
    client.force_login(people.responder)
    return client


@pytest.fixture(scope="session")
def month(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A month of an invented city's calls."""
    return write_month(tmp_path_factory.mktemp("month") / "month.parquet")


@pytest.fixture
def history(
    city: SmallCity, month: Path, settings: Any, tmp_path: Path, now: datetime
) -> ImportedHistory:
    """That month, brought into the city."""
    settings.CITY_HOME = tmp_path
    return import_history(month, name="A month", by=None, now=now)
