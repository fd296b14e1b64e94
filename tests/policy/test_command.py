"""The commands as somebody types them."""

import json
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from lamplighter.cli import main
from lamplighter.policy import shipped_policy
from tests.policy.examples import SMALL, SOUND


@pytest.fixture
def small(tmp_path):
    path = tmp_path / "small.yaml"
    path.write_text(SMALL, encoding="utf-8")
    return str(path)


def run(*arguments):
    return CliRunner().invoke(main, ["policy", *arguments])


@pytest.mark.parametrize("command", ["show", "decide", "questions"])
def test_a_language_that_nobody_wrote_is_not_shown_as_english(small, command):
    result = run(command, small, "--language", "fr")
    assert result.exit_code == 2
    assert "'fr' is not one of 'en', 'es'" in " ".join(result.stderr.split())


def test_show_prints_rules_with_their_reasons(small, monkeypatch):
    monkeypatch.setenv("COLUMNS", "140")
    result = run("show", small)
    assert result.exit_code == 0
    for words in (
        "A small policy",
        "weapon-with-threat",
        "A weapon and a threat can kill.",
        "taken for true",
        "must be known",
        "A weapon never meets an unarmed team.",
    ):
        assert words in result.stdout


def test_show_speaks_spanish(small, monkeypatch):
    monkeypatch.setenv("COLUMNS", "140")
    result = run("show", small, "--language", "es")
    assert "Una política pequeña" in result.stdout
    assert "¿Alguien vio un arma?" in result.stdout


def test_check_proves_the_promises(tmp_path):
    sound = tmp_path / "sound.yaml"
    sound.write_text(SOUND)
    result = run("check", str(sound))
    assert result.exit_code == 0
    assert "proved  weapons: A weapon never meets an unarmed team." in result.stdout
    assert "every call has one answer, 1 promise proved." in result.stdout


def test_check_prints_the_call_that_breaks_a_promise_as_it_can_be_tried(tmp_path):
    broken = tmp_path / "broken.yaml"
    broken.write_text(SOUND.replace('violence: \'"threat","now"\'', "violence: '\"now\"'"))
    result = run("check", str(broken))
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert "BROKEN  weapons: A weapon never meets an unarmed team." in lines
    (command,) = (line.strip() for line in lines if "policy decide" in line)
    answer = run(*command.removeprefix("lamplighter policy ").split())
    assert "Responder: Community team (community_team)" in answer.stdout
    assert "  rules otherwise, calm: risk low, responder community_team" in result.stdout
    assert lines[-1].endswith("every call has one answer, 1 promise broken.")


def test_check_ends_with_1_where_something_fails(small, tmp_path):
    broken = tmp_path / "broken.yaml"
    broken.write_text(SOUND.replace("{id: otherwise, then", "{id: x, when: {weapon: false}, then"))
    result = run("check", str(broken))
    assert result.exit_code == 1
    assert "fails  table risk has no rule for a call with" in result.stdout
    told = json.loads(run("check", str(broken), "--json").stdout)
    assert told["passed"] is False
    assert told["findings"][0]["kind"] == "gap"
    assert told["promises"][0]["status"] == "proved"


def test_decide_prints_the_outcome_and_the_reason(small):
    result = run("decide", small, "nature=fight", "violence=now", "--final")
    assert result.exit_code == 0
    assert "Responder: Police" in result.stdout
    assert (
        "risk, rule weapon-with-threat: A weapon and a threat can kill. (Example)" in result.stdout
    )
    assert "unknown: weapon" in result.stdout


def test_decide_asks_what_can_still_matter(small):
    result = run("decide", small, "nature=noise", "--language", "es")
    assert result.exit_code == 0
    assert "¿Alguien vio un arma? (weapon)" in result.stdout
    assert "Can still matter: weapon, violence, hour" in result.stdout


def test_decide_prints_json(small):
    told = json.loads(run("decide", small, "nature=noise", "hour=2.5", "--json").stdout)
    assert told["ask"] == "weapon"
    told = json.loads(
        run("decide", small, "nature=noise", "weapon=unknown", "--final", "--json").stdout
    )
    assert told["outcome"] == {"risk": "immediate", "responder": "police"}
    assert told["facts"] == {"nature": "noise", "weapon": "unknown"}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nature=nois"], "nois is not a value of nature; did you mean noise?"),
        (["natur=noise"], "the policy has no input natur; did you mean nature?"),
        (["nature"], "nature is not a fact; write it as input=value."),
        (["hour=noon"], "noon is not a value of hour; it must be a number in [0..24)."),
        (["weapon=yes"], "yes is not a value of weapon; it must be true or false."),
        (["weapon=true", "weapon=false"], "weapon is given twice; give each input once."),
        (["--final"], "nature must be known before a decision is final; give its value."),
    ],
)
def test_a_mistake_is_one_sentence_and_exit_code_2(small, arguments, says):
    result = run("decide", small, *arguments)
    assert result.exit_code == 2
    assert result.stderr.strip() == says


def test_a_policy_that_cannot_be_read_is_one_sentence_a_mistake(small, tmp_path):
    broken = tmp_path / "broken.yaml"
    broken.write_text(SMALL.replace("{risk: high}", "{risk: hihg}"))
    for command in ("show", "check", "decide"):
        result = run(command, str(broken))
        assert result.exit_code == 2
        assert result.stderr.strip().endswith("hihg is not a value of risk; did you mean high?")
        assert len(result.stderr.strip().splitlines()) == 1


def test_a_policy_that_is_not_there_is_one_sentence():
    result = run("show", "nowhere")
    assert result.exit_code == 2
    assert result.stderr.startswith("nowhere is neither a file nor a policy that ships")


def test_a_shipped_policy_goes_by_its_name():
    assert run("decide", "first_response", "nature=noise").exit_code == 0
    assert shipped_policy("first_response").is_file()
    with pytest.raises(FileNotFoundError, match="first_response"):
        shipped_policy("second_response")


@pytest.mark.parametrize("heavy", ["django", "duckdb", "numpy", "pyarrow", "lamplighter.city"])
def test_the_command_starts_without_heavy_modules(heavy):
    program = (
        "import sys; from typer.testing import CliRunner; from lamplighter.cli import main; "
        "CliRunner().invoke(main, ['policy', 'decide', 'first_response', 'nature=noise']); "
        f"sys.exit({heavy!r} in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
