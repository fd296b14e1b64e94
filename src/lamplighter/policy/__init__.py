"""Policies: decision tables that a council member can read, and the engine that runs them."""

from lamplighter.policy.decision import Decision, Hit, Open
from lamplighter.policy.domains import (
    UNKNOWN,
    Domain,
    Fact,
    Interval,
    Result,
    Unknown,
    Value,
)
from lamplighter.policy.engine import decide
from lamplighter.policy.errors import DecisionError, FactError, PolicyError, Problem
from lamplighter.policy.model import (
    Cell,
    ChoiceValue,
    Input,
    Output,
    Policy,
    Promise,
    Rule,
    Table,
    Words,
)
from lamplighter.policy.reader import parse_policy, read_policy
from lamplighter.policy.shipped import shipped_policies, shipped_policy

__all__ = [
    "UNKNOWN",
    "Cell",
    "ChoiceValue",
    "Decision",
    "DecisionError",
    "Domain",
    "Fact",
    "FactError",
    "Hit",
    "Input",
    "Interval",
    "Open",
    "Output",
    "Policy",
    "PolicyError",
    "Problem",
    "Promise",
    "Result",
    "Rule",
    "Table",
    "Unknown",
    "Value",
    "Words",
    "decide",
    "parse_policy",
    "read_policy",
    "shipped_policies",
    "shipped_policy",
]
