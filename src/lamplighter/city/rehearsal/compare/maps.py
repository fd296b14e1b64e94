"""Maps side by side: all scenarios on one scale, then where the others differ from the first."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import nan

from lamplighter.pictures import Change, Frame, Outlines, choropleth, map_of_changes
from lamplighter.pictures.svg import steps
from lamplighter.policy.model import Words
from lamplighter.rehearsal.outcome import Interval
from lamplighter.rehearsal.report.say import FEW, Say
from lamplighter.rehearsal.report.sheet import Column, Kind, Sheet, Value

from .areas import AreaFigure, area_figures, change_of, parts_of
from .difference import difference_in_words
from .sides import Side

SHADES = 5
# Maps stand side by side on a desk and below each other on a phone, so one width does for both.
_WIDTH = 340
_OTHER_GROUND = Words("told with other neighbors", "va junto con otras zonas")


@dataclass(frozen=True)
class MapOf:
    """A map with the words above it. `svg` is the library's own."""

    title: str
    svg: str


@dataclass(frozen=True)
class MapPanel:
    """The same figure of all scenarios as maps, and its table. `table` is the library's own."""

    key: str
    title: str
    note: str
    maps: tuple[MapOf, ...]
    changes: tuple[MapOf, ...]
    table: str


@dataclass(frozen=True)
class _Measure:
    """What is drawn: the name in a run's groups, how it is written, whether more is better."""

    key: str
    name: str
    title: Words
    kind: Kind
    more_is_better: bool


_MEASURES = (
    _Measure(
        "map-served",
        "served",
        Words(
            "Where the teams reach their calls",
            "Dónde los equipos atienden sus llamadas",
        ),
        "share",
        True,
    ),
    _Measure(
        "map-minutes",
        "p50",
        Words(
            "Where half the calls have somebody there within so many minutes",
            "Dónde la mitad de las llamadas tiene a alguien en tantos minutos",
        ),
        "minutes",
        False,
    ),
)
_NOTE = Words(
    "The maps of the scenarios have one scale. On the map of the difference a number stands where "
    "it is certain; it is reckoned as if the two did not share their chance, so little is called "
    "certain that is not. Areas of few calls are told with their neighbors.",
    "Los mapas de los escenarios tienen una misma escala. En el mapa de la diferencia hay un "
    "número donde es segura; se calcula como si no compartieran el azar, así que poco se llama "
    "seguro que no lo sea. Las zonas con pocas llamadas van con sus vecinas.",
)


def draw_maps(
    sides: Sequence[Side], shapes: Outlines | None, language: str, *, can_differ: bool
) -> tuple[MapPanel, ...]:
    """Who is reached where, and how soon; nothing where runs tell of no areas, or of others."""
    if shapes is None or any(not side.result.get("regions") for side in sides):
        return ()
    if any(side.scenario.areas != sides[0].scenario.areas for side in sides[1:]):
        return ()
    say = Say("es" if language == "es" else "en")
    return tuple(_panel(one, sides, shapes, say, can_differ) for one in _MEASURES)


def _panel(
    measure: _Measure, sides: Sequence[Side], shapes: Outlines, say: Say, can_differ: bool
) -> MapPanel:
    figures = [area_figures(side, measure.name) for side in sides]
    show: Callable[[float], str] = getattr(say, measure.kind)
    told = [
        figure.value.mean
        for one in figures
        for figure in {figure.part: figure for figure in one.values()}.values()
        if figure.value is not None
    ]
    bounds = steps(told, SHADES)
    maps = tuple(
        MapOf(side.called, _map(measure, side, figure, shapes, bounds, say, show))
        for side, figure in zip(sides, figures, strict=True)
    )
    changes = tuple(
        MapOf(
            say(
                f"{side.letter} instead of {sides[0].letter}",
                f"{side.letter} en lugar de {sides[0].letter}",
            ),
            _changes(measure, side, figures[0], figure, shapes, say),
        )
        for side, figure in zip(sides[1:], figures[1:], strict=True)
        if can_differ
    )
    return MapPanel(
        measure.key,
        say.of(measure.title),
        say.of(_NOTE),
        maps,
        changes,
        _sheet(measure, sides, figures, can_differ).html(say),
    )


def _map(
    measure: _Measure,
    side: Side,
    figures: Mapping[str, AreaFigure],
    shapes: Outlines,
    bounds: Sequence[float],
    say: Say,
    show: Callable[[float], str],
) -> str:
    values: list[float | None] = []
    for name in shapes.names:
        figure = figures.get(name)
        if figure is not None and figure.value is None and figure.calls:
            values.append(None)
        else:
            values.append(nan if figure is None or figure.value is None else figure.value.mean)
    called = [figures[name].part if name in figures else name for name in shapes.names]
    return choropleth(
        Frame(f"{measure.key}-{side.letter}", side.called, say.of(measure.title), _WIDTH),
        shapes,
        values,
        show=show,
        hidden=say.of(FEW),
        empty=say("no calls", "sin llamadas"),
        together=called,
        named=0,
        bounds=bounds,
    )


def _changes(
    measure: _Measure,
    side: Side,
    first: Mapping[str, AreaFigure],
    other: Mapping[str, AreaFigure],
    shapes: Outlines,
    say: Say,
) -> str:
    drawn, numbered = [], set()
    changed = [change_of(first.get(name), other.get(name)) for name in shapes.names]
    most = max((abs(change.mean) for change in changed if change is not None), default=0.0)
    for name in shapes.names:
        before, after = first.get(name), other.get(name)
        change = change_of(before, after)
        if change is None or after is None:
            drawn.append(Change(say.of(_OTHER_GROUND), told=False))
            continue
        told = difference_in_words(change, measure.kind, say, more_is_better=measure.more_is_better)
        way = {"better": True, "worse": False}.get(told.verdict)
        short = ""
        # Areas that are told as one have one number.
        if way is not None and after.part not in numbered:
            numbered.add(after.part)
            short = told.mean
        says = f"{after.part}: {told.says}"
        drawn.append(Change(says, way, short, abs(change.mean) / (most or 1.0)))
    more, less = _words(measure)
    return map_of_changes(
        Frame(
            f"{measure.key}-change-{side.letter}",
            say(f"What {side.letter} changes", f"Qué cambia con {side.letter}"),
            say.of(measure.title),
            _WIDTH,
        ),
        shapes,
        drawn,
        better=say.of(more if measure.more_is_better else less),
        worse=say.of(less if measure.more_is_better else more),
        open_=say("not certain", "no es seguro"),
        hidden=say.of(_OTHER_GROUND),
    )


def _words(measure: _Measure) -> tuple[Words, Words]:
    if measure.kind == "share":
        return (
            Words("more are reached (points)", "se atienden más (puntos)"),
            Words("fewer are reached (points)", "se atienden menos (puntos)"),
        )
    return (
        Words("it takes longer (minutes)", "se tarda más (minutos)"),
        Words("it is faster (minutes)", "es más rápido (minutos)"),
    )


def _sheet(
    measure: _Measure,
    sides: Sequence[Side],
    figures: Sequence[Mapping[str, AreaFigure]],
    can_differ: bool,
) -> Sheet:
    """A row for each part of the city, with what each scenario says of it and what differs."""
    rows: list[tuple[Value, ...]] = []
    for part in parts_of(figures):
        member = min(part.members)
        row: list[Value] = [part.part, part.calls or nan]
        others = [one.get(member) for one in figures]
        for one in others:
            row.append(nan if one is None or one.value is None else one.value.mean)
        for one in others[1:]:
            change = change_of(others[0], one)
            row.append(_told(measure, change) if can_differ else "–")
        rows.append(tuple(row))
    changed = [
        Column(
            f"change_{side.letter}",
            Words(
                f"{side.letter} less {sides[0].letter}{_unit(measure)[0]}",
                f"{side.letter} menos {sides[0].letter}{_unit(measure)[1]}",
            ),
        )
        for side in sides[1:]
    ]
    columns = (
        Column("area", Words("Area", "Zona")),
        Column("calls", Words("Calls in the period", "Llamadas en el periodo"), "count"),
        *(Column(side.letter, Words(side.letter, side.letter), measure.kind) for side in sides),
        *changed,
    )
    return Sheet(measure.key, measure.title, columns, tuple(rows))


def _unit(measure: _Measure) -> tuple[str, str]:
    return (", points", ", puntos") if measure.kind == "share" else (", minutes", ", minutos")


def _told(measure: _Measure, change: Interval | None) -> Words:
    if change is None:
        return _OTHER_GROUND
    en, es = (
        difference_in_words(change, measure.kind, Say(code), more_is_better=True)
        for code in ("en", "es")
    )
    if en.verdict == "open":
        return Words(f"{en.in_column}, not certain", f"{es.in_column}, no es seguro")
    return Words(en.in_column, es.in_column)
