"""A run's result as its page shows it: four answers, then the report's sections."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lamplighter.city.rehearsal.models import ScenarioRun


@dataclass(frozen=True)
class Result:
    """What a run found, in one language."""

    question: str
    answers: Sequence[Mapping[str, str]]
    parts: Sequence[Mapping[str, Any]]
    definitions: str
    calls: int
    left_out: int
    settled: int
    weeks: float
    inputs: Mapping[str, Any]


def lay_out_result(run: ScenarioRun | None, language: str) -> Result | None:
    """The result of a run, where there is one."""
    if run is None or run.result is None or run.sections is None:
        return None
    found, said = run.result, run.sections["es" if language == "es" else "en"]
    return Result(
        question=said["question"],
        answers=said["answers"],
        parts=said["parts"],
        definitions=run.sections["definitions"],
        calls=found["calls"],
        left_out=sum(found["left_out"].values()),
        settled=found["settled"],
        weeks=found["days"] / 7,
        inputs=found["inputs"],
    )
