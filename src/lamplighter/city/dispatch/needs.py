"""Which kinds of unit an incident needs, which are still missing, and who else could go; pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from lamplighter.city.intake.models import Decision, Responder
from lamplighter.city.intake.queries import leading_of

from .models import Assignment, UnitKind

# When no unit of a kind is free: who goes next, best first. Never somebody unarmed and alone where
# the policy wanted an officer, never without medical skill where it wanted an ambulance if that
# can be helped. A kind that is not listed can still be sent by hand, for a reason.
NEXT_BEST: dict[str, tuple[str, ...]] = {
    UnitKind.POLICE: (UnitKind.CO_RESPONSE,),
    UnitKind.FIRE: (UnitKind.EMS, UnitKind.POLICE),
    UnitKind.EMS: (UnitKind.FIRE, UnitKind.COMMUNITY_TEAM, UnitKind.POLICE),
    UnitKind.CO_RESPONSE: (UnitKind.POLICE,),
    UnitKind.COMMUNITY_TEAM: (UnitKind.CO_RESPONSE, UnitKind.OUTREACH_TEAM, UnitKind.EMS),
    UnitKind.OUTREACH_TEAM: (UnitKind.COMMUNITY_TEAM, UnitKind.CO_RESPONSE),
    UnitKind.VIOLENCE_INTERRUPTERS: (UnitKind.MEDIATION, UnitKind.CO_RESPONSE),
    UnitKind.MEDIATION: (UnitKind.COMMUNITY_TEAM, UnitKind.CO_RESPONSE),
    UnitKind.CLINICIAN_BY_PHONE: (UnitKind.CRISIS_LINE, UnitKind.COMMUNITY_TEAM),
    UnitKind.CRISIS_LINE: (UnitKind.CLINICIAN_BY_PHONE, UnitKind.COMMUNITY_TEAM),
    UnitKind.TRAFFIC_DESK: (UnitKind.REPORT_DESK, UnitKind.POLICE),
    UnitKind.REPORT_DESK: (UnitKind.TRAFFIC_DESK, UnitKind.POLICE),
    UnitKind.SELF_SERVICE: (UnitKind.REPORT_DESK,),
}


NEVER_LEFT_OUT = frozenset({UnitKind.EMS.value, UnitKind.FIRE.value, UnitKind.POLICE.value})


@dataclass(frozen=True)
class Sent:
    """A unit that was sent and not recalled: its kind, and why it went if another was decided."""

    kind: str
    other_kind_reason: str = ""

    @property
    def stands_in(self) -> bool:
        """Whether it went in somebody's stead: of another kind, and not as backup."""
        return self.other_kind_reason not in ("", Assignment.OtherKind.BACKUP)


def kinds_for(responder: str) -> frozenset[str]:
    """The kinds of unit that an answer of the policy asks for; most answers ask for one.

    >>> sorted(kinds_for("ems_and_community_team"))
    ['community_team', 'ems']
    """
    if responder == Responder.EMS_AND_COMMUNITY_TEAM:
        return frozenset({UnitKind.EMS.value, UnitKind.COMMUNITY_TEAM.value})
    return frozenset({UnitKind(responder).value})


def backup_sent_along(responder: str, backup: str) -> frozenset[str]:
    """The kind that the policy sends together with the answer, where it says `with_team`.

    Backup is the other kind of help: an ambulance behind police, fire and co-response, and police
    behind everybody else.

    >>> sorted(backup_sent_along("police", "with_team")), sorted(backup_sent_along("ems", "staged"))
    (['ems'], [])
    """
    if backup != "with_team":
        return frozenset()
    strong = {Responder.POLICE, Responder.FIRE, Responder.CO_RESPONSE}
    return frozenset({UnitKind.EMS.value if responder in strong else UnitKind.POLICE.value})


def decided_kinds(standing: Collection[Decision]) -> frozenset[str]:
    """All kinds that an incident's standing decisions send, one decision for each of its calls.

    The most urgent decides. Of the others' answers, those who save a life or stop somebody come
    too: what a second caller saw is not lost because the first call is as urgent.
    """
    leading = leading_of(standing)
    kinds = {decision: _kinds_of(decision) for decision in standing}
    return kinds[leading].union(*(each & NEVER_LEFT_OUT for each in kinds.values()))


def _kinds_of(decision: Decision) -> frozenset[str]:
    return kinds_for(decision.sent_responder) | backup_sent_along(
        decision.responder, decision.backup
    )


def missing(
    decided: frozenset[str], sent: Iterable[Sent], backup_asked: Iterable[str]
) -> frozenset[str]:
    """The kinds that nobody was sent for, as themselves or in their stead.

    Each stand-in takes one place, and the ambulance's last: when in doubt about life, EMS. Backup
    that a team has asked for is missing until it is sent, whoever is there already.
    """
    sent = list(sent)
    open_places = sorted(
        decided - {unit.kind for unit in sent},
        key=lambda kind: (kind == UnitKind.EMS, kind),
    )
    stand_ins = sum(unit.stands_in for unit in sent)
    return frozenset(open_places[stand_ins:]) | frozenset(backup_asked)


def best_first(missing_kinds: frozenset[str]) -> dict[str, int]:
    """Every kind to offer for what is missing: 0 for the right one, then the next best."""
    ranks: dict[str, int] = dict.fromkeys(missing_kinds, 0)
    for kind in sorted(missing_kinds):
        for rank, other in enumerate(NEXT_BEST[kind], start=1):
            ranks[other] = min(rank, ranks.get(other, rank))
    return ranks
