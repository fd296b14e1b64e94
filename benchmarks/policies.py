"""Policies of any size, drawn at random and shaped like those that cities write."""

from __future__ import annotations

import json
from random import Random
from typing import Any

from lamplighter.policy import Policy, parse_policy

RESPONDERS = ["police", "ems", "fire", "co_response", "team", "outreach", "desk", "line"]
RISKS = ["immediate", "high", "moderate", "low"]


def make_policy(
    rules: int, inputs: int, seed: int, *, chained: bool = True, promises: int = 0
) -> Policy:
    """A policy with that many rules and inputs; the same numbers give the same policy.

    The first input is the nature of a call and always known, the others are yes or no, small
    choices, and hours. Each rule looks at two to five columns, and the narrow ones stand first,
    as people write them; the last rule of each table fits every call. Where `chained`, a third
    of the rules decide the risk, and the others who answers, with the risk as one more column.
    The promises hold: each says that calls of one of the first rules get no other answer than
    the rules up to it give.

    >>> policy = make_policy(40, 10, seed=1)
    >>> len(policy.inputs), sum(len(table.rules) for table in policy.tables)
    (10, 40)
    """
    random = Random(f"{rules} {inputs} {seed} {chained}")
    columns = {f"fact_{place}": _input(random, place) for place in range(inputs)}
    tables: dict[str, Any] = {}
    last = rules
    if chained:
        last = rules - rules // 3
        tables["risk"] = _table(random, "risk", {"risk": RISKS}, columns, rules // 3)
        columns_of_last = {**columns, "risk": {"type": "choice", "values": RISKS}}
    else:
        columns_of_last = columns
    outputs = {"responder": RESPONDERS, "backup": ["none", "near", "with_team"]}
    tables["response"] = _table(random, "response", outputs, columns_of_last, last)
    tree: dict[str, Any] = {
        "policy": f"random {seed}",
        "version": "1",
        "inputs": columns,
        "tables": tables,
    }
    if promises:
        tree["promises"] = _promises(tables["response"]["rules"], columns_of_last, promises)
    return parse_policy(json.dumps(tree), name=f"random {seed}")


def _input(random: Random, place: int) -> dict[str, Any]:
    if place == 0:
        return {
            "type": "choice",
            "always known": True,
            "values": [f"nature_{number}" for number in range(30)],
        }
    kind = random.choice(["boolean", "boolean", "choice", "number"])
    declared: dict[str, Any] = {"type": kind, "ask": f"What about fact {place}?"}
    if kind == "boolean":
        declared["when unknown"] = random.choice([True, False])
    elif kind == "choice":
        declared["values"] = [f"value_{number}" for number in range(random.randint(3, 6))]
        declared["when unknown"] = random.choice(declared["values"])
    else:
        declared |= {"range": "[0..24)"}
    return declared


def _cell(random: Random, declared: dict[str, Any]) -> str:
    if declared["type"] == "boolean":
        return random.choice(["true", "false"])
    if declared["type"] == "number":
        low, high = sorted(random.sample(range(24), 2))
        return f"[{low}..{high})"
    values = declared["values"]
    some = random.sample(values, random.randint(1, max(1, len(values) // 4)))
    listed = ",".join(json.dumps(value) for value in some)
    return f"not({listed})" if random.random() < 0.2 else listed


def _table(
    random: Random,
    name: str,
    outputs: dict[str, list[str]],
    columns: dict[str, dict[str, Any]],
    rules: int,
) -> dict[str, Any]:
    written = []
    for number in range(rules):
        when: dict[str, str] = {}
        if number < rules - 1:
            # Most rules of a city speak of the nature of the call first.
            looked_at = set(random.sample(list(columns), random.randint(2, 5)))
            if random.random() < 0.8:
                looked_at.add(next(iter(columns)))
            when = {
                column: _cell(random, columns[column]) for column in columns if column in looked_at
            }
        written.append(
            {
                "id": "",
                "when": when,
                "then": {output: random.choice(values) for output, values in outputs.items()},
                "because": "it was drawn at random",
                "source": "a benchmark",
            }
        )
    written.sort(key=lambda rule: _width(rule["when"], columns))
    for number, rule in enumerate(written):
        rule["id"] = f"{name}-{number}"
    return {"hit": "first", "outputs": outputs, "rules": written}


def _width(when: dict[str, str], columns: dict[str, dict[str, Any]]) -> float:
    """The share of all calls that a rule fits, roughly."""
    width = 1.0
    for column, cell in when.items():
        declared = columns[column]
        if declared["type"] == "boolean":
            width /= 2
        elif declared["type"] == "number":
            low, _, high = cell.strip("[)").partition("..")
            width *= (int(high) - int(low)) / 24
        else:
            share = (cell.count(",") + 1) / len(declared["values"])
            width *= 1 - share if cell.startswith("not") else share
    return width


def _promises(
    rules: list[dict[str, Any]], columns: dict[str, dict[str, Any]], promises: int
) -> list[dict[str, Any]]:
    made = []
    for number, rule in enumerate(rules[:promises]):
        tests = [_promised(column, cell) for column, cell in rule["when"].items()]
        tests += [
            f"{column} != unknown"
            for column in rule["when"]
            if columns[column].get("ask") and rule["when"][column].startswith("not")
        ]
        answers = sorted({earlier["then"]["responder"] for earlier in rules[: number + 1]})
        tests.append(f"responder not in ({', '.join(answers)})")
        made.append(
            {
                "id": f"promise-{number}",
                "says": "What one of the rules says.",
                "never": " and ".join(tests),
                "source": "a benchmark",
            }
        )
    return made


def _promised(column: str, cell: str) -> str:
    if cell in ("true", "false"):
        return f"{column} = {cell}"
    if cell.startswith("not("):
        return f"{column} not in {cell.removeprefix('not')}"
    return f"{column} in {cell}" if cell.startswith("[") else f"{column} in ({cell})"
