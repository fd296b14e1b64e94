"""How often each answer is given: stated in a file, counted in calls, or even where not known."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from lamplighter.plain_yaml import load
from lamplighter.policy.axes import Axis
from lamplighter.policy.domains import UNKNOWN, Fact, format_value
from lamplighter.policy.errors import FactError, did_you_mean, sentence
from lamplighter.policy.model import Input, Policy

Shares: TypeAlias = Mapping[Fact, float]
_NONE: Mapping[str, Shares] = MappingProxyType({})
# The rates of simulated callers: one file for both, so that a rehearsal asks as the city asks.
_SHIPPED = Path(__file__).resolve().parents[2] / "rehearsal" / "answers.yaml"


class RatesError(ValueError):
    """Rates that cannot be used; one sentence with the place and what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(sentence(message))


@dataclass(frozen=True, eq=False)
class Rates:
    """For each input the share of calls that give each answer, `UNKNOWN` among the answers.

    `facts[input]` holds for all calls; `given[value][input]` for calls whose `ground` (mostly the
    nature) has this value, written as a person types it. Within calls of one ground the answers
    are taken to be independent of each other: a file of shares cannot say more. What has no
    share is taken to be even over the declared answers. `source` says where they come from.
    """

    source: str = "even rates: each declared answer as often as any other"
    facts: Mapping[str, Shares] = field(default_factory=dict)
    given: Mapping[str, Mapping[str, Shares]] = field(default_factory=dict)
    ground: str | None = None

    def shares(self, ground: Fact | None, name: str) -> Shares | None:
        """The shares of an input in calls of this ground; None where nothing is known of it."""
        own = _NONE if ground is None else self.given.get(format_value(ground), _NONE)
        return own.get(name) or self.facts.get(name)


EVEN = Rates()


def ground_of(policy: Policy, rates: Rates) -> str | None:
    """The input on which the rates depend: the stated one, else the first that is always known."""
    if rates.ground in policy.inputs:
        return rates.ground
    return next((name for name, i in policy.inputs.items() if i.always_known), None)


def class_shares(axis: Axis, shares: Shares | None) -> tuple[float, ...]:
    """How often the answer falls into each class of facts that the policy tells apart."""
    found = [0.0] * len(axis.examples)
    for fact, share in (shares or {}).items():
        try:
            found[axis.code(fact)] += share
        except FactError:
            continue  # a share of something that this policy does not have
    total = sum(found)
    if total > 0:
        return tuple(share / total for share in found)
    if axis.declared.domain.kind in ("choice", "boolean"):
        for code in axis.codes.values():
            found[code] += 1 / len(axis.codes)
        return tuple(found)
    return (1 / len(found),) * len(found)


def counted_rates(
    policy: Policy, rows: Iterable[Mapping[str, Fact]], *, source: str = "counted calls"
) -> Rates:
    """Rates counted in calls whose facts are known; what a call does not tell is not counted.

    Raises `FactError` for a fact that the policy does not have.

    >>> from lamplighter.policy import read_policy, shipped_policy
    >>> policy = read_policy(shipped_policy("first_response"))
    >>> calls = [{"nature": "noise", "weapon": False}] * 3 + [{"nature": "noise", "weapon": True}]
    >>> counted_rates(policy, calls).shares("noise", "weapon")[True]
    0.25
    """
    ground = ground_of(policy, EVEN)
    facts: dict[str, Counter[Fact]] = {}
    given: dict[str, dict[str, Counter[Fact]]] = {}
    for row in rows:
        value = row.get(ground) if ground else None
        for name, fact in row.items():
            if name not in policy.inputs:
                raise FactError(
                    f"the policy has no input {name}; {did_you_mean(name, list(policy.inputs))}"
                )
            fact = UNKNOWN if fact == "unknown" else fact
            facts.setdefault(name, Counter())[fact] += 1
            if value is not None and name != ground:
                own = given.setdefault(format_value(value), {})
                own.setdefault(name, Counter())[fact] += 1
    return Rates(
        source,
        {name: _as_shares(counts) for name, counts in facts.items()},
        {
            value: {name: _as_shares(counts) for name, counts in own.items()}
            for value, own in given.items()
        },
        ground,
    )


def _as_shares(counts: Counter[Fact]) -> Shares:
    total = counts.total()
    return {fact: count / total for fact, count in counts.items()}


@cache
def shipped_rates() -> Rates:
    """The rates that ship, stated for the simulated callers of the rehearsal; all are assumed."""
    return read_rates(_SHIPPED, source="the rates that ship, which are assumed and not counted")


def usual_rates(policy: Policy) -> Rates:
    """The rates that ship, where they speak of a question of this policy; else even ones."""
    shipped = shipped_rates()
    return EVEN if policy.inputs.keys().isdisjoint(shipped.facts) else shipped


def read_rates(path: str | Path, policy: Policy | None = None, *, source: str = "") -> Rates:
    """Read stated rates from a YAML file; with a policy, each name in it must be the policy's.

    The file has `facts`, for each input the share of each answer, and `else` for all others; and
    optionally `given`, the same for each value of the `ground` (`natures` in place of both means
    that the ground is the nature). Raises `RatesError`.
    """
    path = Path(path)
    try:
        read = load(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise RatesError(
            f"{path}: it cannot be opened ({error.strerror}); check the path"
        ) from None
    except UnicodeDecodeError:
        raise RatesError(f"{path}: it is not UTF-8; save it as UTF-8") from None
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        why = "this is not YAML; check the indentation"
        if isinstance(error, DuplicateKeyError):
            why = "a name is written twice; remove one"
        raise RatesError(f"{path}, line {line}: {why}") from None
    except YAMLError:
        raise RatesError(f"{path}: this is not YAML; save it as plain text in UTF-8") from None
    top = _mapping(read, f"{path}")
    for name in top:
        if name not in ("facts", "given", "natures", "ground"):
            hint = did_you_mean(str(name), ["facts", "given", "natures", "ground"])
            raise RatesError(f"{path}: rates have no {name}; {hint}")
    if "natures" in top and ("given" in top or "ground" in top):
        raise RatesError(f"{path}: natures stands in place of given and ground; keep one of them")
    if "given" in top and "ground" not in top:
        raise RatesError(f"{path}: given needs ground, the input whose values it lists; add it")
    ground = "nature" if "natures" in top else top.get("ground")
    inputs = policy.inputs if policy else None
    if inputs is not None and ground is not None and ground not in inputs:
        hint = did_you_mean(str(ground), list(inputs))
        raise RatesError(f"{path}: the policy has no input {ground}; {hint}")
    given: dict[str, Mapping[str, Shares]] = {}
    stated = _mapping(top.get("natures") or top.get("given") or {}, f"{path}, given")
    for value, own in stated.items():
        written = format_value(value) if isinstance(value, str | bool | int | float) else ""
        where = f"{path}, {ground} {written}"
        if inputs is not None and ground is not None:
            _answer(written, inputs[str(ground)], where)
        given[written] = _all_shares(own, inputs, where)
    facts = _all_shares(top.get("facts") or {}, inputs, f"{path}, facts")
    by = None if ground is None else str(ground)
    return Rates(source or f"the rates stated in {path}", facts, given, by)


def _mapping(read: object, where: str) -> Mapping[object, object]:
    if not isinstance(read, Mapping):
        raise RatesError(f"{where}: this must be a mapping of names; write it as name: value")
    return read


def _all_shares(read: object, inputs: Mapping[str, Input] | None, where: str) -> dict[str, Shares]:
    found: dict[str, Shares] = {}
    for name, stated in _mapping(read, where).items():
        if inputs is not None and name not in inputs:
            hint = did_you_mean(str(name), list(inputs))
            raise RatesError(f"{where}: the policy has no input {name}; {hint}")
        declared = inputs[str(name)] if inputs is not None else None
        found[str(name)] = _shares(
            _mapping(stated, f"{where}, {name}"), declared, f"{where}, {name}"
        )
    return found


def _shares(stated: Mapping[object, object], declared: Input | None, where: str) -> Shares:
    shares: dict[Fact, float] = {}
    for answer, share in stated.items():
        if answer == "else":
            continue
        if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share <= 1:
            raise RatesError(f"{where}, {answer}: a share is a number from 0 to 1")
        shares[_answer(answer, declared, where)] = float(share)
    rest = 1 - math.fsum(shares.values())
    if rest < -1e-9:
        raise RatesError(f"{where}: the shares add up to more than 1; lower one of them")
    if "else" in stated:
        fact = _answer(stated["else"], declared, f"{where}, else")
        shares[fact] = shares.get(fact, 0.0) + max(rest, 0.0)
    elif rest > 1e-9:
        raise RatesError(
            f"{where}: the shares add up to less than 1; say what all others answer, as else"
        )
    return shares


def _answer(written: object, declared: Input | None, where: str) -> Fact:
    """`"true"`, `true`, `unknown`, numbers as facts; with a policy, inside the input's domain."""
    fact: object = {"true": True, "false": False, "unknown": UNKNOWN}.get(str(written), written)
    if not isinstance(fact, str | bool | int | float) and fact is not UNKNOWN:
        raise RatesError(f"{where}: {written} is not an answer; write a value or unknown")
    if declared is None:
        return fact
    if fact is UNKNOWN and declared.always_known:
        raise RatesError(f"{where}: {declared.name} is never unknown; remove unknown")
    if fact is not UNKNOWN and fact not in declared.domain:
        hint = f"it must be {declared.domain}"
        if declared.domain.kind == "choice":
            hint = did_you_mean(str(written), declared.domain.values)
        raise RatesError(f"{where}: {written} is not a value of {declared.name}; {hint}")
    return fact
