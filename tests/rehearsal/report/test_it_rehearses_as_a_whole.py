"""The top function: bounds, another policy with the same chance, areas, and the same bytes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lamplighter.rehearsal.observed import difference, measures, reached, teams_own, week
from lamplighter.rehearsal.outcome import Dimension, Run, Status
from lamplighter.rehearsal.regions import regions
from lamplighter.rehearsal.rehearsing import Rehearsal, rehearse
from lamplighter.rehearsal.simulator import simulate_many
from lamplighter.rehearsal.teams_file import read_teams
from tests.rehearsal.report.town import Town


def test_the_bounds_hold_what_was_asked(rehearsal: Rehearsal) -> None:
    assert rehearsal.least is not None
    assert rehearsal.most is not None
    least, asked, most = (
        one.own.whole.calls for one in (rehearsal.least, rehearsal.asked, rehearsal.most)
    )
    assert least < asked < most
    team = {one.value: one for one in rehearsal.replay.outputs[0].bounds}["community_team"]
    assert least <= team.at_most
    assert team.at_least <= asked


def test_only_the_teams_calls_are_told_of_the_teams(rehearsal: Rehearsal) -> None:
    asked = rehearsal.asked
    own = teams_own(asked.calls, rehearsal.teams)
    assert asked.own.whole.calls == own.sum()
    labels = {group.label for group in asked.own.by[Dimension.RESPONDER]}
    assert labels <= {"community_team", "ems_and_community_team"}


def test_another_policy_meets_the_same_calls_and_chance(rehearsal: Rehearsal) -> None:
    other = rehearsal.against
    assert other is not None
    assert np.array_equal(other.calls.minute, rehearsal.asked.calls.minute)
    # Fewer calls for the same vans: a greater share of them is served.
    assert other.own.whole.calls < rehearsal.asked.own.whole.calls
    gap = difference(rehearsal.asked.measures.served, other.measures.served)
    assert gap.low <= gap.mean <= gap.high < 0
    assert rehearsal.compared is not None
    assert rehearsal.compared.moves + rehearsal.compared.may_move > 0


def test_every_area_is_told_as_part_of_a_region_of_enough_calls(rehearsal: Rehearsal) -> None:
    assert rehearsal.regions is not None
    assert {name for members in rehearsal.regions.members for name in members} == {
        f"Area {number}" for number in range(1, 10)
    }
    told = [group for group in rehearsal.asked.own.by[Dimension.AREA] if group.label]
    assert len(told) > 2
    assert min(group.calls for group in told) >= 20


def test_groups_of_people_are_compared(rehearsal: Rehearsal) -> None:
    fairness = rehearsal.asked.fairness
    assert fairness is not None
    assert [group.name for group in fairness.groups] == ["older people", "younger people"]


def test_the_same_seed_gives_the_same_and_another_does_not(town: Town) -> None:
    teams, told = read_teams(town.teams), []

    def once(seed: int) -> dict[str, Any]:
        found = rehearse(
            town.history,
            town.policy,
            teams,
            seed=seed,
            replications=2,
            progress=lambda what, done, whole: told.append((what, done == whole)),
        )
        return found.asked.summary.to_dict()

    first = once(1)
    assert first == once(1)
    assert first != once(2)
    assert {what for what, ended in told if ended} >= {"replay", "calls asked", "runs most"}


def test_the_curves_rise_to_the_share_that_is_served(rehearsal: Rehearsal) -> None:
    asked = rehearsal.asked
    for curve in (asked.reached.sent, asked.reached.arrived):
        means = [one.mean for one in curve]
        assert means == sorted(means)
        assert means[-1] <= asked.own.whole.served.mean + 1e-9
    assert asked.reached.sent[-1].mean == pytest.approx(asked.own.whole.served.mean, abs=0.02)


def test_minutes_of_waiting_are_neither_lost_nor_made(rehearsal: Rehearsal) -> None:
    calls, teams = rehearsal.asked.calls, rehearsal.teams
    (run,) = simulate_many(calls, teams, seed=3, replications=1)
    own = teams_own(calls, teams)
    found = week(calls, own, [run])
    minutes = sum(a * b * 60 for a, b in zip(found.waiting, found.hours, strict=True))
    sent = run.dispatched[own]
    end = sum(found.hours) * 60.0  # what waits beyond the period is not in its hours
    waited = np.minimum(sent, end) - calls.minute[own]
    assert minutes == pytest.approx(float(np.nansum(waited)), rel=1e-6)
    assert sum(found.team_calls) == own.sum()


def test_a_call_that_is_never_reached_counts_as_not_reached(rehearsal: Rehearsal) -> None:
    calls = rehearsal.asked.calls.only(np.arange(4))
    (whole,) = simulate_many(rehearsal.asked.calls, rehearsal.teams, seed=3, replications=1)
    nobody = np.full(4, np.nan)
    run: Run = replace(
        whole,
        status=np.array([Status.SERVED, Status.TAKEN_OVER, Status.UNSERVED, Status.WITHDRAWN]),
        reason=np.zeros(4, np.int8),
        dispatched=calls.minute + np.array([1.0, 1.0, np.nan, np.nan]),
        arrived=calls.minute + np.array([5.0, 9.0, np.nan, np.nan]),
        cleared=nobody,
    )
    assert reached(calls, [run]).arrived[-1].mean == 0.25
    found = measures(calls, [run])
    assert (found.served, found.taken_over, found.nobody) == ((0.25,), (0.25,), (0.5,))
    # Minutes are those of whoever came, as in the report.
    assert found.median_minutes == (7.0,)


@settings(max_examples=60)
@given(st.lists(st.integers(0, 60), min_size=1, max_size=12), st.integers(1, 40))
def test_regions_keep_every_area_and_reach_enough(calls: list[int], fewest: int) -> None:
    names = [f"A{number}" for number in range(len(calls))]
    centers = [(number % 4 / 10, number // 4 / 10) for number in range(len(calls))]
    found = regions(names, calls, centers, fewest)
    totals = [0] * len(found.names)
    for count, number in zip(calls, found.of_area, strict=True):
        totals[number] += count
    assert sorted(name for members in found.members for name in members) == sorted(names)
    assert len(totals) == 1 or min(totals) >= fewest
