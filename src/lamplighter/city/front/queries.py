"""Today in a few numbers, and whom the sample city lets anybody be."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from lamplighter.city.accounts.models import Role, User
from lamplighter.city.dispatch.board import read_board
from lamplighter.city.dispatch.models import Shift, UnitKind
from lamplighter.city.dispatch.queries import crewed_by
from lamplighter.city.intake.models import Call

# The desk of `lamplighter play`: a program of the sample city, nobody whom a person could be.
PLAYER = "player"


@dataclass(frozen=True)
class Today:
    """Counts since midnight on the city's clocks, and of what is open now."""

    calls: int
    open_incidents: int
    waiting: int
    units_on_shift: int
    units_free: int
    mine: int


def today(user: User, now: datetime, midnight: datetime) -> Today:
    """The numbers that the start page shows to a person; what waits is what waits on the board."""
    board = read_board(now)
    teams = [unit for unit in board.units if unit.one_at_a_time and unit.on_shift_until]
    return Today(
        calls=Call.objects.filter(received_at__gte=midnight).count(),
        open_incidents=len(board.incidents),
        waiting=len(board.waiting()),
        units_on_shift=len(teams),
        units_free=sum(unit.state == "free" for unit in teams),
        mine=crewed_by(user).filter(cleared_at=None).count()
        if user.has_role(Role.RESPONDER)
        else 0,
    )


@dataclass(frozen=True)
class Crew:
    """A unit on shift and those of its crew, one button each."""

    call_sign: str
    kind: str
    kind_name: str
    people: tuple[User, ...]


def people_to_try() -> dict[str, list[User]]:
    """The people of the sample city by role, without the responders: they come by crew."""
    people = User.objects.filter(is_active=True).exclude(username=PLAYER)
    people = people.order_by("first_name", "username")
    return {
        role.value: [person for person in people if person.has_role(role)]
        for role in Role
        if role is not Role.RESPONDER
    }


def crews_to_try(now: datetime) -> list[Crew]:
    """The crews on shift, unarmed teams first: they are what there is to see."""
    kinds = [UnitKind.COMMUNITY_TEAM, UnitKind.OUTREACH_TEAM, UnitKind.CO_RESPONSE, *UnitKind]
    shifts = (
        Shift.objects.filter(Q(starts_at__lte=now) & Q(ends_at__gt=now), unit__retired_at=None)
        .select_related("unit")
        .prefetch_related("crew")
    )
    crews = {
        shift.unit.call_sign: Crew(
            shift.unit.call_sign,
            shift.unit.kind,
            shift.unit.get_kind_display(),
            tuple(person for person in shift.crew.all() if person.is_active),
        )
        for shift in shifts
    }
    return sorted(
        (crew for crew in crews.values() if crew.people),
        key=lambda crew: (kinds.index(crew.kind), crew.call_sign),
    )
