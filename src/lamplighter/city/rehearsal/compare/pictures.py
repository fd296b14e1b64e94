"""The pictures of a comparison: all scenarios on the same scale."""

from collections.abc import Mapping, Sequence
from typing import Any

from lamplighter.city.rehearsal.drawn import Drawn, draw
from lamplighter.city.rehearsal.runs.headlines import interval_of
from lamplighter.pictures import Bar, Curve, Frame, Piece, bars, curves, heat
from lamplighter.policy.model import Words
from lamplighter.rehearsal.report.figure import Figure
from lamplighter.rehearsal.report.say import FEW, Say
from lamplighter.rehearsal.report.sheet import Column, Sheet

from .sides import Side

_MOST_AREAS = 12
_TONES = {"A": "tone-team", "B": "tone-over hatched", "C": "tone-medical", "D": "tone-desk hatched"}
_BARS = (
    ("served", "tone-team", Words("a team came", "llegó un equipo")),
    ("taken_over", "tone-over hatched", Words("somebody else came", "llegó alguien más")),
    ("nobody", "tone-nobody", Words("nobody came", "no llegó nadie")),
)


def draw_sides(sides: Sequence[Side], language: str, *, mapped: bool) -> tuple[Drawn, ...]:
    """Who came, by when, at which hour; and where, unless there are maps that show it."""
    say = Say("es" if language == "es" else "en")
    figures = [_who_came(sides), _by_when(sides), _by_hour(sides)]
    if not mapped:
        figures.append(_by_area(sides))
    return tuple(draw(figure, say) for figure in figures if figure is not None)


def _who_came(sides: Sequence[Side]) -> Figure:
    def of(side: Side, name: str) -> float:
        return interval_of(side.result["headline"][name]).mean

    rows = tuple((side.called, *(of(side, name) for name, _, _ in _BARS)) for side in sides)
    columns = (
        Column("scenario", Words("Scenario", "Escenario")),
        *(Column(name, words, "share") for name, _, words in _BARS),
    )

    def drawing(say: Say, frame: Frame) -> str:
        drawn = []
        for side in sides:
            reached = interval_of(side.result["headline"]["served"])
            pieces = [
                Piece(of(side, name), tone, f"{say.of(words)}: {say.share(of(side, name))}")
                for name, tone, words in _BARS
            ]
            note = say.share(reached.mean)
            drawn.append(Bar(side.called, pieces, note, reached.low, reached.high))
        legend = [(tone, say.of(words)) for _, tone, words in _BARS]
        return bars(frame, drawn, most=1.0, legend=legend)

    return Figure(
        Sheet("who-came", Words("Who came", "Quién llegó"), columns, rows),
        Words(
            "Who came to the calls that are for these teams",
            "Quién llegó a las llamadas que son para estos equipos",
        ),
        Words(
            "The thin line is the interval in which the share reached would lie again.",
            "La línea fina es el intervalo en que volvería a estar la parte atendida.",
        ),
        drawing,
    )


def _by_when(sides: Sequence[Side]) -> Figure:
    def points(side: Side) -> list[tuple[float, float, float, float]]:
        said = side.result["reached"]
        found = []
        for at, one in zip(said["minutes"], said["arrived"], strict=True):
            share = interval_of(one)
            found.append((at, share.low, share.mean, share.high))
        return found

    drawn = {side.letter: points(side) for side in sides}
    most = max((line[-1][0] for line in drawn.values() if line), default=60.0)
    marks = [at for at in (5, 10, 15, 20, 30, 45, 60, 90, 120) if at <= most]

    def share_at(line: Sequence[tuple[float, float, float, float]], minutes: float) -> float:
        return max((mean for at, _, mean, _ in line if at <= minutes), default=0.0)

    rows = tuple((at, *(share_at(drawn[side.letter], at) for side in sides)) for at in marks)
    columns = (
        Column("minutes", Words("Minutes", "Minutos"), "number"),
        *(Column(side.letter, Words(side.called, side.called), "share") for side in sides),
    )

    def drawing(say: Say, frame: Frame) -> str:
        lines = [
            Curve(side.called, drawn[side.letter], f"line-{place}")
            for place, side in enumerate(sides, 1)
        ]
        return curves(
            frame,
            lines,
            across=say("minutes after the call", "minutos tras la llamada"),
            up=say("Share of the calls reached", "Parte de las llamadas atendidas"),
            most=most,
        )

    return Figure(
        Sheet(
            "by-when", Words("By when a team was there", "Cuándo llegó un equipo"), columns, rows
        ),
        Words(
            "How many of the calls had a team within so many minutes",
            "Cuántas de las llamadas tuvieron un equipo en tantos minutos",
        ),
        Words(
            "A line that lies higher is better. The band is the interval.",
            "Una línea más alta es mejor. La banda es el intervalo.",
        ),
        drawing,
    )


def _by_hour(sides: Sequence[Side]) -> Figure | None:
    shares = {side.letter: _shares(side, "hour") for side in sides}
    labels = sorted(shares[sides[0].letter])
    # Hours of few calls are told together, and other calls may need longer blocks.
    if any(sorted(shares[side.letter]) != labels for side in sides[1:]):
        return None
    values = [[shares[side.letter].get(label) for label in labels] for side in sides]
    if all(value is None for line in values for value in line):
        return None

    def drawing(say: Say, frame: Frame) -> str:
        return heat(
            frame,
            [side.letter for side in sides],
            [label.removesuffix(":00") for label in labels],
            values,
            show=say.share,
            most=1.0,
            empty=say("no calls", "sin llamadas"),
            hidden=say.of(FEW),
        )

    return Figure(
        _sheet("by-hour", Words("By hour of the day", "Por hora del día"), labels, sides, shares),
        Words("At which hours the teams reach their calls", "A qué horas los equipos llegan"),
        Words(
            "The stronger the color, the larger the share of the calls that a team reached.",
            "Cuanto más intenso el color, mayor la parte de las llamadas que un equipo atendió.",
        ),
        drawing,
    )


def _by_area(sides: Sequence[Side]) -> Figure | None:
    shares = {side.letter: _shares(side, "area") for side in sides}
    calls: dict[str, float] = {}
    for side in sides:
        for group in side.result["by"].get("area", ()):
            if isinstance(group["label"], str) and group["label"]:
                calls[group["label"]] = max(calls.get(group["label"], 0.0), group["calls"])
    labels = sorted(calls, key=lambda name: -calls[name])[:_MOST_AREAS]
    if not labels:
        return None

    def drawing(say: Say, frame: Frame) -> str:
        drawn = []
        for label in labels:
            for side in sides:
                share = shares[side.letter].get(label)
                said = say.of(FEW) if share is None else say.share(share)
                tone = _TONES[side.letter]
                pieces = [Piece(share or 0.0, tone, f"{label}, {side.called}: {said}")]
                drawn.append(Bar(f"{label}, {side.letter}", pieces, said))
        legend = [(_TONES[side.letter], side.called) for side in sides]
        return bars(frame, drawn, most=1.0, legend=legend)

    return Figure(
        _sheet("by-area", Words("By area", "Por zona"), labels, sides, shares),
        Words("Where the teams reach their calls", "Dónde los equipos llegan a sus llamadas"),
        Words(
            "The share of the calls that a team reached, where most of them come from first.",
            "La parte de las llamadas a las que llegó un equipo; primero, de donde vienen más.",
        ),
        drawing,
    )


def _shares(side: Side, dimension: str) -> Mapping[str, float]:
    """The share reached by group; groups of few calls were merged and are not told alone."""
    groups: Sequence[Mapping[str, Any]] = side.result["by"].get(dimension, ())
    return {
        str(group["label"]): interval_of(group["served"]).mean
        for group in groups
        if isinstance(group["label"], str)
    }


def _sheet(
    key: str,
    title: Words,
    labels: Sequence[str],
    sides: Sequence[Side],
    shares: Mapping[str, Mapping[str, float]],
) -> Sheet:
    """A row a group, a column a scenario."""
    columns = (
        Column(key.removeprefix("by-"), title),
        *(Column(side.letter, Words(side.called, side.called), "share") for side in sides),
    )
    rows = tuple((label, *(shares[side.letter].get(label) for side in sides)) for label in labels)
    return Sheet(key, title, columns, rows)
