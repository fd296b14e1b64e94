"""Minutes and money are told where ten calls stand behind them, though the group is not few."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lamplighter.policy.model import Words
from lamplighter.rehearsal.outcome import Dimension, Group, Interval
from lamplighter.rehearsal.rehearsing import Rehearsal
from lamplighter.rehearsal.report.answer import cards
from lamplighter.rehearsal.report.kept_outcomes import KeptOutcomes, whole_hidden
from lamplighter.rehearsal.report.parts.money import money_section
from lamplighter.rehearsal.report.parts.waits import waits_map, waits_section
from lamplighter.rehearsal.report.say import NOT_TOLD, Say
from lamplighter.rehearsal.report.shown import Shown


def exactly(value: float) -> Interval:
    return Interval(value, value, value)


def reached_by(group: Group, calls: int) -> Group:
    """The group, as if somebody had come to so many calls only."""
    share = calls / group.calls
    return replace(group, served=exactly(share), taken_over=exactly(0.0), nobody=exactly(1 - share))


def shown_with(found: Rehearsal, whole: Group) -> Shown:
    """The rehearsal with another whole; its tables, of which the parts are, stay out of this."""
    asked = replace(found.asked, own=replace(found.asked.own, whole=whole))
    shown = Shown(replace(found, asked=asked))
    none = frozenset[tuple[str | Words, str]]()
    shown.__dict__["kept_outcomes"] = KeptOutcomes(whole_hidden(asked), none, none, none)
    return shown


def test_minutes_of_an_area_are_of_ten_calls(rehearsal: Rehearsal) -> None:
    """An area of many calls, to few of which somebody came, is hatched."""
    found = rehearsal
    areas = list(found.asked.own.by[Dimension.AREA])
    at = max(range(len(areas)), key=lambda place: areas[place].calls)
    areas[at] = reached_by(areas[at], 3)
    by = {**found.asked.own.by, Dimension.AREA: tuple(areas)}
    tampered = replace(found, asked=replace(found.asked, own=replace(found.asked.own, by=by)))
    before, after = waits_map(Shown(found)), waits_map(Shown(tampered))
    assert before is not None
    assert after is not None
    told = [{row[0]: row[-1] for row in figure.sheet.rows} for figure in (before, after)]
    assert told[0][areas[at].label] is not None
    assert told[1] == {**told[0], areas[at].label: None}
    hatched = [figure.html(Say("en")).count("few hatched") for figure in (before, after)]
    assert hatched[1] > hatched[0]


def test_minutes_of_all_are_of_ten_calls(rehearsal: Rehearsal) -> None:
    shown = shown_with(rehearsal, reached_by(rehearsal.asked.own.whole, 3))
    for say in map(Say, ("en", "es")):
        speed = cards(shown, say)[2]
        assert speed.figure == say.of(NOT_TOLD)
        for sentence in (speed.sentence, *map(say.of, waits_section(shown).lead)):
            assert not any(map(str.isdigit, sentence))


@pytest.mark.parametrize(
    ("stated", "within", "says"),
    [(9, 2 / 3, ""), (30, 29 / 30, "nearly all"), (30, 0.5, "50%"), (30, 0.1, "hardly any")],
)
def test_the_share_met_in_time_is_of_ten_calls(
    rehearsal: Rehearsal, stated: int, within: float, says: str
) -> None:
    waits = replace(
        rehearsal.asked.own.whole.to_arrival,
        within_target=exactly(within),
        with_target=exactly(stated),
    )
    shown = shown_with(rehearsal, replace(rehearsal.asked.own.whole, to_arrival=waits))
    sentence = cards(shown, Say("en"))[2].sentence
    assert ("target" in sentence) == bool(says)
    assert says in sentence


def test_what_a_response_costs_is_of_ten_responses(rehearsal: Rehearsal) -> None:
    """Who knows what a year and what a response costs knows how many responses there were."""
    found = rehearsal
    assert found.asked.costs is not None
    each = exactly(123_456.0)
    costs = replace(
        found.asked.costs,
        responses_per_year=exactly(4 * 365 / found.asked.own.days),
        per_response=each,
        net_per_year=each,
    )
    kinds = tuple(
        replace(one, responses_per_year=costs.responses_per_year, per_response=each)
        for one in costs.kinds
    )
    costs = replace(costs, kinds=kinds)
    shown = Shown(replace(found, asked=replace(found.asked, costs=costs)))
    section = money_section(shown)
    assert section is not None
    for say in map(Say, ("en", "es")):
        page = cards(shown, say)[3].sentence + section.html(say)
        assert "123,456" not in page
    assert not section.figures, "what others save is so much of each response"


def test_what_police_would_have_spent_is_of_ten_calls(rehearsal: Rehearsal) -> None:
    found = rehearsal
    without = replace(found, asked=replace(found.asked, costs=None))
    shown = shown_with(without, reached_by(rehearsal.asked.own.whole, 3))
    assert cards(shown, Say("en"))[3].figure == NOT_TOLD.en
