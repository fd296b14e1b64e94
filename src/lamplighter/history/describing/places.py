"""Find out where the calls of a sample are, and what time it is there."""

from dataclasses import dataclass
from functools import cache
from importlib import resources
from math import cos, hypot, radians
from typing import TYPE_CHECKING

from lamplighter.history.describing.words import split
from lamplighter.history.layout import Bounds

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LEAST_MARGIN_DEGREES = 0.02  # about two kilometers
FURTHEST_DEGREES = 0.75  # from the middle; no city is wider
NEAR_DEGREES = 0.6
FAR_FROM_ALL = 6.0  # degrees


@dataclass(frozen=True, slots=True)
class Anchor:
    """A city of which we know where it is and what time it keeps."""

    name: str
    state: str
    latitude: float
    longitude: float
    time_zone: str

    def degrees_to(self, latitude: float, longitude: float) -> float:
        """Distance in degrees of latitude, good enough to tell which of two is nearer."""
        east = (longitude - self.longitude) * cos(radians(latitude))
        return hypot(latitude - self.latitude, east)


@cache
def anchors() -> tuple[Anchor, ...]:
    """Return the cities that time zones are told by."""
    from lamplighter.plain_yaml import load

    text = resources.files(__package__).joinpath("cities.yaml").read_text("utf-8")
    zones = load(text)
    found = []
    for zone, cities in zones.items():
        for full_name, (latitude, longitude) in cities.items():
            name, _, state = full_name.partition(", ")
            found.append(Anchor(name, state, latitude, longitude, zone))
    return tuple(found)


def bounds_of(
    latitudes: "NDArray[np.float64]", longitudes: "NDArray[np.float64]"
) -> tuple[Bounds, float] | None:
    """Return the box around nearly all of the calls, and the share of them within it.

    The middle is the median, which some calls in the wrong ocean do not move. The box holds what is
    near the middle, but for 5 in 1,000 on each side, and a quarter of its width more on each side.
    """
    import numpy as np

    there = np.isfinite(latitudes) & np.isfinite(longitudes) & (latitudes != 0)
    latitudes, longitudes = latitudes[there], longitudes[there]
    if not len(latitudes):
        return None
    middle = np.median(latitudes), np.median(longitudes)
    wide = FURTHEST_DEGREES / max(0.2, cos(radians(float(middle[0]))))
    near = (abs(latitudes - middle[0]) < FURTHEST_DEGREES) & (abs(longitudes - middle[1]) < wide)
    if not near.any():
        return None
    south, north = _with_margin(latitudes[near])
    west, east = _with_margin(longitudes[near])
    box = Bounds(south=south, north=north, west=west, east=east)
    inside = (
        (latitudes >= box.south)
        & (latitudes <= box.north)
        & (longitudes >= box.west)
        & (longitudes <= box.east)
    )
    return box, float(inside.mean())


def _with_margin(degrees: "NDArray[np.float64]") -> tuple[float, float]:
    """Return the ends of nearly all of the degrees, and a quarter of the width more."""
    import numpy as np

    low, high = np.quantile(degrees, [0.005, 0.995])
    margin = max(LEAST_MARGIN_DEGREES, (high - low) / 4)
    return round(float(low - margin), 2), round(float(high + margin), 2)


def zone_at(latitude: float, longitude: float) -> tuple[Anchor, float]:
    """Return the nearest city we know, and how sure its time zone is.

    The zone is the surer, the further away the nearest city with another zone is.

    >>> zone_at(43.04, -87.95)[0].time_zone
    'America/Chicago'
    """
    ordered = sorted(anchors(), key=lambda city: city.degrees_to(latitude, longitude))
    nearest = ordered[0]
    distance = nearest.degrees_to(latitude, longitude)
    other = next(city for city in ordered if city.time_zone != nearest.time_zone)
    ratio = distance / other.degrees_to(latitude, longitude)
    if distance < NEAR_DEGREES:
        return nearest, 0.97 if ratio < 0.5 else 0.8
    return nearest, round(0.95 - 0.45 * ratio, 2)


def city_named_in(text: str) -> Anchor | None:
    """Return the city whose name stands in a text, such as the name of a file, or None.

    >>> city_named_in("st_paul_calls_2024.csv").name
    'St Paul'
    """
    words = f" {' '.join(split(text))} "
    named = [city for city in anchors() if f" {' '.join(split(city.name))} " in words]
    zones = {city.time_zone for city in named}
    longest = max(named, key=lambda city: len(city.name), default=None)
    return longest if len(zones) == 1 else None
