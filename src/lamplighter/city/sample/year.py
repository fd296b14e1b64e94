"""A year of calls of the sample city, invented from stated rates and a seed.

What is known is used, what is not is assumed, and both are said here:

- Shares of natures are assumed so that the whole stays within what is known: 23 to 39 % of 911
  calls in eight cities were low priority or not urgent, 18 to 34 % life-threatening (Center for
  American Progress and LEAP, 2020); about 15 % of Denver's calls were eligible for STAR (Lapel,
  2020).
- 0.8 calls a resident a year and 60,000 residents: assumed.
- Rows that officers started themselves: 18 %, as traffic stops and business checks are of 21 days
  of Milwaukee's calls.
- Hours, weekdays, seasons and neighbourhoods of each group of natures: assumed.
- Minutes from request to dispatch, to arrival, to departure: the percentiles of Lane County's
  mobile crisis teams, for every kind of unit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet

from lamplighter.history.shape import COLUMNS, SHAPE_VERSION, HistoryInfo, metadata_of

from .geography import SampleMap

RESIDENTS, CALLS_PER_RESIDENT, OFFICER_SHARE = 60_000, 0.8, 0.18

# Percentiles 0 (assumed), 10, 25, 50, 75, 90, 95, 100 (assumed) in minutes, Lane County.
PERCENTILES = (0, 10, 25, 50, 75, 90, 95, 100)
REQUEST_TO_DISPATCH = (1, 2, 6, 13, 26, 53, 74, 120)
DISPATCH_TO_ARRIVAL = (0, 0, 8, 14, 21, 31, 39, 60)
ARRIVAL_TO_DEPARTURE = (2, 5, 10, 22, 40, 62, 78, 150)


@dataclass(frozen=True)
class Group:
    """Natures that share their hours, days and places.

    hours: relative rate at 0, 3, 6, … 21 o'clock, interpolated between; weekend: rate on Friday and
    Saturday against other days; summer: rate in July against January; favours: neighbourhoods where
    they are four times as frequent.
    """

    natures: dict[str, float]
    hours: tuple[float, float, float, float, float, float, float, float]
    weekend: float = 1.0
    summer: float = 1.0
    favours: tuple[str, ...] = ()


GROUPS = (
    Group(  # health
        {"medical_emergency": 5.5, "illness_or_injury": 7.0, "overdose": 1.2, "person_down": 1.6,
         "death": 0.4},
        (0.7, 0.5, 0.7, 1.1, 1.2, 1.2, 1.2, 1.0), summer=1.05,
    ),
    Group(  # crises of mind and of having nowhere to be
        {"suicidal_person": 1.8, "mental_health_crisis": 2.6, "welfare_check": 7.0,
         "person_without_shelter": 1.6, "public_assist": 2.4, "needles_found": 0.5,
         "indecent_exposure": 0.3, "missing_person": 0.9, "child_at_risk": 0.8},
        (0.6, 0.4, 0.6, 1.1, 1.3, 1.3, 1.2, 1.0), summer=1.2,
        favours=("Station Yards", "Old Market", "Courthouse Square"),
    ),
    Group(  # nights out
        {"intoxicated_person": 2.6, "disorderly_conduct": 4.4, "fight": 2.0, "noise": 5.0},
        (1.6, 0.8, 0.3, 0.4, 0.6, 0.9, 1.2, 1.9), weekend=1.7, summer=1.6,
        favours=("Old Market", "College Green"),
    ),
    Group(  # people who do not get on
        {"family_dispute": 3.0, "domestic_violence": 3.4, "neighbor_dispute": 1.8,
         "youth_trouble": 1.6, "threats_or_harassment": 2.0, "court_order_violation": 0.6,
         "unwanted_person": 2.6, "trespass": 2.8},
        (0.8, 0.4, 0.4, 0.8, 1.1, 1.3, 1.5, 1.3), weekend=1.2, summer=1.25,
        favours=("Foundry Flats", "Station Yards"),
    ),
    Group(  # violence and its shadow
        {"assault": 2.4, "sexual_assault": 0.3, "robbery": 0.6, "shots_fired": 1.6,
         "shooting_or_stabbing": 0.2, "person_with_weapon": 0.9, "abduction": 0.05,
         "community_violence": 0.3, "bomb_or_explosive": 0.02},
        (1.4, 0.8, 0.3, 0.5, 0.8, 1.0, 1.3, 1.6), weekend=1.4, summer=1.5,
        favours=("Foundry Flats", "Tanner's Bend"),
    ),
    Group(  # property and suspicion
        {"burglary": 1.6, "alarm": 5.0, "theft_or_fraud": 4.2, "property_damage": 1.8,
         "suspicious_activity": 5.0, "drug_activity": 0.9, "sex_work": 0.3, "wanted_person": 0.7},
        (0.7, 0.5, 0.7, 1.2, 1.2, 1.2, 1.1, 0.9), favours=("Old Market", "Prospect"),
    ),
    Group(  # roads
        {"crash_injury": 1.9, "crash_no_injury": 4.6, "traffic_hazard": 3.4,
         "parking_problem": 2.2},
        (0.3, 0.2, 1.0, 1.3, 1.2, 1.7, 1.2, 0.6), favours=("Courthouse Square", "Prospect"),
    ),
    Group(  # the rest
        {"fire": 0.9, "hazard": 1.0, "animal": 1.6, "silent_or_hangup_call": 3.4,
         "information_or_other": 3.8},
        (0.5, 0.4, 0.7, 1.2, 1.3, 1.3, 1.2, 0.8),
    ),
)  # fmt: skip
# The words, latitude, longitude and neighbourhood.
Address = tuple[str, float, float, str]
OFFICER_STARTED = ("Traffic stop", "Business check", "Foot patrol", "Follow-up")


def write_year(path: Path, drawn: SampleMap, *, seed: int, until: date, time_zone: str) -> int:
    """Write the 365 days before `until` as a history; gives the number of rows.

    The same seed and day give the same file. Times are UTC, made from the local clock of the city.
    """
    generator = np.random.default_rng(seed)
    wanted = generator.poisson(RESIDENTS * CALLS_PER_RESIDENT)
    weights = {nature: weight for group in GROUPS for nature, weight in group.natures.items()}
    total = sum(weights.values())
    addresses = _all_addresses(drawn)
    parts = []
    for group in GROUPS:
        natures = list(group.natures)
        counts = [round(wanted * group.natures[nature] / total) for nature in natures]
        parts.append(
            _calls(generator, group, np.repeat(natures, counts), addresses, until, time_zone)
        )
    officers = int(wanted * OFFICER_SHARE / (1 - OFFICER_SHARE))
    flat = Group({}, (1, 1, 1, 1, 1, 1, 1, 1))
    stops = generator.choice(OFFICER_STARTED, size=officers)
    parts.append(_calls(generator, flat, stops, addresses, until, time_zone, by_officer=True))
    table = pa.concat_tables(parts).sort_by("time")
    identifiers = [f"S{number:06d}" for number in range(1, table.num_rows + 1)]
    table = table.append_column("id", pa.array(identifiers)).select(list(COLUMNS))
    info = HistoryInfo(SHAPE_VERSION, "Lanternfield (invented)", time_zone, "sample", str(seed))
    parquet.write_table(table.replace_schema_metadata(metadata_of(info)), path)
    return table.num_rows


def _calls(
    generator: np.random.Generator,
    group: Group,
    natures: np.ndarray,
    addresses: list[Address],
    until: date,
    time_zone: str,
    *,
    by_officer: bool = False,
) -> pa.Table:
    count = len(natures)
    times = _times(generator, group, count, until, time_zone)
    dispatched = times + _minutes(generator, REQUEST_TO_DISPATCH, count)
    arrived = dispatched + _minutes(generator, DISPATCH_TO_ARRIVAL, count)
    cleared = arrived + _minutes(generator, ARRIVAL_TO_DEPARTURE, count)
    places = _places(generator, group, count, addresses)
    nothing = pa.nulls(count, pa.string())
    return pa.table(
        {
            "time": _utc(times),
            "nature_as_written": pa.array([_written(nature) for nature in natures]),
            "nature": nothing if by_officer else pa.array([str(nature) for nature in natures]),
            "priority": nothing,
            "place": pa.array([place[0] for place in places]),
            "latitude": pa.array([place[1] for place in places]),
            "longitude": pa.array([place[2] for place in places]),
            "area": pa.array([place[3] for place in places]),
            "started_by": pa.array(["officer" if by_officer else "public"] * count),
            "dispatched_at": _utc(dispatched),
            "arrived_at": _utc(arrived),
            "cleared_at": _utc(cleared),
            "disposition": nothing,
            "unit": nothing,
        }
    )


def _written(nature: str) -> str:
    return str(nature).replace("_", " ").upper()


def _utc(times: np.ndarray) -> pa.Array:
    return pa.array(times.astype("datetime64[us]")).cast(pa.timestamp("us", "UTC"))


def _times(
    generator: np.random.Generator, group: Group, count: int, until: date, time_zone: str
) -> np.ndarray:
    days = [until - timedelta(days=365 - number) for number in range(365)]
    season = (group.summer - 1) / 2
    rates = np.array(
        [
            (group.weekend if day.weekday() in (4, 5) else 1.0)
            * (1 + season * (1 - np.cos(2 * np.pi * (day.timetuple().tm_yday - 15) / 365)))
            for day in days
        ]
    )
    hourly = np.interp(np.arange(24), np.arange(0, 25, 3), [*group.hours, group.hours[0]])
    day_of = generator.choice(365, size=count, p=rates / rates.sum())
    hour_of = generator.choice(24, size=count, p=hourly / hourly.sum())
    zone = ZoneInfo(time_zone)
    midnights = np.array(
        [
            datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC).replace(tzinfo=None)
            for day in days
        ],
        dtype="datetime64[s]",
    )
    seconds = hour_of * 3600 + generator.integers(0, 3600, size=count)
    return midnights[day_of] + seconds.astype("timedelta64[s]")


def _minutes(generator: np.random.Generator, values: Sequence[float], count: int) -> np.ndarray:
    drawn = np.interp(generator.uniform(0, 100, size=count), PERCENTILES, values)
    return (drawn * 60).astype("timedelta64[s]")


def _places(
    generator: np.random.Generator, group: Group, count: int, addresses: list[Address]
) -> list[Address]:
    """Addresses on streets, more of them in the neighbourhoods that the group favours."""
    rates = np.array([4.0 if area in group.favours else 1.0 for *_, area in addresses])
    chosen = generator.choice(len(addresses), size=count, p=rates / rates.sum())
    return [addresses[index] for index in chosen]


def _all_addresses(drawn: SampleMap) -> list[Address]:
    from lamplighter.city.intake.places import contains

    found = []
    for street in drawn.streets:
        for step in range(60):
            address, latitude, longitude = street.address(step / 60)
            for name, outline in drawn.neighborhoods.items():
                if contains(outline, latitude, longitude):
                    found.append((address, latitude, longitude, name))
                    break
    return found
