"""Finds the rules without which some call would be answered less safely, by trying calls."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from random import Random
from typing import Any

from lamplighter.policy import UNKNOWN, Decision, DecisionError, Policy, decide
from lamplighter.policy.promises import outputs_of

_RISKS = ["immediate", "high", "moderate", "low"]
_BACKUPS = ["with_team", "staged", "on_request", "none"]
_AMBULANCES = {"ems", "ems_and_community_team"}
_CAN_STOP_HARM = {*_AMBULANCES, "police", "co_response", "fire"}
_QUIET = {
    "injured": "no",
    "violence": "none",
    "breathing_and_awake": True,
    **dict.fromkeys(
        ("weapon", "danger", "suicidal_thoughts", "suicide_means", "child_at_risk", "crime_now"),
        False,
    ),
}
# So many calls of each nature are drawn, and so many of those that a rule decides are tried.
_CALLS, _TRIED = 600, 400


def needed_for_safety(policy: Policy) -> Iterator[str]:
    """The rules whose removal makes the answer to some drawn call less safe, or leaves none."""
    hit: dict[str, list[tuple[Mapping[str, Any], Mapping[str, Any]]]] = {}
    for call in _calls(policy):
        decision = decide(policy, call, final=True)
        assert isinstance(decision, Decision)
        outputs = outputs_of(policy, decision)
        for one in decision.hits:
            hit.setdefault(one.rule, []).append((call, outputs))
    for table in policy.tables:
        for rule in table.rules:
            left = without(policy, rule.id)
            found = hit.get(rule.id, [])
            # Spread over all natures, which were drawn one after the other.
            tried = found[:: max(1, len(found) // _TRIED)]
            if any(_less_safe(outputs, left, call) for call, outputs in tried):
                yield rule.id


def without(policy: Policy, rule: str) -> Policy:
    """The policy with one rule taken out."""
    tables = tuple(
        replace(table, rules=tuple(kept for kept in table.rules if kept.id != rule))
        for table in policy.tables
    )
    return replace(policy, tables=tables)


def _calls(policy: Policy) -> Iterator[dict[str, Any]]:
    """Calls of every nature: half with facts drawn evenly, half mostly quiet."""
    random = Random(1)
    choices: dict[str, list[Any]] = {}
    for name, declared in policy.inputs.items():
        choices[name] = [choice.value for choice in declared.values] or [True, False]
        if not declared.always_known:
            choices[name].append(UNKNOWN)
    for nature in choices["nature"]:
        for number in range(_CALLS):
            call = {name: random.choice(facts) for name, facts in choices.items()}
            if number % 2:
                call |= {name: fact for name, fact in _QUIET.items() if random.random() < 0.85}
            yield {**call, "nature": nature}


def _less_safe(before: Mapping[str, Any], policy: Policy, call: Mapping[str, Any]) -> bool:
    """Whether this policy answers a call less urgently, with weaker backup, or with less help."""
    try:
        decision = decide(policy, call, final=True)
    except DecisionError:
        return True
    assert isinstance(decision, Decision)
    after = outputs_of(policy, decision)
    if _RISKS.index(str(after["risk"])) > _RISKS.index(before["risk"]):
        return True
    if after["responder"] == before["responder"]:
        later = after["priority"] > before["priority"]
        weaker = _BACKUPS.index(str(after["backup"])) > _BACKUPS.index(before["backup"])
        return later or weaker
    lost_help = before["responder"] in _CAN_STOP_HARM and after["responder"] not in _CAN_STOP_HARM
    return lost_help or (_with_ambulance(before) and not _with_ambulance(after))


def _with_ambulance(outputs: Mapping[str, Any]) -> bool:
    return outputs["responder"] in _AMBULANCES or outputs["backup"] == "with_team"
