"""Rates counted in a history: how often each nature occurs, and what else its columns tell."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lamplighter.policy.ask.rates import EVEN, Rates, RatesError, Shares, ground_of
from lamplighter.policy.domains import UNKNOWN, Fact, format_value
from lamplighter.policy.model import Input, Policy

if TYPE_CHECKING:
    import pyarrow as pa


_STARTER = "started_by"
_WRITTEN: Mapping[str, Fact] = {"true": True, "false": False, "unknown": UNKNOWN}


def rates_of_history(policy: Policy, path: str | Path, base: Rates = EVEN) -> Rates:
    """The rates in a history (Parquet), and those of `base` for what the history does not hold.

    A column counts for the input of the same name; an empty field is neither an answer nor an
    unknown, and is left out, as is a value that the policy does not have. Answers are counted
    within each value of the ground. Calls that officers started are no requests for help, and are
    left out. Raises `RatesError`.
    """
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    path = Path(path)
    ground = ground_of(policy, base)
    try:
        columns = pq.read_schema(path).names
        names = [name for name in columns if name in policy.inputs]
        starters = [name for name in (_STARTER,) if name in columns]
        table = pq.read_table(path, columns=list(dict.fromkeys([*names, *starters])))
    except OSError as error:
        what = error.strerror or "its data are damaged"
        raise RatesError(f"{path}: the history cannot be opened ({what}); check the path") from None
    except pa.ArrowInvalid:
        raise RatesError(
            f"{path}: this is not a Parquet file; make one with `lamplighter history read`"
        ) from None
    if starters and _says_words(table.schema.field(_STARTER).type):
        # Whoever starts a call in the street is asked nothing, and needs no questions.
        table = table.filter(pc.fill_null(pc.not_equal(table[_STARTER], "officer"), True))
    facts: dict[str, Shares] = dict(base.facts)
    given: dict[str, dict[str, Shares]] = {v: dict(own) for v, own in base.given.items()}
    counted: list[str] = []
    for name in names:
        declared = policy.inputs[name]
        told = _shares(_counts(table, [name]), declared)
        # A column may have the name of an input and mean something else, such as an address.
        if not told:
            continue
        counted.append(name)
        facts[name] = told
        if ground is not None and ground in names and name != ground:
            by_ground: dict[Any, list[dict[str, Any]]] = {}
            for row in _counts(table, [ground, name]):
                by_ground.setdefault(row[ground], []).append(row)
            for value, rows in by_ground.items():
                own = _shares(rows, declared)
                if value is not None and own:
                    given.setdefault(format_value(value), {})[name] = own
    if not counted:
        raise RatesError(
            f"{path}: no column of this history holds answers to an input of the policy "
            f"({', '.join(policy.inputs)}); name a column so, or state rates in a file"
        )
    source = f"{table.num_rows:,} calls of {path.name} for {', '.join(counted)}"
    if len(counted) < len(policy.inputs):
        source += f"; for the rest {base.source}"
    return Rates(source, facts, given, ground)


def _says_words(kind: pa.DataType) -> bool:
    import pyarrow as pa

    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _counts(table: Any, names: list[str]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = table.group_by(names).aggregate([([], "count_all")]).to_pylist()
    return found


def _shares(rows: list[dict[str, Any]], declared: Input) -> Shares:
    told: dict[Fact, float] = {}
    for row in rows:
        fact = _fact(row[declared.name])
        if fact in declared.domain or (fact is UNKNOWN and not declared.always_known):
            told[fact] = told.get(fact, 0.0) + row["count_all"]
    total = sum(told.values())
    return {fact: count / total for fact, count in told.items()}


def _fact(value: object) -> Fact:
    """What a field says; the empty text, which no domain has, for what is no answer."""
    if isinstance(value, str):
        return _WRITTEN.get(value, value)
    return value if isinstance(value, bool | int | float) else ""
