"""Two runs side by side: what differs for certain, in numbers and in words, and what may not."""

import pytest
from django.utils import translation

from lamplighter.city.rehearsal.comparing import Side, compare_runs
from lamplighter.city.rehearsal.models import Scenario, ScenarioRun
from lamplighter.rehearsal.observed import interval

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
        "The slowest tenth begins 4 minutes sooner.",
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
    [({"history": "b" * 64}, "They met other calls"), ({"seed": 2}, "They met other chance")],
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
