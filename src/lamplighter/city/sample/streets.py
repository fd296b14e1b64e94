"""The streets of the sample city, all names invented: a grid that a river and a park interrupt."""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass

Point = tuple[float, float]

WEST, SOUTH = -103.245, 39.305
KM_NORTH = 1 / 111.195  # degrees of latitude a kilometre
KM_EAST = KM_NORTH / math.cos(math.radians(39.34))
WIDTH_KM, HEIGHT_KM = 7.6, 5.7
MARGIN_KM = 0.25
RIVER_KM = 1.9  # how far north of the southern edge the river flows, on average
QUAY_KM = 1.54  # the street along its southern bank, where the avenues of the south end
# West, south, east, north in kilometres; the river passes along its southern side.
PARK_KM = (4.36, 2.06, 5.27, 2.56)

AVENUES = (
    *("Alder", "Beacon", "Candle", "Dawn", "Ember", "Flint", "Glow", "Hearth", "Ivy", "Juniper"),
    *("Kindle", "Lantern", "Mantle", "Nightjar", "Opal"),
)
STREETS = (
    *("Wick", "Tinder", "Spark", "Comet", "Meridian", "Solstice", "Torch", "Aurora", "Filament"),
    *("Matchmaker", "Dusk", "Evening Star"),
)
SOUTH_OF_THE_RIVER = (
    *("Anvil", "Bellows", "Cinder", "Dray", "Eddy", "Ferry", "Gantry", "Hopper", "Ingot", "Jetty"),
    *("Keel", "Loom"),
)
LANES = (
    *("Acorn", "Badger", "Bramble", "Buckthorn", "Burdock", "Chicory", "Clover", "Coppice"),
    *("Cricket", "Curlew", "Damson", "Dipper", "Elder", "Fescue", "Finch", "Foxglove", "Gorse"),
    *("Hazel", "Heron", "Hollyhock", "Hyssop", "Kestrel", "Lark", "Linnet", "Mallow", "Marten"),
    *("Milkweed", "Mullein", "Nettle", "Otter", "Pippin", "Plover", "Quince", "Rowan", "Rush"),
    *("Sorrel", "Sparrow", "Spindle", "Swift", "Tansy", "Teasel", "Thistle", "Vetch", "Wagtail"),
    *("Willow", "Wren", "Yarrow", "Yew"),
)
LANE_KINDS = ("Lane", "Place", "Court", "Row")
BLOCK_EAST = (WIDTH_KM - 2 * MARGIN_KM) / (len(AVENUES) - 1)
BLOCK_NORTH = (HEIGHT_KM - 2 * MARGIN_KM) / (len(STREETS) - 1)


@dataclass(frozen=True)
class Street:
    """A named street as a line of (longitude, latitude) points."""

    name: str
    line: tuple[Point, ...]
    main: bool

    def address(self, along: float) -> tuple[str, float, float]:
        """The address, latitude and longitude at a share (0 to 1) of the street's length."""
        position = along * (len(self.line) - 1)
        index = min(int(position), len(self.line) - 2)
        (x1, y1), (x2, y2) = self.line[index], self.line[index + 1]
        share = position - index
        number = 100 + 2 * int(along * 900)
        return f"{number} {self.name}", y1 + share * (y2 - y1), x1 + share * (x2 - x1)


def at(east_km: float, north_km: float) -> Point:
    """The longitude and latitude of a point in kilometres from the city's south-western corner."""
    return round(WEST + east_km * KM_EAST, 6), round(SOUTH + north_km * KM_NORTH, 6)


def draw_streets(generator: random.Random) -> tuple[Street, ...]:
    """Avenues run north, streets east, lanes lie between; only main avenues have a bridge."""
    return (
        *_avenues(generator),
        *_streets(generator),
        Street(
            "Lamplighter Way",
            _line((MARGIN_KM, MARGIN_KM), (WIDTH_KM - MARGIN_KM, HEIGHT_KM - MARGIN_KM)),
            main=True,
        ),
        *_lanes(generator),
    )


def _avenues(generator: random.Random) -> Iterator[Street]:
    top, bank = HEIGHT_KM - MARGIN_KM, 0.3
    in_the_south = iter(SOUTH_OF_THE_RIVER)
    for index, name in enumerate(AVENUES):
        east = MARGIN_KM + BLOCK_EAST * index
        if index % 5 == 2:
            yield Street(f"{name} Avenue", _line((east, MARGIN_KM), (east, top)), main=True)
            continue
        begins = RIVER_KM + bank + generator.choice((0.0, 0.0, BLOCK_NORTH))
        if PARK_KM[0] < east < PARK_KM[2]:
            begins = PARK_KM[3]
        ends = top - generator.choice((0.0, 0.0, BLOCK_NORTH))
        yield Street(f"{name} Avenue", _line((east, begins), (east, ends)), main=False)
        yield Street(
            f"{next(in_the_south)} Avenue",
            _line((east, MARGIN_KM), (east, QUAY_KM)),
            main=False,
        )


def _streets(generator: random.Random) -> Iterator[Street]:
    right = WIDTH_KM - MARGIN_KM
    for index, name in enumerate(STREETS):
        north = MARGIN_KM + BLOCK_NORTH * index
        if RIVER_KM - BLOCK_NORTH < north < RIVER_KM:
            north = QUAY_KM
        main = index % 4 == 1
        begins, ends = MARGIN_KM, right
        if not main:
            begins += BLOCK_EAST * generator.randrange(3)
            ends -= BLOCK_EAST * generator.randrange(3)
        if PARK_KM[1] < north < PARK_KM[3]:
            ends = PARK_KM[0]
        yield Street(f"{name} Street", _line((begins, north), (ends, north)), main=main)


def _lanes(generator: random.Random) -> Iterator[Street]:
    """Short streets in the middle of blocks, each block of the grid used once at most."""
    blocks = [
        (column, row)
        for column in range(len(AVENUES) - 1)
        for row in range(len(STREETS) - 1)
        if _is_dry(column, row)
    ]
    for name, (column, row) in zip(LANES, generator.sample(blocks, len(LANES)), strict=True):
        west, south = MARGIN_KM + BLOCK_EAST * column, MARGIN_KM + BLOCK_NORTH * row
        middle_east, middle_north = west + BLOCK_EAST / 2, south + BLOCK_NORTH / 2
        kind = generator.choice(LANE_KINDS)
        # A court is a dead end; the others join two streets.
        reach = 0.6 if kind == "Court" else 1.0
        if generator.random() < 0.5:
            ends = (west, middle_north), (west + reach * BLOCK_EAST, middle_north)
        else:
            ends = (middle_east, south), (middle_east, south + reach * BLOCK_NORTH)
        yield Street(f"{name} {kind}", _line(*ends), main=False)


def _is_dry(column: int, row: int) -> bool:
    """Whether a block of the grid is neither in the river nor in the park."""
    west, south = MARGIN_KM + BLOCK_EAST * column, MARGIN_KM + BLOCK_NORTH * row
    by_the_river = south < RIVER_KM + 0.3 and south + BLOCK_NORTH > RIVER_KM - 0.3
    in_the_park = (
        west < PARK_KM[2]
        and west + BLOCK_EAST > PARK_KM[0]
        and south < PARK_KM[3]
        and south + BLOCK_NORTH > PARK_KM[1]
    )
    return not by_the_river and not in_the_park


def _line(start: Point, end: Point, steps: int = 10) -> tuple[Point, ...]:
    """A line in kilometres as it lies on the land: every street bends with the same gentle hills,
    so that what met on the drawing board still meets."""
    points = []
    for step in range(steps + 1):
        east = start[0] + (end[0] - start[0]) * step / steps
        north = start[1] + (end[1] - start[1]) * step / steps
        points.append(bent(east, north))
    return tuple(points)


def bent(east_km: float, north_km: float) -> Point:
    """A point of the drawing board, moved as the hills of the city move it."""
    return at(
        east_km + 0.11 * math.sin(1.1 * north_km) * math.sin(math.pi * east_km / WIDTH_KM),
        north_km + 0.13 * math.sin(0.9 * east_km + 0.6) * math.sin(math.pi * north_km / HEIGHT_KM),
    )
