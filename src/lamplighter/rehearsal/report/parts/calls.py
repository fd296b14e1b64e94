"""How many calls, about what, when and where: the first question of a city."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from math import nan

from lamplighter.pictures import Bar, End, Frame, Piece, bars, flows, heat
from lamplighter.policy.model import Words
from lamplighter.rehearsal.observed import Array
from lamplighter.rehearsal.report.few import FEWEST, blocks, few_in_grid
from lamplighter.rehearsal.report.figure import Figure
from lamplighter.rehearsal.report.say import FEW, WEEKDAYS, Say
from lamplighter.rehearsal.report.section import Section
from lamplighter.rehearsal.report.sheet import Column, Sheet, Value
from lamplighter.rehearsal.report.shown import Shown

_MOST_NATURES = 11
_KM2_IN_SQUARE_MILE = 2.589988


def calls_section(shown: Shown) -> Section:
    """Who would answer, with bounds; from what to whom; when and where the teams' calls are."""
    replay = shown.rehearsal.replay
    lead = Words(
        f"The file has {replay.calls:,} calls for help. What it tells of each is not enough to be "
        f"sure who would go: {_percent(replay.decided, replay.calls)} are decided by it alone. "
        "For the rest the questions that a call taker would ask stay open, so each answer below "
        "has a floor that is certain, a ceiling that is possible, and between them what follows "
        "from stated shares of answers.",
        f"El archivo tiene {replay.calls:,} llamadas de ayuda. Lo que dice de cada una no basta "
        f"para saber quién iría: {_percent(replay.decided, replay.calls)} quedan decididas solo "
        "con eso. En las demás siguen abiertas las preguntas que haría quien contesta; por eso "
        "cada respuesta tiene un mínimo seguro, un máximo posible y, en medio, lo que resulta de "
        "proporciones declaradas de respuestas.",
    )
    figures = [responders(shown), stream(shown), of_the_week(shown), calls_map(shown)]
    return Section(
        "calls",
        Words("How many calls, and where?", "¿Cuántas llamadas, y dónde?"),
        Words("Calls", "Llamadas"),
        (lead,),
        tuple(figure for figure in figures if figure is not None),
    )


def _percent(part: float, whole: float) -> str:
    return Say("en").share(part / whole) if whole else "–"


def responders(shown: Shown) -> Figure:
    """For each responder the share of calls for certain, at most, and as drawn."""
    replay = shown.rehearsal.replay
    whole = max(replay.calls, 1)
    drawn = _by_responder(shown)
    all_drawn = max(sum(drawn.values()), 1)
    bounds = sorted(
        (one for one in replay.outputs[0].bounds if one.at_most >= FEWEST),
        key=lambda one: -drawn.get(str(one.value), 0),
    )
    rows: list[tuple[Value, ...]] = []
    for one in bounds:
        value = str(one.value)
        rows.append(
            (
                shown.responder(value),
                _told(one.at_least, whole),
                _told(drawn.get(value, 0), all_drawn),
                _told(one.at_most, whole),
            )
        )
    columns = (
        Column("responder", Words("Who goes", "Quién va")),
        Column("at_least", Words("For certain", "Con seguridad"), "share"),
        Column("as_rehearsed", Words("As rehearsed", "Según el ensayo"), "share"),
        Column("at_most", Words("At most", "Como máximo"), "share"),
    )

    def draw(say: Say, frame: Frame) -> str:
        listed = []
        for one, row in zip(bounds, rows, strict=True):
            least, share, most = (0.0 if cell is None else float(str(cell)) for cell in row[1:])
            said = say.share(share)
            if row[2] is None:
                said = f"<{say.share(FEWEST / all_drawn)}"
            tone = shown.tone(str(one.value))
            name = say.of(shown.responder(str(one.value)))
            listed.append(
                Bar(
                    name,
                    (
                        Piece(least, tone, f"{name}: {say('at least', 'al menos')} {least:.1%}"),
                        Piece(
                            most - least,
                            f"{tone} hatched",
                            f"{name}: {say('at most', 'como máximo')} {most:.1%}",
                        ),
                    ),
                    f"{said} ({least:.0%}–{most:.0%})",
                    mark=share or None,
                )
            )
        legend = (
            ("tone-team", say("rehearsed teams, certain", "equipos del ensayo, seguro")),
            ("tone-team hatched", say("possible", "posible")),
            ("tone-police", say("police", "policía")),
            ("tone-medical", say("ambulance, fire", "ambulancia, bomberos")),
            ("tone-desk", say("phone and desks", "teléfono y oficinas")),
            ("tone-other", say("others", "otros")),
        )
        head = say("rehearsed (certain–possible)", "ensayado (seguro–posible)")
        return bars(frame, listed, legend=legend, head=head)

    return Figure(
        Sheet(
            "responders",
            Words("Who would go to a call", "Quién iría a una llamada"),
            columns,
            tuple(rows),
        ),
        Words(
            "What is certain, what is possible, and what the rehearsal took",
            "Lo seguro, lo posible y lo que tomó el ensayo",
        ),
        Words(
            "Solid: whatever callers would say. Hatched: only for some answers. The upright mark "
            "is the share that was rehearsed.",
            "Lleno: sea cual sea la respuesta. Rayado: solo con algunas respuestas. La marca "
            "vertical es la proporción ensayada.",
        ),
        draw,
    )


def _told(count: int, whole: int) -> float | None:
    """A share, where it is not of few calls."""
    return None if 0 < count < FEWEST else count / whole


def _by_responder(shown: Shown) -> Counter[str]:
    calls = shown.asked.calls
    places: Array = calls.responder
    counts: Counter[str] = Counter()
    for place in places.tolist():
        counts[calls.responders[place]] += 1
    return counts


def stream(shown: Shown) -> Figure:
    """From what a call is about to who goes, with the bounds of each."""
    calls, replay = shown.asked.calls, shown.rehearsal.replay
    counted = Counter(zip(calls.nature.tolist(), calls.responder.tolist(), strict=True))
    by_nature: Counter[int] = Counter()
    by_responder: Counter[int] = Counter()
    for (nature, responder), count in counted.items():
        by_nature[nature] += count
        by_responder[responder] += count
    known = [nature for nature, _ in by_nature.most_common() if nature >= 0]
    wanted = [
        nature
        for nature in known
        if by_nature[nature] >= FEWEST and shown.asked.calls.natures[nature]
    ][:_MOST_NATURES]
    targets = [one for one, count in by_responder.most_common() if count >= FEWEST]
    targets.sort(
        key=lambda one: (shown.tone(calls.responders[one]) != "tone-team", -by_responder[one])
    )
    left = {nature: place for place, nature in enumerate(wanted)}
    right = {one: place for place, one in enumerate(targets)}
    rest_left, rest_right = len(wanted), len(targets)
    sizes: Counter[tuple[int, int]] = Counter()
    for (nature, responder), count in counted.items():
        sizes[left.get(nature, rest_left), right.get(responder, rest_right)] += count
    sources: list[Words | str] = [shown.nature(calls.natures[one]) for one in wanted]
    sources.append(Words("All other calls", "Las demás llamadas"))
    ends: list[Words | str] = [shown.responder(calls.responders[one]) for one in targets]
    ends.append(Words("Others", "Otros"))
    tones = [shown.tone(calls.responders[one]) for one in targets] + ["tone-other"]
    bounds = _nature_bounds(shown)
    hidden = few_in_grid([[sizes[a, b] for b in range(len(ends))] for a in range(len(sources))])
    rows: list[tuple[Value, ...]] = []
    for a, b in sorted(sizes):
        low: Value = float("nan")
        high: Value = float("nan")
        if a < rest_left and b < rest_right:
            found = bounds.get((calls.natures[wanted[a]], calls.responders[targets[b]]), (0, 0))
            low, high = (None if 0 < one < FEWEST else one for one in found)
        rows.append((sources[a], ends[b], None if hidden[a][b] else sizes[a, b], low, high))
    whole = max(len(calls), 1)
    per = {str(one.value): one for one in replay.outputs[0].bounds}

    def note(say: Say, place: int) -> str:
        if place >= rest_right:
            return ""
        value = calls.responders[targets[place]]
        share = by_responder[targets[place]] / whole
        one = per.get(value)
        if one is None or not replay.calls:
            return say.share(share)
        least, most = one.at_least / replay.calls, one.at_most / replay.calls
        return f"{say.share(share)} ({least:.0%}–{most:.0%})"

    def draw(say: Say, frame: Frame) -> str:
        shown_sizes = {pair: float(size) for pair, size in sizes.items()}
        return flows(
            frame,
            [
                End(say.of(name), say.count(sum(s for (a, _), s in sizes.items() if a == place)))
                for place, name in enumerate(sources)
            ],
            [End(say.of(name), note(say, place), tones[place]) for place, name in enumerate(ends)],
            shown_sizes,
            {
                (a, b): f"{say.of(sources[a])} → {say.of(ends[b])}: "
                + (say.count(size) if size >= FEWEST else say.of(FEW))
                for (a, b), size in sizes.items()
            },
        )

    return Figure(
        Sheet(
            "flows",
            Words("From what a call is about to who goes", "De qué trata la llamada a quién va"),
            (
                Column("nature", Words("About", "De qué trata")),
                Column("responder", Words("Who goes", "Quién va")),
                Column("calls", Words("Calls, as rehearsed", "Llamadas, según el ensayo"), "count"),
                Column("at_least", Words("For certain", "Con seguridad"), "count"),
                Column("at_most", Words("At most", "Como máximo"), "count"),
            ),
            tuple(rows),
        ),
        _who_gets_most(shown),
        Words(
            "On the left what comes in, on the right who goes. A band is as wide as the calls that "
            "it carries. In brackets: the share for certain and at most.",
            "A la izquierda lo que llega, a la derecha quién va. Cada banda es tan ancha como las "
            "llamadas que lleva. Entre paréntesis: la proporción segura y la máxima.",
        ),
        draw,
    )


def _who_gets_most(shown: Shown) -> Words:
    """How much goes to the rehearsed teams, and to whoever gets the most besides them."""
    drawn = _by_responder(shown)
    whole = max(sum(drawn.values()), 1)
    own = sum(count for name, count in drawn.items() if name in shown.own_answers) / whole
    others = [(count, name) for name, count in drawn.items() if name not in shown.own_answers]
    en, es = Say("en"), Say("es")
    if not others:
        return Words(f"{en.share(own)} go to the teams", f"{es.share(own)} van a los equipos")
    count, name = max(others)
    most = shown.responder(name)
    return Words(
        f"{en.share(own)} go to the rehearsed teams, {en.share(count / whole)} to: {en.of(most)}",
        f"{es.share(own)} van a los equipos del ensayo, {es.share(count / whole)} a: {es.of(most)}",
    )


def _nature_bounds(shown: Shown) -> Mapping[tuple[str, str], tuple[int, int]]:
    groups = shown.rehearsal.replay.by.get("nature", ())
    return {
        (group.label or "", str(bound.value)): (bound.at_least, bound.at_most)
        for group in groups
        for bound in group.bounds
    }


def of_the_week(shown: Shown) -> Figure:
    """The teams' own calls by weekday and hour, in blocks that no cell gives anybody away."""
    hours, grid = blocks(shown.asked.week.team_calls)
    hidden = few_in_grid(grid)
    names = [
        f"{at:02d}" if hours == 1 else f"{at:02d}–{at + hours:02d}" for at in range(0, 24, hours)
    ]
    weeks = [max(sum(shown.asked.week.hours[d * 24 : d * 24 + 24]) / 24, 1) for d in range(7)]
    missing = [not any(shown.asked.week.hours[d * 24 : d * 24 + 24]) for d in range(7)]
    values = [
        [
            nan if missing[day] else None if hide else cell / weeks[day]
            for cell, hide in zip(row, hides, strict=True)
        ]
        for day, (row, hides) in enumerate(zip(grid, hidden, strict=True))
    ]
    rows = tuple(
        (WEEKDAYS[day], names[c], values[day][c]) for day in range(7) for c in range(len(names))
    )
    busiest = max(
        (
            (v, d, c)
            for d, line in enumerate(values)
            for c, v in enumerate(line)
            if v is not None and v == v
        ),
        default=(0.0, 0, 0),
    )
    day, at = WEEKDAYS[busiest[1]], busiest[2] * hours
    when = f"{at:02d}:00–{at + hours:02d}:00"

    def draw(say: Say, frame: Frame) -> str:
        return heat(
            frame,
            [say.of(one) for one in WEEKDAYS],
            [name[:2] if frame.width < 500 or hours < 3 else name for name in names],
            values,
            show=say.rate,
            empty=say("not in the file", "no está en el archivo"),
            hidden=say.of(FEW),
            across=say("hour of the day", "hora del día"),
            unit=say("calls in such a block of hours", "llamadas en un bloque así"),
        )

    return Figure(
        Sheet(
            "calls_by_week",
            Words("When the teams' calls come in", "Cuándo entran las llamadas de los equipos"),
            (
                Column("weekday", Words("Day", "Día")),
                Column("hours", Words("Hours", "Horas")),
                Column(
                    "calls_a_day", Words("Calls on such a day", "Llamadas en un día así"), "rate"
                ),
            ),
            rows,
        ),
        Words(
            f"The busiest hours: {day.en}, {when}",
            f"Las horas con más llamadas: {day.es}, {when}",
        ),
        Words(
            "Calls that the rehearsed teams are to answer, on a mean day, in blocks of "
            + ("one hour." if hours == 1 else f"{hours} hours."),
            "Llamadas que tocan a los equipos del ensayo, en un día medio, en bloques de "
            + ("una hora." if hours == 1 else f"{hours} horas."),
        ),
        draw,
    )


def calls_map(shown: Shown) -> Figure | None:
    """Where the teams' own calls come from, for the ground that they come from."""
    areas, joined = shown.rehearsal.areas, shown.rehearsal.regions
    if areas is None or joined is None:
        return None
    ground: Counter[str] = Counter()
    for number, km2 in zip(joined.of_area, areas.area_km2.tolist(), strict=True):
        ground[joined.names[number]] += km2 / _KM2_IN_SQUARE_MILE
    return shown.map(
        (
            "calls_by_area",
            Words(
                "Where the teams' calls come from", "De dónde vienen las llamadas de los equipos"
            ),
            Column(
                "calls_a_week_per_square_mile",
                Words("Calls a week per square mile", "Llamadas por semana y milla cuadrada"),
                "rate",
            ),
        ),
        Words(
            "Calls for the teams, a week per square mile",
            "Llamadas para los equipos, por semana y milla cuadrada",
        ),
        Words(
            "No address and no single call is shown: neighboring areas of few calls are told as "
            "one, and + 3 stands for three more areas.",
            "No se muestra ninguna dirección ni llamada: las zonas vecinas de pocas llamadas van "
            "juntas, y + 3 quiere decir tres zonas más.",
        ),
        lambda group: group.calls / shown.weeks / max(ground[group.label], 1e-9),
        lambda say, value: say.rate(value),
    )
