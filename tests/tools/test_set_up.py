"""The set-up scripts say in one sentence what is missing, and show what a failed step said."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
# What the scripts themselves use; everything else is absent from the newcomer's machine.
COMMANDS = ["bash", "env", "dirname", "cat", "cksum", "grep", "mkdir", "tail", "id"]


@pytest.fixture
def machine(tmp_path):
    """A clone with a space in its path, on a machine with few commands: run("tools/…")."""
    clone = tmp_path / "a clone"
    shutil.copytree(REPOSITORY / "tools", clone / "tools")
    for name in ("requirements.lock", "pyproject.toml"):
        shutil.copy(REPOSITORY / name, clone)
    commands = tmp_path / "bin"
    commands.mkdir()
    for name in COMMANDS:
        (commands / name).symlink_to(shutil.which(name))

    def run(command, python=None):
        if python is not None:
            (commands / "python3").write_text(f"#!{shutil.which('bash')}\n{python}\n")
            (commands / "python3").chmod(0o755)
        return subprocess.run(
            ["bash", "-c", command],
            cwd=clone,
            env={"PATH": str(commands), "HOME": str(tmp_path)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
        )

    return run


def test_a_python_that_is_too_old(machine):
    ended = machine("tools/setup.sh", python="exit 1")
    assert ended.returncode == 1
    assert ended.stderr == (
        "setup: no Python 3.11 or later was found on PATH: install one, or name it, "
        "as in make run PYTHON=/path/to/python3\n"
    )


def test_a_python_without_its_venv_package_and_nobody_who_may_install_it(machine):
    python = """case "$*" in
      *ensurepip*) exit 1 ;;
      *-venv*) echo python3.11-venv ;;
      --version) echo Python 3.11.2 ;;
    esac"""
    ended = machine("tools/setup.sh", python=python)
    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1
    assert "install its venv package as root" in ended.stderr
    assert "apt install python3.11-venv" in ended.stderr


def test_a_step_that_goes_well_keeps_its_words_to_itself(machine):
    ended = machine(". tools/steps.sh; step packages echo 'a hundred lines'")
    assert re.fullmatch(r"  \.\.\.    packages\n  ready  packages \d+ s\n", ended.stdout)
    assert ended.stderr == ""


def test_a_step_that_fails_shows_what_it_said(machine):
    ended = machine(". tools/steps.sh; fails() { echo no route; return 7; }; step packages fails")
    assert ended.returncode == 7
    assert ended.stderr.splitlines() == [
        "  failed packages; the last lines of build/set-up.log:",
        "no route",
    ]


def test_the_scripts_can_be_run(machine):
    for script in sorted((REPOSITORY / "tools").glob("*.sh")):
        assert machine(f"bash -n tools/{script.name}").returncode == 0
        assert os.access(script, os.X_OK) == (script.name != "steps.sh"), script.name
