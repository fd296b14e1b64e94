"""The people, agencies and units of the sample city. Everybody here is invented."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from lamplighter.city.accounts.models import Agency, Role, User
from lamplighter.city.dispatch.models import Shift, Unit, UnitKind
from lamplighter.city.front.queries import PLAYER

from .geography import SampleMap

COMMUNITY_SAFETY = "Lanternfield Community Safety"
EMERGENCY_CENTER = "Lanternfield Emergency Communications"
POLICE = "Lanternfield Police"
FIRE = "Lanternfield Fire and Rescue"

# username, first name, last name, role, agency
STAFF = (
    ("rosa", "Rosa", "Quillen", Role.CALL_TAKER, EMERGENCY_CENTER),
    ("theo", "Theo", "Marrow", Role.CALL_TAKER, EMERGENCY_CENTER),
    ("imani", "Imani", "Stroud", Role.DISPATCHER, EMERGENCY_CENTER),
    ("anders", "Anders", "Pell", Role.DISPATCHER, EMERGENCY_CENTER),
    ("lucia", "Lucía", "Harrow", Role.MANAGER, COMMUNITY_SAFETY),
    ("winona", "Winona", "Sayre", Role.MANAGER, COMMUNITY_SAFETY),
    ("esme", "Esme", "Calder", Role.POLICY_AUTHOR, COMMUNITY_SAFETY),
    ("jonas", "Jonas", "Pryor", Role.POLICY_AUTHOR, EMERGENCY_CENTER),
    ("noor", "Noor", "Tamsin", Role.ADMINISTRATOR, EMERGENCY_CENTER),
)

# call sign, kind, agency, takes one call at a time, crew as (username, first, last)
UNITS = (
    ("STAR 1", UnitKind.COMMUNITY_TEAM, COMMUNITY_SAFETY, True,
     (("mara", "Mara", "Vellum"), ("joss", "Joss", "Ibarra"))),
    ("STAR 2", UnitKind.COMMUNITY_TEAM, COMMUNITY_SAFETY, True,
     (("deshawn", "Deshawn", "Okafor"), ("pilar", "Pilar", "Wren"))),
    ("STAR 3", UnitKind.COMMUNITY_TEAM, COMMUNITY_SAFETY, True,
     (("hana", "Hana", "Brightwater"), ("eli", "Eli", "Sandoval"))),
    ("STAR 4", UnitKind.COMMUNITY_TEAM, COMMUNITY_SAFETY, True,
     (("tomas", "Tomás", "Greer"), ("wanda", "Wanda", "Lisk"))),
    ("Outreach 1", UnitKind.OUTREACH_TEAM, COMMUNITY_SAFETY, True,
     (("bea", "Bea", "Collier"), ("ramon", "Ramón", "Thistle"))),
    ("Outreach 2", UnitKind.OUTREACH_TEAM, COMMUNITY_SAFETY, True,
     (("otis", "Otis", "Fenn"),)),
    ("Co-response 1", UnitKind.CO_RESPONSE, POLICE, True,
     (("ingrid", "Ingrid", "Castellan"), ("marcus", "Marcus", "Dray"))),
    ("Co-response 2", UnitKind.CO_RESPONSE, POLICE, True,
     (("yusuf", "Yusuf", "Larch"), ("delia", "Delia", "Moss"))),
    ("Peace 1", UnitKind.VIOLENCE_INTERRUPTERS, COMMUNITY_SAFETY, True,
     (("kofi", "Kofi", "Ansel"),)),
    ("Mediation 1", UnitKind.MEDIATION, COMMUNITY_SAFETY, True,
     (("greta", "Greta", "Solis"),)),
    ("Medic 1", UnitKind.EMS, FIRE, True, (("paolo", "Paolo", "Reyes"),)),
    ("Medic 2", UnitKind.EMS, FIRE, True, (("sunny", "Sunny", "Ashdown"),)),
    ("Medic 3", UnitKind.EMS, FIRE, True, (("vera", "Vera", "Kestrel"),)),
    ("Engine 1", UnitKind.FIRE, FIRE, True, (("abel", "Abel", "Tor"),)),
    ("Engine 2", UnitKind.FIRE, FIRE, True, (("fern", "Fern", "Hadley"),)),
    ("Police 11", UnitKind.POLICE, POLICE, True, (("carla", "Carla", "Nyman"),)),
    ("Police 12", UnitKind.POLICE, POLICE, True, (("dov", "Dov", "Eastman"),)),
    ("Police 21", UnitKind.POLICE, POLICE, True, (("esther", "Esther", "Cole"),)),
    ("Police 22", UnitKind.POLICE, POLICE, True, (("felix", "Felix", "Rowan"),)),
    ("Police 31", UnitKind.POLICE, POLICE, True, (("gwen", "Gwen", "Salter"),)),
    ("Clinician line", UnitKind.CLINICIAN_BY_PHONE, COMMUNITY_SAFETY, False,
     (("amara", "Amara", "Finch"),)),
    ("988 line", UnitKind.CRISIS_LINE, COMMUNITY_SAFETY, False, (("silas", "Silas", "Bough"),)),
    ("Traffic desk", UnitKind.TRAFFIC_DESK, EMERGENCY_CENTER, False,
     (("june", "June", "Parrish"),)),
    ("Report desk", UnitKind.REPORT_DESK, EMERGENCY_CENTER, False, (("omar", "Omar", "Teague"),)),
    ("Self-service", UnitKind.SELF_SERVICE, EMERGENCY_CENTER, False, ()),
)  # fmt: skip

SHIFT_HOURS = 8


@dataclass(frozen=True)
class Staff:
    """Who was made: people by username, units by call sign."""

    people: dict[str, User]
    units: dict[str, Unit]


def hire(drawn: SampleMap, seed: int, now: datetime) -> Staff:
    """Make the agencies, people and units; every unit stands somewhere on the map."""
    generator = random.Random(seed)  # noqa: S311 (a sample, not a secret)
    agencies = {
        name: Agency.objects.create(name=name)
        for name in (COMMUNITY_SAFETY, EMERGENCY_CENTER, POLICE, FIRE)
    }
    people = {
        username: _person(username, first, last, [role], agencies[agency])
        for username, first, last, role, agency in STAFF
    }
    units = {}
    for call_sign, kind, agency, one_at_a_time, crew in UNITS:
        street = generator.choice(drawn.streets)
        _address, latitude, longitude = street.address(generator.random())
        units[call_sign] = Unit.objects.create(
            call_sign=call_sign,
            kind=kind,
            agency=agencies[agency],
            one_at_a_time=one_at_a_time,
            latitude=latitude if one_at_a_time else None,
            longitude=longitude if one_at_a_time else None,
            position_at=now if one_at_a_time else None,
        )
        for username, first, last in crew:
            people[username] = _person(username, first, last, [Role.RESPONDER], agencies[agency])
    return Staff(people, units)


def simulated_desk() -> User:
    """Whom the calls and assignments of a play are by: a program, and named as one."""
    desk = User.objects.filter(username=PLAYER).first()
    if desk is None:
        roles = [Role.CALL_TAKER, Role.DISPATCHER]
        agency = Agency.objects.get(name=EMERGENCY_CENTER)
        desk = _person(PLAYER, "Simulated", "desk", roles, agency)
    return desk


def crew_of(unit: Unit) -> tuple[str, ...]:
    """The user names of a unit's crew; empty for one that nobody crews, or that is not ours."""
    crews = {call_sign: crew for call_sign, *_, crew in UNITS}
    return tuple(username for username, *_name in crews.get(unit.call_sign, ()))


def plan_shifts(*, from_at: datetime, until: datetime) -> int:
    """Put every unit and its crew on shift, back to back, where no shift is planned yet.

    A real crew sleeps; the crews of the sample city do not, so that whoever signs in has a shift.
    """
    crews = {call_sign: [member[0] for member in crew] for call_sign, *_, crew in UNITS}
    users = {user.username: user for user in User.objects.all()}
    length = timedelta(hours=SHIFT_HOURS)
    first = from_at.replace(minute=0, second=0, microsecond=0)
    first -= timedelta(hours=first.hour % SHIFT_HOURS)
    planned = set(
        Shift.objects.filter(ends_at__gt=from_at).values_list("unit__call_sign", "starts_at")
    )
    shifts, crew_of = [], []
    for unit in Unit.objects.filter(call_sign__in=crews):
        starts_at = first
        while starts_at < until:
            if (unit.call_sign, starts_at) not in planned:
                shifts.append(Shift(unit=unit, starts_at=starts_at, ends_at=starts_at + length))
                crew_of.append(crews[unit.call_sign])
            starts_at += length
    Shift.objects.bulk_create(shifts)
    Shift.crew.through.objects.bulk_create(
        Shift.crew.through(shift_id=shift.pk, user_id=users[username].pk)
        for shift, crew in zip(shifts, crew_of, strict=True)
        for username in crew
    )
    return len(shifts)


def _person(username: str, first: str, last: str, roles: list[Role], agency: Agency) -> User:
    user = User(
        username=username,
        first_name=first,
        last_name=last,
        roles=[role.value for role in roles],
        agency=agency,
    )
    user.set_unusable_password()
    user.save()
    return user
