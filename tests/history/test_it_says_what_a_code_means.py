"""A layout's rules turn a city's code, suffix and disposition into a nature of ours."""

from collections.abc import Callable

import pytest

from lamplighter.history import Layout, StartedBy, Unmapped, parse_layout
from tests.history.conftest import GOOD, TOWN, Town, file_of

TEN_CODES = """
layout: ten codes
city: A town
time zone: America/Chicago
columns:
  time: time
  nature: code
  nature suffix: suffix
  nature words: words
  disposition: end
  disposition words: end words
time formats: ["%Y-%m-%d %H:%M:%S"]
natures:
  - suffixes: [TS]
    started by: officer
    because: A stop, whatever the code.
  - codes: ["70"]
    suffixes: [A]
    nature: alarm
    because: An alarm.
  - codes: ["70"]
    nature: burglary
    because: No alarm.
  - codes: ["43"]
    suffixes: [""]
    dispositions: ["15"]
    started by: officer
    because: Community policing.
  - codes: ["43"]
    nature: information_or_other
    because: Not said what for.
"""


@pytest.fixture
def ten_codes() -> Layout:
    return parse_layout(TEN_CODES)


@pytest.mark.parametrize(
    ("code", "suffix", "disposition", "nature", "started_by"),
    [
        ("70", "A", "", "alarm", StartedBy.PUBLIC),
        ("70", "", "", "burglary", StartedBy.PUBLIC),
        ("70", "P", "", "burglary", StartedBy.PUBLIC),
        ("70", "TS", "", None, StartedBy.OFFICER),
        ("43", "", "15", None, StartedBy.OFFICER),
        ("43", "P", "15", "information_or_other", StartedBy.PUBLIC),
        ("43", "", "4", "information_or_other", StartedBy.PUBLIC),
        (" 70 ", "a", "", "alarm", StartedBy.PUBLIC),
    ],
)
def test_the_first_rule_that_holds_decides(
    ten_codes: Layout,
    code: str,
    suffix: str,
    disposition: str,
    nature: str | None,
    started_by: StartedBy,
) -> None:
    rule = ten_codes.rule_for(code, suffix, disposition)

    assert rule is not None
    assert (rule.nature, rule.started_by) == (nature, started_by)


def test_a_code_that_no_rule_names_has_no_rule(ten_codes: Layout) -> None:
    assert ten_codes.rule_for("99") is None


def test_a_history_has_the_nature_as_written_and_as_ours(town: Town, ten_codes: Layout) -> None:
    town.reads(
        "time,code,suffix,words,end,end words\n"
        "2026-05-01 12:00:00,70,A,BURGLARY,4,ASSISTED\n"
        "2026-05-01 13:00:00,43,,WANT OFFICER,15,COMMUNITY POLICING\n"
        "2026-05-01 14:00:00,43,,WANT OFFICER,4,ASSISTED\n",
        ten_codes,
    )

    assert [(call.nature_as_written, call.nature, call.disposition) for call in town.calls] == [
        ("70 A BURGLARY", "alarm", "4 ASSISTED"),
        ("43 WANT OFFICER", None, "15 COMMUNITY POLICING"),
        ("43 WANT OFFICER", "information_or_other", "4 ASSISTED"),
    ]
    assert [call.started_by for call in town.calls] == ["public", "officer", "public"]


def test_a_code_that_is_not_in_the_layout_lowers_the_share_of_the_public(
    town: Town, row: Callable[..., str]
) -> None:
    report = town.reads(
        file_of(
            GOOD, row(id="2", nature="NEW"), row(id="3", nature="ODD"), row(id="4", nature="STOP")
        )
    )

    assert town.calls[1].started_by is StartedBy.UNKNOWN
    assert report.by_public.share == 1 / 2  # WELFARE, and NEW, which may be a request
    assert report.not_by_officers.share == 1 / 3
    assert report.all_rows.share == 1 / 4
    assert report.unmapped == (
        Unmapped("NEW", 1, None),
        Unmapped("ODD", 1, "Nobody knows what it means."),
    )


def test_the_hash_changes_with_the_meaning_and_not_with_the_comments() -> None:
    layout = parse_layout(TOWN)

    assert parse_layout("# a remark\n" + TOWN).content_hash == layout.content_hash
    changed = TOWN.replace("nature: welfare_check", "nature: public_assist")
    assert parse_layout(changed).content_hash != layout.content_hash
