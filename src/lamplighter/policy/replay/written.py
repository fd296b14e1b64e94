"""The Parquet file of a replay: a row for each call, in the order of the history."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt

from lamplighter.policy.domains import Result
from lamplighter.policy.model import Output, Policy
from lamplighter.policy.replay.bulk import FAILURE, Decided
from lamplighter.policy.replay.facts import Batch, Facts
from lamplighter.policy.replay.possible import Possible
from lamplighter.policy.replay.result import ReplayError, plain_outcome
from lamplighter.policy.replay.tally import in_order

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as parquet

Array: TypeAlias = npt.NDArray[Any]

SHAPE_VERSION = 1
_PREFIX = "lamplighter.replay."
_STATES = ("decided", "open", "fails")


class OutcomeFile:
    """Writes beside the output and moves the file into its place at the end, or not at all.

    The columns are: `id`; `state` (decided, open, fails); for each output of the outcome its
    value where the call is decided, and as `…_if_unknown` the value when nobody knows more;
    `possible`, a JSON list of the outcomes still possible, with null for a failure; and for each
    table `rule_…`, the rule that hits when nobody knows more.
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
        self._writer: parquet.ParquetWriter | None = None
        self._part = Path()
        self._writing: Future[None] | None = None

    def __enter__(self) -> OutcomeFile:
        import pyarrow.parquet as parquet

        try:
            handle, part = tempfile.mkstemp(
                prefix=f".{self._path.name}.", suffix=".replaying", dir=self._path.parent
            )
        except OSError as error:
            raise ReplayError(
                f"{self._path} cannot be written ({error.strerror}): choose another place."
            ) from None
        os.close(handle)
        self._part = Path(part)
        # Ids are all different: a dictionary of them would only cost time.
        worded = [name for name in self._names if name != "id"]
        self._writer = parquet.ParquetWriter(
            self._part,
            self._schema,
            compression="snappy",
            use_dictionary=worded,
            write_statistics=False,
        )
        self._pool = ThreadPoolExecutor(1)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            assert self._writer is not None
            self._pool.shutdown()
            self._writer.close()
            if kind is None and self._writing is not None:
                self._writing.result()
            if kind is None:
                os.chmod(self._part, 0o666 & ~_umask())
                self._part.replace(self._path)
        finally:
            self._part.unlink(missing_ok=True)

    def write(self, batch: Batch, decided: Decided, sets: Array) -> None:
        """Add a batch of calls."""
        # It is written while the next batch is decided; an error of the last one comes up here.
        if self._writing is not None:
            self._writing.result()
        bulk = self._possible.bulk
        self._writing = self._pool.submit(
            self._write,
            batch,
            decided,
            sets,
            list(self._possible.sets),
            list(bulk.outcomes),
            [list(names) for names in bulk.hits],
        )

    def _write(
        self,
        batch: Batch,
        decided: Decided,
        sets: Array,
        members: Sequence[Sequence[int]],
        outcomes: Sequence[Mapping[str, Result]],
        rules: Sequence[Sequence[Sequence[str]]],
    ) -> None:
        import pyarrow as pa

        single = [one[0] if len(one) == 1 else -1 for one in members]
        possible = [self._told([outcomes[number] for number in one]) for one in members]
        columns = [batch.ids, _words([_state(one) for one in members], sets, _STATES)]
        columns += [values.of(outcomes, single, sets) for values in self._values]
        every = range(len(outcomes))
        columns += [values.of(outcomes, every, decided.outcomes) for values in self._values]
        columns.append(_words(range(len(possible)), sets, possible))
        for hits, names in zip(decided.hits, rules, strict=True):
            columns.append(_words(range(len(names)), hits, [", ".join(ids) for ids in names]))
        arrays = [
            array if array.type == field.type else array.cast(field.type)
            for array, field in zip(columns, self._schema, strict=True)
        ]
        assert self._writer is not None
        self._writer.write_batch(pa.record_batch(arrays, schema=self._schema))

    def _told(self, members: Sequence[Mapping[str, Result]]) -> str:
        outcomes = in_order(self._policy, members)
        told = [plain_outcome(outcome) if outcome else None for outcome in outcomes]
        return json.dumps(told, ensure_ascii=False)


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

    def of(
        self, outcomes: Sequence[Mapping[str, Result]], of_number: Sequence[int], numbers: Array
    ) -> pa.Array:
        """The value in each call; empty where its number is that of a failure, or of none.

        `of_number` has the outcome for each number in `numbers`, -1 where there is none.
        """
        import pyarrow as pa

        places = [
            self._distinct.setdefault(one[self._name], len(self._distinct)) if one else -1
            for one in outcomes
        ]
        of_value = [places[number] if number >= 0 else -1 for number in of_number]
        if pa.types.is_dictionary(self.type):
            return _words(of_value, numbers, list(self._distinct))
        values = [list(one) if isinstance(one, tuple) else one for one in self._distinct]
        return pa.array(values, self.type).take(_codes(of_value, numbers))


def _type(output: Output) -> pa.DataType:
    import pyarrow as pa

    if output.type == "boolean":
        return pa.bool_()
    if output.type == "number":
        return pa.int64() if output.domain.integer else pa.float64()
    return pa.string()


def _words(of_number: Sequence[int], numbers: Array, words: Sequence[Any]) -> pa.Array:
    """The words `words[of_number[number]]` of calls, empty where there is none."""
    import pyarrow as pa

    codes = _codes(of_number, numbers)
    return pa.DictionaryArray.from_arrays(codes, pa.array(list(words), pa.string()))


def _codes(of_number: Sequence[int], numbers: Array) -> pa.Array:
    """`of_number[number]` of each call; empty where that, or the number itself, is negative."""
    import pyarrow as pa

    from lamplighter.policy.replay import kernels

    found = np.empty(len(numbers), np.int32)
    kernels.pick(np.array([-1, *of_number], np.int32), numbers, found)
    lowest = found.min() if len(found) else 0
    if lowest >= 0:
        return pa.array(found)
    if found.max() < 0:
        return pa.nulls(len(found), pa.int32())
    return pa.array(found, mask=found < 0)


def _state(members: Sequence[int]) -> int:
    if len(members) > 1:
        return _STATES.index("open")
    return _STATES.index("fails" if tuple(members) == (FAILURE,) else "decided")


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
