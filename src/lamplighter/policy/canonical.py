"""What a policy says, without layout or comments: the ground of its content hash."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

from lamplighter.policy.domains import EVERY_NUMBER, Domain, Interval, Value
from lamplighter.policy.model import Cell, Input, Output, Policy, Rule, Table, Words

# Stored decisions name the hash of the policy that made them: never change this form.
_FORM = "lamplighter policy 1"


def content_hash(policy: Policy) -> str:
    """SHA-256 (hex) of the canonical content."""
    written = json.dumps(content(policy), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(written.encode()).hexdigest()


def content(policy: Policy) -> dict[str, Any]:
    """Everything that a policy says, in plain values; lists where the order has a meaning."""
    return {
        "form": _FORM,
        "policy": policy.name,
        "version": policy.version,
        "title": _words(policy.title),
        "about": _words(policy.about),
        "inputs": [_input(declared) for declared in policy.inputs.values()],
        "tables": [_table(table) for table in policy.tables],
        "outcome": list(policy.outcome),
        "promises": [
            {
                "id": promise.id,
                "says": _words(promise.says),
                "never": " ".join(promise.never.split()),
                "source": promise.source,
            }
            for promise in policy.promises
        ],
    }


def _words(words: Words | None) -> list[str] | None:
    return None if words is None else [words.en, words.es]


def _number(value: Value | None) -> Value | None:
    """4 and 4.0 are the same number."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _domain(domain: Domain) -> dict[str, Any]:
    limits = None if domain.range is None else str(domain.range)
    return {"type": domain.kind, "range": limits, "integer": domain.integer}


def _input(declared: Input) -> dict[str, Any]:
    return {
        "name": declared.name,
        **_domain(declared.domain),
        "label": _words(declared.label),
        "ask": _words(declared.ask),
        "help": _words(declared.help),
        "values": [[value.value, _words(value.label)] for value in declared.values],
        "when unknown": _number(declared.when_unknown),
        "always known": declared.always_known,
        # Written only where it is set: policies from before it keep their hash.
        **({"safety": True} if declared.safety else {}),
    }


def _output(output: Output) -> dict[str, Any]:
    return {
        "name": output.name,
        **_domain(output.domain),
        "label": _words(output.label),
        "values": [[value.value, _words(value.label)] for value in output.values],
    }


def _table(table: Table) -> dict[str, Any]:
    return {
        "name": table.name,
        "title": _words(table.title),
        "hit": table.hit,
        **({"aggregate": table.aggregate} if table.aggregate else {}),
        "outputs": [_output(output) for output in table.outputs.values()],
        "rules": [_rule(rule) for rule in table.rules],
    }


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "when": {name: _cell(cell) for name, cell in rule.when.items()},
        "then": {name: _number(value) for name, value in rule.then.items()},
        "because": _words(rule.because),
        "source": rule.source,
    }


def _cell(cell: Cell) -> dict[str, Any]:
    """The values that a cell accepts: two ways of writing the same cell count as one."""
    return {
        "values": sorted(cell.side.values, key=str),
        "intervals": sorted(_interval(interval) for interval in cell.side.intervals),
        "unknown": cell.side.unknown,
    }


def _interval(interval: Interval) -> str:
    """As hashes have always had it, though people read every number as `-` by now."""
    return "< inf" if interval == EVERY_NUMBER else str(interval)
