"""Maps of areas that somebody brought: who lives where."""

from functools import lru_cache

from lamplighter.city.rehearsal.drawn import Drawn, draw
from lamplighter.city.rehearsal.models import AreaFile
from lamplighter.pictures import Frame, Outlines, choropleth, outlines
from lamplighter.policy.model import Words
from lamplighter.rehearsal.report.figure import Figure
from lamplighter.rehearsal.report.say import Say
from lamplighter.rehearsal.report.sheet import Column, Sheet, Value

from .files import areas_of

# Finer than a picture on a page can show.
DETAIL_METERS = 25
_AREAS = Words("The areas", "Las zonas")
_NUMERALS = Words(
    "The numerals are the five areas with the largest numbers.",
    "Los números señalan las cinco zonas con las cifras más altas.",
)


@lru_cache(maxsize=8)
def outlines_of(text: str) -> Outlines:
    """The outlines of areas that were kept, as drawings."""
    areas = areas_of(text)
    rings = [
        [[(float(x), float(y)) for x, y in ring] for ring in area]
        for area in areas.simplified(DETAIL_METERS)
    ]
    return outlines("area", areas.names, rings)


def draw_people(file: AreaFile, shapes: Outlines, language: str) -> Drawn:
    """A map of where people live, with the numbers of each group in its table."""
    areas = areas_of(file.text)
    groups = [(group["column"], group["name"]) for group in file.groups]
    shown = file.everyone or (groups[0][0] if groups else next(iter(areas.properties), ""))
    numbers = areas.properties.get(shown)
    values = [float("nan") if numbers is None else float(numbers[p]) for p in range(len(areas))]
    columns = [(file.everyone, file.everyone)] if file.everyone else []
    columns += [one for one in groups if one[0] != file.everyone]
    if not columns and shown:
        columns = [(shown, shown)]
    rows: list[tuple[Value, ...]] = [
        (name, *(float(areas.properties[column][place]) for column, _ in columns))
        for place, name in enumerate(areas.names)
    ]
    called = dict(groups).get(shown, shown) or file.name

    def drawing(say: Say, frame: Frame) -> str:
        return choropleth(
            frame,
            shapes,
            values,
            show=say.count,
            hidden="",
            empty=say("not told", "no se sabe"),
        )

    figure = Figure(
        Sheet(
            "people",
            Words("Who lives where", "Quién vive dónde") if shown else _AREAS,
            (
                Column("area", Words("Area", "Zona")),
                *(Column(column, Words(name, name), "count") for column, name in columns),
            ),
            tuple(rows),
        ),
        Words(called, called),
        _NUMERALS if shown else Words("", ""),
        drawing,
        half=True,
    )
    return draw(figure, Say("es" if language == "es" else "en"))
