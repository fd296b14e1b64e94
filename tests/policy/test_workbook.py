"""A policy comes in from an XLSX workbook as it would from a CSV of the same sheet."""

import io
import re
import struct
import tracemalloc
import zipfile
from datetime import UTC, date, datetime, time, timedelta
from pathlib import PurePath

import pytest
from hypothesis import given, settings
from python_calamine import CalamineWorkbook

from lamplighter.policy import PolicyError, parse_policy, read_policy, shipped_policy
from lamplighter.policy.sheet import parse_csv, policy_from_xlsx, policy_to_csv
from lamplighter.policy.sheet.cells import rows_of
from lamplighter.policy.sheet.workbook import workbook_rows
from tests.policy.examples import SMALL
from tests.policy.random_policies import policies
from tests.policy.test_exchange import run
from tests.policy.test_hit_policies import HEARING
from tests.support.workbooks import MAIN, STYLES, Raw, packed, table_of, workbook

POLICY = parse_policy(SMALL)
SHIPPED = read_policy(shipped_policy("first_response"))


def refused(content, *, language="en"):
    with pytest.raises(PolicyError) as error:
        workbook_rows(content, "small.xlsx")
    return [problem.in_language(language) for problem in error.value.problems]


def cells(*row, **more):
    """What the second row of a sheet that begins as a policy says."""
    _, rows = workbook_rows(workbook({"P": [["[policy]"], row]}, **more), "small.xlsx")
    return list(rows[1].cells)


def changed(content, **parts):
    """The workbook with other parts, named without their folders."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        there = {name: book.read(name).decode() for name in book.namelist()}
    return packed({n: parts.get(PurePath(n).stem, text) for n, text in there.items()})


def sheet(within):
    return f'<worksheet xmlns="{MAIN}"><sheetData>{within}</sheetData></worksheet>'


@pytest.mark.parametrize("shared", [True, False])
def test_the_shipped_policy_comes_back_the_same_from_a_workbook(tmp_path, shared):
    table = table_of(policy_to_csv(SHIPPED))
    assert {type(cell) for row in table for cell in row} == {str, bool, float, date}
    path = tmp_path / "policy.xlsx"
    path.write_bytes(workbook({"Read me": [["Ours"]], "Rules": table}, shared=shared))
    assert policy_from_xlsx(path).content_hash == SHIPPED.content_hash


@settings(max_examples=30, deadline=None)
@given(policies())
def test_every_policy_is_the_same_from_a_workbook_as_from_a_csv(made):
    sheet = policy_to_csv(made.policy)
    _, rows = workbook_rows(workbook({"P": table_of(sheet)}), "small.xlsx")
    # Nothing but numbers is written in another way: 1.0 as 1.
    assert [row.cells for row in rows] == [shortened(row) for row in rows_of(sheet, "small.csv")]


def shortened(row):
    cells = [f"{float(c):g}" if re.fullmatch(r"-?\d+\.\d+", c) else c for c in row.cells]
    while cells and not cells[-1]:
        cells.pop()
    return tuple(cells)


def test_dates_and_durations_that_somebody_types_are_those_of_the_language(tmp_path):
    table = table_of(policy_to_csv(parse_policy(HEARING)))
    top = next(n for n, row in enumerate(table) if row[:2] == ["id", "when on"])
    table[top + 1][1:4] = [date(2026, 7, 1), "P10Y", timedelta(hours=36)]
    table[top + 2][3] = time(1, 30)
    path = tmp_path / "hearing.xlsx"
    path.write_bytes(workbook({"P": table}))
    policy = policy_from_xlsx(path)
    first, second, _ = policy.tables[0].rules
    assert [test.text for test in first.when.values()] == [
        '@"2026-07-01"', '@"P10Y"', '@"P1DT12H"',
    ]  # fmt: skip
    assert second.when["late"].text == '@"PT1H30M"'
    # A CSV with these words is read no otherwise.
    sheet = policy_to_csv(policy).replace('"@""P1DT12H"""', "P1DT12H").replace("'@", "@")
    assert parse_csv(sheet).content_hash == policy.content_hash


def test_each_cell_is_told_in_the_words_of_the_language():
    assert cells(1.0, 0.1 + 0.2, -4, 1e-7, 123456789012345, True, False) == [
        "1", "0.3", "-4", "0.0000001", "123456789012345", "true", "false",
    ]  # fmt: skip
    assert cells(date(2026, 11, 1), datetime(2026, 11, 1, 12, tzinfo=UTC), date(1900, 3, 1)) == [
        "2026-11-01", "2026-11-01T12:00:00", "1900-03-01",
    ]  # fmt: skip
    assert cells(time(10, 5), timedelta(days=1, minutes=90), timedelta(seconds=-20)) == [
        "PT10H5M", "P1DT1H30M", "-PT20S",
    ]  # fmt: skip


def test_cells_that_programs_write_in_ways_of_their_own_are_read():
    rich = Raw(
        't="inlineStr"', "<is><r><t>a</t></r><r><t> b_x000D_</t></r><rPh><t>x</t></rPh></is>"
    )
    formula = Raw('t="str"', "<f>A1&amp;1</f><v>c</v>")
    percent, day = Raw('s="5"', "<v>0.5</v>"), Raw('t="d"', "<v>2026-11-01T00:00:00</v>")
    summed, nothing = Raw("", "<f>1+1</f><v>2</v>"), Raw('t="str"', '<f>""</f><v></v>')
    row = cells("'=1+1", rich, formula, percent, day, nothing, summed, Raw('s="2"', ""))
    assert row == ["=1+1", "a b", "c", "0.5", "2026-11-01", "", "2"]


def test_days_are_counted_from_1904_where_the_workbook_does():
    content = workbook({"P": [["[policy]"], [Raw('s="2"', "<v>1</v>")]]})
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        text = book.read("xl/workbook.xml").decode()
    later = text.replace("<sheets>", '<workbookPr date1904="1"/><sheets>')
    _, rows = workbook_rows(changed(content, workbook=later), "small.xlsx")
    assert rows[1].cells == ("1904-01-02",)


def test_cells_without_places_stand_one_after_the_other():
    flat = sheet(
        '<row><c t="str"><v>[policy]</v></c></row><row r="5"><c><v>1</v></c><c r="D5"><v>2</v></c>'
        "<c><v>3</v></c></row><row><c><v>4</v></c></row>"
    )
    _, rows = workbook_rows(changed(workbook({"P": []}), sheet1=flat), "small.xlsx")
    assert [(row.number, row.cells) for row in rows[1:]] == [
        (5, ("1", "", "", "2", "3")), (6, ("4",)),
    ]  # fmt: skip


def test_another_reader_finds_the_same_cells():
    content = workbook({"P": table_of(policy_to_csv(SHIPPED))})
    _, rows = workbook_rows(content, "small.xlsx")
    theirs = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    for row, others in zip(rows, filter(any, theirs.to_python(skip_empty_area=False)), strict=True):
        for ours, other in zip(row.cells, others, strict=False):
            if isinstance(other, str):
                assert ours == other.removeprefix("'").strip()
            elif isinstance(other, bool):
                assert ours == str(other).lower()
            else:
                assert ours == (f"{other:g}" if isinstance(other, float) else other.isoformat())


def test_merged_cells_are_refused_with_the_range_the_sheet_and_what_to_do():
    content = workbook(
        {"Rules": table_of(policy_to_csv(POLICY))}, merged={"Rules": ["B40:B41", "D2:E2"]}
    )
    assert refused(content) == [
        "small.xlsx, sheet Rules: merged cells say only once what each of them stands for "
        "(B40:B41, D2:E2); split them, and fill in every cell."
    ]
    assert refused(content, language="es") == [
        "small.xlsx, hoja Rules: las celdas combinadas dicen una sola vez lo que vale para cada "
        "una (B40:B41, D2:E2); sepárelas y rellene cada celda."
    ]
    many = workbook({"R": [["[policy]"]]}, merged={"R": [f"B{n}:C{n}" for n in range(9)]})
    assert "(B0:C0, B1:C1, B2:C2, B3:C3, B4:C4, …)" in refused(many)[0]
    # In a sheet that is not the policy's they do no harm.
    beside = workbook({"R": [["[policy]"]], "Notes": [["x"]]}, merged={"Notes": ["A1:B1"]})
    assert workbook_rows(beside, "small.xlsx")[0] == "R"


def test_what_is_wrong_is_named_by_sheet_and_cell(tmp_path):
    table = table_of(policy_to_csv(POLICY))
    top = next(n for n, row in enumerate(table) if row[:2] == ["id", "when nature"])
    table[top + 1][1] = '"fihgt"'
    path = tmp_path / "small.xlsx"
    path.write_bytes(workbook({"Rules": table}))
    with pytest.raises(PolicyError) as error:
        policy_from_xlsx(path)
    (problem,) = error.value.problems
    place = f"{path}, sheet Rules, B{top + 2}, table risk, rule weapon-with-threat, cell nature: "
    assert str(problem).startswith(f'{place}"fihgt" is not a value of nature; did you mean')
    assert f"{path}, hoja Rules, B{top + 2}, tabla risk, regla weapon-with-threat, celda nature: "
    assert '"fihgt" no es un valor de nature; ¿quiso decir' in problem.in_language("es")


def test_cells_that_have_no_value_are_all_named():
    table = [
        ["[policy]", Raw('t="e"', "<f>1/0</f><v>#DIV/0!</v>")],
        [Raw("", "<f>1+1</f><v></v>"), Raw('s="2"', "<v>-5</v>"), Raw("", "<v>nan</v>")],
    ]
    assert refused(workbook({"P": table})) == [
        "small.xlsx, sheet P, B1: this cell has the error #DIV/0!; mend its formula, or write the "
        "value itself.",
        "small.xlsx, sheet P, A2: the value of this formula is not in the file; open it in a "
        "spreadsheet program and save it again.",
        "small.xlsx, sheet P, B2: -5 is no number, date or duration; write the value anew.",
        "small.xlsx, sheet P, C2: nan is no number, date or duration; write the value anew.",
    ]


def test_of_several_sheets_the_one_that_begins_as_a_policy_is_taken():
    table = table_of(policy_to_csv(POLICY))
    assert refused(workbook({"Old": table, "New": table, "x": []})) == [
        "small.xlsx: more than one of its sheets has a cell [policy] in column A (Old, New); keep "
        "the one that counts, and delete the others, hidden ones too."
    ]
    assert refused(workbook({"a": [["x"]], "b": [["y", "[policy]"]]})) == [
        "small.xlsx: none of its sheets (a, b) has a cell [policy] in column A, with which a "
        "policy begins; add it, or give another workbook."
    ]


def test_a_workbook_of_one_other_sheet_is_told_what_it_lacks(tmp_path):
    path = tmp_path / "x.xlsx"
    path.write_bytes(workbook({"Sheet1": [["code", "name"]]}))
    with pytest.raises(
        PolicyError, match=r"sheet Sheet1, A1: the sheet must begin with \[policy\]"
    ):
        policy_from_xlsx(path)


GOOD = workbook({"P": table_of(policy_to_csv(POLICY))})
# Another name makes no workbook of a file: a program has to write it anew.
BY_A_PROGRAM = "open it in a spreadsheet program"
IN_THE_FORMAT = f"{BY_A_PROGRAM}, save it there in the format XLSX"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (GOOD[:-9], "the workbook is damaged; open it in a spreadsheet program, save it again"),
        (GOOD.replace(b"PK\x01\x02", b"PK\x01\x09"), "the workbook is damaged"),
        (changed(GOOD, sheet1="<worksheet><sheetData>"), "the workbook is damaged"),
        (changed(GOOD, sheet1=sheet('<row><c t="s"><v>99999</v></c></row>')), "is damaged"),
        (changed(GOOD, sheet1=sheet('<row><c r="XFE1"><v>1</v></c></row>')), "is damaged"),
        (changed(GOOD, sheet1="<!DOCTYPE a>" + sheet("")), "the workbook is damaged"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "locked with a password"),
        (
            b"\xd0\xcf\x11\xe0\xa1",
            f"this is a file of an older Office program, not a policy; {IN_THE_FORMAT}",
        ),
        (
            b"[policy]\r\n",
            f"this is no XLSX workbook, whatever its name says; {BY_A_PROGRAM} and save",
        ),
        (b"", "this is no XLSX workbook"),
        (b"%PDF-1.7", "this is a PDF, not a policy; ask for the policy itself"),
        (packed({"xl/workbook.bin": ""}), f"this is a workbook, not a policy; {IN_THE_FORMAT}"),
        (packed({"content.xml": ""}), f"an OpenDocument file, not a policy; {IN_THE_FORMAT}"),
        (packed({"word/document.xml": ""}), "this is a Word document, not a policy"),
    ],
    ids=range(14),
)
def test_a_file_that_is_no_whole_workbook_is_refused_in_one_sentence(content, says):
    (sentence,) = refused(content)
    assert says in sentence
    assert len(sentence.splitlines()) == 1
    (spanish,) = refused(content, language="es")
    assert not re.search(r"\b(the|this|is)\b", spanish)


def far(rows):
    return "".join(f'<row><c r="XFD{n}"><v>1</v></c></row>' for n in range(1, rows))


@pytest.mark.parametrize(
    "parts",
    [
        {"sheet1": sheet(far(400))},
        {"sheet1": sheet(" " * 50_000_000)},
        {"sheet1": sheet("<row/>" * 500_001)},
        {"sharedStrings": f'<sst xmlns="{MAIN}"><si><t>{"a" * 50_000}</t></si></sst>',
         "sheet1": sheet("<row>" + '<c t="s"><v>0</v></c>' * 101 + "</row>")},
    ],
    ids=["far cells", "unpacked", "elements", "one text again and again"],
)  # fmt: skip
def test_a_workbook_that_unpacks_to_far_more_than_a_policy_is_refused(parts):
    content = changed(GOOD, **parts)
    assert len(content) < 200_000
    assert refused(content) == [
        "small.xlsx: the workbook holds far more than a policy; copy the policy's sheet into a "
        "new workbook, and give that."
    ]


def test_two_cells_far_apart_cost_no_memory():
    corners = '<c r="A1" t="str"><v>[policy]</v></c></row><row><c r="XFD1048576"><v>1</v></c>'
    _, rows = workbook_rows(changed(GOOD, sheet1=sheet(f"<row>{corners}</row>")), "small.xlsx")
    assert [(row.number, len(row.cells)) for row in rows] == [(1, 1), (1_048_576, 16_384)]


def test_a_long_format_of_a_cell_takes_no_time():
    styles = STYLES.replace("[h]:mm:ss", "[h" * 1_000_000)
    assert workbook_rows(changed(GOOD, styles=styles), "small.xlsx")[0] == "P"


def test_the_command_reads_a_workbook_by_its_name(tmp_path):
    path, back = tmp_path / "small.xlsx", tmp_path / "back.yaml"
    path.write_bytes(GOOD)
    done = run("import", path, "-o", back)
    assert done.exit_code == 0, done.stderr
    assert read_policy(back).content_hash == POLICY.content_hash
    other = path.rename(tmp_path / "small.csv")
    told = run("import", other, "-o", tmp_path / "x.yaml")
    assert told.stderr.startswith(
        f"{other}: this is a workbook, not a policy; {IN_THE_FORMAT}, under a name that ends in"
    )
    gone = run("import", tmp_path / "none.xlsx", "-o", tmp_path / "x.yaml")
    assert "there is no such file" in gone.stderr


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])
def test_a_part_that_unpacks_to_more_than_it_says_fills_no_memory(method):
    small = workbook({"P": [["[policy]"]]})
    place = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(small)) as book, zipfile.ZipFile(place, "w", method) as copy:
        for name in book.namelist():
            sheet = name.endswith("sheet1.xml")
            copy.writestr(name, book.read(name) + b" " * (sheet * 100_000_000))
    told = struct.pack("<L", 100_000_000 + len(sheet_of(small)))
    lying = place.getvalue().replace(told, struct.pack("<L", 1_000))
    tracemalloc.start()
    (told,) = refused(lying)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "the workbook is damaged" in told
    assert peak < 20_000_000


def sheet_of(book):
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        return archive.read("xl/worksheets/sheet1.xml")
