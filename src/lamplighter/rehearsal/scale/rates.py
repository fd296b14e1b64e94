"""The rates that counts of calls tell: those of `fit_rates`, without any call at hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from lamplighter.history import HistoryError
from lamplighter.rehearsal.calls import HOURS_OF_WEEK
from lamplighter.rehearsal.demand.rates import HourlyRates, hours_of_quarters, rates_of
from lamplighter.rehearsal.demand.times import midnight
from lamplighter.rehearsal.scale.counting import Counted

if TYPE_CHECKING:
    import pyarrow as pa

_QUARTER = 900


def rates_at_scale(counted: Counted) -> HourlyRates:
    """The rates of calls by hour of the week, nature and area, of which the nature is told.

    Raises `HistoryError` where there is no such call.
    """
    from pyarrow import compute

    groups = counted.groups.filter(compute.is_valid(counted.groups.column("nature")))
    if not groups.num_rows:
        raise HistoryError(
            f"{counted.name} has no call for help whose nature is told: give a history with calls "
            "that the public started."
        )
    calls = groups.column("incidents").to_numpy().astype(np.float64)
    natures, nature = _coded(groups.column("nature"))
    areas, area = _coded(groups.column("area"))
    counts = np.zeros((len(natures) + 1, HOURS_OF_WEEK))
    np.add.at(counts, (nature, groups.column("hour_of_week").to_numpy()), calls)
    by_area = np.zeros((len(natures) + 1, len(areas) + 1))
    np.add.at(by_area, (nature, area), calls)
    met = np.sort(counted.quarters.column("quarter").to_numpy().astype(np.int64))
    zone = ZoneInfo(counted.info.time_zone)
    start = midnight(_moment(met[0]), zone)
    days = (midnight(_moment(met[-1]), zone, 1) - start) / timedelta(days=1)
    hours = hours_of_quarters(start, days, zone)
    since = int(start.timestamp()) // _QUARTER
    return rates_of(natures, areas, counts, by_area, hours, met - since)


def _coded(column: pa.ChunkedArray) -> tuple[tuple[str, ...], npt.NDArray[np.int64]]:
    """The words in order, and the place of each; one beyond the last where there is none."""
    coded = column.combine_chunks().dictionary_encode()
    words = coded.dictionary.to_pylist()
    names = tuple(sorted(words))
    places = np.array([*(names.index(word) for word in words), len(names)], np.int64)
    return names, places[coded.indices.fill_null(len(words)).to_numpy(zero_copy_only=False)]


def _moment(quarter: Any) -> datetime:
    return datetime.fromtimestamp(int(quarter) * _QUARTER, UTC)
