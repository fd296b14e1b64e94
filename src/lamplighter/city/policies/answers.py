"""Answers as a form or an address carries them, read into facts of a policy and written back."""

from collections.abc import Mapping

from lamplighter.policy import UNKNOWN, Input, Policy, Unknown, Value

# As facts are stored and sent: "unknown" means asked and not known.
Fact = str | bool | int | float


def read_answers(policy: Policy, data: Mapping[str, str], prefix: str = "") -> dict[str, Fact]:
    """The facts that were answered; a blank is no answer, and what is none stays as typed."""
    facts: dict[str, Fact] = {}
    for name, declared in policy.inputs.items():
        text = data.get(prefix + name, "").strip()
        if text:
            facts[name] = _read(declared, text)
    return facts


def usable_answers(policy: Policy, facts: Mapping[str, Fact]) -> dict[str, Fact]:
    """Those facts that the policy knows, with a value that it declares."""
    return {
        name: value
        for name, value in facts.items()
        if name in policy.inputs and is_answer(policy.inputs[name], value)
    }


def is_answer(declared: Input, value: Fact) -> bool:
    """Whether a fact may have this value, `"unknown"` included where that is allowed."""
    if value == "unknown":
        return not declared.always_known
    return value in declared.domain


def written(value: Value | Unknown) -> str:
    """An answer as the forms write it: `true`, `threat`, `4`, `unknown`.

    >>> written(True), written(UNKNOWN)
    ('true', 'unknown')
    """
    if value is UNKNOWN:
        return "unknown"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _read(declared: Input, text: str) -> Fact:
    if declared.type == "boolean":
        return {"true": True, "false": False}.get(text, text)
    if declared.type == "number":
        try:
            return int(text) if text.lstrip("-").isdigit() else float(text)
        except ValueError:
            return text
    return text
