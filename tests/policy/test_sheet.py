"""A policy goes out as a sheet and comes in again, whatever a spreadsheet program did to it."""

import csv
import io
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lamplighter.policy import PolicyError, parse_policy, read_policy, shipped_policy
from lamplighter.policy.sheet import parse_csv, policy_from_csv, policy_to_csv
from lamplighter.policy.sheet.guard import guarded, guarded_test, unguarded
from tests.policy.examples import SMALL
from tests.policy.random_policies import policies
from tests.policy.test_hit_policies import ADDED_UP, HEARING, who_else

SHEET = policy_to_csv(parse_policy(SMALL))
HASH = parse_policy(SMALL).content_hash
CELLS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n\t\"';,=+-@ 12e/.:["),
    max_size=40,
)


def rows(sheet, separator=","):
    return list(csv.reader(io.StringIO(sheet, newline=""), delimiter=separator))


def written(table, separator=",", line_end="\r\n"):
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator=line_end).writerows(table)
    return text.getvalue()


def refused(sheet):
    with pytest.raises(PolicyError) as error:
        parse_csv(sheet, name="small.csv")
    return str(error.value)


def test_the_shipped_policy_comes_back_the_same():
    policy = read_policy(shipped_policy("first_response"))
    assert parse_csv(policy_to_csv(policy)).content_hash == policy.content_hash


@settings(max_examples=80, deadline=None)
@given(policies(), st.sampled_from(",;\t"))
def test_every_policy_comes_back_the_same(made, separator):
    sheet = policy_to_csv(made.policy, separator=separator)
    read = parse_csv(sheet)
    assert read.content_hash == made.policy.content_hash
    assert policy_to_csv(read, separator=separator) == sheet


def test_dates_durations_sums_and_safety_come_back_the_same():
    for text in (
        HEARING,
        who_else("collect count") + ADDED_UP.replace("HOW", "sum"),
        SMALL.replace("    when unknown: threat\n", "    when unknown: threat\n    safety: true\n"),
        SMALL.replace(
            "outputs: {risk: [immediate", "outputs: {risk: [true, 3 May, '-x', immediate"
        ),
    ):
        policy = parse_policy(text.replace("[true,", '["true",'))
        assert parse_csv(policy_to_csv(policy)).content_hash == policy.content_hash


@settings(max_examples=300, deadline=None)
@given(CELLS)
def test_no_text_is_lost_run_or_changed_in_a_cell(text):
    safe = guarded(text)
    assert unguarded(safe) == text.replace("\r\n", "\n")
    # Whatever sign a program takes for the separator, no cell begins as a formula.
    for part in re.split(r"[;,\t\n]", safe):
        assert not part.startswith(("=", "+", "@"))
        assert not part.startswith("-") or re.fullmatch(r"-\d+(\.\d+)?\s*.*", part)
    # Nor is the whole of it what a program would take for a number or a date.
    assert not re.fullmatch(r"[\d\s./:-]*\d[\d\s./:-]*", safe)


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-x",
        "@SUM(A1)",
        "'=1",
        "2026-11-01",
        "1e5",
        "007",
        "TRUE",
        "3 May",
        "mar-1",
        "10:30",
        " a ",
        "[table x]",
        "a;=cmd|' /C calc'!A0",
        "＝1+1",
        "'tis",
        "12,5",
        "a\n=b",
    ],
)
def test_what_a_program_would_run_or_change_is_kept(text):
    assert unguarded(guarded(text)) == text
    assert guarded(text).startswith("'") or text.startswith("a") or text == "'tis"


@pytest.mark.parametrize("test", ["-", "true", ">= 18", '"a","b"', "-4", "-4, -2", "[-5..5)"])
def test_a_test_that_is_safe_stays_as_it_is(test):
    assert guarded_test(test) == test


def test_a_formula_typed_into_a_reason_is_text_in_the_sheet_and_in_the_policy():
    evil = '=HYPERLINK("http://example.org", "Click")'
    policy = parse_policy(SMALL.replace("People get hurt in fights.", evil.replace('"', '\\"')))
    sheet = policy_to_csv(policy)
    cell = next(cell for row in rows(sheet) for cell in row if "HYPERLINK" in cell)
    assert cell == "'" + evil
    assert parse_csv(sheet).content_hash == policy.content_hash
    # Some programs drop the apostrophe when they save.
    assert parse_csv(sheet.replace("'=HYPER", "=HYPER")).content_hash == policy.content_hash


def test_what_programs_do_to_a_file_does_not_change_the_policy(tmp_path):
    width = max(len(row) for row in rows(SHEET))
    padded = [row + [""] * (width - len(row)) for row in rows(SHEET)]
    for content in (
        SHEET.encode("utf-8-sig"),
        written(padded, ";").encode("utf-8-sig"),
        written(padded, "\t", "\n").encode("utf-16"),
        ("sep=;\r\n" + written(padded, ";")).encode(),
        SHEET.replace("\r\n", "\n").encode(),
        written([row for row in padded if any(row)]).encode(),
        SHEET.replace('"""threat"", ""now"""', '"“threat”, „now“"').encode(),
        SHEET.replace(",true,", ",TRUE,").encode(),
        SHEET.replace(",true,", ",VERDADERO,").encode(),
        SHEET.replace("when nature", "nature").replace("then risk", "risk").encode(),
    ):
        path = tmp_path / "small.csv"
        path.write_bytes(content)
        assert policy_from_csv(path).content_hash == HASH


def test_the_policy_that_comes_in_has_the_text_of_a_policy_file():
    policy = parse_csv(SHEET)
    assert policy.text.startswith("policy: small\n")
    assert parse_policy(policy.text).content_hash == HASH


def test_merged_cells_are_named_by_row_and_column():
    table = rows(SHEET)
    top = next(n for n, row in enumerate(table) if row[:2] == ["id", "when nature"])
    table[top + 2][1] = table[top + 3][1] = ""  # merged with the cell above
    table[top + 3][4] = ""
    assert refused(written(table)).splitlines() == [
        f"small.csv, row {top + 3}, column B, table risk, rule fight, cell nature: the cells down "
        f"to row {top + 4} are empty, as a merged cell leaves the ones below it; "
        'write "-" where every value will do.',
        f"small.csv, row {top + 4}, column E, table risk, rule otherwise, cell risk: the cell is "
        "empty, as a merged cell leaves the ones below it; fill it in.",
    ]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            '"""fight"""',
            '"""fihgt"""',
            'column B, table risk, rule fight, cell nature: "fihgt" is not',
        ),
        (
            "[0..6)",
            '"[0,5..6)"',
            "0,5 may be one number or two; write 0.5 for one, or 0, 5 for two",
        ),
        ("[0..24)", '"[0..23,5)"', "23,5 has a comma; write numbers with a point, as in 23.5"),
        ("then risk", "then rsk", "then rsk is not a heading here; did you mean then risk"),
        ("then risk", "then risk,then risk", "the heading then risk stands here twice"),
        ("[promises]", "[promisses]", "a sheet has no section [promisses]; did you mean promises"),
        ("[table response]", "[table risk]", "[table risk] stands here twice, first in row"),
        ("[outputs]", "[values]", "stands here twice"),
        ("version,'1", "vrsion,'1", "vrsion is not a name that stands here; did you mean version"),
        ("version,'1", "version,", "column B: the version must be a text that is not empty"),
        ("hit,first\r\nid,when nature", "hit,frist\r\nid,when nature", "frist is not a hit policy"),
        ("violence,threat,A threat", "violense,threat,A threat", "no input or output violense"),
        ("response,responder,choice", "respons,responder,choice", "there is no table respons;"),
        ("weapon,boolean", "weapon,bolean", "column B: bolean is not a type of input weapon"),
        ("fight,Fight,Pelea", "noise,Fight,Pelea", "noise is written twice, first in row"),
        ("\r\ncalm,", "\r\nnight,", "the rule id night is already used in row"),
        ("risky,", ",", "column A, table response, cell id: the cell is empty"),
        ("[policy]", "policy", "the sheet must begin with [policy]"),
        ("weapons,A weapon", "weapons,,,,,,,A weapon", "this cell stands under no heading"),
        ("Un arma nunca.", '"Un arma nunca.', "a quote in this row is never closed"),
    ],
)
def test_what_is_wrong_is_named_by_row_and_column(old, new, says):
    sheet = SHEET.replace(old, new, 1)
    assert sheet != SHEET
    said = refused(sheet)
    assert says in said
    assert said.startswith("small.csv, row ")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            '"""fight"""',
            '"""fihgt"""',
            'columna B, tabla risk, regla fight, celda nature: "fihgt" no es un valor de nature',
        ),
        ("[0..6)", '"[0,5..6)"', "0,5 puede ser un número o dos; escriba 0.5 si es uno"),
        ("then risk", "then rsk", "then rsk no es un encabezado de aquí; ¿quiso decir then risk"),
        ("[table response]", "[table risk]", "[table risk] está dos veces, primero en la fila"),
        ("\r\ncalm,", "\r\nnight,", "el nombre de regla night ya está en la fila"),
        ("risky,", ",", "la celda está vacía, como deja una celda combinada las de abajo; escriba"),
        ("version,'1", "vrsion,'1", "vrsion no es un nombre que vaya aquí; ¿quiso decir version"),
        ("Un arma nunca.", '"Un arma nunca.', "en esta fila una comilla no se cierra"),
    ],
)
def test_what_is_wrong_is_told_in_spanish_too(old, new, says):
    with pytest.raises(PolicyError) as error:
        parse_csv(SHEET.replace(old, new, 1), name="small.csv")
    said = [problem.in_language("es") for problem in error.value.problems]
    assert any(says in one for one in said), said
    assert all(one.startswith("small.csv, fila ") for one in said)


@pytest.mark.parametrize(
    ("language", "says"), [("en", "line 12"), ("es", "línea 12"), ("en", "line 99998")]
)
def test_what_people_call_a_line_stays_one(language, says):
    """Only the lines of the reader are rows of the sheet: a bus line is called what it is."""
    with pytest.raises(PolicyError) as error:
        parse_csv(SHEET.replace('"""fight"""', f'"""{says}"""', 1), name="small.csv")
    (problem,) = error.value.problems
    assert f'"{says}" ' in problem.in_language(language)


@pytest.mark.parametrize(
    ("old", "new", "first"),
    [
        ("\r\ncalm,", "\r\nnight,", "night"),
        ("fight,Fight,Pelea", "noise,Fight,Pelea", "noise"),
        ("\r\nweapons,", "\r\nweapons,Line 7,Línea 7,Never\r\nweapons,", "weapons"),
    ],
)
def test_what_stands_there_twice_names_the_row_of_the_first(old, new, first):
    sheet = SHEET.replace(old, new, 1)
    row = next(n for n, cells in enumerate(rows(sheet), 1) if first in cells[:2])
    with pytest.raises(PolicyError) as error:
        parse_csv(sheet, name="small.csv")
    for language, says in (("en", f"in row {row};"), ("es", f"en la fila {row};")):
        assert any(says in problem.in_language(language) for problem in error.value.problems)


def test_a_sheet_without_its_frame_says_what_is_missing():
    assert "the sheet has no section [outputs]; add it" in refused("[policy]\r\npolicy,x\r\n")
    assert "the sheet must begin with [policy]" in refused("a,b\r\nc,d\r\n")
    assert "the sheet has no section [policy]" in refused("")


def test_a_file_that_is_no_text_is_refused(tmp_path):
    path = tmp_path / "x.csv"
    path.write_bytes(SHEET.replace("Qué", "Qu\xe9").encode("latin-1"))
    with pytest.raises(PolicyError, match="row 5: this is not UTF-8; save the sheet as CSV UTF-8"):
        policy_from_csv(path)
    with pytest.raises(PolicyError, match="there is no such file"):
        policy_from_csv(tmp_path / "none.csv")
