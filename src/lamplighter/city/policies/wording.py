"""The words of a policy, where the rooms of the city take them from: the library has them."""

from lamplighter.policy.wording import (
    NO,
    NONE,
    NOT_KNOWN,
    YES,
    Condition,
    Explained,
    PolicyWords,
    Reason,
    Result,
    RuleInWords,
    TableInWords,
)

__all__ = [
    "NO",
    "NONE",
    "NOT_KNOWN",
    "YES",
    "Condition",
    "Explained",
    "PolicyWords",
    "Reason",
    "Result",
    "RuleInWords",
    "TableInWords",
]
