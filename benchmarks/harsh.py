"""Policies of 400 rules that are hard to check: nothing about them is like what cities write.

Lists of many values, numbers and dates with a border or two of their own for every rule, every
hit policy, up to three tables in a chain, and hundreds of things that are wrong with them.
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from random import Random
from typing import Any

from lamplighter.policy import Policy, parse_policy

HIT_POLICIES = (
    "unique",
    "any",
    "priority",
    "first",
    "rule order",
    "output order",
    "collect",
    "collect sum",
    "collect min",
    "collect max",
    "collect count",
)
_ADDS = ("collect sum", "collect min", "collect max")
_LETTERS = list("pqrstuvx")
_DAYS = 3_650


def harsh_policy(
    hit: str, seed: int, *, rules: int = 400, tables: int = 1, cells: tuple[int, int] = (2, 5)
) -> Policy:
    """A policy drawn at random; its last table has that hit policy, those before are "first".

    Each rule tests so many columns as `cells` says, at least and at most. With few cells most
    rules meet, with many most do not; a twentieth of the rules are copies of earlier ones.

    >>> policy = harsh_policy("unique", 1, rules=60, tables=3)
    >>> sum(len(table.rules) for table in policy.tables), policy.tables[-1].hit
    (60, 'unique')
    """
    random = Random(f"{hit} {seed} {rules} {tables} {cells}")
    inputs = _inputs(random)
    columns: dict[str, dict[str, Any]] = dict(inputs)
    made: dict[str, Any] = {}
    for place in range(tables):
        last = place == tables - 1
        name = f"table_{place}"
        own = hit if last else "first"
        adds = own in _ADDS
        output = {"type": "number", "range": "[1..9]"} if adds else {"values": _LETTERS}
        count = rules // tables + (rules % tables if last else 0)
        made[name] = {
            "hit": own,
            "outputs": {f"answer_{place}": output},
            "rules": _rules(random, name, place, columns, count, cells, adds, own),
        }
        columns[f"answer_{place}"] = {"type": "choice", "values": _LETTERS}
    tree = {
        "policy": f"harsh {hit} {seed}",
        "version": "1",
        "inputs": inputs,
        "tables": made,
        "promises": _promises(random, inputs, f"answer_{tables - 1}", hit),
    }
    return parse_policy(json.dumps(tree), name=f"harsh {hit} {seed}")


def _inputs(random: Random) -> dict[str, dict[str, Any]]:
    inputs: dict[str, dict[str, Any]] = {
        "nature": {
            "type": "choice",
            "values": [f"nature_{number}" for number in range(60)],
            "always known": True,
        },
        "hour": {"type": "number", "range": "[0..1000]"},
        "born": {"type": "date", "range": '[date("1990-01-01")..date("2010-01-01"))'},
        "waited": {"type": "number", "range": "[0..1000]", "when unknown": 500},
        "place": {"type": "choice", "values": [f"place_{number}" for number in range(40)]},
    }
    for number in range(5):
        inputs[f"fact_{number}"] = {
            "type": "boolean",
            **({"when unknown": True} if random.random() < 0.5 else {}),
        }
    for declared in inputs.values():
        declared["ask"] = "What about it?"
    return inputs


def _rules(
    random: Random,
    name: str,
    place: int,
    columns: dict[str, dict[str, Any]],
    count: int,
    cells: tuple[int, int],
    adds: bool,
    hit: str,
) -> list[dict[str, Any]]:
    written: list[dict[str, Any]] = []
    for number in range(count):
        looked_at = random.sample(list(columns), random.randint(*cells))
        when = {column: _cell(random, columns[column]) for column in columns if column in looked_at}
        if written and random.random() < 0.05:
            when = dict(random.choice(written)["when"])
        if number == count - 1 and hit in ("first", "priority"):
            when = {}
        value = random.randint(1, 9) if adds else random.choice(_LETTERS[:-1])
        written.append(
            {
                "id": f"{name}-{number}",
                "when": when,
                "then": {f"answer_{place}": value},
                "because": "it was drawn at random",
                "source": "a benchmark",
            }
        )
    return written


def _cell(random: Random, declared: dict[str, Any]) -> str:
    kind = declared["type"]
    if kind == "boolean":
        return random.choice(["true", "false"])
    if kind == "number":
        low, high = sorted(random.sample(range(1000), 2))
        return f"[{low}..{high})" if random.random() < 0.7 else f"< {low},> {high}"
    if kind == "date":
        low, high = sorted(random.sample(range(_DAYS), 2))
        return f"[{_day(low)}..{_day(high)})"
    values = declared["values"]
    some = random.sample(values, random.randint(1, max(2, len(values) // 2)))
    listed = ",".join(json.dumps(value) for value in some)
    return f"not({listed})" if random.random() < 0.3 else listed


def _day(number: int) -> str:
    return f'date("{date(1995, 1, 1) + timedelta(days=number)}")'


def _promises(
    random: Random, inputs: dict[str, dict[str, Any]], answer: str, hit: str
) -> list[dict[str, Any]]:
    """Promises of which most are broken; two of them ask what is asked."""
    if hit in ("rule order", "output order", "collect"):
        tests = [f'{answer} contains "{value}"' for value in _LETTERS]
    elif hit in _ADDS or hit == "collect count":
        tests = [f"{answer} {'>=='[number % 3]} {number}" for number in range(1, 9)]
    else:
        tests = [f"{answer} = {value}" for value in _LETTERS]
    made = []
    for number in range(20):
        natures = ", ".join(random.sample(inputs["nature"]["values"], 6))
        parts = [f"nature in ({natures})", tests[number % 8], f"hour in [{number}..{number + 9})"]
        if number < 2:
            parts.append(f"asked(fact_{number})")
        made.append(
            {
                "id": f"promise-{number}",
                "says": "What was drawn.",
                "never": " and ".join(parts),
                "source": "a benchmark",
            }
        )
    return made
