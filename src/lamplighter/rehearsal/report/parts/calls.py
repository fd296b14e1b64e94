"""How many calls, about what, when and where: the first question of a city."""

from __future__ import annotations

from collections import Counter
from math import nan

from lamplighter.pictures import Bar, End, Frame, Piece, bars, flows, heat
from lamplighter.policy.model import Words
from lamplighter.rehearsal.observed import Array
from lamplighter.rehearsal.report.few import FEWEST
from lamplighter.rehearsal.report.figure import Figure
from lamplighter.rehearsal.report.kept import bounds_by_nature
from lamplighter.rehearsal.report.say import FEW, WEEKDAYS, Say
from lamplighter.rehearsal.report.section import Section
from lamplighter.rehearsal.report.sheet import Column, Sheet, Value
from lamplighter.rehearsal.report.shown import Shown

_THIN = FEWEST / 2  # how wide a band of few calls is drawn
_KM2_IN_SQUARE_MILE = 2.589988


def calls_section(shown: Shown) -> Section:
    """Who would answer, with bounds; from what to whom; when and where the teams' calls are."""
    replay = shown.rehearsal.replay
    lead = Words(
        f"The file has {replay.calls:,} calls for help. What it tells of each is not enough to be "
        f"sure who would go: {_en(replay.decided, replay.calls)} are decided by it alone. "
        "For the rest the questions that a call taker would ask stay open, so each answer below "
        "has a floor that is certain, a ceiling that is possible, and between them what follows "
        "from stated shares of answers.",
        f"El archivo tiene {replay.calls:,} llamadas de ayuda. Lo que dice de cada una no basta "
        f"para saber quién iría: {_es(replay.decided, replay.calls)} quedan decididas solo "
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


def _en(part: float, whole: float) -> str:
    return Say("en").part(part, whole, FEWEST)


def _es(part: float, whole: float) -> str:
    return Say("es").part(part, whole, FEWEST)


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
    kept = shown.kept
    rows: list[tuple[Value, ...]] = []
    for one in bounds:
        value = str(one.value)
        rows.append(
            (
                shown.responder(value),
                None if value in kept.certain else one.at_least / whole,
                None if value in kept.responders else drawn.get(value, 0) / all_drawn,
                None if value in kept.possible else one.at_most / whole,
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
            said = "–" if row[2] is None else say.share(share)
            between = "–" if row[3] is None else f"{say.share(least)}–{say.share(most)}"
            tone = shown.tone(str(one.value))
            name = say.of(shown.responder(str(one.value)))
            listed.append(
                Bar(
                    name,
                    (
                        Piece(least, tone, f"{name}: {say('at least', 'al menos')} {least:.1%}"),
                        Piece(
                            max(most - least, 0.0),
                            f"{tone} hatched",
                            f"{name}: {say('at most', 'como máximo')} {most:.1%}",
                        ),
                    ),
                    f"{said} ({between})",
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
            "is the share that was rehearsed. A dash stands where few calls are behind a number.",
            "Lleno: sea cual sea la respuesta. Rayado: solo con algunas respuestas. La marca "
            "vertical es la proporción ensayada. La raya está donde hay pocas llamadas detrás.",
        ),
        draw,
    )


def _by_responder(shown: Shown) -> Counter[str]:
    calls = shown.asked.calls
    places: Array = calls.responder
    counts: Counter[str] = Counter()
    for place in places.tolist():
        counts[calls.responders[place]] += 1
    return counts


def stream(shown: Shown) -> Figure:
    """From what a call is about to who goes, with the bounds of each."""
    calls, replay, kept = shown.asked.calls, shown.rehearsal.replay, shown.kept
    grid = kept.grid
    wanted, targets = grid.natures, grid.responders
    sources: list[Words | str] = [shown.nature(calls.natures[one]) for one in wanted]
    sources.append(Words("All other calls", "Las demás llamadas"))
    ends: list[Words | str] = [shown.responder(calls.responders[one]) for one in targets]
    ends.append(Words("Others", "Otros"))
    tones = [shown.tone(calls.responders[one]) for one in targets] + ["tone-other"]
    bounds = bounds_by_nature(shown.rehearsal)
    rows: list[tuple[Value, ...]] = []
    for a, b in sorted(grid.sizes):
        low: Value = float("nan")
        high: Value = float("nan")
        if a < len(wanted) and b < len(targets):
            pair = calls.natures[wanted[a]], calls.responders[targets[b]]
            found = bounds.get(pair, (0, 0))
            low = None if pair in kept.certain else found[0]
            high = None if pair in kept.possible else found[1]
        rows.append((sources[a], ends[b], grid.told(a, b), low, high))
    by_responder = _by_responder(shown)
    whole = max(len(calls), 1)
    per = {str(one.value): one for one in replay.outputs[0].bounds}

    def came_in(say: Say, row: int) -> str:
        if row in grid.rows:
            return "–"
        count = sum(size for (a, _), size in grid.sizes.items() if a == row)
        return "–" if count < FEWEST else say.count(count)

    def note(say: Say, place: int) -> str:
        if place >= len(targets) or calls.responders[targets[place]] in kept.responders:
            return ""
        value = calls.responders[targets[place]]
        share = say.share(by_responder[value] / whole)
        one = per.get(value)
        if one is None or not replay.calls or value in kept.certain or value in kept.possible:
            return share
        least, most = one.at_least / replay.calls, one.at_most / replay.calls
        return f"{share} ({say.share(least)}–{say.share(most)})"

    def draw(say: Say, frame: Frame) -> str:
        return flows(
            frame,
            [End(say.of(name), came_in(say, place)) for place, name in enumerate(sources)],
            [End(say.of(name), note(say, place), tones[place]) for place, name in enumerate(ends)],
            {
                (a, b): float(told if (told := grid.told(a, b)) is not None else _THIN)
                for a, b in grid.sizes
            },
            {
                (a, b): f"{say.of(sources[a])} → {say.of(ends[b])}: "
                + (say.of(FEW) if (told := grid.told(a, b)) is None else say.count(told))
                for a, b in grid.sizes
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
            "it carries; one of few calls is drawn thin, whatever it carries. In brackets: the "
            "share for certain and at most.",
            "A la izquierda lo que llega, a la derecha quién va. Cada banda es tan ancha como las "
            "llamadas que lleva; la de pocas llamadas es delgada, lleve lo que lleve. Entre "
            "paréntesis: la proporción segura y la máxima.",
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
        f"Rehearsed teams: {en.share(own)}. {en.of(most)}: {en.share(count / whole)}",
        f"Equipos del ensayo: {es.share(own)}. {es.of(most)}: {es.share(count / whole)}",
    )


def of_the_week(shown: Shown) -> Figure:
    """The teams' own calls by weekday and hour, in blocks that no cell gives anybody away."""
    hours, grid = shown.kept.hours, shown.kept.week
    hidden = shown.kept.week_hidden
    names = [
        f"{at:02d}" if hours == 1 else f"{at:02d}–{at + hours:02d}" for at in range(0, 24, hours)
    ]
    weeks = [max(sum(shown.asked.week.hours[d * 24 : d * 24 + 24]) / 24, 1) for d in range(7)]
    missing = [not any(shown.asked.week.hours[d * 24 : d * 24 + 24]) for d in range(7)]
    values = [
        [
            nan if missing[day] else None if (day, at) in hidden else cell / weeks[day]
            for at, cell in enumerate(row)
        ]
        for day, row in enumerate(grid)
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
