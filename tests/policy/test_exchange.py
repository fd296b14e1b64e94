"""Policies go out to other programs and come back, and files are written whole or not at all."""

import io
import zipfile

import pytest
from typer.testing import CliRunner

from lamplighter.cli import main
from lamplighter.policy import parse_policy, read_policy, shipped_policy
from lamplighter.policy.exchange import ExchangeError, exported, imported, write_whole
from tests.policy.examples import SMALL

HASH = parse_policy(SMALL).content_hash


@pytest.fixture
def small(tmp_path):
    path = tmp_path / "small.yaml"
    path.write_text(SMALL, encoding="utf-8")
    return path


def run(*arguments):
    return CliRunner().invoke(main, ["policy", *map(str, arguments)])


@pytest.mark.parametrize("form", ["dmn", "csv", "yaml"])
def test_what_goes_out_comes_back_the_same(small, tmp_path, form):
    out, back = tmp_path / f"out.{form}", tmp_path / "back.yaml"
    result = run("export", small, "--to", form, "-o", out)
    assert result.exit_code == 0, result.stderr
    assert HASH in result.stdout
    assert run("import", out, "-o", back).exit_code == 0
    assert read_policy(back).content_hash == HASH


@pytest.mark.parametrize("form", ["dmn", "csv", "yaml"])
def test_a_value_that_begins_with_a_sign_keeps_it(tmp_path, form):
    start, end = SMALL.index("    values:\n      noise"), SMALL.index("  weapon:\n")
    listed = SMALL[:start] + '    values: ["-1", fight, welfare_check]\n' + SMALL[end:]
    policy = parse_policy(listed.replace('"noise"', '"-1"').replace("noise", '"-1"'))
    assert policy.inputs["nature"].values[0].label.en == "-1"
    path = tmp_path / f"policy.{form}"
    path.write_bytes(exported(policy, form))
    assert imported(path).content_hash == policy.content_hash


@pytest.mark.parametrize("form", ["dmn", "csv", "yaml"])
def test_the_shipped_policy_survives_each_form(tmp_path, form):
    policy = read_policy(shipped_policy("first_response"))
    path = tmp_path / f"policy.{form}"
    path.write_bytes(exported(policy, form))
    assert imported(path).content_hash == policy.content_hash


def test_a_sheet_begins_with_the_mark_by_which_spreadsheets_know_utf_8(small):
    assert exported(read_policy(small), "csv").startswith(b"\xef\xbb\xbf[policy]\r\n")


def test_the_page_says_which_promises_are_proved(small, tmp_path):
    page = tmp_path / "page.html"
    assert run("export", small, "--to", "html", "-o", page, "--language", "es").exit_code == 0
    text = page.read_text(encoding="utf-8")
    assert '<html lang="es">' in text
    # With a weapon, a quiet call still goes to the team.
    assert "Not kept: a call breaks it" in text


def test_a_file_that_is_there_is_kept(small, tmp_path):
    out = tmp_path / "out.csv"
    out.write_text("mine")
    refused = run("export", small, "--to", "csv", "-o", out)
    assert refused.exit_code == 2
    assert "is already there; choose another name or add --force." in refused.stderr
    assert out.read_text() == "mine"
    assert run("export", small, "--to", "csv", "-o", out, "--force").exit_code == 0
    assert imported(out).content_hash == HASH


def test_nothing_is_left_where_a_file_cannot_be_written(tmp_path, monkeypatch):
    target = tmp_path / "out.csv"
    target.write_text("before")

    def full(self, other):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.replace", full)
    with pytest.raises(ExchangeError, match="cannot be written \\(No space left on device\\)"):
        write_whole(target, b"after", force=True)
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]
    assert target.read_text() == "before"


def test_a_folder_that_is_not_there_is_named(small, tmp_path):
    refused = run("export", small, "--to", "csv", "-o", tmp_path / "none" / "out.csv")
    assert refused.exit_code == 2
    assert "cannot be written (No such file or directory)" in refused.stderr


def test_a_sheet_with_a_mistake_leaves_no_file(small, tmp_path):
    sheet, back = tmp_path / "small.csv", tmp_path / "back.yaml"
    sheet.write_bytes(exported(read_policy(small), "csv").replace(b"then risk", b"then rsk"))
    refused = run("import", sheet, "-o", back)
    assert refused.exit_code == 2
    assert "then rsk is not a heading here; did you mean then risk?" in refused.stderr
    assert not back.exists()


def test_a_file_of_another_kind_is_refused(tmp_path):
    path = tmp_path / "policy.docx"
    path.write_bytes(b"PK")
    refused = run("import", path, "-o", tmp_path / "back.yaml")
    assert refused.exit_code == 2
    assert "is no form of a policy that can be read by its name" in refused.stderr
    assert run("import", tmp_path / "none.csv", "-o", tmp_path / "x.yaml").exit_code == 2


def zipped(part):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        # Tests are named by what they are given: it must not hang on the hour.
        archive.writestr(zipfile.ZipInfo(part), "<x/>")
    return made.getvalue()


def of_a_later_version(content):
    """The archive as one that needs version 9.9 of the format to be unpacked."""
    at = content.index(b"PK\x01\x02") + 6
    return content[:at] + b"\x63" + content[at + 1 :]


def damaged(content):
    """The archive with a wrong sign in its list of parts."""
    return content.replace(b"PK\x01\x02", b"PK\x01\x09")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", "this is a PDF, not a policy; ask for the policy itself"),
        (b"\x89PNG\r\n\x1a\n", "this is an image, not a policy; ask for the policy itself"),
        (zipped("word/document.xml"), "this is a Word document, not a policy; ask for the policy"),
        (zipped("xl/workbook.xml"), "this is a workbook, not a policy; open it in a spreadsheet"),
        (zipped("policy.yaml"), "this is a ZIP archive, not a policy; unpack it"),
        (
            of_a_later_version(zipped("x")),
            "this is a ZIP archive that is of a later version, not a",
        ),
        (
            damaged(zipped("x")),
            "this is a ZIP archive that is damaged, not a policy; save it again",
        ),
        (zipped("x")[:-9], "this is a ZIP archive that ends in the middle, not a policy; save it"),
        (b"\x1f\x8b\x08", "this is gzip, not a policy; unpack it"),
    ],
)
@pytest.mark.parametrize("ending", ["csv", "dmn", "yaml", "pdf"])
def test_what_is_no_text_is_told_what_it_is_whatever_its_name(tmp_path, ending, content, says):
    path = tmp_path / f"policy.{ending}"
    path.write_bytes(content)
    refused = run("import", path, "-o", tmp_path / "back.yaml")
    assert refused.exit_code == 2
    assert refused.stderr.startswith(f"{path}: {says}")
    assert refused.stderr.count("\n") == 1
