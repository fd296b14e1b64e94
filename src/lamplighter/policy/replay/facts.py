"""The facts of the calls of a history, as small codes: what the mapping says that it tells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt

from lamplighter.history import HistoryError, HistoryInfo, open_history
from lamplighter.policy.axes import Axis
from lamplighter.policy.domains import Fact, format_value
from lamplighter.policy.model import Input, Policy
from lamplighter.policy.replay.local_time import Clock
from lamplighter.policy.replay.mapping import DERIVED, WEEKDAYS, FactMapping, Source, plain
from lamplighter.policy.replay.parts import Ids, Part, Parts

if TYPE_CHECKING:
    import pyarrow as pa

Codes: TypeAlias = npt.NDArray[Any]

# Calls are counted by these; each call has one value of each, or none.
DIMENSIONS = ("nature", "hour", "weekday", "area")
# Hour and day of each hour of the week; days are counted from 1.
_HOURS = [hour for _ in range(7) for hour in range(24)]
_DAYS = [day for day in range(1, 8) for _ in range(24)]


@dataclass(frozen=True, slots=True)
class Column:
    """The facts of one input: `values[codes[row]]`, where None means that nobody asked."""

    codes: Codes
    values: tuple[Fact | None, ...]


@dataclass(frozen=True, slots=True)
class Labelled:
    """The label of each call in one dimension: `places[codes[row]]` is a place in its `Labels`."""

    codes: Codes
    places: Codes

    def each(self) -> Codes:
        """The place of each call."""
        return self.places[self.codes]


@dataclass(frozen=True, slots=True)
class Batch:
    """Some calls of a history in its order: their ids, their facts, and what they are counted by.

    Inputs without a column are not asked in any of these calls.
    """

    rows: int
    ids: Ids
    columns: Mapping[str, Column]
    dimensions: Mapping[str, Labelled]


@dataclass
class Labels:
    """The values of one dimension, in the order in which they came up."""

    values: list[str | None] = field(default_factory=list)
    _places: dict[str | None, int] = field(default_factory=dict)

    def place(self, value: str | None) -> int:
        found = self._places.get(value)
        if found is None:
            found = self._places[value] = len(self.values)
            self.values.append(value)
        return found


class Facts:
    """Reads the calls of a history batch by batch.

    While it is read it counts `left_out` (calls by who started them, when the mapping leaves
    those out) and `not_understood` (for each input, words that are no value of it).

    Raises `HistoryError` where the file is no history, or lacks a column that the mapping names,
    or where the mapping gives the policy no fact at all.
    """

    def __init__(self, policy: Policy, path: str | Path, mapping: FactMapping) -> None:
        self.policy = policy
        self.mapping = mapping
        self.path = Path(path)
        history = open_history(path)
        self.rows = len(history)
        self.info: HistoryInfo = history.info
        self.labels = {name: Labels() for name in DIMENSIONS}
        self.left_out: Counter[str] = Counter()
        self.not_understood: dict[str, Counter[str]] = {}
        self._axes = {axis.name: axis for axis in policy.engine.compiled.axes}
        self._clock = Clock(self.info.time_zone)
        self._check_columns()

    def _check_columns(self) -> None:
        import pyarrow.parquet as parquet

        if not self.mapping.inputs and not self.mapping.implied:
            raise HistoryError(
                f"the mapping gives {self.policy.name} no fact of a call: print it with "
                "'lamplighter policy mapping', name the columns of its inputs, and give it with "
                "--facts."
            )
        schema = parquet.read_schema(self.path)
        for column in self.mapping.columns():
            if column not in schema.names:
                needs = [n for n, s in self.mapping.inputs.items() if s.column == column]
                needs += [one.input for one in self.mapping.implied if one.column == column]
                raise HistoryError(
                    f"{self.path} has no column {column}, from which the mapping takes "
                    f"{', '.join(dict.fromkeys(needs))}: name another column or remove the input."
                )

    def __iter__(self) -> Iterator[Batch]:
        with self.begun() as batches:
            yield from batches

    @contextmanager
    def begun(self) -> Iterator[Iterator[Batch]]:
        """The batches, of which the first are read from now on."""
        named = self.mapping.named()
        wanted = ["nature", "area", *(name for name in named if name not in DERIVED)]
        if self.mapping.leave_out:
            wanted.append("started_by")
        tell = {"hour of week": self._clock.hours_of_week}
        if "local month" in named:
            tell["month"] = self._clock.months
        with Parts(self.path, [*dict.fromkeys(wanted)], tell).begun() as parts:
            yield (self._batch(self._kept(part)) for part in parts)

    def _kept(self, part: Part) -> Part:
        """Without the calls that the mapping leaves out, which are counted."""
        if not self.mapping.leave_out:
            return part
        codes, words = part.coded("started_by")
        counts = np.bincount(codes, minlength=len(words))
        out = [word in self.mapping.leave_out for word in words]
        for word, count, gone in zip(words, counts, out, strict=True):
            if gone and count:
                self.left_out[str(word)] += int(count)
        if not any(gone and count for gone, count in zip(out, counts, strict=True)):
            return part
        return part.kept(~np.asarray(out, dtype=bool)[codes])

    def _batch(self, part: Part) -> Batch:
        hours = part.told["hour of week"]

        def coded(name: str) -> tuple[Codes, Sequence[Any]]:
            if name == "local month":
                return part.told["month"], list(range(13))
            if name in DERIVED:
                return hours, _HOURS if name == "local hour" else _DAYS
            return part.coded(name)

        columns: dict[str, Column] = {}
        for name, source in self.mapping.inputs.items():
            declared = self.policy.inputs[name]
            if source.column is None:
                columns[name] = Column(np.zeros(part.rows, np.uint8), (source.always,))
            elif (
                declared.type == "number"
                and not source.values
                and _is_number(part.arrays.get(source.column))
            ):
                columns[name] = self._measured(declared, part.arrays[source.column])
            else:
                columns[name] = self._told(declared, source, *coded(source.column))
        for name in dict.fromkeys(one.input for one in self.mapping.implied):
            columns[name] = self._implied(name, columns.get(name), part.rows, coded)
        dimensions = {
            "nature": self._dimension("nature", *part.coded("nature")),
            "hour": self._dimension("hour", hours, [f"{hour:02}" for hour in _HOURS]),
            "weekday": self._dimension("weekday", hours, [WEEKDAYS[day - 1] for day in _DAYS]),
            "area": self._dimension("area", *part.coded("area")),
        }
        return Batch(part.rows, part.ids, columns, dimensions)

    def _dimension(self, name: str, codes: Codes, words: Sequence[Any]) -> Labelled:
        labels = self.labels[name]
        return Labelled(codes, np.array([labels.place(word) for word in words] or [0], np.int32))

    def _told(self, declared: Input, source: Source, codes: Codes, words: Sequence[Any]) -> Column:
        values = tuple(_fact(declared, source, word) for word in words)
        strange = [
            place
            for place, (word, value) in enumerate(zip(words, values, strict=True))
            if word is not None and value is None and not source.values
        ]
        if strange:
            counts = np.bincount(codes, minlength=len(words))
            found = self.not_understood.setdefault(declared.name, Counter())
            for place in strange:
                if counts[place]:
                    found[str(words[place])] += int(counts[place])
        return Column(codes, values)

    def _measured(self, declared: Input, column: pa.Array) -> Column:
        """Numbers become the classes that the policy tells apart, each shown by an example."""
        axis = self._axes[declared.name]
        numbers = column.cast("float64").fill_null(float("nan")).to_numpy(zero_copy_only=False)
        codes = classes_of_numbers(axis, numbers)
        strange = (codes == len(axis.examples)) & ~np.isnan(numbers)
        if strange.any():
            found = self.not_understood.setdefault(declared.name, Counter())
            for number, count in zip(*np.unique(numbers[strange], return_counts=True), strict=True):
                found[format_value(float(number))] += int(count)
        return Column(codes, (*axis.examples, None))

    def _implied(self, name: str, told: Column | None, rows: int, coded: Any) -> Column:
        """The facts of a column, and where it has none those that are implied."""
        rules = [one for one in self.mapping.implied if one.input == name]
        values: list[Fact | None] = [None, *dict.fromkeys(rule.value for rule in rules)]
        found = np.zeros(rows, np.uint8)
        for rule in reversed(rules):
            codes, words = coded(rule.column)
            says = np.array(
                [w is not None and _said(rule.column, w) in rule.says for w in words] or [False]
            )
            if says.any():
                found[says[codes]] = values.index(rule.value)
        if told is None:
            return Column(found, tuple(values))
        known = np.array([value is not None for value in told.values])[told.codes]
        joined = np.where(
            known, told.codes.astype(np.int32), found.astype(np.int32) + len(told.values)
        )
        return Column(joined, (*told.values, *values))


def classes_of_numbers(axis: Axis, numbers: npt.NDArray[np.float64]) -> Codes:
    """The class of each number; one beyond the last for NaN and what is outside the domain."""
    points = np.asarray(axis.points, np.float64)
    outside = len(axis.examples)
    stretches = np.asarray([*axis.stretches, -1], np.int32)
    place = np.searchsorted(points, numbers)
    at_point = (place < len(points)) & (points[np.minimum(place, len(points) - 1)] == numbers)
    codes: Codes = stretches[2 * place + at_point]
    codes[np.isnan(numbers) | (codes < 0)] = outside
    if axis.declared.domain.whole:
        codes[numbers != np.floor(numbers)] = outside
    return codes


def _fact(declared: Input, source: Source, word: Any) -> Fact | None:
    """What a word of a column says about an input; None where it says nothing."""
    if word is None:
        return None
    if source.values:
        return source.values.get(_said(source.column, word))
    if declared.type == "choice":
        if source.column == "local weekday":
            word = WEEKDAYS[word - 1]
        return word if word in declared.domain else None
    if declared.type == "boolean" and isinstance(word, str):
        return {"true": True, "false": False}.get(plain(word))
    if declared.type == "number" and isinstance(word, str):
        try:
            word = float(word)
        except ValueError:
            return None
    word = declared.domain.settled(word)
    return word if word in declared.domain else None


def _said(column: str | None, word: Any) -> str:
    """What a column says, as a mapping writes it."""
    return plain(WEEKDAYS[word - 1] if column == "local weekday" else format_value(word))


def _is_number(column: pa.Array | None) -> bool:
    import pyarrow as pa

    if column is None:
        return False
    kinds = (pa.types.is_integer, pa.types.is_floating, pa.types.is_decimal)
    return any(is_kind(column.type) for is_kind in kinds)
