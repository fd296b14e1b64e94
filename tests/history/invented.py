"""An invented city and its calls, and files as other systems would write them."""

import csv
import io
import json
import math
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.support.workbooks import workbook

ZONE = ZoneInfo("America/Denver")
MIDDLE = (39.74, -104.99)
SPHERE_METERS = 6_378_137.0
FIRST_DAY = datetime(1899, 12, 30)  # noqa: DTZ001 - as sheets count, without a zone

# Radio codes of nowhere: the code, its words, the usual priority, and what it must be taken for.
CODES = (
    ("10-16", "DOMESTIC DISTURBANCE", "1", "domestic_violence"),
    ("10-17", "WELFARE CHECK", "3", "welfare_check"),
    ("10-33", "ALARM BURGLAR AUDIBLE", "2", "alarm"),
    ("10-45", "ACCIDENT NO INJURY", "3", "crash_no_injury"),
    ("10-50", "TRAFFIC STOP", "4", None),
    ("10-56", "INTOXICATED PERSON", "3", "intoxicated_person"),
    ("10-67", "MENTAL CASE TRANSPORT", "2", "mental_health_crisis"),
    ("10-70", "PROWLER", "2", "suspicious_activity"),
    ("10-71", "SHOOTING", "1", "shooting_or_stabbing"),
    ("10-84", "SUBJ WITH GUN", "1", "person_with_weapon"),
    ("10-91", "LOOSE DOG", "4", "animal"),
    ("10-96", "TRESPASSING", "3", "trespass"),
)
STREETS = ("MAIN ST", "OAK AVE", "MARKET ST", "14TH AVE", "COLFAX AVE", "LAKE DR", "PARK BLVD")
ENDINGS = ("REPORT TAKEN", "GONE ON ARRIVAL", "ADVISED", "ARREST MADE", "UNABLE TO LOCATE")
# Few calls at night, most in the afternoon.
HOURS = (4, 3, 3, 2, 1, 1, 2, 4, 6, 7, 7, 8, 9, 9, 9, 10, 10, 10, 9, 9, 8, 7, 6, 5)


@dataclass(frozen=True)
class Call:
    """One call; times are those of the wall clock."""

    id: str
    received: datetime
    dispatched: datetime
    arrived: datetime
    cleared: datetime
    place: str
    latitude: float
    longitude: float
    beat: str
    priority: str
    code: str
    words: str
    ending: str
    unit: str
    on_view: bool

    @property
    def instant(self) -> datetime:
        """When it came in, in UTC."""
        return self.received.replace(tzinfo=ZONE).astimezone(UTC)


def calls(count: int = 800, seed: int = 7) -> list[Call]:
    """Return invented calls in order of time; beats are squares of the city."""
    chance = random.Random(seed)
    start = datetime(2026, 1, 1)  # noqa: DTZ001 - a wall clock, as in a city's files
    made = []
    for number in range(count):
        day = start + timedelta(days=chance.randrange(120))
        hour = chance.choices(range(24), HOURS)[0]
        received = day.replace(hour=hour, minute=chance.randrange(60), second=chance.randrange(60))
        if received.month == 3 and received.day == 8 and hour == 2:  # left out by spring
            received += timedelta(hours=1)
        code, words, priority, _ = chance.choice(CODES)
        east, north = chance.random(), chance.random()
        dispatched = received + timedelta(seconds=chance.randrange(20, 900))
        arrived = dispatched + timedelta(seconds=chance.randrange(60, 1200))
        made.append(
            Call(
                id=f"26-{100_000 + number}",
                received=received,
                dispatched=dispatched,
                arrived=arrived,
                cleared=arrived + timedelta(seconds=chance.randrange(60, 7200)),
                place=f"{chance.randrange(1, 99)}00 {chance.choice(STREETS)}",
                latitude=round(MIDDLE[0] + 0.2 * (north - 0.5), 6),
                longitude=round(MIDDLE[1] + 0.2 * (east - 0.5), 6),
                beat=f"{1 + int(north * 3)}{1 + int(east * 4)}",
                priority=priority if chance.random() < 0.9 else chance.choice("1234"),
                code=code,
                words=words,
                ending=chance.choice(ENDINGS),
                unit=f"{chance.randrange(1, 9)}{chance.choice('ABC')}{chance.randrange(10, 40)}",
                on_view=code == "10-50" or chance.random() < 0.05,
            )
        )
    return sorted(made, key=lambda call: call.received)


Column = tuple[str, Callable[[Call], object]]


def clock(form: str, part: str) -> Callable[[Call], str]:
    """Return what writes one of the times of a call in a format."""
    return lambda call: getattr(call, part).strftime(form)


def rows(columns: Sequence[Column], some: Iterable[Call]) -> list[list[object]]:
    """Return the cells of the calls in these columns."""
    return [[value(call) for _, value in columns] for call in some]


def text(
    columns: Sequence[Column], some: Iterable[Call], delimiter: str = ",", *, header: bool = True
) -> bytes:
    """Return delimited text."""
    place = io.StringIO()
    writer = csv.writer(place, delimiter=delimiter)
    if header:
        writer.writerow([name for name, _ in columns])
    writer.writerows(rows(columns, some))
    return place.getvalue().encode()


def records(columns: Sequence[Column], some: Iterable[Call]) -> list[dict[str, object]]:
    """Return the calls as records with named fields."""
    names = [name for name, _ in columns]
    return [dict(zip(names, row, strict=True)) for row in rows(columns, some)]


def arcgis(columns: Sequence[Column], some: Sequence[Call]) -> bytes:
    """Return what a feature service answers: dates as milliseconds, places in Web Mercator."""
    features = [
        {"attributes": record, "geometry": dict(zip("xy", mercator(call), strict=True))}
        for record, call in zip(records(columns, some), some, strict=True)
    ]
    about = {
        "objectIdFieldName": "OBJECTID",
        "geometryType": "esriGeometryPoint",
        "spatialReference": {"wkid": 102100, "latestWkid": 3857},
        "fields": [{"name": name, "type": "esriFieldTypeString"} for name, _ in columns],
    }
    return json.dumps(about | {"features": features}).encode()


def geojson(columns: Sequence[Column], some: Sequence[Call]) -> bytes:
    """Return a collection of features."""
    features = [
        {
            "type": "Feature",
            "properties": record,
            "geometry": {"type": "Point", "coordinates": [call.longitude, call.latitude]},
        }
        for record, call in zip(records(columns, some), some, strict=True)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def socrata(columns: Sequence[Column], some: Sequence[Call]) -> bytes:
    """Return rows with a description of their columns, as a portal exports them."""
    described = [
        {"name": "sid", "fieldName": ":sid"},
        *({"name": name, "fieldName": name.lower()} for name, _ in columns),
        {
            "name": "Location",
            "fieldName": "location",
            "subColumnTypes": ["human_address", "latitude", "longitude", "machine_address"],
        },
    ]
    data = [
        ["row-x", *row, [None, str(call.latitude), str(call.longitude), None]]
        for row, call in zip(rows(columns, some), some, strict=True)
    ]
    return json.dumps({"meta": {"view": {"columns": described}}, "data": data}).encode()


def milliseconds(moment: datetime) -> int:
    """Return an instant as services count it."""
    return round(moment.replace(tzinfo=ZONE).timestamp() * 1000)


def mercator(call: Call) -> tuple[float, float]:
    """Return where a call was in meters of Web Mercator."""
    x = SPHERE_METERS * math.radians(call.longitude)
    y = SPHERE_METERS * math.log(math.tan(math.pi / 4 + math.radians(call.latitude) / 2))
    return x, y


def xlsx(table: Sequence[Sequence[object]], sheet: str = "Calls") -> bytes:
    """Return the smallest workbook that holds a table; its dates are days with a format."""
    return workbook({sheet: table}, shared=False)
