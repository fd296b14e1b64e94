"""Two policies side by side: what moves from whom to whom, and what the teams would make of it."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence

from lamplighter.pictures import Bar, Frame, Pair, Piece, bars, pairs
from lamplighter.policy.model import Policy, Words
from lamplighter.policy.replay import Comparison
from lamplighter.rehearsal.observed import difference, interval
from lamplighter.rehearsal.rehearsing import Scenario
from lamplighter.rehearsal.report.few import FEWEST
from lamplighter.rehearsal.report.figure import Figure
from lamplighter.rehearsal.report.gate import Secret, Sum, kept_back
from lamplighter.rehearsal.report.kept_outcomes import count, few_reached, is_few, whole_hidden
from lamplighter.rehearsal.report.say import Say
from lamplighter.rehearsal.report.section import Section
from lamplighter.rehearsal.report.sheet import Column, Sheet, Value
from lamplighter.rehearsal.report.shown import Shown

_MEASURES = (
    (
        "calls_a_week",
        Words("Calls for the teams, a week", "Llamadas para los equipos, por semana"),
        "rate",
    ),
    (
        "served_a_week",
        Words("Served by a team, a week", "Atendidas por un equipo, por semana"),
        "rate",
    ),
    ("served", Words("Share served", "Proporción atendida"), "share"),
    ("taken_over", Words("Share taken over by others", "Proporción que pasa a otros"), "share"),
    ("nobody", Words("Share to which nobody comes", "Proporción a la que no va nadie"), "share"),
    ("median_minutes", Words("Half within", "La mitad en"), "minutes"),
    ("p90_minutes", Words("Nine of ten within", "Nueve de diez en"), "minutes"),
)


# Measures that are counts of calls, or with them come to such, and of which outcome.
_COUNTED = {
    "calls_a_week": None,
    "served_a_week": "served",
    "served": "served",
    "taken_over": "taken_over",
    "nobody": "nobody",
}
_UNITS = {
    "rate": Words("calls a week", "llamadas por semana"),
    "share": Words("share, from 0 to 1", "proporción, de 0 a 1"),
    "minutes": Words("minutes", "minutos"),
}


def against_section(shown: Shown) -> Section | None:
    """None where the rehearsal has no second policy."""
    if shown.rehearsal.against is None:
        return None
    other, own = _names(shown)
    lead = Words(
        f"The same calls, answers, teams and chance, once under {other} and once under {own}. So "
        "a difference comes from the rules alone.",
        f"Las mismas llamadas, respuestas, equipos y azar, una vez con {other} y otra con {own}. "
        "Así la diferencia viene solo de las reglas.",
    )
    figures = [side_by_side(shown), moved(shown)]
    return Section(
        "against",
        Words("What would the other policy do?", "¿Qué haría la otra política?"),
        Words("Comparison", "Comparación"),
        (lead,),
        tuple(figure for figure in figures if figure is not None),
        sheets=both_bounds(shown),
    )


def both_bounds(shown: Shown) -> tuple[Sheet, ...]:
    """What each responder gets for certain and at most under both policies, without any draw."""
    found = shown.rehearsal
    if found.replay_against is None:
        return ()
    names = _names(shown)
    whole = max(found.replay.calls, 1)
    other = {str(one.value): one for one in found.replay_against.outputs[0].bounds}

    def before_of(count: int, after: int) -> float | None:
        """Not told where it is of few calls, or differs by few from what it is now."""
        differs = abs(count - after)
        return None if 0 < count < FEWEST or 0 < differs < FEWEST else count / whole

    rows: list[tuple[Value, ...]] = []
    for one in found.replay.outputs[0].bounds:
        before = other.get(str(one.value))
        if one.at_most < FEWEST:
            continue
        ends = (before.at_least, before.at_most) if before is not None else (0, 0)
        rows.append(
            (
                shown.responder(str(one.value)),
                before_of(ends[0], one.at_least),
                before_of(ends[1], one.at_most),
                None if str(one.value) in shown.kept.certain else one.at_least / whole,
                None if str(one.value) in shown.kept.possible else one.at_most / whole,
            )
        )
    columns = (
        Column("responder", Words("Who goes", "Quién va")),
        Column(
            "before_at_least", Words(f"For certain, {names[0]}", f"Seguro, {names[0]}"), "share"
        ),
        Column("before_at_most", Words("At most", "Como máximo"), "share"),
        Column("after_at_least", Words(f"For certain, {names[1]}", f"Seguro, {names[1]}"), "share"),
        Column("after_at_most", Words("At most", "Como máximo"), "share"),
    )
    title = Words("Who goes for certain and at most", "Quién va con seguridad y como máximo")
    return (Sheet("bounds_against", title, columns, tuple(rows)),)


def _names(shown: Shown) -> tuple[str, str]:
    """The other policy and the rehearsed one, with fingerprints where the rest is the same."""
    rehearsed = shown.rehearsal.policy
    other = shown.rehearsal.against.policy if shown.rehearsal.against else rehearsed
    same = (other.name, other.version) == (rehearsed.name, rehearsed.version)

    def name(policy: Policy) -> str:
        mark = f", {policy.content_hash[:6]}" if same else ""
        return f"{policy.name} ({policy.version}{mark})"

    return name(other), name(rehearsed)


def _of_few(before: Scenario, after: Scenario) -> tuple[Collection[str], Collection[str]]:
    """The measures not told of the other policy as they differ by few calls, and of neither.

    The second are among the first.
    """
    ends = before.own.whole, after.own.whole
    if is_few(abs(ends[0].calls - ends[1].calls)):
        differ = set(_COUNTED)
    else:
        differ = {
            name
            for name, outcome in _COUNTED.items()
            if outcome and is_few(abs(count(ends[0], outcome) - count(ends[1], outcome)))
        }
    hidden = whole_hidden(before) | whole_hidden(after)
    alone = {name for name, outcome in _COUNTED.items() if outcome in hidden}
    if few_reached(ends[0]) or few_reached(ends[1]):
        alone |= {"median_minutes", "p90_minutes"}
    return differ | alone, alone


def side_by_side(shown: Shown) -> Figure | None:
    """Each measure under both policies, and the difference with its interval, pair by pair."""
    before_scenario = shown.rehearsal.against
    if before_scenario is None:
        return None
    before, after = before_scenario.measures, shown.asked.measures
    kept, alone = _of_few(before_scenario, shown.asked)
    found = [
        (
            name,
            words,
            kind,
            interval(getattr(before, name)),
            interval(getattr(after, name)),
            difference(getattr(after, name), getattr(before, name)),
        )
        for name, words, kind in _MEASURES
    ]
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (words, None, None if name in alone else second.mean, None, None, None, _UNITS[kind])
        if name in kept
        else (words, first.mean, second.mean, change.mean, change.low, change.high, _UNITS[kind])
        for name, words, kind, first, second, change in found
    )
    names = _names(shown)

    def most(kind: str, *values: float) -> float:
        if kind == "share":
            return 1.0
        return max([value for value in values if value == value], default=1.0) * 1.4

    def draw(say: Say, frame: Frame) -> str:
        listed = [
            # Of what is kept back both marks stand where the rehearsed policy has them.
            Pair(
                say.of(words),
                second.mean,
                second.mean,
                "–",
                getattr(say, kind)(second.mean),
                say("few calls differ", "difieren pocas llamadas"),
                most(kind, second.mean),
            )
            if name in kept
            else Pair(
                say.of(words),
                first.mean if first.mean == first.mean else 0.0,
                second.mean if second.mean == second.mean else 0.0,
                getattr(say, kind)(first.mean),
                getattr(say, kind)(second.mean),
                say.change(change, kind),
                most(kind, first.mean, second.mean),
            )
            for name, words, kind, first, second, change in found
            if name not in alone
        ]
        return pairs(frame, listed, *names)

    return Figure(
        Sheet(
            "side_by_side",
            Words("Two policies, the same teams", "Dos políticas, los mismos equipos"),
            (
                Column("measure", Words("Measure", "Medida")),
                Column("before", Words(f"Under {names[0]}", f"Con {names[0]}"), "number"),
                Column("after", Words(f"Under {names[1]}", f"Con {names[1]}"), "number"),
                Column("difference", Words("Difference", "Diferencia"), "number"),
                Column("low", Words("from", "desde"), "number"),
                Column("high", Words("to", "hasta"), "number"),
                Column("unit", Words("Unit", "Unidad")),
            ),
            rows,
        ),
        Words(
            "What changes for the teams, and by how much", "Qué cambia para los equipos, y cuánto"
        ),
        Words(
            "Ring: the other policy. Disc: the policy that is rehearsed. On the right the "
            "difference with its range.",
            "Anillo: la otra política. Disco: la política del ensayo. A la derecha la diferencia "
            "con su margen.",
        ),
        draw,
    )


def _moved_hidden(compared: Comparison) -> Collection[Hashable]:
    """Of the flows those of which the floor is not told: the rest of all that move would tell it.

    Nor is it told where the ceiling, which is, is a few calls higher.
    """
    flows = [flow for flow in compared.flows if flow.before != flow.after]
    counts = [flow.at_least for flow in flows]
    sums = [
        Sum((flow.before, flow.after), frozenset([at]), 0)
        for at, flow in enumerate(flows)
        if not is_few(flow.at_most - flow.at_least)
    ]
    sums.append(Sum("all", frozenset(range(len(flows))), 1 if is_few(sum(counts)) else None))
    told = {(flow.before, flow.after) for flow in flows}
    return told - {one.key for one in sums} | kept_back(Secret(counts), sums)


def moved(shown: Shown) -> Figure | None:
    """From whom to whom calls move, for certain and at most; no draw is in this."""
    compared = shown.rehearsal.compared
    if compared is None:
        return None
    whole = max(compared.calls, 1)
    flows = [
        flow for flow in compared.flows if flow.at_most >= FEWEST and flow.before != flow.after
    ]
    flows = sorted(flows, key=lambda flow: -flow.at_most)[:12]

    def name(say: Say, values: Sequence[object]) -> str:
        return " → ".join(say.of(shown.responder(str(value))) for value in values)

    hidden = _moved_hidden(compared)
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (
            name(Say("en"), (flow.before, flow.after)),
            None if (flow.before, flow.after) in hidden else flow.at_least,
            flow.at_most,
        )
        for flow in flows
    )

    def draw(say: Say, frame: Frame) -> str:
        listed = []
        for flow in flows:
            words = name(say, (flow.before, flow.after))
            few = (flow.before, flow.after) in hidden
            least, most = 0.0 if few else flow.at_least / whole, flow.at_most / whole
            listed.append(
                Bar(
                    words,
                    (
                        Piece(
                            least,
                            "tone-team",
                            f"{words}: {say('at least', 'al menos')} {least:.1%}",
                        ),
                        Piece(
                            most - least,
                            "tone-team hatched",
                            f"{words}: {say('at most', 'como máximo')} {most:.1%}",
                        ),
                    ),
                    f"{'…' if few else say.share(least)}–{say.share(most)}",
                )
            )
        return bars(
            frame,
            listed,
            legend=(
                ("tone-team", say("for certain", "con seguridad")),
                ("tone-team hatched", say("possible", "posible")),
            ),
        )

    en, es = Say("en"), Say("es")
    moves, may = compared.moves, compared.moves + compared.may_move
    return Figure(
        Sheet(
            "moved",
            Words("From whom to whom calls move", "De quién a quién pasan las llamadas"),
            (
                Column("from_to", Words("From → to", "De → a")),
                Column("at_least", Words("For certain", "Con seguridad"), "count"),
                Column("at_most", Words("At most", "Como máximo"), "count"),
            ),
            rows,
        ),
        Words(
            f"{en.part(moves, whole, FEWEST)} of all calls go to somebody else for certain, "
            f"{en.part(may, whole, FEWEST)} at most",
            f"{es.part(moves, whole, FEWEST)} de todas las llamadas cambian con seguridad, "
            f"{es.part(may, whole, FEWEST)} como máximo",
        ),
        Words(
            "Counted with every answer that callers could give, the same under both policies.",
            "Contado con todas las respuestas que podrían dar quienes llaman, las mismas en "
            "ambas políticas.",
        ),
        draw,
    )
