"""Two runs side by side: what differs for certain, in numbers and in words, and what may not."""

import re

import pytest
from django.utils import translation

from lamplighter.city.rehearsal.compare.areas import area_figures, change_of
from lamplighter.city.rehearsal.compare.difference import difference_in_words
from lamplighter.city.rehearsal.compare.groups import compare_groups
from lamplighter.city.rehearsal.compare.maps import draw_maps
from lamplighter.city.rehearsal.compare.sides import Side, compare_runs
from lamplighter.city.rehearsal.models import Scenario, ScenarioRun
from lamplighter.city.rehearsal.runs.headlines import MEASURES, figure_of
from lamplighter.pictures import outlines
from lamplighter.rehearsal.observed import interval
from lamplighter.rehearsal.outcome import Interval
from lamplighter.rehearsal.report.say import Say

INPUTS = {"history": "a" * 64, "seed": 1, "replications": 4}


def side(letter: str, *, inputs=(), hours=100.0, **series: list[float]) -> Side:
    """A scenario with these numbers, one a replication."""
    headline = {name: interval(values).to_dict() for name, values in series.items()}
    headline["hours_a_week"] = {"mean": hours, "low": hours, "high": hours}
    result = {
        "headline": headline,
        "series": series,
        "inputs": {**INPUTS, **dict(inputs)},
        "by": {},
    }
    scenario = Scenario(name=f"Scenario {letter}")
    return Side(letter, scenario, ScenarioRun(scenario=scenario, result=result))


# Chance moves both alike by much more than they differ.
CHANCE = [0.0, 0.1, 0.2, 0.3]


def with_chance(mean: float) -> list[float]:
    return [mean + moved for moved in CHANCE]


def words(finding) -> list[str]:
    return [sentence for _tone, sentence in finding.sentences]


def test_what_chance_gave_to_both_falls_out():
    first = side("A", served=with_chance(0.3), p90_minutes=[30, 34, 38, 33])
    other = side("B", served=with_chance(0.35), p90_minutes=[26, 30, 34, 29])
    compared = compare_runs([first, other], "en")
    served = next(row for row in compared.rows if row.name == "Reached by the teams")
    assert served.cells[0].change == ""
    assert served.cells[1].change == "+5 points"
    assert served.cells[1].verdict == "better"
    assert words(compared.findings[0]) == [
        "Of 100 calls for them, the teams reach 5 more.",
        "Nine of ten calls have somebody there 4 minutes sooner.",
    ]


def test_more_is_not_always_better():
    first = side("A", nobody=[0.10, 0.11, 0.09, 0.10], p90_minutes=[20.0, 21.0, 20.0, 21.0])
    other = side("B", nobody=[0.20, 0.22, 0.18, 0.20], p90_minutes=[24.0, 25.0, 25.0, 26.0])
    (finding,) = compare_runs([first, other], "en").findings
    assert [tone for tone, _ in finding.sentences] == ["worse", "worse"]
    assert "sooner" not in " ".join(words(finding))


def test_what_chance_alone_would_give_is_not_called_a_difference():
    first = side("A", served=[0.30, 0.34, 0.32, 0.33])
    other = side("B", served=[0.33, 0.31, 0.34, 0.30])
    compared = compare_runs([first, other], "en")
    (finding,) = compared.findings
    assert finding.sentences == ()
    assert finding.open_ == ("Reached by the teams",)
    assert compared.rows[0].cells[1].verdict == "open"


def test_more_hours_are_neither_better_nor_worse():
    first = side("A", served=with_chance(0.3), hours=336.0)
    other = side("B", served=with_chance(0.3), hours=392.0)
    (finding,) = compare_runs([first, other], "en").findings
    assert finding.sentences == (("other", "It takes 56 more team hours a week."),)


@pytest.mark.parametrize(
    ("inputs", "says"),
    [
        ({"history": "b" * 64}, "They met other calls"),
        ({"seed": 2}, "They met other chance"),
    ],
)
def test_runs_that_met_something_else_get_no_interval(inputs, says):
    first = side("A", served=with_chance(0.3))
    other = side("B", inputs=inputs, served=with_chance(0.9))
    compared = compare_runs([first, other], "en")
    assert compared.apart.startswith(says)
    assert compared.findings == ()
    assert all(cell.change == "" for row in compared.rows for cell in row.cells)


def test_three_are_compared_with_the_first():
    sides = [
        side(letter, served=with_chance(at))
        for letter, at in zip("ABC", (0.3, 0.4, 0.2), strict=True)
    ]
    compared = compare_runs(sides, "en")
    assert [finding.side.letter for finding in compared.findings] == ["B", "C"]
    assert [cell.verdict for cell in compared.rows[0].cells] == ["", "better", "worse"]


def test_it_is_said_in_spanish_too():
    first, other = side("A", served=with_chance(0.3)), side("B", served=with_chance(0.35))
    with translation.override("es"):
        (finding,) = compare_runs([first, other], "es").findings
    assert words(finding) == ["De 100 llamadas para ellos, los equipos atienden 5 más."]


def test_a_minute_that_is_not_known_is_no_difference():
    first = side("A", p90_minutes=[float("nan")] * 4)
    other = side("B", p90_minutes=[10.0, 11.0, 12.0, 11.0])
    compared = compare_runs([first, other], "en")
    assert compared.findings[0].sentences == ()
    assert compared.rows[0].cells[0].value == "–"


def with_areas(letter: str, *regions: tuple[str, list[str], float], around: float = 0.02) -> Side:
    """A scenario in which these parts of the city have these shares reached."""
    told = side(letter, served=with_chance(0.3))
    groups = [
        {
            "label": name,
            "calls": 100.0,
            "served": {"mean": mean, "low": mean - around, "high": mean + around},
            "p50": {"mean": 10.0, "low": 9.0, "high": 11.0},
        }
        for name, _members, mean in regions
    ]
    told.run.result |= {
        "by": {"area": groups},
        "regions": [{"name": name, "members": members} for name, members, _mean in regions],
    }
    return told


def squares(*names: str):
    rings = [
        [[(place, 0.0), (place + 1.0, 0.0), (place + 1.0, 1.0), (place, 1.0)]]
        for place, _name in enumerate(names)
    ]
    return outlines("area", names, rings)


def test_an_area_differs_where_chance_would_not_do_it():
    first = area_figures(
        with_areas("A", ("Hill", ["Hill"], 0.3), ("Mill", ["Mill"], 0.5)), "served"
    )
    other = area_figures(
        with_areas("B", ("Hill", ["Hill"], 0.4), ("Mill", ["Mill"], 0.51)), "served"
    )
    hill, mill = (change_of(first[name], other[name]) for name in ("Hill", "Mill"))
    for change, more_is_better, verdict in (
        (hill, True, "better"),
        (hill, False, "worse"),
        (hill, None, "other"),
        (mill, True, "open"),
    ):
        told = difference_in_words(change, "share", Say("en"), more_is_better=more_is_better)
        assert told.verdict == verdict


def test_areas_told_with_other_neighbors_are_not_compared():
    first = area_figures(with_areas("A", ("Hill + 1", ["Hill", "Mill"], 0.3)), "served")
    other = area_figures(
        with_areas("B", ("Hill", ["Hill"], 0.4), ("Mill", ["Mill"], 0.9)), "served"
    )
    assert change_of(first["Hill"], other["Hill"]) is None


def test_maps_have_one_scale_and_the_difference_is_in_numbers_too():
    sides = [
        with_areas("A", ("Hill", ["Hill"], 0.3), ("Mill", ["Mill"], 0.5)),
        with_areas("B", ("Hill", ["Hill"], 0.5), ("Mill", ["Mill"], 0.4)),
    ]
    served, _minutes = draw_maps(sides, squares("Hill", "Mill"), "en", can_differ=True)
    scales = [re.findall(r"≤ (\d+)%", one.svg) for one in served.maps]
    assert scales == [["30", "40", "50"]] * 2
    (change,) = served.changes
    assert ">+20.0<" in change.svg
    assert ">−10.0<" in change.svg
    assert "tone-high hatched" in change.svg
    assert "+20.0 (+17.2 to +22.8)" in served.table
    assert draw_maps(sides, squares("Hill", "Mill"), "en", can_differ=False)[0].changes == ()


def test_groups_are_told_with_their_gap_and_what_differs():
    def counted(letter: str, mean: float) -> Side:
        def one(value: float) -> dict[str, float]:
            return {"mean": value, "low": value - 0.01, "high": value + 0.01}

        told = side(letter, served=with_chance(0.3))
        group = {"name": "renters", "served": one(mean), "minutes": one(12.0)}
        gaps = {"served_gap": one(mean - 0.5), "minutes_gap": one(1.0)}
        everyone = {"name": "everyone", "served": one(0.5), "minutes": one(11.0)}
        told.run.result["fairness"] = {"groups": [group | gaps], "everyone": everyone | gaps}
        return told

    sides = [counted("A", 0.4), counted("B", 0.45)]
    served, minutes = compare_groups(sides, "en", can_differ=True)
    first, other = served.rows[0].cells
    assert (served.rows[0].name, served.rows[1].name) == ("renters", "Everyone")
    assert (first.value, first.interval) == ("40%", "39% to 41%")
    assert first.gap == "−10.0 points (−11.0 to −9.0)"
    assert (first.change, other.verdict) == ("", "better")
    assert other.change.startswith("+5.0 points (+3.6 to +6.4)")
    assert minutes.rows[0].cells[1].verdict == "same"
    assert (
        compare_groups([sides[0], side("B", served=with_chance(0.3))], "en", can_differ=True) == ()
    )


def test_one_run_each_makes_nothing_certain():
    once = {"replications": 1}
    first = side("A", inputs=once, served=[0.3])
    compared = compare_runs([first, side("B", inputs=once, served=[0.9])], "en")
    assert compared.apart.startswith("Each was run once")
    assert not compared.can_differ
    assert compared.findings == ()


def test_a_difference_and_the_ends_of_its_interval_have_the_same_decimals():
    first = side("A", p90_minutes=[30.0, 34.0, 38.0, 33.0])
    other = side("B", p90_minutes=[28.0, 31.0, 37.0, 31.0])
    compared = compare_runs([first, other], "en")
    waits = next(row for row in compared.rows if row.name == "Nine of ten wait at most")
    assert (waits.cells[1].change, waits.cells[1].within) == ("−2.0 min", "−3.3 to −0.7")
    assert words(compared.findings[0]) == [
        "Nine of ten calls have somebody there 2.0 minutes sooner (0.7 to 3.3)."
    ]


def test_the_unit_of_an_interval_is_said_once():
    said = {"mean": 47.2, "low": 45.1, "high": 49.4}
    waits = next(measure for measure in MEASURES if measure.name == "p90_minutes")
    assert figure_of(waits, said, "en").interval == "45 to 49 min"
    assert figure_of(waits, said, "es").interval == "45 a 49 min"


def test_a_certain_difference_of_which_nothing_can_be_shown_is_none():
    first = side("A", p90_minutes=[30.00, 34.00, 38.00, 33.00])
    other = side("B", p90_minutes=[30.01, 34.01, 38.02, 33.01])
    compared = compare_runs([first, other], "en")
    waits = next(row for row in compared.rows if row.name == "Nine of ten wait at most")
    assert (waits.cells[1].change, waits.cells[1].verdict) == ("±0 min", "same")
    assert compared.findings[0].sentences == ()


def test_no_share_is_told_to_be_less_than_none_or_more_than_all():
    one, other = Interval(0.009, -0.013, 0.031), Interval(0.97, 0.92, 1.03)
    assert Say("en").around(one) == "0.9% (0% to 3.1%)"
    assert Say("en").around(other) == "97% (92% to 100%)"
    served = next(measure for measure in MEASURES if measure.name == "served")
    assert figure_of(served, one.to_dict(), "en").interval == "0% to 3.1%"
    assert figure_of(served, other.to_dict(), "en").interval == "92% to 100%"
    waits = next(measure for measure in MEASURES if measure.name == "p90_minutes")
    assert figure_of(waits, Interval(1, -1, 3).to_dict(), "en").interval == "0 to 3 min"


def test_a_difference_of_nought_is_no_difference_wherever_it_stands():
    def counted(letter: str, served: float, minutes: float) -> Side:
        told = with_areas(letter, ("Hill", ["Hill"], served))
        exactly = {"served": served, "minutes": minutes}
        group = {name: {"mean": mean, "low": mean, "high": mean} for name, mean in exactly.items()}
        gaps = {f"{name}_gap": {"mean": 0.0, "low": 0.0, "high": 0.0} for name in exactly}
        told.run.result["fairness"] = {
            "groups": [{"name": "renters"} | group | gaps],
            "everyone": None,
        }
        told.run.result["by"]["area"][0]["served"] = group["served"]
        return told

    sides = [counted("A", 0.3, 12.0), counted("B", 0.3004, 12.04)]
    for table in compare_groups(sides, "en", can_differ=True):
        cell = table.rows[0].cells[1]
        assert cell.verdict == "same"
        assert cell.change in ("±0 points", "±0 min")
    served, _minutes = draw_maps(sides, squares("Hill"), "en", can_differ=True)
    assert "Hill: ±0 points" in served.changes[0].svg
    assert ">+0.0<" not in served.changes[0].svg
    assert ">±0<" in served.table


@pytest.mark.parametrize("mean", [0.04, -0.04])
def test_what_rounds_to_nought_has_no_sign(mean):
    told = difference_in_words(
        Interval(mean, mean - 0.3, mean + 0.3), "minutes", Say("en"), more_is_better=True
    )
    assert (told.mean, told.verdict) == ("±0.0", "open")
    end = difference_in_words(Interval(0.3, 0.04, 0.6), "minutes", Say("es"), more_is_better=True)
    assert end.says == "+0.3 min (0.0 a +0.6)"
