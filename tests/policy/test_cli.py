"""The `lamplighter` command itself: it finds its parts late, and says plainly what is missing."""

import sys
from types import SimpleNamespace

import pytest
import typer
from typer.testing import CliRunner

from lamplighter.cli import main


@pytest.fixture
def city(monkeypatch):
    """A city wing with two commands, of which one needs a module that is not installed."""
    app = typer.Typer()

    @app.command()
    def play(history: str) -> None:
        typer.echo(f"playing {history}")

    @app.command()
    def run() -> None:
        import a_module_of_the_city_extra  # noqa: F401

    monkeypatch.setitem(sys.modules, "lamplighter.city.command", SimpleNamespace(app=app))


def run(*arguments):
    return CliRunner().invoke(main, list(arguments))


def test_help_names_the_commands_without_importing_them(monkeypatch):
    for module in ("policy", "history", "city"):
        monkeypatch.setitem(sys.modules, f"lamplighter.{module}.command", None)
    result = run("--help")
    assert result.exit_code == 0
    for word in ("policy", "history", "city", "play"):
        assert word in result.stdout


@pytest.mark.usefixtures("city")
def test_play_stands_at_the_top_and_under_the_city():
    assert run("play", "m.parquet").stdout == "playing m.parquet\n"
    assert run("city", "play", "m.parquet").stdout == "playing m.parquet\n"


@pytest.mark.usefixtures("city")
def test_a_missing_extra_is_one_sentence():
    result = run("city", "run")
    assert result.exit_code == 2
    assert result.stderr == (
        "This command needs the module a_module_of_the_city_extra; install the web parts with "
        "`pip install 'lamplighter[city]'`.\n"
    )


def test_a_misspelt_command_is_answered_with_a_near_one():
    result = run("polcy")
    assert result.exit_code == 2
    assert "policy" in result.stderr


def test_version():
    assert run("--version").stdout.startswith("lamplighter ")
