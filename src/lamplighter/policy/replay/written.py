"""The Parquet file of a replay: a row for each call, in the order of the history."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt

from lamplighter.policy.domains import Result
from lamplighter.policy.model import Output, Policy
from lamplighter.policy.replay.blocks import cores
from lamplighter.policy.replay.bulk import FAILURE, Decided
from lamplighter.policy.replay.ends import Ends
from lamplighter.policy.replay.facts import Batch, Facts
from lamplighter.policy.replay.listing import Listing
from lamplighter.policy.replay.pages.footer import Column
from lamplighter.policy.replay.pages.writing import (
    ChunkFile,
    Coded,
    Numbers,
    Packed,
    packed_by_arrow,
    packed_codes,
)
from lamplighter.policy.replay.parts import Ids
from lamplighter.policy.replay.possible import Possible
from lamplighter.policy.replay.result import ReplayError
from lamplighter.policy.replay.set_words import SetWords

if TYPE_CHECKING:
    import pyarrow as pa

Array: TypeAlias = npt.NDArray[Any]

SHAPE_VERSION = 1
_PREFIX = "lamplighter.replay."
_STATES = ("decided", "open", "fails")


class OutcomeFile:
    """Writes beside the output and moves the file into its place at the end, or not at all.

    The columns are: `id`; `state` (decided, open, fails); for each output of the outcome its
    value where the call is decided, and as `…_if_unknown` the value when nobody knows more;
    `possible`, a JSON list of the outcomes still possible, with null for a failure and "more" for
    others that are not listed; and for each table `rule_…`, the rule that hits when nobody knows
    more.
    """

    def __init__(self, path: Path, facts: Facts, possible: Possible, engine: str) -> None:
        import pyarrow as pa

        self._path = path
        self._possible = possible
        self._policy = policy = facts.policy
        names = [
            "id",
            "state",
            *policy.outcome,
            *(f"{name}_if_unknown" for name in policy.outcome),
            "possible",
            *(f"rule_{table.name}" for table in policy.tables),
        ]
        for name in names:
            if names.count(name) > 1:
                raise ReplayError(
                    f"{policy.name} has an output called {name}, which is a column of every "
                    "replay: rename the output, or replay without -o."
                )
        self._names = names
        self._values = [_Values(policy, name) for name in policy.outcome]
        metadata = {
            "version": str(SHAPE_VERSION),
            "policy": policy.name,
            "policy_version": policy.version,
            "content_hash": policy.content_hash,
            "engine": engine,
            "history": facts.path.name,
            "city": facts.info.city,
            "facts": facts.mapping.text,
            "facts_hash": sha256(facts.mapping.text.encode()).hexdigest(),
        }
        self._metadata = {_PREFIX + name: value for name, value in metadata.items()}
        word = pa.dictionary(pa.int32(), pa.string())
        types = [pa.string(), word, *[values.type for values in self._values] * 2, word]
        types += [word] * len(policy.tables)
        self._schema = pa.schema(
            list(zip(names, types, strict=True)), metadata=dict(self._metadata)
        )
        self._part = Path()
        self._begun: list[Future[dict[str, Column]]] = []
        self._rows = 0

    def __enter__(self) -> OutcomeFile:
        try:
            handle, part = tempfile.mkstemp(
                prefix=f".{self._path.name}.", suffix=".replaying", dir=self._path.parent
            )
        except OSError as error:
            raise self._cannot_be_written(error) from None
        self._part = Path(part)
        self._file = os.fdopen(handle, "wb")
        try:
            self._chunks = ChunkFile(handle, self._schema)
        except OSError as error:
            self._file.close()
            self._part.unlink(missing_ok=True)
            raise self._cannot_be_written(error) from None
        self._pool = ThreadPoolExecutor(cores())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self._pool.shutdown(cancel_futures=kind is not None)
            with self._file:
                if kind is None:
                    self._finish_group()
                    self._chunks.close()
            if kind is None:
                os.chmod(self._part, 0o666 & ~_umask())
                self._part.replace(self._path)
        except OSError as failure:
            raise self._cannot_be_written(failure) from None
        finally:
            self._part.unlink(missing_ok=True)

    def _cannot_be_written(self, error: OSError) -> ReplayError:
        return ReplayError(
            f"{self._path} cannot be written ({error.strerror}): choose another place."
        )

    def write(self, batch: Batch, decided: Decided, calls: Array, ends: Ends) -> None:
        """Add a batch of calls, of which there are `calls[kind]` of each kind that is decided."""
        # It is packed and written while the next batch is decided.
        self._finish_group()
        if not batch.rows:
            return
        self._rows = batch.rows
        fields: dict[tuple[int, int, bytes], tuple[Coded, list[pa.Field]]] = {}
        _, *rest = self._schema
        for field, column in zip(rest, self._columns(decided, calls, ends), strict=True):
            # What is the same in each call is packed once: where all is decided, what holds if
            # nobody knows more is what holds.
            places = np.where(column.numbers.seen, column.places, -1).astype(np.int32)
            key = id(column.numbers), id(column.values), places.tobytes()
            fields.setdefault(key, (column, []))[1].append(field)
        self._begun = [self._pool.submit(self._put_ids, batch.ids)]
        self._begun += [self._pool.submit(self._put, *one) for one in fields.values()]

    def _columns(self, decided: Decided, calls: Array, ends: Ends) -> Iterator[Coded]:
        """All columns but the ids."""
        bulk, sets = self._possible.bulk, self._possible.sets.listing
        outcomes = list(bulk.outcomes)
        states, single = (of_set.astype(np.int32)[ends.sets] for of_set in _states(sets))
        by_set = by_kind = Numbers.of(ends.kinds, ends.calls > 0)
        if decided.kinds is not ends.kinds:
            by_kind = Numbers.of(decided.kinds, calls > 0)
        yield Coded(by_set, states, _STATES)
        yield from (values.of(outcomes, single, by_set) for values in self._values)
        yield from (values.of(outcomes, decided.outcome_of, by_kind) for values in self._values)
        yield Coded(by_set, ends.sets, SetWords(bulk, sets))
        for hits, names in zip(decided.hits_of, bulk.hits, strict=True):
            yield Coded(by_kind, hits, [", ".join(ids) for ids in names])

    def _put(self, column: Coded, fields: Sequence[pa.Field]) -> dict[str, Column]:
        packed = packed_codes(column, fields[0])
        return {field.name: self._put_as(packed, field.name) for field in fields}

    def _put_ids(self, ids: Ids) -> dict[str, Column]:
        chunk = ids.chunk()
        field = self._schema.field("id")
        packed = Packed.of(chunk) if chunk else packed_by_arrow(ids.array(), field)
        return {field.name: self._put_as(packed, field.name)}

    def _put_as(self, packed: Packed, name: str) -> Column:
        try:
            return self._chunks.put(packed, name)
        except OSError as error:
            raise self._cannot_be_written(error) from None

    def _finish_group(self) -> None:
        """Wait for what was begun; an error that came up meanwhile comes up here."""
        columns: dict[str, Column] = {}
        for one in self._begun:
            columns |= one.result()
        if columns:
            self._chunks.end_group(self._rows, [columns[name] for name in self._schema.names])
        self._begun = []


class _Values:
    """One output of the outcome, found by the number of the outcome."""

    def __init__(self, policy: Policy, name: str) -> None:
        import pyarrow as pa

        self._name = name
        kind = policy.output(name)
        gathers = any(table.gathers for table in policy.tables if name in table.outputs)
        self.type = pa.list_(_type(kind)) if gathers else _type(kind)
        if pa.types.is_string(self.type):
            self.type = pa.dictionary(pa.int32(), pa.string())
        self._distinct: dict[Result, int] = {}
        self._values: list[Any] = []

    def of(
        self, outcomes: Sequence[Mapping[str, Result]], places: Array, numbers: Numbers
    ) -> Coded:
        """The value in each call; empty where its number is that of a failure, or of none.

        `places` has the outcome for each number, -1 where there is none.
        """
        of_outcome = [self._place(one[self._name]) if one else -1 for one in outcomes]
        return Coded(numbers, np.array([*of_outcome, -1], np.int32)[places], self._values)

    def _place(self, value: Result) -> int:
        place = self._distinct.setdefault(value, len(self._values))
        if place == len(self._values):
            self._values.append(list(value) if isinstance(value, tuple) else value)
        return place


def _type(output: Output) -> pa.DataType:
    import pyarrow as pa

    if output.type == "boolean":
        return pa.bool_()
    if output.type == "number":
        return pa.int64() if output.domain.integer else pa.float64()
    return pa.string()


def _states(sets: Listing) -> tuple[Array, Array]:
    """The state of each set, and the outcome of each that is decided or fails, -1 of the others."""
    several = sets.counts > 1
    single = np.where(several, -1, sets.members[sets.starts[:-1]])
    state = np.where(single == FAILURE, _STATES.index("fails"), _STATES.index("decided"))
    return np.where(several, _STATES.index("open"), state), single


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
