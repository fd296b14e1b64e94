"""What `lamplighter policy run` reads from the command line and prints."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from lamplighter.policy.dmn.model import Answer, Model
from lamplighter.policy.errors import FactError, did_you_mean
from lamplighter.policy.feel.calendar import parse_date_time
from lamplighter.policy.feel.evaluator import Evaluator
from lamplighter.policy.feel.lexer import FeelSyntaxError
from lamplighter.policy.feel.parser import parse_expression
from lamplighter.policy.feel.values import Value, show

_WRITTEN_AS_IS = (
    *("date", "time", "date and time"),
    *("days and time duration", "years and months duration"),
)


def read_inputs(model: Model, written: Sequence[str], asked: str | None = None) -> dict[str, Value]:
    """`Age=18 "Risk Category=High"` as what `asked` is decided from; raises `FactError`.

    A value is FEEL (`18`, `true`, `[1, 2]`, `@"2026-11-01"`), or, for an input that is a text, a
    date, a time or a duration, what is meant itself (`2026-11-01`).
    """
    inputs: dict[str, Value] = {}
    known = model.takes(asked)
    decided = {decision.name for decision in model.decisions}
    inputs_only = [one for one in known if "#" not in one and one not in decided]
    for item in written:
        name, sign, text = item.partition("=")
        name, text = " ".join(name.split()), text.strip()
        if not sign or not name or not text:
            raise FactError(f"{item} is not an input; write it as name=value")
        if name not in known:
            raise FactError(f"the model has no input {name}; {did_you_mean(name, inputs_only)}")
        if name in inputs:
            raise FactError(f"{name} is given twice; give each input once")
        inputs[name] = _read(text, known[name].kind)
    return inputs


def _read(text: str, kind: str) -> Value:
    if kind == "string" and not text.startswith('"') and text != "null":
        return text
    # A date or a duration as it is written, which would be a subtraction or a name.
    for written in (f'@"{text}"', text) if kind in _WRITTEN_AS_IS else (text,):
        evaluator = Evaluator()
        try:
            value = evaluator.run(parse_expression(written))
        except FeelSyntaxError:
            continue
        if not evaluator.reasons:
            return value
    # A word that is no expression: a text without its quotes.
    return text


def now() -> Value:
    """The moment of `now()` and `today()`, with the offset of this machine."""
    return parse_date_time(datetime.now().astimezone().isoformat())


def as_json(value: Value) -> Any:
    """A value for programs: numbers, texts, lists and objects; dates as texts."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, tuple):
        return [as_json(item) for item in value]
    if isinstance(value, Mapping):
        return {name: as_json(item) for name, item in value.items()}
    return show(value)


def printed(answers: Mapping[str, Answer], *, for_programs: bool) -> str:
    """The decisions, one a line, each with the reasons why it is null."""
    if for_programs:
        made = {
            name: {"value": as_json(answer.value), "reasons": list(answer.reasons)}
            for name, answer in answers.items()
        }
        return json.dumps(made, ensure_ascii=False, indent=2)
    lines: list[str] = []
    for name, answer in answers.items():
        lines.append(f"{name}: {show(answer.value)}")
        lines += [f"  because {reason}." for reason in answer.reasons]
    return "\n".join(lines)
