"""The numbers that can be taken along: no more of few calls than the report tells beside them."""

from collections.abc import Mapping, Sequence
from typing import Any

from lamplighter.rehearsal.plain import plain
from lamplighter.rehearsal.report.few import FEWEST
from lamplighter.rehearsal.report.kept_outcomes import few_reached, is_few
from lamplighter.rehearsal.report.section import Section
from lamplighter.rehearsal.report.shown import Shown

# A headline that gives an outcome of all calls back, and which.
_OF_OUTCOME = {
    "served": "served",
    "served_a_week": "served",
    "police_hours_a_week": "served",
    "taken_over": "taken_over",
    "nobody": "nobody",
}
_OF_REACHED = ("median_minutes", "p90_minutes")


def told_numbers(
    result: Mapping[str, Any], shown: Shown, parts: Sequence[Section]
) -> dict[str, Any]:
    """Of the result of a run what may be published, with the report's tables in place of groups.

    None is what is not told. Repetitions stay in the house: one alone may be of few calls.
    """
    whole, hidden = shown.asked.own.whole, shown.kept_outcomes.whole
    alone = few_reached(whole)

    def may_be_told(name: str) -> bool:
        return _OF_OUTCOME.get(name) not in hidden and not (alone and name in _OF_REACHED)

    few_settled = is_few(result["settled"]) or is_few(result["calls"] - result["settled"])
    sheets = [
        sheet
        for part in parts
        for sheet in (*(figure.sheet for figure in part.figures), *part.sheets)
    ]
    found = {
        "headline": {
            name: value if may_be_told(name) else None for name, value in result["headline"].items()
        },
        "calls": result["calls"],
        "days": result["days"],
        "settled": None if few_settled else result["settled"],
        "left_out": {
            name: count if count >= FEWEST else None for name, count in result["left_out"].items()
        },
        "tables": {sheet.key: sheet.records() for sheet in sheets},
        "inputs": result["inputs"],
    }
    return dict(plain(found))
