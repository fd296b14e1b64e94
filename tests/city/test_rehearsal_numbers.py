"""The numbers of a run that can be taken along tell no more of few calls than its report."""

from dataclasses import replace

import pytest

from lamplighter.city.rehearsal.runs.made import make
from lamplighter.history.areas import read_areas
from lamplighter.rehearsal.outcome import Interval
from lamplighter.rehearsal.rehearsing import rehearse
from lamplighter.rehearsal.teams_file import read_teams
from tests.rehearsal.report.town import make_town


@pytest.fixture(scope="module")
def rehearsal(tmp_path_factory):
    town = make_town(tmp_path_factory.mktemp("numbers"))
    return rehearse(
        town.history,
        town.policy,
        read_teams(town.teams),
        areas=read_areas(town.areas),
        replications=2,
    )


def exactly(value):
    return Interval(value, value, value)


def test_groups_are_as_in_the_tables_of_the_report(rehearsal):
    made = make(rehearsal)
    assert {"by", "series", "reached", "regions", "fairness"} <= set(made.result)
    assert set(made.told) == {
        "headline", "calls", "days", "settled", "left_out", "tables", "inputs"
    }  # fmt: skip
    assert made.told["tables"]["served_by_nature"][0]["calls"] >= 10
    assert {"minutes", "sent", "there"} <= set(made.told["tables"]["reached"][0])
    assert made.told["headline"] == made.result["headline"]


def test_of_few_calls_nothing_is_told(rehearsal):
    asked = rehearsal.asked
    whole = asked.own.whole
    share = 3 / whole.calls
    whole = replace(
        whole, served=exactly(share), taken_over=exactly(0.0), nobody=exactly(1 - share)
    )
    few = replace(
        asked,
        own=replace(asked.own, whole=whole),
        left_out={"officer": 400, "unknown": 7},
        settled=len(asked.calls) - 4,
    )
    told = make(replace(rehearsal, asked=few)).told
    headline = told["headline"]
    hidden = ("served", "served_a_week", "nobody", "median_minutes", "police_hours_a_week")
    assert [headline[name] for name in hidden] == [None] * len(hidden)
    assert headline["calls_a_week"] is not None
    assert told["left_out"] == {"officer": 400, "unknown": None}
    assert told["settled"] is None
