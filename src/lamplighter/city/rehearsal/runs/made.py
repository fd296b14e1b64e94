"""What of a rehearsal is kept: its numbers, the report's sections, a hash, and files."""

import hashlib
import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from lamplighter.city.rehearsal.drawn import draw
from lamplighter.pictures import definitions
from lamplighter.rehearsal.observed import interval, team_kinds
from lamplighter.rehearsal.outcome import Dimension, Interval
from lamplighter.rehearsal.plain import plain
from lamplighter.rehearsal.rehearsing import Rehearsal
from lamplighter.rehearsal.report import write_report
from lamplighter.rehearsal.report.answer import cards, question
from lamplighter.rehearsal.report.page import sections
from lamplighter.rehearsal.report.say import LANGUAGES, Say
from lamplighter.rehearsal.report.section import Section, by_hours, told
from lamplighter.rehearsal.report.shown import Shown

from .files import NUMBERS, REPORT, TABLES
from .told import told_numbers


@dataclass(frozen=True)
class Made:
    """The numbers of a run, its sections for the page, and the hash of its numbers.

    told: of the numbers those that may be taken along, as the report tells them
    """

    result: dict[str, Any]
    told: dict[str, Any]
    sections: dict[str, Any]
    content_hash: str


def make(rehearsal: Rehearsal) -> Made:
    """What is kept of a rehearsal."""
    shown = Shown(rehearsal)
    result = _result(shown)
    text = json.dumps(result, sort_keys=True, allow_nan=False)
    parts = sections(shown)
    to_take = told_numbers(result, shown, parts)
    return Made(result, to_take, _sections(shown, parts), hashlib.sha256(text.encode()).hexdigest())


def write_files(rehearsal: Rehearsal, made: Made, folder: Path) -> None:
    """Write what can be taken along: the report's page, its tables in one file, the numbers."""
    whole = folder / "report"
    page = write_report(rehearsal, whole)
    page.replace(folder / REPORT)
    with ZipFile(folder / TABLES, "w", ZIP_DEFLATED) as tables:
        for path in sorted((whole / "tables").iterdir()):
            tables.write(path, path.name)
    shutil.rmtree(whole)
    numbers = json.dumps(made.told, indent=1, sort_keys=True, allow_nan=False)
    (folder / NUMBERS).write_text(numbers + "\n", encoding="utf-8")


def _result(shown: Shown) -> dict[str, Any]:
    """The numbers that the city's own pages tell, to people who may see the calls."""
    rehearsal, asked = shown.rehearsal, shown.asked
    weeks = asked.own.days / 7
    series = asdict(asked.measures)
    headline = {name: interval(values).to_dict() for name, values in series.items()}
    freed = asked.summary.police_hours_freed
    headline["police_hours_a_week"] = Interval(
        freed.mean / weeks, freed.low / weeks, freed.high / weeks
    ).to_dict()
    kinds = {kind.name for kind in team_kinds(rehearsal.teams)}
    hours = sum(unit.on_duty_hours for unit in asked.summary.units if unit.kind in kinds) / weeks
    headline["hours_a_week"] = Interval(hours, hours, hours).to_dict()
    if asked.costs is not None and asked.costs.per_year is not None:
        cost = asked.costs.per_year
        headline["cost_a_year"] = Interval(cost, cost, cost).to_dict()
    return plain(
        {
            "headline": headline,
            "series": series,
            "calls": len(asked.calls),
            "days": asked.calls.days,
            "settled": asked.settled,
            "left_out": dict(asked.left_out),
            "reached": asdict(asked.reached),
            "by": {
                "hour": [asdict(group) for group in by_hours(shown.groups(Dimension.HOUR))],
                "area": [asdict(group) for group in told(shown.groups(Dimension.AREA))],
                "nature": [
                    asdict(group)
                    for group in told(shown.groups(Dimension.NATURE), shown.kept.natures)
                ],
            },
            "regions": []
            if rehearsal.regions is None
            else [
                {"name": name, "members": members}
                for name, members in zip(
                    rehearsal.regions.names, rehearsal.regions.members, strict=True
                )
            ],
            "fairness": _fairness(rehearsal),
            "inputs": {
                "history": rehearsal.history_hash,
                "policy": rehearsal.policy.content_hash,
                "teams": rehearsal.teams.content_hash,
                "answers": rehearsal.answers,
                "seed": rehearsal.seed,
                "replications": rehearsal.replications,
                "version": rehearsal.version,
            },
        }
    )


def _fairness(rehearsal: Rehearsal) -> dict[str, Any] | None:
    """For whom it is better or worse, by groups of people: an area of few calls is not told."""
    found = rehearsal.asked.fairness
    if found is None:
        return None
    return {
        "groups": [asdict(group) for group in found.groups],
        "everyone": None if found.everyone is None else asdict(found.everyone),
        "widest_served": None if found.widest_served is None else asdict(found.widest_served),
        "widest_minutes": None if found.widest_minutes is None else asdict(found.widest_minutes),
    }


def _sections(shown: Shown, parts: Sequence[Section]) -> dict[str, Any]:
    """The report's parts in each language, and what their pictures refer to."""
    shapes = () if shown.outlines is None else (shown.outlines,)
    written: dict[str, Any] = {
        "definitions": definitions(*shapes),
        "outlines": None if shown.outlines is None else asdict(shown.outlines),
    }
    for code, _name in LANGUAGES:
        say = Say(code)
        written[code] = {
            "question": question(shown, say),
            "answers": [asdict(card) for card in cards(shown, say)],
            "parts": [_part(part, say) for part in parts],
        }
    return written


def _part(part: Section, say: Say) -> dict[str, Any]:
    return {
        "key": part.key,
        "title": say.of(part.title),
        "short": say.of(part.short),
        "lead": [say.of(words) for words in part.lead],
        "figures": [asdict(draw(figure, say)) for figure in part.figures],
        "tables": [
            {"key": sheet.key, "title": say.of(sheet.title), "table": sheet.html(say)}
            for sheet in part.sheets
        ],
        "after": part.html_after[1 if say.language == "es" else 0],
    }
